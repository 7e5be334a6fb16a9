"""The trash: a draft that its maker threw away comes back whole, or goes for good; what was handed in never lies in it.

In the trash an item counts nowhere and cannot be changed. The trail keeps that it was there.
"""

from collections.abc import Sequence

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.audit import streams
from portfolio.enrolment.actions import lock
from portfolio.errors import InvalidState
from portfolio.evidence.actions import draft_of, note_words
from portfolio.evidence.models import Evidence, EvidenceFile, EvidenceVersion
from portfolio.storage.actions import let_go
from portfolio.storage.models import Blob


def trash(session: Session, actor: Actor, evidence: Evidence) -> None:
    """Put a draft that was never handed in into the trash. Raises InvalidState for anything else."""
    enrolment = lock(session, evidence.enrolment_id)
    session.refresh(evidence)
    draft_of(evidence)
    if len(evidence.versions) > 1:
        raise InvalidState(
            "This item has been handed in before, so it stays on record. You can change it and hand it in again."
        )
    evidence.trashed_at = clock.now()
    note_words(session, evidence)
    session.flush()
    streams.record(
        session,
        actor,
        "evidence.trash",
        streams.named(evidence),
        stream_id=enrolment.stream_id,
        text={"ref": evidence.ref},
    )


def restore(session: Session, actor: Actor, evidence: Evidence) -> None:
    """Take an item out of the trash, as it was."""
    enrolment = lock(session, evidence.enrolment_id)
    session.refresh(evidence)
    if evidence.trashed_at is None:
        raise InvalidState("This item is not in the trash.")
    evidence.trashed_at = None
    session.flush()
    streams.record(
        session,
        actor,
        "evidence.restore",
        streams.named(evidence),
        stream_id=enrolment.stream_id,
        text={"ref": evidence.ref},
    )


def removable(evidence: Evidence) -> EvidenceVersion:
    """The version that goes when an item is discarded: the whole of what lies in the trash, or a new version of what
    was marked. Raises InvalidState when neither is there.
    """
    if evidence.trashed_at is not None:
        return evidence.latest
    version = draft_of(evidence)
    if evidence.current is None:
        raise InvalidState("Put this item into the trash first.")
    return version


def discard(session: Session, actor: Actor, evidence: Evidence) -> None:
    """Remove for good what `removable` names. Its claims must be gone already; the trail keeps that it was there."""
    enrolment = lock(session, evidence.enrolment_id)
    session.refresh(evidence)
    is_revision = evidence.trashed_at is None
    version = removable(evidence)
    note_words(session, evidence)
    ref, name = evidence.ref, streams.named(evidence)
    let_go(session, _remove(session, [version.id], [] if is_revision else [evidence.id]))
    verb = "evidence.discard_revision" if is_revision else "evidence.discard"
    streams.record(session, actor, verb, name, stream_id=enrolment.stream_id, text={"ref": ref})


def remove_trashed(session: Session, items: Sequence[Evidence]) -> None:
    """Remove items of one enrolment for good. Their claims must be gone already; the caller records the event."""
    versions = [version.id for item in items for version in item.versions]
    for item in items:
        note_words(session, item)
    let_go(session, _remove(session, versions, [item.id for item in items]))


def _remove(session: Session, version_ids: Sequence[int], evidence_ids: Sequence[int]) -> list[Blob]:
    """Delete these rows; answers the blobs that they named."""
    named = session.query(Blob).join(EvidenceFile, EvidenceFile.blob_id == Blob.id)
    blobs = named.filter(EvidenceFile.version_id.in_(version_ids)).distinct().all()
    session.execute(delete(EvidenceFile).where(EvidenceFile.version_id.in_(version_ids)))
    session.execute(delete(EvidenceVersion).where(EvidenceVersion.id.in_(version_ids)))
    session.execute(delete(Evidence).where(Evidence.id.in_(evidence_ids)))
    session.flush()
    session.expire_all()
    return blobs
