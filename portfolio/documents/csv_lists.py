"""Lists as CSV: read strictly, so that nothing is taken for what it is not, and written so that no spreadsheet runs a
cell.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import chain, islice

from portfolio.errors import Rejected, TooLarge

BYTES_MOST = 1_500_000
COLUMNS_MOST = 60
CELL_MOST = 500
SEPARATORS = ",;\t"
LOOKED_AT = 5
"""How many lines tell what parts the cells."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
_QUOTED = re.compile(r'"[^"]*"')
_SAYS_SEPARATOR = re.compile(r"sep=([,;\t])\Z")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_OTHERS = (
    (b"PK\x03\x04", "a workbook or an archive"),
    (b"PK\x05\x06", "an archive with nothing in it"),
    (b"\xd0\xcf\x11\xe0", "a workbook of an old kind"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "an archive"),
)
RUN = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
MARK = "'"


@dataclass(frozen=True, slots=True)
class Row:
    """One record. `line` is where it begins in the file, from 1; `has_more` when it has cells beyond the headings."""

    line: int
    cells: tuple[str, ...]
    has_more: bool


@dataclass(frozen=True, slots=True)
class CsvList:
    """Headings, and rows with a cell for each of them. `is_windows` when it was read as Windows-1252 for want of
    anything better."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    is_windows: bool


def read_list(content: bytes, *, rows_most: int) -> CsvList:
    """The list in a file. Raises Rejected, with a sentence, for what is no sound list of such a size."""
    if len(content) > BYTES_MOST:
        raise TooLarge(f"The file is larger than {BYTES_MOST / 1e6:.1f} MB. Hand the list in as several files.", "file")
    text, is_windows = decoded(content)
    found = iter(_records(text))
    first = next(found, None)
    if first is None:
        raise Rejected("The file is empty.", "file")
    second = next(found, None)
    if second is not None and _is_title(first[1], second[1]):
        first, second = second, None
    headings = _headings(first[1])
    rows: list[Row] = []
    for line, cells in chain([second] if second else [], found):
        if len(rows) == rows_most:
            raise TooLarge(f"The list has more than {rows_most:,} rows. Hand it in as several files.", "file")
        more = cells[len(headings) :]
        padded = (*cells[: len(headings)], *[""] * (len(headings) - len(cells)))
        rows.append(Row(line, padded, has_more=any(more)))
    if not rows:
        raise Rejected("There is nothing below the headings.", "file")
    return CsvList(headings, tuple(rows), is_windows)


def decoded(content: bytes) -> tuple[str, bool]:
    """The text of a list, and whether it was read as Windows-1252. Raises Rejected for what is no text."""
    if not content.strip():
        raise Rejected("The file is empty.", "file")
    for sign, what in _OTHERS:
        if content.startswith(sign):
            raise Rejected(f"This is {what}, not a CSV file. Save the list as CSV and send that.", "file")
    mark = next((name for sign, name in _MARKS if content.startswith(sign)), None)
    is_windows = False
    try:
        text = content.decode(mark or "utf-8")
    except UnicodeDecodeError:
        if mark:
            raise Rejected("The file is damaged: its text breaks off. Save it as CSV once more.", "file") from None
        text, is_windows = _as_windows(content), True
    if _NO_TEXT.search(text):
        raise Rejected("The file holds characters that no list has. Save it as “CSV UTF-8” and send that.", "file")
    return text, is_windows


def _as_windows(content: bytes) -> str:
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        message = "The alphabet of the file cannot be told. Save it as “CSV UTF-8” and send that."
        raise Rejected(message, "file") from None


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Where each record begins, and its cells without outer spaces; empty records are left out."""
    lines = StringIO(text, newline="")
    separator, skipped = separator_in(lines)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    line = skipped
    try:
        for cells in reader:
            begins, line = line + 1, reader.line_num + skipped
            if len(cells) > COLUMNS_MOST and any(cells[COLUMNS_MOST:]):
                raise TooLarge(f"Line {begins} has more than {COLUMNS_MOST} cells.", "file")
            if any(len(cell) > CELL_MOST for cell in cells):
                raise TooLarge(f"Line {begins} has a cell of more than {CELL_MOST} characters.", "file")
            clean = [_clean(cell) for cell in cells]
            if any(clean):
                yield begins, clean
    except csv.Error as error:
        if "field larger" in str(error):
            raise TooLarge(f"Line {line + 1} has a cell of more than {CELL_MOST} characters.", "file") from None
        message = (
            f"The record that begins on line {line + 1} cannot be read: a quotation mark is not closed, or something "
            "stands between it and the end of the cell."
        )
        raise Rejected(message, "file") from None


def separator_in(lines: StringIO) -> tuple[str, int]:
    """What parts the cells, and how many lines were spent on saying so, as spreadsheets do."""
    first = lines.readline()
    said = _SAYS_SEPARATOR.match(first.strip(" \r\n"))
    if said:
        return said[1], 1
    bare = [_QUOTED.sub("", line) for line in (first, *islice(lines, LOOKED_AT))]
    lines.seek(0)
    return max(SEPARATORS, key=lambda mark: max(line.count(mark) for line in bare)), 0


def _clean(cell: str) -> str:
    """A cell on one line. The mark before a formula, as `spreadsheet_safe` writes it, is taken off again."""
    is_marked = cell[:1] == MARK and cell[1:2] in RUN and len(cell) > 1
    return _CONTROL.sub(" ", cell[1:] if is_marked else cell).strip()


def _is_title(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether the first record only says what the list is, above its headings."""
    return sum(map(bool, first)) == 1 and sum(map(bool, second)) > 1


def _headings(cells: Sequence[str]) -> tuple[str, ...]:
    if any("@" in cell for cell in cells):
        raise Rejected("The first line holds an address where headings belong. Put a line of headings first.", "file")
    width = max(number for number, cell in enumerate(cells, 1) if cell)
    return tuple(cell or f"Column {number}" for number, cell in enumerate(cells[:width], 1))


def spreadsheet_safe(cell: str) -> str:
    """Text that no spreadsheet runs as a formula."""
    return f"{MARK}{cell}" if cell[:1] in RUN and cell else cell


def write_list(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as CSV that every spreadsheet opens as it is meant: UTF-8 with its mark, and nothing that runs."""
    written = StringIO(newline="")
    csv.writer(written).writerows([spreadsheet_safe(cell) for cell in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")
