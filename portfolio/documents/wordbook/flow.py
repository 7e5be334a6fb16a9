"""Blocks of evidence as paragraphs, lists, tables and pictures of the book.

Headings never jump a level, whatever the evidence had; every table repeats its first row; every picture has words.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from portfolio.documents.blocks import (
    Block,
    Card,
    CodeBlock,
    Heading,
    ListItem,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Run,
    Table,
    text_of,
)
from portfolio.documents.wordbook.desk import Desk
from portfolio.documents.wordbook.markup import (
    CELL_END,
    SPACER,
    TABLE_END,
    cell_starts,
    flat,
    paragraph,
    row,
    run,
    run_cell,
    table,
    table_start,
    text_cell,
    text_xml,
    words,
)
from portfolio.documents.wordbook.measures import Columns, is_tall
from portfolio.documents.wordbook.styles import HAIRLINE, PORTRAIT, Page

Piece = str | Page
"""XML of the book; a page between says that what follows stands on pages of that kind."""

_DEEPEST = 6
_MAX_LEVEL = 8
_SHORT = 12
_KINDS = {"audio": "Sound recording ({})", "video": "Film ({})"}
_LETTER_WITHIN = 200
_FROM_RIGHT = "<w:bidi/>"
_FRAME = f'<a:ln w="6350"><a:solidFill><a:srgbClr val="{HAIRLINE}"/></a:solidFill></a:ln>'
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"


def runs_xml(desk: Desk, runs: Iterable[Run]) -> str:
    """Runs with their looks and links."""
    return "".join([_run(desk, r) for r in runs])


def is_plain(runs: Sequence[Run]) -> bool:
    """Whether it is one run without any look."""
    if len(runs) != 1:
        return False
    only = runs[0]
    return not (only.bold or only.italic or only.code or only.link)


def _run(desk: Desk, piece: Run) -> str:
    is_turned = not piece.text.isascii() and is_from_right(piece.text)
    if not (piece.bold or piece.italic or piece.code or piece.link or is_turned):
        return f"<w:r>{text_xml(piece.text)}</w:r>"
    key = desk.link(piece.link) if piece.link else None
    style = "Hyperlink" if key else "CodeRun" if piece.code else ""
    look = (
        (f'<w:rStyle w:val="{style}"/>' if style else "")
        + ("<w:b/><w:bCs/>" if piece.bold else "")
        + ("<w:i/><w:iCs/>" if piece.italic else "")
        + ("<w:rtl/>" if is_turned else "")
    )
    inside = f"<w:r><w:rPr>{look}</w:rPr>{text_xml(piece.text)}</w:r>"
    return f'<w:hyperlink r:id="{key}" w:history="1">{inside}</w:hyperlink>' if key else inside


class Flow:
    """Writes the blocks of one piece of evidence that stands under a heading of level `under`.

    `place` names the piece in numbers of drawings and in the words for its pictures and tables. Pages stand upright
    unless a table is too wide for that.
    """

    def __init__(self, desk: Desk, *, under: int, place: str, ordinal: int = 0) -> None:
        self._desk = desk
        self._under = under
        self._last = under
        self._place = place
        self._key = f"{place} {ordinal}"
        self._lists: dict[int, int] = {}
        self._pictures = 0
        self._has_several = False
        self._page = PORTRAIT

    def write(self, blocks: Sequence[Block], before: str = "") -> Iterator[Piece]:
        """The XML of each block in turn; headings, and what stands `before` the blocks, go with the block after them
        to its page. The end is on an upright page again.
        """
        self._has_several = sum(isinstance(block, Picture) for block in blocks) > 1
        waiting, after_list = before, False
        for block in blocks:
            if isinstance(block, Heading):
                waiting, after_list = waiting + self._heading(block), False
                continue
            columns = Columns(block.rows) if isinstance(block, Table) else None
            yield from self._turned(self._page_of(block, columns))
            if waiting:
                yield waiting
            if isinstance(block, Table | Card) and after_list:
                yield SPACER
            waiting, after_list = "", isinstance(block, ListItem)
            if isinstance(block, Table) and columns is not None:
                yield from self._table(block, columns)
            else:
                yield self._one(block)
        if waiting:
            yield waiting
        yield from self._turned(PORTRAIT)

    def _turned(self, page: Page) -> Iterator[Piece]:
        if page is not self._page:
            self._page = page
            yield page

    def _page_of(self, block: Block, columns: Columns | None) -> Page:
        """A short table after a wide one stays beside it, rather than having a page of its own."""
        if columns is None or not isinstance(block, Table):
            return PORTRAIT
        page = columns.page()
        return self._page if page is PORTRAIT and len(block.rows) <= _SHORT else page

    def _one(self, block: Block) -> str:
        match block:
            case Paragraph():
                return self._paragraph(block)
            case ListItem():
                return self._item(block)
            case Quote():
                return paragraph("Quote", runs_xml(self._desk, block.runs), _direction(block.runs))
            case CodeBlock():
                return words("CodeText", block.text)
            case Rule():
                return paragraph("Rule", "")
            case Picture():
                return self._picture(block)
            case Card():
                return _card(block)
            case _:
                return ""

    def _paragraph(self, block: Paragraph) -> str:
        inside, turned = runs_xml(self._desk, block.runs), _direction(block.runs)
        if not block.indent and not turned:
            return f"<w:p>{inside}</w:p>"
        indent = f'<w:ind w:left="{397 * min(block.indent, _MAX_LEVEL + 1)}"/>' if block.indent else ""
        return f"<w:p><w:pPr>{turned}{indent}</w:pPr>{inside}</w:p>"

    def _item(self, block: ListItem) -> str:
        level = min(block.level, _MAX_LEVEL)
        number = 1
        if block.ordered:
            if block.list_no not in self._lists:
                self._lists[block.list_no] = self._desk.ordered_list(level)
            number = self._lists[block.list_no]
        style = "ListNumber" if block.ordered else "ListBullet"
        numbered = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
        return paragraph(style, runs_xml(self._desk, block.runs), numbered + _direction(block.runs))

    def _heading(self, block: Heading) -> str:
        level = min(self._under + max(1, block.level), self._last + 1, _DEEPEST)
        self._last = level
        return paragraph(f"Heading{level}", runs_xml(self._desk, block.runs), _direction(block.runs))

    def _table(self, block: Table, columns: Columns) -> Iterator[str]:
        """A table; one that is wider than its page in groups of columns, one group after the other."""
        room = self._page.text_width
        groups = columns.groups(room)
        for group in groups:
            if len(groups) > 1:
                yield words("TablePart", _part_of(group, len(columns)))
            widths = columns.widths(group, room)
            rows = [table_start(widths, f"Table of {self._place}")]
            for number, (cells, texts) in enumerate(zip(block.rows, columns.texts, strict=True)):
                here: Sequence[Sequence[Run]] = cells
                said: Sequence[str] = texts
                if len(groups) > 1 or len(cells) < len(group):
                    here = [cells[n] if n < len(cells) else () for n in group]
                    said = [texts[n] if n < len(texts) else "" for n in group]
                rows.append(self._row(here, said, widths, head=number == 0))
            rows.append(TABLE_END)
            yield "".join(rows)

    def _row(self, cells: Sequence[Sequence[Run]], texts: Sequence[str], widths: tuple[int, ...], *, head: bool) -> str:
        """A row from the runs of each cell and what they say."""
        style = "CellHead" if head else "Cell"
        inside = [
            f"{start}<w:r>{text_xml(text)}</w:r>{CELL_END}"
            if is_plain(runs) and text.isascii()
            else run_cell(width, runs_xml(self._desk, runs), style, _direction(runs))
            for start, width, runs, text in zip(cell_starts(widths, style), widths, cells, texts, strict=True)
        ]
        return row("".join(inside), head=head, is_whole=head or not is_tall(texts, widths))

    def _picture(self, block: Picture) -> str:
        self._pictures += 1
        which = f", picture {self._pictures}" if self._has_several else ""
        key, alternative = f"{self._key} {self._pictures}", f"{self._place}{which}"
        return figure(self._desk, block, key=key, alternative=alternative, frame=_FRAME)


def figure(desk: Desk, picture: Picture, *, key: str, alternative: str, frame: str = "") -> str:
    """A picture in a paragraph of its own; `key` names it in the book, `alternative` says what it is, and `frame` is
    the line around it.
    """
    relationship, number = desk.picture(picture, key)
    size = f'cx="{picture.width}" cy="{picture.height}"'
    named = f'id="{number}" name="Picture {number}" descr="{flat(alternative)}"'
    inside = (
        "<w:r><w:drawing>"
        f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/><wp:docPr {named}/>'
        f'<a:graphic xmlns:a="{_DRAWING}/main"><a:graphicData uri="{_DRAWING}/picture">'
        f'<pic:pic xmlns:pic="{_DRAWING}/picture"><pic:nvPicPr><pic:cNvPr {named}/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{relationship}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
        f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>{frame}</pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )
    return paragraph("Figure", inside)


def _part_of(group: tuple[int, ...], count: int) -> str:
    """Which columns stand here: the first one comes again before those of each group but the first."""
    start, end = (1 if group[1] == 1 else group[1] + 1), group[-1] + 1
    which = f"Columns {start} to {end} of {count}" if end > start else f"Column {end} of {count}"
    return which if start == 1 else f"{which}, with the first one again"


def _direction(runs: Iterable[Run]) -> str:
    """The property of a paragraph that is read from the right: its first letter says so."""
    text = text_of(runs)
    return _FROM_RIGHT if not text.isascii() and is_from_right(text) else ""


def is_from_right(text: str) -> bool:
    """Whether the first letter of a text is of an alphabet that is written from right to left."""
    for sign in text[:_LETTER_WITHIN]:
        kind = unicodedata.bidirectional(sign)
        if kind in {"L", "R", "AL"}:
            return kind != "L"
    return False


def _card(block: Card) -> str:
    """A file that stands in the book by what is known of it; the card stays on one page."""
    label = 1700
    width = PORTRAIT.text_width - label
    lines = (
        ("Type", "Cell", _KINDS.get(block.media_type.partition("/")[0], "{}").format(block.media_type)),
        ("Length", "Cell", duration(block.seconds) if block.seconds else ""),
        ("Size", "Cell", size_words(block.size)),
        ("SHA-256", "CellMono", block.sha256),
        ("In the book", "Cell", block.reason),
    )
    said = [(name, style, value) for name, style, value in lines if value]
    head = row(text_cell(label, "File", "CellHead") + text_cell(width, block.name, "CellHead"), head=True)
    rows = [
        row(_kept_cell(label, name, "CellLabel", last=number == len(said)) + text_cell(width, value, style))
        for number, (name, style, value) in enumerate(said, 1)
    ]
    caption = "A recording" if block.seconds else "A file that is not shown"
    return table((label, width), (head, *rows), f"{caption}: {block.name}")


def _kept_cell(width: int, text: str, style: str, *, last: bool) -> str:
    """A cell whose row stays with the next one, unless it is the last."""
    return run_cell(width, f"<w:r>{text_xml(text)}</w:r>", style, "" if last else "<w:keepNext/>")


def duration(seconds: float) -> str:
    """0:58, 12:05, 1:02:03."""
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def size_words(size: int) -> str:
    """3 bytes, 12 KB, 4.5 MB."""
    if size < 1000:
        return f"{size} byte{'' if size == 1 else 's'}"
    for unit, step in (("KB", 1000), ("MB", 1000**2), ("GB", 1000**3)):
        if size < step * 1000 or unit == "GB":
            return f"{size / step:.1f} {unit}" if size < step * 10 else f"{size / step:.0f} {unit}"
    return ""


@lru_cache(maxsize=256)
def tone_run(text: str, tone: str) -> str:
    """A word for a state or decision in its colour."""
    return run(text, f"Tone{tone.capitalize()}")
