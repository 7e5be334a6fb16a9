"""Ben has files redacted: what asks, makes and uses, with programs at hand that are quick or go wrong."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from threading import Event
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import proof
from portfolio.accounts.actors import Actor
from portfolio.audit import streams
from portfolio.audit.events import System
from portfolio.audit.models import AuditEvent, AuditText
from portfolio.centres.models import Centre
from portfolio.centres.settings import CentreSettings, kept_as
from portfolio.documents.proof.values import Hit, Proof, Value
from portfolio.documents.redaction.matching import Matcher
from portfolio.documents.redaction.plan import Plan, Report, Unread, Why
from portfolio.documents.redaction.work import replaced
from portfolio.evidence.models import Evidence, EvidenceFile
from portfolio.housekeeping import destroy
from portfolio.jobs.running import Runner
from portfolio.redaction import actions, queries, using
from portfolio.redaction.jobs import Programs
from portfolio.redaction.models import Redaction
from portfolio.redaction.queries import RedactionSeen
from portfolio.redaction.using import Used
from portfolio.storage.models import Blob
from portfolio.storage.rules import BlobState
from portfolio.worker import make_runner
from tests.screening.filing import Desk

CUSTOMER = "Halina Brzezicka"
LETTER = b"Dear team,\n\nMrs Halina Brzezicka rang on 07700 900417. Mrs Brzezicka was upset.\n"
REDACTED = b"Dear team,\n\nCustomer A rang on [phone 1]. Customer A was upset.\n"


def rewrite(source: Path, media_type: str, target: Path, plan: Plan) -> Report:
    """A plain text without what goes, in this process."""
    text = source.read_text()
    found = Matcher(plan.swaps).find(text)
    target.write_text(replaced(text, found))
    labels = sorted({match.swap.label for match in found})
    counts = {label: sum(match.swap.label == label for match in found) for label in labels}
    return Report(
        media_type, counts, len(plan.boxes), gone=["the author"], unread=[Unread(f"{CUSTOMER}.png", Why.PICTURE)]
    )


def copy(source: Path, media_type: str, target: Path, _plan: Plan) -> Report:
    """A program that leaves everything where it is."""
    target.write_bytes(source.read_bytes() + b"\n")
    return Report(media_type)


def search(path: Path, _media_type: str, values: Sequence[Value], *, name: str = "") -> Proof:
    """Whether the very words stand in a plain text or in its name."""
    content = path.read_bytes()
    text = f"{content.decode()}\n{name}"
    hits = tuple(Hit("Text", "as it stands", value.label) for value in values if value.words in text)
    digest = sha256(content).hexdigest()
    return Proof(digest, len(content), len(values), hits, 1, ("as it stands",), ("Python 3",))


QUICK = Programs(rewrite, search)


@dataclass
class Bench(Desk):
    """Ben's files, what was asked for them, and what became of that."""

    programs: Programs = field(default=QUICK)

    def added(self, content: bytes = LETTER, name: str = "letter.txt", media_type: str = "text/plain") -> int:
        """An item with one file that was looked through; answers its id."""
        evidence_id = self.add(content, name, media_type)
        self.look_through_all()
        return evidence_id

    def worker(self) -> Runner:
        """What does the jobs."""
        return make_runner(self.installation, Event(), redacting=self.programs)

    def ask(self, evidence_id: int, name: str = "ben") -> None:
        """Have a redacted version of the item's first file made, without waiting for it."""
        with self.installation.database.writing() as session:
            actions.ask(session, self.actor(session, name), self.file(session, evidence_id))
            session.commit()

    def make(self, evidence_id: int) -> RedactionSeen:
        """Ask, and have it made."""
        self.ask(evidence_id)
        self.worker().run_due()
        return self.seen(evidence_id)

    def use(self, evidence_id: int, *, checked: bool = False) -> Used:
        """Put the redacted version in the place of the original, and destroy what was let go."""
        with self.installation.database.writing() as session:
            used = using.use(session, self.actor(session), self.file(session, evidence_id), checked=checked)
            session.commit()
        self.destroy()
        return used

    def drop(self, evidence_id: int) -> None:
        """Not like this."""
        with self.installation.database.writing() as session:
            actions.drop(session, self.actor(session), self.file(session, evidence_id))
            session.commit()
        self.destroy()

    def let_go(self, evidence_id: int) -> None:
        """Destroy the original that is held."""
        with self.installation.database.writing() as session:
            using.let_go(session, self.actor(session), self.row(session, evidence_id))
            session.commit()
        self.destroy()

    def destroy(self) -> None:
        """What a page does after it let something go."""
        with self.installation.database.reading() as session:
            centre = session.get_one(Centre, self.cast.homes["ada"])
        destroy(self.installation.database, self.installation.store, self.installation.previews, centre)

    def choose(self, **settings: object) -> None:
        """What the centre chooses."""
        with self.installation.database.writing() as session:
            centre = session.get_one(Centre, self.cast.homes["ada"])
            centre.settings = kept_as(CentreSettings(**settings))  # type: ignore[arg-type] # by name
            streams.record(session, System(), "centre.change", streams.named(centre), stream_id=centre.stream_id)
            session.commit()

    def actor(self, session: Session, name: str = "ben") -> Actor:
        """One of the cast."""
        return self.cast.actor(name, session)

    @staticmethod
    def file(session: Session, evidence_id: int, number: int = 0) -> EvidenceFile:
        """A file of the item's newest version."""
        return session.get_one(Evidence, evidence_id).latest.files[number]

    def names(self, evidence_id: int) -> list[str]:
        """What the files of the item are called."""
        with self.installation.database.reading() as session:
            return [file.name for file in session.get_one(Evidence, evidence_id).latest.files]

    def content(self, evidence_id: int, number: int = 0) -> bytes:
        """What is in a file of the item."""
        with self.installation.database.reading() as session:
            return self.read(session, self.file(session, evidence_id, number).blob)

    def read(self, session: Session, blob: Blob) -> bytes:
        """A stored content."""
        uid = session.get_one(Centre, blob.centre_id).uid
        with self.installation.store.open(uid, blob.sha256) as opened:
            return opened.read()

    def seen(self, evidence_id: int) -> RedactionSeen:
        """How the redaction of the item's first file stands."""
        found = self.seen_if_any(evidence_id)
        assert found is not None
        return found

    def seen_if_any(self, evidence_id: int) -> RedactionSeen | None:
        """The same, where there may be none."""
        with self.installation.database.reading() as session:
            file = self.file(session, evidence_id)
            return queries.redaction_of(session, file.version.evidence.uid, file.blob.sha256)

    @staticmethod
    def row(session: Session, evidence_id: int) -> Redaction:
        """The newest redaction of an item, as a row."""
        uid = session.get_one(Evidence, evidence_id).uid
        rows = session.query(Redaction).filter(Redaction.item_uid == uid).order_by(Redaction.id.desc())
        return rows.limit(1).one()

    def state_of(self, content: bytes) -> BlobState:
        """What became of a content."""
        with self.installation.database.reading() as session:
            found = select(Blob.state).where(Blob.sha256 == sha256(content).hexdigest())
            return session.scalars(found).one()

    def told(self, verb: str) -> dict[str, Any]:
        """What the trail says under a verb, the last time."""
        with self.installation.database.reading() as session:
            events = select(AuditEvent.id).where(AuditEvent.verb == verb).order_by(AuditEvent.id.desc())
            return session.get_one(AuditText, session.scalars(events.limit(1)).one()).text

    def faults(self) -> list[str]:
        """What the proof of the record says is wrong."""
        return [fault.what for fault in proof.verify(self.installation.database, self.installation.store).faults]
