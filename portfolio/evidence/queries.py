"""Reading items and their files, as rows for lists. Who may see which version is the caller's to say."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Integer, ScalarSelect, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from portfolio.accounts.models import Person
from portfolio.criteria.rules import Method
from portfolio.db import AnySelect, read
from portfolio.documents.kinds import kind_word
from portfolio.evidence.breach_queries import amended_at, title_for
from portfolio.evidence.models import Evidence, EvidenceFile, EvidenceVersion, Sighting
from portfolio.evidence.rules import BY_ASSESSOR, Carrier, EvidenceState
from portfolio.storage.models import Blob

NOBODY = 0
"""Whose drafts are shown to those who see none: there is no such person."""
DRAFTS_OF = bindparam("drafts_of", type_=Integer)


@dataclass(slots=True)
class ItemRow:
    """One item in one of its versions, in the order of the columns of `item_rows`. `is_draft` is about the version: a
    marked item may be open for revision.
    """

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
    author_id: int
    author: str
    trashed_at: datetime | None
    hidden_at: datetime | None

    @property
    def is_hidden(self) -> bool:
        """Whether personal data is taken out of it at present; to others than its maker the title says so then."""
        return self.hidden_at is not None

    @property
    def recorded_by(self) -> str:
        """The assessor who made the item; empty for what the learner made."""
        return self.author if self.method in BY_ASSESSOR else ""


@dataclass(frozen=True, slots=True)
class SightingRow:
    """Who saw, when and in which role, what version `no` of an item says is held elsewhere."""

    no: int
    name: str
    role: str
    seen_on: date
    note: str
    recorded_at: datetime
    person_id: int
    id: int


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
        return kind_word(self.media_type)


def shown_no() -> ScalarSelect[int]:
    """The number of the version that somebody sees of an item: the newest of what they made themselves, and of
    anything else the newest that was handed in. For a query over items and versions; binds `drafts_of`, a person's id.
    """
    other = aliased(EvidenceVersion)
    return (
        select(func.max(other.no))
        .where(
            other.evidence_id == EvidenceVersion.evidence_id,
            or_(
                Evidence.author_id == DRAFTS_OF,
                and_(other.frozen_at.is_not(None), other.withdrawn_at.is_(None)),
            ),
        )
        .correlate(EvidenceVersion, Evidence)
        .scalar_subquery()
    )


def item_rows() -> AnySelect:
    """Items with any of their versions, as `item_row` reads them. Binds `drafts_of`, the person who sees them."""
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
            title_for(DRAFTS_OF),
            EvidenceVersion.event_on,
            EvidenceVersion.frozen_at.is_(None).label("is_draft"),
            files.label("files"),
            func.coalesce(amended_at(), EvidenceVersion.frozen_at, EvidenceVersion.created_at).label("changed_at"),
            Evidence.author_id,
            Person.name.label("author"),
            Evidence.trashed_at,
            Evidence.hidden_at,
        )
        .join(EvidenceVersion, EvidenceVersion.evidence_id == Evidence.id)
        .join(Person, Person.id == Evidence.author_id)
    )


def item_row(row: Any) -> ItemRow:
    """A row of `item_rows`."""
    return ItemRow(*row)


@cache
def _items_of() -> AnySelect:
    return (
        item_rows()
        .where(
            Evidence.enrolment_id == bindparam("enrolment_id", type_=Integer),
            Evidence.trashed_at.is_(None),
            EvidenceVersion.no == shown_no(),
        )
        .order_by(Evidence.id)
    )


def items_of(session: Session, enrolment_id: int, *, drafts_of: int | None) -> list[ItemRow]:
    """The items of a portfolio but for the trash: those that this person made in their newest version, all others as
    they were handed in. One statement. An item that has no such version is left out.
    """
    rows = read(session, _items_of(), enrolment_id=enrolment_id, drafts_of=drafts_of or NOBODY).tuples()
    return [item_row(row) for row in rows]


@cache
def _trashed_by() -> AnySelect:
    return (
        item_rows()
        .where(
            Evidence.enrolment_id == bindparam("enrolment_id", type_=Integer),
            Evidence.author_id == DRAFTS_OF,
            Evidence.trashed_at.is_not(None),
        )
        .order_by(Evidence.trashed_at.desc(), Evidence.id)
    )


def trashed_by(session: Session, enrolment_id: int, person_id: int) -> list[ItemRow]:
    """What this person has put into the trash of a portfolio, the newest first. One statement."""
    return [item_row(row) for row in read(session, _trashed_by(), enrolment_id=enrolment_id, drafts_of=person_id)]


@cache
def _sightings_of() -> AnySelect:
    return (
        select(
            EvidenceVersion.evidence_id,
            EvidenceVersion.no,
            Person.name,
            Sighting.role_word,
            Sighting.seen_on,
            Sighting.note,
            Sighting.recorded_at,
            Sighting.person_id,
            Sighting.id,
        )
        .join(EvidenceVersion, EvidenceVersion.id == Sighting.version_id)
        .join(Person, Person.id == Sighting.person_id)
        .where(EvidenceVersion.evidence_id.in_(bindparam("items", type_=Integer, expanding=True)))
        .order_by(Sighting.id)
    )


def sightings_among(session: Session, evidence_ids: Collection[int]) -> dict[int, list[SightingRow]]:
    """Every sighting of these items, of whichever version, in order, by item. One statement."""
    found: dict[int, list[SightingRow]] = {}
    for evidence_id, *said in read(session, _sightings_of(), items=list(evidence_ids)):
        found.setdefault(evidence_id, []).append(SightingRow(*said))
    return found


def sightings_of(session: Session, evidence_id: int) -> list[SightingRow]:
    """Every sighting of one item."""
    return sightings_among(session, [evidence_id]).get(evidence_id, [])


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
