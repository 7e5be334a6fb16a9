"""Places in an item: what people write is read, and what is kept is read back as it was meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.mapping.places import NAME_MOST, NUMBER_MOST, SHEET_MOST, Place, Spot, read_place, short_name, time_code
from portfolio.mapping.rules import PLACE_MOST

COUNTED = (Spot.PAGE, Spot.PARAGRAPH, Spot.SLIDE, Spot.ROW)
names = st.text(max_size=200).map(short_name)
sheets = st.text(max_size=SHEET_MOST).map(short_name)
columns = st.text("ABCXYZ", min_size=1, max_size=3)
numbers = st.integers(1, NUMBER_MOST)


@st.composite
def places(draw: st.DrawFn) -> Place:
    """Any place there is."""
    spot = draw(st.sampled_from(Spot))
    file = draw(names)
    if spot is Spot.CELL:
        last = draw(st.none() | numbers)
        end = "" if last is None else draw(columns)
        return Place(spot, draw(numbers), last, draw(columns), end, sheet=draw(sheets), file=file)
    first = draw(st.integers(0 if spot is Spot.TIME else 1, NUMBER_MOST - 1))
    last = draw(st.none() | st.integers(first + 1, NUMBER_MOST))
    if spot is Spot.ROW:
        return Place(spot, first, last, sheet=draw(sheets), file=file)
    if spot is Spot.PARAGRAPH:
        on = draw(st.sampled_from(("page", "slide", "")))
        number = draw(numbers)
        page, slide = (number if on == "page" else None), (number if on == "slide" else None)
        return Place(spot, first, last, page=page, slide=slide, file=file)
    return Place(spot, first, last, file=file)


@given(places())
def test_what_is_kept_is_read_back(place: Place) -> None:
    """Whatever the file and the sheet are called; and it fits where it is kept."""
    assert read_place(place.words) == place
    assert len(place.words) <= PLACE_MOST


@given(st.text(max_size=PLACE_MOST))
def test_any_text_is_a_place_or_none(text: str) -> None:
    """And what is read says the same from then on."""
    place = read_place(text)
    assert place is None or read_place(place.words) == place


@pytest.mark.parametrize(
    ("text", "words", "short"),
    [
        ("page 2", "page 2", "p2"),
        ("Page 2", "page 2", "p2"),
        (" p. 12 ", "page 12", "p12"),
        ("pages 2-3", "page 2 to 3", "p2"),
        ("¶4", "paragraph 4", "¶4"),
        ("Paragraphs 3 and 4", "paragraph 3 to 4", "¶3"),
        ("para 4 to ¶6", "paragraph 4 to 6", "¶4"),
        ("Page 2, ¶8", "page 2, paragraph 8", "¶8"),
        ("slide 3, paragraph 1", "slide 3, paragraph 1", "¶1"),
        ("slide 3", "slide 3", "s3"),
        ("line 7", "row 7", "r7"),
        ("rows 7 \N{EN DASH} 9", "row 7 to 9", "r7"),
        ("cell b7", "cell B7", "B7"),
        ("sheet Log, cell b7 to c9", "sheet Log, cell B7 to C9", "B7"),
        ("1:23", "1:23", "1:23"),
        ("at 01:23 to 2:10", "1:23 to 2:10", "1:23"),
        ("75:10", "1:15:10", "1:15:10"),
        ("complaint-letter.pdf, page 2", "complaint-letter.pdf, page 2", "p2"),
        ("call, second part.wav, 0:05", "call second part.wav, 0:05", "0:05"),
        ("log.xlsx, sheet May, row 9", "log.xlsx, sheet May, row 9", "r9"),
    ],
)
def test_as_people_write_it(text: str, words: str, short: str) -> None:
    """Each in our words, and as short as it gets."""
    place = read_place(text)
    assert place is not None
    assert (place.words, place.short) == (words, short)


@pytest.mark.parametrize(
    "text", ["", " , ", "page", "page 0", "page two", "page 3 to 2", "pages 2 and 4", "the second page", "1:75", "B7",
             "cell 7B", "page 0, paragraph 2", "page 12345678", "page 3, row 9", "10:12, 10:40",
             "page 2, the middle", "slide 0, paragraph 1"]
)  # fmt: skip
def test_in_other_words_nobody_is_led_there(text: str) -> None:
    """It stays what somebody wrote."""
    assert read_place(text) is None


@pytest.mark.parametrize(
    "refused",
    [
        lambda: Place(Spot.PAGE, 0),
        lambda: Place(Spot.PAGE, 3, 3),
        lambda: Place(Spot.PAGE, 3, page=2),
        lambda: Place(Spot.PAGE, 3, sheet="May"),
        lambda: Place(Spot.PAGE, 3, column="B"),
        lambda: Place(Spot.CELL, 3),
        lambda: Place(Spot.CELL, 3, 4, "B"),
        lambda: Place(Spot.CELL, 3, None, "B", "C"),
        lambda: Place(Spot.PARAGRAPH, 3, page=2, slide=2),
        lambda: Place(Spot.TIME, NUMBER_MOST + 1),
    ],
)
def test_what_is_no_place_cannot_be_made(refused: object) -> None:
    """So that whatever is kept leads somewhere."""
    assert callable(refused)
    with pytest.raises(ValueError, match="no s"):
        refused()


def test_names_are_shortened_and_never_mistaken() -> None:
    """The end of a long name stays: it says what kind of file it is."""
    assert short_name("letter,  final\n.pdf") == "letter final .pdf"
    long = short_name("the complaint that came in by post on the second of February and was lost.pdf")
    assert long == "the complaint that came in b…and was lost.pdf"
    assert len(long) <= NAME_MOST
    for name in ("page 2", "Sheet one", "1:23", "cell B7"):
        assert short_name(name) == f"“{name}”"


def test_time_codes() -> None:
    """As a player shows them, without a leading nought."""
    assert [time_code(n) for n in (0, 5, 83, 3599, 3600, 3723)] == [
        "0:00",
        "0:05",
        "1:23",
        "59:59",
        "1:00:00",
        "1:02:03",
    ]
