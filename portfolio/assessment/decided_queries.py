"""What was decided on versions, in short, for lists of them; and the item of a submission that a version went in as.

Only decisions in effect are read.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Integer, bindparam, select
from sqlalchemy.orm import Session

from portfolio.assessment.models import Judgement, SubmissionItem
from portfolio.criteria.models import Criterion
from portfolio.db import AnySelect, read
from portfolio.enrolment.models import EnrolmentUnit
from portfolio.mapping.models import Claim
from portfolio.mapping.rules import Outcome


@dataclass(frozen=True, slots=True)
class Decided:
    """The codes of a version's claims as they were decided: those that are met, and those on which more is wanted."""

    met: tuple[str, ...]
    wanting: tuple[str, ...]


@cache
def _outcomes_of() -> AnySelect:
    return (
        select(Claim.evidence_version_id, Claim.id, Criterion.code, Judgement.outcome)
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
    for version_id, claim_id, code, outcome in read(session, _outcomes_of(), versions=list(version_ids)):
        newest.setdefault(version_id, {})[claim_id] = (code, outcome)
    return {
        version_id: Decided(
            tuple(code for code, outcome in claims.values() if outcome is Outcome.MET),
            tuple(code for code, outcome in claims.values() if outcome is not Outcome.MET),
        )
        for version_id, claims in newest.items()
    }


def item_of(session: Session, version_id: int) -> SubmissionItem | None:
    """As what a version was last handed in; None for a draft."""
    handed_in = select(SubmissionItem).where(SubmissionItem.evidence_version_id == version_id)
    return session.scalar(handed_in.order_by(SubmissionItem.id.desc()).limit(1))
