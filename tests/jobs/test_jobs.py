"""The job row is the truth: one worker at a time under a lease, taken over when that runs out, given up after three."""

from datetime import timedelta

import pytest

from portfolio import clock
from portfolio.errors import InvalidState
from portfolio.jobs import actions
from portfolio.jobs.actions import GAVE_UP
from portfolio.jobs.models import Job
from portfolio.jobs.rules import LEASE, MOST_ATTEMPTS, JobState
from tests.jobs.asking import Asker

MOMENT = timedelta(seconds=1)


def report(asker: Asker, job_id: int, worker: str, done: int = 1) -> bool:
    """Say how far the work is."""
    with asker.database.writing() as session:
        is_held = actions.report(session, job_id, worker=worker, done=done, total=4, message="E002")
        session.commit()
        return is_held


def test_jobs_are_taken_in_the_order_in_which_they_were_asked_for(asker: Asker) -> None:
    first, second = asker.ask(), asker.ask()
    assert [asker.take("one"), asker.take("two"), asker.take("three")] == [first, second, None]
    taken = asker.job(first)
    assert (taken.state, taken.worker, taken.attempts) == (JobState.RUNNING, "one", 1)


def test_two_workers_at_once_never_take_the_same_job(asker: Asker) -> None:
    first, second = asker.ask(), asker.ask()
    if asker.database.engine.dialect.name == "sqlite":
        assert {asker.take("one"), asker.take("two")} == {first, second}, "SQLite lets one writer in at a time"
        return
    with asker.database.writing() as one, asker.database.writing() as two:
        taken = actions.take(one, worker="one"), actions.take(two, worker="two")
        one.commit()
        two.commit()
    assert [job.id for job in taken if job] == [first, second]


def test_a_job_is_taken_over_only_when_its_lease_has_run_out(asker: Asker) -> None:
    job_id, began = asker.ask(), clock.now()
    with clock.fixed(began):
        assert asker.take("one") == job_id
    with clock.fixed(began + LEASE - MOMENT):
        assert asker.take("two") is None
        assert report(asker, job_id, "one"), "which renews the lease"
    with clock.fixed(began + LEASE + MOMENT):
        assert asker.take("two") is None
    with clock.fixed(began + 2 * LEASE):
        assert asker.take("two") == job_id
        assert not report(asker, job_id, "one"), "the first worker finds out"
    taken = asker.job(job_id)
    assert (taken.worker, taken.attempts, taken.done) == ("two", 2, 0)


def test_a_job_whose_workers_keep_dying_is_given_up(asker: Asker) -> None:
    job_id, next_id, at = asker.ask(), 0, clock.now()
    for _attempt in range(MOST_ATTEMPTS):
        with clock.fixed(at):
            assert asker.take("one") == job_id
        at += LEASE + MOMENT
    next_id = asker.ask()
    with clock.fixed(at):
        assert asker.take("one") == next_id
    assert (asker.job(job_id).state, asker.job(job_id).message) == (JobState.FAILED, GAVE_UP)


def test_progress_is_kept_with_the_job(asker: Asker) -> None:
    job_id = asker.ask()
    asker.take("one")
    assert report(asker, job_id, "one", done=3)
    job = asker.job(job_id)
    assert (job.done, job.total, job.message) == (3, 4, "E002")
    assert not report(asker, job_id, "another")


def test_a_cancelled_job_is_over_for_its_worker_too(asker: Asker) -> None:
    job_id = asker.ask()
    asker.take("one")
    asker.cancel(job_id)
    assert not report(asker, job_id, "one")
    assert asker.take("two") is None
    assert asker.job(job_id).state is JobState.CANCELLED
    with pytest.raises(InvalidState):
        asker.cancel(job_id)


def test_a_job_that_is_given_back_is_due_at_once_and_the_attempt_does_not_count(asker: Asker) -> None:
    job_id = asker.ask()
    for _ in range(MOST_ATTEMPTS + 1):
        assert asker.take("one") == job_id
        with asker.database.writing() as session:
            actions.give_back(session, session.get_one(Job, job_id))
            session.commit()
    assert asker.job(job_id).attempts == 0


def test_what_is_done_is_done_to_the_full(asker: Asker) -> None:
    job_id = asker.ask()
    asker.take("one")
    report(asker, job_id, "one", done=3)
    with asker.database.writing() as session:
        actions.finish(session, session.get_one(Job, job_id), JobState.DONE)
        session.commit()
    job = asker.job(job_id)
    assert (job.state, job.done, job.total, job.lease_until) == (JobState.DONE, 4, 4, None)
    assert job.is_over
