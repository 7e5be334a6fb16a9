"""A learner who has files redacted over HTTP until the server goes away, and what must hold of these files whenever it
comes back: of each item there is the original or its redacted version, and never both or neither.
"""

import hashlib
import re
import time
from dataclasses import dataclass, field
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.evidence.models import Evidence, EvidenceFile
from portfolio.evidence.rules import FileRole
from portfolio.redaction.models import Redaction
from portfolio.redaction.rules import RedactionState
from portfolio.storage.models import Blob
from portfolio.storage.rules import BlobState
from portfolio.storage.stores import Store
from tests.drills.clients import Client, visitor_again
from tests.visitor import Visitor

WHO = "Halina Brzezicka"
LETTER = f"Dear team,\n\nMrs {WHO} rang on 07700 900417 about reading {{number}}. Mrs {WHO} was upset.\n"
PAUSE = 0.2
_FILE = re.compile(rb"/files/(\d+)")


@dataclass
class Redacting:
    """A file on its way: its item, its own id once it is known, and the SHA-256 of the original."""

    evidence_id: int
    original: str
    file_id: int = 0


@dataclass
class Redactor:
    """Adds letters, has each redacted, and uses what was made. `used` is what the server said yes to, by item."""

    email: str
    enrolment_id: int
    rng: Random
    used: dict[int, Redacting] = field(default_factory=dict)
    begun: list[Redacting] = field(default_factory=list)
    visitor: Visitor | None = None

    def client(self, port: int) -> Client:
        """At work on a server that has just come back."""
        self.visitor = visitor_again(self.visitor, port, self.email)
        return Client(self.visitor, self.step)

    def step(self) -> None:
        """One thing: a letter more where few are on their way, or the next page of one of them."""
        waiting = [one for one in self.begun if one.evidence_id not in self.used]
        if len(waiting) < 2 or self.rng.random() < 0.05:
            self._add()
            return
        self._go_on(self.rng.choice(waiting[-4:]))
        time.sleep(PAUSE)

    def _add(self) -> None:
        visitor = self.visitor_now
        path = f"/enrolments/{self.enrolment_id}/evidence/add-files"
        content = LETTER.format(number=self.rng.getrandbits(40)).encode()
        form = visitor.get(path).form("/add-files", having="title")
        form = {**form, "title": f"Letter {len(self.begun) + 1}"}
        done = visitor.post(path, form, {"files": (f"{WHO}.txt", content)})
        if done.status != 303:
            raise LookupError(f"a letter was answered with {done.status}")
        evidence_id = int(done.location.split("/")[2])
        self.begun.append(Redacting(evidence_id, hashlib.sha256(content).hexdigest()))

    def _go_on(self, one: Redacting) -> None:
        """Have it made, or use what was made; where there is nothing to do yet, nothing is done."""
        visitor = self.visitor_now
        if not one.file_id:
            found = _FILE.search(visitor.get(f"/evidence/{one.evidence_id}").body)
            one.file_id = int(found.group(1)) if found else 0
            return
        path = f"/files/{one.file_id}/redact"
        page = visitor.get(path)
        for what in ("use", "make"):
            try:
                form = page.form(f"/redact/{what}")
            except LookupError:
                continue
            done = visitor.post(f"{path}/{what}", form)
            if done.status not in {303, 409}:
                raise LookupError(f"redacting ({what}) was answered with {done.status}")
            if done.status == 303 and what == "use":
                self.used[one.evidence_id] = one
            return

    @property
    def visitor_now(self) -> Visitor:
        """The visitor of this run of the server."""
        assert self.visitor is not None
        return self.visitor


def redactions_found(session: Session, store: Store, redactor: Redactor) -> tuple[int, list[str]]:
    """How many acknowledged uses are there, and what is wrong with any letter that was begun."""
    faults, found = [], 0
    for one in redactor.begun:
        wrong, is_used = _state_of(session, store, one)
        faults += [f"letter {one.evidence_id}: {wrong}"] if wrong else []
        if one.evidence_id in redactor.used:
            found += is_used
            faults += [] if is_used else [f"letter {one.evidence_id}: its redacted version is lost"]
    return found, faults


def _state_of(session: Session, store: Store, one: Redacting) -> tuple[str, bool]:
    """What is wrong, and whether the redacted version is in its place."""
    evidence = session.get_one(Evidence, one.evidence_id)
    files = list(evidence.latest.files)
    if len(files) != 1:
        return f"{len(files)} files where one is to be", False
    file, centre = files[0], evidence.enrolment.centre
    content = _content(store, centre.uid, file)
    if content is None or file.blob.state is not BlobState.KEPT:
        return "neither version is there", False
    used = session.scalars(
        select(Redaction).where(Redaction.item_uid == evidence.uid, Redaction.state == RedactionState.USED)
    ).all()
    if file.blob.sha256 == one.original:
        return ("it is used and it is not", False) if used or file.role is not FileRole.ORIGINAL else ("", False)
    if len(used) != 1 or used[0].result_sha256 != file.blob.sha256 or file.role is not FileRole.REDACTED:
        return "what stands in its place was not proved", False
    if WHO.encode() in content or WHO in file.name:
        return "the redacted version names her", True
    original = session.scalars(select(Blob).where(Blob.centre_id == centre.id, Blob.sha256 == one.original)).one()
    if original.state is BlobState.KEPT:
        return "both versions are kept", True
    return "", True


def _content(store: Store, centre: str, file: EvidenceFile) -> bytes | None:
    try:
        with store.open(centre, file.blob.sha256) as opened:
            return opened.read()
    except FileNotFoundError:
        return None


def left_on_disk(store: Store, redactor: Redactor) -> list[str]:
    """Originals of which a redacted version is used, and whose content is there all the same."""
    there = {sha256 for _centre, sha256 in store.names()}
    return [
        f"letter {one.evidence_id}: the original is still on disk"
        for one in redactor.used.values()
        if one.original in there
    ]
