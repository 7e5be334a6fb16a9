"""Blocks of evidence as paragraphs, lists, tables and pictures of the book.

Headings never jump a level, whatever the evidence had; every table repeats its first row; every picture has words.
"""

from collections.abc import Iterable, Iterator
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
    SPACER,
    TABLE_END,
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

_DEEPEST = 6
_MAX_COLUMNS = 60
_MAX_LEVEL = 8
_NARROW = 8
_WIDE = 50
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"


def runs_xml(desk: Desk, runs: Iterable[Run]) -> str:
    """Runs with their looks and links."""
    return "".join([_run(desk, r) for r in runs])


def _run(desk: Desk, piece: Run) -> str:
    if not (piece.bold or piece.italic or piece.code or piece.link):
        return f"<w:r>{text_xml(piece.text)}</w:r>"
    key = desk.link(piece.link) if piece.link else None
    style = "Hyperlink" if key else "CodeRun" if piece.code else ""
    look = (
        (f'<w:rStyle w:val="{style}"/>' if style else "")
        + ("<w:b/><w:bCs/>" if piece.bold else "")
        + ("<w:i/><w:iCs/>" if piece.italic else "")
    )
    inside = f"<w:r><w:rPr>{look}</w:rPr>{text_xml(piece.text)}</w:r>"
    return f'<w:hyperlink r:id="{key}" w:history="1">{inside}</w:hyperlink>' if key else inside


class Flow:
    """Writes the blocks of one piece of evidence that stands under a heading of level `under`.

    `place` names the piece in numbers of drawings and in the words for its pictures.
    """

    def __init__(self, desk: Desk, *, under: int, width: int, place: str, ordinal: int = 0) -> None:
        self._desk = desk
        self._under = under
        self._last = under
        self._width = width
        self._place = place
        self._key = f"{place} {ordinal}"
        self._lists: dict[int, int] = {}
        self._pictures = 0

    def write(self, blocks: Iterable[Block]) -> Iterator[str]:
        """The XML of each block in turn."""
        after_list = False
        for block in blocks:
            if isinstance(block, Table | Card) and after_list:
                yield SPACER
            after_list = isinstance(block, ListItem)
            if isinstance(block, Table):
                yield from self._table(block)
            elif isinstance(block, Card):
                yield _card(block, self._width)
            else:
                yield self._one(block)

    def _one(self, block: Paragraph | ListItem | Heading | Quote | CodeBlock | Rule | Picture) -> str:
        match block:
            case Paragraph():
                return self._paragraph(block)
            case ListItem():
                return self._item(block)
            case Heading():
                return self._heading(block)
            case Quote():
                return paragraph("Quote", runs_xml(self._desk, block.runs))
            case CodeBlock():
                return words("CodeText", block.text)
            case Rule():
                return paragraph("Rule", "")
            case Picture():
                return self._picture(block)

    def _paragraph(self, block: Paragraph) -> str:
        inside = runs_xml(self._desk, block.runs)
        if not block.indent:
            return f"<w:p>{inside}</w:p>"
        return f'<w:p><w:pPr><w:ind w:left="{397 * min(block.indent, _MAX_LEVEL + 1)}"/></w:pPr>{inside}</w:p>'

    def _item(self, block: ListItem) -> str:
        level = min(block.level, _MAX_LEVEL)
        number = 1
        if block.ordered:
            if block.list_no not in self._lists:
                self._lists[block.list_no] = self._desk.ordered_list(level)
            number = self._lists[block.list_no]
        style = "ListNumber" if block.ordered else "ListBullet"
        numbered = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
        return paragraph(style, runs_xml(self._desk, block.runs), numbered)

    def _heading(self, block: Heading) -> str:
        level = min(self._under + max(1, block.level), self._last + 1, _DEEPEST)
        self._last = level
        return paragraph(f"Heading{level}", runs_xml(self._desk, block.runs))

    def _table(self, block: Table) -> Iterator[str]:
        columns = min(max((len(cells) for cells in block.rows), default=0), _MAX_COLUMNS)
        if not columns:
            return
        widths = _widths(block.rows, columns, self._width)
        yield table_start(widths)
        for number, cells in enumerate(block.rows):
            yield self._row(cells, widths, head=number == 0)
        yield TABLE_END

    def _row(self, cells: tuple[tuple[Run, ...], ...], widths: tuple[int, ...], *, head: bool) -> str:
        style = "CellHead" if head else "Cell"
        filled = (*cells, *((),) * len(widths))
        inside = [
            run_cell(width, runs_xml(self._desk, runs), style) for width, runs in zip(widths, filled, strict=False)
        ]
        return row("".join(inside), head=head)

    def _picture(self, block: Picture) -> str:
        self._pictures += 1
        return figure(self._desk, block, key=f"{self._key} {self._pictures}", alternative=self._place)


def figure(desk: Desk, picture: Picture, *, key: str, alternative: str) -> str:
    """A picture in a paragraph of its own; `key` names it in the book, `alternative` says what it is."""
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
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )
    return paragraph("Figure", inside)


def _widths(rows: tuple[tuple[tuple[Run, ...], ...], ...], columns: int, total: int) -> tuple[int, ...]:
    """Columns by the length of what they hold, so that a narrow one does not take the room of a wide one."""
    longest = [_NARROW] * columns
    for cells in rows:
        for number, runs in enumerate(cells[:columns]):
            longest[number] = max(longest[number], min(len(text_of(runs)), _WIDE))
    return tuple(total * length // sum(longest) for length in longest)


def _card(block: Card, width: int) -> str:
    label = 1700
    lines = (
        ("Type", "Cell", block.media_type),
        ("Size", "Cell", size_words(block.size)),
        ("SHA-256", "CellMono", block.sha256),
        ("In the book", "Cell", block.reason),
    )
    head = row(text_cell(label, "File", "CellHead") + text_cell(width - label, block.name, "CellHead"), head=True)
    rows = [
        row(text_cell(label, name, "CellLabel") + text_cell(width - label, value, style))
        for name, style, value in lines
    ]
    return table((label, width - label), (head, *rows), "A file that is not shown")


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
