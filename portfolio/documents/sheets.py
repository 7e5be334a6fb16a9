"""Tables as they are seen in a spreadsheet: columns by letter, rows by number, values but no formulas.

A package whose parts define a document type, or say that they are written in an unusual alphabet, is not opened.
"""

import csv
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from time import monotonic
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from portfolio.documents.blocks import Extract, Run, Table, plain
from portfolio.documents.preview_bench import Bench, Full
from portfolio.documents.texts import guessed_separator, read_text
from portfolio.documents.xml_parts import Unreadable

MAX_SHEETS = 10
MAX_ROWS = 200
MAX_COLUMNS = 30
_MAX_CELL = 500
_MAX_SECONDS = 2.0
_MAX_PART = 60 * 1000**2
_CHUNK = 256 * 1024
_OVERLAP = 64
_FORBIDDEN = re.compile(rb"<!DOCTYPE|<!ENTITY", re.IGNORECASE)
_ALPHABET = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)")
_USUAL = {b"utf-8", b"utf-16", b"us-ascii", b"iso-8859-1"}
_MARKS = b"\xef\xbb\xbf\xfe\xff \t\r\n"


class _Slow(Exception):
    """The rows of a sheet take too long to read."""


def sheet_pieces(bench: Bench, path: Path) -> None:
    """The first rows and columns of the first sheets. Raises Unreadable for an unsound package."""
    with zipfile.ZipFile(path) as package:
        check_package(package)
    with path.open("rb") as source:  # a path would have to end in .xlsx
        book = openpyxl.load_workbook(source, read_only=True, data_only=True, keep_links=False)
        sheets = book.worksheets
        for number, sheet in enumerate(sheets[:MAX_SHEETS], 1):
            try:
                _sheet(bench, sheet, number)
            except Full:
                bench.note(f"The first {number - 1} of {len(sheets)} sheets are shown.")
                break
        if len(sheets) > MAX_SHEETS:
            bench.note(f"The first {MAX_SHEETS} of {len(sheets)} sheets are shown.")
        book.close()


def csv_pieces(bench: Bench, path: Path) -> None:
    """The first rows and columns of a .csv."""
    text, note = read_text(path)
    rows = csv.reader(text.split("\n"), delimiter=guessed_separator(text))
    extract = _grid([value[:_MAX_CELL] for value in row] for row in rows)
    bench.add("sheet-1", "Table", extract=extract, note=note)


def _sheet(bench: Bench, sheet: Any, number: int) -> None:
    bench.check_room()
    note = "" if sheet.sheet_state == "visible" else "This sheet is hidden in the file."
    extract = _grid(_rows(sheet)) if isinstance(sheet, ReadOnlyWorksheet) else Extract(())
    bench.add(f"sheet-{number}", sheet.title, extract=extract, note=note)


def _rows(sheet: Any) -> Iterator[list[str]]:
    ends = monotonic() + _MAX_SECONDS
    for row in sheet.iter_rows(max_row=MAX_ROWS + 1, max_col=MAX_COLUMNS + 1):
        if monotonic() > ends:
            raise _Slow
        yield [_said(cell.value, getattr(cell, "number_format", "")) for cell in row]


def _said(value: Any, number_format: str) -> str:
    """A value roughly as the spreadsheet shows it; whole and exact rather than pretty."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float() if "%" in number_format:
            return f"{value * 100:.6g} %"
        case float():
            return f"{value:.15g}"
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime():
            return value.isoformat(" ", "seconds")
        case date() | time():
            return value.isoformat()
        case _:
            return str(value)[:_MAX_CELL]


def _grid(rows: Iterable[Sequence[str]]) -> Extract:
    """A table with letters over the columns and numbers before the rows; empty edges are left out."""
    kept: list[list[str]] = []
    notes = []
    is_wide = False
    try:
        for row in rows:
            if len(kept) == MAX_ROWS:
                notes.append(f"The first {MAX_ROWS} rows are shown.")
                break
            is_wide = is_wide or any(row[MAX_COLUMNS:])
            kept.append(list(row[:MAX_COLUMNS]))
    except _Slow:
        notes.append(f"The first {len(kept)} rows are shown; the others take too long to read.")
    while kept and not any(kept[-1]):
        kept.pop()
    if is_wide:
        notes.append(f"The first {MAX_COLUMNS} columns are shown.")
    width = max((index + 1 for row in kept for index, value in enumerate(row) if value), default=0)
    if not width:
        return Extract((), "It is empty." if not notes else " ".join(notes))
    head = (plain("Row"), *(plain(get_column_letter(column + 1)) for column in range(width)))
    body = (_numbered(number, row, width) for number, row in enumerate(kept, 1))
    return Extract((Table((head, *body)),), " ".join(notes))


def _numbered(number: int, row: list[str], width: int) -> tuple[tuple[Run, ...], ...]:
    cells = [plain(value) for value in row[:width]]
    return (plain(str(number)), *cells, *[()] * (width - len(cells)))


def check_package(package: zipfile.ZipFile) -> None:
    """Raises Unreadable when a part is too large, or defines a document type."""
    for member in package.infolist():
        _check_part(package, member, is_xml=member.filename.casefold().endswith((".xml", ".rels", ".vml")))


def _check_part(package: zipfile.ZipFile, member: zipfile.ZipInfo, *, is_xml: bool) -> None:
    if is_xml and member.file_size > _MAX_PART:
        message = "It is larger inside than can be shown."
        raise Unreadable(message)
    with package.open(member) as source:
        before = b""
        while chunk := source.read(_CHUNK):
            data = chunk.replace(b"\0", b"")  # so that wide characters read like narrow ones
            if (is_xml and not before and _is_unusual(data[:300])) or _FORBIDDEN.search(before + data):
                message = "It defines entities of its own, which office files never need."
                raise Unreadable(message)
            before = data[-_OVERLAP:]


def _is_unusual(head: bytes) -> bool:
    """Whether a part begins otherwise than XML does, or in an alphabet in which the search would find nothing."""
    said = _ALPHABET.search(head)
    return not head.lstrip(_MARKS).startswith(b"<") or (said is not None and said[1].lower() not in _USUAL)
