"""A recording written anew: silent where it is to be, painted over where it is to be, and nothing but sound and moving
pictures in it. The container stays, the codec where it can; the rest is as it was heard and seen.

What is silent is listened to again: the copy is only given away when every sample there is 0.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from portfolio.documents import programs
from portfolio.documents.recordings.contents import Recording, Track, looked_into
from portfolio.documents.recordings.sounding import AS_PLAYED, FORMAT, SAMPLE_BYTES
from portfolio.documents.recordings.sources import Unplayable, command

SECONDS = 1_500.0
"""How long writing one anew may take."""
MOST_PAINTED = 500
_MARGIN, _WINDOW = 0.05, 2_304
"""Codecs let a sound reach over two of their windows, so that silence begins so much earlier and ends so much later."""
_STEP = 128
"""So many samples at a time are silenced or kept."""
_AT_ONCE = 50
"""ffmpeg takes no sum of more than a hundred terms."""
_FRAMES, _MOST_FRAMES = 30.0, 60.0
_KEPT_SAMPLES = frozenset({"pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_f64le"})
_MUXERS = {
    "audio/mpeg": ("mp3",),
    "audio/wav": ("wav",),
    "audio/mp4": ("ipod", "-movflags", "+faststart"),
    "audio/ogg": ("ogg",),
    "video/mp4": ("mp4", "-movflags", "+faststart"),
    "video/quicktime": ("mov", "-movflags", "+faststart"),
    "video/webm": ("webm",),
}
_LAME = ("libmp3lame", 64, 128, 320)
_AAC = ("aac", 64, 128, 256)
_OPUS = ("libopus", 48, 96, 256)
_NOTHING_ELSE = (
    *("-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1"),
    *("-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact"),
)


class NotSilent(Exception):
    """There is still something to hear where it was to be silent."""


class TooMuch(Exception):
    """More is to be painted over than can be said to ffmpeg."""


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when, in seconds."""

    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Patch:
    """A part of the upright picture in fractions of it, painted over for a while, or from beginning to end."""

    left: float
    top: float
    right: float
    bottom: float
    span: Span | None = None


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same time in spans that do not touch, in order."""
    whole: list[Span] = []
    for span in sorted(spans, key=lambda one: one.start):
        if whole and span.start <= whole[-1].end:
            whole[-1] = Span(whole[-1].start, max(whole[-1].end, span.end))
        else:
            whole.append(span)
    return whole


def write_anew(
    recording: Recording, target: Path, silences: Sequence[Span], patches: Sequence[Patch], *, seconds: float = SECONDS
) -> float:
    """Write the copy, and answer how many seconds of it are silent now.

    Raises Unplayable, NotSilent, TooMuch, programs.TooLong and sources.NotInstalled; what stands at the target then is
    not to be given away.
    """
    if len(patches) > MOST_PAINTED:
        raise TooMuch
    silences = joined(silences)
    asked = command(recording.path, recording.media_type)
    if recording.is_film:
        asked += ["-map", "0:V:0", "-vf", _painting(recording.pictures[0], patches)]
        asked += _picture_codec(recording)
    sounds = recording.sounds if recording.is_film else recording.sounds[:1]
    for number, track in enumerate(sounds):
        asked += ["-map", f"0:{track.number}", f"-filter:a:{number}", _silencing(track, silences)]
        asked += _sound_codec(recording, track, number, is_cut=bool(silences))
    asked += [*_NOTHING_ELSE, "-f", *_MUXERS[recording.media_type], "-y", f"file:{target.resolve()}"]
    try:
        ended = programs.run(asked, seconds=seconds)
    except programs.Failed as trouble:
        raise Unplayable from trouble
    if ended != 0 or not target.is_file():
        raise Unplayable
    copy = looked_into(target, recording.media_type)
    if len(copy.sounds) != len(sounds) or not all(track.hertz for track in copy.sounds):
        raise Unplayable
    return _checked(copy, silences, seconds)


def _silencing(track: Track, silences: Sequence[Span]) -> str:
    filters = [AS_PLAYED]
    if silences:
        filters.append(f"asetnsamples=n={_STEP}:p=0")
    margin = _MARGIN + (_WINDOW / track.hertz if track.hertz else _MARGIN)
    times = [f"between(t,{max(0.0, span.start - margin):.4f},{span.end + margin:.4f})" for span in silences]
    for at in range(0, len(times), _AT_ONCE):
        said = "+".join(times[at : at + _AT_ONCE])
        filters.append(f"volume=volume=0:precision=double:enable='{said}'")
    return ",".join(filters)


def _painting(track: Track, patches: Sequence[Patch]) -> str:
    """The side data of frames goes too: captions, time codes and what else stands there beside the picture."""
    filters = ["scale=trunc(iw/2)*2:trunc(ih/2)*2", "format=yuv420p"]
    rate = track.frames if 1 <= track.frames <= _MOST_FRAMES else _FRAMES
    if any(patch.span for patch in patches):
        filters.append(f"fps={rate:g}")
    filters += [_painted(patch, 1 / rate) for patch in patches]
    return ",".join([*filters, "sidedata=mode=delete"])


def _painted(patch: Patch, frame: float) -> str:
    left, top = f"floor(iw*{patch.left:.6f}/2)*2", f"floor(ih*{patch.top:.6f}/2)*2"
    width, height = f"ceil(iw*{patch.right:.6f}/2)*2-{left}", f"ceil(ih*{patch.bottom:.6f}/2)*2-{top}"
    said = f"drawbox=x='{left}':y='{top}':w='{width}':h='{height}':color=black:t=fill"
    if patch.span is None:
        return said
    start, end = max(0.0, patch.span.start - 2 * frame), patch.span.end + 2 * frame
    return f"{said}:enable='between(t,{start:.4f},{end:.4f})'"


def _picture_codec(recording: Recording) -> list[str]:
    if recording.media_type != "video/webm":
        return ["-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-a53cc", "0", "-threads:v", "2",
                "-bsf:v", "filter_units=remove_types=6"]  # fmt: skip
    return ["-c:v", "libvpx-vp9", "-crf", "28", "-b:v", "0", "-deadline", "realtime", "-cpu-used", "7",
            "-threads:v", "2"]  # fmt: skip


def _sound_codec(recording: Recording, track: Track, number: int, *, is_cut: bool) -> list[str]:
    """How a track is written: as it was where that is a codec of today, at much the same rate.

    After a loud moment Opus is not wholly silent for half a second, so that Vorbis stands in for it.
    """
    kind = recording.media_type
    if kind == "audio/wav":
        return [f"-c:a:{number}", track.codec if track.codec in _KEPT_SAMPLES else "pcm_s16le"]
    if kind in {"audio/mp4", "video/mp4", "video/quicktime"}:
        return [f"-c:a:{number}", "alac"] if track.codec == "alac" else _at_rate(_AAC, track, number)
    if kind == "audio/mpeg":
        return _at_rate(_LAME, track, number)
    if kind == "audio/ogg" and track.codec == "flac":
        return [f"-c:a:{number}", "flac"]
    if track.codec == "vorbis" or is_cut:
        return [f"-c:a:{number}", "libvorbis", f"-q:a:{number}", "5"]
    return _at_rate(_OPUS, track, number)


def _at_rate(codec: tuple[str, int, int, int], track: Track, number: int) -> list[str]:
    name, least, usual, most = codec
    rate = min(most, max(least, track.kilobits)) if track.kilobits else usual
    return [f"-c:a:{number}", name, f"-b:a:{number}", f"{rate}k"]


def _checked(copy: Recording, silences: Sequence[Span], seconds: float) -> float:
    """Listens to every track of the copy, and answers for how long the longest one is silent where it should be."""
    longest = 0.0
    for number, track in enumerate(copy.sounds if silences else ()):
        ear = _Ear(silences, track.hertz)
        asked = command(copy.path, copy.media_type)
        asked += ["-map", f"0:a:{number}", "-vn", "-sn", "-dn", "-af", AS_PLAYED, "-ac", "2", "-ar", str(track.hertz)]
        programs.run([*asked, "-f", FORMAT, "pipe:1"], seconds=seconds, take=ear.take)
        longest = max(longest, ear.silent)
    return longest


class _Ear:
    """Hears samples of two channels come in, and that they are 0 where nothing is to be heard."""

    def __init__(self, silences: Sequence[Span], hertz: int) -> None:
        self._rate = hertz * 2 * SAMPLE_BYTES
        self._bounds = [(self._at(span.start), self._at(span.end)) for span in silences]
        self._heard = self._silent = 0

    @property
    def silent(self) -> float:
        """How many seconds were found to be silent."""
        return self._silent / self._rate

    def take(self, part: bytes) -> None:
        """Further samples. Raises NotSilent."""
        begin, self._heard = self._heard, self._heard + len(part)
        for start, end in self._bounds:
            piece = part[max(0, start - begin) : max(0, end - begin)]
            if piece.count(0) < len(piece):
                raise NotSilent
            self._silent += len(piece)

    def _at(self, seconds: float) -> int:
        return int(seconds * self._rate) // (2 * SAMPLE_BYTES) * (2 * SAMPLE_BYTES)
