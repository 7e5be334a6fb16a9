"""How a recording sounds: its samples as they are played, and how loud it is from its beginning to its end."""

import sys
from array import array
from collections.abc import Callable
from itertools import pairwise

from portfolio.documents import programs
from portfolio.documents.recordings.contents import Recording
from portfolio.documents.recordings.sources import Unplayable, command

PEAKS = 800
AS_PLAYED = "aresample=async=1:first_pts=0"
"""Gaps in a recording are filled, so that every moment stands where players have it."""
SAMPLE_BYTES = 2
_LOUDEST = 32_768
_MOST_PEAK = 255
_RATE, _STEP = 8_000, 80
_LONGEST = 24 * 3600.0
FORMAT = "s16le"


def listen(
    recording: Recording,
    take: Callable[[bytes], object],
    *,
    rate: int,
    seconds: float,
    most: float | None = None,
    track: int = 0,
) -> None:
    """Hands over the sound of a track as 16-bit samples, low byte first, all channels in one, at a rate.

    `seconds` is how long that may take, `most` how much of the recording is wanted. Raises Unplayable, TooLong and
    NotInstalled.
    """
    asked = command(recording.path, recording.media_type, seconds=most)
    asked += ["-map", f"0:a:{track}", "-vn", "-sn", "-dn", "-af", AS_PLAYED, "-ac", "1", "-ar", str(rate)]
    heard = False

    def heed(part: bytes) -> None:
        nonlocal heard
        heard = True
        take(part)

    try:
        programs.run([*asked, "-f", FORMAT, "pipe:1"], seconds=seconds, take=heed)
    except programs.Failed as trouble:
        raise Unplayable from trouble
    if not heard:
        raise Unplayable


def samples_in(data: bytes) -> "array[int]":
    """16-bit samples with the low byte first, as numbers."""
    samples = array("h", data)
    if sys.byteorder == "big":
        samples.byteswap()
    return samples


class Loudness:
    """How loud a sound is, step by step, while its samples come in."""

    def __init__(self) -> None:
        self._steps = array("H")
        self._left = b""

    @property
    def seconds(self) -> float:
        """How long it is so far."""
        samples = len(self._steps) * _STEP + len(self._left) // SAMPLE_BYTES
        return samples / _RATE

    def take(self, part: bytes) -> None:
        """Further samples."""
        data = self._left + part
        whole = len(data) - len(data) % (_STEP * SAMPLE_BYTES)
        samples = samples_in(data[:whole])
        self._left = data[whole:]
        for at in range(0, len(samples), _STEP):
            step = samples[at : at + _STEP]
            high, low = max(step), min(step)
            self._steps.append(max(high, -low))

    def wait(self, until: float) -> None:
        """Nothing is heard any more until then."""
        missing = int(min(until, _LONGEST) * _RATE / _STEP) - len(self._steps)
        if missing > 0:
            self._left = b""
            self._steps.extend([0] * missing)

    def peaks(self) -> tuple[int, ...]:
        """The loudest moment of each of so many equal stretches, 255 for the loudest there can be."""
        count = min(PEAKS, len(self._steps))
        bounds = [len(self._steps) * number // count for number in range(count + 1)] if count else []
        loudest = (max(self._steps[start:end]) for start, end in pairwise(bounds))
        return tuple(min(_MOST_PEAK, peak * _MOST_PEAK // _LOUDEST) for peak in loudest)


def loudness_of(recording: Recording, *, seconds: float) -> Loudness:
    """How loud the first sound track is, to the end of what is to be seen. Raises as `listen` does."""
    loudness = Loudness()
    if recording.sounds:
        listen(recording, loudness.take, rate=_RATE, seconds=seconds)
    if recording.is_film:
        loudness.wait(recording.seconds)
    return loudness
