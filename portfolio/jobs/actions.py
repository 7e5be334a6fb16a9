"""Asking for background work, taking it under a lease, and saying how it went. All operational: no audit event."""

from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.errors import InvalidState
from portfolio.jobs import queries
from portfolio.jobs.models import Job, WorkerSeen
from portfolio.jobs.rules import FORGOTTEN, LEASE, MOST_ATTEMPTS, PAUSE, JobState

GAVE_UP = "The work stopped three times before its end. Ask for it again, and tell your centre if it happens again."


def ask(
    session: Session,
    *,
    kind: str,
    centre_id: int,
    person_id: int,
    subject_id: int,
    arguments: dict[str, Any] | None = None,
) -> Job:
    """A queued job, in the transaction of what asks for it."""
    job = Job(
        kind=kind,
        centre_id=centre_id,
        person_id=person_id,
        subject_id=subject_id,
        arguments=arguments or {},
        created_at=clock.now(),
    )
    session.add(job)
    session.flush()
    return job


def take(session: Session, *, worker: str) -> Job | None:
    """Take the next due job under a lease; None when there is none. A job that died too often is given up."""
    while (job := queries.next_due(session)) is not None:
        if job.attempts >= MOST_ATTEMPTS:
            finish(session, job, JobState.FAILED, GAVE_UP)
            continue
        job.state, job.worker = JobState.RUNNING, worker
        job.attempts += 1
        job.lease_until = clock.now() + LEASE
        job.done = 0
        session.flush()
        return job
    return None


def held(session: Session, job_id: int, *, worker: str) -> Job | None:
    """The job, locked, if this worker still has it; None when it was cancelled, finished or taken by somebody else."""
    job = session.get_one(Job, job_id, with_for_update=True, populate_existing=True)
    return job if job.state is JobState.RUNNING and job.worker == worker else None


def report(session: Session, job_id: int, *, worker: str, done: int, total: int, message: str) -> bool:
    """Say how far the work is and renew the lease; False when it was cancelled or somebody else has it now."""
    job = held(session, job_id, worker=worker)
    if job is None:
        return False
    job.done, job.total, job.message = done, total, message[:300]
    job.lease_until = clock.now() + LEASE
    session.flush()
    return True


def finish(session: Session, job: Job, state: JobState, message: str = "") -> None:
    """The work is over."""
    job.state, job.message, job.finished_at, job.lease_until = state, message[:300], clock.now(), None
    if state is JobState.DONE:
        job.done = job.total = max(job.total, 1)
    session.flush()


def give_back(session: Session, job: Job) -> None:
    """A worker that is told to stop lets go of what it holds; the attempt does not count."""
    job.state, job.worker, job.lease_until = JobState.QUEUED, "", None
    job.attempts -= 1
    session.flush()


def put_off(session: Session, job: Job) -> None:
    """The work cannot go on at this moment; whoever looks in a while takes it up again."""
    job.lease_until = clock.now() + PAUSE
    session.flush()


def cancel(session: Session, job: Job) -> None:
    """A person no longer wants it; the worker notices at its next report."""
    session.refresh(job, with_for_update=True)
    if job.is_over:
        raise InvalidState("This work is over already.")
    finish(session, job, JobState.CANCELLED)


def note_seen(session: Session, worker: str) -> None:
    """A worker is at work; those that were not heard of for a day are forgotten."""
    now = clock.now()
    session.execute(delete(WorkerSeen).where(WorkerSeen.at < now - FORGOTTEN))
    row = session.get(WorkerSeen, worker)
    if row is None:
        session.add(WorkerSeen(name=worker, at=now))
    else:
        row.at = now
    session.flush()
