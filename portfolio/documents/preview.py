"""What a preview consists of: pieces (a page, a sheet, a slide, a picture, a text) made of numbered parts in a folder.

A part is a picture that was written anew, or text as blocks in JSON. Whatever comes from the process that made it, or
from the database, is checked piece by piece.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portfolio.documents.blocks import Block
from portfolio.documents.codec import Json, Malformed, decode_text

MAX_PARTS = 600
MAX_PART_BYTES = 16 * 1000**2
_MAX_SIDE = 4000
_MAX_WORDS = 2000
_ID = re.compile(r"[a-z]{1,20}(-[0-9]{1,4}(-page-[0-9]{1,4})?)?\Z")
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
    stand in the pictures already, so they are offered beside them.
    """

    id: str
    title: str
    shots: tuple[Shot, ...] = ()
    text: int | None = None
    weight: int = 0
    is_folded: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """All pieces, a sentence on what is missing, and a small picture of the whole. Without pieces the note says why."""

    pieces: tuple[Piece, ...] = ()
    note: str = ""
    thumbnail: Shot | None = None

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
        return {shot.part for shot in self.shots()} | {piece.text for piece in self.pieces if piece.text is not None}

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
        }  # fmt: skip


def _shot_json(shot: Shot) -> list[Json]:
    return [shot.part, shot.media_type, shot.width, shot.height]


def manifest_of(value: Any) -> Manifest:
    """The manifest that `as_json` gave. Raises Malformed for anything else."""
    if not isinstance(value, dict):
        raise Malformed
    pieces, thumbnail = value.get("pieces"), value.get("thumbnail")
    if not isinstance(pieces, list) or len(pieces) > MAX_PARTS:
        raise Malformed
    read = tuple(_piece(piece) for piece in pieces)
    if len({piece.id for piece in read}) < len(read):
        raise Malformed
    return Manifest(read, _words(value.get("note")), None if thumbnail is None else _shot(thumbnail))


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


def blocks_in(part: bytes) -> tuple[Block, ...]:
    """The blocks of a part with text. Raises Malformed."""
    try:
        value = json.loads(part)
    except (ValueError, RecursionError) as error:
        raise Malformed from error
    return decode_text(value)


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
