"""Sightings: somebody of the centre says that they have seen, where it is kept, what is held elsewhere. Only added."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.audit import streams
from portfolio.audit.events import facts_digest
from portfolio.enrolment.actions import lock
from portfolio.errors import InvalidState, Rejected
from portfolio.evidence.models import Evidence, EvidenceVersion, Sighting
from portfolio.evidence.rules import Carrier, check_sighting


def held_elsewhere(evidence: Evidence) -> EvidenceVersion:
    """The version that can be gone to see. Raises InvalidState when there is none."""
    if evidence.carrier is not Carrier.ELSEWHERE:
        raise InvalidState("There is nothing to go and see: this item is here.")
    if evidence.current is None:
        raise InvalidState("This is not handed in yet. It is gone to see once it is.")
    return evidence.current


def sight(session: Session, actor: Actor, evidence: Evidence, *, seen_on: date, note: str = "") -> Sighting:
    """Put on record that the actor saw, on that day, what the version that was handed in says is held elsewhere."""
    enrolment = lock(session, evidence.enrolment_id)
    session.refresh(evidence)
    version = held_elsewhere(evidence)
    check_sighting(seen_on=seen_on, event_on=version.event_on, note=note, today=clock.today())
    same = select(Sighting.id).filter_by(version_id=version.id, person_id=actor.person_id, seen_on=seen_on)
    if session.scalar(same.limit(1)) is not None:
        raise Rejected("It is on record already that you saw it on that day.", "seen_on")
    sighting = Sighting(
        version_id=version.id,
        person_id=actor.person_id,
        role_word=actor.role,
        seen_on=seen_on,
        note=note.strip(),
        recorded_at=clock.now(),
    )
    session.add(sighting)
    session.flush()
    told = {"version": version.digest, "seen_on": seen_on.isoformat(), "role": actor.role, "note": sighting.note}
    streams.record(
        session,
        actor,
        "evidence.sight",
        streams.named(evidence),
        stream_id=enrolment.stream_id,
        text={"ref": evidence.ref, "version": version.no, "digest": facts_digest(told)},
    )
    return sighting
