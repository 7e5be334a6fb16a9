"""Evidence on the pages of the book: wide tables sideways, wider ones in groups, nothing that hangs over the edge."""

import io
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from portfolio.documents.blocks import Block, Card, Extract, Heading, Paragraph, Quote, Run, Table, plain
from portfolio.documents.wordbook.content import Book, FilePart, OutcomePart, UnitPart
from portfolio.documents.wordbook.flow import duration, is_from_right
from portfolio.documents.wordbook.measures import Columns
from portfolio.documents.wordbook.styles import LANDSCAPE, PORTRAIT
from portfolio.documents.wordbook.writer import write_book
from tests.documents.books import book, picture, unit
from tests.documents.well_made import body, lacks, visible

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ARABIC = "كتبتُ هذه الشكوى (صفحة 12)."
WORDS = st.text(st.sampled_from("aWi1 م日\n-"), max_size=60)


def table(columns: int, rows: int, said: str = "Missed or wrong appointment") -> Table:
    """A table whose first column says which row it is."""
    head = tuple(plain(f"Column {n}") for n in range(columns))
    return Table((head, *((plain(f"Row {n}"), *(plain(said),) * (columns - 1)) for n in range(rows))))


def written(*files: Sequence[Block]) -> bytes:
    """The book with an item that holds just these files."""
    first, *others = book().items
    parts = tuple(FilePart(f"file-{n}.xlsx", Extract(tuple(blocks))) for n, blocks in enumerate(files))
    return made(replace(book(), items=(replace(first, files=parts), *others)))


def made(content: Book) -> bytes:
    target = io.BytesIO()
    write_book(target, content)
    assert lacks(target.getvalue()) == []
    return target.getvalue()


def pages(data: bytes) -> list[tuple[str, str]]:
    """The sections of a book, each as the way its pages stand and its text."""
    found, text = [], ""
    for element in body(data)[0]:
        text += "".join(piece.text or "" for piece in element.iter(f"{W}t"))
        size = next(element.iter(f"{W}pgSz"), None)
        if size is not None:
            found.append((str(size.get(f"{W}orient", "portrait")), text))
            text = ""
    return found


def page_of(data: bytes, words: str) -> str:
    [orientation] = {way for way, text in pages(data) if words in text}
    return orientation


def widths(data: bytes) -> list[list[int]]:
    grids = body(data).iter(f"{W}tblGrid")
    return [[int(str(column.get(f"{W}w"))) for column in grid] for grid in grids]


def rows_under(data: bytes, title: str) -> list[etree._Element]:
    """The rows of the first table under a heading with this title."""
    headings = (p for p in body(data).iter(f"{W}p") if _style(p).startswith("Heading"))
    heading = next(p for p in headings if "".join(t.text or "" for t in p.iter(f"{W}t")) == title)
    return next(one for one in heading.itersiblings() if one.tag == f"{W}tbl").findall(f"{W}tr")


def test_a_narrow_table_stays_upright_and_a_wide_one_is_turned() -> None:
    data = written([table(4, 5)], [table(12, 30)], [Paragraph(plain("An end"))])
    assert page_of(data, "file-0.xlsx") == "portrait"
    assert page_of(data, "file-1.xlsx") == "landscape"
    assert page_of(data, "An end") == "portrait"


def test_headings_and_notes_go_with_the_table_that_they_are_about() -> None:
    sheets: list[Block] = [
        Heading(1, plain("First sheet")),
        table(12, 30),
        Heading(1, plain("Text")),
        Paragraph(plain("Upright")),
    ]
    data = written(sheets)
    assert page_of(data, "First sheet") == page_of(data, "file-0.xlsx") == "landscape"
    assert page_of(data, "Upright") == "portrait"
    assert all("First sheet" not in text for way, text in pages(data) if way == "portrait" and "file-0" not in text)


def test_pages_that_lie_beside_each_other_are_one_section() -> None:
    before = len(pages(written([table(12, 30)])))
    assert len(pages(written([table(12, 30)], [table(12, 30)]))) == before
    assert len(pages(written([table(12, 30), table(3, 4), table(12, 30)]))) == before
    assert len(pages(written([table(12, 30), table(3, 40), table(12, 30)]))) == before + 2


def test_a_table_that_ends_its_page_is_followed_by_nothing_but_the_end_of_the_section() -> None:
    ends = [p for p in body(written([table(12, 30)])).iter(f"{W}p") if _style(p) == "SectionEnd"]
    before = [end.getprevious() for end in ends]
    assert [one.tag for one in before if one is not None].count(f"{W}tbl") >= 2
    assert all(_style(one) != "AfterTable" for one in before if one is not None)


def test_a_very_wide_table_comes_in_groups_with_the_first_column_again() -> None:
    data = written([table(60, 3, "9,123.45")])
    text = visible(data)
    assert page_of(data, "Columns 1 to ") == "landscape"
    assert text.count(", with the first one again") >= 3
    groups = [grid for grid in widths(data) if LANDSCAPE.text_width - 20 < sum(grid) and len(grid) > 8]
    assert sum(len(grid) - 1 for grid in groups) >= 59
    assert all(f"Column {n}" in text for n in range(60))
    assert text.count("Row 2") == text.count("with the first one again") + 1


def test_no_table_hangs_over_the_edge() -> None:
    data = written([table(60, 3), table(12, 9), table(2, 3, "x" * 5000), table(1, 2), table(70, 1, "")])
    assert max(sum(grid) for grid in widths(data)) <= LANDSCAPE.text_width
    for way, room in (("portrait", PORTRAIT.text_width), ("landscape", LANDSCAPE.text_width)):
        assert any(kind == way for kind, _text in pages(data))
        assert all(sum(grid) <= room for grid in _grids_of(data, way))


def _grids_of(data: bytes, way: str) -> list[list[int]]:
    found: list[list[int]] = []
    waiting: list[list[int]] = []
    for element in body(data)[0]:
        waiting += [[int(str(c.get(f"{W}w"))) for c in grid] for grid in element.iter(f"{W}tblGrid")]
        size = next(element.iter(f"{W}pgSz"), None)
        if size is not None:
            found += waiting if size.get(f"{W}orient", "portrait") == way else []
            waiting = []
    return found


def test_no_word_is_broken_where_there_is_room() -> None:
    rows = Table((tuple(map(plain, ("Received", "How", "Depot", "Cause"))),
                  tuple(map(plain, ("25/05/2026", "Telephone", "North", "A long cause " * 9)))))  # fmt: skip
    columns = Columns(rows.rows)
    assert columns.page() is PORTRAIT
    grid = columns.widths(columns.groups(PORTRAIT.text_width)[0], PORTRAIT.text_width)
    received, how, _depot, cause = grid
    assert received >= 1000
    assert how >= 940
    assert cause > sum(grid) // 2


@given(st.lists(st.lists(WORDS, max_size=40), max_size=6), st.sampled_from((PORTRAIT, LANDSCAPE)))
def test_every_column_has_its_place_and_none_is_wider_than_the_page(rows: list[list[str]], page: object) -> None:
    room = LANDSCAPE.text_width if page is LANDSCAPE else PORTRAIT.text_width
    columns = Columns([[plain(text) for text in row] for row in rows])
    groups = columns.groups(room)
    assert sorted({number for group in groups for number in group}) == list(range(len(columns)))
    assert all(group[0] == 0 for group in groups)
    assert sum(len(group) - 1 for group in groups) == max(0, len(columns) - 1)
    for group in groups:
        shares = columns.widths(group, room)
        assert sum(shares) <= room
        assert min(shares) > 0


def test_a_row_stays_whole_unless_it_is_very_tall() -> None:
    tall = Table(
        (tuple(map(plain, "ab")), tuple(map(plain, ("short", "x"))), tuple(map(plain, ("tall", "word " * 900))))
    )
    first, second, third = rows_under(written([tall]), "file-0.xlsx")
    assert [row.find(f"{W}trPr/{W}cantSplit") is not None for row in (first, second, third)] == [True, True, False]
    assert first.find(f"{W}trPr/{W}tblHeader") is not None


@pytest.mark.parametrize(("seconds", "said"), [(0.4, "0:00"), (58.2, "0:58"), (605, "10:05"), (3725, "1:02:05")])
def test_how_long_a_recording_takes(seconds: float, said: str) -> None:
    assert duration(seconds) == said


def test_the_card_of_a_recording() -> None:
    heard = Card("call.mp3", "audio/mpeg", 2_345_678, "9f" * 32, "What was said stands below.", seconds=605)
    unseen = Card("drawing.dwg", "image/vnd.dwg", 12, "ab" * 32, "Kept as it is, not shown in the book.")
    data = written([heard, Heading(1, plain("Transcript")), Paragraph(plain("Good morning."))], [unseen])
    said = ["".join(t.text or "" for t in row.iter(f"{W}t")) for row in rows_under(data, "file-0.xlsx")]
    assert said == ["Filecall.mp3", "TypeSound recording (audio/mpeg)", "Length10:05", "Size2.3 MB",
                    f"SHA-256{'9f' * 32}", "In the bookWhat was said stands below."]  # fmt: skip
    assert "Length" not in "".join("".join(row.itertext()) for row in rows_under(data, "file-1.xlsx"))
    kept = [row.find(f".//{W}keepNext") is not None for row in rows_under(data, "file-0.xlsx")]
    assert kept == [False, True, True, True, True, False]


def test_pictures_and_tables_say_whose_they_are() -> None:
    data = written([picture(30, 20), picture(30, 21), table(2, 2)])
    root = body(data)
    item = "E001 Call notes and ledger of a referred refund case: file-0.xlsx"
    spoken = {str(one.get("descr")) for one in root.iter() if str(one.tag).endswith("}docPr")}
    assert {f"{item}, picture 1", f"{item}, picture 2"} <= spoken
    assert f"Table of {item}" in {str(one.get(f"{W}val")) for one in root.iter(f"{W}tblCaption")}


@pytest.mark.parametrize(
    ("text", "expected"), [(ARABIC, True), ("123 فاتورة", True), ("Hello م", False), ("日本", False), ("…", False)]
)
def test_which_way_a_text_is_read(text: str, expected: bool) -> None:
    assert is_from_right(text) is expected


def test_text_that_is_read_from_the_right_is_set_so() -> None:
    arabic = (Run(ARABIC),)
    data = written([Paragraph(arabic), Quote(arabic), Table(((arabic,),)), Paragraph((Run("Left, "), Run(ARABIC)))])
    turned = [p for p in body(data).iter(f"{W}p") if ARABIC in "".join(t.text or "" for t in p.iter(f"{W}t"))]
    assert [p.find(f"{W}pPr/{W}bidi") is not None for p in turned] == [True, True, True, False]
    assert all(p.find(f".//{W}rtl") is not None for p in turned)


def test_units_of_which_only_the_title_is_known_share_pages() -> None:
    outline = [UnitPart(f"Z/{n}", f"Outline {n}", (), note="Known in outline only.") for n in range(3)]
    data = made(replace(book(), units=(unit(), *outline)))
    titles = [p for p in body(data).iter(f"{W}p") if "Outline" in "".join(t.text or "" for t in p.iter(f"{W}t"))]
    breaks = [p.find(f"{W}pPr/{W}pageBreakBefore") for p in titles if _style(p) == "Heading1"]
    assert [one is not None and one.get(f"{W}val") == "0" for one in breaks] == [False, True, True]


def test_a_unit_without_evidence_has_no_columns_for_it() -> None:
    bare = tuple(
        OutcomePart(part.code, part.title, tuple(replace(row, entries=()) for row in part.criteria))
        for part in unit().outcomes
    )
    data = made(replace(book(), units=(replace(unit(), outcomes=bare),)))
    assert len(rows_under(data, "Criteria and evidence")[0].findall(f"{W}tc")) == 3
    assert len(rows_under(made(book()), "Criteria and evidence")[0].findall(f"{W}tc")) == 8
    assert page_of(data, "Establish what was referred") == "portrait"


def test_what_is_to_be_read_of_a_unit_stands_upright_after_its_matrix() -> None:
    data = made(book())
    found = [way for way, text in pages(data) if "Establish what was referred" in text and "By" in text]
    assert "landscape" in found
    assert all(way == "portrait" for way, text in pages(data) if "A strong start on" in text)


def _style(paragraph: etree._Element) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if style is None else str(style.get(f"{W}val"))
