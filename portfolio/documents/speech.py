"""What is said in a recording, written down word by word with its times, where a program for that is installed.

It is written down once for as long as this process lives: a preview and the reading that follows share it.
"""

import json
import logging
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from portfolio.documents import engines, programs
from portfolio.documents.hearing import RATE
from portfolio.documents.recordings.contents import Recording
from portfolio.documents.recordings.sounding import SAMPLE_BYTES, listen
from portfolio.documents.recordings.sources import Unplayable

SECONDS = 780.0
"""How long writing down may take where nobody waits."""
_MOST_SPEED = 20
"""No more of a recording is taken on than could be written down if so many seconds of it took one."""
_ROUNDED = 0.5
_GRACE = 10
_MEMORY_BYTES = 1_800 * 1000**2
_PAUSE, _LONG, _TOO_LONG = 1.0, 12.0, 60.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is said, in seconds of the recording; a space stands before it where one belongs there."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was written down. `until`: so far was listened; None when that is the end."""

    words: tuple[Word, ...]
    until: float | None = None

    def passages(self) -> list[tuple[Word, ...]]:
        """The words in passages, which end with a sentence as long as that comes soon."""
        passages: list[list[Word]] = []
        for word in self.words:
            if not passages or _begins_anew(passages[-1], word):
                passages.append([])
            passages[-1].append(word)
        return [tuple(passage) for passage in passages]


_written_down: dict[tuple[str, int, int], Spoken | None] = {}


def said_in(recording: Recording, *, seconds: float = SECONDS) -> Spoken | None:
    """None where no program is installed that writes it down, or where it fails; nothing is said without a sound."""
    if not recording.sounds:
        return Spoken(())
    about = recording.path.stat()
    known = (str(recording.path), about.st_size, about.st_mtime_ns)
    if known not in _written_down:
        _written_down.clear()
        _written_down[known] = _write_down(recording, seconds)
    return _written_down[known]


def _write_down(recording: Recording, seconds: float) -> Spoken | None:
    engine = engines.speech()
    if engine is None:
        return None
    most, ends = seconds * _MOST_SPEED, time.monotonic() + seconds
    with TemporaryDirectory() as folder:
        samples = Path(folder) / "samples"
        try:
            with samples.open("wb") as target:
                listen(recording, target.write, rate=RATE, seconds=seconds, most=most)
            length = samples.stat().st_size / SAMPLE_BYTES / RATE
            lines = _lines(engine.folder, samples, max(1.0, ends - time.monotonic()))
        except (Unplayable, programs.TooLong, programs.Failed, OSError):
            log.warning("what is said in a recording could not be written down", exc_info=True)
            return None
    if not lines:
        log.warning("the program that writes down what is said gave no answer")
        return None
    until = float(lines[-1]["until"])
    is_whole = until >= length - _ROUNDED and length < most - _ROUNDED
    words = tuple(Word(float(start), float(end), str(text)) for line in lines for start, end, text in line["words"])
    return Spoken(words, None if is_whole else until)


def _lines(folder: str, samples: Path, seconds: float) -> list[Any]:
    """What the program wrote until its time was over."""
    told = bytearray()
    asked = [sys.executable, "-I", "-m", "portfolio.documents.hearing", folder, str(samples), str(seconds)]
    with suppress(programs.TooLong):
        programs.run(asked, seconds=seconds + _GRACE, take=told.extend, memory_bytes=_MEMORY_BYTES)
    whole, _, _ = bytes(told).rpartition(b"\n")
    return [json.loads(line) for line in whole.splitlines()]


def _begins_anew(passage: Sequence[Word], word: Word) -> bool:
    length, pause = word.start - passage[0].start, word.start - passage[-1].end
    is_ended = passage[-1].text.rstrip().endswith((".", "?", "!"))
    return length > _TOO_LONG or (is_ended and (length > _LONG or pause > _PAUSE))
