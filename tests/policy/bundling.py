"""Bundles of the every-route table: asked for by somebody, kept as if they were made, or held back."""

from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.bundles import actions
from portfolio.bundles.arriving import actions as arriving
from portfolio.bundles.arriving import planning
from portfolio.bundles.arriving.models import ArrivingDraft
from portfolio.bundles.kept_models import KeptBundle
from portfolio.bundles.outcome import Bundle, Held, Made
from portfolio.centres.models import Centre
from portfolio.centres.settings import settings_of
from portfolio.enrolment.models import Enrolment
from portfolio.export import gate
from portfolio.export.gate_queries import Looked
from portfolio.export.models import WordBook
from portfolio.export.rules import WHOLE
from portfolio.jobs.actions import finish
from portfolio.jobs.rules import JobState
from tests.cast import Cast, arrived

FOUND = {
    "from": {"centre": "Far Side", "number": "40299", "made_at": "2026-03-02T10:00:00+00:00", "fingerprint": "ab" * 16},
    "portfolios": [
        {
            "name": "amina",
            "learner": "Somebody",
            "title": "A qualification",
            "counts": dict.fromkeys(("items", "files", "bytes", "claims", "decisions", "signatures", "entries"), 2),
            "packs": [["Q1", "A qualification", "here"], ["U1", "One of its parts", "load"]],
            "faults": [],
            "notes": [planning.AWAITED],
        }
    ],
    "people": [
        {
            "uid": 20 * name[0],
            "name": name,
            "duties": [duty],
            "is_learner": duty == "learner",
            "email": "",
            "proposals": [["Somebody", "somebody@example.org"]],
        }
        for name, duty in (("Somebody", "learner"), ("Another", "assess"), ("One more", "countersign"))
    ],
    "faults": [],
    "notes": [planning.MADE_THERE, planning.ALLOCATED, planning.BY_NAME, planning.NO_DRAFTS, planning.LOOKED_THROUGH],
    "is_sound": True,
    "digest": "d" * 64,
}
"""What a look into a bundle says."""


def ask_for_bundle(session: Session, cast: Cast, by: str, kind: str, whose: tuple[str, ...]) -> KeptBundle:
    """Somebody asks for a bundle of a kind."""
    actor = cast.actor(by, session)
    if kind == "learner":
        return actions.ask_for_learner(session, actor, session.get_one(Enrolment, cast.enrolments[whose[0]]))
    centre = session.get_one(Centre, actor.centre_id)
    if kind == "centre":
        return actions.ask_for_centre(session, actor, centre)
    return actions.ask_for_visit(session, actor, centre, {cast.enrolments[name]: WHOLE for name in whose})


def keep_as_made(session: Session, cast: Cast, by: str, bundle: KeptBundle, name: str) -> None:
    """The bundle is a file that no other one is, and its job is done."""
    looked = Looked((), frozenset(), (), "", settings_of(bundle.centre.settings))
    made = tuple(
        Made(part.enrolment_id, part.enrolment.learner.name, clock.now(), looked, 1, 0, 0, {}) for part in bundle.parts
    )
    content = arrived(cast.installation, f"PK {name}".encode())
    store = cast.installation.store
    actions.keep_bundle(session, cast.actor(by, session), bundle, store, content, Bundle(made, ()))
    finish(session, bundle.job, JobState.DONE)


def bring_from_elsewhere(session: Session, cast: Cast, by: str, name: str) -> ArrivingDraft:
    """A bundle that somebody brought: looked into and sound, refused, or still to be looked into (`working`)."""
    actor, content = cast.actor(by, session), arrived(cast.installation, f"PK {name}".encode())
    draft = arriving.take(session, actor, cast.installation.store, content, name=f"{name}.zip")
    assert draft.job is not None
    if name == "working":
        return draft
    finish(session, draft.job, JobState.DONE)
    if name == "refused":
        arriving.refuse(session, actor, draft.id, ["There is no manifest.json in the archive"])
    else:
        arriving.note_found(session, draft.id, FOUND)
    return draft


def hold_out(session: Session, cast: Cast, bundle: KeptBundle, book: WordBook) -> None:
    """The one portfolio of the bundle is held out of it for what a book was held back for."""
    places = tuple(gate.Held.of(one) for one in book.held)
    held = Held(book.enrolment_id, book.enrolment.learner.name, gate.sentence(places), places)
    actions.hold_all(session, cast.actor("amina", session), bundle, Bundle((), (held,)))
    finish(session, bundle.job, JobState.HELD, held.reason)
