"""A bundle on its way in: taken, looked into by a worker, its people matched, brought in by a worker, or thrown away.

Every action holds the draft's row. The file is the centre's like any other content until it is let go.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.audit import streams
from portfolio.audit.events import Doer, facts_digest
from portfolio.bundles.arriving import draft_queries
from portfolio.bundles.arriving.models import ArrivingDraft
from portfolio.bundles.arriving.rules import BRING_IN, BUNDLE, LOOK_INTO, WAITING_MOST, DraftState
from portfolio.centres.models import Centre
from portfolio.db import WORK_ASKED
from portfolio.enrolment.models import Enrolment
from portfolio.errors import Conflict, InvalidState, NotFound, Rejected
from portfolio.jobs import actions as jobs
from portfolio.storage.actions import keep, let_go
from portfolio.storage.arriving import Arrived
from portfolio.storage.stores import Store

GONE = "This bundle was thrown away already."
UNDER_WAY = "A worker has this bundle at the moment. Wait for it, or stop it."
NO_FILE = "The file of this bundle is no longer here. Bring it again."
CHANGED = "Somebody else has changed this page since you opened it, so nothing was done."
FULL = f"{WAITING_MOST} bundles lie here already. Bring them in or throw them away first."


def take(session: Session, actor: Actor, store: Store, arrived: Arrived, *, name: str) -> ArrivingDraft:
    """Keep a bundle that has arrived, and have it looked into. Raises Rejected when too many lie here."""
    if draft_queries.count_waiting(session, actor.centre_id) >= WAITING_MOST:
        raise Rejected(FULL, "file")
    blob = keep(session, store, arrived, centre_id=actor.centre_id, centre_uid=actor.centre_uid, media_type=BUNDLE)
    draft = ArrivingDraft(
        centre_id=actor.centre_id,
        person_id=actor.person_id,
        blob_id=blob.id,
        name=name,
        size=arrived.size,
        sha256=arrived.sha256,
        touched_at=clock.now(),
    )
    session.add(draft)
    session.flush()
    _ask(session, actor, draft, LOOK_INTO)
    _record(session, actor, "bundle.take", draft, {})
    return draft


def _record(session: Session, doer: Doer, verb: str, draft: ArrivingDraft, text: dict[str, Any]) -> None:
    told = {"size": draft.size, "sha256": draft.sha256, **text}
    stream_id = session.get_one(Centre, draft.centre_id).stream_id
    streams.record(session, doer, verb, streams.named(draft), stream_id=stream_id, text=told)


def _ask(session: Session, actor: Actor, draft: ArrivingDraft, kind: str) -> None:
    job = jobs.ask(session, kind=kind, centre_id=draft.centre_id, person_id=actor.person_id, subject_id=draft.id)
    draft.job, draft.touched_at = job, clock.now()
    session.info[WORK_ASKED] = True
    session.flush()


def held(session: Session, draft_id: int) -> ArrivingDraft:
    """The draft, locked. Raises NotFound when it was thrown away."""
    draft = session.get(ArrivingDraft, draft_id, with_for_update=True, populate_existing=True)
    if draft is None:
        raise NotFound(GONE)
    return draft


def matches_of(draft: ArrivingDraft) -> str:
    """The digest of who was said to be who, by which a page knows whether somebody else has changed that."""
    return facts_digest({"matches": draft.matches})


def look_again(session: Session, actor: Actor, draft: ArrivingDraft, matches: Mapping[str, str], *, seen: str) -> None:
    """Keep who is who, and have the bundle looked into anew. `seen` is the digest of what was said before; raises
    Conflict when somebody else has changed that.
    """
    draft = _kept(session, draft)
    if matches_of(draft) != seen:
        raise Conflict(CHANGED)
    _check_free(draft)
    draft.matches = {uid: email for uid, email in matches.items() if email}
    _ask(session, actor, draft, LOOK_INTO)


def ask_to_bring_in(session: Session, actor: Actor, draft: ArrivingDraft, *, seen: str) -> None:
    """Have everything brought in that the page showed, whose digest is `seen`. Raises InvalidState while something
    stops it, Conflict when it is something else by now.
    """
    draft = _kept(session, draft)
    _check_free(draft)
    if draft.state is not DraftState.CHECKED or not draft.found.get("is_sound"):
        raise InvalidState("Something still stops this bundle. Settle that and check again.")
    if draft.found["digest"] != seen:
        raise Conflict(CHANGED)
    _ask(session, actor, draft, BRING_IN)


def _kept(session: Session, draft: ArrivingDraft) -> ArrivingDraft:
    """The draft, locked, while its file is there."""
    draft = held(session, draft.id)
    if draft.state is DraftState.BROUGHT:
        raise InvalidState("This bundle was brought in already.")
    if draft.blob_id is None:
        raise InvalidState(NO_FILE)
    return draft


def _check_free(draft: ArrivingDraft) -> None:
    if draft.is_under_way:
        raise InvalidState(UNDER_WAY)


def cancel(session: Session, draft: ArrivingDraft) -> None:
    """Nobody needs what is under way. Raises InvalidState when nothing is (any more)."""
    if draft.job is None:
        raise InvalidState("Nothing is under way.")
    jobs.cancel(session, draft.job)


def discard(session: Session, actor: Actor, draft: ArrivingDraft) -> None:
    """Throw a bundle away, whatever is under way with it; what came in stays. Raises NotFound when it is gone."""
    if draft.job is not None and draft.is_under_way:
        session.refresh(draft.job, with_for_update=True)
        if not draft.job.is_over:
            jobs.cancel(session, draft.job)
    draft = held(session, draft.id)
    if draft.blob_id is not None:
        _record(session, actor, "bundle.drop", draft, {"why": "thrown away"})
    _remove(session, draft)


def _remove(session: Session, draft: ArrivingDraft) -> None:
    _let_file_go(session, draft)
    session.delete(draft)
    session.flush()


def _let_file_go(session: Session, draft: ArrivingDraft) -> None:
    blob, draft.blob = draft.blob, None
    session.flush()
    if blob is not None:
        let_go(session, [blob])


def note_found(session: Session, draft_id: int, found: Mapping[str, Any]) -> None:
    """Keep what a look into a bundle said."""
    draft = held(session, draft_id)
    draft.state, draft.found, draft.touched_at = DraftState.CHECKED, dict(found), clock.now()
    session.flush()


def refuse(session: Session, doer: Doer, draft_id: int, faults: Iterable[str]) -> None:
    """Keep why a bundle is not taken, and let its file go."""
    draft = held(session, draft_id)
    draft.state, draft.faults, draft.found, draft.touched_at = DraftState.REFUSED, list(faults), {}, clock.now()
    _let_file_go(session, draft)
    _record(session, doer, "bundle.drop", draft, {"why": "refused"})


def note_brought(session: Session, draft_id: int, enrolments: Iterable[Enrolment]) -> None:
    """Keep which enrolments a bundle became, and let its file go. Whoever brought it in has told the trail."""
    draft = held(session, draft_id)
    brought = {"brought": [enrolment.id for enrolment in enrolments]}
    draft.state, draft.found, draft.touched_at = DraftState.BROUGHT, draft.found | brought, clock.now()
    _let_file_go(session, draft)


def sweep(session: Session, doer: Doer, centre: Centre, *, most: int) -> int:
    """Remove a batch of the drafts of a centre that nobody touched for long; answers how many. Files that go with them
    are told in the centre's trail.
    """
    drafts = draft_queries.forgotten(session, centre.id, most=most)
    digests = sorted(draft.sha256 for draft in drafts if draft.blob_id is not None)
    for draft in drafts:
        _remove(session, draft)
    if digests:
        text = {"removed": len(digests), "digest": facts_digest({"sha256": digests})}
        subject = f"{ArrivingDraft.__tablename__}:{len(digests)}"
        streams.record(session, doer, "bundle.sweep", subject, stream_id=centre.stream_id, text=text)
    return len(drafts)
