"""Running jobs: allowed once more, stopped when cancelled or lost, ended with a plain sentence whatever happens."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial

import pytest
from sqlalchemy.exc import OperationalError

from portfolio import clock
from portfolio.errors import Rejected, Unavailable
from portfolio.jobs import actions, running
from portfolio.jobs.models import Job
from portfolio.jobs.rules import MOST_ATTEMPTS, PAUSE, JobState
from portfolio.jobs.running import NOT_ALLOWED, UNKNOWN, Handler, Runner, Stopped, Work
from portfolio.worker import committing
from tests.jobs.asking import KIND, Asker

SOON = 10.0
BEAT = 0.02


def runner(asker: Asker, do: Callable[[Work], None], *, is_allowed: bool = True) -> Runner:
    """A worker that knows one kind of work."""
    return Runner(
        reading=asker.database.reading,
        writing=partial(committing, asker.database),
        handlers={KIND: Handler(may=lambda _session, _job: is_allowed, do=do)},
        beat=BEAT,
    )


def until_stopped(work: Work) -> None:
    """Work that would go on for ever."""
    until = time.monotonic() + SOON
    while time.monotonic() < until:
        work.report(1, 3, "E001")
        time.sleep(BEAT)
    pytest.fail("nobody stopped it")


def nothing(_work: Work) -> None:
    """Work that is done already."""


def test_everything_that_is_due_is_done(asker: Asker) -> None:
    done: list[int] = []
    ids = [asker.ask(), asker.ask()]
    assert runner(asker, lambda work: done.append(work.job_id)).run_due() == 2
    assert done == ids
    assert {asker.job(job_id).state for job_id in ids} == {JobState.DONE}


def test_a_handler_can_end_the_job_in_the_transaction_of_its_result(asker: Asker) -> None:
    def do(work: Work) -> None:
        with committing(asker.database) as session:
            work.finish(session)

    job_id = asker.ask()
    runner(asker, do).run_due()
    assert asker.job(job_id).state is JobState.DONE


def test_whoever_may_no_longer_is_told_so_and_nothing_is_done(asker: Asker) -> None:
    job_id = asker.ask()
    runner(asker, lambda _work: pytest.fail("it was done"), is_allowed=False).run_due()
    assert (asker.job(job_id).state, asker.job(job_id).message) == (JobState.FAILED, NOT_ALLOWED)


def test_work_of_an_unknown_kind_fails(asker: Asker) -> None:
    job_id = asker.ask("test.other")
    runner(asker, nothing).run_due()
    assert (asker.job(job_id).state, asker.job(job_id).message) == (JobState.FAILED, UNKNOWN)


def test_a_refusal_is_shown_in_its_own_words(asker: Asker) -> None:
    def do(_work: Work) -> None:
        raise Rejected("There is nothing to put in.")

    job_id = asker.ask()
    runner(asker, do).run_due()
    assert (asker.job(job_id).state, asker.job(job_id).message) == (JobState.FAILED, "There is nothing to put in.")


def test_what_nobody_expected_is_logged_under_the_reference_that_is_shown(
    asker: Asker, caplog: pytest.LogCaptureFixture
) -> None:
    def do(_work: Work) -> None:
        raise ZeroDivisionError("secret detail")

    first, second = asker.ask(), asker.ask()
    with caplog.at_level(logging.ERROR):
        assert runner(asker, do).run_due() == 2, "the next job is done all the same"
    shown = asker.job(first).message
    reference = shown.rstrip(".").rsplit(" ", 1)[-1]
    assert "secret detail" not in shown
    assert reference in caplog.text
    assert asker.job(second).state is JobState.FAILED


def test_progress_shows_while_the_work_goes_on(asker: Asker) -> None:
    seen: list[tuple[int, int, str]] = []

    def do(work: Work) -> None:
        work.report(2, 3, "E002, item 2 of 3")
        until = time.monotonic() + SOON
        while not seen and time.monotonic() < until:
            job = asker.job(work.job_id)
            if job.message:
                seen.append((job.done, job.total, job.message))

    asker.ask()
    runner(asker, do).run_due()
    assert seen == [(2, 3, "E002, item 2 of 3")]


def test_the_lease_is_renewed_though_nothing_is_reported(asker: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "RENEW", 0.0)
    leases: set[datetime | None] = set()

    def do(work: Work) -> None:
        until = time.monotonic() + SOON
        while len(leases) < 3 and time.monotonic() < until:
            leases.add(asker.job(work.job_id).lease_until)
            time.sleep(BEAT)

    asker.ask()
    runner(asker, do).run_due()
    assert len(leases) == 3


def test_cancelled_work_stops(asker: Asker) -> None:
    def do(work: Work) -> None:
        asker.cancel(work.job_id)
        until_stopped(work)

    job_id = asker.ask()
    runner(asker, do).run_due()
    assert asker.job(job_id).state is JobState.CANCELLED


def test_that_it_was_cancelled_is_noticed_though_nothing_is_reported(asker: Asker) -> None:
    lost: list[bool] = []

    def do(work: Work) -> None:
        time.sleep(5 * BEAT)
        lost.append(work.is_lost())
        asker.cancel(work.job_id)
        until = time.monotonic() + SOON
        while not work.is_lost() and time.monotonic() < until:
            time.sleep(BEAT)
        lost.append(work.is_lost())

    asker.ask()
    runner(asker, do).run_due()
    assert lost == [False, True]


def test_work_that_somebody_else_has_taken_stops_and_is_left_alone(asker: Asker) -> None:
    def do(work: Work) -> None:
        with committing(asker.database) as session:
            session.get_one(Job, work.job_id).worker = "another"
        until_stopped(work)

    job_id = asker.ask()
    runner(asker, do).run_due()
    assert (asker.job(job_id).state, asker.job(job_id).worker) == (JobState.RUNNING, "another")


def test_a_result_that_comes_too_late_is_not_kept(asker: Asker) -> None:
    kept: list[int] = []

    def do(work: Work) -> None:
        asker.cancel(work.job_id)
        with committing(asker.database) as session:
            work.finish(session)
            kept.append(work.job_id)

    job_id = asker.ask()
    runner(asker, do).run_due()
    assert kept == []
    assert asker.job(job_id).state is JobState.CANCELLED


def test_a_worker_that_is_told_to_stop_gives_its_job_back_and_takes_no_other(asker: Asker) -> None:
    first, second = asker.ask(), asker.ask()
    worker = runner(asker, until_stopped)
    threading.Timer(5 * BEAT, worker.stopping.set).start()
    assert worker.run_due() == 1
    job = asker.job(first)
    assert (job.state, job.worker, job.attempts, job.lease_until) == (JobState.QUEUED, "", 0, None)
    assert asker.job(second).attempts == 0
    assert runner(asker, nothing).run_due() == 2


def test_a_job_is_given_back_at_once_though_its_handler_is_slow_to_stop(asker: Asker) -> None:
    states: list[JobState] = []

    def do(work: Work) -> None:
        worker.stopping.set()
        until = time.monotonic() + SOON
        while asker.job(work.job_id).state is JobState.RUNNING and time.monotonic() < until:
            time.sleep(BEAT)
        states.append(asker.job(work.job_id).state)

    asker.ask()
    worker = runner(asker, do)
    worker.run_due()
    assert states == [JobState.QUEUED]


def test_a_short_absence_of_the_database_does_not_stop_the_work(
    asker: Asker, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    report, failed = actions.report, threading.Event()

    def fail_once(*arguments: object, **options: object) -> bool:
        if not failed.is_set():
            failed.set()
            raise OperationalError("UPDATE job", {}, Exception("the database is away"))
        return report(*arguments, **options)  # type: ignore[arg-type]

    def do(work: Work) -> None:
        work.report(1, 3, "E001")
        assert failed.wait(SOON)
        time.sleep(5 * BEAT)
        work.report(2, 3, "E002")

    monkeypatch.setattr(actions, "report", fail_once)
    job_id = asker.ask()
    runner(asker, do).run_due()
    assert asker.job(job_id).state is JobState.DONE
    assert "could not be renewed" in caplog.text


@pytest.mark.parametrize(
    "away", [Unavailable("The bucket is away."), OperationalError("SELECT", {}, Exception("the database is away"))]
)
@pytest.mark.parametrize(("times", "state"), [(2, JobState.DONE), (MOST_ATTEMPTS, JobState.FAILED)])
def test_work_that_needs_what_is_away_is_taken_up_again_for_some_time(
    asker: Asker, away: Exception, times: int, state: JobState
) -> None:
    tried: list[int] = []

    def do(_work: Work) -> None:
        if len(tried) < times:
            tried.append(1)
            raise away

    job_id, now = asker.ask(), clock.now()
    for number in range(MOST_ATTEMPTS + 1):
        with clock.fixed(now + number * PAUSE * 1.1):
            runner(asker, do).run_due()
            assert runner(asker, do).run_due() == 0, "not at once"
    assert asker.job(job_id).state is state


def test_stopped_is_told_to_the_handler_only_through_its_reports(asker: Asker) -> None:
    told: list[bool] = []

    def do(work: Work) -> None:
        worker.stopping.set()
        try:
            work.report(1, 3, "E001")
        except Stopped:
            told.append(True)
            raise

    job_id = asker.ask()
    worker = runner(asker, do)
    worker.run_due()
    assert told == [True]
    assert asker.job(job_id).state is JobState.QUEUED
