"""How stand-ins spread over stretches of text, and what becomes of formulas, numbers, names and tracked changes."""

import pytest
from lxml import etree

from portfolio.documents.redaction.maker import redact_inner
from portfolio.documents.redaction.matching import Match
from portfolio.documents.redaction.office_formulas import Formulas, can_make_words, identifier, sheet_name, unlike
from portfolio.documents.redaction.office_numbers import Numbers
from portfolio.documents.redaction.office_text import spread
from portfolio.documents.redaction.office_tracked import accept
from portfolio.documents.redaction.plan import Plan, Swap
from portfolio.documents.redaction.work import Work

HALE = Swap("Margaret Hale", "Customer A", "PERSON")
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STYLES = (
    '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="00000000000"/><numFmt numFmtId="165" '
    'formatCode="dd/mm/yyyy"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs>'
    "</styleSheet>"
)


def at_work() -> Work:
    return Work(Plan((HALE,)), redact_inner)


@pytest.mark.parametrize(
    ("texts", "marks", "told"),
    [
        (["Margaret Hale"], [False], ["A"]),
        (["Mar", "", "garet ", "Hale!"], [False] * 4, ["A", "", "", "!"]),
        (["Margaret", "\t", "Hale"], [False, True, False], ["A", None, ""]),
        (["\u2022", "Margaret Hale"], [True, False], ["\u2022", "A"]),
        (["M", "argaret Hale"], [True, False], [None, "A"]),
        (["Margaret", " Hale"], [True, True], ["A", None]),
    ],
)
def test_a_stand_in_goes_to_the_first_stretch_of_words(
    texts: list[str], marks: list[bool], told: list[str | None]
) -> None:
    start = "".join(texts).index("Margaret")
    assert spread(texts, marks, [Match(start, start + 13, Swap("x", "A", "PERSON"))]) == told


def test_several_stand_ins_go_where_they_belong() -> None:
    found = [Match(0, 3, Swap("x", "A", "PERSON")), Match(4, 7, Swap("x", "BB", "PERSON"))]
    assert spread(["one t", "wo, three"], [False, False], found) == ["A BB", ", three"]


@pytest.mark.parametrize(
    ("formula", "after"),
    [
        ("SUM(A1:A3)", "SUM(A1:A3)"),
        ("'Hale list'!A1+Hales", "'List 1'!A1+Name_1"),
        ("HALES*2", "Name_1*2"),
        ("SUM('Other:Hale list'!B2)", "SUM('Other:List 1'!B2)"),
        ("'[2]Margaret Hale'!A1", "'[2]Customer A'!A1"),
        ('"Dear ""Margaret Hale"""&A1', '"Dear ""Customer A"""&A1'),
        ("Calls[Margaret Hale]", "Calls[Customer A]"),
        ("Calls[Number]", "Calls['[phone 1']]"),
        ("Margaret_Hale+1", None),
        ('CONCATENATE("Marga","ret"," ","Hale")', None),
    ],
)
def test_names_in_formulas_follow(formula: str, after: str | None) -> None:
    formulas = Formulas(at_work())
    formulas.rename("Hale list", "List 1")
    formulas.rename("Hales", "Name_1")
    formulas.rename_column("Number", "[phone 1]")
    assert formulas.said(formula, "Sheet 1") == after


@pytest.mark.parametrize(
    ("formula", "can"), [("A1&$B$22", False), ('"x"', True), ("A1+1234", True), ("UNICHAR(A1)", True)]
)
def test_formulas_that_can_make_words(formula: str, *, can: bool) -> None:
    assert can_make_words(formula) is can


def test_names_fit_their_format_and_are_told_apart() -> None:
    assert sheet_name("[phone 1]/2") == "phone 12"
    assert identifier("[phone 1] x") == "phone_1_x"
    assert identifier("1 a") == "Name_1_a"
    taken = {"customer a"}
    assert [unlike("Customer A", taken), unlike("Customer A", taken)] == ["Customer A 2", "Customer A 3"]


@pytest.mark.parametrize(
    ("value", "style", "reading"),
    [
        ("1632960123", "0", "01632960123"),
        ("1.632960123E9", "0", "01632960123"),
        ("7911123", "1", "00007911123"),
        ("25631", "2", "4 March 1970"),
        ("25631", "2", "04/03/1970"),
        ("25631.5", "2", "1970-03-04"),
        ("12.5", None, "12.5"),
        ("nonsense", "7", "nonsense"),
    ],
)
def test_numbers_are_read_as_people_write_them(value: str, style: str | None, reading: str) -> None:
    assert reading in list(Numbers(etree.fromstring(STYLES)).readings(value, style))


def test_days_of_a_workbook_of_old_computers() -> None:
    numbers = Numbers(etree.fromstring(STYLES), is_of_mac=True)
    assert next(numbers.readings("24169", "2")) == "1970-03-04"
    assert list(numbers.readings("1e9999", "2")) == ["1e9999"]


def test_tracked_changes_of_tables_and_ends_of_paragraphs() -> None:
    row = "<w:tr><w:trPr>{}</w:trPr><w:tc><w:tcPr>{}</w:tcPr><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>{}</w:tr>"
    cell = "<w:tc><w:p/></w:tc>"
    root = etree.fromstring(
        f'<w:body xmlns:w="{W}"><w:tbl>{row.format("<w:del/>", "", "gone", "")}{row.format("<w:ins/>", "", "kept", "")}'
        f"{row.format('', '<w:cellDel/>', 'cell', cell)}{row.format('', '<w:cellDel/>', 'alone', '')}</w:tbl>"
        f"<w:tbl>{row.format('<w:del/>', '', 'table', '')}</w:tbl>"
        "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>last</w:t></w:r></w:p></w:body>"
    )
    work = at_work()
    assert accept(work, root)
    assert not accept(work, root)
    assert len(list(root.iter(f"{{{W}}}tbl"))) == 1
    assert [one.text for one in root.iter(f"{{{W}}}t")] == ["kept", "alone", "last"]
    assert not [one for one in root.iter(etree.Element) if one.tag in {f"{{{W}}}del", f"{{{W}}}ins"}]
