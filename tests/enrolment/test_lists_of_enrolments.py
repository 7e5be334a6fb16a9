"""What is read about enrolments: lists by point of view, one in whole, and the one to open."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.accounts import actions as accounts
from portfolio.accounts.models import Membership
from portfolio.enrolment import actions, queries
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.rules import Duty, EnrolmentState
from portfolio.policy.checks import visible
from portfolio.policy.permissions import Permission
from tests.cast import FULL_NAMES, Cast


def seen(session: Session, cast: Cast, name: str, **asked: str | int) -> list[str]:
    """The learners in somebody's list."""
    within = visible(cast.actor(name, session), Permission.ENROLMENT_SEE)
    return [row.learner_name for row in queries.rows(session, within, **asked)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "learners"),
    [
        ("ada", ["amina", "ben"]),
        ("iris", ["amina", "ben"]),
        ("marguerite", ["amina", "ben"]),
        ("tobias", ["amina"]),
        ("dafydd", ["amina"]),
        ("ewan", ["amina"]),
        ("amina", ["amina"]),
        ("odette", ["olga"]),
    ],
)
def test_everybody_sees_their_own_list(cast: Cast, session: Session, name: str, learners: list[str]) -> None:
    """By allocation, by grant, by centre."""
    assert seen(session, cast, name) == [FULL_NAMES[learner] for learner in learners]


def test_a_line_says_who_assesses_today(cast: Cast, session: Session) -> None:
    """All who assess; not who countersigns, nor who did so once."""
    within = visible(cast.actor("ada", session), Permission.ENROLMENT_SEE)
    first, second = queries.rows(session, within)
    assert first.assessors == (FULL_NAMES["marguerite"], FULL_NAMES["tobias"])
    assert (second.registration_number, second.state) == ("REG-BEN", EnrolmentState.ACTIVE)
    enrolment = session.get_one(Enrolment, cast.enrolments["ben"])
    actions.end_allocation(session, cast.actor("ada", session), enrolment, enrolment.allocations[0].id)
    assert queries.rows(session, within)[1].assessors == ()


def test_the_list_is_searched_cut_and_ends_with_what_is_over(cast: Cast, session: Session) -> None:
    """By the learner's name or address; active ones first."""
    assert seen(session, cast, "ada", search="RAMACHANDRAN") == [FULL_NAMES["amina"]]
    assert seen(session, cast, "ada", search="ben@") == [FULL_NAMES["ben"]]
    assert seen(session, cast, "ada", search="whitcombe") == []
    assert seen(session, cast, "ada", offset=1, limit=1) == [FULL_NAMES["ben"]]
    session.get_one(Enrolment, cast.enrolments["amina"]).state = EnrolmentState.COMPLETED
    session.flush()
    assert seen(session, cast, "ada") == [FULL_NAMES["ben"], FULL_NAMES["amina"]]


def test_a_list_takes_two_statements_however_long(cast: Cast, session: Session) -> None:
    """One for the lines, one for the assessors."""
    within = visible(cast.actor("ada", session), Permission.ENROLMENT_SEE)
    session.expire_all()
    count = 0
    execute = session.execute

    def counted(*arguments: object, **options: object) -> object:
        nonlocal count
        count += 1
        return execute(*arguments, **options)  # type: ignore[call-overload]

    session.execute = counted  # type: ignore[method-assign, assignment]
    queries.rows(session, within)
    assert count == 2


def test_an_enrolment_in_whole(cast: Cast, session: Session) -> None:
    """Allocations of today before those that are over; grants."""
    enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
    actions.end_allocation(session, cast.actor("ada", session), enrolment, enrolment.allocations[0].id)
    lines = queries.allocations_in(session, enrolment)
    assert [(line.person_name, line.duty, line.is_open, line.is_trainee) for line in lines] == [
        (FULL_NAMES["tobias"], Duty.ASSESS, True, True),
        (FULL_NAMES["dafydd"], Duty.COUNTERSIGN, True, False),
        (FULL_NAMES["marguerite"], Duty.ASSESS, False, False),
    ]
    assert [(row.person_name, row.is_open) for row in queries.grants_in(session, enrolment.id)] == [
        (FULL_NAMES["ewan"], True)
    ]


def test_an_allocation_without_the_role_shows(cast: Cast, session: Session) -> None:
    """Somebody whose role was withdrawn is still allocated, but can no longer act."""
    row = session.scalars(select(Membership).where(Membership.person_id == cast.people["marguerite"])).one()
    accounts.withdraw_role(session, cast.actor("ada", session), row)
    enrolment = session.get_one(Enrolment, cast.enrolments["ben"])
    assert [(line.is_open, line.has_role) for line in queries.allocations_in(session, enrolment)] == [(True, False)]


def test_an_enrolment_is_found_by_address(cast: Cast, session: Session) -> None:
    """Or by address and public identifier together, which must fit each other."""
    amina, ben = (session.get_one(Enrolment, cast.enrolments[name]) for name in ("amina", "ben"))
    assert queries.find(session, email="AMINA@example.org") == amina.id
    assert queries.find(session, email="amina@example.org", uid=amina.uid) == amina.id
    assert queries.find(session, email="amina@example.org", uid=ben.uid) is None
    assert queries.find(session, email="ada@example.org") is None
