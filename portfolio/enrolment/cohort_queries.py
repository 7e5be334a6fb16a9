"""Reading cohorts: the list, those that may be chosen, and who is in one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from portfolio.accounts.models import Person
from portfolio.criteria.models import QualificationVersion
from portfolio.enrolment.models import Cohort, Enrolment
from portfolio.enrolment.rules import EnrolmentState

RUNNING = Enrolment.state == EnrolmentState.ACTIVE
ORDERS: Mapping[str, tuple[Any, ...]] = {
    "start": (Cohort.starts_on.desc().nulls_last(), func.lower(Cohort.name), Cohort.id),
    "name": (func.lower(Cohort.name), Cohort.id),
    "learners": (func.count(Enrolment.id).desc(), func.lower(Cohort.name), Cohort.id),
}
"""How the list may be sorted; closed cohorts come last each time."""


@dataclass(frozen=True, slots=True)
class CohortRow:
    """One line of the list: `running` of the `learners` are still on their way."""

    id: int
    name: str
    starts_on: date | None
    closed_on: date | None
    learners: int
    running: int


def rows(
    session: Session,
    within: Select[tuple[Cohort]],
    *,
    search: str = "",
    order: str = "start",
    offset: int = 0,
    limit: int | None = None,
) -> list[CohortRow]:
    """The cohorts among `within` whose name holds the words, in one of ORDERS. One statement."""
    query = (
        within.outerjoin(Enrolment, Enrolment.cohort_id == Cohort.id)
        .with_only_columns(
            Cohort.id,
            Cohort.name,
            Cohort.starts_on,
            Cohort.closed_on,
            func.count(Enrolment.id),
            func.count(Enrolment.id).filter(RUNNING),
        )
        .group_by(Cohort.id)
        .order_by(Cohort.closed_on.is_not(None), *ORDERS[order])
        .offset(offset)
        .limit(limit)
    )
    if search:
        query = query.where(Cohort.name.icontains(search, autoescape=True))
    return [CohortRow(*row) for row in session.execute(query)]


def open_in(session: Session, centre_id: int) -> dict[int, str]:
    """The names of the centre's cohorts that take learners, by id, the one that starts last first."""
    found = session.execute(
        select(Cohort.id, Cohort.name)
        .where(Cohort.centre_id == centre_id, Cohort.closed_on.is_(None))
        .order_by(*ORDERS["start"])
    )
    return {row.id: row.name for row in found}


def cohort_in(session: Session, centre_id: int, cohort_id: int) -> Cohort | None:
    """A cohort of this centre, open or closed."""
    return session.scalar(select(Cohort).where(Cohort.id == cohort_id, Cohort.centre_id == centre_id))


@dataclass(frozen=True, slots=True)
class InCohort:
    """A learner in a cohort, on one qualification."""

    enrolment_id: int
    learner_name: str
    qualification_title: str
    qualification_level: int
    started_on: date
    due_on: date | None
    state: EnrolmentState


def learners_in(
    session: Session, within: Select[tuple[Enrolment]], cohort_id: int, *, offset: int = 0, limit: int | None = None
) -> list[InCohort]:
    """Who is in a cohort, of the enrolments among `within`, by name; those still on their way first. One statement."""
    query = (
        within.where(Enrolment.cohort_id == cohort_id)
        .join(Person, Person.id == Enrolment.learner_id)
        .join(QualificationVersion, QualificationVersion.id == Enrolment.qualification_version_id)
        .with_only_columns(
            Enrolment.id,
            Person.name,
            QualificationVersion.title,
            QualificationVersion.level,
            Enrolment.started_on,
            Enrolment.due_on,
            Enrolment.state,
        )
        .order_by(Enrolment.state != EnrolmentState.ACTIVE, func.lower(Person.name), Enrolment.id)
        .offset(offset)
        .limit(limit)
    )
    return [InCohort(*row) for row in session.execute(query)]
