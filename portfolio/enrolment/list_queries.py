"""The lists of an administrator: enrolments by every filter, and what somebody is allocated to.

A list is cut before anything else is looked up, so that a page costs the same in a centre of ten learners and of a
hundred thousand.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.models import Grant, Membership, Person
from portfolio.accounts.queries import person_matches
from portfolio.criteria.models import QualificationVersion, UnitVersion
from portfolio.db import AnySelect
from portfolio.enrolment.models import Allocation, Cohort, Enrolment, EnrolmentUnit
from portfolio.enrolment.queries import assessors_of
from portfolio.enrolment.rules import Duty, EnrolmentState


class EnrolmentOrder(StrEnum):
    """By what the list is sorted."""

    NAME = "name"
    START = "start"
    DUE = "due"
    NEWEST = "newest"


ORDERS: dict[EnrolmentOrder, tuple[Any, ...]] = {
    EnrolmentOrder.NAME: (Person.name, Person.id, Enrolment.id),
    EnrolmentOrder.START: (Enrolment.started_on.desc(), Enrolment.id.desc()),
    EnrolmentOrder.DUE: (Enrolment.due_on.is_(None), Enrolment.due_on, Enrolment.id),
    EnrolmentOrder.NEWEST: (Enrolment.id.desc(),),
}
NOBODY = 0
"""In place of an assessor or a cohort: those who have none."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which enrolments are listed. An assessor or a cohort of NOBODY stands for having none."""

    search: str = ""
    state: EnrolmentState | None = None
    reference: str = ""
    assessor_id: int | None = None
    cohort_id: int | None = None
    learner_id: int | None = None

    @property
    def is_all(self) -> bool:
        """Whether nothing is filtered."""
        return self == Wanted()


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
    ended_on: date | None
    cohort_name: str
    state: EnrolmentState
    assessors: tuple[str, ...]


def rows(
    session: Session,
    within: Select[tuple[Enrolment]],
    wanted: Wanted = Wanted(),
    *,
    order: EnrolmentOrder = EnrolmentOrder.NAME,
    offset: int = 0,
    limit: int | None = None,
) -> list[EnrolmentRow]:
    """The enrolments among `within` that are wanted. Two statements."""
    cut = within.with_only_columns(Enrolment.id).where(*_conditions(wanted))
    if wanted.search or order is EnrolmentOrder.NAME:
        cut = cut.join(Person, Person.id == Enrolment.learner_id)
    if wanted.search:
        cut = cut.where(or_(person_matches(wanted.search), Enrolment.registration_number == wanted.search))
    if wanted.reference:
        cut = cut.join(QualificationVersion, QualificationVersion.id == Enrolment.qualification_version_id).where(
            QualificationVersion.reference == wanted.reference
        )
    shown = cut.order_by(*ORDERS[order]).offset(offset).limit(limit).subquery()
    query: AnySelect = (
        select(
            Enrolment.id, Person.name, QualificationVersion.title, QualificationVersion.level,
            Enrolment.registration_number, Enrolment.started_on, Enrolment.due_on, Enrolment.ended_on,
            func.coalesce(Cohort.name, ""), Enrolment.state,
        )
        .join(shown, shown.c.id == Enrolment.id)
        .join(Person, Person.id == Enrolment.learner_id)
        .join(QualificationVersion, QualificationVersion.id == Enrolment.qualification_version_id)
        .outerjoin(Cohort, Cohort.id == Enrolment.cohort_id)
        .order_by(*ORDERS[order])
    )  # fmt: skip
    found = session.execute(query).all()
    assessors = assessors_of(session, [row[0] for row in found])
    return [EnrolmentRow(*(*row, tuple(assessors.get(row[0], ())))) for row in found]


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.state is not None:
        conditions.append(Enrolment.state == wanted.state)
    if wanted.learner_id is not None:
        conditions.append(Enrolment.learner_id == wanted.learner_id)
    if wanted.cohort_id == NOBODY:
        conditions.append(Enrolment.cohort_id.is_(None))
    elif wanted.cohort_id is not None:
        conditions.append(Enrolment.cohort_id == wanted.cohort_id)
    if wanted.assessor_id is not None:
        today = clock.today()
        held = (
            Allocation.duty == Duty.ASSESS,
            Allocation.since <= today,
            or_(Allocation.until.is_(None), Allocation.until > today),
        )
        if wanted.assessor_id == NOBODY:
            conditions.append(~Enrolment.allocations.any(and_(*held)))
        else:
            theirs = select(Allocation.enrolment_id).where(Allocation.person_id == wanted.assessor_id, *held)
            conditions.append(Enrolment.id.in_(theirs))
    return conditions


def qualifications_among(session: Session, within: Select[tuple[Enrolment]]) -> list[tuple[str, str]]:
    """(reference, title) of each qualification that somebody among `within` is on, by title. One statement."""
    used = within.with_only_columns(Enrolment.qualification_version_id)
    found = session.execute(
        select(QualificationVersion.reference, func.max(QualificationVersion.title))
        .where(QualificationVersion.id.in_(used))
        .group_by(QualificationVersion.reference)
        .order_by(func.max(QualificationVersion.title), QualificationVersion.reference)
    )
    return [(row[0], row[1]) for row in found]


def assessors_among(session: Session, within: Select[tuple[Enrolment]]) -> list[tuple[int, str]]:
    """(id, name) of everybody who assesses somebody among `within` today, by name. One statement."""
    today = clock.today()
    assessing = select(Allocation.person_id).where(
        Allocation.enrolment_id.in_(within.with_only_columns(Enrolment.id)),
        Allocation.duty == Duty.ASSESS,
        Allocation.since <= today,
        or_(Allocation.until.is_(None), Allocation.until > today),
    )
    query = select(Person.id, Person.name).where(Person.id.in_(assessing)).order_by(Person.name, Person.id)
    return [(row.id, row.name) for row in session.execute(query)]


def cohorts_among(session: Session, within: Select[tuple[Enrolment]]) -> list[tuple[int, str]]:
    """(id, name) of each cohort that somebody among `within` is in, open ones first. One statement."""
    used = within.where(Enrolment.cohort_id.is_not(None)).with_only_columns(Enrolment.cohort_id)
    found = session.execute(
        select(Cohort.id, Cohort.name)
        .where(Cohort.id.in_(used))
        .order_by(Cohort.closed_on.is_not(None), Cohort.name, Cohort.id)
    )
    return [(row.id, row.name) for row in found]


@dataclass(frozen=True, slots=True)
class DutyRow:
    """What somebody is allocated to: a learner, or one unit of a learner's."""

    enrolment_id: int
    learner_name: str
    qualification_title: str
    duty: Duty
    unit_title: str
    since: date
    until: date | None


def duties_of(
    session: Session, centre_id: int, person_id: int, *, duty: Duty | None = None, limit: int
) -> list[DutyRow]:
    """What somebody does today or will do, of enrolments that are under way: by learner. One statement."""
    query = (
        select(
            Enrolment.id, Person.name, QualificationVersion.title, Allocation.duty,
            func.coalesce(UnitVersion.title, ""), Allocation.since, Allocation.until,
        )
        .join(Allocation, Allocation.enrolment_id == Enrolment.id)
        .join(Person, Person.id == Enrolment.learner_id)
        .join(QualificationVersion, QualificationVersion.id == Enrolment.qualification_version_id)
        .outerjoin(EnrolmentUnit, EnrolmentUnit.id == Allocation.enrolment_unit_id)
        .outerjoin(UnitVersion, UnitVersion.id == EnrolmentUnit.unit_version_id)
        .where(
            Allocation.person_id == person_id,
            Enrolment.centre_id == centre_id,
            Enrolment.state == EnrolmentState.ACTIVE,
            or_(Allocation.until.is_(None), Allocation.until > clock.today()),
        )
        .order_by(Person.name, Enrolment.id, Allocation.since, Allocation.id)
        .limit(limit)
    )  # fmt: skip
    if duty is not None:
        query = query.where(Allocation.duty == duty)
    return [DutyRow(*row) for row in session.execute(query)]


def allocated_people(session: Session, centre_id: int) -> list[tuple[int, str]]:
    """(id, name) of everybody who has a duty towards a learner who is under way, or will have one. One statement."""
    busy = (
        select(Allocation.person_id)
        .join(Enrolment, Enrolment.id == Allocation.enrolment_id)
        .where(
            Enrolment.centre_id == centre_id,
            Enrolment.state == EnrolmentState.ACTIVE,
            or_(Allocation.until.is_(None), Allocation.until > clock.today()),
        )
    )
    found = session.execute(select(Person.id, Person.name).where(Person.id.in_(busy)).order_by(Person.name, Person.id))
    return [(row.id, row.name) for row in found]


@dataclass(frozen=True, slots=True)
class GrantedRow:
    """A learner whom an external quality assurer may see, up to and including the day `until`."""

    enrolment_id: int
    learner_name: str
    qualification_title: str
    until: date


def granted_to(session: Session, centre_id: int, person_id: int, *, limit: int) -> list[GrantedRow]:
    """Whom an external quality assurer of the centre may see today: by learner. One statement."""
    found = session.execute(
        select(Enrolment.id, Person.name, QualificationVersion.title, func.max(Grant.until))
        .join(Grant, Grant.enrolment_id == Enrolment.id)
        .join(Membership, Membership.id == Grant.membership_id)
        .join(Person, Person.id == Enrolment.learner_id)
        .join(QualificationVersion, QualificationVersion.id == Enrolment.qualification_version_id)
        .where(Membership.person_id == person_id, Enrolment.centre_id == centre_id, Grant.until >= clock.today())
        .group_by(Enrolment.id, Person.name, QualificationVersion.title)
        .order_by(Person.name, Enrolment.id)
        .limit(limit)
    )
    return [GrantedRow(*row) for row in found]
