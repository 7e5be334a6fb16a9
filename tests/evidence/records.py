"""Items of amina's that are neither files nor accounts: what is recorded of her, and what stays where it is."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from portfolio.assessment import submitting
from portfolio.assessment.models import Submission
from portfolio.assessment.rules import BY_RECORDER
from portfolio.criteria.rules import Method
from portfolio.enrolment.models import Enrolment
from portfolio.evidence import actions
from portfolio.evidence.actions import Details
from portfolio.evidence.models import Evidence
from portfolio.evidence.notes import Note
from portfolio.evidence.rules import Carrier
from portfolio.mapping import actions as mapping
from tests import screened
from tests.cast import Cast, hand_in, wanted

UNIT = "HRCC"
"""Amina's unit."""
EVENT = date(2026, 11, 3)
CUSTODY = {"location": "Leeds, third drawer", "custodian": "Team leader", "reason": "It may not leave the site."}


def note(at: str, said: str, *codes: str, ask: str = "") -> dict[str, Any]:
    """A line on criteria of amina's unit, as a version keeps it."""
    return Note(at, ask, said, tuple((UNIT, code) for code in codes)).stored


SEEN = [note("10:42", "Listened to the end.", "1.1", "2.1"), note("10:50", "Said what would happen next.", "2.1")]


def observed(
    session: Session, cast: Cast, *notes: dict[str, Any], method: Method = Method.OBSERVATION, **said: Any
) -> Evidence:
    """A draft with these lines, or with those of SEEN."""
    return actions.add(
        session,
        cast.actor("marguerite", session),
        session.get_one(Enrolment, cast.enrolments["amina"]),
        cast.installation.store,
        method=method,
        carrier=Carrier.WRITTEN,
        details=Details("Watched at the desk", notes=list(notes or SEEN), **said),
    )


def watched(
    session: Session, cast: Cast, title: str = "Watched at the desk", *, by: str = "marguerite", is_mapped: bool = True
) -> Evidence:
    """A draft of what an assessor saw, in one sentence."""
    enrolment, actor = session.get_one(Enrolment, cast.enrolments["amina"]), cast.actor(by, session)
    evidence = actions.add(
        session,
        actor,
        enrolment,
        cast.installation.store,
        method=Method.OBSERVATION,
        carrier=Carrier.WRITTEN,
        details=Details(title, EVENT, body="She listened first."),
    )
    if is_mapped:
        mapping.map_to(session, actor, evidence, wanted=wanted(session, enrolment, {"2.4": "She let him finish."}))
    return evidence


def held_elsewhere(session: Session, cast: Cast) -> Evidence:
    """An item that stays where it is, handed in."""
    enrolment, amina = session.get_one(Enrolment, cast.enrolments["amina"]), cast.actor("amina", session)
    evidence = actions.add(
        session,
        amina,
        enrolment,
        cast.installation.store,
        method=Method.PRODUCT,
        carrier=Carrier.ELSEWHERE,
        details=Details("Complaint file 2210", EVENT, role="I wrote the replies.", custody=CUSTODY),
    )
    mapping.map_to(session, amina, evidence, wanted=wanted(session, enrolment, {"2.5": "It holds every letter."}))
    hand_in(session, cast, "amina", evidence, evidence.ref)
    return evidence


def change(session: Session, cast: Cast, evidence: Evidence, *notes: dict[str, Any]) -> None:
    """Have the draft say these lines."""
    draft = evidence.latest
    details = Details(draft.title, notes=list(notes))
    marguerite, store = cast.actor("marguerite", session), cast.installation.store
    actions.change(session, marguerite, evidence, store, details=details, rev=draft.rev)


def put_on_record(session: Session, cast: Cast, evidence: Evidence, by: str = "marguerite") -> Submission:
    """With everything declared, once nothing in it is in the way."""
    recorder = cast.actor(by, session)
    screened.cleared(session, cast.installation.store, recorder, evidence)
    return submitting.put_on_record(session, recorder, evidence, declared=set(BY_RECORDER))
