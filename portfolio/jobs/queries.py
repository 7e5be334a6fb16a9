"""Looking at background work."""

from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.jobs.models import Job, WorkerSeen
from portfolio.jobs.rules import JobState


def next_due(session: Session) -> Job | None:
    """The oldest job that nobody holds: queued, or running under a lease that has run out. Held until the transaction
    ends, so that two workers never take the same one."""
    return session.scalars(
        select(Job)
        .where(or_(Job.state == JobState.QUEUED, (Job.state == JobState.RUNNING) & (Job.lease_until < clock.now())))
        .order_by(Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()


def is_held(session: Session, job_id: int, *, worker: str) -> bool:
    """Whether this worker has the job still. One statement."""
    row = session.execute(select(Job.state, Job.worker).where(Job.id == job_id)).one_or_none()
    return row is not None and row.state == JobState.RUNNING and row.worker == worker


def counted(session: Session) -> dict[str, int]:
    """How many jobs wait, run, and failed, by state. One statement."""
    told = (JobState.QUEUED, JobState.RUNNING, JobState.FAILED)
    rows = session.execute(select(Job.state, func.count()).where(Job.state.in_(told)).group_by(Job.state))
    found = {state.value: count for state, count in rows}
    return {state.value: found.get(state.value, 0) for state in told}


def worker_seen(session: Session) -> datetime | None:
    """When any worker was last known to be at work. One statement."""
    return session.scalar(select(WorkerSeen.at).order_by(WorkerSeen.at.desc()).limit(1))
