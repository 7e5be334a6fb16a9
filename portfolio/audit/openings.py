"""Noting who opened what, where the opening itself must be on record: an external quality assurer's."""

from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.audit.events import Doer
from portfolio.audit.models import AccessLog

PAGE_MOST = 48


def log_access(
    session: Session, actor: Doer, subject: str, *, centre_id: int, page: str, enrolment_id: int | None
) -> None:
    """Note that somebody opened a page about a subject, and whose portfolio that belongs to."""
    session.add(
        AccessLog(
            at=clock.now(),
            centre_id=centre_id,
            person=actor.uid,
            subject=subject,
            page=page[:PAGE_MOST],
            enrolment_id=enrolment_id,
        )
    )
