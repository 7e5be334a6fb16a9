"""The program that writes down what is said in a sound, with the weights that are installed and no others.

Run as `python -I -m portfolio.documents.hearing FOLDER SAMPLES SECONDS` on a file of 16-bit samples, 16,000 a second.
It writes a line of JSON for each stretch of the sound, {"until": seconds, "words": [[start, end, word], ...]}, and
begins no further stretch when its time is over. Nothing is fetched from anywhere.
"""

import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from portfolio.documents.recordings.sounding import SAMPLE_BYTES, samples_in

RATE = 16_000
WEIGHTS = {
    "config.json": "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
    "model.bin": "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
    "tokenizer.json": "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
    "vocabulary.txt": "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
}
"""Whisper's smallest weights for English, file by file, with the SHA-256 of each."""
_STRETCH, _LOOK_BACK, _STEP = 120 * RATE, 15 * RATE, RATE // 10
_LOUDEST = 32_768.0


class OtherWeights(Exception):
    """The weights that are installed are not those that were tested."""


def main(arguments: list[str]) -> int:
    """Writes down a sound."""
    folder, samples, seconds = Path(arguments[0]), Path(arguments[1]), float(arguments[2])
    ends = time.monotonic() + seconds
    with os.fdopen(os.dup(1), "w", encoding="ascii") as answers:
        os.dup2(2, 1)  # what a library prints is no answer
        for line in heard(folder, samples, ends):
            answers.write(json.dumps(line) + "\n")
            answers.flush()
    return 0


def heard(folder: Path, samples: Path, ends: float) -> Iterator[dict[str, Any]]:
    """Stretch by stretch what is said. Raises OtherWeights."""
    model, numpy = _model(folder), import_module("numpy")
    at = 0
    with samples.open("rb") as source:
        data = source.read(_STRETCH * SAMPLE_BYTES)
        while data and time.monotonic() < ends:
            more = source.read(1)
            size = len(data) if not more else _quiet_moment(data)
            part = numpy.frombuffer(data[:size], dtype="<i2").astype("float32") / _LOUDEST
            words = list(_words(model, part, at / RATE))
            at += size // SAMPLE_BYTES
            yield {"until": at / RATE, "words": words}
            rest = data[size:] + more
            data = rest + source.read(max(0, _STRETCH * SAMPLE_BYTES - len(rest)))


def _model(folder: Path) -> Any:
    for name, expected in WEIGHTS.items():
        with (folder / name).open("rb") as source:
            if hashlib.file_digest(source, "sha256").hexdigest() != expected:
                raise OtherWeights
    os.environ["HF_HUB_OFFLINE"] = "1"
    whisper = import_module("faster_whisper")
    return whisper.WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=2, local_files_only=True)


def _words(model: Any, part: Any, begins: float) -> Iterator[list[float | str]]:
    segments, _ = model.transcribe(
        part,
        language="en",
        beam_size=5,
        temperature=0.0,
        condition_on_previous_text=False,
        word_timestamps=True,
    )
    for segment in segments:
        for word in segment.words or ():
            yield [round(begins + float(word.start), 2), round(begins + float(word.end), 2), str(word.word)]


def _quiet_moment(data: bytes) -> int:
    """How many bytes to take so that no word is cut: up to the quietest tenth of a second near the end."""
    samples = samples_in(data)
    starts = range(len(samples) - _LOOK_BACK, len(samples) - _STEP, _STEP)
    quietest = min(starts, key=lambda at: max(samples[at : at + _STEP]) - min(samples[at : at + _STEP]))
    return (quietest + _STEP // 2) * SAMPLE_BYTES


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
