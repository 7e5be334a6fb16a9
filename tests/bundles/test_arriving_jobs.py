"""Bringing a bundle in by a worker: all of it once, as the page showed it and not otherwise, whatever happens."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts import actions as accounts
from portfolio.accounts.models import Person
from portfolio.accounts.rules import Role
from portfolio.audit import streams
from portfolio.audit.events import System
from portfolio.audit.models import AuditEvent
from portfolio.bundles.arriving import actions, jobs
from portfolio.bundles.arriving.applying import bring_in
from portfolio.bundles.arriving.contents import copied
from portfolio.bundles.arriving.models import ArrivingDraft
from portfolio.bundles.arriving.rules import DraftState
from portfolio.centres.models import Centre
from portfolio.centres.settings import CentreSettings, kept_as, settings_of
from portfolio.enrolment.models import Enrolment
from portfolio.installation import Installation
from portfolio.jobs.rules import LEASE, JobState
from portfolio.proof import verify
from portfolio.storage.models import Blob
from portfolio.storage.rules import BlobState
from tests.bundles.elsewhere import NEWCOMER, sent, welcome
from tests.cast import FULL_NAMES, Cast, add_person, arrived
from tests.export.scenes import runner


@pytest.fixture
def draft_id(installation: Installation, cast: Cast, sqlite_template: Path) -> int:
    """A bundle of amina's that ada brought, whose learner is said to be the newcomer: sound, and not brought in."""
    email = welcome(installation, cast)
    content = arrived(installation, sent(sqlite_template, "amina"))
    with installation.database.writing() as session:
        draft = actions.take(session, cast.actor("ada", session), installation.store, content, name="amina.zip")
        found = draft.id
        session.commit()
    runner(installation).run_due()
    with installation.database.writing() as session:
        draft = session.get_one(ArrivingDraft, found)
        uid = next(one["uid"] for one in draft.found["people"] if one["is_learner"])
        seen = actions.matches_of(draft)
        actions.look_again(session, cast.actor("ada", session), draft, {uid: email}, seen=seen)
        session.commit()
    runner(installation).run_due()
    return found


def ask(installation: Installation, cast: Cast, draft_id: int) -> None:
    """Ada has it brought in as it was shown."""
    with installation.database.writing() as session:
        draft = session.get_one(ArrivingDraft, draft_id)
        assert draft.found["is_sound"], draft.found
        actions.ask_to_bring_in(session, cast.actor("ada", session), draft, seen=draft.found["digest"])
        session.commit()


@contextmanager
def after(installation: Installation, draft_id: int) -> Iterator[tuple[Session, ArrivingDraft]]:
    """How the draft stands."""
    with installation.database.reading() as session:
        yield session, session.get_one(ArrivingDraft, draft_id)


def came(session: Session, cast: Cast) -> list[Enrolment]:
    """What the newcomer is on."""
    return list(session.scalars(select(Enrolment).where(Enrolment.learner_id == cast.people[NEWCOMER])))


def test_it_comes_in_once_and_its_file_goes(installation: Installation, cast: Cast, draft_id: int) -> None:
    with after(installation, draft_id) as (_session, draft):
        blob_id = draft.blob_id
    ask(installation, cast, draft_id)
    assert runner(installation).run_due() == 1
    with after(installation, draft_id) as (session, draft):
        assert draft.job is not None
        assert (draft.state, draft.job.state, draft.blob_id) == (DraftState.BROUGHT, JobState.DONE, None)
        assert draft.found["brought"] == [one.id for one in came(session, cast)]
        assert session.get_one(Blob, blob_id).state is BlobState.DYING
        by = select(AuditEvent.actor).where(AuditEvent.verb == "centre.bring_in")
        assert session.scalars(by).one() == cast.actor("ada").uid
    assert list(verify(installation.database, installation.store).faults) == []
    assert list(installation.store.incoming.glob("*")) == []


def test_what_would_be_something_else_by_now_is_not_brought_in(
    installation: Installation, cast: Cast, draft_id: int
) -> None:
    ask(installation, cast, draft_id)
    with installation.database.writing() as session:
        centre = session.get_one(Centre, cast.homes["ada"])
        accounts.disable(session, System(), session.get_one(Person, cast.people[NEWCOMER]), centre)
        session.commit()
    runner(installation).run_due()
    with after(installation, draft_id) as (session, draft):
        assert draft.job is not None
        assert (draft.job.state, draft.job.message) == (JobState.FAILED, jobs.CHANGED)
        assert (draft.state, draft.found["is_sound"]) == (DraftState.CHECKED, False)
        assert draft.blob_id is not None
        assert came(session, cast) == []


def test_a_worker_that_is_killed_in_the_middle_leaves_nothing_and_the_next_one_does_it(
    installation: Installation, cast: Cast, draft_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(installation, cast, draft_id)

    class Killed(BaseException):
        """As if the process had ended."""

    def killed(*given: Any, **named: Any) -> tuple[Enrolment, ...]:
        bring_in(*given, **named)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(f"{jobs.__name__}.bring_in", killed)
        with pytest.raises(Killed):
            runner(installation).run_due()
    with after(installation, draft_id) as (session, draft):
        assert draft.job is not None
        assert (draft.state, draft.job.state) == (DraftState.CHECKED, JobState.RUNNING)
        assert came(session, cast) == []
    with clock.fixed(clock.now() + 2 * LEASE):
        assert runner(installation).run_due() == 1
    with after(installation, draft_id) as (session, draft):
        assert draft.state is DraftState.BROUGHT
        assert len(came(session, cast)) == 1


@pytest.mark.parametrize("what", ["stopped", "thrown away"])
def test_what_is_stopped_in_the_middle_brings_nothing_in(
    installation: Installation, cast: Cast, draft_id: int, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    ask(installation, cast, draft_id)

    @contextmanager
    def stopped_meanwhile(*given: Any, **named: Any) -> Iterator[Any]:
        with installation.database.writing() as session:
            draft = session.get_one(ArrivingDraft, draft_id)
            if what == "stopped":
                actions.cancel(session, draft)
            else:
                actions.discard(session, cast.actor("ada", session), draft)
            session.commit()
        with copied(*given, **named) as files:
            yield files

    monkeypatch.setattr(f"{jobs.__name__}.copied", stopped_meanwhile)
    runner(installation).run_due()
    with installation.database.reading() as session:
        assert came(session, cast) == []
        draft = session.get(ArrivingDraft, draft_id)
        if what == "thrown away":
            assert draft is None
            return
        assert draft is not None
        assert draft.job is not None
        assert (draft.state, draft.job.state) == (DraftState.CHECKED, JobState.CANCELLED)
    monkeypatch.setattr(f"{jobs.__name__}.copied", copied)
    ask(installation, cast, draft_id)
    runner(installation).run_due()
    with after(installation, draft_id) as (session, draft):
        assert (draft.state, len(came(session, cast))) == (DraftState.BROUGHT, 1)


def test_who_is_no_administrator_any_more_brings_nothing_in(
    installation: Installation, cast: Cast, draft_id: int
) -> None:
    ask(installation, cast, draft_id)
    with installation.database.writing() as session:
        centre = session.get_one(Centre, cast.homes["ada"])
        add_person(session, installation, cast, centre, "vic", Role.ADMINISTRATOR, full_name="Vic Vance")
        accounts.disable(session, System(), session.get_one(Person, cast.people["ada"]), centre)
        session.commit()
    runner(installation).run_due()
    with after(installation, draft_id) as (session, draft):
        assert draft.job is not None
        assert (draft.state, draft.job.state) == (DraftState.CHECKED, JobState.FAILED)
        assert "You may no longer have this done" in draft.job.message
        assert came(session, cast) == []


@pytest.mark.parametrize(
    ("lacking", "words"),
    [
        (lambda kept: replace(kept, centre_megabytes=0), "and 0 bytes are left"),
        (lambda kept: replace(kept, learner_megabytes=0), "One {portfolio} may have up to 0 bytes here"),
    ],
)
def test_a_centre_that_has_no_room_is_told_what_it_lacks(
    installation: Installation,
    cast: Cast,
    draft_id: int,
    lacking: Callable[[CentreSettings], CentreSettings],
    words: str,
) -> None:
    with installation.database.writing() as session:
        draft, centre = session.get_one(ArrivingDraft, draft_id), session.get_one(Centre, cast.homes["ada"])
        centre.settings = kept_as(lacking(settings_of(centre.settings)))
        streams.record(session, System(), "centre.change", streams.named(centre), stream_id=centre.stream_id)
        seen = actions.matches_of(draft)
        actions.look_again(session, cast.actor("ada", session), draft, draft.matches, seen=seen)
        session.commit()
    runner(installation).run_due()
    with after(installation, draft_id) as (_session, draft):
        assert not draft.found["is_sound"]
        (portfolio,) = draft.found["portfolios"]
        (fault,) = draft.found["faults"] + portfolio["faults"]
        assert words in fault


def test_names_stay_here_as_they_are(installation: Installation, cast: Cast, draft_id: int) -> None:
    ask(installation, cast, draft_id)
    runner(installation).run_due()
    with after(installation, draft_id) as (session, _draft):
        (enrolment,) = came(session, cast)
        assert enrolment.learner.name == FULL_NAMES["amina"]
        assert enrolment.learner.email == cast.email(NEWCOMER)
