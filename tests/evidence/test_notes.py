"""The lines of a record: their times, their order, and what is refused of them."""

import pytest

from portfolio.criteria.rules import Method
from portfolio.errors import Rejected
from portfolio.evidence.notes import (
    ASK_MOST,
    CODES_MOST,
    NOTES_MOST,
    SAID_MOST,
    Note,
    check_notes,
    faults,
    in_order,
    notes_of,
    time_in,
    told,
)

SEEN, PD, Q = Method.OBSERVATION, Method.DISCUSSION, Method.QUESTIONS


@pytest.mark.parametrize(
    ("method", "typed", "kept"),
    [
        (SEEN, "10:42", "10:42"),
        (SEEN, " 9:05 ", "09:05"),
        (SEEN, "9.05", "09:05"),
        (SEEN, "0905", "09:05"),
        (SEEN, "23:59", "23:59"),
        (SEEN, "", ""),
        (PD, "0:42", "0:42"),
        (PD, "01:23", "1:23"),
        (PD, "1.23", "1:23"),
        (PD, "75:10", "1:15:10"),
        (PD, "1:02:03", "1:02:03"),
        (PD, "00:00", "0:00"),
        (Q, "whenever", ""),
    ],
)
def test_times_are_kept_in_one_way(method: Method, typed: str, kept: str) -> None:
    assert time_in(method, typed) == kept


@pytest.mark.parametrize(
    ("method", "typed"),
    [
        (SEEN, "24:00"),
        (SEEN, "10:60"),
        (SEEN, "ten"),
        (SEEN, "1:02:03"),
        (PD, "42"),
        (PD, "1:60"),
        (PD, "soon"),
        (PD, "-1:10"),
    ],
)
def test_what_is_no_time_is_refused(method: Method, typed: str) -> None:
    with pytest.raises(Rejected, match="such as 1"):
        time_in(method, typed)


def test_lines_stand_by_their_times_and_those_without_stay_behind_the_one_before() -> None:
    notes = [Note("10:42", said="b"), Note(said="b again"), Note("09:10", said="a"), Note("11:00", said="c")]
    assert [note.said for note in in_order(notes)] == ["a", "b", "b again", "c"]
    far = [Note("1:00:00", said="late"), Note("59:59", said="before"), Note("0:42", said="first")]
    assert [note.said for note in in_order(far)] == ["first", "before", "late"]


@pytest.mark.parametrize(
    ("method", "note", "part"),
    [
        (SEEN, Note("9:10", said="Seen."), "at"),
        (SEEN, Note("25:10", said="Seen."), "at"),
        (PD, Note("10:99", said="Heard."), "at"),
        (Q, Note("10:42", "Why?", "Because."), "at"),
        (SEEN, Note("10:42"), "said"),
        (PD, Note("0:42", criteria=(("HRCC", "1.1"),)), "said"),
        (SEEN, Note(ask="Why?", said="Seen."), "ask"),
        (Q, Note(said="Because."), "ask"),
        (Q, Note(criteria=(("HRCC", "1.1"),)), "ask"),
        (Q, Note(ask="x" * (ASK_MOST + 1)), "ask"),
        (SEEN, Note(said="x" * (SAID_MOST + 1)), "said"),
        (SEEN, Note(said="Seen.", criteria=(("HRCC", "1.1"),) * 2), "criteria"),
        (SEEN, Note(said="Seen.", criteria=tuple(("HRCC", str(n)) for n in range(CODES_MOST + 1))), "criteria"),
    ],
)
def test_what_is_wrong_with_a_line_is_said_of_its_part(method: Method, note: Note, part: str) -> None:
    assert [found for found, _sentence in faults(method, note)] == [part]


@pytest.mark.parametrize(
    ("method", "note"),
    [
        (SEEN, Note("09:10", said="x" * SAID_MOST, criteria=(("HRCC", "1.1"), ("PCSC", "1.1")))),
        (SEEN, Note(said="Without a time.")),
        (PD, Note("1:15:10", said="Heard.")),
        (Q, Note(ask="Asked, and not answered yet?")),
    ],
)
def test_what_is_taken(method: Method, note: Note) -> None:
    assert faults(method, note) == []
    check_notes(method, [note.stored])
    assert notes_of([note.stored]) == [note]


def test_a_record_has_so_many_lines_and_nothing_else_has_any() -> None:
    line = Note(said="Seen.").stored
    check_notes(SEEN, [line] * NOTES_MOST)
    check_notes(Method.PRODUCT, [])
    with pytest.raises(Rejected, match="at most 200 lines"):
        check_notes(SEEN, [line] * (NOTES_MOST + 1))
    with pytest.raises(Rejected, match="Only a record"):
        check_notes(Method.PRODUCT, [line])
    with pytest.raises(Rejected, match="Line 2: Write what you saw"):
        check_notes(SEEN, [line, Note("10:42").stored])


def test_a_line_is_told_in_one_paragraph() -> None:
    lines = [Note("10:42", said="Listened.\nThen spoke.", criteria=(("HRCC", "1.1"),)), Note(ask="Why?", said="So.")]
    assert told([line.stored for line in lines]) == "10:42 Listened. Then spoke. (1.1)\nWhy? – So."
