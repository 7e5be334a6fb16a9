"""Waking a worker. huey carries one word and nothing else: what there is to do stands in the job table.

So a lost wake-up costs some seconds (the worker looks by itself), and a lost worker costs a lease; never a job.
"""

import logging
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event

from huey import Huey, PostgresHuey, SqliteHuey

log = logging.getLogger("portfolio.jobs")

LOOK_EVERY = 15.0
"""Seconds after which a worker looks by itself."""
PAUSE = 0.25


def make_queue(database_url: str, home: Path) -> Huey:
    """The queue beside the database: a small SQLite file, or tables in the same PostgreSQL."""
    if database_url.startswith("sqlite"):
        return SqliteHuey("portfolio", filename=str(home / "queue.sqlite3"), results=False)
    return PostgresHuey("portfolio", dsn=database_url.replace("postgresql+psycopg://", "postgresql://"), results=False)


class Waker:
    """One word from whoever asked for work to whoever does it."""

    def __init__(self, database_url: str, home: Path) -> None:
        self.queue = make_queue(database_url, home)
        self._word = self.queue.task(name="wake")(_wake)

    def wake(self) -> None:
        """Say that there is work. Call it after the commit; the work is not lost when the word is."""
        try:
            self._word()
        except Exception:
            log.warning("a worker could not be woken", exc_info=True)

    def serve(self, work: Callable[[], None], stopping: Event) -> None:
        """Do `work` now, at each word and now and then, until `stopping` is set.

        Gives this thread's connection to the queue back at the end.
        """
        while not stopping.is_set():
            try:
                work()
            except Exception:
                log.exception("background work broke off; it is taken up again")
                stopping.wait(PAUSE)
            self._wait(stopping)
        self.close()

    def _wait(self, stopping: Event) -> None:
        until = time.monotonic() + LOOK_EVERY
        while not stopping.is_set() and time.monotonic() < until:
            try:
                if self.queue.dequeue() is not None:
                    return
            except Exception:
                log.exception("the queue cannot be read")
            stopping.wait(PAUSE)

    def close(self) -> None:
        """Give the queue's connection back."""
        self.queue.storage.close()


def _wake() -> None:
    """The word itself: hearing it is all."""
