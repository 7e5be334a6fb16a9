"""Tamper with a trail in every way, and see that each is found and named, and that nothing else is.

    python -m tests.drills.audit [--n 1000] [--seed S] [--untouched 100] [--entries 100000]

Each tampering is done to a fresh copy of an installation's database (and of its files where it is about them), and must
be found by the proof behind `portfolio audit verify`.
"""

import argparse
import shutil
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from portfolio import clock, proof
from portfolio.assessment.progress import settle
from portfolio.audit import streams
from portfolio.audit.events import Entry, Signer, System, new_salt, text_digest
from portfolio.audit.models import AuditEvent, AuditStream, AuditText
from portfolio.audit.streams import Fault, Head
from portfolio.centres.actions import open_centre
from portfolio.config import Settings
from portfolio.db import Database
from portfolio.installation import Installation, open_installation
from portfolio.storage.blobs import LocalStore
from portfolio.storage.stores import Store
from tests.cast import Cast, assemble
from tests.drills.rows import BESIDE_THE_TRAIL
from tests.drills.tamperings import ON_THE_TRAIL, Copy, Expected, Kind
from tests.drills.work import work

KINDS: dict[str, Kind] = {**ON_THE_TRAIL, **BESIDE_THE_TRAIL}
ROUNDS_OF_WORK = 50
SECONDS_ALLOWED = 30.0


@dataclass(frozen=True, slots=True)
class World:
    """An installation that is at rest, as files to copy, with the heads that were exported from it."""

    unguarded: Path
    donor: Path
    files: Path
    signer: Signer
    heads: list[Head]


def main(argv: list[str] | None = None) -> int:
    """Print what was tried and found, by kind; 1 when anything was missed, named wrongly or found where nothing is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=1000, help="how many tamperings")
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--untouched", type=int, default=100, help="how many untouched copies")
    parser.add_argument("--entries", type=int, default=100_000, help="how many entries to time a verification of")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="drill-") as folder:
        place = Path(folder)
        installation = installed(place / "ours")
        cast, rng = assemble(installation), Random(options.seed)
        alarms = false_alarms(cast, rng, place, options.untouched)
        for _ in range(max(0, ROUNDS_OF_WORK - options.untouched)):
            work(cast, rng)
        world = at_rest(installation, place)
        missed = tamper_often(world, place, options.n, options.seed)
        is_quick = not options.entries or time_verification(place / "long", options.entries)
    return 1 if alarms or missed or not is_quick else 0


def installed(home: Path) -> Installation:
    """An installation on a fresh home folder, with cheap hashing."""
    settings = replace(Settings.from_environment(home, {}), argon2_memory_kib=8, argon2_passes=1)
    return open_installation(settings)


def false_alarms(cast: Cast, rng: Random, place: Path, count: int) -> int:
    """Prove `count` copies, one after each round of real work; answers how many had a fault."""
    alarms = 0
    for _ in range(count):
        work(cast, rng)
        target = place / "untouched.sqlite3"
        copied(cast.installation.settings.home / "database.sqlite3", target)
        faults = proved(target, cast.installation.store, cast.installation.signer, [])
        alarms += bool(faults)
        for fault in faults:
            print(f"false alarm: {fault}")
    print(f"{count} untouched databases, {alarms} false alarms", flush=True)
    return alarms


def copied(source: Path, target: Path) -> None:
    """A whole copy of a database that may be in use."""
    target.unlink(missing_ok=True)
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def at_rest(installation: Installation, place: Path) -> World:
    """What to work from: a copy without its guards, and the database of another installation."""
    with installation.database.reading() as session:
        heads = streams.heads(session)
    other = installed(place / "other")
    assemble(other)
    for source, name in ((installation, "unguarded"), (other, "donor")):
        copied(source.settings.home / "database.sqlite3", place / f"{name}.sqlite3")
    with closing(sqlite3.connect(place / "unguarded.sqlite3")) as database:
        triggers = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            database.execute(f"DROP TRIGGER {name}")
        database.commit()
    other.close()
    installation.close()
    unguarded, donor = place / "unguarded.sqlite3", place / "donor.sqlite3"
    return World(unguarded, donor, installation.settings.files, installation.signer, heads)


def proved(database: Path, store: Store, signer: Signer, against: list[Head]) -> tuple[Fault, ...]:
    """What the proof finds."""
    opened = Database(f"sqlite:///{database}", {"signer": signer, "settle": settle})
    try:
        return proof.verify(opened, store, against=against).faults
    finally:
        opened.close()


def tamper_often(world: World, place: Path, count: int, seed: int) -> int:
    """Try every kind in turn; print the table; answers how many were not found, or not named."""
    tried, found, named = Counter[str](), Counter[str](), Counter[str]()
    for number in range(count):
        kind = list(KINDS)[number % len(KINDS)]
        expected, faults, done = tamper(world, place, kind, Random(f"{seed} {number}"))
        tried[kind] += 1
        found[kind] += bool(faults)
        named[kind] += is_named(expected, faults)
        if not is_named(expected, faults):
            print(f"missed number {number}, {kind}: expected {expected}, found {faults[:3]}\n  " + "\n  ".join(done))
    print(f"{'tampering':38} {'tried':>6} {'found':>6} {'named':>6}")
    for kind in tried:
        print(f"{kind:38} {tried[kind]:6} {found[kind]:6} {named[kind]:6}")
    print(f"{'all':38} {tried.total():6} {found.total():6} {named.total():6}", flush=True)
    return tried.total() - named.total()


def tamper(world: World, place: Path, kind: str, rng: Random) -> tuple[Expected, tuple[Fault, ...], list[str]]:
    """Tamper with a fresh copy and prove it; answers what was to be found, what was, and what had been done."""
    target, files = place / "copy.sqlite3", world.files
    shutil.copy(world.unguarded, target)
    if kind == "stored file":
        files = place / "copied files"
        shutil.rmtree(files, ignore_errors=True)
        shutil.copytree(world.files, files)
    with closing(sqlite3.connect(target)) as database:
        database.row_factory = sqlite3.Row
        copy = Copy(database, files, world.donor, rng)
        expected = KINDS[kind](copy)
        database.commit()
    against = world.heads if kind.startswith("cut tail") else []
    faults = proved(target, LocalStore(files, place / "incoming"), world.signer, against)
    return expected, faults, copy.done


def is_named(expected: Expected, faults: tuple[Fault, ...]) -> bool:
    """Whether the entry at fault is named, and none before it in its stream."""
    there = [fault.seq for fault in faults if fault.stream == expected.stream]
    return bool(there) and (expected.seq is None or min(there) == expected.seq)


def time_verification(home: Path, count: int) -> bool:
    """Lay a trail of `count` entries in ten streams, prove it and print the time; whether that is soon enough."""
    installation = installed(home)
    with installation.database.writing() as session:
        for number in range(10):
            centre = open_centre(session, System(), name=f"Centre {number}", number=str(number))
            lengthen(session.get_one(AuditStream, centre.stream_id), installation.signer, count // 10 - 1, session)
        session.commit()
    began = time.perf_counter()
    found = proof.verify(installation.database, installation.store)
    seconds = time.perf_counter() - began
    installation.close()
    is_well = not found.faults and found.events == count // 10 * 10 and seconds <= SECONDS_ALLOWED
    print(
        f"{found.events} entries proved in {seconds:.1f} s, {SECONDS_ALLOWED:.0f} allowed: {len(found.faults)} faults"
    )
    return is_well


def lengthen(stream: AuditStream, signer: Signer, count: int, session: Session) -> None:
    """Append entries in bulk, each just as `streams.record` makes it."""
    events, texts = [], []
    seq, prev = stream.head_seq, stream.head_hash
    last = session.scalar(select(func.max(AuditEvent.id))) or 0
    for number in range(count):
        text = {"ref": f"E{number:03d}", "title": "A complaint about a letter", "files": ["letter.pdf"]}
        salt = new_salt()
        seq += 1
        entry = Entry(
            stream.uid, seq, clock.now(), "system", "system", "evidence.add", f"evidence:{number}",
            text_digest(salt, text), prev,
        )  # fmt: skip
        prev = entry.hashed()
        row = {
            name: getattr(entry, name) for name in ("seq", "at", "actor", "role", "verb", "subject", "digest", "prev")
        }
        events.append({**row, "id": last + seq, "stream_id": stream.id, "hash": prev, "signature": signer.sign(prev)})
        texts.append({"event_id": last + seq, "salt": salt, "text": text})
    session.execute(insert(AuditEvent), events)
    session.execute(insert(AuditText), texts)
    stream.head_seq, stream.head_hash = seq, prev


if __name__ == "__main__":
    sys.exit(main())
