"""A bundle on its way in: its file stays while it may be needed and no longer, and only what was seen is asked for."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.audit.models import AuditEvent
from portfolio.bundles.arriving import actions
from portfolio.bundles.arriving.models import ArrivingDraft
from portfolio.bundles.arriving.rules import BRING_IN, KEPT_FOR, LOOK_INTO, WAITING_MOST, DraftState
from portfolio.centres.models import Centre
from portfolio.db import new_uid
from portfolio.errors import Conflict, InvalidState, NotFound, Rejected
from portfolio.housekeeping import remove_content, sweep_bundles
from portfolio.installation import Installation
from portfolio.jobs.actions import finish
from portfolio.jobs.rules import JobState
from portfolio.storage.models import Blob
from portfolio.storage.queries import named_among
from portfolio.storage.rules import BlobState
from tests.cast import Cast


def bring(installation: Installation, cast: Cast, session: Session) -> ArrivingDraft:
    """A bundle that ada has brought, which nobody has looked into yet."""
    incoming = installation.store.receive()
    incoming.write(b"PK\x03\x04" + new_uid().encode())
    return actions.take(session, cast.actor("ada", session), installation.store, incoming.arrive(), name="a.zip")


def looked_into(session: Session, draft: ArrivingDraft, *, is_sound: bool = True) -> None:
    """A worker has looked into it."""
    assert draft.job is not None
    finish(session, draft.job, JobState.DONE)
    actions.note_found(session, draft.id, {"is_sound": is_sound, "digest": "d"})


def verbs(session: Session) -> list[str]:
    """What the trails tell of bundles."""
    told = select(AuditEvent.verb).where(AuditEvent.verb.like("bundle.%")).order_by(AuditEvent.id)
    return list(session.scalars(told))


def test_a_bundle_is_kept_for_its_draft_alone_and_goes_with_it(installation: Installation, cast: Cast) -> None:
    with installation.database.writing() as session:
        draft = bring(installation, cast, session)
        draft_id, blob_id = draft.id, draft.blob_id
        assert blob_id is not None
        assert draft.job is not None
        assert (draft.job.kind, draft.job.subject_id) == (LOOK_INTO, draft_id)
        assert named_among(session, [blob_id]) == {blob_id}
        session.commit()
    with installation.database.writing() as session:
        actions.discard(session, cast.actor("ada", session), session.get_one(ArrivingDraft, draft_id))
        session.commit()
        assert verbs(session) == ["bundle.take", "bundle.drop"]
        assert session.get_one(Blob, blob_id).state is BlobState.DYING
        centre = session.get_one(Centre, cast.homes["ada"])
        session.expunge(centre)
    remove_content(installation.database, installation.store, centre)
    with installation.database.reading() as session:
        assert session.get_one(Blob, blob_id).state is BlobState.GONE


def test_what_is_refused_lets_its_file_go_and_keeps_why(installation: Installation, cast: Cast) -> None:
    with installation.database.writing() as session:
        draft = bring(installation, cast, session)
        looked_into(session, draft)
        actions.refuse(session, cast.actor("ada", session), draft.id, ["No manifest."])
        assert (draft.state, draft.faults, draft.blob_id) == (DraftState.REFUSED, ["No manifest."], None)
        with pytest.raises(InvalidState, match="no longer here"):
            actions.look_again(session, cast.actor("ada", session), draft, {}, seen=actions.matches_of(draft))


def test_whoever_saw_other_matches_is_told_and_changes_nothing(installation: Installation, cast: Cast) -> None:
    with installation.database.writing() as session:
        draft, ada = bring(installation, cast, session), cast.actor("ada", session)
        seen = actions.matches_of(draft)
        with pytest.raises(InvalidState, match="A worker has"):
            actions.look_again(session, ada, draft, {}, seen=seen)
        looked_into(session, draft)
        actions.look_again(session, ada, draft, {"u" * 20: "marguerite@example.org", "v" * 20: ""}, seen=seen)
        assert draft.matches == {"u" * 20: "marguerite@example.org"}
        looked_into(session, draft)
        with pytest.raises(Conflict):
            actions.look_again(session, ada, draft, {}, seen=seen)
        assert draft.matches == {"u" * 20: "marguerite@example.org"}


def test_only_what_the_page_showed_is_brought_in(installation: Installation, cast: Cast) -> None:
    with installation.database.writing() as session:
        draft, ada = bring(installation, cast, session), cast.actor("ada", session)
        with pytest.raises(InvalidState, match="A worker has"):
            actions.ask_to_bring_in(session, ada, draft, seen="d")
        looked_into(session, draft)
        with pytest.raises(Conflict):
            actions.ask_to_bring_in(session, ada, draft, seen="e")
        actions.ask_to_bring_in(session, ada, draft, seen="d")
        assert draft.job is not None
        assert draft.job.kind == BRING_IN


def test_nothing_is_brought_in_that_something_stops_or_that_came_already(
    installation: Installation, cast: Cast
) -> None:
    with installation.database.writing() as session:
        draft, ada = bring(installation, cast, session), cast.actor("ada", session)
        looked_into(session, draft, is_sound=False)
        with pytest.raises(InvalidState, match="stops"):
            actions.ask_to_bring_in(session, ada, draft, seen="d")
        actions.note_brought(session, draft.id, [])
        assert draft.blob_id is None
        with pytest.raises(InvalidState, match="already"):
            actions.ask_to_bring_in(session, ada, draft, seen="d")


def test_a_bundle_that_is_thrown_away_takes_its_work_with_it(installation: Installation, cast: Cast) -> None:
    with installation.database.writing() as session:
        draft, ada = bring(installation, cast, session), cast.actor("ada", session)
        job = draft.job
        assert job is not None
        actions.discard(session, ada, draft)
        assert job.state is JobState.CANCELLED
        with pytest.raises(NotFound):
            actions.held(session, draft.id)


def test_only_so_many_lie_here_at_a_time(installation: Installation, cast: Cast) -> None:
    with installation.database.writing() as session:
        for _ in range(WAITING_MOST):
            bring(installation, cast, session)
        with pytest.raises(Rejected, match="lie here already"):
            bring(installation, cast, session)


def test_what_nobody_touches_goes_after_its_time_but_not_from_under_a_worker(
    installation: Installation, cast: Cast
) -> None:
    with installation.database.writing() as session:
        draft, busy = bring(installation, cast, session), bring(installation, cast, session)
        looked_into(session, draft)
        draft.touched_at = busy.touched_at = clock.now() - KEPT_FOR - timedelta(minutes=1)
        fresh = bring(installation, cast, session)
        left = {busy.id, fresh.id}
        session.commit()
        centre = session.get_one(Centre, cast.homes["ada"])
        session.expunge(centre)
    assert sweep_bundles(installation.database, centre) == 1
    assert sweep_bundles(installation.database, centre) == 0
    with installation.database.reading() as session:
        assert set(session.scalars(select(ArrivingDraft.id))) == left
        assert verbs(session) == ["bundle.take"] * 3 + ["bundle.sweep"]
