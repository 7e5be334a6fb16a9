"""What a recording is made of, as ffmpeg tells it: its tracks, and whatever words it carries beside its sound."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from portfolio.documents import programs
from portfolio.documents.recordings.sources import Unplayable, command

SECONDS = 30
_MOST_TOLD = 4_000_000
_MOST_ASKED = 12
"""Of so many tracks what each says of itself is asked for."""
_TRACK = re.compile(
    r"^  Stream #0:(?P<number>\d+)(?:\[[^\]]*\])?(?:\([^)]*\))?: "
    r"(?P<kind>Audio|Video|Subtitle|Data|Attachment): (?P<codec>\w+)(?P<rest>.*)$",
    re.MULTILINE,
)
_LENGTH = re.compile(r"^  Duration: (?P<hours>\d{2,3}):(?P<minutes>\d\d):(?P<seconds>\d\d\.\d+)", re.MULTILINE)
_CHAPTER = re.compile(r"^    Chapter #0:\d+: start ", re.MULTILINE)
_LOGICAL_LINE = re.compile(r"(?:\\.|[^\\\n])+", re.DOTALL)
_NAME = re.compile(r"(?P<name>(?:\\.|[^\\=])*)=(?P<words>.*)", re.DOTALL)
_OF_THE_FORMAT = frozenset(
    {"compatible_brands", "duration", "encoder", "language", "major_brand", "minor_version", "vendor_id"}
)
"""What says nothing about anybody."""
_MOST_OF_THE_FORMAT = 40
_HANDLERS = frozenset({"SoundHandler", "VideoHandler", "SubtitleHandler", "DataHandler", "Core Media Audio",
                       "Core Media Video", "Core Media Metadata", "SoundHandle", "VideoHandle"})  # fmt: skip
_CUE = re.compile(r"^\d+\r?\n[\d:,. >-]+-->[\d:,. ]+.*$", re.MULTILINE)
_TAG = re.compile(r"<[^<>\n]{1,200}>|\{\\[^{}\n]{1,200}\}")


@dataclass(frozen=True, slots=True)
class Track:
    """One track; figures that are not told are 0. `is_cover`: a picture that stands for the whole."""

    number: int
    kind: str
    codec: str
    hertz: int = 0
    kilobits: int = 0
    frames: float = 0.0
    is_cover: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """Words that a recording carries: by which name, and whether that is the name of a chapter."""

    name: str
    words: str
    is_chapter: bool = False


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording that can be opened. `seconds` is how long it says that it is, 0 where it does not."""

    path: Path
    media_type: str
    tracks: tuple[Track, ...]
    chapters: int
    seconds: float = 0.0

    @property
    def sounds(self) -> tuple[Track, ...]:
        """Its sound tracks."""
        return tuple(track for track in self.tracks if track.kind == "Audio")

    @property
    def pictures(self) -> tuple[Track, ...]:
        """Its moving pictures."""
        return tuple(track for track in self.tracks if track.kind == "Video" and not track.is_cover)

    @property
    def is_film(self) -> bool:
        """Whether it is watched rather than only listened to: a sound file's pictures are seen by nobody."""
        return self.media_type.startswith("video/") and bool(self.pictures)


def looked_into(path: Path, media_type: str) -> Recording:
    """Raises NotInstalled, and Unplayable when it cannot be opened or has nothing to hear or see."""
    told = _output(command(path, media_type, level="info"), with_complaints=True)
    tracks = tuple(_track(found) for found in _TRACK.finditer(told))
    recording = Recording(path, media_type, tracks, len(_CHAPTER.findall(told)), _length(told))
    if not recording.sounds and not recording.is_film:
        raise Unplayable
    return recording


def words_carried(recording: Recording) -> Iterator[Said]:
    """What it says of itself, of its tracks and its chapters. What says nothing about anybody is left out."""
    base = command(recording.path, recording.media_type)
    asked = ["-map_metadata:g", "0:g"]
    yield from _details(_output([*base, *asked, "-f", "ffmetadata", "pipe:1"]))
    for track in recording.tracks[:_MOST_ASKED]:
        asked = ["-map_metadata:g", f"0:s:{track.number}", "-map_chapters", "-1"]
        yield from _details(_output([*base, *asked, "-f", "ffmetadata", "pipe:1"]))


def subtitles(recording: Recording) -> Iterator[str]:
    """The words of each track of subtitles that has words."""
    base = command(recording.path, recording.media_type)
    for track in recording.tracks:
        if track.kind == "Subtitle":
            told = _output([*base, "-map", f"0:{track.number}", "-f", "srt", "pipe:1"])
            if words := _TAG.sub("", _CUE.sub("", told)).strip():
                yield words


def _output(asked: list[str], *, with_complaints: bool = False) -> str:
    try:
        return programs.output(asked, seconds=SECONDS, most=_MOST_TOLD, with_complaints=with_complaints)
    except (programs.TooLong, programs.Failed) as trouble:
        raise Unplayable from trouble


def _track(found: re.Match[str]) -> Track:
    rest = found["rest"]
    return Track(
        number=int(found["number"]),
        kind=found["kind"],
        codec=found["codec"],
        hertz=int(_figure(rest, r"(\d{1,7}) Hz")),
        kilobits=int(_figure(rest, r"(\d{1,7}) kb/s")),
        frames=_figure(rest, r"([\d.]{1,9}) fps"),
        is_cover="(attached pic)" in rest,
    )


def _length(told: str) -> float:
    found = _LENGTH.search(told)
    if found is None:
        return 0.0
    return int(found["hours"]) * 3600 + int(found["minutes"]) * 60 + float(found["seconds"])


def _figure(text: str, pattern: str) -> float:
    found = re.search(pattern, text)
    try:
        return float(found[1]) if found else 0.0
    except ValueError:
        return 0.0


def _details(told: str) -> Iterator[Said]:
    """The pairs of a text in ffmpeg's own format for details."""
    is_chapter = False
    for line in _LOGICAL_LINE.findall(told):
        if line.startswith("["):
            is_chapter = line == "[CHAPTER]"
        elif not line.startswith(";") and (pair := _NAME.fullmatch(line)):
            name, words = (re.sub(r"\\(.)", r"\1", part, flags=re.DOTALL) for part in pair.groups())
            if is_chapter and name in {"TIMEBASE", "START", "END"}:
                continue
            if words.strip() and words not in _HANDLERS and not _is_of_the_format(name, words):
                yield Said(name, words, is_chapter)


def _is_of_the_format(name: str, words: str) -> bool:
    return name.lower() in _OF_THE_FORMAT and len(words) <= _MOST_OF_THE_FORMAT
