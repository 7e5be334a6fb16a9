"""Reading enrolments: one with all that belongs to it, and the one to open. The lists are in `list_queries`.

A learner's units are those chosen from the qualification version that the enrolment began with, each pinned by itself.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from sqlalchemy import Integer, Select, and_, bindparam, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from portfolio import clock
from portfolio.accounts.models import Grant, Membership, Person
from portfolio.accounts.queries import membership_is_open
from portfolio.accounts.rules import Role, normal_email
from portfolio.audit.models import AuditEvent, AuditText
from portfolio.criteria.combination import ChosenUnit, Rules, rules_from
from portfolio.criteria.models import Criterion, Outcome, QualificationUnit, UnitVersion
from portfolio.criteria.queries import newest_units, newest_version_id
from portfolio.db import AnySelect, read
from portfolio.enrolment.models import Allocation, Enrolment, EnrolmentUnit
from portfolio.enrolment.rules import Duty, EnrolmentState, role_for


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
    unit_title: str
    """The one unit that is meant; empty where all are."""
    is_over: bool
    """Whether it has ended, or was taken back before it began."""

    @property
    def last(self) -> date | None:
        """The last day of it."""
        return self.until - timedelta(days=1) if self.until is not None else None


@dataclass(frozen=True, slots=True)
class GrantRow:
    """An external quality assurer's access to an enrolment, up to and including the day `until`."""

    id: int
    person_name: str
    until: date
    is_open: bool


@dataclass(frozen=True, slots=True)
class OfferedUnit:
    """A unit that the qualification offers; `enrolment_unit_id` when the learner takes it.

    Of a unit that is taken, title, level and credit are those of the version that the learner is on.
    """

    unit_version_id: int
    """As the qualification offers it, whatever version the learner was moved to."""
    code: str
    title: str
    level: int
    credit: int
    is_outline: bool
    group_code: str
    position: int
    enrolment_unit_id: int | None

    @property
    def choice(self) -> ChosenUnit:
        """As the rules of combination count it."""
        return ChosenUnit(self.code, self.title, self.level, self.credit, self.group_code)


def assessors_of(session: Session, enrolment_ids: Collection[int]) -> dict[int, list[str]]:
    """The names of those who assess today, by enrolment. One statement."""
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
            there = names.setdefault(allocation.enrolment_id, [])
            if name not in there:
                there.append(name)
    return names


def whole(session: Session, enrolment_id: int) -> Enrolment:
    """An enrolment with its learner, its qualification and its cohort. One statement."""
    query = select(Enrolment).where(Enrolment.id == enrolment_id)
    parts = joinedload(Enrolment.learner), joinedload(Enrolment.qualification), joinedload(Enrolment.cohort)
    return session.scalars(query.options(*parts)).one()


def allocations_in(session: Session, enrolment: Enrolment) -> list[AllocationRow]:
    """Everybody with a duty towards the learner: those of today first, then those to come, then those that are over.

    Two statements.
    """
    today = clock.today()
    at_centre = and_(
        Membership.person_id == Person.id, Membership.centre_id == enrolment.centre_id, membership_is_open()
    )
    people = session.execute(
        select(Person.id, Person.name, Membership.role, Membership.qualified)
        .outerjoin(Membership, at_centre)
        .where(Person.id.in_(select(Allocation.person_id).where(Allocation.enrolment_id == enrolment.id)))
    ).all()
    names = {row.id: row.name for row in people}
    held = {(row.id, row.role): row.qualified for row in people}
    found = session.execute(
        select(Allocation, func.coalesce(UnitVersion.title, ""))
        .outerjoin(EnrolmentUnit, EnrolmentUnit.id == Allocation.enrolment_unit_id)
        .outerjoin(UnitVersion, UnitVersion.id == EnrolmentUnit.unit_version_id)
        .where(Allocation.enrolment_id == enrolment.id)
        .order_by(Allocation.id)
    )
    lines = [
        AllocationRow(
            id=allocation.id,
            person_id=allocation.person_id,
            person_name=names[allocation.person_id],
            duty=allocation.duty,
            since=allocation.since,
            until=allocation.until,
            is_open=allocation.is_open(today),
            has_role=(allocation.person_id, role_for(allocation.duty)) in held,
            is_trainee=held.get((allocation.person_id, Role.ASSESSOR)) is False,
            unit_title=unit_title,
            is_over=allocation.until is not None and allocation.until <= max(today, allocation.since),
        )
        for allocation, unit_title in found
    ]
    return sorted(lines, key=lambda line: (line.is_over, not line.is_open))


def grants_in(session: Session, enrolment_id: int) -> list[GrantRow]:
    """The external quality assurers to whom the enrolment was granted, the latest day first."""
    today = clock.today()
    found = session.execute(
        select(Grant.id, Grant.until, Person.name)
        .join(Membership, Membership.id == Grant.membership_id)
        .join(Person, Person.id == Membership.person_id)
        .where(Grant.enrolment_id == enrolment_id)
        .order_by(Grant.until.desc(), Grant.id)
    )
    return [GrantRow(row.id, row.name, row.until, row.until >= today) for row in found]


def reason_for_leaving(session: Session, enrolment: Enrolment) -> str:
    """Why a learner left, as it was said then; empty for everybody who is here, and where it was erased."""
    if enrolment.state is not EnrolmentState.WITHDRAWN:
        return ""
    said = session.scalars(
        select(AuditText.text)
        .join(AuditEvent, AuditEvent.id == AuditText.event_id)
        .where(AuditEvent.stream_id == enrolment.stream_id, AuditEvent.verb == "enrolment.leave")
        .order_by(AuditEvent.seq.desc())
    ).first()
    return str((said or {}).get("reason", ""))


def units_offered(session: Session, enrolment: Enrolment) -> list[OfferedUnit]:
    """Every unit of the qualification version that the enrolment began with, in its order. One statement."""
    offered = aliased(UnitVersion)
    found = session.execute(
        select(QualificationUnit, offered, EnrolmentUnit.id, UnitVersion)
        .join(offered, offered.id == QualificationUnit.unit_version_id)
        .outerjoin(
            EnrolmentUnit, and_(EnrolmentUnit.enrolment_id == enrolment.id, EnrolmentUnit.unit_code == offered.code)
        )
        .outerjoin(UnitVersion, UnitVersion.id == EnrolmentUnit.unit_version_id)
        .where(QualificationUnit.qualification_version_id == enrolment.qualification_version_id)
        .order_by(QualificationUnit.position)
    )
    return [
        OfferedUnit(
            unit_version_id=first.id,
            code=first.code,
            title=shown.title,
            level=shown.level,
            credit=shown.credit,
            is_outline=shown.is_outline,
            group_code=row.group_code,
            position=row.position,
            enrolment_unit_id=enrolment_unit_id,
        )
        for row, first, enrolment_unit_id, taken in found
        for shown in [first if enrolment_unit_id is None else taken]
    ]


def rules_of(enrolment: Enrolment) -> Rules:
    """How units combine, in the version of the qualification that the enrolment began with."""
    return rules_from(enrolment.qualification.rules)


def unit_in(session: Session, enrolment_id: int, enrolment_unit_id: int) -> EnrolmentUnit | None:
    """One of the learner's units."""
    return session.scalar(
        select(EnrolmentUnit)
        .where(EnrolmentUnit.id == enrolment_unit_id, EnrolmentUnit.enrolment_id == enrolment_id)
        .options(joinedload(EnrolmentUnit.unit))
    )


def newer_units(session: Session, enrolment: Enrolment) -> dict[int, UnitVersion]:
    """For each of the learner's units that reads otherwise in the criteria in use, the version to go on with.

    That is the unit as the learner's qualification offers it now. Where it does not offer it, or in outline only while
    it is known in full, it is the one that was loaded last. Nothing in full gives way to an outline.
    """
    present = session.execute(
        select(EnrolmentUnit.id, UnitVersion)
        .join(UnitVersion, UnitVersion.id == EnrolmentUnit.unit_version_id)
        .where(EnrolmentUnit.enrolment_id == enrolment.id)
        .order_by(EnrolmentUnit.position)
    ).all()
    in_use = newest_version_id(enrolment.qualification.reference, enrolment.centre_id)
    offered = session.scalars(
        select(UnitVersion)
        .join(QualificationUnit, QualificationUnit.unit_version_id == UnitVersion.id)
        .where(QualificationUnit.qualification_version_id == in_use)
    )
    best = newest_units(session, [unit.code for _id, unit in present], enrolment.centre_id)
    best |= {unit.code: unit for unit in offered if not unit.is_outline or best.get(unit.code, unit).is_outline}
    return {id_: best[unit.code] for id_, unit in present if best[unit.code].content_sha != unit.content_sha}


def learners_on(session: Session, within: Select[tuple[Enrolment]]) -> dict[int, int]:
    """How many of these enrolments are under way on each qualification version, by its id."""
    found = session.execute(
        within.where(Enrolment.state == EnrolmentState.ACTIVE)
        .with_only_columns(Enrolment.qualification_version_id, func.count())
        .group_by(Enrolment.qualification_version_id)
    )
    return {row[0]: row[1] for row in found}


def ids_at(session: Session, centre_id: int) -> Sequence[int]:
    """Every enrolment of a centre, in the order of their making."""
    return session.scalars(select(Enrolment.id).where(Enrolment.centre_id == centre_id).order_by(Enrolment.id)).all()


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


@dataclass(frozen=True, slots=True)
class OwnCriterion:
    """A criterion of a unit that a learner takes, in the version that they are on."""

    enrolment_unit_id: int
    unit_version_id: int
    unit_code: str
    unit_title: str
    outcome_code: str
    outcome_title: str
    id: int
    code: str
    text: str


@cache
def _criteria_of() -> AnySelect:
    return (
        select(
            EnrolmentUnit.id,
            EnrolmentUnit.unit_version_id,
            EnrolmentUnit.unit_code,
            UnitVersion.title,
            Outcome.code,
            Outcome.title,
            Criterion.id,
            Criterion.code,
            Criterion.text,
        )
        .join(UnitVersion, UnitVersion.id == EnrolmentUnit.unit_version_id)
        .join(Criterion, Criterion.unit_version_id == UnitVersion.id)
        .join(Outcome, Outcome.id == Criterion.outcome_id)
        .where(EnrolmentUnit.enrolment_id == bindparam("enrolment_id", type_=Integer))
        .order_by(EnrolmentUnit.position, Criterion.position)
    )


def criteria_of(session: Session, enrolment_id: int) -> list[OwnCriterion]:
    """Every criterion of a learner's units, in order. One statement."""
    return [OwnCriterion(*row) for row in read(session, _criteria_of(), enrolment_id=enrolment_id)]


def criterion_in(session: Session, enrolment_id: int, criterion_id: int) -> OwnCriterion | None:
    """One criterion of a learner's units; None for any other. One statement."""
    return next((one for one in criteria_of(session, enrolment_id) if one.id == criterion_id), None)
