"""The formats of others: told by what is in a file, read into a pack, and written from one; what one cannot carry is
said.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from portfolio.criteria.contents import Pack, content_sha
from portfolio.criteria.exchange.case import is_case, read_case, write_case
from portfolio.criteria.exchange.cells import read_cells
from portfolio.criteria.exchange.forest import Item, forest_of
from portfolio.criteria.exchange.json_files import read_json
from portfolio.criteria.exchange.matrix import is_matrix, read_matrix, write_matrix
from portfolio.criteria.exchange.moodle import PARENT, is_moodle, read_moodle, write_moodle
from portfolio.criteria.exchange.places import Places, refusal
from portfolio.criteria.exchange.ranks import Remark
from portfolio.criteria.exchange.shaping import Assumed, Shaping
from portfolio.criteria.exchange.table import WHAT, Grid, csv_table, headings_in, read_table, rows_of
from portfolio.criteria.exchange.template import workbook_of
from portfolio.criteria.exchange.yaml_packs import as_yaml
from portfolio.criteria.tree import MAX_BYTES
from portfolio.documents.workbooks import NOTHING, TEXT, Cell, cell_name, read_workbook
from portfolio.errors import Rejected


class Format(StrEnum):
    """A format that criteria come in from elsewhere and go out in."""

    CASE = "case"
    MOODLE = "moodle"
    MATRIX = "matrix"
    OLD_MATRIX = "matrix-old"
    XLSX = "xlsx"
    CSV = "csv"


TITLES = {
    Format.CASE: "CASE 1.0",
    Format.MOODLE: "Moodle competency framework",
    Format.MATRIX: "Mahara matrix",
    Format.OLD_MATRIX: "Mahara matrix, old style",
    Format.XLSX: "Table as a workbook",
    Format.CSV: "Table as CSV",
}
WITHOUT = {
    Format.CASE: ("Without the pages that hints stand on.",),
    Format.MOODLE: ("Without guidance.",),
    Format.MATRIX: ("Without guidance.",),
    Format.OLD_MATRIX: ("Without guidance.",),
    Format.XLSX: (),
    Format.CSV: (),
}
"""What a format has no place for."""
ENDINGS = {
    Format.CASE: ".json",
    Format.MOODLE: ".csv",
    Format.MATRIX: ".matrix",
    Format.OLD_MATRIX: ".matrix",
    Format.XLSX: ".xlsx",
    Format.CSV: ".csv",
}
MEDIA_TYPES = {
    ".json": "application/json",
    ".csv": "text/csv; charset=utf-8",
    ".matrix": "application/json",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
BYTES_MOST = 5_000_000
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_PACK = re.compile(r"(qualification|unit):\s*$")
_A_PACK = "this is a pack or a unit as YAML already: load it as it is"
_NOT_KNOWN = (
    "this is none of the formats that can be read: a CASE package, a Moodle competency framework, a Mahara matrix, or "
    "the table as .xlsx or .csv with its headings"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says as a pack. `remarks` tell what was assumed and what was left out."""

    format: Format
    pack: Pack
    remarks: tuple[str, ...]

    @property
    def text(self) -> str:
        """The pack as one YAML file."""
        return as_yaml(self.pack, (f"Read from: {TITLES[self.format]}.", *self.remarks))


_Read = Callable[[Places, Remark], Item]


def read(data: bytes, assumed: Assumed | None = None) -> Reading:
    """The pack in a file of any of the formats. Raises NotTaken with every fault."""
    said, read_into = _told(data)
    places, early = Places(), list[str]()
    framework = read_into(places, early.append)
    shaping = Shaping(framework, places, assumed or Assumed(), format_title=TITLES[said])
    for remark in early:
        shaping.remark(remark)
    pack = places.pack(shaping.root())
    reading = Reading(said, pack, shaping.remarks())
    if len(reading.text.encode()) > MAX_BYTES:
        raise refusal("file", f"as a pack this would be larger than {MAX_BYTES // 1_000_000} MB")
    return reading


def _told(data: bytes) -> tuple[Format, _Read]:
    """The format of a file, by what is in it, and how it is read."""
    if data.startswith(_ZIP):
        return Format.XLSX, _workbook(data)
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in {b"{", b"["}:
        return _json(read_json(data))
    return _csv(data)


def _json(root: Any) -> tuple[Format, _Read]:
    if is_case(root):
        return Format.CASE, lambda places, remark: read_case(root, places, remark)
    if is_matrix(root):
        return Format.MATRIX, lambda places, remark: read_matrix(root, places, remark)
    raise refusal("file", _NOT_KNOWN)


def _csv(data: bytes) -> tuple[Format, _Read]:
    records, is_windows = read_cells(data, (WHAT, PARENT))
    said = ["The file is no UTF-8 text: it was read as Windows-1252."] if is_windows else []
    if records and is_moodle(records[0][1]):
        return Format.MOODLE, lambda places, remark: read_moodle(records, places, _also(remark, said))
    rows = [(line, [Cell(TEXT if cell else NOTHING, cell) for cell in cells]) for line, cells in records]
    grid = Grid(rows, _csv_place)
    if headings_in(grid) is None:
        is_pack = any(cells and _PACK.match(cells[0]) for _line, cells in records)
        raise refusal("file", _A_PACK if is_pack else _NOT_KNOWN)
    return Format.CSV, lambda places, remark: read_table(grid, places, _also(remark, said))


def _also(remark: Remark, said: Sequence[str]) -> Remark:
    """The same, once these are said."""
    for sentence in said:
        remark(sentence)
    return remark


def _csv_place(line: int, column: int | None, heading: str) -> str:
    return f"line {line}" if column is None else f"line {line}, “{heading}”"


def _workbook(data: bytes) -> _Read:
    try:
        sheets = read_workbook(data)
    except Rejected as refused:
        raise refusal("file", refused.message) from refused
    for sheet in sheets:
        grid = Grid(list(enumerate(sheet.rows, 1)), _cell_place(sheet.title))
        if headings_in(grid) is not None:
            return lambda places, remark: read_table(grid, places, remark)
    raise refusal("file", "no sheet of the workbook has the headings of the table")


def _cell_place(title: str) -> Callable[[int, int | None, str], str]:
    def place(row: int, column: int | None, _heading: str) -> str:
        return f"{title}, row {row}" if column is None else f"{title}!{cell_name(row, column)}"

    return place


def write(pack: Pack, wanted: Format, *, changed: datetime) -> bytes:
    """A pack in a format. `changed` is the moment that formats with one give as that of the last change."""
    framework = forest_of(pack)
    match wanted:
        case Format.CASE:
            return write_case(framework, content=content_sha(pack), changed=changed)
        case Format.MOODLE:
            return write_moodle(framework)
        case Format.MATRIX | Format.OLD_MATRIX:
            return write_matrix(framework, is_old=wanted is Format.OLD_MATRIX)
        case Format.XLSX:
            return workbook_of(list(rows_of(framework)))
        case Format.CSV:
            return csv_table(rows_of(framework))


def lost(pack: Pack, wanted: Format) -> tuple[str, ...]:
    """What a format has no place for, of what the pack says."""
    hints = [hint for group in pack.groups for unit in group.units for hint in unit.guidance]
    sourced = sum(1 for hint in hints if hint.sources)
    if wanted is Format.CASE and sourced:
        return (
            f"The pages that hints stand on ({sourced:,} of {len(hints):,} hints) have no place in {TITLES[wanted]}.",
        )
    if wanted in {Format.MOODLE, Format.MATRIX, Format.OLD_MATRIX} and hints:
        return (f"Guidance ({len(hints):,} hints) has no place in a {TITLES[wanted]}.",)
    return ()
