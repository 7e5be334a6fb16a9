"""The whole proof: the trail itself, and that handed-in work, decisions and stored files are those that it tells of."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.assessment.marking import judgement_facts
from portfolio.assessment.models import Judgement
from portfolio.audit import streams
from portfolio.audit.events import facts_digest
from portfolio.audit.models import AuditEvent, AuditText
from portfolio.audit.streams import Fault, Head
from portfolio.centres.models import Centre
from portfolio.db import Database
from portfolio.evidence.actions import version_facts
from portfolio.evidence.models import EvidenceFile, EvidenceVersion
from portfolio.storage.blobs import LocalStore
from portfolio.storage.models import Blob
from portfolio.storage.rules import BlobState


@dataclass(frozen=True, slots=True)
class Proof:
    """What was looked at, and every fault."""

    streams: int
    events: int
    versions: int
    judgements: int
    files: int
    faults: tuple[Fault, ...]


def verify(database: Database, store: LocalStore, *, against: Iterable[Head] = ()) -> Proof:
    """Prove everything; reads only."""
    with database.reading() as session:
        report = streams.verify(session, against=against)
        told = _digests_in_trail(session)
        versions, version_faults = _versions(session, told)
        judgements, judgement_faults = _judgements(session, told)
        files, file_faults = _files(session, store)
    faults = (*report.faults, *version_faults, *judgement_faults, *file_faults)
    return Proof(report.streams, report.events, versions, judgements, files, faults)


def _digests_in_trail(session: Session) -> set[str]:
    """Every digest of a handed-in version or a judgement that an event tells of."""
    found: set[str] = set()
    rows = session.execute(
        select(AuditEvent.verb, AuditText.text)
        .join(AuditText, AuditText.event_id == AuditEvent.id)
        .where(AuditEvent.verb.in_(("submission.submit", "review.release", "review.countersign")))
    )
    for verb, text in rows:
        found.update([item[2] for item in text["items"]] if verb == "submission.submit" else text["digests"])
    return found


def _versions(session: Session, told: set[str]) -> tuple[int, list[Fault]]:
    faults, count = [], 0
    for version in session.scalars(select(EvidenceVersion).where(EvidenceVersion.frozen_at.is_not(None))):
        count += 1
        if facts_digest(version_facts(version)) != version.digest:
            faults.append(Fault(streams.named(version), version.no, "handed-in work is not what was handed in"))
        elif version.digest not in told:
            faults.append(Fault(streams.named(version), version.no, "handed-in work that the trail does not tell of"))
    return count, faults


def _judgements(session: Session, told: set[str]) -> tuple[int, list[Fault]]:
    faults, kept = [], set()
    for judgement in session.scalars(select(Judgement)):
        kept.add(judgement.digest)
        if facts_digest(judgement_facts(judgement, judgement.claim)) != judgement.digest:
            faults.append(Fault(streams.named(judgement), judgement.no, "a decision is not what was decided"))
        elif judgement.digest not in told:
            faults.append(Fault(streams.named(judgement), judgement.no, "a decision that the trail does not tell of"))
    return len(kept), faults


def _files(session: Session, store: LocalStore) -> tuple[int, list[Fault]]:
    faults, count = [], 0
    for uid, centre, sha256, state in session.execute(
        select(Blob.uid, Centre.uid, Blob.sha256, Blob.state).join(Centre, Centre.id == Blob.centre_id)
    ):
        if state is BlobState.KEPT:
            count += 1
            if not store.is_whole(centre, sha256):
                faults.append(Fault(f"blob:{uid}", 0, "a stored file is missing or is not what was stored"))
    named = select(EvidenceFile.blob_id)
    for blob in session.scalars(select(Blob).where(Blob.id.in_(named), Blob.state == BlobState.GONE)):
        faults.append(Fault(streams.named(blob), 0, "a file is named that has been removed"))
    return count, faults
