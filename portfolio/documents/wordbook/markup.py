"""Strings of WordprocessingML: text that is always well formed, runs, paragraphs, cells and rows.

Every text of a person goes through `escape` or `text_xml`; nothing else here takes text that is not markup already.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache

_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_NOT_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")
_BREAKS = str.maketrans({"\r": "\n", "\x0b": "\n", "\x0c": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"})
_FEW = 30
_PIECES = re.compile("([\n\t])")
CELL_END = "</w:p></w:tc>"


def clean(text: str) -> str:
    """The text without what XML cannot carry: control characters go, half characters become U+FFFD."""
    if text.isprintable():
        return text
    text = _CONTROLS.sub("", text.replace("\r\n", "\n").translate(_BREAKS))
    return _NOT_XML.sub("\ufffd", text)


def escape(text: str) -> str:
    """For element text and for attributes in double quotes."""
    return _element_text(text).replace('"', "&quot;")


def flat(text: str) -> str:
    """For places that hold one line: attributes, headers, properties."""
    return escape(" ".join(clean(text).split()))


def text_xml(text: str) -> str:
    """The inside of a run: `w:t`, with line breaks and tabs as elements of their own."""
    if text.isprintable():
        if "&" in text or "<" in text or ">" in text:
            text = _element_text(text)
        return f'<w:t xml:space="preserve">{text}</w:t>'
    return "".join(
        "<w:br/>" if piece == "\n" else "<w:tab/>" if piece == "\t" else f'<w:t xml:space="preserve">{piece}</w:t>'
        for piece in _PIECES.split(_element_text(text))
        if piece
    )


def _element_text(text: str) -> str:
    return clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def run(text: str, style: str = "") -> str:
    """One run, with a character style where one is given."""
    look = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    return f"<w:r>{look}{text_xml(text)}</w:r>"


def paragraph(style: str, inside: str, ppr: str = "") -> str:
    """A paragraph of a style around runs; `ppr` are further properties, in the order of the schema."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{ppr}</w:pPr>{inside}</w:p>'


def words(style: str, text: str) -> str:
    """A paragraph of a style around plain text."""
    return _few_words(style, text) if len(text) <= _FEW else _words(style, text)


def _words(style: str, text: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r>{text_xml(text)}</w:r></w:p>'


@lru_cache(maxsize=8192)
def jump(anchor: str, text: str, style: str = "Hyperlink") -> str:
    """A link to a bookmark of this book."""
    return f'<w:hyperlink w:anchor="{anchor}" w:history="1">{run(text, style)}</w:hyperlink>'


def field(instruction: str, shown: str = "") -> str:
    """A complex field with the result that shows until Word works it out anew."""
    result = f"<w:r>{text_xml(shown)}</w:r>" if shown else ""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def cell(width: int, inside: str, properties: str = "") -> str:
    """A cell around paragraphs; `properties` follow the width in the order of the schema."""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{properties}</w:tcPr>{inside}</w:tc>'


def span(width: int, columns: int, inside: str) -> str:
    """A cell across several columns."""
    return cell(width, inside, f'<w:gridSpan w:val="{columns}"/>')


def row(cells: str, *, head: bool = False, height: int = 0, is_whole: bool = True) -> str:
    """A row, never torn over two pages while it `is_whole`; a head row comes again on each."""
    tall = f'<w:trHeight w:val="{height}" w:hRule="atLeast"/>' if height else ""
    again = "<w:tblHeader/>" if head else ""
    kept = "<w:cantSplit/>" if is_whole else ""
    look = f"<w:trPr>{kept}{tall}{again}</w:trPr>" if kept or tall or again else ""
    return f"<w:tr>{look}{cells}</w:tr>"


def text_cell(width: int, text: str, style: str = "Cell") -> str:
    """A cell with one paragraph of plain text: what most of a book is made of."""
    return _few_words_cell(width, text, style) if len(text) <= _FEW else _text_cell(width, text, style)


def _text_cell(width: int, text: str, style: str) -> str:
    return f"{_cell_start(width, style)}<w:r>{text_xml(text)}</w:r>{CELL_END}"


# Most cells of a book say one of a few things: Met, a date, a name.
_few_words = lru_cache(maxsize=4096)(_words)
_few_words_cell = lru_cache(maxsize=4096)(_text_cell)


def run_cell(width: int, runs: str, style: str = "Cell", ppr: str = "") -> str:
    """A cell with one paragraph around runs; `ppr` are further properties of it, in the order of the schema."""
    return f"{_cell_start(width, style, ppr)}{runs}{CELL_END}"


@lru_cache(maxsize=4096)
def _cell_start(width: int, style: str, ppr: str = "") -> str:
    look = f'<w:pPr><w:pStyle w:val="{style}"/>{ppr}</w:pPr>'
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr><w:p>{look}'


@lru_cache(maxsize=256)
def cell_starts(widths: tuple[int, ...], style: str) -> tuple[str, ...]:
    """What opens each cell of a row for the runs of its one paragraph; `CELL_END` closes it."""
    return tuple(_cell_start(width, style) for width in widths)


@lru_cache(maxsize=256)
def head_row(widths: tuple[int, ...], titles: tuple[str, ...]) -> str:
    """The row of column titles."""
    return row("".join(text_cell(w, t, "CellHead") for w, t in zip(widths, titles, strict=True)), head=True)


@lru_cache(maxsize=256)
def table_start(widths: tuple[int, ...], caption: str = "") -> str:
    """Opens a table of fixed columns; the caption is for those who hear the book read."""
    grid = "".join(f'<w:gridCol w:w="{w}"/>' for w in widths)
    spoken = f'<w:tblCaption w:val="{flat(caption)}"/>' if caption else ""
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="BookTable"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/><w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" '
        f'w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>{spoken}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
    )


SPACER = paragraph("AfterTable", "")
TABLE_END = f"</w:tbl>{SPACER}"


def table(widths: tuple[int, ...], rows: Iterable[str], caption: str = "") -> str:
    """A whole table."""
    return "".join((table_start(widths, caption), *rows, TABLE_END))


@lru_cache(maxsize=1024)
def short_date(day: date | None) -> str:
    """12 Nov 2026, or nothing."""
    return f"{day.day} {_MONTHS[day.month - 1][:3]} {day.year}" if day else ""


def long_date(day: date) -> str:
    """12 November 2026."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def moment(at: datetime) -> str:
    """12 Nov 2026 14:05, in the zone that the time carries."""
    return f"{short_date(at)} {at.hour:02}:{at.minute:02}"


_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
