"""Where a preview is put together: pictures are written anew without what they carried, and text is cleaned.

There is an end to everything: to parts, to bytes, to characters and to time.
"""

import json
import re
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from PIL import Image

from portfolio.documents.blocks import (
    Block,
    Card,
    CodeBlock,
    Extract,
    Heading,
    ListItem,
    Paragraph,
    Quote,
    Run,
    Table,
    text_of,
)
from portfolio.documents.codec import encoded_text
from portfolio.documents.preview import MAX_PARTS, Inside, Manifest, Piece, Shot, Sound

EMPTY = "There is nothing in it that can be shown."
SECONDS = 20
"""After this long no further piece is begun, unless more time is given."""
_MAX_BYTES = 60 * 1000**2
LONGEST = 1800
_THUMBNAIL = 240
_QUALITY = 84
_SPEED = 2
_TITLE = 200
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U0001fffe\U0001ffff]")
"""What has no place in a page: control characters, halves of characters, and what is no character at all."""


class Full(Exception):
    """There is no room for another part, or no time."""


class Bench:
    """A folder of parts in the making, and the pieces so far: none, or those of a preview that is gone on with."""

    def __init__(self, folder: Path, begun: Manifest | None = None, *, seconds: int | None = None) -> None:
        begun = begun or Manifest()
        self._folder = folder
        self._ends = time.monotonic() + (SECONDS if seconds is None else seconds)
        self._count = max(begun.parts(), default=-1) + 1
        self._bytes = sum((folder / str(part)).stat().st_size for part in begun.parts())
        self._workpieces = 0
        self._pieces = list(begun.pieces)
        self._notes = [begun.note] if begun.note else []
        self._thumbnail = begun.thumbnail
        self._sound = begun.sound
        self._inside = begun.inside

    longest = LONGEST
    """How many pixels a picture has at most on its longer side."""

    @property
    def is_late(self) -> bool:
        """Whether the time is over, so that something may be missing that another time is there."""
        return time.monotonic() > self._ends

    @property
    def noted(self) -> str:
        """What is said of the whole."""
        return said(" ".join(self._notes), 1900)

    def took(self, size: int) -> int:
        """Room for a part of so many bytes is taken; answers its number."""
        self._count += 1
        self._bytes += size
        return self._count - 1

    def check_room(self) -> None:
        """Raises Full when nothing more goes in."""
        if self._count >= MAX_PARTS - 2 or self._bytes >= _MAX_BYTES or self.is_late:
            raise Full

    def picture(self, image: Image.Image) -> Shot:
        """A picture, written anew and made smaller where it is too large; the first one is the thumbnail as well."""
        self.check_room()
        if max(image.size) > self.longest:
            image.thumbnail((self.longest, self.longest), Image.Resampling.LANCZOS)
        shot = self._written(image)
        if self._thumbnail is None:
            small = image.copy()
            small.thumbnail((_THUMBNAIL, _THUMBNAIL))
            self._thumbnail = self._written(small)
        return shot

    def add(self, piece_id: str, title: str, *, shots: Iterable[Shot] = (), is_folded: bool = False,
            extract: Extract | None = None, note: str = "") -> None:  # fmt: skip
        """A further piece with its pictures and its text."""
        text, weight = None, 0
        if extract is not None:
            note = " ".join(filter(None, (note, extract.note)))
            if extract.blocks:
                blocks = [cleaned(block) for block in extract.blocks]
                text, weight = self._kept(json.dumps(encoded_text(blocks)).encode()), sum(map(weight_of, blocks))
        shots = tuple(shots)
        note = note or ("" if shots or text is not None else EMPTY)
        self._pieces.append(Piece(piece_id, said(title), shots, text, weight, is_folded, said(note, 1000)))

    def heard(self, sound: Sound) -> None:
        """How a recording goes."""
        self._sound = self._kept(json.dumps(sound.as_json()).encode())

    def found(self, inside: Inside) -> None:
        """What the file was found to hold when all of it was read."""
        unread = tuple(replace(one, place=said(one.place)) for one in inside.unread)
        self._inside = Inside(tuple(said(one) for one in inside.gone), unread, said(inside.note))

    def note(self, sentence: str) -> None:
        """A sentence on the whole, said once."""
        if sentence and sentence not in self._notes:
            self._notes.append(sentence)

    def workpiece(self, data: bytes) -> Path:
        """Bytes as a file that another reader can open; it does not become a part."""
        self._workpieces += 1
        path = self._folder / f"workpiece-{self._workpieces}"
        path.write_bytes(data)
        return path

    def finished(self) -> Manifest:
        """What was put together."""
        return Manifest(tuple(self._pieces), self.noted, self._thumbnail, self._inside, self._sound)

    def _written(self, image: Image.Image) -> Shot:
        path = self._folder / str(self._count)
        image.save(path, "WEBP", quality=_QUALITY, method=_SPEED)
        return Shot(self.took(path.stat().st_size), "image/webp", *image.size)

    def _kept(self, data: bytes) -> int:
        self.check_room()
        (self._folder / str(self._count)).write_bytes(data)
        return self.took(len(data))


def fit(text: str) -> str:
    """The text without what has no place in a page."""
    return _UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\x0c", "\n"))


def said(text: str, most: int = _TITLE) -> str:
    """A short text on one line."""
    folded = " ".join(fit(text).split())
    return folded if len(folded) <= most else f"{folded[: most - 1]}…"


def _runs(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    return tuple(replace(run, text=fit(run.text), link=_address(run.link)) for run in runs)


def _address(link: str | None) -> str | None:
    return link if link and link.isprintable() and link.isascii() and len(link) <= _TITLE * 10 else None


def cleaned(block: Block) -> Block:
    """The same block, fit for a page."""
    match block:
        case Heading() | Paragraph() | ListItem() | Quote():
            return replace(block, runs=_runs(block.runs))
        case CodeBlock(text):
            return CodeBlock(fit(text))
        case Table(rows):
            return Table(tuple(tuple(_runs(cell) for cell in row) for row in rows))
        case Card():
            return replace(block, name=said(block.name), reason=said(block.reason))
        case _:
            return block


def weight_of(block: Block) -> int:
    """How many characters a block has, and one for each of its cells."""
    match block:
        case Heading(runs=runs) | Paragraph(runs=runs) | ListItem(runs=runs) | Quote(runs=runs):
            return len(text_of(runs)) + 1
        case CodeBlock(text):
            return len(text) + 1
        case Table(rows):
            return sum(len(text_of(cell)) + 1 for row in rows for cell in row)
        case _:
            return 1
