"""CSV of others: each record with its line, and each cell as it was meant, breaks and all. Nothing that is written runs
in a spreadsheet.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import islice

from portfolio.criteria.exchange.places import refusal
from portfolio.documents.csv_lists import MARK, RUN, SEPARATORS, decoded, separator_in
from portfolio.errors import Rejected

BYTES_MOST = 5_000_000
ROWS_MOST = 6_000
COLUMNS_MOST = 60
CELL_MOST = 40_000
LOOKED_AT = 30
"""How many lines may stand above the headings."""

_RUNS = re.compile(f"{MARK}*[{re.escape(''.join(sorted(RUN)))}]")

Record = tuple[int, list[str]]
"""The line on which a record begins, and its cells."""


def read_cells(data: bytes, headings: Sequence[str]) -> tuple[list[Record], bool]:
    """The records that are not empty, and whether they were read as Windows-1252. What parts the cells is told from the
    first line that has one of these headings. Raises NotTaken, with the line.
    """
    if len(data) > BYTES_MOST:
        raise refusal("file", f"the file is larger than {BYTES_MOST // 1_000_000} MB")
    try:
        text, is_windows = decoded(data)
    except Rejected as refused:
        raise refusal("file", refused.message) from refused
    return list(_records(text, headings)), is_windows


def _separator(text: str, headings: Sequence[str]) -> str | None:
    for line in islice(StringIO(text), LOOKED_AT):
        if any(heading.casefold() in line.casefold() for heading in headings):
            return max(SEPARATORS, key=line.count)
    return None


def _records(text: str, headings: Sequence[str]) -> Iterator[Record]:
    lines = StringIO(text, newline="")
    guessed, skipped = separator_in(lines)
    separator = _separator(text, headings) or guessed
    reader = csv.reader(lines, delimiter=separator, strict=True)
    line, count = skipped, 0
    try:
        for cells in reader:
            begins, line = line + 1, reader.line_num + skipped
            if not any(cell.strip() for cell in cells):
                continue
            count += 1
            if count > ROWS_MOST:
                raise refusal(f"line {begins}", f"there are more than {ROWS_MOST:,} rows")
            if any(cell.strip() for cell in cells[COLUMNS_MOST:]):
                raise refusal(f"line {begins}", f"there are more than {COLUMNS_MOST} cells")
            if any(len(cell) > CELL_MOST for cell in cells):
                raise refusal(f"line {begins}", f"a cell has more than {CELL_MOST:,} characters")
            yield begins, [_unmarked(cell) for cell in cells[:COLUMNS_MOST]]
    except csv.Error as error:
        what = "a cell is far too long" if "field larger" in str(error) else "a quotation mark is not closed"
        raise refusal(f"line {line + 1}", f"the record that begins here cannot be read: {what}") from error


def _unmarked(cell: str) -> str:
    return cell[1:] if cell.startswith(MARK) and _RUNS.match(cell) else cell


def write_cells(rows: Iterable[Sequence[str]], *, has_mark: bool) -> bytes:
    """Rows as CSV in UTF-8, with its mark for spreadsheets; a cell that one would run begins with an apostrophe."""
    written = StringIO(newline="")
    csv.writer(written).writerows([f"{MARK}{cell}" if _RUNS.match(cell) else cell for cell in row] for row in rows)
    return written.getvalue().encode("utf-8-sig" if has_mark else "utf-8")
