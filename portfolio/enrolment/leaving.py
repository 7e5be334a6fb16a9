"""A learner finishes, leaves, or comes back. A portfolio that is over can be read and not changed, until it is opened
again; whoever is allocated stays so.
"""

from datetime import date

from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.rules import Role
from portfolio.audit import streams
from portfolio.audit.events import Doer
from portfolio.criteria.differences import in_words
from portfolio.enrolment.actions import has_role, is_not_on, lock
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.rules import EnrolmentState
from portfolio.errors import InvalidState, Rejected

REASON_MOST = 500


def finish(session: Session, actor: Doer, enrolment: Enrolment, *, on: date) -> None:
    """The learner has done what the qualification asks for, and `on` was the last day."""
    enrolment = lock(session, enrolment.id)
    _end(enrolment, EnrolmentState.COMPLETED, on)
    session.flush()
    streams.record(
        session,
        actor,
        "enrolment.finish",
        streams.named(enrolment),
        stream_id=enrolment.stream_id,
        text={"on": on.isoformat()},
    )


def leave(session: Session, actor: Doer, enrolment: Enrolment, *, on: date, reason: str) -> None:
    """The learner stops before the end; `on` was the last day. The reason stays on record."""
    enrolment = lock(session, enrolment.id)
    if not reason.strip():
        raise Rejected("Say why the {learner} leaves.", "reason")
    if len(reason.strip()) > REASON_MOST:
        raise Rejected(f"Keep this to {REASON_MOST} characters.", "reason")
    _end(enrolment, EnrolmentState.WITHDRAWN, on)
    session.flush()
    streams.record(
        session,
        actor,
        "enrolment.leave",
        streams.named(enrolment),
        stream_id=enrolment.stream_id,
        text={"on": on.isoformat(), "reason": reason.strip()},
    )


def _end(enrolment: Enrolment, state: EnrolmentState, on: date) -> None:
    if on < enrolment.started_on:
        raise Rejected(f"The {{learner}} started later, on {in_words(enrolment.started_on)}.", "on")
    if on > clock.today():
        raise Rejected("The last day lies ahead. Come back on that day.", "on")
    enrolment.state, enrolment.ended_on = state, on


def return_to(session: Session, actor: Doer, enrolment: Enrolment) -> None:
    """A learner who finished or left goes on; everything is as it was. Nobody is on a qualification twice at a time."""
    enrolment = lock(session, enrolment.id, even_over=True)
    if enrolment.state is EnrolmentState.ACTIVE:
        raise InvalidState("This enrolment is not over.")
    has_role(session, enrolment.learner, enrolment.centre_id, Role.LEARNER)
    is_not_on(session, enrolment.learner, enrolment.centre, enrolment.qualification)
    was, ended = enrolment.state, enrolment.ended_on
    enrolment.state, enrolment.ended_on = EnrolmentState.ACTIVE, None
    session.flush()
    streams.record(
        session,
        actor,
        "enrolment.return",
        streams.named(enrolment),
        stream_id=enrolment.stream_id,
        text={"was": was.value, "ended_on": ended.isoformat() if ended else ""},
    )
