"""Adding evidence, changing a draft, revising what was handed in, and discarding a draft for good.

The trail is read by others and never changed, so that its entries name items by reference and files by their public
identifiers, and hold no title and no name of a file.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.audit import streams
from portfolio.audit.events import facts_digest, in_full
from portfolio.criteria.rules import Method
from portfolio.db import TEXTS_TOUCHED
from portfolio.enrolment.actions import lock
from portfolio.enrolment.models import Enrolment
from portfolio.errors import Conflict, InvalidState, Rejected
from portfolio.evidence.models import Evidence, EvidenceFile, EvidenceVersion
from portfolio.evidence.notes import check_notes, told
from portfolio.evidence.rules import (
    BODY_MOST,
    CONTEXT_MOST,
    FILES_MOST,
    NAME_MOST,
    ROLE_MOST,
    Carrier,
    EvidenceState,
    check_custody,
    check_details,
    methods_for,
    reference,
)
from portfolio.evidence.uploading import fetch
from portfolio.storage.actions import keep, let_go
from portfolio.storage.arriving import Upload
from portfolio.storage.stores import Store


@dataclass(frozen=True, slots=True)
class Details:
    """What its maker says about an item. `body` is Markdown, for an item that is written here; `role` is the learner's
    own part in the event; `custody` says where and with whom an item is that is held elsewhere; `notes` are the lines
    of a record, as a version keeps them.
    """

    title: str
    event_on: date | None = None
    context: str = ""
    body: str = ""
    role: str = ""
    custody: dict[str, str] = field(default_factory=dict)
    notes: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_written(self) -> bool:
        """Whether there is something to read without a file."""
        return bool(self.body.strip() or self.notes)


def add(
    session: Session,
    actor: Actor,
    enrolment: Enrolment,
    store: Store,
    *,
    method: Method,
    carrier: Carrier,
    details: Details,
    uploads: Sequence[Upload] = (),
    waiting: Collection[str] = (),
) -> Evidence:
    """A new item with the next reference, as a draft that only its maker sees.

    Its files are new `uploads`, and those that wait already, by their public identifiers.
    """
    _check(details, method)
    if carrier is Carrier.ELSEWHERE:
        check_custody(details.custody)
    if carrier is Carrier.FILES and not uploads and not waiting:
        raise Rejected("Choose at least one file.", "files")
    if carrier is Carrier.WRITTEN and not details.is_written:
        raise Rejected("Write something first. You can go on with it later.", "body")
    is_own = actor.person_id == enrolment.learner_id
    if method not in methods_for(carrier, is_learner=is_own):
        raise Rejected("Choose what kind of {evidence} it is.", "method")
    enrolment = lock(session, enrolment.id)
    evidence = Evidence(
        enrolment_id=enrolment.id,
        ref=reference(enrolment.next_ref),
        method=method,
        carrier=carrier,
        author_id=actor.person_id,
    )
    enrolment.next_ref += 1
    session.add(evidence)
    session.flush()
    version = EvidenceVersion(
        evidence_id=evidence.id,
        no=1,
        **asdict(details) | {"title": details.title.strip()},
        created_at=clock.now(),
    )
    session.add(version)
    session.flush()
    files = _attach(session, actor, store, version, uploads, waiting)
    note_words(session, evidence)
    session.expire(evidence)
    streams.record(
        session,
        actor,
        "evidence.add",
        streams.named(evidence),
        stream_id=enrolment.stream_id,
        text={"ref": evidence.ref, "method": method.value, "file_uids": files},
    )
    return evidence


def _check(details: Details, method: Method) -> None:
    check_details(title=details.title, event_on=details.event_on, today=clock.today())
    if len(details.context) > CONTEXT_MOST:
        raise Rejected(f"Keep this to {CONTEXT_MOST} characters.", "context")
    if len(details.role) > ROLE_MOST:
        raise Rejected(f"Keep this to {ROLE_MOST} characters.", "role")
    if len(details.body) > BODY_MOST:
        raise Rejected(f"Keep the account to {BODY_MOST} characters; this one has {len(details.body)}.", "body")
    check_notes(method, details.notes)


def _attach(
    session: Session,
    actor: Actor,
    store: Store,
    version: EvidenceVersion,
    uploads: Sequence[Upload],
    waiting: Collection[str],
) -> list[str]:
    """Put files into a version; what waited does so no more. Answers their public identifiers."""
    present = session.scalar(select(func.count()).where(EvidenceFile.version_id == version.id)) or 0
    fetched = fetch(session, actor, version.evidence.enrolment, waiting) if waiting else []
    if present + len(fetched) + len(uploads) > FILES_MOST:
        raise Rejected(f"An item takes at most {FILES_MOST} files.", "files")
    new = [(row.blob_id, row.name) for row in fetched]
    for upload in uploads:
        blob = keep(
            session,
            store,
            upload.arrived,
            centre_id=actor.centre_id,
            centre_uid=actor.centre_uid,
            media_type=upload.media_type,
        )
        new.append((blob.id, upload.name[:NAME_MOST]))
    files = [EvidenceFile(version_id=version.id, blob_id=blob_id, name=name) for blob_id, name in new]
    session.add_all(files)
    for row in fetched:
        session.delete(row)
    session.flush()
    session.expire(version, ["files"])
    return [file.uid for file in files]


def note_words(session: Session, evidence: Evidence) -> None:
    """Note that words or files of an item changed, so that they are looked through before this is committed."""
    session.info.setdefault(TEXTS_TOUCHED, set()).add(evidence.id)


def check_shown(evidence: Evidence) -> None:
    """Raises InvalidState while personal data is taken out of the item: until then nothing else is done with it."""
    if evidence.hidden_at is not None:
        raise InvalidState(f"{evidence.ref} is hidden while personal data is taken out of it. That comes first.")


def draft_of(evidence: Evidence) -> EvidenceVersion:
    """The item's draft version.

    Raises InvalidState when it is in the trash, or has been handed in and not been opened for revision.
    """
    if evidence.trashed_at is not None:
        raise InvalidState("This item is in the trash. Restore it first.")
    check_shown(evidence)
    version = evidence.latest
    if not version.is_draft:
        raise InvalidState("This item has been handed in. Start a new version to change it.")
    return version


def claimable_of(evidence: Evidence) -> EvidenceVersion:
    """The version on which criteria may be claimed: the draft, or without one what was handed in.

    Raises InvalidState as `draft_of` does, and when the newest version was withdrawn.
    """
    version = evidence.latest
    if not version.is_handed_in:
        return draft_of(evidence)
    check_shown(evidence)
    return version


def change(
    session: Session,
    actor: Actor,
    evidence: Evidence,
    store: Store,
    *,
    details: Details,
    rev: int,
    uploads: Sequence[Upload] = (),
    waiting: Collection[str] = (),
) -> EvidenceVersion:
    """New details, and perhaps more files, for a draft. Raises Conflict when it changed since `rev` was read."""
    enrolment = lock(session, evidence.enrolment_id)
    session.refresh(evidence)
    version = draft_of(evidence)
    session.refresh(version)
    _check(details, evidence.method)
    if version.rev != rev:
        theirs = {name: getattr(version, name) for name in ("title", "event_on", "context", "role", "body")}
        theirs["notes"] = told(version.notes)
        raise Conflict("This item was changed in another window while you were here.", theirs | version.custody)
    if evidence.carrier is Carrier.WRITTEN and not details.is_written:
        raise Rejected("Write something first. You can go on with it later.", "body")
    if evidence.carrier is Carrier.ELSEWHERE:
        check_custody(details.custody)
    for name, value in asdict(details).items():
        setattr(version, name, value.strip() if name == "title" else value)
    session.flush()
    files = _attach(session, actor, store, version, uploads, waiting)
    note_words(session, evidence)
    streams.record(
        session,
        actor,
        "evidence.change",
        streams.named(evidence),
        stream_id=enrolment.stream_id,
        text={"ref": evidence.ref, "file_uids": files},
    )
    return version


def remove_file(session: Session, actor: Actor, file: EvidenceFile) -> None:
    """Take a file out of a draft. An item made of files keeps at least one."""
    version = file.version
    evidence = version.evidence
    enrolment = lock(session, evidence.enrolment_id)
    session.refresh(evidence)
    if version is not draft_of(evidence):
        raise InvalidState("This item has been handed in. Start a new version to change it.")
    if evidence.carrier is Carrier.FILES and len(version.files) == 1:
        raise InvalidState("This is the item's only file. Add another one first, or discard the item.")
    file_uid, blob = file.uid, file.blob
    session.delete(file)
    session.flush()
    session.expire(version, ["files"])
    let_go(session, [blob])
    note_words(session, evidence)
    streams.record(
        session,
        actor,
        "evidence.remove_file",
        streams.named(evidence),
        stream_id=enrolment.stream_id,
        text={"ref": evidence.ref, "file_uids": [file_uid]},
    )


def revise(session: Session, actor: Actor, evidence: Evidence) -> EvidenceVersion:
    """A new draft version that begins as a copy of the newest one; what was handed in stays as it was."""
    enrolment = lock(session, evidence.enrolment_id)
    session.refresh(evidence)
    check_shown(evidence)
    last = evidence.latest
    if last.is_draft:
        raise InvalidState("This item is open for changes already.")
    if evidence.state is EvidenceState.SUBMITTED:
        raise InvalidState(
            "This item is with your {assessor}. Wait for the feedback, or withdraw it if nobody has opened it."
        )
    version = copy_version(session, evidence)
    streams.record(
        session,
        actor,
        "evidence.revise",
        streams.named(evidence),
        stream_id=enrolment.stream_id,
        text={"ref": evidence.ref, "version": version.no},
    )
    return version


def copy_version(session: Session, evidence: Evidence) -> EvidenceVersion:
    """The next version of an item, with the newest one's words and files. Its caller records the event."""
    last = evidence.latest
    version = EvidenceVersion(
        evidence_id=evidence.id,
        no=last.no + 1,
        title=last.title,
        event_on=last.event_on,
        context=last.context,
        role=last.role,
        body=last.body,
        custody=last.custody,
        notes=last.notes,
        created_at=clock.now(),
    )
    session.add(version)
    session.flush()
    for file in last.files:
        session.add(
            EvidenceFile(
                version_id=version.id, blob_id=file.blob_id, name=file.name, role=file.role, source_file_id=file.id
            )
        )
    session.flush()
    note_words(session, evidence)
    session.expire(evidence, ["versions"])
    return version


def freeze(session: Session, version: EvidenceVersion) -> str:
    """From now on the version never changes; answers the digest over all that it says. Its caller records the event."""
    with session.no_autoflush:
        version.frozen_at = clock.now()
        version.digest = facts_digest(version_facts(version))
    session.flush()
    return version.digest


def version_facts(version: EvidenceVersion) -> dict[str, object]:
    """Everything about a version that must stay as it was."""
    return {
        "evidence": version.evidence.uid,
        "ref": version.evidence.ref,
        "method": version.evidence.method.value,
        "carrier": version.evidence.carrier.value,
        "author": version.evidence.author_id,
        "no": version.no,
        "title": version.title,
        "event_on": version.event_on.isoformat() if version.event_on else None,
        "context": version.context,
        "body": version.body,
        **({"role": version.role} if version.role else {}),
        "custody": version.custody,
        **({"notes": version.notes} if version.notes else {}),
        "created_at": in_full(version.created_at),
        "frozen_at": in_full(version.frozen_at),
        **({"amended": version.amended} if version.amended else {}),
        "files": [[file.name, file.role.value, file.blob.sha256, file.blob.size] for file in version.files],
    }
