"""Waking a worker. huey carries one word and nothing else: what there is to do stands in the job table.

So a lost wake-up costs a minute (the worker looks by itself), and a lost worker costs a lease; never a job.
"""

from collections.abc import Callable
from pathlib import Path

from huey import Huey, PostgresHuey, SqliteHuey, crontab
from huey.consumer import Consumer


def make_queue(database_url: str, home: Path) -> Huey:
    """The queue beside the database: a small SQLite file, or tables in the same PostgreSQL."""
    if database_url.startswith("sqlite"):
        return SqliteHuey("portfolio", filename=str(home / "queue.sqlite3"), results=False)
    return PostgresHuey("portfolio", dsn=database_url.replace("postgresql+psycopg://", "postgresql://"), results=False)


class Waker:
    """One word from whoever asked for work to whoever does it."""

    def __init__(self, database_url: str, home: Path) -> None:
        self.queue = make_queue(database_url, home)
        self._work: Callable[[], None] = lambda: None
        self._wake = self.queue.task(name="wake")(self._run)
        self.queue.periodic_task(crontab(minute="*"), name="look")(self._run)

    def _run(self) -> None:
        self._work()

    def wake(self) -> None:
        """Say that there is work. Call it after the commit."""
        self._wake()

    def serve(self, work: Callable[[], None]) -> None:
        """Do `work` once now, at each wake-up and once a minute, until the process is told to stop."""
        self._work = work
        work()
        Consumer(self.queue, workers=1, initial_delay=0.05, max_delay=0.5).run()
