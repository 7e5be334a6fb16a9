"""What a portfolio looks like to its learner, and an item to anybody but its assessor.

Nothing of a review shows before it is released; of a trainee's only that it awaits its countersignature.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Date, Integer, Select, and_, bindparam, not_, or_, select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.models import Person
from portfolio.assessment.models import ItemReview, Judgement, Submission, SubmissionItem
from portfolio.assessment.queries import UnitCoverage, coverage_of
from portfolio.assessment.rules import ItemState
from portfolio.assessment.worklist import Said, Worklist, worklist
from portfolio.criteria.models import Criterion, QualificationVersion, UnitVersion
from portfolio.db import AnySelect, read
from portfolio.enrolment.models import Allocation, Enrolment, EnrolmentUnit
from portfolio.enrolment.rules import Duty, EnrolmentState
from portfolio.evidence.models import Evidence, EvidenceVersion
from portfolio.evidence.queries import ItemRow, items_of
from portfolio.mapping.coverage import Tally
from portfolio.mapping.models import Claim
from portfolio.mapping.queries import CLAIMED, PRESENT, Mapped, claims_in, is_in_place
from portfolio.mapping.rules import Coded, Outcome
from portfolio.screening.queries import standings_of, unclear_in

FEEDBACK_SHOWN = 3


@dataclass(frozen=True, slots=True)
class EnrolmentRow:
    """One of a learner's own enrolments."""

    id: int
    title: str
    reference: str
    registration_number: str
    started_on: date
    due_on: date | None
    ended_on: date | None
    """The last day, of one that is over."""
    is_active: bool
    has_finished: bool


@lru_cache(maxsize=1_000)
def _own_enrolments(within: Select[tuple[Enrolment]]) -> AnySelect:
    return (
        select(
            Enrolment.id,
            QualificationVersion.title,
            QualificationVersion.reference,
            Enrolment.registration_number,
            Enrolment.started_on,
            Enrolment.due_on,
            Enrolment.ended_on,
            Enrolment.state,
        )
        .join(QualificationVersion, QualificationVersion.id == Enrolment.qualification_version_id)
        .where(Enrolment.id.in_(within.with_only_columns(Enrolment.id)))
        .order_by(Enrolment.started_on.desc(), Enrolment.id.desc())
    )


def own_enrolments(session: Session, *, within: Select[tuple[Enrolment]]) -> list[EnrolmentRow]:
    """A learner's enrolments: those that are under way first, the newest of them before the others."""
    rows = read(session, _own_enrolments(within))
    found = [
        EnrolmentRow(
            id=row.id,
            title=row.title,
            reference=row.reference,
            registration_number=row.registration_number,
            started_on=row.started_on,
            due_on=row.due_on,
            ended_on=row.ended_on,
            is_active=row.state is EnrolmentState.ACTIVE,
            has_finished=row.state is EnrolmentState.COMPLETED,
        )
        for row in rows
    ]
    return sorted(found, key=lambda row: not row.is_active)


@cache
def _people_beside() -> AnySelect:
    return (
        select(Allocation.duty, Person.name)
        .join(Person, Person.id == Allocation.person_id)
        .where(
            Allocation.enrolment_id == bindparam("enrolment_id", type_=Integer),
            Allocation.since <= bindparam("today", type_=Date),
            or_(Allocation.until.is_(None), Allocation.until > bindparam("today", type_=Date)),
        )
        .order_by(Allocation.id)
    )


def people_beside(session: Session, enrolment_id: int) -> dict[Duty, list[str]]:
    """Who has which duty towards a learner today, by name."""
    rows = read(session, _people_beside(), enrolment_id=enrolment_id, today=clock.today())
    found: dict[Duty, list[str]] = {duty: [] for duty in Duty}
    for row in rows:
        if row.name not in found[row.duty]:
            found[row.duty].append(row.name)
    return found


@cache
def _said_on() -> AnySelect:
    return (
        select(Judgement.claim_id, Judgement.outcome, Judgement.feedback, Person.name, Judgement.effective_at)
        .join(Person, Person.id == Judgement.assessor_id)
        .where(
            Judgement.claim_id.in_(bindparam("claims", type_=Integer, expanding=True)),
            Judgement.effective_at.is_not(None),
        )
        .order_by(Judgement.no)
    )


def said_on(session: Session, claim_ids: Collection[int]) -> dict[int, Said]:
    """The newest effective decision on each claim that has one. One statement, and none for none."""
    if not claim_ids:
        return {}
    rows = read(session, _said_on(), claims=list(claim_ids))
    return {row.claim_id: Said(row.outcome, row.feedback, row.name, row.effective_at) for row in rows}


@dataclass(frozen=True, slots=True)
class ClaimSeen:
    """A claim of one version, with what was decided on it, in the words that it was made for.

    `present_id` is the criterion of the same code in the learner's version of the unit today, None when it is gone;
    `stands` says whether that one reads the same, so that the claim counts for it.
    """

    claim_id: int
    enrolment_unit_id: int
    unit_title: str
    criterion_id: int
    present_id: int | None
    stands: bool
    code: str
    criterion: str
    annotation: str
    place: str
    submission_id: int | None
    said: Said | None

    @property
    def is_draft(self) -> bool:
        """Whether it was not handed in yet."""
        return self.submission_id is None


@cache
def _claims_seen(*, is_further: bool) -> AnySelect:
    is_draft = and_(Claim.submission_id.is_(None), EvidenceVersion.frozen_at.is_not(None))
    return (
        select(
            Claim.id,
            Claim.enrolment_unit_id,
            UnitVersion.title,
            Claim.criterion_id,
            PRESENT.id.label("present_id"),
            (PRESENT.text == CLAIMED.text).label("stands"),
            CLAIMED.code,
            CLAIMED.text,
            Claim.annotation,
            Claim.place,
            Claim.submission_id,
        )
        .join(EvidenceVersion, EvidenceVersion.id == Claim.evidence_version_id)
        .join(CLAIMED, CLAIMED.id == Claim.criterion_id)
        .join(EnrolmentUnit, EnrolmentUnit.id == Claim.enrolment_unit_id)
        .join(UnitVersion, UnitVersion.id == EnrolmentUnit.unit_version_id)
        .outerjoin(PRESENT, is_in_place())
        .where(
            Claim.evidence_version_id == bindparam("version_id", type_=Integer),
            is_draft if is_further else not_(is_draft),
        )
        .order_by(EnrolmentUnit.position, CLAIMED.position)
    )


def claims_seen(session: Session, version_id: int) -> list[ClaimSeen]:
    """What a version claims, in the order of units and criteria, with the decisions that are in effect.

    Of what was handed in only that with which it was. Two statements.
    """
    rows = read(session, _claims_seen(is_further=False), version_id=version_id).all()
    return _seen(rows, said_on(session, [row.id for row in rows]))


def further_seen(session: Session, version_id: int) -> list[ClaimSeen]:
    """The further claims on what was handed in that were not handed in themselves: its maker's alone. One statement."""
    return _seen(read(session, _claims_seen(is_further=True), version_id=version_id).all(), {})


def _seen(rows: Sequence[Any], said: Mapping[int, Said]) -> list[ClaimSeen]:
    return [
        ClaimSeen(
            claim_id=row.id,
            enrolment_unit_id=row.enrolment_unit_id,
            unit_title=row.title,
            criterion_id=row.criterion_id,
            present_id=row.present_id,
            stands=bool(row.stands),
            code=row.code,
            criterion=row.text,
            annotation=row.annotation,
            place=row.place,
            submission_id=row.submission_id,
            said=said.get(row.id),
        )
        for row in rows
    ]


def decided_on(session: Session, version_id: int) -> dict[int, ClaimSeen]:
    """A version's claims on which a decision is in effect, by the present criterion of each code."""
    claims = claims_seen(session, version_id)
    return {claim.present_id: claim for claim in claims if claim.said is not None and claim.present_id is not None}


@cache
def _awaiting_countersignature() -> AnySelect:
    return (
        select(SubmissionItem.evidence_version_id)
        .join(Submission, Submission.id == SubmissionItem.submission_id)
        .where(
            Submission.enrolment_id == bindparam("enrolment_id", type_=Integer),
            SubmissionItem.state == ItemState.COUNTERSIGN,
        )
    )


def awaiting_countersignature(session: Session, enrolment_id: int) -> frozenset[int]:
    """The versions on which a trainee has decided and nobody has countersigned yet, by id."""
    return frozenset(read(session, _awaiting_countersignature(), enrolment_id=enrolment_id).scalars())


@dataclass(frozen=True, slots=True)
class FeedbackRow:
    """What an assessor said of one item, in a review that is released and in effect. `on` is the criterion that the
    words are about, None when they are about the whole item.
    """

    evidence_id: int
    ref: str
    title: str
    text: str
    on: Coded | None
    met: int
    decided: int
    by: str
    at: datetime


@cache
def _latest_feedback() -> AnySelect:
    newest = (
        select(ItemReview.id)
        .join(SubmissionItem, SubmissionItem.id == ItemReview.submission_item_id)
        .join(Submission, Submission.id == SubmissionItem.submission_id)
        .join(EvidenceVersion, EvidenceVersion.id == SubmissionItem.evidence_version_id)
        .join(Evidence, Evidence.id == EvidenceVersion.evidence_id)
        .where(
            Submission.enrolment_id == bindparam("enrolment_id", type_=Integer),
            Evidence.hidden_at.is_(None),
            ItemReview.released_at.is_not(None),
            ItemReview.is_trainee.is_(False),
        )
        .order_by(ItemReview.released_at.desc(), ItemReview.id.desc())
        .limit(bindparam("most", type_=Integer))
        .subquery()
    )
    return (
        select(
            ItemReview.id,
            ItemReview.feedback,
            ItemReview.released_at,
            Person.name,
            Evidence.id.label("evidence_id"),
            Evidence.ref,
            EvidenceVersion.title,
            Judgement.outcome,
            Judgement.feedback.label("said"),
            Claim.enrolment_unit_id,
            Criterion.code,
        )
        .join(newest, newest.c.id == ItemReview.id)
        .join(SubmissionItem, SubmissionItem.id == ItemReview.submission_item_id)
        .join(EvidenceVersion, EvidenceVersion.id == SubmissionItem.evidence_version_id)
        .join(Evidence, Evidence.id == EvidenceVersion.evidence_id)
        .join(Person, Person.id == ItemReview.assessor_id)
        .join(Judgement, Judgement.review_id == ItemReview.id)
        .join(Claim, Claim.id == Judgement.claim_id)
        .join(Criterion, Criterion.id == Claim.criterion_id)
        .order_by(ItemReview.released_at.desc(), ItemReview.id.desc(), Judgement.id)
    )


def latest_feedback(session: Session, enrolment_id: int, *, most: int = FEEDBACK_SHOWN) -> list[FeedbackRow]:
    """The newest feedback that was released to a learner. Without words for the item, the first words on a criterion.

    Feedback on what is hidden is left out. One statement.
    """
    rows = read(session, _latest_feedback(), enrolment_id=enrolment_id, most=most).all()
    by_review: dict[int, list[Any]] = {}
    for row in rows:
        by_review.setdefault(row.id, []).append(row)
    return [_feedback_in(decided) for decided in by_review.values()]


def _feedback_in(decided: Sequence[Any]) -> FeedbackRow:
    """From a row for each criterion that a review decided."""
    first = decided[0]
    about = None if first.feedback else next((row for row in decided if row.said), None)
    return FeedbackRow(
        evidence_id=first.evidence_id,
        ref=first.ref,
        title=first.title,
        text=about.said if about else first.feedback,
        on=Coded(about.enrolment_unit_id, about.code) if about else None,
        met=sum(1 for row in decided if row.outcome is Outcome.MET),
        decided=len(decided),
        by=first.name,
        at=first.released_at,
    )


@dataclass(frozen=True, slots=True)
class Portfolio:
    """All that a learner's home shows of one enrolment. `mapped` and `awaiting` are by version id; what is mapped to
    nothing is not among the former.
    """

    units: tuple[UnitCoverage, ...]
    items: tuple[ItemRow, ...]
    mapped: Mapping[int, Mapped]
    awaiting: frozenset[int]
    feedback: tuple[FeedbackRow, ...]
    work: Worklist

    @property
    def tally(self) -> Tally:
        """How many criteria of all units stand in each state."""
        return sum((unit.tally for unit in self.units), Tally())


def portfolio_of(session: Session, enrolment_id: int, learner_id: int) -> Portfolio:
    """A learner's portfolio as it stands, with the drafts that are the learner's own. A fixed number of statements,
    and one more while something in these drafts is to be decided.
    """
    units = coverage_of(session, enrolment_id)
    items = items_of(session, enrolment_id, drafts_of=learner_id)
    claims = claims_in(session, enrolment_id, learner_id)
    wanting = [
        claim.claim_id
        for unit in units
        for covered in unit.criteria
        for claim in covered.claims
        if claim.decision is not None and claim.decision is not Outcome.MET
    ]
    unsent = {item.evidence_id for item in items if item.is_draft} | {claim.evidence_id for claim in claims.drafts}
    return Portfolio(
        units=tuple(units),
        items=tuple(items),
        mapped=claims.mapped,
        awaiting=awaiting_countersignature(session, enrolment_id),
        feedback=tuple(latest_feedback(session, enrolment_id)),
        work=worklist(
            items,
            claims.mapped,
            units,
            claims.drafts,
            said_on(session, wanting),
            standings_of(session, list(unsent & unclear_in(session, enrolment_id))) if unsent else {},
        ),
    )
