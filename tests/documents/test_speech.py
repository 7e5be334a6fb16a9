"""What is said in recordings: written down stretch by stretch, with the right weights alone, and told as what it is."""

import hashlib
import json
import os
import sys
import time
from array import array
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from portfolio.documents import engines, hearing, programs, speech
from portfolio.documents.engines import Engine
from portfolio.documents.recordings.contents import Recording, Track
from portfolio.documents.redaction import apart
from portfolio.documents.redaction.plan import Plan, Swap, Why
from portfolio.documents.speech import Spoken, Word
from tests.documents.redaction.recorded import ffmpeg

RATE = hearing.RATE


class FakeModel:
    """Hears a word in the first second of whatever it is given, and how long that was."""

    def __init__(self, folder: str, **options: object) -> None:
        assert options["local_files_only"]
        self.folder = folder

    def transcribe(self, samples: "FakeSamples", **options: object) -> tuple[list[SimpleNamespace], None]:
        assert (options["word_timestamps"], options["temperature"]) == (True, 0.0)
        seconds = len(samples.data) / 2 / RATE
        words = [SimpleNamespace(start=0.25, end=0.75, word=f" {seconds:.0f}s")]
        return [SimpleNamespace(words=words), SimpleNamespace(words=None)], None


class FakeSamples:
    """As much of an array as is needed here."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def astype(self, _: str) -> "FakeSamples":
        return self

    def __truediv__(self, _: float) -> "FakeSamples":
        return self


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with weights that are known here, and packages that use them."""
    folder = tmp_path / "weights"
    folder.mkdir()
    for name in hearing.WEIGHTS:
        (folder / name).write_bytes(name.encode())
        monkeypatch.setitem(hearing.WEIGHTS, name, hashlib.sha256(name.encode()).hexdigest())
    monkeypatch.setitem(sys.modules, "faster_whisper", SimpleNamespace(WhisperModel=FakeModel))
    numpy = SimpleNamespace(frombuffer=lambda data, dtype: FakeSamples(data) if dtype == "<i2" else None)
    monkeypatch.setitem(sys.modules, "numpy", numpy)
    return folder


def sound(path: Path, seconds: float, quiet: float | None = None) -> Path:
    """Loud samples, but for a tenth of a second where that is wanted."""
    numbers = array("h", [9000, -9000] * int(seconds * RATE / 2))
    if quiet is not None:
        numbers[int(quiet * RATE) : int((quiet + 0.2) * RATE)] = array("h", bytes(int(0.2 * RATE) * 2))
    if sys.byteorder == "big":
        numbers.byteswap()
    path.write_bytes(numbers.tobytes())
    return path


def test_a_long_sound_is_heard_in_stretches_that_end_where_it_is_quiet(weights: Path, tmp_path: Path) -> None:
    samples = sound(tmp_path / "samples", 250, quiet=112.0)
    lines = list(hearing.heard(weights, samples, time.monotonic() + 60))
    first, second, last = (line["until"] for line in lines)
    assert 112.0 <= first <= 112.2
    assert 217 <= second <= 232.2
    assert last == 250.0
    assert [line["words"][0][0] for line in lines] == [round(start + 0.25, 2) for start in (0.0, first, second)]
    assert lines[0]["words"][0][2] == " 112s"


def test_no_stretch_is_begun_when_time_is_over(weights: Path, tmp_path: Path) -> None:
    assert list(hearing.heard(weights, sound(tmp_path / "samples", 3), time.monotonic() - 1)) == []


def test_other_weights_are_not_used(weights: Path, tmp_path: Path) -> None:
    (weights / "model.bin").write_bytes(b"something else")
    with pytest.raises(hearing.OtherWeights):
        next(hearing.heard(weights, sound(tmp_path / "samples", 3), time.monotonic() + 60))


def test_the_program_answers_in_lines(
    weights: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "dup2", lambda *_: None)
    assert hearing.main([str(weights), str(sound(tmp_path / "samples", 3)), "60"]) == 0
    assert json.loads(capfd.readouterr().out) == {"until": 3.0, "words": [[0.25, 0.75, " 3s"]]}


RECORDING = Recording(Path("/nowhere"), "audio/wav", (Track(0, "Audio", "pcm_s16le", 16_000),), 0)


@pytest.fixture
def recording(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Recording]:
    """Six seconds, with an engine that says what a test has it say."""
    path = tmp_path / "recording"
    path.write_bytes(b"sound")
    monkeypatch.setattr(engines, "speech", lambda: Engine("faster-whisper", "1", folder="/nowhere"))
    monkeypatch.setattr(speech, "listen", lambda _, take, **options: options and take(bytes(6 * RATE * 2)))
    yield Recording(path, RECORDING.media_type, RECORDING.tracks, 0)
    speech._written_down.clear()


def says(monkeypatch: pytest.MonkeyPatch, *lines: object, ends: Exception | None = None) -> list[float]:
    """What the program writes, and how it ends; answers how often it was asked, and for how long."""
    asked = []

    def run(command: list[str], *, seconds: float, take: object, memory_bytes: int) -> int:
        asked.append(seconds)
        assert command[2:4] == ["-m", "portfolio.documents.hearing"]
        assert memory_bytes > 0
        assert callable(take)
        take(b"".join(json.dumps(line).encode() + b"\n" for line in lines) + b'{"until": 9')
        if ends:
            raise ends
        return 0

    monkeypatch.setattr(programs, "run", run)
    return asked


def test_it_is_written_down_once(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = says(monkeypatch, {"until": 6.0, "words": [[0.5, 1.0, " Hello"]]})
    assert speech.said_in(recording) == speech.said_in(recording, seconds=1) == Spoken((Word(0.5, 1.0, " Hello"),))
    assert len(asked) == 1
    recording.path.write_bytes(b"another sound")
    speech.said_in(recording)
    assert len(asked) == 2


def test_what_was_heard_by_then_counts_when_time_is_over(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    says(monkeypatch, {"until": 3.0, "words": [[0.5, 1.0, " Hello"]]}, ends=programs.TooLong())
    assert speech.said_in(recording) == Spoken((Word(0.5, 1.0, " Hello"),), until=3.0)


def test_of_a_very_long_recording_the_end_is_left_out(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    says(monkeypatch, {"until": 6.0, "words": []})
    assert speech.said_in(recording, seconds=0.3) == Spoken((), until=6.0)


def test_a_program_that_fails_has_written_nothing_down(
    recording: Recording, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    says(monkeypatch)
    assert speech.said_in(recording) is None
    assert "gave no answer" in caplog.text
    speech._written_down.clear()
    says(monkeypatch, ends=programs.Failed())
    assert speech.said_in(recording) is None
    assert "could not be written down" in caplog.text


def test_without_an_engine_or_a_sound_there_is_nothing(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "speech", lambda: None)
    assert speech.said_in(recording) is None
    assert speech.said_in(Recording(recording.path, "video/mp4", (), 0)) == Spoken(())


def test_passages_end_with_sentences() -> None:
    words = [Word(0, 1, " One"), Word(1, 2, " two."), Word(2.2, 3, " Three."), Word(5, 6, " Four")]
    words += [Word(19, 20, " five."), Word(20.1, 21, " Six"), *(Word(22 + at, 23 + at, " and") for at in range(62))]
    passages = Spoken(tuple(words)).passages()
    assert ["".join(word.text for word in passage) for passage in passages][:3] == [
        " One two. Three.", " Four five.", " Six" + " and" * 59,
    ]  # fmt: skip
    assert sum(map(len, passages)) == len(words)


@pytest.mark.speech
@pytest.mark.skipif(engines.speech() is None or engines.ffmpeg() is None, reason="the speech extra is not installed")
def test_what_a_voice_says_is_heard_and_silenced(tmp_path: Path) -> None:
    """The program itself, with its own weights."""
    source, target = tmp_path / "source", tmp_path / "target"
    voice = "flite=text='Hello. I would like to complain about the parcel that came on Saturday.':voice=slt"
    ffmpeg("-f", "lavfi", "-i", voice, "-f", "wav", str(source))
    [said] = [text.words for text in apart.read_whole(source, "audio/wav", tmp_path).texts]
    assert "parcel" in said
    report = apart.redact(source, "audio/wav", target, Plan((Swap("parcel", "Customer A", "NAME"),)))
    assert report.counts == {"NAME": 1}
    assert [one.why for one in report.unread] == [Why.HEARD]
    assert 0.5 < report.seconds < 2
    again = "".join(text.words for text in apart.read_whole(target, "audio/wav", tmp_path).texts)
    assert "parcel" not in again
    assert "complain" in again
