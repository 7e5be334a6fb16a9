"""What a decision needs, and who may not make it."""

import pytest

from portfolio.assessment.rules import (
    BY_LEARNER,
    FEEDBACK_MOST,
    Declaration,
    Mark,
    Varc,
    check_countersigner,
    check_declarations,
    check_separation,
    faults_in,
    in_words,
    too_long_in,
    undecided_in,
)
from portfolio.errors import Forbidden, Rejected
from portfolio.mapping.rules import Outcome

ALL = Varc(valid=True, authentic=True, reliable=True, current=True)
CODES = {7: "1.1", 8: "1.2", 9: "1.10"}


def found(varc: Varc, *marks: Mark) -> list[tuple[str | None, str]]:
    """Each fault as its field and its sentence."""
    return [(fault.field, fault.message) for fault in faults_in(varc, marks, CODES)]


def test_met_needs_all_four_of_the_item_and_says_so_once() -> None:
    varc = Varc(valid=True, authentic=False, reliable=True, current=False)
    marks = [Mark(id_, Outcome.MET, True, "") for id_ in CODES]
    sentence = "1.1, 1.2 and 1.10 cannot be met while the evidence is not ticked authentic and current."
    assert found(varc, *marks) == [("authentic", sentence)]


@pytest.mark.parametrize("missing", ["valid", "authentic", "reliable", "current"])
def test_each_tick_counts(missing: str) -> None:
    ticks = {"valid": True, "authentic": True, "reliable": True, "current": True, missing: False}
    assert [field for field, _sentence in found(Varc(**ticks), Mark(7, Outcome.MET, True, ""))] == [missing]


def test_met_needs_sufficient_on_its_own_criterion() -> None:
    marks = [Mark(7, Outcome.MET, True, ""), Mark(8, Outcome.MET, False, "")]
    assert [field for field, _sentence in found(ALL, *marks)] == ["outcome-8"]


def test_insufficient_is_not_ticked_sufficient() -> None:
    assert [field for field, _sentence in found(ALL, Mark(7, Outcome.INSUFFICIENT, True, "Add the note."))] == [
        "outcome-7"
    ]


@pytest.mark.parametrize("outcome", [Outcome.NOT_YET_MET, Outcome.INSUFFICIENT])
def test_what_is_not_met_needs_words_that_help(outcome: Outcome) -> None:
    assert [field for field, _sentence in found(ALL, Mark(9, outcome, False, " \n"))] == ["feedback-9"]
    assert found(ALL, Mark(9, outcome, False, "Add the note.")) == []


def test_feedback_has_a_limit() -> None:
    long = "x" * (FEEDBACK_MOST + 1)
    marks = [Mark(7, None, False, long), Mark(8, None, False, long[1:])]
    assert [fault.field for fault in too_long_in(long, marks, CODES)] == ["feedback", "feedback-7"]
    assert too_long_in(long[1:], marks[1:], CODES) == []


def test_what_is_undecided_needs_nothing_until_it_is_released() -> None:
    marks = [Mark(7, None, False, ""), Mark(8, Outcome.MET, True, ""), Mark(9, None, True, "")]
    assert found(ALL, *marks) == []
    (refusal,) = undecided_in(marks, CODES)
    assert (refusal.field, refusal.message) == ("outcome-7", "Decide 1.1 and 1.10 before you release.")
    assert undecided_in([Mark(id_, Outcome.MET, True, "") for id_ in CODES], CODES) == []


def test_words_are_listed_as_one_says_them() -> None:
    assert [in_words(list("abc")[:n]) for n in range(4)] == ["", "a", "a and b", "a, b and c"]


@pytest.mark.parametrize("missing", BY_LEARNER)
def test_every_declaration_is_needed(missing: Declaration) -> None:
    check_declarations(set(Declaration), BY_LEARNER)
    with pytest.raises(Rejected) as refused:
        check_declarations(set(Declaration) - {missing}, BY_LEARNER)
    assert refused.value.field == missing


@pytest.mark.parametrize(("learner", "author"), [(1, 2), (2, 1), (1, 1)])
def test_nobody_judges_their_own_work(learner: int, author: int) -> None:
    check_separation(person_id=3, learner_id=learner, author_id=author)
    with pytest.raises(Forbidden):
        check_separation(person_id=1, learner_id=learner, author_id=author)


def test_a_countersigner_is_qualified_and_somebody_else() -> None:
    check_countersigner(person_id=1, trainee_id=2, is_qualified=True)
    with pytest.raises(Forbidden):
        check_countersigner(person_id=1, trainee_id=2, is_qualified=False)
    with pytest.raises(Forbidden):
        check_countersigner(person_id=1, trainee_id=1, is_qualified=True)
