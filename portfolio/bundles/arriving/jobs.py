"""Looking into a bundle that was brought, and bringing in what is in it. Each time it is opened anew on a workbench
that is gone afterwards, while no transaction is open. What comes of it is kept in the transaction that ends the job.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from sqlalchemy.orm import Session

from portfolio.accounts import queries as accounts
from portfolio.audit.events import System
from portfolio.bundles.arriving import actions
from portfolio.bundles.arriving.applying import bring_in
from portfolio.bundles.arriving.checking import BadBundle
from portfolio.bundles.arriving.contents import copied
from portfolio.bundles.arriving.incoming import Incoming
from portfolio.bundles.arriving.looking import look_through
from portfolio.bundles.arriving.models import ArrivingDraft
from portfolio.bundles.arriving.opening import open_bundle
from portfolio.bundles.arriving.planning import plan_of
from portfolio.bundles.arriving.plans import Plan
from portfolio.bundles.arriving.telling import sentences, told_of
from portfolio.centres.models import Centre
from portfolio.errors import Forbidden, InvalidState
from portfolio.jobs.rules import JobState
from portfolio.jobs.running import Stopped, Transaction, Work
from portfolio.storage.rules import Limits
from portfolio.storage.stores import Store

NO_LONGER = "You no longer have a role at the centre, so nothing was done."
CHANGED = "Things changed since you looked, so nothing was brought in. The page shows how they stand now."
REFUSED = "The bundle is not taken. The page says what is wrong with it."
COMPARING = "Comparing it with what is here"
BRINGING = "Bringing it in"
MISSING = "The file of the bundle is missing from the store. Bring it again."


def look_into(work: Work, *, reading: Transaction, writing: Transaction, store: Store, most: Limits) -> None:
    """Open a bundle and say what it would bring where an installation takes `most`; or refuse it and let its file go.
    Raises Stopped when the job is no longer ours.
    """
    try:
        with _opened(work, reading, store) as incoming:
            work.report(0, 0, COMPARING)
            _plan, found = _planned(work, reading, incoming, most)
    except BadBundle as bad:
        with writing() as session:
            work.finish(session, JobState.FAILED, REFUSED)
            actions.refuse(session, System(), work.subject_id, sentences(bad.faults))
        return
    with writing() as session:
        work.finish(session)
        actions.note_found(session, work.subject_id, found)


@contextmanager
def _opened(work: Work, reading: Transaction, store: Store) -> Iterator[Incoming]:
    """The bundle, unpacked for as long as the block lasts. Raises Stopped when it was thrown away."""
    with reading() as session:
        draft = _draft(session, work)
        if draft.blob is None:
            raise InvalidState(actions.NO_FILE)
        centre_uid, sha256 = session.get_one(Centre, draft.centre_id).uid, draft.blob.sha256
    with ExitStack() as stack:
        try:
            path = stack.enter_context(store.here(centre_uid, sha256))
        except FileNotFoundError as error:
            raise InvalidState(MISSING) from error
        folder = stack.enter_context(store.workbench(f"bundle-{work.job_id}"))
        content = stack.enter_context(path.open("rb"))
        yield open_bundle(content, folder / "bundle", tell=work.report)


def _draft(session: Session, work: Work) -> ArrivingDraft:
    draft = session.get(ArrivingDraft, work.subject_id)
    if draft is None:
        raise Stopped
    return draft


def _planned(work: Work, reading: Transaction, incoming: Incoming, most: Limits) -> tuple[Plan, dict[str, Any]]:
    """What the bundle would bring as things stand, and the same in words."""
    with reading() as session:
        draft = _draft(session, work)
        centre = session.get_one(Centre, draft.centre_id)
        plan = plan_of(session, incoming, centre=centre, matches=draft.matches, most=most)
        return plan, told_of(incoming, plan)


def bring_bundle_in(
    work: Work,
    *,
    reading: Transaction,
    writing: Transaction,
    store: Store,
    most: Limits,
    is_stopped: Callable[[], bool],
) -> None:
    """Bring in what the page showed, all of it or nothing; when it would be something else by now, nothing but that is
    kept. Afterwards its words are looked through until `is_stopped`. Raises Stopped when the job is no longer ours.
    """
    with _opened(work, reading, store) as incoming:
        work.report(0, 0, BRINGING)
        plan, found = _planned(work, reading, incoming, most)
        with reading() as session:
            seen = _draft(session, work).found.get("digest")
            centre_uid = session.get_one(Centre, work.centre_id).uid
        if found["digest"] != seen:
            with writing() as session:
                work.finish(session, JobState.FAILED, CHANGED)
                actions.note_found(session, work.subject_id, found)
            return
        with copied(store, incoming, centre_uid=centre_uid) as files, writing() as session:
            actor = accounts.actor(session, person_id=work.person_id, centre_id=work.centre_id)
            if actor is None:
                raise Forbidden(NO_LONGER)
            centre = session.get_one(Centre, work.centre_id)
            enrolments = bring_in(session, store, actor, incoming, plan, centre=centre, files=files, most=most)
            work.finish(session)
            actions.note_brought(session, work.subject_id, enrolments)
            brought = [enrolment.id for enrolment in enrolments]
    look_through(writing, brought, is_stopped=is_stopped)
