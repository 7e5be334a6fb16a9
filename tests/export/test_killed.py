"""Workers as processes: one that is killed costs a lease and no book, one that is told to stop costs nothing."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import select

from portfolio import clock
from portfolio.config import ROOT
from portfolio.export.rules import WORD
from portfolio.installation import Installation
from portfolio.jobs.rules import LEASE, JobState
from portfolio.storage.models import Blob
from tests.cast import Cast
from tests.documents.well_made import lacks
from tests.export.scenes import ask, books, content, runner
from tests.export.stuck_worker import IN_THE_MIDDLE

SOON = 30.0


@contextmanager
def started(installation: Installation, *command: str) -> Iterator[subprocess.Popen[str]]:
    """A Python program over the installation, killed at the end if it is still there."""
    settings = installation.settings
    names = {"PORTFOLIO_HOME": str(settings.home), "PORTFOLIO_DATABASE": database_of(installation)}
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env={**os.environ, **names},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def database_of(installation: Installation) -> str:
    """The setting that leads to the installation's database."""
    url = installation.settings.database_url
    return "" if url.startswith("sqlite") else url


def wait_until_stuck(process: subprocess.Popen[str]) -> None:
    """Until the stuck worker has begun with a file."""
    assert process.stdout is not None
    assert process.stdout.readline().strip() == IN_THE_MIDDLE


def state(installation: Installation, cast: Cast) -> JobState:
    """How far amina's newest book is."""
    return books(installation, cast)[0].book.job.state


def wait_for(installation: Installation, cast: Cast, wanted: JobState) -> None:
    """Until amina's newest book is in a state."""
    until = time.monotonic() + SOON
    while state(installation, cast) is not wanted:
        assert time.monotonic() < until, f"it is still {state(installation, cast)}"
        time.sleep(0.1)


def test_another_worker_finishes_what_a_killed_one_began(installation: Installation, cast: Cast) -> None:
    ask(installation, cast)
    with started(installation, "tests.export.stuck_worker") as process:
        wait_until_stuck(process)
        process.send_signal(signal.SIGKILL)
        process.wait(SOON)
    other = runner(installation)
    assert state(installation, cast) is JobState.RUNNING
    assert other.run_due() == 0, "the lease has not run out"
    with clock.fixed(clock.now() + LEASE * 1.1):
        assert other.run_due() == 1
    (row,) = books(installation, cast)
    assert (row.book.job.state, row.book.job.attempts) == (JobState.DONE, 2)
    assert lacks(content(installation, row)) == []
    with installation.database.reading() as session:
        assert len(session.scalars(select(Blob).where(Blob.media_type == WORD)).all()) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_that_is_told_to_stop_gives_its_job_back(
    installation: Installation, cast: Cast, number: signal.Signals
) -> None:
    ask(installation, cast)
    with started(installation, "tests.export.stuck_worker") as process:
        wait_until_stuck(process)
        process.send_signal(number)
        assert process.wait(SOON) == 0
    assert state(installation, cast) is JobState.QUEUED
    assert books(installation, cast)[0].book.job.attempts == 0
    assert list(installation.store.incoming.iterdir()) == []
    assert runner(installation).run_due() == 1
    assert state(installation, cast) is JobState.DONE


def test_the_real_worker_makes_a_book_when_it_is_woken_and_stops_with_whoever_started_it(
    installation: Installation, cast: Cast
) -> None:
    with started(installation, "portfolio.worker", "--attached") as process:
        ask(installation, cast)
        installation.waker.wake()
        wait_for(installation, cast, JobState.DONE)
        assert process.poll() is None
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(SOON) == 0
        assert process.stderr is not None
        said = process.stderr.read()
        process.stdin = None
    assert "Traceback" not in said
    assert lacks(content(installation, books(installation, cast)[0])) == []


def test_a_worker_without_a_home_says_what_is_missing() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PORTFOLIO_")}
    done = subprocess.run(
        [sys.executable, "-m", "portfolio.worker"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("portfolio worker: Say where the home folder is")
