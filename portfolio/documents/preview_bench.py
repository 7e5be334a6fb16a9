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
from portfolio.documents.preview import MAX_PARTS, Manifest, Piece, Shot

EMPTY = "There is nothing in it that can be shown."
SECONDS = 20
"""After this long no further piece is begun."""
_MAX_BYTES = 60 * 1000**2
_LONGEST = 1800
_THUMBNAIL = 240
_QUALITY = 84
_SPEED = 2
_TITLE = 200
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U0001fffe\U0001ffff]")
"""What has no place in a page: control characters, halves of characters, and what is no character at all."""


class Full(Exception):
    """There is no room for another part, or no time."""


class Bench:
    """A folder of parts in the making, and the pieces so far."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ends = time.monotonic() + SECONDS
        self._count = 0
        self._bytes = 0
        self._pieces: list[Piece] = []
        self._notes: list[str] = []
        self._thumbnail: Shot | None = None

    def check_room(self) -> None:
        """Raises Full when nothing more goes in."""
        if self._count >= MAX_PARTS - 2 or self._bytes >= _MAX_BYTES or time.monotonic() > self._ends:
            raise Full

    def picture(self, image: Image.Image) -> Shot:
        """A picture, written anew and made smaller where it is too large; the first one is the thumbnail as well."""
        self.check_room()
        if max(image.size) > _LONGEST:
            image.thumbnail((_LONGEST, _LONGEST), Image.Resampling.LANCZOS)
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

    def note(self, sentence: str) -> None:
        """A sentence on the whole, said once."""
        if sentence and sentence not in self._notes:
            self._notes.append(sentence)

    def workpiece(self, data: bytes) -> Path:
        """Bytes as a file that another reader can open; it does not become a part."""
        path = self._folder / "workpiece"
        path.write_bytes(data)
        return path

    def finished(self) -> Manifest:
        """What was put together."""
        return Manifest(tuple(self._pieces), said(" ".join(self._notes), 1900), self._thumbnail)

    def _written(self, image: Image.Image) -> Shot:
        number = self._count
        path = self._folder / str(number)
        image.save(path, "WEBP", quality=_QUALITY, method=_SPEED)
        self._count += 1
        self._bytes += path.stat().st_size
        return Shot(number, "image/webp", *image.size)

    def _kept(self, data: bytes) -> int:
        self.check_room()
        number = self._count
        (self._folder / str(number)).write_bytes(data)
        self._count += 1
        self._bytes += len(data)
        return number


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
