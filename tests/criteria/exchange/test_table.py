"""The table as people fill it in: as a workbook and as CSV, with what spreadsheets do to codes."""

from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from portfolio.criteria.exchange.formats import Format, read, write
from portfolio.criteria.exchange.shaping import Assumed
from portfolio.criteria.exchange.table import FACTS, HEADINGS
from portfolio.criteria.exchange.template import CHOICES, GUIDANCE, template_csv, template_workbook
from portfolio.criteria.packs import read_pack
from portfolio.criteria.rules import Status
from portfolio.opening import SHIPPED
from tests.criteria.exchange.faults import faults_of
from tests.criteria.exchange.packs import MOMENT

ROWS: list[list[Any]] = [
    ["What it is", "code", "Title or wording", "Level", "Kind", "Methods", "For criteria", "Ours"],
    ["Fact", "Reference", "601/1511/4"],
    ["fact", "title", "Diploma in complaints"],
    ["Fact", "Level", 3],
    ["Fact", "New learners until", date(2027, 8, 31)],
    ["# a note", "not", "read"],
    [],
    ["Unit", "U1", "Complaints", 3],
    ["LO", "1", "Deal with them"],
    ["Learning outcome", 1, "Deal with them", None, "Performance"],
    ["Criterion", "1.1", "Listen", None, None, "o / pe; pd"],
    ["Assessment criterion", "1.10", "=Ask", None, None, None, None, "left out"],
    ["Hint", None, "Keep a diary", None, "Key concept", None, "1.1; 1.10"],
]


def workbook(rows: list[list[Any]], title: str = "Criteria", *before: str) -> bytes:
    """Rows as a workbook; text that looks like a formula is text when it begins with an apostrophe."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(number, column, value)
            if value == "=Ask":
                cell.data_type = "s"
    for place, name in enumerate(before):
        book.create_sheet(name, place).append(["Nothing", "of", "the", "table"])
    target = BytesIO()
    book.save(target)
    return target.getvalue()


SOUND = [row for row in ROWS if row[:1] != ["LO"]]


def test_a_table_that_was_filled_in_by_hand() -> None:
    """Any order of columns, other words for rows, numbers and days as a spreadsheet keeps them, notes and gaps."""
    reading = read(workbook(SOUND, "Mine", "First"))
    pack = reading.pack
    assert reading.format is Format.XLSX
    assert (pack.reference, pack.title, pack.level) == ("601/1511/4", "Diploma in complaints", 3)
    assert (pack.operational_end, pack.status) == (date(2027, 8, 31), Status.DRAFT)
    [unit] = pack.groups[0].units
    [outcome] = unit.outcomes
    assert (outcome.code, outcome.kind) == ("1", "performance")
    assert [(one.code, one.text) for one in outcome.criteria] == [("1.1", "Listen"), ("1.10", "=Ask")]
    assert outcome.criteria[0].methods == ("O", "PE", "PD")
    assert (unit.guidance[0].kind, unit.guidance[0].criteria) == ("key_concept", ("1.1", "1.10"))
    said = " ".join(reading.remarks)
    for word in ("not one of the table's", "organisation", "credit", "methods"):
        assert word in said, word


def test_what_the_file_does_not_say_may_be_given() -> None:
    rows = [row for row in SOUND if row[1:2] != ["Level"]]
    reading = read(workbook(rows), Assumed(5, "A body"))
    assert (reading.pack.level, reading.pack.awarding_organisation) == (5, "A body")
    assert read(workbook(SOUND), Assumed(5, "A body")).pack.level == 3


def test_every_fault_is_named_with_its_cell() -> None:
    """Codes that became numbers or days, formulas, unknown words, and what the checker of packs says."""
    wrong = [
        *ROWS[:2],
        ["Fact", "Title", "=A1"],
        ["Fact", "Reference", "Again"],
        ["Fact", "Colour", "Red"],
        ["Fact", "Credits in all", 4.5],
        ["Hint", None, "Too early", None, "tip"],
        ["Unit", "U1", "Complaints", "three"],
        ["Outcome", "1", "Deal", None, "doing"],
        ["Criterion", 1.1, "Listen"],
        ["Criterion", date(2026, 2, 1), "Ask"],
        ["Criterion", "1.3", "x" * 2_001, None, None, "O, ZZ"],
        ["Criterion", "1.3", "Twice"],
        ["Emperor", "1.4", "Rule"],
        ["Criterion", "1.5", True],
        ["Group", "1 2", "Optional"],
    ]
    faults = faults_of(workbook(wrong))
    for place, word in [
        ("Criteria!C3", "formula"),
        ("Criteria!B4", "said twice"),
        ("Criteria!B5", "“Colour” is no fact"),
        ("Criteria!C6", "whole number"),
        ("Criteria, row 7", "below the unit"),
        ("Criteria!D8", "“Level” must be a whole number"),
        ("Criteria!E9", "unknown kind “doing”"),
        ("Criteria!B10", "1.10 would be 1.1"),
        ("Criteria!B11", "1.10 would be 1.1"),
        ("Criteria, row 12", "longer than 2000"),
        ("Criteria!F12", "unknown method “ZZ”"),
        ("Criteria, row 13", "already used at Criteria, row 12"),
        ("Criteria!A14", "one of Fact, Group"),
        ("Criteria!C15", "cannot be read as text"),
    ]:
        assert any(at == place and word in said for at, said in faults), (place, word, faults)
    rows = [int("".join(sign for sign in at if sign.isdigit())) for at, _said in faults if at != "file"]
    assert rows == sorted(rows)


def test_a_csv_names_lines_and_columns() -> None:
    text = "What it is;Code;Title or wording;Level\nFact;Reference;A1\nFact;Title;A\nUnit;U1;Complaints;9\n"
    assert ("line 4, “Level”", "“Level” must lie between 1 and 8") in faults_of(text.encode())
    windows = text.replace("Complaints;9", "Café;3").encode("cp1252")
    assert any("Windows-1252" in remark for remark in read(windows).remarks)


def test_what_is_missing_is_named() -> None:
    faults = faults_of(b"What it is,Code,Title or wording\nUnit,U1,Complaints\n")
    assert [said for _at, said in faults] == [
        "the fact “Reference” is needed, and there is nothing",
        "the fact “Title” is needed, and there is nothing",
    ]
    assert ("line 1, “code”", "this heading stands here twice") in faults_of(b"What it is,Code,Title or wording,code\n")


@pytest.mark.parametrize("data", [template_workbook(), template_csv()], ids=["workbook", "csv"])
def test_the_template_is_sound_once_it_has_a_reference_and_a_title(data: bytes) -> None:
    """It says what to write where, and its rows are those of a unit."""
    faults = faults_of(data)
    assert {said for _at, said in faults} == {
        "the fact “Reference” is needed, and there is nothing",
        "the fact “Title” is needed, and there is nothing",
    }
    if data.startswith(b"PK"):
        book = openpyxl.load_workbook(BytesIO(data))
        assert book.sheetnames == ["Criteria", "How to fill this in"]
        assert len(book["Criteria"].data_validations.dataValidation) == len(CHOICES)
        assert [cell.value for cell in book["Criteria"][1]] == list(HEADINGS)
        assert book["How to fill this in"].max_row == len(GUIDANCE) + 1
        for row in book["Criteria"].iter_rows(max_row=10, max_col=3):
            if row[1].value in {"Reference", "Title"}:
                row[2].value = "A1"
        target = BytesIO()
        book.save(target)
        data = target.getvalue()
    else:
        data = data.replace(b"Fact,Reference,", b"Fact,Reference,A1").replace(b"Fact,Title,", b"Fact,Title,A1")
    pack = read(data).pack
    assert [one.code for one in pack.groups[0].units[0].outcomes[0].criteria] == ["1.1", "1.2"]
    assert len(FACTS) == len(set(FACTS))


@pytest.mark.parametrize("wanted", [Format.XLSX, Format.CSV])
def test_nothing_that_is_written_runs(wanted: Format) -> None:
    """In a workbook text is text; in CSV what would run begins with an apostrophe, which is taken off again."""
    pack = read(workbook(SOUND)).pack
    data = write(pack, wanted, changed=MOMENT)
    if wanted is Format.CSV:
        assert b",'=Ask," in data
    else:
        cells = [cell for row in openpyxl.load_workbook(BytesIO(data))["Criteria"].iter_rows() for cell in row]
        assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n"}
        assert "=Ask" in {cell.value for cell in cells}
    assert read(data).pack == pack


def test_lists_of_choices_fit_what_a_spreadsheet_takes() -> None:
    assert all(len(",".join(words)) <= 255 for words in CHOICES.values())
    pack = read_pack(SHIPPED / "qs-l3-customer-service.yaml")
    assert write(pack, Format.XLSX, changed=MOMENT).startswith(b"PK")
