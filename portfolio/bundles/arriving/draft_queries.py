"""Looking at bundles on their way in, and at what came in with them. Statements are few and fixed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from portfolio import clock
from portfolio.accounts.models import Person
from portfolio.bundles.arriving.models import ArrivingDraft
from portfolio.bundles.arriving.rules import KEPT_FOR, DraftState
from portfolio.criteria.models import QualificationVersion
from portfolio.enrolment.models import Enrolment
from portfolio.jobs.models import Job
from portfolio.jobs.rules import JobState
from portfolio.storage.models import Blob
from portfolio.storage.rules import BlobState

BUSY = (JobState.QUEUED, JobState.RUNNING)


def count_waiting(session: Session, centre_id: int) -> int:
    """How many bundles with their file lie at a centre."""
    lying = select(func.count()).select_from(ArrivingDraft)
    return session.scalar(lying.where(ArrivingDraft.centre_id == centre_id, ArrivingDraft.blob_id.is_not(None))) or 0


def held_by(session: Session, centre_id: int) -> int:
    """How many bytes a centre holds, each content once."""
    size = select(func.sum(Blob.size)).where(Blob.centre_id == centre_id, Blob.state != BlobState.GONE)
    return int(session.scalar(size) or 0)


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A bundle on its way in, as a list shows it."""

    id: int
    name: str
    size: int
    state: DraftState
    is_under_way: bool
    by: str
    touched_at: datetime


def drafts_at(session: Session, centre_id: int) -> list[DraftRow]:
    """The bundles that lie at a centre, with those that were refused or brought in of late; the newest first."""
    rows = session.execute(
        select(ArrivingDraft, Person.name)
        .join(Person, Person.id == ArrivingDraft.person_id)
        .where(ArrivingDraft.centre_id == centre_id)
        .options(joinedload(ArrivingDraft.job))
        .order_by(ArrivingDraft.id.desc())
    )
    return [
        DraftRow(draft.id, draft.name, draft.size, draft.state, draft.is_under_way, by, draft.touched_at)
        for draft, by in rows
    ]


def forgotten(session: Session, centre_id: int, *, most: int) -> Sequence[ArrivingDraft]:
    """Up to `most` drafts that nobody touched within their time, held until the transaction ends; none of them with a
    worker.
    """
    busy = select(Job.id).where(Job.state.in_(BUSY))
    return session.scalars(
        select(ArrivingDraft)
        .where(ArrivingDraft.centre_id == centre_id, ArrivingDraft.touched_at < clock.now() - KEPT_FOR)
        .where(ArrivingDraft.job_id.is_(None) | ArrivingDraft.job_id.not_in(busy))
        .order_by(ArrivingDraft.id)
        .limit(most)
        .with_for_update(of=ArrivingDraft, skip_locked=True)
    ).all()


@dataclass(frozen=True, slots=True)
class Brought:
    """A portfolio that came in with a bundle."""

    enrolment_id: int
    learner: str
    qualification: str


def brought(session: Session, enrolment_ids: Sequence[int]) -> list[Brought]:
    """The portfolios of these enrolments, in the order of their learners. One statement, none without enrolments."""
    if not enrolment_ids:
        return []
    rows = session.execute(
        select(Enrolment.id, Person.name, QualificationVersion.title)
        .join(Person, Person.id == Enrolment.learner_id)
        .join(QualificationVersion, QualificationVersion.id == Enrolment.qualification_version_id)
        .where(Enrolment.id.in_(enrolment_ids))
        .order_by(Person.name, Enrolment.id)
    )
    return [Brought(row.id, row.name, row.title) for row in rows]
