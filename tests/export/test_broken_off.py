"""A book whose pages take long to lay out holds up nobody: it is stopped, given back or taken over; nothing stays."""

import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest

from portfolio import clock
from portfolio.documents import engines
from portfolio.documents.wordbook.laying_out import lay_out
from portfolio.enrolment.models import Enrolment
from portfolio.export import actions
from portfolio.export.jobs import LAYING_OUT
from portfolio.housekeeping import keep_house
from portfolio.installation import Installation
from portfolio.jobs.rules import LEASE, JobState
from portfolio.jobs.running import Runner
from portfolio.storage.arriving import STALE_SECONDS
from portfolio.worker import make_runner
from tests.cast import Cast
from tests.documents.test_programs import at_work, within
from tests.documents.well_made import lacks
from tests.export.scenes import ask, books, content, read_plainly, runner
from tests.export.slow_office import FOR_EVER, slow_office
from tests.export.test_killed import SOON, started, state
from tests.screened import by_worker

FEW_SECONDS = 8.0


@pytest.fixture
def began(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stands there once the slow engine, the only one there is, has begun."""
    engine = slow_office(tmp_path)
    monkeypatch.setattr(engines, "office", lambda: engine)
    return tmp_path / "began"


def worker(installation: Installation) -> Runner:
    """A worker that lays books out."""
    by_worker(installation)
    return make_runner(
        installation, threading.Event(), extractor=lambda _folder: nullcontext(read_plainly), lay_out=lay_out
    )


def once(is_so: Callable[[], bool], do: Callable[[], object]) -> threading.Thread:
    """Do something as soon as something is so, beside all else."""

    def wait() -> None:
        if within(SOON, is_so):
            do()

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


def cancel(installation: Installation, cast: Cast) -> None:
    """The person no longer wants it."""
    with installation.database.writing() as session:
        actions.cancel_book(session, session.get_one(Enrolment, cast.enrolments["amina"]))
        session.commit()


def left(installation: Installation) -> list[str]:
    """What stands where things are made."""
    return [path.name for path in installation.store.incoming.iterdir()]


def test_a_person_stops_it_while_its_pages_are_laid_out(installation: Installation, cast: Cast, began: Path) -> None:
    stopped_at: list[float] = []

    def stop() -> None:
        cancel(installation, cast)
        stopped_at.append(time.monotonic())

    ask(installation, cast)
    person = once(began.exists, stop)
    worker(installation).run_due()
    person.join()
    assert time.monotonic() - stopped_at[0] < FEW_SECONDS
    (row,) = books(installation, cast)
    assert (row.book.job.state, row.book.blob_id, row.book.pdf_blob_id) == (JobState.CANCELLED, None, None)
    assert at_work(FOR_EVER) == []
    assert left(installation) == []


def test_how_far_it_is_is_not_pretended_meanwhile(installation: Installation, cast: Cast, began: Path) -> None:
    told: list[tuple[int, int]] = []

    def is_told() -> bool:
        job = books(installation, cast)[0].book.job
        if job.message == LAYING_OUT:
            told.append((job.done, job.total))
        return bool(told)

    def look_and_stop() -> None:
        within(SOON, is_told)
        cancel(installation, cast)

    ask(installation, cast)
    person = once(began.exists, look_and_stop)
    worker(installation).run_due()
    person.join()
    assert told == [(0, 0)]


def test_a_worker_that_is_told_to_stop_gives_it_back_and_another_makes_it(
    installation: Installation, cast: Cast, began: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(installation, cast)
    stopping = worker(installation)
    system = once(began.exists, stopping.stopping.set)
    began_at = time.monotonic()
    assert stopping.run_due() == 1
    system.join()
    assert time.monotonic() - began_at < FEW_SECONDS + 5
    job = books(installation, cast)[0].book.job
    assert (job.state, job.attempts, job.worker) == (JobState.QUEUED, 0, "")
    assert at_work(FOR_EVER) == []
    assert left(installation) == []
    monkeypatch.setattr(engines, "office", lambda: None)
    assert runner(installation).run_due() == 1
    assert lacks(content(installation, books(installation, cast)[0])) == []


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_worker_that_ends_leaves_no_engine_and_no_half_made_pdf(
    installation: Installation, cast: Cast, tmp_path: Path, number: signal.Signals
) -> None:
    by_worker(installation)
    ask(installation, cast)
    with started(installation, "tests.export.slow_office", str(tmp_path)) as process:
        assert within(SOON, (tmp_path / "began").exists)
        assert within(SOON, lambda: bool(at_work(FOR_EVER)))
        process.send_signal(number)
        process.wait(FEW_SECONDS)
    assert within(SOON, lambda: not at_work(FOR_EVER)), "the engine goes with whoever started it"
    other = runner(installation)
    if number is signal.SIGKILL:
        assert left(installation), "what a killed worker wrote is there until the work is taken up again"
        assert state(installation, cast) is JobState.RUNNING
    else:
        assert left(installation) == []
    with clock.fixed(clock.now() + LEASE * 1.1):
        assert other.run_due() == 1
    assert state(installation, cast) is JobState.DONE
    assert left(installation) == []
    assert lacks(content(installation, books(installation, cast)[0])) == []


def test_what_nobody_takes_up_again_is_swept_with_all_that_stopped_arriving(installation: Installation) -> None:
    with installation.store.workbench("job-7") as folder, installation.store.workbench() as other:
        (folder / "book.docx").write_bytes(b"half")
        old = time.time() - 2 * STALE_SECONDS
        os.utime(folder, (old, old))
        keep_house(installation.database, installation.store, threading.Event())
        assert left(installation) == [other.name]


@pytest.mark.office
def test_libreoffice_itself_is_stopped(installation: Installation, cast: Cast) -> None:
    if engines.office() is None:
        pytest.skip("LibreOffice is not installed")
    ask(installation, cast)

    def at_it() -> bool:
        return any(installation.store.incoming.glob("job-*/portfolio-layout-*/profile/user"))

    person = once(at_it, lambda: cancel(installation, cast))
    began_at = time.monotonic()
    worker(installation).run_due()
    person.join()
    assert time.monotonic() - began_at < SOON
    assert state(installation, cast) is JobState.CANCELLED
    assert left(installation) == []
    assert not [process for process in Path("/proc").iterdir() if _is_ours(process, installation)]


def _is_ours(process: Path, installation: Installation) -> bool:
    try:
        return str(installation.settings.home).encode() in (process / "cmdline").read_bytes()
    except OSError:
        return False
