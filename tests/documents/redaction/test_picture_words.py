"""Words on a picture with their places: what is covered, what stays, and what an engine misread."""

import pytest
from PIL import Image

from portfolio.documents.ocr import Word
from portfolio.documents.redaction.line_ends import broken, joined_in
from portfolio.documents.redaction.marking import (
    Mark,
    Piece,
    Sheet,
    is_covered,
    marks_of,
    merged,
    paint,
    pieces_of,
    read,
)
from portfolio.documents.redaction.matching import Matcher
from portfolio.documents.redaction.misreading import Misreader
from portfolio.documents.redaction.plan import Swap

NAME = Swap("Margaret Halewick", "Customer A", "PERSON")
WORDS = [
    Word("Dear", 0.1, 0.1, 0.2, 0.14, 0),
    Word("Margaret", 0.22, 0.1, 0.4, 0.14, 0),
    Word("Halewick,", 0.1, 0.2, 0.3, 0.24, 1),
    Word("hello", 0.32, 0.2, 0.4, 0.24, 1),
]


def test_a_name_on_two_lines_is_covered_on_both() -> None:
    sheet = read(WORDS)
    assert sheet.text == "Dear Margaret\nHalewick, hello"
    marks = marks_of(sheet, Matcher([NAME]).find(sheet.text))
    assert [(mark.stand_in, mark.turn) for mark in marks] == [("", 0), ("Customer A", 0)]
    assert [mark.covers((0.22, 0.1, 0.4, 0.14)) for mark in marks] == [True, False]
    assert [mark.covers((0.1, 0.2, 0.3, 0.24)) for mark in marks] == [False, True]
    assert [piece.text for piece in pieces_of([sheet], marks)] == ["Dear", "Customer A", "hello"]


def test_a_name_upwards_is_covered_and_written_upwards() -> None:
    places = [(0.5, 0.9 - at * 0.02, 0.52, 0.92 - at * 0.02) for at in range(len(NAME.words))]
    sheet = Sheet(NAME.words, [None if sign == " " else place for sign, place in zip(NAME.words, places, strict=True)])
    (mark,) = marks_of(sheet, Matcher([NAME]).find(sheet.text))
    assert mark.turn == 90
    assert pieces_of([sheet], [mark]) == [Piece("Customer A", mark.rect, 90)]


def test_a_name_that_runs_aslant_does_not_cover_the_page() -> None:
    places = [(0.1 + at * 0.04, 0.1 + at * 0.04, 0.12 + at * 0.04, 0.12 + at * 0.04) for at in range(8)]
    marks = marks_of(Sheet("Halewick", list(places)), Matcher([Swap("Halewick", "A", "PERSON")]).find("Halewick"))
    assert len(marks) == 8
    assert all(any(mark.covers(place) for mark in marks) for place in places)


def test_what_is_known_of_a_place_is_not_marked_twice() -> None:
    known = Mark((0.1, 0.1, 0.3, 0.2), "A")
    assert is_covered([(0.1, 0.1, 0.32, 0.2), None], [known])
    assert not is_covered([(0.1, 0.1, 0.32, 0.2), (0.3, 0.1, 0.4, 0.2)], [known])
    assert merged([known], Mark((0.05, 0.1, 0.4, 0.25))) == [Mark((0.05, 0.1, 0.4, 0.25), "A")]
    assert merged([known], Mark((0.5, 0.5, 0.6, 0.6))) is None


def test_a_stand_in_that_nothing_stood_for_is_said_as_well() -> None:
    assert pieces_of([read(WORDS)], [Mark((0.6, 0.6, 0.9, 0.9), "Customer A")])[-1].text == "Customer A"


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_paint_covers_whatever_the_colours_are(mode: str) -> None:
    picture = Image.new(mode, (200, 100), "white")
    paint(picture, [Mark((0.0, 0.0, 0.5, 0.5)), Mark((0.5, 0.5, 1.0, 1.0), "A")])
    assert picture.convert("RGB").crop((0, 0, 98, 48)).getextrema() == ((0, 0),) * 3
    written = picture.convert("L").crop((103, 53, 196, 96))
    assert min(written.tobytes()) < 40 < max(written.tobytes()) < 250


@pytest.mark.parametrize("text", ["Margaret Ha1ewick", "MARGARET HALEW1CK", "Margaret HaIewick"])
def test_signs_that_look_alike_are_the_same_in_a_picture(text: str) -> None:
    found = Misreader([NAME]).find(f"Mrs {text} called", [])
    assert [(match.start, match.end, match.swap) for match in found] == [(4, 4 + len(text), NAME)]


def test_short_and_ordinary_words_are_not_guessed() -> None:
    swaps = [Swap("Bill", "A", "PERSON"), Swap("Grace Close", "B", "PERSON", is_ordinary=True)]
    assert Misreader(swaps).find("B1ll, Gr4ce C1ose", []) == []


def test_what_was_found_already_is_not_found_again() -> None:
    text = "Margaret Halewick"
    assert Misreader([NAME]).find(text, Matcher([NAME]).find(text)) == []


@pytest.mark.parametrize("end", ["-\n", "\x02", "\x02\n", "\u2010\n", "- \n"])
def test_a_word_that_a_line_breaks_is_one(end: str) -> None:
    text = f"first line\nDear Margaret Hale{end}wick, hello\nMargaret"
    (match,) = broken(joined_in(text), Matcher([NAME]))
    assert text[match.start : match.end] == f"Margaret Hale{end}wick"


def test_a_word_beside_a_break_is_left_to_the_search_of_the_whole() -> None:
    assert broken(joined_in("Margaret Halewick and her neigh-\nbour"), Matcher([NAME])) == []
    assert [line.text for line in joined_in("a -\nb, neigh-\nbour.\nend")] == ["b, neighbour."]
