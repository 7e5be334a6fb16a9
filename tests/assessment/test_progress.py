"""What is kept of how far everyone has come is what the pure function says of every row, whatever happened."""

from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import delete, event, select, update
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.assessment import choosing, marking, progress, submitting
from portfolio.assessment.models import CoverageRow, CriterionTotal, Progress, UnitMatrix, UnitProgress
from portfolio.assessment.rules import PLANNED_DAYS, Mark, on_track_until
from portfolio.criteria.models import Criterion
from portfolio.enrolment import actions as enrolment_actions
from portfolio.enrolment.models import Enrolment, EnrolmentUnit
from portfolio.mapping.coverage import GAP, LETTERS, STANDINGS, Tally, tally_in, tally_of
from portfolio.mapping.rules import Outcome
from tests.assessment import portfolios
from tests.assessment.test_standings import by_hand
from tests.cast import ALL_TICKED, Cast, item

START = date(2026, 1, 1)


def check(session: Session, enrolment_id: int) -> None:
    """Every letter and every sum of an enrolment, against its rows read one by one."""
    standings = by_hand(session, enrolment_id)
    letters = ""
    for unit in session.scalars(select(EnrolmentUnit).where(EnrolmentUnit.enrolment_id == enrolment_id)):
        criteria = session.scalars(
            select(Criterion.id).where(Criterion.unit_version_id == unit.unit_version_id).order_by(Criterion.position)
        )
        expected = "".join(LETTERS[standings.get((unit.id, one), GAP)] for one in criteria)
        assert session.get_one(UnitProgress, unit.id, populate_existing=True).states == expected
        letters += expected
    kept = session.get_one(Progress, enrolment_id, populate_existing=True)
    assert Tally(
        kept.met, kept.needs_more, kept.claimed, kept.criteria - kept.met - kept.needs_more - kept.claimed
    ) == (tally_of([STANDINGS[letter] for letter in letters]))
    assert kept.single_source == sum(STANDINGS[letter].is_single_source for letter in letters)


def total(session: Session, code: str) -> tuple[int, ...]:
    """(learners, met, needs more, claimed, single source) of a criterion at Harrow Dale."""
    row = session.scalars(
        select(CriterionTotal)
        .join(Criterion, Criterion.id == CriterionTotal.criterion_id)
        .where(CriterionTotal.centre_id == 1, Criterion.code == code),
        execution_options={"populate_existing": True},
    ).one()
    return row.learners, row.met, row.needs_more, row.claimed, row.single_source


@pytest.mark.parametrize("seed", range(6))
def test_it_is_the_pure_function_over_the_rows(cast: Cast, session: Session, seed: int) -> None:
    random = Random(seed)
    ids = [cast.enrolments[name] for name in ("amina", "ben")]
    for filled in ids:
        portfolios.fill(session, random, session.get_one(Enrolment, filled), cast.people["marguerite"])
        progress.put(session, ids)
        for id_ in ids:
            check(session, id_)
        assert progress.differences(session) == []


def test_what_an_action_changes_is_settled_with_it(cast: Cast, session: Session) -> None:
    assert progress.differences(session) == []
    assert total(session, "1.1") == (2, 1, 0, 0, 1)
    assert total(session, "2.1") == (2, 0, 0, 1, 1)
    marguerite, handed_in = cast.actor("marguerite", session), item(session, cast, "amina E002")
    marking.open_item(session, marguerite, handed_in)
    marks = [Mark(one.id, Outcome.MET, True, "Good.") for one in marking.claims_on(session, handed_in)]
    marking.save_review(session, marguerite, handed_in, varc=ALL_TICKED, marks=marks, feedback="Good.")
    marking.release(session, marguerite, handed_in)
    session.commit()
    assert total(session, "2.1") == (2, 1, 0, 0, 1)
    check(session, cast.enrolments["amina"])
    assert progress.differences(session) == []
    assert session.get_one(Progress, cast.enrolments["amina"]).progressed_on == clock.today()


def test_what_is_withdrawn_is_taken_back(cast: Cast, session: Session) -> None:
    handed_in = item(session, cast, "amina E002")
    submitting.withdraw(session, cast.actor("amina", session), handed_in.submission)
    session.commit()
    assert total(session, "2.1") == (2, 0, 0, 0, 0)
    assert progress.differences(session) == []


def test_a_new_learner_counts_with_gaps_alone(cast: Cast, session: Session) -> None:
    ben = session.get_one(Enrolment, cast.enrolments["ben"])
    kept = session.get_one(Progress, ben.id)
    assert (kept.met, kept.needs_more, kept.claimed, kept.criteria, kept.counts) == (0, 0, 0, 17, True)
    assert (kept.progressed_on, kept.on_track_until) == (None, ben.started_on)


def test_what_changes_nothing_writes_nothing(cast: Cast, session: Session) -> None:
    enrolment_actions.lock(session, cast.enrolments["amina"])
    written: list[str] = []
    event.listen(session.connection(), "before_cursor_execute", lambda *said: written.append(said[2]))
    progress.settle(session)
    assert written
    assert [one for one in written if not one.startswith(("SELECT", "UPDATE enrolment"))] == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (update(Progress).where(Progress.enrolment_id == 1).values(met=9), "enrolment 1: progress"),
        (
            update(UnitProgress).where(UnitProgress.enrolment_id == 1).values(states="M" * 17),
            "unit 1 of an enrolment: progress",
        ),
        (
            update(UnitMatrix)
            .where(UnitMatrix.enrolment_id == 1)
            .values(packed='[[],[],[["G",[]]],"AAAAAAAAAAAAAAAAA",[],false]'),
            "unit 1 of an enrolment: claims",
        ),
        (
            update(CoverageRow).where(CoverageRow.enrolment_id == 1).values(units=""),
            "enrolment 1: row of the coverage audit",
        ),
        (delete(CoverageRow).where(CoverageRow.enrolment_id == 1), "enrolment 1: row of the coverage audit"),
        (
            update(CriterionTotal).where(CriterionTotal.centre_id == 1, CriterionTotal.criterion_id == 1).values(met=7),
            "total of criterion 1 in centre 1",
        ),
    ],
)
@pytest.mark.usefixtures("cast")
def test_a_wrong_figure_is_found_and_mended(session: Session, change: object, said: str) -> None:
    session.execute(change)  # type: ignore[call-overload]
    assert progress.differences(session) == [said]
    progress.mend(session)
    session.commit()
    assert progress.differences(session) == []


def test_the_plan_goes_evenly_from_start_to_end() -> None:
    due = START + timedelta(days=100)
    assert on_track_until(START, due, Tally(gap=4), is_over=False) == START
    assert on_track_until(START, due, Tally(met=1, gap=3), is_over=False) == START + timedelta(days=25)
    assert on_track_until(START, due, Tally(met=4), is_over=False) == date.max
    assert on_track_until(START, due, Tally(met=1, gap=3), is_over=True) == date.max
    assert on_track_until(START, None, Tally(met=1, claimed=1), is_over=False) == START + timedelta(PLANNED_DAYS // 2)
    assert on_track_until(START, due, Tally(), is_over=False) == due


def test_letters_say_each_standing() -> None:
    assert {LETTERS[standing]: standing for standing in STANDINGS.values()} == STANDINGS
    assert tally_in("MmNCcGG") == Tally(2, 1, 2, 2) == tally_of([STANDINGS[letter] for letter in "MmNCcGG"])


def test_a_unit_that_is_chosen_no_longer_is_taken_back(cast: Cast, session: Session) -> None:
    ben = session.get_one(Enrolment, cast.enrolments["ben"])
    choosing.choose_units(session, cast.actor("ada", session), ben, unit_version_ids=set())
    session.commit()
    assert total(session, "1.1") == (1, 1, 0, 0, 1)
    assert session.get_one(Progress, ben.id, populate_existing=True).criteria == 0
    assert progress.differences(session) == []
