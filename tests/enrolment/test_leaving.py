"""Learners who finish, leave and come back; dates that are corrected."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts import actions as accounts
from portfolio.accounts.models import Membership, Person
from portfolio.assessment import queue_queries
from portfolio.assessment.rules import ItemState
from portfolio.audit.events import System
from portfolio.audit.streams import words_in
from portfolio.enrolment import actions, leaving, queries
from portfolio.enrolment.changing import change_terms, terms_of
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.rules import Duty, EnrolmentState
from portfolio.errors import Conflict, InvalidState, Rejected
from portfolio.policy.checks import visible, visible_joined
from portfolio.policy.permissions import Permission
from tests.cast import Cast


def enrolment(session: Session, cast: Cast, name: str) -> Enrolment:
    """One of the cast's."""
    return session.get_one(Enrolment, cast.enrolments[name])


def test_a_learner_finishes(cast: Cast, session: Session) -> None:
    """On a day; from then on nothing is changed and all is seen."""
    amina, ada = enrolment(session, cast, "amina"), cast.actor("ada", session)
    yesterday = clock.today() - timedelta(days=1)
    leaving.finish(session, ada, amina, on=yesterday)
    assert (amina.state, amina.ended_on) == (EnrolmentState.COMPLETED, yesterday)
    assert words_in(session, amina.stream_id)[-1].text == {"on": yesterday.isoformat()}
    with pytest.raises(InvalidState, match="over"):
        actions.lock(session, amina.id)
    for name in ("amina", "marguerite", "iris", "ewan"):
        seen = session.scalars(visible(cast.actor(name, session), Permission.ENROLMENT_SEE)).all()
        assert amina in seen, name


def test_a_learner_leaves_with_a_reason(cast: Cast, session: Session) -> None:
    """It stays on record, and is read where the enrolment is shown."""
    ben, ada = enrolment(session, cast, "ben"), cast.actor("ada", session)
    leaving.leave(session, ada, ben, on=clock.today(), reason="  Moved away.\nMay return. ")
    assert (ben.state, ben.ended_on) == (EnrolmentState.WITHDRAWN, clock.today())
    assert queries.reason_for_leaving(session, ben) == "Moved away.\nMay return."
    leaving.return_to(session, ada, ben)
    assert queries.reason_for_leaving(session, ben) == ""


@pytest.mark.parametrize(
    ("days", "reason", "field"),
    [(-31, "Why", "on"), (1, "Why", "on"), (0, "  ", "reason"), (0, "x" * 501, "reason")],
)
def test_what_does_not_fit_is_refused(cast: Cast, session: Session, days: int, reason: str, field: str) -> None:
    """A day before the start or ahead; no reason, or a very long one. The enrolment goes on."""
    ben = enrolment(session, cast, "ben")
    with pytest.raises(Rejected) as refusal:
        leaving.leave(session, System(), ben, on=clock.today() + timedelta(days=days), reason=reason)
    assert refusal.value.field == field
    assert ben.state is EnrolmentState.ACTIVE


def test_an_enrolment_ends_once_and_opens_again(cast: Cast, session: Session) -> None:
    """Everything is as it was, whoever is allocated too."""
    ben, ada = enrolment(session, cast, "ben"), cast.actor("ada", session)
    with pytest.raises(InvalidState, match="not over"):
        leaving.return_to(session, ada, ben)
    leaving.finish(session, ada, ben, on=clock.today())
    with pytest.raises(InvalidState, match="over"):
        leaving.leave(session, ada, ben, on=clock.today(), reason="Too late")
    leaving.return_to(session, ada, ben)
    assert (ben.state, ben.ended_on) == (EnrolmentState.ACTIVE, None)
    assert words_in(session, ben.stream_id)[-1].text == {"was": "completed", "ended_on": clock.today().isoformat()}
    actions.lock(session, ben.id)
    assert [row.is_open(clock.today()) for row in ben.allocations] == [True]


def test_nobody_comes_back_to_what_they_began_anew(cast: Cast, session: Session) -> None:
    """Nor without the role of learner."""
    ben, ada = enrolment(session, cast, "ben"), cast.actor("ada", session)
    leaving.leave(session, ada, ben, on=clock.today(), reason="A pause")
    learner = session.get_one(Person, cast.people["ben"])
    again = actions.enrol(
        session, ada, ben.centre, learner=learner, qualification=ben.qualification, started_on=clock.today()
    )
    with pytest.raises(Rejected, match="on this qualification already"):
        leaving.return_to(session, ada, ben)
    leaving.leave(session, ada, again, on=clock.today(), reason="A mistake")
    row = session.scalars(select(Membership).where(Membership.person_id == learner.id)).one()
    accounts.withdraw_role(session, ada, row)
    with pytest.raises(Rejected, match="does not have the role of learner"):
        leaving.return_to(session, ada, ben)


def test_work_of_somebody_who_left_waits_for_nobody(cast: Cast, session: Session) -> None:
    """It is in no queue while the enrolment is over, and back in it afterwards."""
    amina, ada = enrolment(session, cast, "amina"), cast.actor("ada", session)
    marguerite = cast.actor("marguerite", session)

    def waiting() -> int:
        within = visible_joined(marguerite, Permission.ITEM_MARK)
        return queue_queries.waiting(session, marguerite, within, state=ItemState.WAITING, limit=9).total

    before = waiting()
    assert before
    leaving.leave(session, ada, amina, on=clock.today(), reason="A pause")
    assert waiting() == 0
    leaving.return_to(session, ada, amina)
    assert waiting() == before


def test_dates_and_number_are_corrected(cast: Cast, session: Session) -> None:
    """The event says how they were; an allocation from the start on is still one."""
    ben, ada = enrolment(session, cast, "ben"), cast.actor("ada", session)
    was = terms_of(ben)
    change_terms(session, ada, ben, started_on=date(2026, 9, 1), due_on=None, registration_number=" REG-1 ", seen=was)
    now = {"started_on": "2026-09-01", "due_on": "", "registration_number": "REG-1"}
    assert terms_of(ben) == now
    assert words_in(session, ben.stream_id)[-1].text == {**now, "was": was}
    dafydd = session.get_one(Person, cast.people["dafydd"])
    actions.allocate(session, ada, ben, person=dafydd, duty=Duty.COUNTERSIGN, since=date(2026, 9, 1))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"due_on": date(2020, 1, 1)}, "due_on"),
        ({"registration_number": "x" * 41}, "registration_number"),
        ({}, None),
    ],
)
def test_terms_that_do_not_fit_are_refused(
    cast: Cast, session: Session, changes: dict[str, object], field: str | None
) -> None:
    """An end before the start, a number that is too long, and no change at all."""
    ben = enrolment(session, cast, "ben")
    present = {
        "started_on": ben.started_on, "due_on": ben.due_on, "registration_number": ben.registration_number
    }  # fmt: skip
    with pytest.raises(Rejected) as refusal:
        change_terms(session, System(), ben, **{**present, **changes})  # type: ignore[arg-type]
    assert refusal.value.field == field


def test_two_who_change_the_same_are_told(cast: Cast, session: Session) -> None:
    """The second one sees what stands, and nothing of theirs is saved. What is over is not corrected."""
    ben, ada = enrolment(session, cast, "ben"), cast.actor("ada", session)
    seen = terms_of(ben)
    change_terms(session, ada, ben, started_on=ben.started_on, due_on=None, registration_number="FIRST")
    with pytest.raises(Conflict) as conflict:
        change_terms(session, ada, ben, started_on=ben.started_on, due_on=None, registration_number="SECOND", seen=seen)
    assert conflict.value.theirs["registration_number"] == "FIRST"
    assert ben.registration_number == "FIRST"
    leaving.finish(session, ada, ben, on=clock.today())
    with pytest.raises(InvalidState, match="over"):
        change_terms(session, ada, ben, started_on=ben.started_on, due_on=None, registration_number="THIRD")
