"""Reading enrolments: lists of those that somebody may see, one with all that belongs to it, and the one to open."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.models import Grant, Membership, Person
from portfolio.accounts.queries import membership_is_open, person_matches
from portfolio.accounts.rules import Role, normal_email
from portfolio.criteria.models import QualificationVersion
from portfolio.enrolment.models import Allocation, Enrolment
from portfolio.enrolment.rules import Duty, EnrolmentState, role_for


@dataclass(frozen=True, slots=True)
class EnrolmentRow:
    """One line of the list of enrolments. `assessors` are the names of those who assess today."""

    id: int
    learner_name: str
    qualification_title: str
    qualification_level: int
    registration_number: str
    started_on: date
    due_on: date | None
    state: EnrolmentState
    assessors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AllocationRow:
    """Somebody with a duty, now or earlier."""

    id: int
    person_id: int
    person_name: str
    duty: Duty
    since: date
    until: date | None
    is_open: bool
    has_role: bool
    """Whether the person still has the role at the centre that the duty needs."""
    is_trainee: bool


@dataclass(frozen=True, slots=True)
class GrantRow:
    """An external quality assurer's access to an enrolment, up to and including the day `until`."""

    person_name: str
    until: date
    is_open: bool


def rows(
    session: Session, within: Select[tuple[Enrolment]], *, search: str = "", offset: int = 0, limit: int | None = None
) -> list[EnrolmentRow]:
    """The enrolments among `within` whose learner's name or address holds the words, by name; active ones first."""
    query = (
        within.join(Person, Person.id == Enrolment.learner_id)
        .join(QualificationVersion, QualificationVersion.id == Enrolment.qualification_version_id)
        .with_only_columns(Enrolment, Person.name, QualificationVersion.title, QualificationVersion.level)
        .order_by(Enrolment.state != EnrolmentState.ACTIVE, func.lower(Person.name), Enrolment.id)
        .offset(offset)
        .limit(limit)
    )
    if search:
        query = query.where(person_matches(search))
    found = session.execute(query).all()
    assessors = _assessors(session, [enrolment.id for enrolment, *_ in found])
    return [
        EnrolmentRow(
            id=enrolment.id,
            learner_name=name,
            qualification_title=title,
            qualification_level=level,
            registration_number=enrolment.registration_number,
            started_on=enrolment.started_on,
            due_on=enrolment.due_on,
            state=enrolment.state,
            assessors=tuple(assessors.get(enrolment.id, ())),
        )
        for enrolment, name, title, level in found
    ]


def _assessors(session: Session, enrolment_ids: list[int]) -> dict[int, list[str]]:
    names: dict[int, list[str]] = {}
    query = (
        select(Allocation, Person.name)
        .join(Person, Person.id == Allocation.person_id)
        .where(Allocation.enrolment_id.in_(enrolment_ids), Allocation.duty == Duty.ASSESS)
        .order_by(Allocation.id)
    )
    today = clock.today()
    for allocation, name in session.execute(query):
        if allocation.is_open(today):
            names.setdefault(allocation.enrolment_id, []).append(name)
    return names


def allocations_in(session: Session, enrolment: Enrolment) -> list[AllocationRow]:
    """Everybody with a duty towards the learner, those of today first."""
    today = clock.today()
    held = {
        (row.person_id, row.role): row.qualified
        for row in session.execute(
            select(Membership.person_id, Membership.role, Membership.qualified).where(
                Membership.person_id.in_(select(Allocation.person_id).where(Allocation.enrolment_id == enrolment.id)),
                Membership.centre_id == enrolment.centre_id,
                membership_is_open(),
            )
        )
    }
    found = session.execute(
        select(Allocation, Person.name)
        .join(Person, Person.id == Allocation.person_id)
        .where(Allocation.enrolment_id == enrolment.id)
        .order_by(Allocation.id)
    )
    lines = [
        AllocationRow(
            id=allocation.id,
            person_id=allocation.person_id,
            person_name=name,
            duty=allocation.duty,
            since=allocation.since,
            until=allocation.until,
            is_open=allocation.is_open(today),
            has_role=(allocation.person_id, role_for(allocation.duty)) in held,
            is_trainee=held.get((allocation.person_id, Role.ASSESSOR)) is False,
        )
        for allocation, name in found
    ]
    return sorted(lines, key=lambda line: not line.is_open)


def grants_in(session: Session, enrolment_id: int) -> list[GrantRow]:
    """The external quality assurers to whom the enrolment was granted, the latest day first."""
    today = clock.today()
    found = session.execute(
        select(Grant.until, Person.name)
        .join(Membership, Membership.id == Grant.membership_id)
        .join(Person, Person.id == Membership.person_id)
        .where(Grant.enrolment_id == enrolment_id)
        .order_by(Grant.until.desc(), Grant.id)
    )
    return [GrantRow(row.name, row.until, row.until >= today) for row in found]


def current_for(session: Session, person_id: int, centre_id: int) -> Enrolment | None:
    """The learner's enrolment to open at a centre: the newest active one, else the newest."""
    return session.scalar(
        select(Enrolment)
        .where(Enrolment.learner_id == person_id, Enrolment.centre_id == centre_id)
        .order_by(Enrolment.state != EnrolmentState.ACTIVE, Enrolment.id.desc())
        .limit(1)
    )


def find(session: Session, *, email: str, uid: str | None = None) -> int | None:
    """The id of a learner's newest enrolment, or of the one with the public identifier, at any centre."""
    query = (
        select(Enrolment.id)
        .join(Person, Person.id == Enrolment.learner_id)
        .where(Person.email == normal_email(email))
        .order_by(Enrolment.id.desc())
        .limit(1)
    )
    return session.scalar(query.where(Enrolment.uid == uid) if uid else query)
