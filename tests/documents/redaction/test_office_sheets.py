"""A workbook with words in every place that the format has: none is left, and everything else is as it was."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.table import Table

from portfolio.documents.redaction.plan import Plan, Swap
from tests.documents.redaction.office_book import workbook
from tests.documents.redaction.office_samples import SHEETS, Planted, read, redacted, unpacked

PHONE = Swap("01632 960123", "[phone 1]", "PHONE")
BORN = Swap("4 March 1970", "[date 1]", "DATE_OF_BIRTH")


def test_nothing_of_any_place_is_left(tmp_path: Path) -> None:
    planted = Planted()
    data = workbook(planted)
    assert len(planted.by_place) > 35
    assert len(planted.left_in(data)) > 35
    result = redacted(data, planted.plan(PHONE, BORN), tmp_path, SHEETS)
    assert planted.left_in(result) == []
    assert not any("1632960123" in layer or ">25631<" in layer for layer in unpacked(result))
    book = openpyxl.load_workbook(io.BytesIO(result))
    said = "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    assert planted.left_in(said.encode()) == []


def test_everything_else_is_kept(tmp_path: Path) -> None:
    planted = Planted()
    data = workbook(planted)
    plan = planted.plan(PHONE, BORN)
    numbers = {swap.words: swap.stand_in for swap in plan.swaps}
    book = openpyxl.load_workbook(io.BytesIO(redacted(data, plan, tmp_path, SHEETS)))
    sheet, hidden = book.worksheets
    name = numbers[planted("sheet")]
    assert [sheet.title, sheet.sheet_state, hidden.sheet_state] == [name, "visible", "veryHidden"]
    assert [cell.value for cell in sheet[1]][:4] == [numbers[planted("column of a table")], "Ring", "Day", "Sum"]
    person = numbers[planted("cell")]
    assert [cell.value for cell in sheet[2]][:4] == [person, "[phone 1]", "[date 1]", 14.5]
    assert sheet["A3"].value == person
    assert sheet["C3"].value.isoformat() == "2009-07-06T00:00:00"
    assert sheet["D3"].value == "=SUM(D2:D2)"
    assert sheet["A5"].value == f'="Dear "&"{numbers[planted("formula")]}"'
    assert sheet["A6"].value == f"=COUNTA('{name}'!A1:A3)"
    assert [sheet["A7"].value, sheet["B7"].value or ""] == [numbers[planted("two cells")], ""]
    assert sheet["A30"].value == numbers[planted("rich text")]
    assert sheet["B30"].value == numbers[planted("kept result")]
    assert sheet["C30"].value == numbers[planted("signs by number")]
    assert [sheet["A31"].value, sheet["B31"].value] == [
        f"Ring {numbers[planted('shared rich text')]} back",
        numbers[planted("said aloud")],
    ]
    assert sheet.row_dimensions[20].hidden
    (table,) = sheet.tables.values()
    assert [table.name, table.tableColumns[0].name] == [numbers[planted("table")].replace(" ", "_"), sheet["A1"].value]
    assert book.defined_names[numbers[planted("range")].replace(" ", "_")].attr_text == f"'{name}'!$A$2"
    assert sheet.evenHeader is not None
    assert sheet.evenHeader.left.text == f"{numbers[planted('split by looks')]}&B rang"
    assert sheet["A2"].comment.author == "Author 2"


def test_the_walk_reads_every_place(tmp_path: Path) -> None:
    planted = Planted()
    texts = read(workbook(planted), tmp_path, SHEETS)
    said = "\n".join(text.words for text in texts)
    said = said.replace("\n", " ").replace("_", " ").replace(".", " ").replace("  ", " ")
    missing = [place for place, name in planted.by_place.items() if name not in said]
    assert missing == ["printer"]
    seen = {text.words for text in texts if text.is_seen}
    assert {planted("cell"), "1970-03-04", planted("sheet")} <= seen
    assert not seen & {planted("hidden sheet"), planted("hidden row"), planted("comment"), planted("author")}
    assert any(text.words == "01632960123" for text in texts)


def test_two_columns_that_become_the_same_are_told_apart(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Margaret Halewick", "Mrs Halewick"])
    book.worksheets[0].append([1, "=Calls[[#This Row],[Mrs Halewick]]"])
    book.worksheets[0].add_table(Table(displayName="Calls", ref="A1:B2"))
    out = io.BytesIO()
    book.save(out)
    swaps = tuple(Swap(words, "Customer A", "PERSON") for words in ("Margaret Halewick", "Mrs Halewick"))
    sheet = openpyxl.load_workbook(io.BytesIO(redacted(out.getvalue(), Plan(swaps), tmp_path, SHEETS))).worksheets[0]
    (table,) = sheet.tables.values()
    assert [cell.value for cell in sheet[1]] == ["Customer A", "Customer A 2"]
    assert [column.name for column in table.tableColumns] == ["Customer A", "Customer A 2"]
    assert sheet["B2"].value == "=Calls[[#This Row],[Customer A 2]]"


@pytest.mark.parametrize(
    ("formula", "kept"),
    [('="Marg"&"aret Halewick"', None), ("=A1", "=A1"), ("=1632960000+123", None), ("=CHAR(77)", None)],
)
def test_a_formula_stays_where_it_cannot_bring_the_words_back(formula: str, kept: str | None, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"], book.worksheets[0]["B1"] = "Margaret Halewick", formula
    out = io.BytesIO()
    book.save(out)
    result = "1632960123" if formula.startswith("=16") else "Margaret Halewick"
    kind = "" if formula.startswith("=16") else ' t="str"'
    data = edited(
        out.getvalue(), '<c r="B1">', f'<c r="B1"{kind}>', "<v></v>", f"<v>{result}</v>", "<v/>", f"<v>{result}</v>"
    )
    plan = Plan((Swap("Margaret Halewick", "Customer A", "PERSON"), PHONE))
    after = redacted(data, plan, tmp_path, SHEETS)
    values = openpyxl.load_workbook(io.BytesIO(after), data_only=True).worksheets[0]
    formulas = openpyxl.load_workbook(io.BytesIO(after)).worksheets[0]
    said = "[phone 1]" if formula.startswith("=16") else "Customer A"
    assert values["B1"].value == said
    assert formulas["B1"].value == (kept or said)


def edited(data: bytes, *pairs: str) -> bytes:
    """A workbook whose first sheet says something else in places."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            text = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                for old, new in zip(pairs[::2], pairs[1::2], strict=True):
                    text = text.replace(old.encode(), new.encode())
            target.writestr(name, text)
    return out.getvalue()
