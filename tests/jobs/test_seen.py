"""Workers that say that they are there, and what is counted of the work."""

from datetime import timedelta
from threading import Event

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.installation import Installation
from portfolio.jobs import actions, queries
from portfolio.jobs.models import WorkerSeen
from portfolio.notices.queries import letters_counted
from portfolio.worker import known_to_be_at_work, make_runner


def test_the_newest_word_of_any_worker_counts(session: Session) -> None:
    assert queries.worker_seen(session) is None
    earlier = clock.now() - timedelta(hours=1)
    with clock.fixed(earlier):
        actions.note_seen(session, "one")
        actions.note_seen(session, "two")
    assert queries.worker_seen(session) == earlier
    actions.note_seen(session, "one")
    seen = queries.worker_seen(session)
    assert seen is not None
    assert seen > earlier


def test_workers_that_are_long_gone_are_forgotten(session: Session) -> None:
    with clock.fixed(clock.now() - timedelta(days=2)):
        actions.note_seen(session, "gone")
    actions.note_seen(session, "here")
    assert list(session.scalars(select(WorkerSeen.name))) == ["here"]


def test_a_worker_says_at_once_that_it_is_there(installation: Installation) -> None:
    runner = make_runner(installation, Event())
    with known_to_be_at_work(installation.database, runner):
        waited = Event()
        for _ in range(200):
            with installation.database.reading() as session:
                if queries.worker_seen(session) is not None:
                    break
            waited.wait(0.05)
    with installation.database.reading() as session:
        assert list(session.scalars(select(WorkerSeen.name))) == [runner.name]


def test_what_waits_is_counted_by_state(session: Session) -> None:
    assert queries.counted(session) == {"queued": 0, "running": 0, "failed": 0}
    assert letters_counted(session) == {"due": 0, "going": 0, "failed": 0}
