"""Reading claims while they are still a draft: what an item is mapped to, and what is missing before it can go in."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Integer, bindparam, select
from sqlalchemy.orm import Session

from portfolio.criteria.models import Criterion
from portfolio.criteria.rules import Method
from portfolio.db import AnySelect, read
from portfolio.enrolment.models import EnrolmentUnit
from portfolio.evidence.models import Evidence, EvidenceVersion
from portfolio.mapping.models import Claim


@dataclass(frozen=True, slots=True)
class ClaimText:
    """What a claim says: how the item meets the criterion, and where in the item that shows."""

    annotation: str
    place: str


@dataclass(frozen=True, slots=True)
class Mapped:
    """The codes that a version is mapped to, and those of them whose claim says nothing yet."""

    codes: tuple[str, ...]
    unexplained: tuple[str, ...]


UNMAPPED = Mapped((), ())


@dataclass(frozen=True, slots=True)
class DraftClaim:
    """A claim that was not handed in yet, on one cell of the matrix."""

    evidence_id: int
    ref: str
    title: str
    method: Method
    enrolment_unit_id: int
    criterion_id: int
    place: str


@cache
def _claims_of() -> AnySelect:
    return select(Claim.criterion_id, Claim.annotation, Claim.place).where(
        Claim.evidence_version_id == bindparam("version_id", type_=Integer)
    )


def claims_of(session: Session, version_id: int) -> dict[int, ClaimText]:
    """What a version is mapped to, by criterion id. One statement."""
    rows = read(session, _claims_of(), version_id=version_id)
    return {row.criterion_id: ClaimText(row.annotation, row.place) for row in rows}


@cache
def _mapped() -> AnySelect:
    return (
        select(Claim.evidence_version_id, Criterion.code, Claim.annotation)
        .join(Criterion, Criterion.id == Claim.criterion_id)
        .join(EnrolmentUnit, EnrolmentUnit.id == Claim.enrolment_unit_id)
        .where(Claim.evidence_version_id.in_(bindparam("versions", type_=Integer, expanding=True)))
        .order_by(EnrolmentUnit.position, Criterion.position)
    )


def mapped(session: Session, version_ids: Collection[int]) -> dict[int, Mapped]:
    """For each version what it is mapped to, in the order of units and criteria. One statement."""
    rows = read(session, _mapped(), versions=list(version_ids)).all()
    codes: dict[int, list[str]] = {id_: [] for id_ in version_ids}
    unexplained: dict[int, list[str]] = {id_: [] for id_ in version_ids}
    for row in rows:
        codes[row.evidence_version_id].append(row.code)
        if not row.annotation.strip():
            unexplained[row.evidence_version_id].append(row.code)
    return {id_: Mapped(tuple(codes[id_]), tuple(unexplained[id_])) for id_ in codes}


@cache
def _draft_claims() -> AnySelect:
    return (
        select(
            Evidence.id,
            Evidence.ref,
            EvidenceVersion.title,
            Evidence.method,
            Claim.enrolment_unit_id,
            Claim.criterion_id,
            Claim.place,
        )
        .join(EvidenceVersion, EvidenceVersion.id == Claim.evidence_version_id)
        .join(Evidence, Evidence.id == EvidenceVersion.evidence_id)
        .where(Evidence.enrolment_id == bindparam("enrolment_id", type_=Integer), EvidenceVersion.frozen_at.is_(None))
        .order_by(Evidence.id, Claim.id)
    )


def draft_claims(session: Session, enrolment_id: int) -> list[DraftClaim]:
    """Every claim of an enrolment's drafts, in the order of items. For its learner alone. One statement."""
    rows = read(session, _draft_claims(), enrolment_id=enrolment_id)
    return [DraftClaim(*row) for row in rows]
