"""What was decided on versions, in short, for lists of them; and the items of submissions that a version went in as.

Only decisions in effect are read.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Integer, bindparam, select
from sqlalchemy.orm import Session

from portfolio.assessment.models import Judgement, SubmissionItem
from portfolio.assessment.rules import ItemState
from portfolio.criteria.models import Criterion
from portfolio.db import AnySelect, read
from portfolio.enrolment.models import EnrolmentUnit
from portfolio.evidence.models import Evidence, EvidenceVersion
from portfolio.evidence.rules import EvidenceState
from portfolio.mapping.models import Claim
from portfolio.mapping.rules import Outcome


@dataclass(frozen=True, slots=True)
class Decided:
    """The codes of a version's claims as they were decided: those that are met, and those on which more is wanted.

    `has_units`: they are of several units, so that a code alone names none of them.
    """

    met: tuple[str, ...]
    wanting: tuple[str, ...]
    has_units: bool = False


@cache
def _outcomes_of() -> AnySelect:
    return (
        select(Claim.evidence_version_id, Claim.id, Claim.enrolment_unit_id, Criterion.code, Judgement.outcome)
        .join(Judgement, Judgement.claim_id == Claim.id)
        .join(Criterion, Criterion.id == Claim.criterion_id)
        .join(EnrolmentUnit, EnrolmentUnit.id == Claim.enrolment_unit_id)
        .where(
            Claim.evidence_version_id.in_(bindparam("versions", type_=Integer, expanding=True)),
            Judgement.effective_at.is_not(None),
        )
        .order_by(EnrolmentUnit.position, Criterion.position, Judgement.no)
    )


def outcomes_of(session: Session, version_ids: Collection[int]) -> dict[int, Decided]:
    """The newest decision on each claim of these versions, by version; one without decisions is left out. One
    statement.
    """
    newest: dict[int, dict[int, tuple[str, Outcome]]] = {}
    units: dict[int, set[int]] = {}
    for version_id, claim_id, unit_id, code, outcome in read(session, _outcomes_of(), versions=list(version_ids)):
        newest.setdefault(version_id, {})[claim_id] = (code, outcome)
        units.setdefault(version_id, set()).add(unit_id)
    return {
        version_id: Decided(
            tuple(code for code, outcome in claims.values() if outcome is Outcome.MET),
            tuple(code for code, outcome in claims.values() if outcome is not Outcome.MET),
            len(units[version_id]) > 1,
        )
        for version_id, claims in newest.items()
    }


def item_of(session: Session, version_id: int) -> SubmissionItem | None:
    """As what a version was handed in: the first that waits for an assessor, or else the last; None for a draft."""
    handed_in = select(SubmissionItem).where(SubmissionItem.evidence_version_id == version_id)
    items = list(session.scalars(handed_in.order_by(SubmissionItem.id)))
    waiting = [item for item in items if item.state is ItemState.WAITING]
    return next(iter(waiting or items[-1:]), None)


def state_of(session: Session, evidence: Evidence) -> EvidenceState:
    """Where an item stands: with an assessor while anything handed in of it waits there, marked once nothing does."""
    waiting = (
        select(SubmissionItem.id)
        .join(EvidenceVersion, EvidenceVersion.id == SubmissionItem.evidence_version_id)
        .where(
            EvidenceVersion.evidence_id == evidence.id,
            SubmissionItem.state.in_((ItemState.WAITING, ItemState.COUNTERSIGN)),
        )
    )
    if session.scalar(waiting.limit(1)) is not None:
        return EvidenceState.SUBMITTED
    return EvidenceState.MARKED if evidence.current is not None else EvidenceState.DRAFT
