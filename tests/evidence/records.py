"""A record of amina that marguerite makes: what the tests of its notes begin from."""

from typing import Any

from sqlalchemy.orm import Session

from portfolio.assessment import submitting
from portfolio.assessment.rules import BY_RECORDER
from portfolio.criteria.rules import Method
from portfolio.enrolment.models import Enrolment
from portfolio.evidence import actions
from portfolio.evidence.actions import Details
from portfolio.evidence.models import Evidence
from portfolio.evidence.notes import Note
from portfolio.evidence.rules import Carrier
from tests.cast import Cast

UNIT = "HRCC"
"""Amina's unit."""


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


def change(session: Session, cast: Cast, evidence: Evidence, *notes: dict[str, Any]) -> None:
    """Have the draft say these lines."""
    draft = evidence.latest
    details = Details(draft.title, notes=list(notes))
    marguerite, store = cast.actor("marguerite", session), cast.installation.store
    actions.change(session, marguerite, evidence, store, details=details, rev=draft.rev)


def put_on_record(session: Session, cast: Cast, evidence: Evidence) -> None:
    """With everything declared."""
    submitting.put_on_record(session, cast.actor("marguerite", session), evidence, declared=set(BY_RECORDER))
