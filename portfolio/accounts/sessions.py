"""Where people are signed in. A session is over when its row is gone, so that whoever is just using it finishes first
or is refused.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.models import Person, SignInSession
from portfolio.centres.models import Centre


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One place where somebody is signed in. `device` is empty where it is not known."""

    id: int
    device: str
    centre_name: str
    since: datetime
    is_this_one: bool


def open_sessions(session: Session, person_id: int, *, hours: int, present: str) -> list[SessionRow]:
    """Where a person is signed in, this place first; `present` is the hash of the present session's token."""
    rows = session.execute(
        select(SignInSession, Centre.name)
        .join(Centre, Centre.id == SignInSession.centre_id)
        .join(Person, and_(Person.id == SignInSession.person_id, Person.epoch == SignInSession.epoch))
        .where(SignInSession.person_id == person_id, SignInSession.created_at > clock.now() - timedelta(hours=hours))
        .order_by(SignInSession.created_at.desc(), SignInSession.id.desc())
    )
    found = [SessionRow(one.id, one.device, name, one.created_at, one.hash == present) for one, name in rows]
    return sorted(found, key=lambda row: not row.is_this_one)


def end_session(session: Session, row: SignInSession) -> None:
    """Nobody is signed in there any more."""
    session.execute(delete(SignInSession).where(SignInSession.id == row.id))


def end_sessions(session: Session, person_id: int, *, centre_id: int | None = None, but: str = "") -> None:
    """A person is signed out everywhere, or of one centre, but for the session whose token has this hash."""
    theirs = delete(SignInSession).where(SignInSession.person_id == person_id, SignInSession.hash != but)
    session.execute(theirs if centre_id is None else theirs.where(SignInSession.centre_id == centre_id))
