"""Reading the files that wait for an item, how much room there is for more, and what is shown of files."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Integer, bindparam, func, select, union
from sqlalchemy.orm import Session

from portfolio.centres.models import Centre
from portfolio.db import AnySelect, read
from portfolio.enrolment.models import Enrolment
from portfolio.evidence.models import Evidence, EvidenceFile, EvidenceVersion, WaitingFile
from portfolio.evidence.queries import FileRow
from portfolio.previews.models import Preview
from portfolio.previews.rules import PreviewState
from portfolio.storage.models import Blob
from portfolio.storage.rules import BlobState, Limits, Room


@dataclass(frozen=True, slots=True)
class WaitingRow(FileRow):
    """A file that waits; forms name it by its public identifier."""

    uid: str


@cache
def _waiting_of() -> AnySelect:
    return (
        select(WaitingFile.id, WaitingFile.uid, WaitingFile.name, Blob.size, Blob.media_type)
        .join(Blob, Blob.id == WaitingFile.blob_id)
        .where(
            WaitingFile.enrolment_id == bindparam("enrolment_id", type_=Integer),
            WaitingFile.person_id == bindparam("person_id", type_=Integer),
        )
        .order_by(WaitingFile.id)
    )


def waiting_of(session: Session, enrolment_id: int, person_id: int) -> list[WaitingRow]:
    """The files that somebody has sent to a portfolio and not used yet, in that order. One statement."""
    rows = read(session, _waiting_of(), enrolment_id=enrolment_id, person_id=person_id)
    return [WaitingRow(row.id, row.name, row.size, row.media_type, row.uid) for row in rows]


@cache
def _held() -> AnySelect:
    enrolment_id = bindparam("enrolment_id", type_=Integer)
    named = union(
        select(EvidenceFile.blob_id)
        .join(EvidenceVersion, EvidenceVersion.id == EvidenceFile.version_id)
        .join(Evidence, Evidence.id == EvidenceVersion.evidence_id)
        .where(Evidence.enrolment_id == enrolment_id),
        select(WaitingFile.blob_id).where(WaitingFile.enrolment_id == enrolment_id),
    ).subquery()
    others = Blob.sha256 != bindparam("besides")
    in_portfolio = select(func.sum(Blob.size)).where(Blob.id.in_(select(named.c.blob_id)), others)
    in_centre = select(func.sum(Blob.size)).where(
        Blob.centre_id == bindparam("centre_id", type_=Integer), Blob.state != BlobState.GONE, others
    )
    return select(in_portfolio.scalar_subquery().label("portfolio"), in_centre.scalar_subquery().label("centre"))


def room_in(session: Session, enrolment: Enrolment, limits: Limits, *, besides: str = "") -> Room:
    """How much a portfolio and its centre hold, each content once, `besides` the content with that hash.

    One statement.
    """
    held = read(session, _held(), enrolment_id=enrolment.id, centre_id=enrolment.centre_id, besides=besides).one()
    return Room(limits, int(held.portfolio or 0), int(held.centre or 0))


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """What there is to show of a file; `state` is None where nobody has asked for a preview yet."""

    file_id: int
    centre_uid: str
    sha256: str
    state: PreviewState | None
    manifest: dict[str, Any]


@cache
def _previews_of() -> AnySelect:
    return (
        select(EvidenceFile.id, Centre.uid, Blob.sha256, Preview.state, Preview.manifest)
        .join(Blob, Blob.id == EvidenceFile.blob_id)
        .join(Centre, Centre.id == Blob.centre_id)
        .outerjoin(Preview, Preview.blob_id == Blob.id)
        .where(EvidenceFile.id.in_(bindparam("file_ids", expanding=True)))
    )


def previews_of(session: Session, file_ids: Collection[int]) -> dict[int, PreviewRow]:
    """The previews of files, by the file's id. One statement, none without files."""
    if not file_ids:
        return {}
    rows = read(session, _previews_of(), file_ids=list(file_ids))
    return {row.id: PreviewRow(row.id, row.uid, row.sha256, row.state, row.manifest or {}) for row in rows}
