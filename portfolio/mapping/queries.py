"""Reading claims while they are still a draft: what an item is mapped to, and what is missing before it can go in.

Also what a claim means after its unit was moved to newer criteria: a claim stays on the criterion that it was made for,
and counts for the present one that says word for word the same under the same code.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from sqlalchemy import ColumnElement, Integer, and_, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from portfolio.criteria.models import Criterion, UnitVersion
from portfolio.criteria.rules import Method
from portfolio.db import AnySelect, read
from portfolio.enrolment.models import Enrolment, EnrolmentUnit
from portfolio.evidence.breach_queries import IS_HIDDEN, shown_title, unless_hidden
from portfolio.evidence.models import Evidence, EvidenceVersion
from portfolio.mapping.models import Claim

CLAIMED, PRESENT = aliased(Criterion), aliased(Criterion)
"""The criterion that a claim was made for, and the one of the learner's present version of the unit."""


def is_in_place() -> ColumnElement[bool]:
    """PRESENT has the code of CLAIMED in the version to which the claim's unit is pinned today."""
    return and_(PRESENT.unit_version_id == EnrolmentUnit.unit_version_id, PRESENT.code == CLAIMED.code)


def stands() -> ColumnElement[bool]:
    """PRESENT says word for word what CLAIMED says, so that what was claimed and decided goes on counting."""
    return and_(is_in_place(), PRESENT.text == CLAIMED.text)


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
    is_hidden: bool = False


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
            shown_title(),
            Evidence.method,
            Claim.enrolment_unit_id,
            Claim.criterion_id,
            unless_hidden(Claim.place),
            IS_HIDDEN,
        )
        .join(EvidenceVersion, EvidenceVersion.id == Claim.evidence_version_id)
        .join(Evidence, Evidence.id == EvidenceVersion.evidence_id)
        .where(
            Evidence.enrolment_id == bindparam("enrolment_id", type_=Integer),
            Evidence.author_id == bindparam("author_id", type_=Integer),
            Evidence.trashed_at.is_(None),
            EvidenceVersion.frozen_at.is_(None),
        )
        .order_by(Evidence.id, Claim.id)
    )


def draft_claims(session: Session, enrolment_id: int, author_id: int) -> list[DraftClaim]:
    """Every claim of the drafts that somebody made in an enrolment, in the order of items. For them alone. One
    statement.
    """
    rows = read(session, _draft_claims(), enrolment_id=enrolment_id, author_id=author_id)
    return [DraftClaim(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class FormerCriterion:
    """A criterion of another version of a learner's unit; `present_id` is that of the same code today, None when it is
    gone.
    """

    code: str
    text: str
    present_id: int | None


@cache
def _former_criteria() -> AnySelect:
    return (
        select(CLAIMED.id, CLAIMED.code, CLAIMED.text, PRESENT.id.label("present_id"))
        .join(UnitVersion, UnitVersion.id == CLAIMED.unit_version_id)
        .join(EnrolmentUnit, EnrolmentUnit.unit_code == UnitVersion.code)
        .join(Enrolment, Enrolment.id == EnrolmentUnit.enrolment_id)
        .outerjoin(PRESENT, is_in_place())
        .where(
            Enrolment.id == bindparam("enrolment_id", type_=Integer),
            or_(UnitVersion.centre_id.is_(None), UnitVersion.centre_id == Enrolment.centre_id),
            UnitVersion.id != EnrolmentUnit.unit_version_id,
            CLAIMED.id.in_(bindparam("criteria", type_=Integer, expanding=True)),
        )
    )


def former_criteria(session: Session, enrolment_id: int, criterion_ids: Collection[int]) -> dict[int, FormerCriterion]:
    """Those of these criteria that a page may have shown before a unit of the learner was moved, by id. One statement,
    and none for none.
    """
    if not criterion_ids:
        return {}
    rows = read(session, _former_criteria(), enrolment_id=enrolment_id, criteria=list(criterion_ids))
    return {row.id: FormerCriterion(row.code, row.text, row.present_id) for row in rows}
