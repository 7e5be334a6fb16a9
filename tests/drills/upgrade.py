"""Kill an upgrade at random moments: it is as if it had not begun, or it is done, and it can be taken up again.

    python -m tests.drills.upgrade [--n 20] [--seed S] [--postgres]

The database is one of the release before, with two centres at work. After each kill it is sound and of one revision or
the other; `portfolio upgrade` then brings it to the present one, with nothing of the record changed and every figure
that is worked out from it right.
"""

import argparse
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack, closing
from pathlib import Path
from random import Random

from portfolio import proof, schema
from portfolio.assessment import progress
from portfolio.db import Database
from portfolio.installation import open_installation
from portfolio.safekeeping.backing_up import revision_of
from portfolio.safekeeping.findings import State
from portfolio.safekeeping.record import database_found
from tests.cast import assemble
from tests.drills.places import Place
from tests.drills.postgres_restart import own_postgres

BEFORE = "-1"
OLDER = "laid by another release"


def main(argv: list[str] | None = None) -> int:
    """Print where it was killed and what was found; 1 when anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=20, help="how many times to kill")
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL rather than SQLite")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="drill-") as folder, ExitStack() as held:
        server = held.enter_context(own_postgres()) if options.postgres else None
        older = Place(Path(folder) / "older", server, "older")
        return drill(older, options.n, Random(options.seed))


def drill(older: Place, times: int, rng: Random) -> int:
    """Kill so often, each time a fresh copy of the older release's home."""
    make_older(older)
    whole = seconds_of(older.copied("timed"))
    found, faults = Counter[str](), list[str]()
    for number in range(times):
        place = older.copied(f"copy{number}")
        upgrading = start(place)
        time.sleep(rng.uniform(whole / 3, whole))
        upgrading.send_signal(signal.SIGKILL)
        upgrading.communicate()
        found[revision_in(place)] += 1
        faults += wrong_with(place)
        place.remove()
    for fault in sorted(set(faults)):
        print(f"FAULT {fault}")
    where = ", ".join(f"{count} × at revision {revision}" for revision, count in sorted(found.items()))
    print(f"killed {times} times within {whole:.1f} s: {where}; {len(faults)} faults")
    return 1 if faults else 0


def make_older(place: Place) -> None:
    """A home of the release before, with two centres at work."""
    place.lay()
    with closing(open_installation(place.settings)) as installation:
        assemble(installation)
        schema.downgrade(installation.database, BEFORE)
        installation.database.forget()


def start(place: Place) -> subprocess.Popen[bytes]:
    """`portfolio upgrade`, as it is typed."""
    command = place.command("upgrade", "--no-backup")
    return subprocess.Popen(command, env=place.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def seconds_of(place: Place) -> float:
    """How long a whole upgrade takes."""
    began = time.monotonic()
    start(place).communicate()
    seconds = time.monotonic() - began
    place.remove()
    return seconds


def revision_in(place: Place) -> str:
    """The revision that a database is at."""
    with closing(Database(place.settings.database_url)) as database, database.engine.connect() as connection:
        return revision_of(connection)


def wrong_with(place: Place) -> list[str]:
    """What is wrong after a kill, and after the upgrade was taken up again."""
    faults = []
    with closing(Database(place.settings.database_url)) as database:
        found = list(database_found(database, is_whole=True))
    faults += [f"after the kill: {one.says}" for one in found if one.state is not State.OK and OLDER not in one.says]
    again = start(place)
    said = again.communicate()[1].decode()
    if again.returncode:
        return [*faults, f"it could not be taken up again: {said[-300:]}"]
    with closing(open_installation(place.settings)) as installation:
        faults += [str(fault) for fault in proof.verify(installation.database, installation.store).faults]
        with installation.database.reading() as session:
            faults += progress.differences(session)
    return faults


if __name__ == "__main__":
    sys.exit(main())
