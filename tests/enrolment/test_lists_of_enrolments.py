"""What is read about enrolments: lists by point of view, one in whole, and the one to open."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts import actions as accounts
from portfolio.accounts.models import Membership, Person
from portfolio.audit.events import System
from portfolio.enrolment import actions, leaving, list_queries, queries
from portfolio.enrolment.cohorts import open_cohort, put_in_cohort
from portfolio.enrolment.list_queries import NOBODY, EnrolmentOrder, Wanted
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.rules import Duty, EnrolmentState
from portfolio.policy.checks import visible
from portfolio.policy.permissions import Permission
from tests.cast import FULL_NAMES, Cast

ALL = Wanted()


def enrolment(session: Session, cast: Cast, name: str) -> Enrolment:
    """One of the cast's."""
    return session.get_one(Enrolment, cast.enrolments[name])


def seen(session: Session, cast: Cast, name: str, wanted: Wanted = ALL, **asked: Any) -> list[str]:
    """The learners in somebody's list."""
    within = visible(cast.actor(name, session), Permission.ENROLMENT_SEE)
    return [row.learner_name for row in list_queries.rows(session, within, wanted, **asked)]


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
    first, second = list_queries.rows(session, within)
    assert first.assessors == (FULL_NAMES["marguerite"], FULL_NAMES["tobias"])
    assert (second.registration_number, second.state) == ("REG-BEN", EnrolmentState.ACTIVE)
    enrolment = session.get_one(Enrolment, cast.enrolments["ben"])
    actions.end_allocation(session, cast.actor("ada", session), enrolment, enrolment.allocations[0].id)
    assert list_queries.rows(session, within)[1].assessors == ()


def test_the_list_is_searched_and_cut(cast: Cast, session: Session) -> None:
    """By the learner's name or address, or by the whole registration number; those that are over are in it."""
    assert seen(session, cast, "ada", Wanted("RAMACHANDRAN")) == [FULL_NAMES["amina"]]
    assert seen(session, cast, "ada", Wanted("ben@")) == [FULL_NAMES["ben"]]
    assert seen(session, cast, "ada", Wanted("REG-BEN")) == [FULL_NAMES["ben"]]
    assert seen(session, cast, "ada", Wanted("whitcombe")) == []
    assert seen(session, cast, "ada", offset=1, limit=1) == [FULL_NAMES["ben"]]
    leaving.finish(session, System(), enrolment(session, cast, "amina"), on=clock.today())
    assert seen(session, cast, "ada") == [FULL_NAMES["amina"], FULL_NAMES["ben"]]
    assert seen(session, cast, "ada", Wanted(state=EnrolmentState.COMPLETED)) == [FULL_NAMES["amina"]]
    assert seen(session, cast, "ada", Wanted(state=EnrolmentState.ACTIVE)) == [FULL_NAMES["ben"]]


def test_the_list_is_filtered_by_assessor_cohort_and_qualification(cast: Cast, session: Session) -> None:
    """Also by having none; each filter narrows the others."""
    ada, ben = cast.actor("ada", session), enrolment(session, cast, "ben")
    tobias = cast.people["tobias"]
    assert seen(session, cast, "ada", Wanted(assessor_id=tobias)) == [FULL_NAMES["amina"]]
    assert seen(session, cast, "ada", Wanted(assessor_id=NOBODY)) == []
    actions.end_allocation(session, ada, ben, ben.allocations[0].id)
    assert seen(session, cast, "ada", Wanted(assessor_id=NOBODY)) == [FULL_NAMES["ben"]]
    cohort = open_cohort(session, ada, ben.centre, name="Spring")
    put_in_cohort(session, ada, ben, cohort)
    assert seen(session, cast, "ada", Wanted(cohort_id=cohort.id)) == [FULL_NAMES["ben"]]
    assert seen(session, cast, "ada", Wanted(cohort_id=NOBODY)) == [FULL_NAMES["amina"]]
    assert seen(session, cast, "ada", Wanted(assessor_id=tobias, cohort_id=cohort.id)) == []
    reference = ben.qualification.reference
    assert len(seen(session, cast, "ada", Wanted(reference=reference))) == 2
    assert seen(session, cast, "ada", Wanted(reference="ANOTHER")) == []
    assert seen(session, cast, "ada", Wanted(learner_id=cast.people["ben"])) == [FULL_NAMES["ben"]]
    within = visible(ada, Permission.ENROLMENT_SEE)
    assert list_queries.qualifications_among(session, within) == [(reference, ben.qualification.title)]
    assert list_queries.cohorts_among(session, within) == [(cohort.id, "Spring")]
    assessing = [FULL_NAMES[name] for name in ("marguerite", "tobias")]
    assert [name for _id, name in list_queries.assessors_among(session, within)] == assessing
    theirs = visible(cast.actor("dafydd", session), Permission.ENROLMENT_SEE)
    assert list_queries.cohorts_among(session, theirs) == [], "a cohort that nobody of theirs is in"


@pytest.mark.parametrize("order", EnrolmentOrder)
def test_the_list_is_sorted_and_its_pages_meet(cast: Cast, session: Session, order: EnrolmentOrder) -> None:
    """The second page goes on where the first one ends, in every order."""
    amina, ben = enrolment(session, cast, "amina"), enrolment(session, cast, "ben")
    ben.started_on, ben.due_on = amina.started_on - timedelta(days=5), None
    session.flush()
    expected = [FULL_NAMES["amina"], FULL_NAMES["ben"]]
    if order is EnrolmentOrder.NEWEST:
        expected.reverse()
    assert seen(session, cast, "ada", order=order) == expected
    pages = [seen(session, cast, "ada", order=order, offset=offset, limit=1) for offset in (0, 1)]
    assert [name for page in pages for name in page] == expected


def test_what_somebody_is_allocated_to(cast: Cast, session: Session) -> None:
    """By learner, today and later; not what has ended, and nothing of an enrolment that is over."""
    ada, ben = cast.actor("ada", session), enrolment(session, cast, "ben")

    def learners(name: str, duty: Duty | None = None) -> list[str]:
        return [
            line.learner_name
            for line in list_queries.duties_of(session, ada.centre_id, cast.people[name], duty=duty, limit=9)
        ]

    assert learners("marguerite") == [FULL_NAMES["amina"], FULL_NAMES["ben"]]
    assert learners("marguerite", Duty.COUNTERSIGN) == []
    dafydd = session.get_one(Person, cast.people["dafydd"])
    later = clock.today() + timedelta(days=9)
    unit = ben.units[0]
    actions.allocate(session, ada, ben, person=dafydd, duty=Duty.ASSESS, since=later, unit=unit)
    lines = list_queries.duties_of(session, ada.centre_id, dafydd.id, limit=9)
    assert [(line.learner_name, line.duty, line.unit_title, line.since) for line in lines] == [
        (FULL_NAMES["amina"], Duty.COUNTERSIGN, "", clock.today()),
        (FULL_NAMES["ben"], Duty.ASSESS, unit.unit.title, later),
    ]
    busy = [name for _id, name in list_queries.allocated_people(session, ada.centre_id)]
    assert busy == sorted(FULL_NAMES[name] for name in ("marguerite", "tobias", "dafydd"))
    actions.end_allocation(session, ada, ben, ben.allocations[0].id)
    leaving.finish(session, System(), enrolment(session, cast, "amina"), on=clock.today())
    assert learners("marguerite") == []


def test_whom_an_external_quality_assurer_may_see(cast: Cast, session: Session) -> None:
    """Each learner once, with the last day that counts; only here, and only while it is not over."""
    ada, amina = cast.actor("ada", session), enrolment(session, cast, "amina")
    ewan = session.get_one(Person, cast.people["ewan"])
    last = clock.today() + timedelta(days=60)
    actions.grant(session, ada, amina, person=ewan, until=last)
    actions.grant(session, ada, amina, person=ewan, until=clock.today())
    found = list_queries.granted_to(session, ada.centre_id, ewan.id, limit=9)
    assert [(line.learner_name, line.until) for line in found] == [(FULL_NAMES["amina"], last)]
    assert list_queries.granted_to(session, cast.homes["odette"], ewan.id, limit=9) == []


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
    list_queries.rows(session, within)
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
