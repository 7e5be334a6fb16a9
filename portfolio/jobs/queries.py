"""Looking at background work."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.jobs.models import Job
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
