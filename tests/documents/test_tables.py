"""Tables for a spreadsheet: what is put in comes out again, each cell of its kind, and none of them runs."""

import csv
from collections.abc import Sequence
from datetime import date, datetime, time
from io import BytesIO, StringIO

import openpyxl
import pytest

from portfolio.documents.tables import CELL_MOST, Cell, write_csv, write_xlsx

ROWS: Sequence[Sequence[Cell]] = (
    ("Learner", "Met", "Since", "Words"),
    ("Zoë “the” 李", 12, date(2026, 11, 22), 'a, "b"; c'),
    ("", 0, None, "12"),
)
DAY = datetime.combine(date(2026, 11, 22), time())
RUNS = ("=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", "\n=1", " =1", "\uff1d1", "=cmd|' /C calc'!A0", '=HYPERLINK("x")')


def read_csv(content: bytes) -> list[list[str]]:
    """Every cell."""
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))


def test_csv_keeps_every_cell() -> None:
    target = BytesIO()
    assert write_csv(target, ROWS) == 3
    assert read_csv(target.getvalue()) == [
        ["Learner", "Met", "Since", "Words"],
        ["Zoë “the” 李", "12", "2026-11-22", 'a, "b"; c'],
        ["", "0", "", "12"],
    ]


def test_xlsx_keeps_every_cell_with_its_kind() -> None:
    target = BytesIO()
    assert write_xlsx(target, ROWS, title="Sums: [all]/'every'\n group of a long name") == 3
    (sheet,) = openpyxl.load_workbook(BytesIO(target.getvalue())).worksheets
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["Learner", "Met", "Since", "Words"],
        ["Zoë “the” 李", 12, DAY, 'a, "b"; c'],
        [None, 0, None, "12"],
    ]
    assert (sheet["D3"].data_type, sheet["B3"].data_type) in {("inlineStr", "n"), ("s", "n")}
    assert (sheet.title, sheet.freeze_panes) == ("Sums   all   every   group of a", "B2")


@pytest.mark.parametrize("text", RUNS)
def test_no_cell_runs(text: str) -> None:
    rows: Sequence[Sequence[Cell]] = [(text,), (f"a{text}", text)]
    target = BytesIO()
    write_csv(target, rows)
    for row in read_csv(target.getvalue()):
        assert all(cell[0] in "'a" for cell in row)
    target = BytesIO()
    write_xlsx(target, rows, title=text)
    (sheet,) = openpyxl.load_workbook(BytesIO(target.getvalue())).worksheets
    kinds = {
        (cell.data_type, cell.number_format) for row in sheet.iter_rows() for cell in row if cell.value is not None
    }
    assert kinds <= {("s", "@"), ("inlineStr", "@")}
    assert sheet["A1"].value == text.strip()


def test_what_a_cell_cannot_hold_is_left_out() -> None:
    target = BytesIO()
    assert write_xlsx(target, [("a\x00b\ufffe", "x" * (CELL_MOST + 9))], title="") == 1
    (sheet,) = openpyxl.load_workbook(BytesIO(target.getvalue())).worksheets
    assert (sheet["A1"].value, len(sheet["B1"].value)) == ("a b", CELL_MOST)


def test_no_rows_are_no_rows() -> None:
    assert (write_csv(BytesIO(), []), write_xlsx(BytesIO(), [], title="Empty")) == (0, 0)
