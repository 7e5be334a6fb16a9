"""Where a file is laid out for the Word book: the pieces that a preview is made of, as blocks one after the other.

Pages and pictures are written anew at reading size; the words of a page that stand in its picture are not repeated.
"""

from collections.abc import Iterable
from pathlib import Path

from PIL import Image

from portfolio.documents.blocks import Block, Extract, Heading, Picture, Table, plain, without_frame
from portfolio.documents.pictures import on_screen, written
from portfolio.documents.preview import Shot
from portfolio.documents.preview_bench import Bench, Full, cleaned, said
from portfolio.documents.preview_pictures import FORMATS, first_frame
from portfolio.documents.sniff import HEAD_BYTES, media_type_of
from portfolio.documents.xml_parts import Unreadable

HIDDEN = frozenset({"This sheet is hidden in the file.", "This slide is hidden in the file."})
LEFT_OUT = "What is hidden in the file is left out."
_TITLED = ("slide-", "attachment-", "attached")
"""Pieces that are told apart by a heading; sheets are where there are several, and pages speak for themselves."""


class BookBench(Bench):
    """A bench whose pieces become blocks."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._shown: dict[int, Picture] = {}
        self._sheets: list[tuple[str, int]] = []
        self._blocks: list[Block] = []
        self._lately = ""

    def picture(self, image: Image.Image) -> Shot:
        """A picture, made smaller where it is too large to be read on a page."""
        self.check_room()
        natural = image.size
        if max(image.size) > self.longest:
            image.thumbnail((self.longest, self.longest), Image.Resampling.LANCZOS)
        data, media_type = written(image, "image/jpeg")
        number = self.took(len(data))
        self._shown[number] = Picture(data, media_type, *on_screen(*natural))
        return Shot(number, media_type, *image.size)

    def shown(self, data: bytes) -> Picture | None:
        """A picture that stands in a text; None when it cannot be shown, or there is no more room."""
        media_type = media_type_of(data[:HEAD_BYTES], "")
        if media_type not in FORMATS:
            return None
        try:
            return self._shown.pop(self.picture(first_frame(self.workpiece(data), media_type)).part)
        except (Full, Unreadable, OSError, ValueError, SyntaxError):
            return None

    def add(self, piece_id: str, title: str, *, shots: Iterable[Shot] = (), is_folded: bool = False,
            extract: Extract | None = None, note: str = "") -> None:  # fmt: skip
        """A further piece, unless it is hidden in its file. Of what is attached only the first piece has a heading."""
        if note in HIDDEN:
            self.note(LEFT_OUT)
            return
        self._tell(piece_id, title)
        if extract is not None and not is_folded:
            is_sheet = piece_id.startswith("sheet-")
            self._blocks += [cleaned(_bare(block) if is_sheet else block) for block in extract.blocks]
        self._blocks += [self._shown.pop(shot.part) for shot in shots]
        self.note(note)
        if extract is not None and not is_folded:
            self.note(extract.note)

    def extract(self) -> Extract:
        """What was laid out, and what is missing from it."""
        if len(self._sheets) > 1:
            for title, place in reversed(self._sheets):
                self._blocks.insert(place, Heading(1, plain(title)))
        return Extract(tuple(self._blocks), self.noted)

    def _tell(self, piece_id: str, title: str) -> None:
        if piece_id.startswith("sheet-"):
            self._sheets.append((said(title), len(self._blocks)))
        elif piece_id.startswith(_TITLED):
            about, _, page = piece_id.partition("-page-")
            if about != self._lately:
                whole = title.removesuffix(f", page {page}").removesuffix(f", part {page}") if page else title
                self._blocks.append(Heading(1, plain(said(whole))))
            self._lately = about


def _bare(block: Block) -> Block:
    return without_frame(block) if isinstance(block, Table) else block
