"""Kill the whole server again and again while people work, and see that nothing that was acknowledged is lost.

    python -m tests.drills.kill [--n 50] [--seed S]

Each round starts `portfolio serve` with its worker, lets a learner upload, an assessor decide and another learner have
files redacted over HTTP, kills every process at a random moment, and looks at what is there: of each file that is
redacted there is the original or the redacted version, and never both or neither.
"""

import argparse
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from threading import Event

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portfolio import proof
from portfolio.assessment.models import ItemReview, Judgement, SubmissionItem
from portfolio.assessment.rules import ItemState
from portfolio.centres.models import Centre
from portfolio.config import Settings
from portfolio.enrolment.models import Enrolment
from portfolio.evidence.models import EvidenceFile, EvidenceVersion
from portfolio.housekeeping import keep_house
from portfolio.installation import Installation, open_installation
from portfolio.mapping.actions import map_to
from portfolio.mapping.models import Claim
from portfolio.storage.arriving import STALE_SECONDS
from portfolio.storage.blobs import LocalStore
from portfolio.storage.models import Blob
from portfolio.storage.rules import BlobState
from portfolio.storage.stores import Store
from tests.cast import Cast, assemble, hand_in, wanted, write
from tests.drills.clients import Acknowledged, Marker, Uploader
from tests.drills.redactors import Redactor, left_on_disk, redactions_found
from tests.running import Running, free_port

SECONDS_TO_RESTART = 5.0
ITEMS_READY = 12
PATIENCE = 15.0
KILLED_TWICE_EVERY = 10


@dataclass
class Tally:
    """What the drill has found out so far."""

    restarts: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    uploads: int = 0
    decisions: int = 0
    redacted: int = 0
    unnamed: int = 0
    half_arrived: int = 0


def main(argv: list[str] | None = None) -> int:
    """Print a table of acknowledged, found and restart times; 1 when anything was lost or took too long."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=50, help="how many times to kill")
    parser.add_argument("--seed", type=int, default=20261122)
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="drill-") as folder:
        return drill(Path(folder), options.n, Random(options.seed))


def drill(home: Path, times: int, rng: Random) -> int:
    """Kill `times` times, looking after each; then tidy up and look once more."""
    settings = replace(Settings.from_environment(home, {}), argon2_memory_kib=8, argon2_passes=1)
    installation = open_installation(settings)
    cast = assemble(installation)
    said, tally, port = Acknowledged(), Tally(), free_port()
    uploader = Uploader(cast.email("amina"), cast.enrolments["amina"], said, Random(rng.random()))
    marker = Marker(cast.email("marguerite"), said, Random(rng.random()))
    redactor = Redactor(cast.email("ben"), cast.enrolments["ben"], Random(rng.random()))
    clients = (uploader, marker, redactor)
    running = Running(home, port)
    try:
        running.wait_until_healthy()
        print(
            f"{'kill':>4} {'uploads':>8} {'found':>6} {'decisions':>10} {'found':>6} {'redacted':>9} {'found':>6} "
            f"{'unnamed':>8} {'restart':>8}"
        )
        for number in range(1, times + 1):
            prepare(cast, marker, rng)
            let_work_and_kill(running, clients, said, tally, rng)
            if number % KILLED_TWICE_EVERY == 0:
                running = Running(home, port)
                time.sleep(rng.uniform(0.1, 2.0))
                running.kill()
            running = Running(home, port)
            tally.restarts.append(running.wait_until_healthy())
            check(installation, said, redactor, tally)
            print(
                f"{number:4} {len(said.uploads):8} {tally.uploads:6} {said.decisions:10} {tally.decisions:6} "
                f"{len(redactor.used):9} {tally.redacted:6} {tally.unnamed:8} {tally.restarts[-1]:7.2f}s", flush=True
            )  # fmt: skip
    finally:
        running.stop()
    tidy_up(installation, tally)
    check(installation, said, redactor, tally)
    tally.faults += left_on_disk(installation.store, redactor)
    installation.close()
    return conclude(said, redactor, tally)


def prepare(cast: Cast, marker: Marker, rng: Random) -> None:
    """Hand in enough of Ben's work to be marked."""
    installation = cast.installation
    while len(marker.items) < ITEMS_READY:
        with installation.database.writing() as session:
            evidence = write(session, installation, cast, "ben", f"Account {rng.getrandbits(32):x}", "What I did.")
            enrolment = session.get_one(Enrolment, cast.enrolments["ben"])
            claims = wanted(session, enrolment, {"1.1": "It names who referred it.", "2.1": "It gives my limit."})
            map_to(session, cast.actor("ben", session), evidence, wanted=claims)
            marker.items.insert(0, hand_in(session, cast, "ben", evidence, evidence.ref).items[0].id)
            session.commit()


def let_work_and_kill(
    running: Running,
    people: tuple[Uploader, Marker, Redactor],
    said: Acknowledged,
    tally: Tally,
    rng: Random,
) -> None:
    """All at work, as a rule until an upload, a decision and every other time a redaction is acknowledged, and a moment
    more; then everything is killed.
    """
    clients = [person.client(running.port) for person in people]
    redactor, waits_for_redaction = people[2], rng.random() < 0.5
    before = (len(said.uploads), said.decisions, len(redactor.used))
    for client in clients:
        client.start()
    until = time.monotonic() + (PATIENCE if rng.random() < 0.9 else 0)
    while time.monotonic() < until and not (
        len(said.uploads) > before[0]
        and said.decisions > before[1]
        and (len(redactor.used) > before[2] or not waits_for_redaction)
    ):
        time.sleep(0.01)
    time.sleep(rng.uniform(0, 1.5))
    running.kill()
    for client in clients:
        client.stopping.set()
        client.join()
        if client.problem is not None:
            tally.faults.append(f"a client could not go on: {client.problem!r}")


def check(installation: Installation, said: Acknowledged, redactor: Redactor, tally: Tally) -> None:
    """Look for everything that was acknowledged, and at everything that is there."""
    with installation.database.reading() as session:
        tally.uploads = uploads_found(session, installation.store, said, tally)
        tally.decisions = decisions_found(session, said, tally)
        tally.redacted, faults = redactions_found(session, installation.store, redactor)
        tally.faults += faults
        rows = session.execute(
            select(Centre.uid, Blob.sha256)
            .join(Centre, Centre.id == Blob.centre_id)
            .where(Blob.state == BlobState.KEPT)
        )
        kept = {(centre, sha256) for centre, sha256 in rows}
    present = set(installation.store.names())
    tally.faults += [f"a row without its file: {sha}" for _centre, sha in kept - present]
    tally.unnamed, tally.half_arrived = len(present - kept), len(list(installation.store.incoming.iterdir()))
    tally.faults += [str(fault) for fault in proof.verify(installation.database, installation.store).faults]
    for name in ("database.sqlite3", "queue.sqlite3"):
        with closing(sqlite3.connect(installation.settings.home / name)) as database:
            verdict = database.execute("PRAGMA integrity_check").fetchone()[0]
            tally.faults += [] if verdict == "ok" else [f"{name}: {verdict}"]


def uploads_found(session: Session, store: Store, said: Acknowledged, tally: Tally) -> int:
    """How many acknowledged uploads are there, whole."""
    rows = session.execute(
        select(EvidenceVersion.evidence_id, Centre.uid, Blob.sha256)
        .join(EvidenceFile, EvidenceFile.version_id == EvidenceVersion.id)
        .join(Blob, Blob.id == EvidenceFile.blob_id)
        .join(Centre, Centre.id == Blob.centre_id)
        .where(EvidenceVersion.evidence_id.in_(said.uploads))
    )
    there = {
        evidence_id
        for evidence_id, centre, sha256 in rows
        if sha256 == said.uploads[evidence_id] and store.is_whole(centre, sha256)
    }
    tally.faults += [f"upload {evidence_id} is lost" for evidence_id in said.uploads.keys() - there]
    return len(there)


def decisions_found(session: Session, said: Acknowledged, tally: Tally) -> int:
    """How many acknowledged saves and releases are there; the newest save of an item stands for those before it."""
    found = 0
    reviews = {
        review.submission_item_id: review
        for review in session.scalars(select(ItemReview).where(ItemReview.submission_item_id.in_(said.saves)))
    }
    for item, saves in said.saves.items():
        review = reviews.get(item)
        if review is None or review.feedback not in {said.feedback[item], said.in_flight[item]}:
            tally.faults.append(f"what was saved on item {item} is lost")
            continue
        found += saves
    for item in said.released:
        row = session.get_one(SubmissionItem, item)
        claims = session.scalar(select(func.count()).where(Claim.evidence_version_id == row.evidence_version_id))
        judged = session.scalar(select(func.count()).where(Judgement.review_id == reviews[item].id))
        if row.state is ItemState.RELEASED and judged == claims:
            found += 1
        else:
            tally.faults.append(f"the release of item {item} is lost")
    return found


def tidy_up(installation: Installation, tally: Tally) -> None:
    """Two days later the worker keeps house: what no row names is gone after it."""
    store = LocalStore(installation.settings.files, installation.settings.incoming)
    print(f"left behind: {tally.unnamed} files that no row names, {tally.half_arrived} that had not arrived")
    old = time.time() - 2 * STALE_SECONDS
    for path in [*store.incoming.iterdir(), *(store.path(centre, sha) for centre, sha in store.names())]:
        os.utime(path, (old, old))
    keep_house(installation.database, store, Event())


def conclude(said: Acknowledged, redactor: Redactor, tally: Tally) -> int:
    """Say how it went."""
    if tally.unnamed or tally.half_arrived:
        tally.faults.append(
            f"housekeeping left {tally.unnamed} unnamed files and {tally.half_arrived} half-arrived ones"
        )
    slow = [seconds for seconds in tally.restarts if seconds > SECONDS_TO_RESTART]
    if slow:
        tally.faults.append(f"{len(slow)} restarts took longer than {SECONDS_TO_RESTART:.0f} s")
    for fault in sorted(set(tally.faults)):
        print(f"FAULT {fault}")
    restarts = sorted(tally.restarts)
    print(
        f"{len(restarts)} kills: uploads {len(said.uploads)} acknowledged, {tally.uploads} found; "
        f"decisions {said.decisions} acknowledged, {tally.decisions} found; redactions {len(redactor.used)} "
        f"acknowledged, {tally.redacted} found, {len(redactor.begun)} begun; restart "
        f"{statistics.median(restarts):.2f} s in the middle, {restarts[-1]:.2f} s at most; "
        f"{len(set(tally.faults))} faults"
    )
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())
