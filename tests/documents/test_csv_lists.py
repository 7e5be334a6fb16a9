"""Lists as CSV: read as they are meant or refused with a sentence, written so that nothing runs."""

import csv
import time
from contextlib import suppress
from io import StringIO

import pytest

from portfolio.config import ROOT
from portfolio.documents.csv_lists import BYTES_MOST, CELL_MOST, COLUMNS_MOST, read_list, spreadsheet_safe, write_list
from portfolio.errors import Rejected
from tests.documents.bombs import unpacked

COLLECTION = ROOT.parent / "shared" / "hostile-dev"
PLAIN = "Name,Email\nZoë Ångström,zoe@example.org\n"


def read(content: bytes, *, rows_most: int = 100) -> list[tuple[str, ...]]:
    """The headings and the rows."""
    found = read_list(content, rows_most=rows_most)
    return [found.headings, *(row.cells for row in found.rows)]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_usual_way_of_writing_says_the_same(separator: str, encoding: str, line_end: str) -> None:
    text = PLAIN.replace(",", separator).replace("\n", line_end)
    found = read_list(text.encode(encoding), rows_most=10)
    assert found.headings == ("Name", "Email")
    assert [row.cells for row in found.rows] == [("Zoë Ångström", "zoe@example.org")]
    assert found.is_windows is (encoding == "cp1252")


def test_big_endian_is_read_too() -> None:
    assert read(b"\xfe\xff" + PLAIN.encode("utf-16-be"))[1][0] == "Zoë Ångström"


def test_quotes_breaks_and_empty_lines_keep_the_count_of_lines() -> None:
    text = '\n"Name";"Note; with ""marks"""\n\n"Two\nlines";x\n;;\n Last ;\n'
    found = read_list(text.encode(), rows_most=10)
    assert found.headings == ("Name", 'Note; with "marks"')
    assert [(row.line, row.cells) for row in found.rows] == [(4, ("Two lines", "x")), (7, ("Last", ""))]


def test_the_line_that_names_the_separator_is_none_of_the_list() -> None:
    found = read_list(b"sep=;\nName;Email\nA, B;x\n", rows_most=10)
    assert (found.headings, found.rows[0].cells, found.rows[0].line) == (("Name", "Email"), ("A, B", "x"), 3)


def test_a_title_above_the_headings_is_left_out() -> None:
    found = read_list(b"Our learners\n\nName;Email\nNia;nia@example.org\n", rows_most=10)
    assert (found.headings, [(row.line, row.cells) for row in found.rows]) == (
        ("Name", "Email"), [(4, ("Nia", "nia@example.org"))],
    )  # fmt: skip
    assert read(b"Cohort\nAutumn\nWinter\n") == [("Cohort",), ("Autumn",), ("Winter",)]


def test_headings_may_be_empty_or_alike_and_rows_longer_or_shorter() -> None:
    found = read_list(b"Name,,Name,,\na\na,b,c,,\na,b,c,d\n", rows_most=10)
    assert found.headings == ("Name", "Column 2", "Name")
    assert [(row.cells, row.has_more) for row in found.rows] == [
        (("a", "", ""), False), (("a", "b", "c"), False), (("a", "b", "c"), True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The file is empty"),
        (b"\xef\xbb\xbf", "The file is empty"),
        (b" \r\n,,\n", "The file is empty"),
        (b"Name,Email\n", "nothing below the headings"),
        (b"Nia,nia@example.org\nObi,obi@example.org\n", "a line of headings first"),
        (b"PK\x03\x04" + bytes(100), "a workbook or an archive"),
        (b"\xd0\xcf\x11\xe0" + bytes(100), "a workbook of an old kind"),
        (b"%PDF-1.7\n", "This is a PDF"),
        (b"\x1f\x8b\x08", "This is an archive"),
        (b"Name\nA\x00B\n", "characters that no list has"),
        ("Name\nA\n".encode("utf-16-le"), "characters that no list has"),
        (b"\xff\xfe\x00\x00" + "Name\nA\n".encode("utf-32-le"), "characters that no list has"),
        (b"\xff\xfeN\x00a", "its text breaks off"),
        (b"Name\n\x81\x8d\x9d\n", "The alphabet of the file cannot be told"),
        (b'Name,Email\n"Nia,nia@example.org\nObi,x\n', "begins on line 2 cannot be read"),
        (b'Name,Email\n"Nia"a,nia@example.org\n', "begins on line 2 cannot be read"),
        (b"Name\n" + b"x" * (CELL_MOST + 1), f"Line 2 has a cell of more than {CELL_MOST}"),
        (b"Name\n" + b"x" * 1_000_000, f"Line 2 has a cell of more than {CELL_MOST}"),
        (b"Name\n" + b"x," * (COLUMNS_MOST + 1), f"Line 2 has more than {COLUMNS_MOST} cells"),
        (b"Name\n" + b"A\n" * 101, "more than 100 rows"),
        (b"x" * (BYTES_MOST + 1), "larger than 1.5 MB"),
        (b'"' * 1_000_001 + b"\nx", "has a cell of more than"),
        (unpacked()[:1_400_000], "a workbook or an archive"),
    ],
)
def test_what_is_no_sound_list_is_refused_at_once_with_a_sentence(content: bytes, says: str) -> None:
    began = time.process_time()
    with pytest.raises(Rejected, match=says):
        read_list(content, rows_most=100)
    assert time.process_time() - began < 1


def test_lists_of_the_hostile_collection_are_read_or_refused() -> None:
    """Never with anything but a sentence, and never slowly."""
    if not COLLECTION.is_dir():
        pytest.skip("the collection of hostile files is not here")
    paths = [path for path in COLLECTION.rglob("*") if path.is_file()]
    assert len(paths) > 50
    for path in paths:
        began = time.process_time()
        with suppress(Rejected):
            read_list(path.read_bytes(), rows_most=5_000)
        assert time.process_time() - began < 1, path.name


def test_utf_16_of_the_collection_reads_right() -> None:
    path = COLLECTION / "lists" / "stanley-cups-utf-16.csv"
    if not path.is_file():
        pytest.skip("the collection of hostile files is not here")
    found = read_list(path.read_bytes(), rows_most=100)
    assert len(found.headings) == 3
    assert not found.is_windows


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\uff1d1+1", '=HYPERLINK("x")'])
def test_what_a_spreadsheet_would_run_is_text_and_comes_back_as_it_was(cell: str) -> None:
    assert spreadsheet_safe(cell) == f"'{cell}"
    written = write_list([("Name", "Note"), (cell, "x")])
    rows = list(csv.reader(StringIO(written.decode("utf-8-sig"), newline="")))
    assert rows[1][0] == f"'{cell}"
    assert read(written)[1][0] == cell.strip()


@pytest.mark.parametrize("cell", ["", "Nia", "O’Neil", "'Nuff", "5-1", "a=b"])
def test_other_text_stays(cell: str) -> None:
    assert spreadsheet_safe(cell) == cell
    assert read(write_list([("Name", "Note"), (cell, "x")]))[1][0] == cell
