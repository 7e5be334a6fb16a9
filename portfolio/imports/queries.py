"""Reading what a list is held against: the centre's own people, cohorts, enrolments and qualifications, and nobody
else's. And the lists that somebody has brought.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.accounts.models import Membership, Person
from portfolio.accounts.queries import membership_is_open
from portfolio.accounts.rules import Role
from portfolio.criteria import queries as criteria
from portfolio.criteria.models import QualificationVersion
from portfolio.enrolment.models import Cohort, EnrolmentUnit
from portfolio.imports.models import ImportDraft

CHUNK = 5_000
Value = TypeVar("Value", int, str)


@dataclass(slots=True)
class Known:
    """Somebody who has a role at the centre today; each role with whether it is held as somebody qualified."""

    person: Person
    roles: dict[Role, bool] = field(default_factory=dict)


def known_by(session: Session, centre_id: int, emails: Collection[str]) -> dict[str, Known]:
    """Those of these addresses that belong to people of the centre."""
    found: dict[str, Known] = {}
    for some in chunks(emails):
        rows = session.execute(
            select(Person, Membership.role, Membership.qualified)
            .join(Membership, Membership.person_id == Person.id)
            .where(Membership.centre_id == centre_id, membership_is_open(), Person.email.in_(some))
        )
        for person, role, qualified in rows:
            found.setdefault(person.email, Known(person)).roles[role] = qualified
    return found


def cohorts_of(session: Session, centre_id: int) -> dict[str, Cohort]:
    """The cohorts of a centre by name, however it is written."""
    found = session.scalars(select(Cohort).where(Cohort.centre_id == centre_id))
    return {cohort.name.casefold(): cohort for cohort in found}


def offered_in(session: Session, centre_id: int) -> dict[str, list[QualificationVersion]]:
    """The qualifications that a centre can begin, by reference and by title, however it is written."""
    found: dict[str, list[QualificationVersion]] = {}
    for version in criteria.qualifications_in(session, centre_id):
        for words in {version.reference.casefold(), version.title.casefold()}:
            found.setdefault(words, []).append(version)
    return found


def units_of(session: Session, enrolment_ids: Collection[int]) -> dict[tuple[int, str], EnrolmentUnit]:
    """What these learners take, by enrolment and by the unit's code, however it is written."""
    return {
        (unit.enrolment_id, unit.unit_code.casefold()): unit
        for some in chunks(enrolment_ids)
        for unit in session.scalars(select(EnrolmentUnit).where(EnrolmentUnit.enrolment_id.in_(some)))
    }


def chunks(values: Collection[Value]) -> Iterator[list[Value]]:
    """As many as one statement may name, sorted."""
    ordered = sorted(values)
    for first in range(0, len(ordered), CHUNK):
        yield ordered[first : first + CHUNK]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A list that somebody brought and has not imported."""

    id: int
    kind: str
    name: str


def brought_by(session: Session, *, person_id: int, centre_id: int) -> list[Waiting]:
    """The lists that somebody has not imported yet, the newest first."""
    found = session.execute(
        select(ImportDraft.id, ImportDraft.kind, ImportDraft.name)
        .where(ImportDraft.person_id == person_id, ImportDraft.centre_id == centre_id)
        .order_by(ImportDraft.id.desc())
    )
    return [Waiting(row.id, row.kind.value, row.name) for row in found]
