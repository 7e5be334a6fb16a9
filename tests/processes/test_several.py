"""Two web processes and two workers at once, on PostgreSQL with files in a bucket; one of each is killed."""

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from sqlalchemy import func, select, text, update

from portfolio import clock, proof
from portfolio.centres.models import Centre
from portfolio.evidence.models import EvidenceFile
from portfolio.installation import Installation
from portfolio.jobs.models import Job
from portfolio.jobs.rules import JobState
from portfolio.previews.models import Preview
from portfolio.previews.rules import PreviewState
from portfolio.storage.models import Blob
from tests.cast import PASSWORD, Cast
from tests.documents.well_made import lacks
from tests.drills.crowd import Crowd
from tests.drills.kill import Tally, decisions_found, prepare, uploads_found
from tests.export.scenes import ask, books, content
from tests.processes.conftest import served
from tests.running import Running
from tests.visitor import Visitor

SOON = 90.0
FROZEN = 0.3
SENT = b"What the customer wrote, word by word. " * 9_000
WORKER = b"portfolio.worker"
BOOKS_MOST = 12


def wait_until(is_so: Callable[[], object], what: str) -> None:
    """Until it is so; the test fails when it is not so soon."""
    until = time.monotonic() + SOON
    while not is_so():
        assert time.monotonic() < until, what
        time.sleep(0.02)


def command_of(pid: int) -> bytes:
    """A process's command line; empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def parent_of(pid: int) -> int:
    """The process that started it; 0 when it is gone."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def workers_of(running: Running) -> set[int]:
    """The server's workers."""
    return {pid for pid in running.members() if WORKER in command_of(pid) and parent_of(pid) == running.process.pid}


def web_processes_of(running: Running) -> set[int]:
    """The processes that answer requests."""
    children = {pid for pid in running.members() if parent_of(pid) == running.process.pid}
    return {pid for pid in children - workers_of(running) if b"resource_tracker" not in command_of(pid)}


def are_all_there(running: Running) -> bool:
    """Whether two of each are."""
    return len(workers_of(running)) == len(web_processes_of(running)) == 2


def test_the_same_content_sent_by_many_at_once_is_kept_once(installation: Installation, cast: Cast) -> None:
    names = ["amina", "ben", "amina", "ben", "amina", "ben"]
    with served(installation.settings) as running:
        visitors = [Visitor(running.port).sign_in(cast.email(name), PASSWORD) for name in names]
        together = threading.Barrier(len(names))
        statuses: list[int] = []

        def send(name: str, visitor: Visitor) -> None:
            path = f"/enrolments/{cast.enrolments[name]}/evidence/add-files"
            form = {**visitor.get(path).form("/add-files", having="title"), "title": "The same letter"}
            together.wait(SOON)
            statuses.append(visitor.post(path, form, {"files": ("letter.txt", SENT)}).status)

        threads = [threading.Thread(target=send, args=pair) for pair in zip(names, visitors, strict=True)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(SOON)
        assert statuses == [303] * len(names)
        with installation.database.reading() as session:
            [blob] = session.scalars(select(Blob).where(Blob.size == len(SENT))).all()
            named = session.scalar(select(func.count()).where(EvidenceFile.blob_id == blob.id))
            centre = session.get_one(Centre, blob.centre_id)
        assert named == len(names)
        assert installation.store.is_whole(centre.uid, blob.sha256)
        assert not list(installation.settings.files.glob(f"*/*/{blob.sha256}")), "it is in the bucket alone"
        file_id = _newest_file(installation)
        wait_until(lambda: _is_preview_ready(installation, blob.id), "the workers made no preview")
        for visitor in visitors:
            visitor.connection.close()  # so long unused, the server may have let go of it
        [owner] = [visitor for visitor in visitors[-2:] if visitor.get(f"/files/{file_id}").status == 200]
        shown = owner.get(f"/files/{file_id}")
        assert shown.body == SENT
        part = owner.send("GET", f"/files/{file_id}", Range="bytes=1000-1999")
        assert (part.status, part.body) == (206, SENT[1000:2000])
        for visitor in visitors:
            visitor.connection.close()
    assert proof.verify(installation.database, installation.store).faults == ()


def _newest_file(installation: Installation) -> int:
    with installation.database.reading() as session:
        return session.scalars(select(func.max(EvidenceFile.id))).one()


def _is_preview_ready(installation: Installation, blob_id: int) -> bool:
    with installation.database.reading() as session:
        return session.scalar(select(Preview.state).where(Preview.blob_id == blob_id)) is PreviewState.READY


def test_a_killed_web_process_and_a_killed_worker_lose_nothing(installation: Installation, cast: Cast) -> None:
    rng = Random(20261122)
    with served(installation.settings) as running:
        wait_until(lambda: are_all_there(running), "two of each did not begin")
        crowd = Crowd(cast, running.port, users=6, rng=rng, think=0.05)
        prepare(cast, crowd.marker, rng)
        crowd.start()
        wait_until(lambda: len(crowd.said.uploads) > 3 and crowd.said.decisions > 2, "nobody gets on")
        os.kill(min(web_processes_of(running)), signal.SIGKILL)
        before = len(crowd.said.uploads)
        wait_until(lambda: len(crowd.said.uploads) > before + 2, "the other web process does not go on")
        killed_within_a_book(installation, cast, running)
        wait_until(lambda: are_all_there(running), "what was killed was not started again")
        crowd.stop()
        wait_until(lambda: not _unfinished(installation), "a book was not made")
    tally = Tally()
    with installation.database.reading() as session:
        uploads_found(session, installation.store, crowd.said, tally)
        decisions_found(session, crowd.said, tally)
    assert [*crowd.seen.faults, *tally.faults] == []
    assert proof.verify(installation.database, installation.store).faults == ()
    assert all(book.book.job.state is JobState.DONE for book in books(installation, cast))
    assert lacks(content(installation, books(installation, cast)[0])) == []


def killed_within_a_book(installation: Installation, cast: Cast, running: Running) -> None:
    """Kill the only worker that is awake while it makes a book; then time passes, and the other one takes it over."""
    first, other = sorted(workers_of(running))
    freeze(installation, other)
    for _ in range(BOOKS_MOST):
        ask(installation, cast)
        installation.waker.wake()
        wait_until(lambda: _has_begun(installation), "no worker takes the job")
        os.kill(first, signal.SIGSTOP)
        if _unfinished(installation):
            break
        os.kill(first, signal.SIGCONT)
    os.kill(first, signal.SIGKILL)
    assert _unfinished(installation), "no worker could be killed in the middle of a book"
    with installation.database.writing() as session:
        session.execute(update(Job).where(Job.state == JobState.RUNNING).values(lease_until=clock.now()))
        session.commit()
    os.kill(other, signal.SIGCONT)
    installation.waker.wake()


def freeze(installation: Installation, pid: int) -> None:
    """Stop a process between two of its transactions: whoever wants a row that it holds would wait for ever."""
    until = time.monotonic() + SOON
    while True:
        os.kill(pid, signal.SIGSTOP)
        time.sleep(FROZEN)
        if not _left_open(installation):
            return
        os.kill(pid, signal.SIGCONT)
        assert time.monotonic() < until, "it is always in the middle of something"
        time.sleep(FROZEN)


def _left_open(installation: Installation) -> int:
    """How many transactions have written or hold rows and have not said a word for a while."""
    left = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_xid IS NOT NULL"
        " AND state LIKE 'idle in transaction%' AND state_change < clock_timestamp() - make_interval(secs => :secs)"
    )
    with installation.database.reading() as session:
        return session.scalar(left, {"secs": FROZEN / 2}) or 0


def _has_begun(installation: Installation) -> bool:
    with installation.database.reading() as session:
        return session.scalars(select(Job.state).order_by(Job.id.desc()).limit(1)).one() is not JobState.QUEUED


def _unfinished(installation: Installation) -> int:
    with installation.database.reading() as session:
        return session.scalar(select(func.count()).where(Job.state.in_([JobState.QUEUED, JobState.RUNNING]))) or 0
