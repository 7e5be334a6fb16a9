"""How the redactions of an item stand, what was drawn on its files, which originals are held, and what was proved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, String, bindparam, or_, select
from sqlalchemy.orm import Session

from portfolio.centres.models import Centre
from portfolio.db import AnySelect, read
from portfolio.documents.redaction.plan import Box, Silence
from portfolio.enrolment.models import Enrolment
from portfolio.evidence.file_queries import PreviewRow
from portfolio.evidence.models import Evidence, EvidenceFile, EvidenceVersion
from portfolio.jobs.models import Job
from portfolio.jobs.rules import JobState
from portfolio.previews.models import Preview
from portfolio.redaction.models import FileMarks, Redaction
from portfolio.redaction.proofs import ProofSeen, proof_seen
from portfolio.redaction.rules import OPEN, RedactionState, marks_in
from portfolio.storage.models import Blob


@dataclass(frozen=True, slots=True)
class MarksSeen:
    """What is drawn by hand on a content at present; `rev` is 0 while nothing was ever saved."""

    rev: int
    boxes: tuple[Box, ...]
    silences: tuple[Silence, ...]


@cache
def _marks() -> AnySelect:
    return select(FileMarks.rev, FileMarks.boxes, FileMarks.silences).where(
        FileMarks.item_uid == bindparam("item", type_=String), FileMarks.source == bindparam("source", type_=String)
    )


def marks_of(session: Session, item_uid: str, source: str) -> MarksSeen:
    """What is drawn on the content of an item with this SHA-256. One statement."""
    row = read(session, _marks(), item=item_uid, source=source).one_or_none()
    if row is None:
        return MarksSeen(0, (), ())
    boxes, silences = marks_in(row.boxes, row.silences)
    return MarksSeen(row.rev, tuple(boxes), tuple(silences))


@dataclass(frozen=True, slots=True)
class JobSeen:
    """How far the work of a redaction is."""

    state: JobState
    done: int
    total: int
    message: str


@dataclass(frozen=True, slots=True)
class RedactionSeen:
    """A redaction as its pages show it. One whose work ended before it was made shows as failed, with why.

    `boxes` and `silences` are those that it was asked for with. The result's name and kind are there while it is made
    and not used; `proof` from when it is made.
    """

    id: int
    uid: str
    rev: int
    state: RedactionState
    note: str
    asked_at: datetime
    made_at: datetime | None
    used_at: datetime | None
    checked: bool
    boxes: tuple[Box, ...]
    silences: tuple[Silence, ...]
    job: JobSeen
    result_name: str
    result_size: int
    result_type: str
    result_sha256: str
    proof: ProofSeen | None


@cache
def _newest() -> AnySelect:
    source = bindparam("source", type_=String)
    return (
        select(
            *Redaction.__table__.columns,
            Job.state.label("job_state"),
            Job.done,
            Job.total,
            Job.message,
            Blob.size.label("result_size"),
            Blob.media_type.label("result_type"),
        )
        .join(Job, Job.id == Redaction.job_id)
        .outerjoin(Blob, Blob.id == Redaction.result_blob_id)
        .where(
            Redaction.item_uid == bindparam("item", type_=String),
            Redaction.state != RedactionState.DROPPED,
            or_(
                Redaction.source == source,
                (Redaction.result_sha256 == source) & (Redaction.state == RedactionState.USED),
            ),
        )
        .order_by(Redaction.id.desc())
        .limit(1)
    )


def redaction_of(session: Session, item_uid: str, source: str) -> RedactionSeen | None:
    """The newest redaction of a content of an item that was not dropped; of one that was used, also by its result's
    SHA-256. One statement.
    """
    row = read(session, _newest(), item=item_uid, source=source).one_or_none()
    return _seen(row) if row is not None else None


def _seen(row: Any) -> RedactionSeen:
    job = JobSeen(row.job_state, row.done, row.total, row.message)
    has_ended = row.state is RedactionState.WAITING and JobState(row.job_state).is_over
    boxes, silences = marks_in(row.marks.get("boxes", ()), row.marks.get("silences", ()))
    return RedactionSeen(
        id=row.id,
        uid=row.uid,
        rev=row.rev,
        state=RedactionState.FAILED if has_ended else row.state,
        note=row.message if has_ended else row.note,
        asked_at=row.asked_at,
        made_at=row.made_at,
        used_at=row.used_at,
        checked=row.checked,
        boxes=tuple(boxes),
        silences=tuple(silences),
        job=job,
        result_name=row.result_name,
        result_size=row.result_size or 0,
        result_type=row.result_type or "",
        result_sha256=row.result_sha256,
        proof=proof_seen(row.proof),
    )


@cache
def _result_preview() -> AnySelect:
    return (
        select(Centre.uid, Blob.sha256, Preview.state, Preview.manifest)
        .select_from(Redaction)
        .join(Blob, Blob.id == Redaction.result_blob_id)
        .join(Centre, Centre.id == Blob.centre_id)
        .outerjoin(Preview, Preview.blob_id == Blob.id)
        .where(Redaction.id == bindparam("id", type_=Integer))
    )


def result_preview(session: Session, redaction_id: int) -> PreviewRow | None:
    """What there is to show of a result that was made and is not used yet; its `file_id` is 0. One statement."""
    row = read(session, _result_preview(), id=redaction_id).one_or_none()
    return PreviewRow(0, row.uid, row.sha256, row.state, row.manifest or {}) if row is not None else None


@dataclass(frozen=True, slots=True)
class HeldSeen:
    """An original that is held for whoever redacted it."""

    id: int
    name: str
    size: int
    media_type: str
    held_until: datetime


@cache
def _held() -> AnySelect:
    return (
        select(Redaction.id, Redaction.original_name, Blob.size, Blob.media_type, Redaction.held_until)
        .join(Blob, Blob.id == Redaction.original_blob_id)
        .where(
            Redaction.item_uid == bindparam("item", type_=String),
            Redaction.used_by_id == bindparam("person_id", type_=Integer),
        )
        .order_by(Redaction.id)
    )


def held_of(session: Session, item_uid: str, person_id: int) -> list[HeldSeen]:
    """The originals of an item that are held for this person. One statement."""
    return [HeldSeen(*row) for row in read(session, _held(), item=item_uid, person_id=person_id)]


@cache
def _states() -> AnySelect:
    return (
        select(Redaction.source, Redaction.state, Job.state.label("job_state"))
        .join(Job, Job.id == Redaction.job_id)
        .where(Redaction.item_uid == bindparam("item", type_=String), Redaction.state.in_(tuple(OPEN)))
        .order_by(Redaction.id)
    )


def states_of(session: Session, item_uid: str) -> dict[str, RedactionState]:
    """How the open redactions of an item stand, by the SHA-256 of the original. One statement."""
    return {
        row.source: RedactionState.FAILED
        if row.state is RedactionState.WAITING and JobState(row.job_state).is_over
        else row.state
        for row in read(session, _states(), item=item_uid)
    }


@dataclass(frozen=True, slots=True)
class MadeSeen:
    """A redacted version that was made of a file and may take its place."""

    redaction_id: int
    blob_id: int
    name: str
    sha256: str


@cache
def _made() -> AnySelect:
    return (
        select(EvidenceFile.id, Redaction.id, Redaction.result_blob_id, Redaction.result_name, Redaction.result_sha256)
        .join(EvidenceVersion, EvidenceVersion.id == EvidenceFile.version_id)
        .join(Evidence, Evidence.id == EvidenceVersion.evidence_id)
        .join(Blob, Blob.id == EvidenceFile.blob_id)
        .join(
            Redaction,
            (Redaction.item_uid == Evidence.uid)
            & (Redaction.source == Blob.sha256)
            & (Redaction.version_no == EvidenceVersion.no),
        )
        .where(
            Evidence.uid == bindparam("item", type_=String),
            Redaction.state == RedactionState.MADE,
            Redaction.result_blob_id.is_not(None),
        )
        .order_by(Redaction.id)
    )


def made_for(session: Session, item_uid: str) -> dict[int, MadeSeen]:
    """What was made of the files of an item and is not used yet, by the file's id. One statement."""
    return {row[0]: MadeSeen(*row[1:]) for row in read(session, _made(), item=item_uid)}


@cache
def _used_in() -> AnySelect:
    return (
        select(Redaction.item_uid, Redaction.result_sha256, Redaction.proof)
        .where(
            Redaction.enrolment_id == bindparam("enrolment_id", type_=Integer),
            Redaction.state == RedactionState.USED,
        )
        .order_by(Redaction.id)
    )


def used_in(session: Session, enrolment_id: int) -> Mapping[tuple[str, str], ProofSeen]:
    """The proofs of all that was used in an enrolment, by the item's uid and the result's SHA-256. One statement."""
    found = {}
    for row in read(session, _used_in(), enrolment_id=enrolment_id):
        seen = proof_seen(row.proof)
        if seen is not None:
            found[row.item_uid, row.result_sha256] = seen
    return found


def open_rows(session: Session, item_uids: Sequence[str]) -> Sequence[Redaction]:
    """The redactions of these items of which something is still to come."""
    return session.scalars(
        select(Redaction)
        .where(Redaction.item_uid.in_(item_uids), Redaction.state.in_(tuple(OPEN)))
        .order_by(Redaction.id)
        .execution_options(populate_existing=True)
    ).all()


def open_row(session: Session, item_uid: str, source: str) -> Redaction | None:
    """The redaction of a content of an item of which something is still to come."""
    return next((row for row in open_rows(session, [item_uid]) if row.source == source), None)


def enrolments_with(session: Session, centre_id: int, condition: ColumnElement[bool]) -> Sequence[int]:
    """The enrolments of a centre that have a redaction of this sort."""
    return session.scalars(
        select(Redaction.enrolment_id)
        .join(Enrolment, Enrolment.id == Redaction.enrolment_id)
        .where(Enrolment.centre_id == centre_id, condition)
        .distinct()
        .order_by(Redaction.enrolment_id)
    ).all()
