"""What a scan gives back: in order, never overlapping, within the text, and the same each time."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.anonymise.detect import detect, settled
from portfolio.anonymise.findings import Candidate, Label

PIECES = st.sampled_from(
    [
        "Dear ",
        "Mr ",
        "Tranter",
        "will ",
        "07700 900123",
        "@",
        ".",
        "\n",
        ", ",
        "(",
        ")",
        "JT",
        "é",
        "😀",
        "LS7 4QT",
        "a",
        "1",
        ":",
        " ",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_findings_are_in_order_and_never_overlap(text: str) -> None:
    found = detect(text)
    places = [(one.start, one.end) for one in found]
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert all(before[1] <= after[0] for before, after in pairwise(places))
    assert found == detect(text)


def test_offsets_count_code_points() -> None:
    text = "😀😀 Dear Wiremu,\nhello"
    assert [text[one.start : one.end] for one in detect(text)] == ["Wiremu"]


def test_the_surer_candidate_stands_then_the_longer() -> None:
    weak = Candidate(0, 9, Label.PERSON, 0.7, "a")
    sure = Candidate(4, 8, Label.EMAIL, 0.9, "b")
    long = Candidate(10, 20, Label.ADDRESS, 0.8, "c")
    short = Candidate(10, 14, Label.PERSON, 0.8, "d")
    assert settled([weak, short, long, sure]) == [sure, long]


def test_nothing_is_found_in_nothing() -> None:
    assert detect("") == []
