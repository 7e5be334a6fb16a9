"""What the matrix of one unit is drawn from: many claims as narrow rows, the few items behind them apart.

Which claims count is what `assessment.queries` says: those that were handed in, on their item's current version. Drafts
are their author's alone, and count for nothing.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from sqlalchemy import Integer, String, and_, bindparam, case, exists, select, type_coerce
from sqlalchemy.orm import Session

from portfolio.accounts.models import Person
from portfolio.assessment.models import Judgement, UnitDecision
from portfolio.assessment.queries import UNIT_COLUMNS, current_no
from portfolio.criteria.models import Criterion, UnitVersion
from portfolio.criteria.rules import Method, Status
from portfolio.db import AnySelect, read
from portfolio.enrolment.models import Enrolment, EnrolmentUnit
from portfolio.evidence.breach_queries import IS_HIDDEN, shown_title
from portfolio.evidence.models import Evidence, EvidenceVersion
from portfolio.evidence.rules import BY_ASSESSOR
from portfolio.mapping.models import Claim

DRAFT, CLAIMED, AWAITING = "draft", "claimed", "awaiting"
"""What a claim says besides an outcome: not handed in, handed in and undecided, decided by a trainee alone."""
Said: TypeAlias = tuple[int, int, str, str]
"""A claim with one of its judgements: version, criterion it was made for, place, and an outcome or one of the above."""


@dataclass(frozen=True, slots=True)
class UnitHead:
    """A chosen unit of a learner, without its criteria. `uid` and `content_sha` are its version's; `is_decided`: it was
    signed off once, and may have been opened again.
    """

    enrolment_unit_id: int
    unit_version_id: int
    uid: str
    content_sha: str
    code: str
    code_note: str
    title: str
    level: int
    credit: int
    status: Status
    is_outline: bool
    learner: str
    is_decided: bool


@dataclass(slots=True)
class ItemBehind:
    """A version of an item whose claims somebody may see. `recorded_by` as in `ClaimRow`; `is_own`: whoever asks made
    the item, so that its drafts show. While it is hidden its title says so, and its places are not to be shown.
    """

    version_id: int
    evidence_id: int
    ref: str
    title: str
    method: Method
    recorded_by: str
    is_hidden: bool
    is_current: bool
    is_own: bool


@cache
def _unit_head() -> AnySelect:
    return (
        select(
            EnrolmentUnit.id,
            *UNIT_COLUMNS,
            UnitVersion.is_outline,
            Person.name,
            exists().where(UnitDecision.enrolment_unit_id == EnrolmentUnit.id),
        )
        .join(UnitVersion, UnitVersion.id == EnrolmentUnit.unit_version_id)
        .join(Enrolment, Enrolment.id == EnrolmentUnit.enrolment_id)
        .join(Person, Person.id == Enrolment.learner_id)
        .where(
            EnrolmentUnit.id == bindparam("unit_id", type_=Integer),
            EnrolmentUnit.enrolment_id == bindparam("enrolment_id", type_=Integer),
        )
    )


def unit_head(session: Session, enrolment_id: int, enrolment_unit_id: int) -> UnitHead | None:
    """One unit of an enrolment; None when it is another's. One statement."""
    row = read(session, _unit_head(), enrolment_id=enrolment_id, unit_id=enrolment_unit_id).one_or_none()
    return UnitHead(*row) if row is not None else None


@cache
def _claims_in() -> AnySelect:
    said = case(
        (Claim.submission_id.is_(None), DRAFT),
        (Judgement.id.is_(None), CLAIMED),
        (Judgement.effective_at.is_(None), AWAITING),
        else_=type_coerce(Judgement.outcome, String),
    )
    return (
        select(Claim.evidence_version_id, Claim.criterion_id, Claim.place, said.label("said"))
        .outerjoin(Judgement, Judgement.claim_id == Claim.id)
        .where(Claim.enrolment_unit_id == bindparam("unit_id", type_=Integer))
        .order_by(Claim.criterion_id, Claim.id, Judgement.no)
    )


def claims_in(session: Session, enrolment_unit_id: int) -> Sequence[Said]:
    """Every claim in a unit, of whatever version of an item: a row for each judgement in order, or one without. One
    statement.
    """
    return read(session, _claims_in(), unit_id=enrolment_unit_id).tuples()


@cache
def _items_behind() -> AnySelect:
    is_own = and_(Evidence.author_id == bindparam("viewer_id", type_=Integer), Evidence.trashed_at.is_(None))
    return (
        select(
            EvidenceVersion.id,
            Evidence.id,
            Evidence.ref,
            shown_title(),
            Evidence.method,
            Person.name,
            IS_HIDDEN,
            EvidenceVersion.no == current_no(),
            is_own,
            EvidenceVersion.frozen_at.is_(None),
        )
        .join(Evidence, Evidence.id == EvidenceVersion.evidence_id)
        .join(Person, Person.id == Evidence.author_id)
        .where(EvidenceVersion.id.in_(bindparam("versions", type_=Integer, expanding=True)))
        .order_by(Evidence.id, EvidenceVersion.no)
    )


def items_behind(session: Session, version_ids: Collection[int], viewer_id: int) -> list[ItemBehind]:
    """Those of these versions that are current, or drafts of whoever asks, in the order of items. One statement, and
    none for none.
    """
    if not version_ids:
        return []
    rows = read(session, _items_behind(), versions=list(version_ids), viewer_id=viewer_id)
    return [
        ItemBehind(
            version_id,
            evidence_id,
            ref,
            title,
            method,
            author if method in BY_ASSESSOR else "",
            is_hidden,
            bool(is_current),
            bool(is_own),
        )
        for version_id, evidence_id, ref, title, method, author, is_hidden, is_current, is_own, is_draft in rows
        if is_current or (is_own and is_draft)
    ]


@cache
def _former_wording() -> AnySelect:
    return select(Criterion.id, Criterion.code, Criterion.text).where(
        Criterion.id.in_(bindparam("criteria", type_=Integer, expanding=True))
    )


def former_wording(session: Session, criterion_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Code and text of criteria of earlier versions of a unit, by id. One statement, and none for none."""
    if not criterion_ids:
        return {}
    rows = read(session, _former_wording(), criteria=list(criterion_ids))
    return {id_: (code, text) for id_, code, text in rows}
