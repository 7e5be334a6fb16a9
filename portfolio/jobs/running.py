"""Doing background work: take a due job, ask again whether it may be done, do it while its lease is renewed, say how it
ended. Each step is a transaction of its own, so that a worker which is killed loses nothing but its lease.
"""

import contextvars
import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from portfolio.errors import DomainError, Unavailable
from portfolio.jobs import actions, queries
from portfolio.jobs.models import Job
from portfolio.jobs.rules import LEASE, JobState

log = logging.getLogger("portfolio.jobs")

BEAT = 1.0
"""Seconds between two looks at what the handler has reported."""
RENEW = LEASE.total_seconds() / 4
"""Seconds after which the lease is renewed although nothing was reported."""

NOT_ALLOWED = "You may no longer have this done. Ask your centre if you think you should."
UNKNOWN = "This server does not know this kind of work. Tell your centre."

Transaction = Callable[[], AbstractContextManager[Session]]
"""A session for one transaction; a writing one commits at the end of its block."""


class Stopped(Exception):
    """The work must end now: it was cancelled, somebody else has it, or this process is told to stop."""


@dataclass(frozen=True, slots=True)
class Handler:
    """How one kind of work is done. `may`: whether the person who asked may have it done, as they are now."""

    may: Callable[[Session, Job], bool]
    do: Callable[["Work"], None]


class Work:
    """A job under this worker's lease, as its handler sees it."""

    def __init__(self, job: Job, runner: "Runner") -> None:
        self.job_id = job.id
        self.centre_id = job.centre_id
        self.person_id = job.person_id
        self.subject_id = job.subject_id
        self._runner = runner
        self._progress = (0, job.total, job.message)
        self._lost = threading.Event()

    def report(self, done: int, total: int, message: str) -> None:
        """Say how far the work is, a total of 0 when that cannot be told; cheap, so say it often. Raises Stopped when
        there is no point in going on.
        """
        self._progress = (done, total, message)
        if self.is_lost():
            raise Stopped

    def is_lost(self) -> bool:
        """Whether there is no point in going on; may be asked from any thread. What takes long is broken off by it."""
        return self._lost.is_set() or self._runner.stopping.is_set()

    def finish(self, session: Session, state: JobState = JobState.DONE, message: str = "") -> None:
        """The work is over, in the transaction of its result. Raises Stopped when the job is no longer ours."""
        job = actions.held(session, self.job_id, worker=self._runner.name)
        if job is None:
            raise Stopped
        actions.finish(session, job, state, message)

    @contextmanager
    def leased(self) -> Iterator[None]:
        """Renew the lease and write down the progress, from a thread of its own, for as long as the block runs."""
        over = threading.Event()
        context = contextvars.copy_context()
        thread = threading.Thread(target=context.run, args=(self._renew, over), name="lease", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _renew(self, over: threading.Event) -> None:
        written, at = self._progress, time.monotonic()
        is_ours = True
        while is_ours and not over.wait(self._runner.beat):
            progress = self._progress
            is_due = progress != written or time.monotonic() - at >= RENEW or self._runner.stopping.is_set()
            try:
                is_ours = self._write(progress) if is_due else self._is_ours()
            except DBAPIError:
                log.warning("job %d: the lease could not be renewed", self.job_id, exc_info=True)
                is_ours = time.monotonic() - at < LEASE.total_seconds()
            else:
                if is_due:
                    written, at = progress, time.monotonic()
        if not is_ours:
            self._lost.set()

    def _is_ours(self) -> bool:
        """Whether nobody cancelled it or took it over meanwhile; nothing is written."""
        with self._runner.reading() as session:
            return queries.is_held(session, self.job_id, worker=self._runner.name)

    def _write(self, progress: tuple[int, int, str]) -> bool:
        """Whether the job is still ours. A process that is told to stop gives it back, whatever the handler is at."""
        if self._runner.stopping.is_set():
            self._runner.let_go(self.job_id)
            return False
        done, total, message = progress
        with self._runner.writing() as session:
            return actions.report(
                session, self.job_id, worker=self._runner.name, done=done, total=total, message=message
            )


@dataclass(frozen=True, slots=True)
class Runner:
    """One worker: its name, what it can do, and how it opens transactions. `stopping` is set from outside."""

    reading: Transaction
    writing: Transaction
    handlers: Mapping[str, Handler]
    stopping: threading.Event = field(default_factory=threading.Event)
    name: str = field(default_factory=lambda: f"worker-{secrets.token_hex(8)}")
    beat: float = BEAT

    def run_due(self) -> int:
        """Do what is due, one after the other; answers how many jobs were taken."""
        count = 0
        while not self.stopping.is_set():
            with self.writing() as session:
                job = actions.take(session, worker=self.name)
            if job is None:
                break
            count += 1
            self._run(job)
        return count

    def let_go(self, job_id: int) -> None:
        """Give a job back, if it is still ours."""
        with self.writing() as session:
            job = actions.held(session, job_id, worker=self.name)
            if job is not None:
                actions.give_back(session, job)

    def _run(self, job: Job) -> None:
        began = time.monotonic()
        try:
            self._do(job)
        except Stopped:
            self.let_go(job.id)
            log.info("job %d (%s) was stopped", job.id, job.kind)
        except (OperationalError, Unavailable) as error:
            log.warning("job %d (%s) is taken up again soon: %s", job.id, job.kind, error)
            self._put_off(job)
        except DomainError as error:
            self._end(job, JobState.FAILED, error.sentence)
            log.info("job %d (%s) was refused: %s", job.id, job.kind, error.message)
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("job %d (%s) failed, reference %s", job.id, job.kind, reference)
            sentence = f"This did not work, and it is our fault. Tell your centre the reference {reference}."
            self._end(job, JobState.FAILED, sentence)
        else:
            self._end(job, JobState.DONE, "")
            log.info("job %d (%s) took %.1f s", job.id, job.kind, time.monotonic() - began)

    def _do(self, job: Job) -> None:
        handler = self.handlers.get(job.kind)
        if handler is None:
            raise DomainError(UNKNOWN)
        with self.reading() as session:
            is_allowed = handler.may(session, job)
        if not is_allowed:
            raise DomainError(NOT_ALLOWED)
        work = Work(job, self)
        with work.leased():
            handler.do(work)

    def _put_off(self, job: Job) -> None:
        """What the work needs is away. The attempt counts, so that it ends at some time."""
        with self.writing() as session:
            ours = actions.held(session, job.id, worker=self.name)
            if ours is not None:
                actions.put_off(session, ours)

    def _end(self, job: Job, state: JobState, message: str) -> None:
        """Say how it ended, unless the handler did so in the transaction of its result."""
        with self.writing() as session:
            ours = actions.held(session, job.id, worker=self.name)
            if ours is not None:
                actions.finish(session, ours, state, message)
