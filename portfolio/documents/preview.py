"""What a preview consists of: pieces (a page, a sheet, a slide, a picture, a text) made of numbered parts in a folder.

A part is a picture that was written anew, text as blocks in JSON, or how a recording sounds. Whatever comes from the
process that made it, or from the database, is checked piece by piece.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portfolio.documents.blocks import Block
from portfolio.documents.codec import Json, Malformed, decode_text, seconds_in
from portfolio.documents.redaction.plan import Unread, Why

FORMAT = 3
"""Previews of today also hold what the Word book shows of a file; those of format 2 said what is inside it and not seen
when it is opened, and older ones have no number. To be raised whenever a book would show a file otherwise.
"""
UNSEEN = "unseen-"
SAID_PIECE = "said"
MAX_PARTS = 600
MAX_PART_BYTES = 16 * 1000**2
MAX_READY_BYTES = 48 * 1000**2
_MAX_SIDE = 4000
_MAX_WORDS = 2000
_MAX_LISTED = 2000
_MAX_PEAKS, _MAX_PEAK = 1000, 255
_MAX_SPOKEN = 200_000
_ID = re.compile(r"[a-z]{1,20}(-[0-9]{1,4}(-page-[0-9]{1,4})?)?\Z")
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_STARTS = {"image/webp": b"RIFF", "image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture that was written anew: the number of its part, its kind, and its size in pixels."""

    part: int
    media_type: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Piece:
    """One stretch of a file under a name that stays, such as `page-3`.

    `text` is the number of the part with its blocks, `weight` how many characters they have. `is_folded`: the words
    stand in the pictures already, so they are offered beside them; or nobody sees them who opens the file, see
    `is_unseen`.
    """

    id: str
    title: str
    shots: tuple[Shot, ...] = ()
    text: int | None = None
    weight: int = 0
    is_folded: bool = False
    note: str = ""

    @property
    def is_unseen(self) -> bool:
        """Whether it is what a file holds beside what its preview shows."""
        return self.id.startswith(UNSEEN)


@dataclass(frozen=True, slots=True)
class Inside:
    """What a file was found to hold when all of it was read, seen or not.

    `gone`: what a redacted copy would not have any more, a few plain words each. `unread`: what of it could not be
    read, or only by a program that misses some. `note`: why not all of it was read at all, empty when it was.
    """

    gone: tuple[str, ...] = ()
    unread: tuple[Unread, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sound:
    """How a recording goes: its length, how loud it is from its beginning to its end (0 to 255), and the words that
    are said with the seconds from which and to which.
    """

    seconds: float
    peaks: tuple[int, ...] = ()
    words: tuple[tuple[float, float, str], ...] = ()

    def as_json(self) -> dict[str, Json]:
        """For its part."""
        return {"seconds": self.seconds, "peaks": list(self.peaks), "words": [list(word) for word in self.words]}


@dataclass(frozen=True, slots=True)
class Ready:
    """Where that stands which the Word book shows of a file: the number of its part, and the part's SHA-256."""

    part: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """All pieces, a sentence on what is missing, and a small picture of the whole. Without pieces the note says why.

    `inside` is None where nobody tried to read all of the file, as in an older release; `sound` is the number of the
    part that says how a recording goes; `ready` is None where a book has to read the file itself.
    """

    pieces: tuple[Piece, ...] = ()
    note: str = ""
    thumbnail: Shot | None = None
    inside: Inside | None = None
    sound: int | None = None
    ready: Ready | None = None

    @property
    def has_parts(self) -> bool:
        """Whether there is anything but notes."""
        return bool(self.pieces) or self.sound is not None

    def shots(self) -> Iterator[Shot]:
        """Every picture."""
        for piece in self.pieces:
            yield from piece.shots
        if self.thumbnail is not None:
            yield self.thumbnail

    def shot(self, part: int) -> Shot | None:
        """The picture with this part's number."""
        return next((shot for shot in self.shots() if shot.part == part), None)

    def parts(self) -> set[int]:
        """The numbers of all parts."""
        others = {self.sound, self.ready.part if self.ready else None, *(piece.text for piece in self.pieces)}
        return {shot.part for shot in self.shots()} | {part for part in others if part is not None}

    def as_json(self) -> dict[str, Json]:
        """For the pipe and for the database."""
        return {
            "pieces": [
                [piece.id, piece.title, [_shot_json(shot) for shot in piece.shots], piece.text, piece.weight,
                 piece.is_folded, piece.note]
                for piece in self.pieces
            ],
            "note": self.note,
            "thumbnail": None if self.thumbnail is None else _shot_json(self.thumbnail),
            "inside": None if self.inside is None else _inside_json(self.inside),
            "sound": self.sound,
            "ready": None if self.ready is None else [self.ready.part, self.ready.sha256],
            "format": FORMAT,
        }  # fmt: skip


def _inside_json(inside: Inside) -> Json:
    return [list(inside.gone), [[one.place, one.why.value] for one in inside.unread], inside.note]


def _shot_json(shot: Shot) -> list[Json]:
    return [shot.part, shot.media_type, shot.width, shot.height]


def manifest_of(value: Any) -> Manifest:
    """The manifest that `as_json` gave. Raises Malformed for anything else."""
    if not isinstance(value, dict):
        raise Malformed
    pieces, thumbnail, sound, ready = (value.get(name) for name in ("pieces", "thumbnail", "sound", "ready"))
    if not isinstance(pieces, list) or len(pieces) > MAX_PARTS:
        raise Malformed
    read = tuple(_piece(piece) for piece in pieces)
    if len({piece.id for piece in read}) < len(read):
        raise Malformed
    return Manifest(
        read,
        _words(value.get("note")),
        None if thumbnail is None else _shot(thumbnail),
        _inside(value.get("inside")),
        None if sound is None else _number(sound, MAX_PARTS),
        None if ready is None else ready_of(ready),
    )


def ready_of(value: Any) -> Ready:
    """Where that stands which the book shows, as the manifest's JSON says it. Raises Malformed."""
    if not isinstance(value, list) or len(value) != 2:
        raise Malformed
    part, sha256 = value
    if not isinstance(sha256, str) or not _SHA256.match(sha256):
        raise Malformed
    return Ready(_number(part, MAX_PARTS), sha256)


def check_parts(manifest: Manifest, folder: Path) -> None:
    """Keep just the parts that the manifest names. Raises Malformed when one is not what it is said to be."""
    named = {str(part) for part in manifest.parts()}
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            raise Malformed
        if path.name not in named or path.is_symlink() or path.stat().st_size > MAX_PART_BYTES:
            path.unlink()
    if {path.name for path in folder.iterdir()} != named:
        raise Malformed
    for shot in manifest.shots():
        with (folder / str(shot.part)).open("rb") as source:
            if not source.read(12).startswith(_STARTS[shot.media_type]):
                raise Malformed
    for piece in manifest.pieces:
        if piece.text is not None:
            blocks_in((folder / str(piece.text)).read_bytes())
    if manifest.sound is not None:
        sound_in((folder / str(manifest.sound)).read_bytes())


def blocks_in(part: bytes) -> tuple[Block, ...]:
    """The blocks of a part with text. Raises Malformed."""
    try:
        value = json.loads(part)
    except (ValueError, RecursionError) as error:
        raise Malformed from error
    return decode_text(value)


def sound_in(part: bytes) -> Sound:
    """How a recording goes, from the part that says so. Raises Malformed."""
    try:
        value = json.loads(part)
        seconds, peaks, words = value["seconds"], value["peaks"], value["words"]
        spoken = tuple((seconds_in(start), seconds_in(end), _words(said)) for start, end, said in words)
    except (ValueError, RecursionError, KeyError, TypeError) as error:
        raise Malformed from error
    if not isinstance(peaks, list) or len(peaks) > _MAX_PEAKS or len(spoken) > _MAX_SPOKEN:
        raise Malformed
    return Sound(seconds_in(seconds), tuple(_number(peak, _MAX_PEAK) for peak in peaks), spoken)


def _inside(value: Any) -> Inside | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 3 or not all(isinstance(one, list) for one in value[:2]):
        raise Malformed
    gone, unread, note = value
    if len(gone) + len(unread) > _MAX_LISTED:
        raise Malformed
    return Inside(tuple(_words(one) for one in gone), tuple(_unread(one) for one in unread), _words(note))


def _unread(value: Any) -> Unread:
    try:
        place, why = value
        return Unread(_words(place), Why(why))
    except (TypeError, ValueError) as error:
        raise Malformed from error


def _piece(value: Any) -> Piece:
    if not isinstance(value, list) or len(value) != 7:
        raise Malformed
    name, title, shots, text, weight, is_folded, note = value
    if not isinstance(name, str) or not _ID.match(name) or not isinstance(shots, list):
        raise Malformed
    return Piece(
        name,
        _words(title),
        tuple(_shot(shot) for shot in shots),
        None if text is None else _number(text, MAX_PARTS),
        _number(weight, 2**40),
        is_folded is True,
        _words(note),
    )


def _shot(value: Any) -> Shot:
    if not isinstance(value, list) or len(value) != 4 or value[1] not in _STARTS:
        raise Malformed
    width, height = _number(value[2], _MAX_SIDE), _number(value[3], _MAX_SIDE)
    return Shot(_number(value[0], MAX_PARTS), value[1], max(1, width), max(1, height))


def _number(value: Any, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise Malformed
    return value


def _words(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _MAX_WORDS:
        raise Malformed
    return value
