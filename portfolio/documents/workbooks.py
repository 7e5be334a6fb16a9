"""Workbooks that people fill in: cells read with what they are, and written with what may stand in them.

Reading happens in a process of its own, and takes a few small sheets or says why not. A formula is named and never
worked out: what it came to last is not what stands in the cell.
"""

import base64
import binascii
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet.datavalidation import DataValidation

from portfolio.documents.codec import Json
from portfolio.documents.sandbox import run_limited
from portfolio.documents.sheets import check_package
from portfolio.documents.xml_parts import Unreadable
from portfolio.errors import Rejected

BYTES_MOST = 2_000_000
UNPACKED_MOST = 10_000_000
MEMBERS_MOST = 200
SHEETS_MOST, ROWS_MOST, COLUMNS_MOST = 5, 6_000, 60
CELLS_MOST, CELL_MOST = 120_000, 5_000
SECONDS = 3
TEXT, NUMBER, DAY, FORMULA, OTHER, NOTHING = "text", "number", "day", "formula", "other", ""
VALIDATED_ROWS = 3_000
_EXACT = 1e15
_TROUBLE = (ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, EOFError, RuntimeError, SyntaxError)
_TOO_LARGE = "The workbook holds more than a table of criteria does."
_DAMAGED = "The workbook is damaged, locked with a password or no .xlsx file. Save it anew as .xlsx and try again."


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell: `kind` is text, number, day, formula, other, or empty."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet by its title, row by row from the first."""

    title: str
    rows: tuple[tuple[Cell, ...], ...]


def read_workbook(data: bytes) -> tuple[Sheet, ...]:
    """The sheets of a workbook. Raises Rejected with the reason."""
    if len(data) > BYTES_MOST:
        raise Rejected(f"The workbook is larger than {BYTES_MOST // 1_000_000} MB.")
    encoded = base64.b64encode(data).decode()
    outcome = run_limited("portfolio.documents.workbooks:cells_in", encoded, seconds=SECONDS)
    if outcome.note or not isinstance(outcome.value, dict):
        raise Rejected(_DAMAGED)
    refused = outcome.value.get("refused")
    if refused is not None:
        raise Rejected(str(refused))
    return tuple(_sheets(outcome.value.get("sheets")))


def _sheets(value: Json) -> Iterator[Sheet]:
    """The sheets in an answer, which is checked piece by piece."""
    for sheet in value if isinstance(value, list) else ():
        if isinstance(sheet, dict) and isinstance(rows := sheet.get("rows"), list):
            yield Sheet(str(sheet.get("title", "")), tuple(_cells(row) for row in rows))


def _cells(row: Json) -> tuple[Cell, ...]:
    pairs = row if isinstance(row, list) else []
    return tuple(Cell(str(cell[0]), str(cell[1])) for cell in pairs if isinstance(cell, list) and len(cell) == 2)


def cell_name(row: int, column: int) -> str:
    """What a spreadsheet calls a cell; rows count from 1, columns from 0."""
    return f"{get_column_letter(column + 1)}{row}"


def cells_in(encoded: str) -> Json:
    """What stands in the sheets of a workbook, or why it is not read; for a process of its own."""
    try:
        return {"sheets": list(_read(base64.b64decode(encoded, validate=True)))}
    except (Unreadable, Rejected) as refused:
        return {"refused": str(refused)}
    except (*_TROUBLE, binascii.Error, zipfile.BadZipFile, zipfile.LargeZipFile):
        return {"refused": _DAMAGED}


def _read(data: bytes) -> Iterator[Json]:
    with zipfile.ZipFile(BytesIO(data)) as package:
        members = package.infolist()
        if len(members) > MEMBERS_MOST or sum(member.file_size for member in members) > UNPACKED_MOST:
            raise Rejected(_TOO_LARGE)
        check_package(package)
    book = openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=False, keep_links=False)
    if len(book.worksheets) > SHEETS_MOST:
        raise Rejected(_TOO_LARGE)
    for sheet in book.worksheets:
        if isinstance(sheet, ReadOnlyWorksheet):
            yield {"title": str(sheet.title), "rows": list(_rows(sheet))}


def _rows(sheet: Any) -> Iterator[Json]:
    count = 0
    for number, row in enumerate(sheet.iter_rows(max_row=ROWS_MOST + 1, max_col=COLUMNS_MOST), 1):
        if number > ROWS_MOST:
            raise Rejected(f"A sheet has more than {ROWS_MOST:,} rows.")
        cells = [_cell(cell.value, cell.data_type) for cell in row]
        while cells and cells[-1] == [NOTHING, ""]:
            cells.pop()
        count += len(cells)
        if count > CELLS_MOST:
            raise Rejected(_TOO_LARGE)
        yield [list(cell) for cell in cells]


def _cell(value: Any, data_type: str) -> list[str]:
    if value is None:
        return [NOTHING, ""]
    if data_type == "f":
        return [FORMULA, ""]
    if isinstance(value, str):
        if len(value) > CELL_MOST:
            raise Rejected(f"A cell has more than {CELL_MOST:,} characters.")
        return [OTHER if data_type == "e" else TEXT, value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        is_whole = isinstance(value, int) or (value.is_integer() and abs(value) < _EXACT)
        return [NUMBER, str(int(value)) if is_whole else f"{value:.15g}"]
    if isinstance(value, datetime) and value.time() == time():
        return [DAY, value.date().isoformat()]
    return [DAY, value.isoformat()] if isinstance(value, date) else [OTHER, str(value)[:CELL_MOST]]


@dataclass(frozen=True, slots=True)
class Written:
    """A sheet to write: its rows, the first of them headings unless `has_headings` is off, how wide its columns are,
    and what may be chosen in some columns, counted from 0.
    """

    title: str
    rows: Sequence[Sequence[str | int]]
    widths: Sequence[int]
    choices: Mapping[int, Sequence[str]]
    has_headings: bool = True


def write_workbook(sheets: Iterable[Written]) -> bytes:
    """A workbook in which every text is text, whatever it begins with, and no cell runs."""
    book = openpyxl.Workbook(write_only=True)
    for written in sheets:
        _write(book.create_sheet(written.title), written)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _write(sheet: Any, written: Written) -> None:
    for number, width in enumerate(written.widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.column_dimensions[get_column_letter(number)].number_format = "@"
    if written.has_headings:
        sheet.freeze_panes = "A2"
    for column, words in written.choices.items():
        letter = get_column_letter(column + 1)
        chosen = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True, showErrorMessage=False)
        chosen.add(f"{letter}2:{letter}{VALIDATED_ROWS}")
        sheet.data_validations.append(chosen)
    for place, row in enumerate(written.rows):
        is_heading = written.has_headings and place == 0
        sheet.append([None if value == "" else _made(sheet, value, is_heading=is_heading) for value in row])


def _made(sheet: Any, value: str | int, *, is_heading: bool) -> Any:
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type, cell.number_format = "s", "@"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if is_heading:
        cell.font = Font(bold=True)
    return cell
