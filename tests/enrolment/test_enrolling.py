"""Enrolling, allocating and granting: who may be chosen, what is refused, and what the trail says."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts import actions as accounts
from portfolio.accounts.models import Person
from portfolio.accounts.rules import Role
from portfolio.audit.events import System
from portfolio.audit.models import AuditEvent
from portfolio.centres.models import Centre
from portfolio.criteria.actions import load_pack
from portfolio.criteria.models import QualificationVersion
from portfolio.enrolment import actions
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.rules import Duty, EnrolmentState, role_for
from portfolio.errors import InvalidState, Rejected
from tests.assessment.packs import changed_pack
from tests.cast import Cast


def person(session: Session, cast: Cast, name: str) -> Person:
    """One of the cast."""
    return session.get_one(Person, cast.people[name])


def harrow_dale(session: Session, cast: Cast) -> Centre:
    """The first centre."""
    return session.get_one(Centre, cast.homes["ada"])


def newcomer(session: Session, cast: Cast, role: Role = Role.LEARNER) -> Person:
    """Somebody who has just been invited."""
    membership, _link = accounts.invite(
        session, System(), harrow_dale(session, cast), email="nia@example.org", name="Nia Newcomer", role=role
    )
    return session.get_one(Person, membership.person_id)


def qualification(session: Session) -> QualificationVersion:
    """The one that is loaded."""
    return session.scalars(select(QualificationVersion)).one()


def verbs(session: Session, enrolment: Enrolment) -> list[str]:
    """What the trail of an enrolment says was done."""
    query = select(AuditEvent.verb).where(AuditEvent.stream_id == enrolment.stream_id).order_by(AuditEvent.seq)
    return list(session.scalars(query))


def test_a_learner_begins_with_every_unit_and_an_assessor_at_once(cast: Cast, session: Session) -> None:
    """One event for each, in a trail of its own."""
    enrolment = actions.enrol(
        session,
        cast.actor("ada", session),
        harrow_dale(session, cast),
        learner=newcomer(session, cast),
        qualification=qualification(session),
        started_on=date(2026, 11, 22),
        due_on=date(2027, 11, 22),
        registration_number=" ICQ-4711 ",
        assessor=person(session, cast, "marguerite"),
    )
    assert enrolment.registration_number == "ICQ-4711"
    assert [unit.unit_version_id for unit in enrolment.units] == [
        row.unit_version_id for row in qualification(session).units
    ]
    assert [(a.person_id, a.duty) for a in enrolment.allocations] == [(cast.people["marguerite"], Duty.ASSESS)]
    assert verbs(session, enrolment) == ["enrolment.enrol", "allocation.begin"]


def test_nobody_is_on_a_qualification_twice_at_a_time(cast: Cast, session: Session) -> None:
    """A form that is sent twice makes one enrolment; after the end a second one may begin."""
    enrolment = session.get_one(Enrolment, cast.enrolments["ben"])

    def again() -> Enrolment:
        return actions.enrol(
            session,
            System(),
            harrow_dale(session, cast),
            learner=person(session, cast, "ben"),
            qualification=qualification(session),
            started_on=date(2026, 11, 22),
        )

    with pytest.raises(Rejected, match="already") as refusal:
        again()
    assert refusal.value.field == "qualification"
    enrolment.state = EnrolmentState.WITHDRAWN
    session.flush()
    assert again().id != enrolment.id


def test_nobody_starts_after_a_qualification_was_closed(cast: Cast, session: Session) -> None:
    """On its last day somebody still may."""
    pack = replace(changed_pack(), reference="ENDED", operational_end=date(2019, 12, 31))
    ended = load_pack(session, cast.actor("ada", session), pack)

    def start(on: date) -> Enrolment:
        learner, centre = person(session, cast, "ben"), harrow_dale(session, cast)
        return actions.enrol(session, System(), centre, learner=learner, qualification=ended, started_on=on)

    with pytest.raises(Rejected, match="was 31 December 2019") as refusal:
        start(date(2020, 1, 1))
    assert refusal.value.field == "qualification"
    assert start(date(2019, 12, 31)).qualification is ended


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"started_on": date(2026, 11, 22), "due_on": date(2026, 11, 22)}, "due_on"),
        ({"started_on": date(2026, 11, 22), "registration_number": "x" * 41}, "registration_number"),
    ],
)
def test_what_does_not_fit_is_refused_on_its_field(
    cast: Cast, session: Session, options: dict[str, date], field: str
) -> None:
    """Dates in order, a number that fits."""
    with pytest.raises(Rejected) as refusal:
        actions.enrol(
            session,
            System(),
            harrow_dale(session, cast),
            learner=newcomer(session, cast),
            qualification=qualification(session),
            **options,  # type: ignore[arg-type]
        )
    assert refusal.value.field == field


@pytest.mark.parametrize("name", ["marguerite", "olga"])
def test_only_a_learner_of_the_centre_is_enrolled(cast: Cast, session: Session, name: str) -> None:
    """Not an assessor, and nobody of another centre."""
    with pytest.raises(Rejected) as refusal:
        actions.enrol(
            session,
            System(),
            harrow_dale(session, cast),
            learner=person(session, cast, name),
            qualification=qualification(session),
            started_on=date(2026, 11, 22),
        )
    assert refusal.value.field == "learner"


@pytest.mark.parametrize(
    ("name", "duty"),
    [
        ("iris", Duty.ASSESS),
        ("amina", Duty.ASSESS),
        ("oscar", Duty.ASSESS),
        ("marguerite", Duty.QUALITY_ASSURE),
        ("ewan", Duty.QUALITY_ASSURE),
        ("tobias", Duty.COUNTERSIGN),
        ("marguerite", Duty.ASSESS),
    ],
)
def test_a_duty_needs_its_role_here_and_is_given_once(cast: Cast, session: Session, name: str, duty: Duty) -> None:
    """Another role, another centre, a trainee to countersign, or the same duty again: refused."""
    enrolment = session.get_one(Enrolment, cast.enrolments["ben"])
    with pytest.raises(Rejected) as refusal:
        actions.allocate(session, System(), enrolment, person=person(session, cast, name), duty=duty)
    assert refusal.value.field == "person"


def test_nobody_assesses_their_own_portfolio(cast: Cast, session: Session) -> None:
    """Not even with the role of assessor beside that of learner."""
    centre = harrow_dale(session, cast)
    for role in (Role.ASSESSOR, Role.IQA):
        accounts.invite(session, System(), centre, email=cast.email("ben"), name="Ben", role=role)
    enrolment = session.get_one(Enrolment, cast.enrolments["ben"])
    for duty in Duty:
        with pytest.raises(Rejected, match="own portfolio"):
            actions.allocate(session, System(), enrolment, person=person(session, cast, "ben"), duty=duty)


def test_a_duty_ends_once_and_can_be_given_again(cast: Cast, session: Session) -> None:
    """The row stays as history."""
    enrolment, ada = session.get_one(Enrolment, cast.enrolments["ben"]), cast.actor("ada", session)
    first = enrolment.allocations[0]
    actions.end_allocation(session, ada, enrolment, first.id)
    assert not first.is_open(clock.today())
    with pytest.raises(InvalidState):
        actions.end_allocation(session, ada, enrolment, first.id)
    marguerite = person(session, cast, "marguerite")
    actions.allocate(session, ada, enrolment, person=marguerite, duty=Duty.ASSESS)
    assert len(enrolment.allocations) == 2
    assert verbs(session, enrolment)[-2:] == ["allocation.end", "allocation.begin"]


def test_an_allocation_of_another_enrolment_is_not_ended_here(cast: Cast, session: Session) -> None:
    """The number alone opens nothing."""
    ben, amina = (session.get_one(Enrolment, cast.enrolments[name]) for name in ("ben", "amina"))
    with pytest.raises(InvalidState):
        actions.end_allocation(session, cast.actor("ada", session), ben, amina.allocations[0].id)


def test_sight_is_granted_to_an_external_quality_assurer_until_a_day(cast: Cast, session: Session) -> None:
    """That day included; nobody else, and no day in the past."""
    enrolment = session.get_one(Enrolment, cast.enrolments["ben"])
    ewan, last = person(session, cast, "ewan"), clock.today() + timedelta(days=3)
    with pytest.raises(Rejected) as refusal:
        actions.grant(session, System(), enrolment, person=person(session, cast, "iris"), until=last)
    assert refusal.value.field == "person"
    with pytest.raises(Rejected) as refusal:
        actions.grant(session, System(), enrolment, person=ewan, until=clock.today() - timedelta(days=1))
    assert refusal.value.field == "until"
    actions.grant(session, System(), enrolment, person=ewan, until=last)
    assert enrolment.id in cast.actor("ewan", session).grants
    with clock.fixed(datetime(last.year, last.month, last.day, 12, tzinfo=UTC)):
        assert enrolment.id in cast.actor("ewan", session).grants
    with clock.fixed(datetime(last.year, last.month, last.day, 12, tzinfo=UTC) + timedelta(days=1)):
        assert enrolment.id not in cast.actor("ewan", session).grants


def test_an_enrolment_that_is_over_stays_as_it_is(cast: Cast, session: Session) -> None:
    """Nobody is allocated; who checks from outside may still look. Each write until then raises the version."""
    enrolment = session.get_one(Enrolment, cast.enrolments["ben"])
    before = enrolment.version
    actions.allocate(session, System(), enrolment, person=person(session, cast, "dafydd"), duty=Duty.COUNTERSIGN)
    assert enrolment.version == before + 1
    enrolment.state = EnrolmentState.COMPLETED
    session.flush()
    with pytest.raises(InvalidState, match="over"):
        actions.allocate(session, System(), enrolment, person=person(session, cast, "tobias"), duty=Duty.ASSESS)
    actions.grant(session, System(), enrolment, person=person(session, cast, "ewan"), until=clock.today())


def test_each_duty_has_its_role() -> None:
    """Countersigning is an assessor's work."""
    assert {duty: role_for(duty) for duty in Duty} == {
        Duty.ASSESS: Role.ASSESSOR,
        Duty.COUNTERSIGN: Role.ASSESSOR,
        Duty.QUALITY_ASSURE: Role.IQA,
    }
