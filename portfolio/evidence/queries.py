"""Reading items and their files, as rows for lists. Who may see which version is the caller's to say."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from sqlalchemy import Integer, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from portfolio.criteria.rules import Method
from portfolio.db import AnySelect, read
from portfolio.evidence.models import Evidence, EvidenceFile, EvidenceVersion
from portfolio.evidence.rules import Carrier, EvidenceState
from portfolio.storage.models import Blob

KINDS = (
    ("application/pdf", "PDF"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml", "Word document"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml", "Spreadsheet"),
    ("application/vnd.openxmlformats-officedocument.presentationml", "Presentation"),
    ("application/rtf", "Text document"),
    ("application/vnd.ms-outlook", "E-mail"),
    ("message/", "E-mail"),
    ("text/csv", "Table"),
    ("text/", "Text"),
    ("image/", "Picture"),
    ("audio/", "Sound"),
    ("video/", "Video"),
)
"""What people call the media types that are taken, by how these begin."""


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item in one of its versions. `is_draft` is about the version: a marked item may be open for revision."""

    evidence_id: int
    ref: str
    method: Method
    carrier: Carrier
    state: EvidenceState
    version_id: int
    no: int
    title: str
    event_on: date | None
    is_draft: bool
    files: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of a version; `size` in bytes."""

    id: int
    name: str
    size: int
    media_type: str

    @property
    def kind(self) -> str:
        """What sort of file it is, in a word."""
        return next((word for start, word in KINDS if self.media_type.startswith(start)), "File")


@cache
def _items_of(*, drafts: bool) -> AnySelect:
    other = aliased(EvidenceVersion)
    newest = select(func.max(other.no)).where(other.evidence_id == EvidenceVersion.evidence_id)
    if not drafts:
        newest = newest.where(other.frozen_at.is_not(None), other.withdrawn_at.is_(None))
    files = (
        select(func.count())
        .where(EvidenceFile.version_id == EvidenceVersion.id)
        .correlate(EvidenceVersion)
        .scalar_subquery()
    )
    return (
        select(
            Evidence.id,
            Evidence.ref,
            Evidence.method,
            Evidence.carrier,
            Evidence.state,
            EvidenceVersion.id.label("version_id"),
            EvidenceVersion.no,
            EvidenceVersion.title,
            EvidenceVersion.event_on,
            EvidenceVersion.frozen_at,
            EvidenceVersion.created_at,
            files.label("files"),
        )
        .join(EvidenceVersion, EvidenceVersion.evidence_id == Evidence.id)
        .where(
            Evidence.enrolment_id == bindparam("enrolment_id", type_=Integer),
            EvidenceVersion.no == newest.correlate(EvidenceVersion).scalar_subquery(),
        )
        .order_by(Evidence.id)
    )


def items_of(session: Session, enrolment_id: int, *, drafts: bool) -> list[ItemRow]:
    """The items of a portfolio: each in its newest version, or, without drafts, in the one that was handed in.

    One statement. An item that has no such version is left out.
    """
    rows = read(session, _items_of(drafts=drafts), enrolment_id=enrolment_id)
    return [
        ItemRow(
            evidence_id=row.id,
            ref=row.ref,
            method=row.method,
            carrier=row.carrier,
            state=row.state,
            version_id=row.version_id,
            no=row.no,
            title=row.title,
            event_on=row.event_on,
            is_draft=row.frozen_at is None,
            files=row.files,
            changed_at=row.frozen_at or row.created_at,
        )
        for row in rows
    ]


@cache
def _files_of() -> AnySelect:
    return (
        select(EvidenceFile.id, EvidenceFile.name, Blob.size, Blob.media_type)
        .join(Blob, Blob.id == EvidenceFile.blob_id)
        .where(EvidenceFile.version_id == bindparam("version_id", type_=Integer))
        .order_by(EvidenceFile.id)
    )


def files_of(session: Session, version_id: int) -> list[FileRow]:
    """The files of a version, in the order in which they were added. One statement."""
    rows = read(session, _files_of(), version_id=version_id)
    return [FileRow(row.id, row.name, row.size, row.media_type) for row in rows]
