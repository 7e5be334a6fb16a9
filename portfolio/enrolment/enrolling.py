"""Many enrolments and allocations at once, each as `actions.enrol` and `actions.allocate` make one: by a few
statements for a thousand learners, and with an event of its own in each stream.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portfolio import clock, writing
from portfolio.accounts.models import Membership, Person
from portfolio.accounts.queries import membership_is_open
from portfolio.accounts.rules import Role
from portfolio.audit import many, streams
from portfolio.audit.events import GENESIS, Doer
from portfolio.audit.models import AuditStream
from portfolio.centres.models import Centre
from portfolio.criteria.models import QualificationVersion
from portfolio.db import TOUCHED
from portfolio.enrolment.actions import (
    check_days,
    check_fits,
    check_terms,
    first_units,
    is_overlapping,
    join,
    pinned,
    told_of,
)
from portfolio.enrolment.models import Allocation, Cohort, Enrolment, EnrolmentUnit
from portfolio.enrolment.rules import Duty, EnrolmentState, role_for
from portfolio.errors import InvalidState, Rejected

CHUNK = 1_000
"""How many rows one statement names."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """A learner who begins a qualification, with what the enrolment is to say."""

    learner: Person
    qualification: QualificationVersion
    started_on: date
    due_on: date | None = None
    registration_number: str = ""
    cohort: Cohort | None = None
    assessor: Person | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Somebody who is to have a duty towards a learner, or towards one unit of theirs, from a day until the day before
    another.
    """

    enrolment: Enrolment
    person: Person
    duty: Duty
    since: date
    until: date | None = None
    unit: EnrolmentUnit | None = None


def enrol_all(session: Session, actor: Doer, centre: Centre, beginnings: Sequence[Beginning]) -> None:
    """Each learner begins with the first units, pinned as they are today; at once with an assessor. Raises Rejected."""
    _check_beginnings(session, centre, beginnings)
    opened = [AuditStream(kind="enrolment", head_seq=0, head_hash=GENESIS) for _one in beginnings]
    writing.put(session, opened)
    enrolments = [
        Enrolment(
            centre_id=centre.id,
            learner_id=one.learner.id,
            qualification_version_id=one.qualification.id,
            registration_number=one.registration_number,
            started_on=one.started_on,
            due_on=one.due_on,
            cohort_id=one.cohort.id if one.cohort else None,
            stream_id=stream.id,
        )
        for one, stream in zip(beginnings, opened, strict=True)
    ]
    writing.put(session, enrolments)
    pairs = list(zip(beginnings, enrolments, strict=True))
    taken = {version.id: first_units(session, version) for version in {one.qualification for one in beginnings}}
    writing.put(
        session,
        [pinned(enrolment, unit) for enrolment in enrolments for unit in taken[enrolment.qualification_version_id]],
    )
    told = [
        many.Telling(
            enrolment.stream_id,
            "enrolment.enrol",
            streams.named(enrolment),
            {
                "qualification": one.qualification.reference,
                "units": [unit.code for unit in taken[enrolment.qualification_version_id]],
            }
            | ({"cohort": one.cohort.name} if one.cohort else {}),
        )
        for one, enrolment in pairs
    ]
    assessed = [Wanted(enrolment, one.assessor, Duty.ASSESS, clock.today()) for one, enrolment in pairs if one.assessor]
    many.record_all(session, actor, told + _allocated(session, centre, assessed))
    session.info.setdefault(TOUCHED, set()).update(enrolment.id for enrolment in enrolments)


def allocate_all(session: Session, actor: Doer, centre: Centre, wanted: Sequence[Wanted]) -> None:
    """Give each of these people their duty. Raises Rejected as `actions.allocate` does, and InvalidState when an
    enrolment is over.
    """
    for ids in _chunks({one.enrolment.id for one in wanted}):
        held = session.scalars(
            select(Enrolment)
            .where(Enrolment.id.in_(ids))
            .order_by(Enrolment.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        for enrolment in held:
            if enrolment.state is not EnrolmentState.ACTIVE:
                raise InvalidState("An enrolment is over, so nobody can be allocated to it.")
            enrolment.version += 1
    _are_free(session, wanted)
    many.record_all(session, actor, _allocated(session, centre, wanted))
    session.info.setdefault(TOUCHED, set()).update(one.enrolment.id for one in wanted)


def _allocated(session: Session, centre: Centre, wanted: Sequence[Wanted]) -> list[many.Telling]:
    """Write who does what; answers what is to be told of it. Raises Rejected."""
    held = qualified_in(session, centre.id)
    for one in wanted:
        if (one.person.id, role_for(one.duty)) not in held:
            raise Rejected(f"{one.person.name} does not have the role here that this needs.", "person")
        check_fits(one.enrolment, one.person, one.duty, is_qualified=held[one.person.id, role_for(one.duty)])
        check_days(one.enrolment, one.since, one.until)
    rows = [
        Allocation(
            enrolment_id=one.enrolment.id,
            enrolment_unit_id=one.unit.id if one.unit else None,
            person_id=one.person.id,
            duty=one.duty,
            since=one.since,
            until=one.until,
        )
        for one in wanted
    ]
    writing.put(session, rows)
    return [
        many.Telling(
            one.enrolment.stream_id,
            "allocation.begin",
            streams.named(row),
            told_of(row, one.person.name, one.unit.unit_code if one.unit else ""),
        )
        for one, row in zip(wanted, rows, strict=True)
    ]


def _check_beginnings(session: Session, centre: Centre, beginnings: Sequence[Beginning]) -> None:
    """Hold the learners and the cohorts, and raise Rejected for whoever cannot begin."""
    for one in beginnings:
        check_terms(
            one.qualification,
            started_on=one.started_on,
            due_on=one.due_on,
            registration_number=one.registration_number,
        )
    learners = {one.learner.id for one in beginnings}
    for ids in _chunks(learners):
        session.execute(select(Person.id).where(Person.id.in_(ids)).order_by(Person.id).with_for_update())
    for cohort in {one.cohort for one in beginnings if one.cohort}:
        join(session, centre.id, cohort)
    here = people_with_role(session, centre.id, Role.LEARNER, learners)
    if learners - here:
        raise Rejected("Somebody does not have the role of {learner} here.", "learner")
    pairs = Counter((one.learner.id, one.qualification.reference) for one in beginnings)
    running = {pair for pair, _enrolment in running_of(session, centre.id, learners)}
    if running & pairs.keys() or max(pairs.values(), default=0) > 1:
        raise Rejected("Somebody is on this qualification already.", "qualification")


def _are_free(session: Session, wanted: Sequence[Wanted]) -> None:
    """Raises Rejected when somebody does the same already on one of these days, or comes twice among `wanted`."""
    there = open_allocations(session, {one.enrolment.id for one in wanted})
    coming: dict[DutyKey, list[Wanted]] = {}
    for one in wanted:
        key, unit_id = (one.enrolment.id, one.person.id, one.duty), one.unit.id if one.unit else None
        if any(
            row.enrolment_unit_id in {None, unit_id} and is_overlapping(row, one.since, one.until)
            for row in there.get(key, ())
        ) or any(other.unit is one.unit or other.unit is None for other in coming.get(key, ())):
            raise Rejected(f"{one.person.name} already does this for the {{learner}} on these days.", "person")
        coming.setdefault(key, []).append(one)


def people_with_role(session: Session, centre_id: int, role: Role, person_ids: Collection[int]) -> set[int]:
    """Those of these people who have the role at the centre today."""
    return {
        person_id
        for ids in _chunks(person_ids)
        for person_id in session.scalars(
            select(Membership.person_id).where(
                Membership.centre_id == centre_id,
                Membership.role == role,
                Membership.person_id.in_(ids),
                membership_is_open(),
            )
        )
    }


def qualified_in(session: Session, centre_id: int) -> dict[tuple[int, Role], bool]:
    """The assessors and internal quality assurers of a centre today, each with whether they are qualified."""
    held = session.execute(
        select(Membership.person_id, Membership.role, Membership.qualified).where(
            Membership.centre_id == centre_id,
            Membership.role.in_([Role.ASSESSOR, Role.IQA]),
            membership_is_open(),
        )
    )
    return {(row.person_id, row.role): row.qualified for row in held}


def running_of(
    session: Session, centre_id: int, learner_ids: Collection[int]
) -> Iterator[tuple[tuple[int, str], Enrolment]]:
    """The enrolments of these learners that are under way at a centre, each after (learner id, qualification
    reference).
    """
    for ids in _chunks(learner_ids):
        found = session.execute(
            select(Enrolment, QualificationVersion.reference)
            .join(QualificationVersion, QualificationVersion.id == Enrolment.qualification_version_id)
            .where(
                Enrolment.centre_id == centre_id,
                Enrolment.learner_id.in_(ids),
                Enrolment.state == EnrolmentState.ACTIVE,
            )
            .order_by(Enrolment.id)
        )
        for enrolment, reference in found:
            yield (enrolment.learner_id, reference), enrolment


DutyKey = tuple[int, int, Duty]
"""Enrolment, person and duty."""


def open_allocations(session: Session, enrolment_ids: Collection[int]) -> dict[DutyKey, list[Allocation]]:
    """What people do for these learners today or are to do later."""
    found: dict[DutyKey, list[Allocation]] = {}
    for ids in _chunks(enrolment_ids):
        rows = session.scalars(
            select(Allocation)
            .where(Allocation.enrolment_id.in_(ids), or_(Allocation.until.is_(None), Allocation.until > clock.today()))
            .order_by(Allocation.id)
        )
        for row in rows:
            found.setdefault((row.enrolment_id, row.person_id, row.duty), []).append(row)
    return found


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    ordered = sorted(ids)
    for first in range(0, len(ordered), CHUNK):
        yield ordered[first : first + CHUNK]
