"""Cohorts: opened, renamed and closed; a learner put into one, moved to another or taken out. What a cohort is called
is told in the centre's stream, who is in it in the stream of each enrolment.
"""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.audit import streams
from portfolio.audit.events import Doer
from portfolio.centres.models import Centre
from portfolio.db import hold
from portfolio.enrolment.actions import join, lock
from portfolio.enrolment.models import Cohort, Enrolment
from portfolio.errors import Conflict, InvalidState, Rejected

NAME_MOST = 120
NO_COHORT = ""
"""How the trail says that somebody is in no cohort."""


def open_cohort(session: Session, actor: Doer, centre: Centre, *, name: str, starts_on: date | None = None) -> Cohort:
    """A new cohort of the centre, with nobody in it. A centre has no two of one name, however it is written."""
    session.execute(select(Centre.id).where(Centre.id == centre.id).with_for_update())
    cohort = Cohort(centre_id=centre.id, name=_free(session, centre.id, name), starts_on=starts_on)
    session.add(cohort)
    session.flush()
    streams.record(
        session,
        actor,
        "cohort.open",
        streams.named(cohort),
        stream_id=centre.stream_id,
        text={"name": cohort.name, "starts_on": _said(starts_on)},
    )
    return cohort


def change_cohort(
    session: Session, actor: Doer, cohort: Cohort, *, name: str, starts_on: date | None, rev: int | None = None
) -> None:
    """Another name or first day. Raises Conflict when it changed since `rev` was read."""
    centre = session.get_one(Centre, cohort.centre_id)
    session.execute(select(Centre.id).where(Centre.id == centre.id).with_for_update())
    hold(session, cohort)
    if rev is not None and cohort.rev != rev:
        raise Conflict(
            "This {cohort} was changed in another window while you were here.",
            {"name": cohort.name, "starts_on": _said(cohort.starts_on)},
        )
    _is_running(cohort)
    before = {"name": cohort.name, "starts_on": _said(cohort.starts_on)}
    cohort.name, cohort.starts_on = _free(session, centre.id, name, but=cohort.id), starts_on
    now = {"name": cohort.name, "starts_on": _said(cohort.starts_on)}
    if now == before:
        return
    session.flush()
    streams.record(
        session,
        actor,
        "cohort.change",
        streams.named(cohort),
        stream_id=centre.stream_id,
        text={**now, "was": before},
    )


def close_cohort(session: Session, actor: Doer, cohort: Cohort) -> None:
    """Nobody new comes into it; whoever is in it stays, and goes on."""
    centre = session.get_one(Centre, cohort.centre_id)
    hold(session, cohort)
    _is_running(cohort)
    cohort.closed_on = clock.today()
    session.flush()
    streams.record(
        session,
        actor,
        "cohort.close",
        streams.named(cohort),
        stream_id=centre.stream_id,
        text={"name": cohort.name},
    )


def put_in_cohort(session: Session, actor: Doer, enrolment: Enrolment, cohort: Cohort | None) -> None:
    """The learner goes through with another cohort from now on, or with none. What was done before stays."""
    enrolment = lock(session, enrolment.id)
    if cohort is not None and cohort.id == enrolment.cohort_id:
        raise Rejected("The {learner} is in this {cohort} already.", "cohort")
    if cohort is None and enrolment.cohort_id is None:
        raise Rejected("The {learner} is in no {cohort} already.", "cohort")
    if cohort is not None:
        join(session, enrolment.centre_id, cohort)
    before = enrolment.cohort
    enrolment.cohort_id = cohort.id if cohort is not None else None
    session.flush()
    session.expire(enrolment, ["cohort"])
    streams.record(
        session,
        actor,
        "enrolment.cohort",
        streams.named(enrolment),
        stream_id=enrolment.stream_id,
        text={"cohort": cohort.name if cohort else NO_COHORT, "was": before.name if before else NO_COHORT},
    )


def _free(session: Session, centre_id: int, name: str, but: int | None = None) -> str:
    """The name as it is kept. Raises Rejected when it is empty, too long, or another cohort of the centre has it."""
    kept = " ".join(name.split())
    if not kept:
        raise Rejected("Give the {cohort} a name.", "name")
    if len(kept) > NAME_MOST:
        raise Rejected(f"Keep the name to {NAME_MOST} characters.", "name")
    others = session.execute(select(Cohort.id, Cohort.name).where(Cohort.centre_id == centre_id))
    if any(other.id != but and other.name.casefold() == kept.casefold() for other in others):
        raise Rejected("Another {cohort} has this name.", "name")
    return kept


def _is_running(cohort: Cohort) -> None:
    if cohort.closed_on is not None:
        raise InvalidState("This {cohort} is closed.")


def _said(on: date | None) -> str:
    return on.isoformat() if on else ""
