"""Correcting what an enrolment began with: its dates, and the number that the awarding organisation gave."""

from datetime import date

from sqlalchemy.orm import Session

from portfolio.audit import streams
from portfolio.audit.events import Doer
from portfolio.enrolment.actions import check_terms, lock
from portfolio.enrolment.models import Enrolment
from portfolio.errors import Conflict, Rejected


def change_terms(
    session: Session,
    actor: Doer,
    enrolment: Enrolment,
    *,
    started_on: date,
    due_on: date | None,
    registration_number: str,
    seen: dict[str, str] | None = None,
) -> None:
    """Other dates or another registration number. `seen` is what `terms_of` said when the page was made.

    Raises Conflict when somebody changed them in between, Rejected for what does not fit.
    """
    enrolment = lock(session, enrolment.id)
    was = terms_of(enrolment)
    if seen is not None and seen != was:
        raise Conflict("Somebody changed this while you were here, so nothing was saved.", was)
    number = registration_number.strip()
    check_terms(enrolment.qualification, started_on=started_on, due_on=due_on, registration_number=number)
    enrolment.started_on, enrolment.due_on = started_on, due_on
    enrolment.registration_number = number
    now = terms_of(enrolment)
    if now == was:
        raise Rejected("Nothing was changed.")
    session.flush()
    streams.record(
        session,
        actor,
        "enrolment.change",
        streams.named(enrolment),
        stream_id=enrolment.stream_id,
        text={**now, "was": was},
    )


def terms_of(enrolment: Enrolment) -> dict[str, str]:
    """The dates and the number as text, by field."""
    return {
        "started_on": enrolment.started_on.isoformat(),
        "due_on": enrolment.due_on.isoformat() if enrolment.due_on else "",
        "registration_number": enrolment.registration_number,
    }
