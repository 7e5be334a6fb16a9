"""The units that an assessor may sign off now: every criterion is met, nothing waits and nothing is hidden.

Many units are asked for what is kept of them; one unit for its record, which says as SQL what
`mapping.coverage.standing_of` does: some live claim's newest effective judgement is met.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from portfolio.accounts.models import Person
from portfolio.assessment.models import IS_COMPLETE, Judgement, SubmissionItem, UnitDecision, UnitProgress
from portfolio.assessment.queries import current_no
from portfolio.assessment.rules import ItemState, UnitDecisionKind
from portfolio.criteria.models import UnitVersion
from portfolio.db import AnySelect, read
from portfolio.enrolment.models import Enrolment, EnrolmentUnit
from portfolio.enrolment.rules import EnrolmentState
from portfolio.evidence.models import Evidence, EvidenceVersion
from portfolio.mapping.models import Claim
from portfolio.mapping.queries import CLAIMED, PRESENT, stands
from portfolio.mapping.rules import Outcome

SHOWN = 10


@dataclass(frozen=True, slots=True)
class ReadyUnit:
    """A unit that may be signed off, and whose it is."""

    enrolment_unit_id: int
    title: str
    learner: str


def _lacks_a_criterion() -> ColumnElement[bool]:
    unmet = select(PRESENT.id).where(
        PRESENT.unit_version_id == EnrolmentUnit.unit_version_id, ~or_(_meets_as_it_stands(), _meets_from_elsewhere())
    )
    return unmet.correlate(EnrolmentUnit).exists()


def _meets_as_it_stands() -> ColumnElement[bool]:
    """Most claims are on the unit's present version, and found by the criterion."""
    return _meets().where(Claim.criterion_id == PRESENT.id).correlate(EnrolmentUnit, PRESENT).exists()


def _meets_from_elsewhere() -> ColumnElement[bool]:
    """By a claim on another version of the unit, whose criterion reads the same."""
    is_same = and_(
        CLAIMED.unit_version_id != PRESENT.unit_version_id, CLAIMED.code == PRESENT.code, CLAIMED.text == PRESENT.text
    )
    moved = _meets().join(CLAIMED, CLAIMED.id == Claim.criterion_id).where(is_same)
    return moved.correlate(EnrolmentUnit, PRESENT).exists()


def _meets() -> Select[int]:
    newest = (
        select(Judgement.outcome)
        .where(Judgement.claim_id == Claim.id, Judgement.effective_at.is_not(None))
        .order_by(Judgement.no.desc())
        .limit(1)
        .correlate(Claim)
        .scalar_subquery()
    )
    return (
        select(Claim.id)
        .join(EvidenceVersion, EvidenceVersion.id == Claim.evidence_version_id)
        .where(
            Claim.enrolment_unit_id == EnrolmentUnit.id,
            Claim.submission_id.is_not(None),
            EvidenceVersion.no == current_no(),
            newest == Outcome.MET,
        )
    )


def _waits() -> ColumnElement[bool]:
    undecided = (
        select(SubmissionItem.id)
        .join(
            Claim,
            (Claim.evidence_version_id == SubmissionItem.evidence_version_id)
            & (Claim.submission_id == SubmissionItem.submission_id),
        )
        .where(
            Claim.enrolment_unit_id == EnrolmentUnit.id,
            SubmissionItem.state.in_((ItemState.WAITING, ItemState.COUNTERSIGN)),
        )
    )
    return undecided.correlate(EnrolmentUnit).exists()


def _is_signed_off() -> ColumnElement[bool]:
    other = aliased(UnitDecision)
    newest = (
        select(func.max(other.no)).where(other.enrolment_unit_id == UnitDecision.enrolment_unit_id).scalar_subquery()
    )
    signed = select(UnitDecision.id).where(
        UnitDecision.enrolment_unit_id == EnrolmentUnit.id,
        UnitDecision.no == newest,
        UnitDecision.kind == UnitDecisionKind.SIGNED_OFF,
    )
    return signed.correlate(EnrolmentUnit).exists()


def _is_hidden() -> ColumnElement[bool]:
    """Whether an item that counts in the unit is hidden while personal data is taken out of it."""
    hidden = (
        select(Claim.id)
        .join(EvidenceVersion, EvidenceVersion.id == Claim.evidence_version_id)
        .join(Evidence, Evidence.id == EvidenceVersion.evidence_id)
        .join(CLAIMED, CLAIMED.id == Claim.criterion_id)
        .join(PRESENT, stands())
        .where(
            Claim.enrolment_unit_id == EnrolmentUnit.id,
            Claim.submission_id.is_not(None),
            EvidenceVersion.no == current_no(),
            Evidence.hidden_at.is_not(None),
        )
    )
    return hidden.correlate(EnrolmentUnit).exists()


def _nothing_lacks() -> tuple[ColumnElement[bool], ...]:
    """As SQL what `rules.what_lacks` asks, of a unit with its version."""
    return (
        UnitVersion.is_outline.is_(False),
        ~_waits(),
        ~_is_signed_off(),
        ~_lacks_a_criterion(),
        ~_is_hidden(),
    )


@lru_cache(maxsize=1_000)
def _ready(within: Select[Any]) -> AnySelect:
    complete = select(UnitProgress.enrolment_unit_id).where(IS_COMPLETE, UnitProgress.states != "")
    return (
        within.join(Enrolment.learner)
        .join(EnrolmentUnit.unit)
        .with_only_columns(EnrolmentUnit.id, UnitVersion.title, Person.name, maintain_column_froms=True)
        .where(
            EnrolmentUnit.id.in_(complete),
            Enrolment.state == EnrolmentState.ACTIVE,
            ~_waits(),
            ~_is_hidden(),
        )
        .order_by(Person.name, EnrolmentUnit.id)
        .limit(SHOWN)
    )


def ready_among(session: Session, within: Select[Any]) -> list[ReadyUnit]:
    """The first of these units that can be signed off now, by learner. `within` is those that the policy lets somebody,
    joined to their enrolment.

    One statement; it begins with the units that are met throughout, which are few.
    """
    rows = read(session, _ready(within))
    return [ReadyUnit(*row) for row in rows]


@cache
def _is_ready() -> AnySelect:
    unit = select(EnrolmentUnit.id).join(UnitVersion, UnitVersion.id == EnrolmentUnit.unit_version_id)
    return unit.where(EnrolmentUnit.id == bindparam("unit_id", type_=Integer), *_nothing_lacks())


def is_ready(session: Session, enrolment_unit_id: int) -> bool:
    """Whether nothing lacks of a unit, so that whoever may can sign it off now. One statement."""
    return read(session, _is_ready(), unit_id=enrolment_unit_id).first() is not None
