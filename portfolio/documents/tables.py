"""Tables written as files for a spreadsheet: CSV and XLSX, row by row, with no cell that it would run.

Text is typed as text, numbers as numbers and days as days. In CSV, which knows no types, text that would run is marked.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from io import TextIOWrapper
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from portfolio.documents.csv_lists import spreadsheet_safe

Cell = str | int | date | None

TITLE_MOST, CELL_MOST = 31, 32_767
WIDE, NARROW = 28, 14
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]+")
_NO_TITLE = re.compile(r"[\[\]:*?/\\']")


def write_csv(target: BinaryIO, rows: Iterable[Sequence[Cell]]) -> int:
    """Rows as CSV in UTF-8 with its mark; answers how many there were."""
    text = TextIOWrapper(target, encoding="utf-8-sig", newline="")
    written = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC)
    count = 0
    for row in rows:
        written.writerow([_for_csv(cell) for cell in row])
        count += 1
    text.flush()
    text.detach()
    return count


def _for_csv(cell: Cell) -> str | int:
    if isinstance(cell, str):
        return spreadsheet_safe(_clean(cell))
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else cell


def write_xlsx(target: BinaryIO, rows: Iterable[Sequence[Cell]], *, title: str) -> int:
    """Rows as the one sheet of a workbook, the first of them its headings; answers how many there were."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_NO_TITLE.sub(" ", _clean(title))[:TITLE_MOST])
    count = 0
    for count, row in enumerate(_headed(sheet, rows), 1):
        sheet.append([_for_xlsx(sheet, cell, is_heading=count == 1) for cell in row])
    book.save(target)
    return count


def _headed(sheet: Any, rows: Iterable[Sequence[Cell]]) -> Iterator[Sequence[Cell]]:
    """The rows; how wide the columns are must be said before the first."""
    for number, row in enumerate(rows):
        if number == 0:
            sheet.freeze_panes = "B2"
            for column in range(1, len(row) + 1):
                sheet.column_dimensions[get_column_letter(column)].width = WIDE if column == 1 else NARROW
        yield row


def _for_xlsx(sheet: Any, cell: Cell, *, is_heading: bool) -> Any:
    """A cell with its type said: text is never taken for a formula, whatever it begins with."""
    value: Any = _clean(cell) if isinstance(cell, str) else cell
    made = WriteOnlyCell(sheet, value)
    if isinstance(cell, str):
        made.data_type, made.number_format = "s", "@"
    if is_heading:
        made.font = Font(bold=True)
    return made


def _clean(text: str) -> str:
    """On one line, and no longer than a cell holds."""
    return _CONTROL.sub(" ", text).strip()[:CELL_MOST]
