"""Hiding an item in which personal data was found, showing it again, and changing what is on record of one version.

What is on record changes only here, only while a breach of the item is open, and never without an amendment that keeps
the hashes of what went. Taking personal data out of a whole item is `portfolio.assessment.amending`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, or_, select
from sqlalchemy.orm import Session, joinedload

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.audit import streams
from portfolio.audit.events import facts_digest, in_full
from portfolio.db import new_uid
from portfolio.drafts.models import Draft
from portfolio.enrolment.actions import lock
from portfolio.errors import InvalidState, Rejected
from portfolio.evidence.actions import Details, note_words, version_facts
from portfolio.evidence.breach_queries import open_breach
from portfolio.evidence.models import Amendment, Breach, Evidence, EvidenceFile, EvidenceVersion, WaitingFile
from portfolio.evidence.rules import EMPTIED, REASON_MOST, WHERE_MOST, FileRole
from portfolio.storage.actions import keep
from portfolio.storage.arriving import Upload
from portfolio.storage.models import Blob
from portfolio.storage.stores import Store

TEXTS = ("title", "context", "role", "body", "custody", "notes")
"""What of a version may hold personal data; the date of the event stays."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that stays, under this name; in its place a redacted one: an upload, or a content that was made here."""

    name: str
    upload: Upload | None = None
    content: Blob | None = None


Fate = Kept | None
"""What becomes of a file; None takes it out."""


@dataclass(frozen=True, slots=True)
class Gone:
    """A file of a version that was taken out of it; `replaced_by` is the redacted content."""

    blob: Blob
    replaced_by: Blob | None

    @property
    def facts(self) -> dict[str, Any]:
        """What is kept of it: the hash and the size."""
        after = self.replaced_by.sha256 if self.replaced_by else ""
        return {"sha256": self.blob.sha256, "size": self.blob.size, "replaced_by": after}


def hide(session: Session, actor: Actor, evidence: Evidence, *, words: str) -> Breach:
    """From now on only those who mend the item see it. `words` say where the personal data is, and are not kept."""
    words = _said(words, "words", "Say in a few words where it is, so that it can be found.", WHERE_MOST)
    enrolment = lock(session, evidence.enrolment_id, even_over=True)
    session.refresh(evidence)
    version = evidence.on_record
    if evidence.hidden_at is not None or version is None:
        raise InvalidState(f"{evidence.ref} is hidden already.")
    evidence.hidden_at = clock.now()
    breach = Breach(evidence=evidence, reported_by_id=actor.person_id, reported_at=evidence.hidden_at, words=words)
    session.add(breach)
    session.flush()
    note_words(session, evidence)
    streams.record(
        session,
        actor,
        "evidence.hide",
        streams.named(evidence),
        stream_id=enrolment.stream_id,
        text={"ref": evidence.ref, "version": version.no},
    )
    return breach


def show_again(session: Session, actor: Actor, evidence: Evidence, *, reason: str) -> None:
    """There was nothing to take out: the item is seen again, unchanged."""
    reason = checked_reason(reason)
    enrolment = lock(session, evidence.enrolment_id, even_over=True)
    close(session, actor, held_breach(session, evidence))
    note_words(session, evidence)
    streams.record(
        session,
        actor,
        "evidence.unhide",
        streams.named(evidence),
        stream_id=enrolment.stream_id,
        text={"ref": evidence.ref, "reason": reason},
    )


def checked_reason(reason: str) -> str:
    """Why something is amended or shown again; it is kept for good."""
    return _said(reason, "reason", "Say why, without the personal data itself.", REASON_MOST)


def _said(words: str, field: str, missing: str, most: int) -> str:
    words = words.strip()
    if not words:
        raise Rejected(missing, field)
    if len(words) > most:
        raise Rejected(f"Keep this to {most} characters.", field)
    return words


def held_breach(session: Session, evidence: Evidence) -> Breach:
    """The open breach of an item. Raises InvalidState when somebody else has mended it."""
    session.refresh(evidence)
    breach = open_breach(session, evidence.id)
    if evidence.hidden_at is None or breach is None:
        raise InvalidState(f"{evidence.ref} is not hidden any more: somebody else has seen to it.")
    return breach


def close(session: Session, actor: Actor, breach: Breach) -> None:
    """The item is seen again, and what was said of the breach is gone. The caller records the event."""
    breach.evidence.hidden_at = None
    breach.words, breach.mended_by_id, breach.mended_at = "", actor.person_id, clock.now()
    session.flush()


def is_empty(version: EvidenceVersion) -> bool:
    """Whether nothing is left in a version that could hold personal data."""
    return version.title == EMPTIED and not version.files and not any(getattr(version, name) for name in TEXTS[1:])


def exchange_files(
    session: Session, actor: Actor, store: Store, evidence: Evidence, fates: Mapping[int, Fate]
) -> dict[int, list[Gone]]:
    """Do to the files of the item's current version what is said for each, and take out those of all other versions
    that were handed in; the draft follows the current one. Answers what went, by version.
    """
    rows = session.scalars(
        select(EvidenceFile)
        .join(EvidenceVersion, EvidenceVersion.id == EvidenceFile.version_id)
        .where(EvidenceVersion.evidence_id == evidence.id)
        .options(joinedload(EvidenceFile.version), joinedload(EvidenceFile.blob))
        .order_by(EvidenceFile.id)
    ).all()
    new = {file_id: _new_content(session, actor, store, fate) for file_id, fate in fates.items()}
    going = [row.blob_id for row in rows if not row.version.is_draft]
    on_record: dict[int, tuple[Fate, Blob | None]] = dict.fromkeys(going, (None, None))
    on_record |= {row.blob_id: (fates[row.id], new[row.id]) for row in rows if row.id in fates}
    gone: dict[int, list[Gone]] = {}
    left: list[dict[str, Any]] = []
    for row in rows:
        fate, content = (fates[row.id], new[row.id]) if row.id in fates else (None, None)
        if row.version.is_draft:
            fate, content = on_record.get(row.blob_id, (Kept(row.name), None))
        if fate is None or content is not None:
            gone.setdefault(row.version_id, []).append(Gone(row.blob, content))
        if fate is not None:
            left.append(_row(row, fate, content))
    chosen = EvidenceFile.id.in_([row.id for row in rows])
    session.execute(delete(EvidenceFile).where(chosen).execution_options(synchronize_session=False))
    for row in rows:
        session.expunge(row)
    for same in ([row for row in left if "id" in row], [row for row in left if "id" not in row]):
        if same:
            session.execute(insert(EvidenceFile), same)
    for version in evidence.versions:
        session.expire(version, ["files"])
    note_words(session, evidence)
    return gone


def _new_content(session: Session, actor: Actor, store: Store, fate: Fate) -> Blob | None:
    if fate is None or fate.upload is None:
        return fate.content if fate else None
    upload = fate.upload
    return keep(
        session,
        store,
        upload.arrived,
        centre_id=actor.centre_id,
        centre_uid=actor.centre_uid,
        media_type=upload.media_type,
    )


def _row(row: EvidenceFile, fate: Kept, content: Blob | None) -> dict[str, Any]:
    """A file row as it stands from now on: the same one, perhaps with another name; a redacted content in a new one."""
    kept = {"version_id": row.version_id, "name": fate.name, "source_file_id": None}
    if content is None:
        return {**kept, "id": row.id, "uid": row.uid, "blob_id": row.blob_id, "role": row.role}
    return {**kept, "uid": new_uid(), "blob_id": content.id, "role": FileRole.REDACTED}


def amend(
    session: Session,
    actor: Actor,
    breach: Breach,
    version: EvidenceVersion,
    *,
    details: Details | None,
    gone: Sequence[Gone],
    claims: tuple[str, str],
    also: Sequence[dict[str, Any]],
    reason: str,
) -> Amendment:
    """Change a version on record (without details: empty it), and keep what it was by its digest.

    Its files are changed already, and its claims: `claims` are their digests before and after, and `also` names what of
    them is changed.
    """
    before, after = version.digest, details or Details(EMPTIED)
    changed = [{"field": name} for name in TEXTS if getattr(version, name) != getattr(after, name)]
    with session.no_autoflush:
        for name in TEXTS:
            setattr(version, name, getattr(after, name))
        version.amended += 1
        version.digest = facts_digest(version_facts(version))
    session.flush()
    amendment = Amendment(
        breach_id=breach.id,
        version_id=version.id,
        no=version.amended,
        by_id=actor.person_id,
        made_at=clock.now(),
        reason=reason,
        digest_before=before,
        digest_after=version.digest,
        claims_before=claims[0],
        claims_after=claims[1],
        removed=[*changed, *also, *(one.facts for one in gone)],
    )
    session.add(amendment)
    session.flush()
    return amendment


def amendment_facts(amendment: Amendment) -> dict[str, object]:
    """Everything about an amendment that must stay as it was."""
    return {
        "uid": amendment.uid,
        "breach": amendment.breach_id,
        "version": amendment.version_id,
        "no": amendment.no,
        "by": amendment.by_id,
        "made_at": in_full(amendment.made_at),
        "reason": amendment.reason,
        "digests": [amendment.digest_before, amendment.digest_after],
        "claims": [amendment.claims_before, amendment.claims_after],
        "removed": amendment.removed,
    }


def let_go_beside(session: Session, evidence: Evidence, blobs: Collection[Blob]) -> None:
    """What else of the portfolio holds these contents or words of the item, and is no evidence: files that wait, and
    what was typed and not saved.
    """
    waiting = WaitingFile.enrolment_id == evidence.enrolment_id
    ids = [blob.id for blob in blobs]
    session.execute(delete(WaitingFile).where(waiting, WaitingFile.blob_id.in_(ids)))
    is_of_item = or_(*(Draft.place.endswith(f".{version.uid}") for version in evidence.versions))
    for draft in session.scalars(select(Draft).where(is_of_item)):
        draft.content, draft.saved_at = {}, clock.now()
    session.flush()
