"""Kill backups again and again at random moments: what stands there afterwards is whole, and the next one goes well.

    python -m tests.drills.backup_kill [--n 200] [--seed S] [--megabytes 20] [--postgres]

Each round starts `portfolio backup` and kills it between its first moment and a little after it would have ended. A
file by the backup's name must open with the key and be whole; anything half written must be gone after the next backup.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, closing
from pathlib import Path
from random import Random

from portfolio import proof
from portfolio.installation import open_installation
from portfolio.safekeeping.contents import check
from portfolio.safekeeping.sealing import Damaged, read_key
from tests.cast import add_file, assemble
from tests.drills.places import Place
from tests.drills.postgres_restart import own_postgres

LATER = 1.1
"""How much longer than a backup takes the latest kill waits."""


def main(argv: list[str] | None = None) -> int:
    """Print how many were killed and what they left; 1 when anything was half done or lost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=200, help="how many backups to kill")
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--megabytes", type=int, default=20, help="how much evidence there is")
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL rather than SQLite")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="drill-") as folder, ExitStack() as held:
        server = held.enter_context(own_postgres()) if options.postgres else None
        place = Place(Path(folder) / "home", server, "ours")
        fill(place, options.megabytes, Random(options.seed))
        return drill(place, Path(folder) / "backups", options.n, Random(options.seed))


def fill(place: Place, megabytes: int, rng: Random) -> None:
    """The cast, and files of a megabyte each."""
    place.lay()
    with closing(open_installation(place.settings)) as installation:
        cast = assemble(installation)
        with installation.database.writing() as session:
            for number in range(megabytes):
                add_file(session, installation, cast, "amina", f"Recording {number}", rng.randbytes(1024 * 1024))
            session.commit()


def drill(place: Place, folder: Path, times: int, rng: Random) -> int:
    """Kill so many; then look at what is there."""
    folder.mkdir()
    key_file, faults, whole, killed = folder / "key", [], 0, 0
    began = time.monotonic()
    backing_up(place, folder / "first.backup", key_file).wait()
    usual = time.monotonic() - began
    for number in range(times):
        out = folder / f"{number}.backup"
        process = backing_up(place, out, key_file)
        time.sleep(rng.uniform(0, LATER * usual))
        if process.poll() is None:
            killed += 1
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if out.exists():
            whole += 1
            faults += damage(out, key_file)
            out.unlink()
    last = backing_up(place, folder / "last.backup", key_file).wait()
    faults += [f"the last backup ended with status {last}"] if last else damage(folder / "last.backup", key_file)
    faults += [f"{path.name} was left" for path in folder.glob(".*")]
    with closing(open_installation(place.settings)) as installation:
        faults += [str(fault) for fault in proof.verify(installation.database, installation.store).faults]
    for fault in faults:
        print(f"FAULT {fault}")
    print(
        f"{times} backups of {usual:.2f} s: {killed} killed under way, {whole} stood there whole afterwards; "
        f"{len(faults)} faults"
    )
    return 1 if faults else 0


def backing_up(place: Place, out: Path, key_file: Path) -> subprocess.Popen[bytes]:
    """The command as it is typed, in a group of processes of its own."""
    return subprocess.Popen(
        place.command("backup", "--out", out, "--key-file", key_file),
        env=place.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def damage(backup: Path, key_file: Path) -> list[str]:
    """What is wrong with a backup that should be whole."""
    try:
        check(backup, read_key(key_file))
    except Damaged as error:
        return [f"{backup.name} is not whole: {error}"]
    return []


if __name__ == "__main__":
    sys.exit(main())
