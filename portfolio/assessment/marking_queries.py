"""What an assessor sees of one item: what was handed in and claimed, what was noted on it, and what was said before.

A fixed number of statements, however many criteria.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from portfolio.accounts.models import Person
from portfolio.assessment.item_view import (
    Cell,
    ClaimView,
    EarlierDecision,
    EarlierReview,
    FileView,
    ItemView,
    ReviewView,
    cell,
    changes,
)
from portfolio.assessment.models import ItemReview, ReviewMark, Submission, SubmissionItem
from portfolio.assessment.rules import ItemState, Mark, SubmissionState, Varc
from portfolio.assessment.self_check import asked_in
from portfolio.criteria.models import Criterion, Guidance, GuidanceCriterion, UnitVersion
from portfolio.criteria.rules import GuidanceKind
from portfolio.db import AnySelect, read
from portfolio.enrolment.models import Enrolment, EnrolmentUnit
from portfolio.evidence.models import Evidence, EvidenceFile, EvidenceVersion
from portfolio.evidence.queries import sightings_of
from portfolio.evidence.rules import EMPTIED, Carrier
from portfolio.mapping.models import Claim
from portfolio.mapping.queries import CLAIMED, PRESENT, stands
from portfolio.storage.models import Blob

VERSIONS = bindparam("versions", type_=Integer, expanding=True)


def items_in(session: Session, within: Select[Any], ids: Sequence[int]) -> Sequence[SubmissionItem]:
    """The items of these that are `within`, one portfolio after the other, to be written to."""
    query = within.where(SubmissionItem.id.in_(ids)).join(SubmissionItem.submission)
    return session.scalars(query.order_by(Submission.enrolment_id, SubmissionItem.id)).all()


def item_view(session: Session, item_id: int) -> ItemView:
    """Everything about one item. Five statements; one more each for what was marked before and is held elsewhere."""
    head = read(session, _head(), item_id=item_id).one()
    claims = _claim_rows(session, head)
    files = _files(session, head)
    old_claims = {cell(row): row for row in claims if row.evidence_version_id == head.previous_id}
    new_claims = [row for row in claims if row.submission_id == head.submission_id]
    was_marked = head.no > 1 or head.is_further
    earlier = _earlier(session, head, {cell(row): row.text for row in new_claims}) if was_marked else []
    hints = _hints(session, [row.criterion_id for row in new_claims])
    return ItemView(
        item_id=head.id,
        state=head.state,
        is_further=head.is_further,
        asked=asked_in(head.self_check, head.ref),
        is_opened=head.submission_state is SubmissionState.OPENED,
        handed_in_at=head.submitted_at,
        enrolment_id=head.enrolment_id,
        learner=head.learner,
        author=head.author,
        author_id=head.author_id,
        evidence_id=head.evidence_id,
        ref=head.ref,
        title=head.title,
        method=head.method,
        carrier=head.carrier,
        custody=head.custody,
        sightings=tuple(sightings_of(session, head.evidence_id)) if head.carrier is Carrier.ELSEWHERE else (),
        version_id=head.version_id,
        version_no=head.no,
        amended=head.amended,
        event_on=head.event_on,
        context=head.context,
        role=head.role,
        body=head.body,
        notes=head.notes,
        files=tuple(view for view, is_current in files if is_current),
        claims=tuple(_claim(row, hints, earlier, old_claims, head) for row in new_claims),
        reviews=_reviews(session, item_id),
        earlier=tuple(earlier),
        previous_no=head.previous_no,
        changes=() if head.previous_id is None or head.is_further else changes(head, files, new_claims, old_claims),
    )


@cache
def _head() -> AnySelect:
    learner, author = aliased(Person), aliased(Person)
    previous, older = aliased(EvidenceVersion), aliased(EvidenceVersion)
    last_no = (
        select(func.max(older.no))
        .where(
            older.evidence_id == EvidenceVersion.evidence_id,
            older.no < EvidenceVersion.no,
            older.frozen_at.is_not(None),
            older.withdrawn_at.is_(None),
            or_(older.amended == 0, older.title != EMPTIED),
        )
        .correlate(EvidenceVersion)
        .scalar_subquery()
    )
    return (
        select(
            SubmissionItem.id,
            SubmissionItem.state,
            SubmissionItem.is_further,
            Submission.id.label("submission_id"),
            Submission.state.label("submission_state"),
            Submission.self_check,
            Submission.submitted_at,
            Submission.enrolment_id,
            learner.name.label("learner"),
            author.name.label("author"),
            Evidence.id.label("evidence_id"),
            Evidence.ref,
            Evidence.method,
            Evidence.carrier,
            Evidence.author_id,
            EvidenceVersion.id.label("version_id"),
            EvidenceVersion.no,
            EvidenceVersion.title,
            EvidenceVersion.event_on,
            EvidenceVersion.context,
            EvidenceVersion.role,
            EvidenceVersion.body,
            EvidenceVersion.custody,
            EvidenceVersion.notes,
            EvidenceVersion.amended,
            previous.id.label("previous_id"),
            previous.no.label("previous_no"),
            (previous.title != EvidenceVersion.title).label("title_changed"),
            (previous.context != EvidenceVersion.context).label("context_changed"),
            (previous.role != EvidenceVersion.role).label("role_changed"),
            (previous.body != EvidenceVersion.body).label("body_changed"),
            previous.custody.label("previous_custody"),
            previous.notes.label("previous_notes"),
            previous.event_on.label("previous_event_on"),
        )
        .join(SubmissionItem.submission)
        .join(Submission.enrolment)
        .join(learner, learner.id == Enrolment.learner_id)
        .join(SubmissionItem.version)
        .join(EvidenceVersion.evidence)
        .join(author, author.id == Evidence.author_id)
        .outerjoin(previous, and_(previous.evidence_id == Evidence.id, previous.no == last_no))
        .where(SubmissionItem.id == bindparam("item_id"))
    )


@cache
def _claims_of() -> AnySelect:
    return (
        select(
            Claim.id,
            Claim.evidence_version_id,
            Claim.submission_id,
            Claim.enrolment_unit_id,
            Claim.criterion_id,
            Claim.annotation,
            Claim.place,
            CLAIMED.code,
            CLAIMED.text,
            PRESENT.id.is_not(None).label("stands"),
            UnitVersion.title,
        )
        .join(CLAIMED, CLAIMED.id == Claim.criterion_id)
        .join(EnrolmentUnit, EnrolmentUnit.id == Claim.enrolment_unit_id)
        .join(UnitVersion, UnitVersion.id == EnrolmentUnit.unit_version_id)
        .outerjoin(PRESENT, stands())
        .where(
            Claim.evidence_version_id.in_(VERSIONS),
            Claim.submission_id.is_not(None),
        )
        .order_by(EnrolmentUnit.position, CLAIMED.position, Claim.id)
    )


def _claim_rows(session: Session, head: Any) -> Sequence[Any]:
    return read(session, _claims_of(), versions=[head.version_id, head.previous_id or head.version_id]).all()


@cache
def _files_of() -> AnySelect:
    return (
        select(
            EvidenceFile.id,
            EvidenceFile.version_id,
            EvidenceFile.blob_id,
            EvidenceFile.name,
            Blob.size,
            Blob.media_type,
        )
        .join(Blob, Blob.id == EvidenceFile.blob_id)
        .where(EvidenceFile.version_id.in_(VERSIONS))
        .order_by(EvidenceFile.id)
    )


def _files(session: Session, head: Any) -> list[tuple[FileView, bool]]:
    """The files of this version and of the one before, with whether each belongs to this one."""
    rows = read(session, _files_of(), versions=[head.version_id, head.previous_id or head.version_id]).all()
    ids: dict[bool, set[int]] = {True: set(), False: set()}
    for row in rows:
        ids[row.version_id == head.version_id].add(row.blob_id)
    return [
        (
            FileView(row.id, row.name, row.size, row.media_type, row.blob_id not in ids[not is_current]),
            is_current,
        )
        for row in rows
        for is_current in [row.version_id == head.version_id]
    ]


@cache
def _reviews_of() -> AnySelect:
    return (
        select(
            ItemReview.id,
            ItemReview.assessor_id,
            Person.name,
            ItemReview.is_trainee,
            ItemReview.valid,
            ItemReview.authentic,
            ItemReview.reliable,
            ItemReview.current,
            ItemReview.feedback,
            ItemReview.saved_at,
            ItemReview.released_at,
            ItemReview.rev,
            ReviewMark.claim_id,
            ReviewMark.outcome,
            ReviewMark.sufficient,
            ReviewMark.feedback.label("said"),
        )
        .join(Person, Person.id == ItemReview.assessor_id)
        .outerjoin(ReviewMark, ReviewMark.review_id == ItemReview.id)
        .where(ItemReview.submission_item_id == bindparam("item_id"))
        .order_by(ItemReview.id)
    )


def _reviews(session: Session, item_id: int) -> tuple[ReviewView, ...]:
    reviews: dict[int, tuple[Any, dict[int, Mark]]] = {}
    for row in read(session, _reviews_of(), item_id=item_id):
        marks = reviews.setdefault(row.id, (row, {}))[1]
        if row.claim_id is not None:
            marks[row.claim_id] = Mark(row.claim_id, row.outcome, row.sufficient, row.said)
    return tuple(
        ReviewView(
            review_id=row.id,
            assessor_id=row.assessor_id,
            assessor=row.name,
            is_trainee=row.is_trainee,
            varc=Varc(row.valid, row.authentic, row.reliable, row.current),
            feedback=row.feedback,
            saved_at=row.saved_at,
            released_at=row.released_at,
            rev=row.rev,
            marks=marks,
        )
        for row, marks in reviews.values()
    )


@cache
def _earlier_on() -> AnySelect:
    return (
        select(
            ItemReview.id,
            ItemReview.released_at,
            ItemReview.feedback.label("overall"),
            Person.name,
            EvidenceVersion.no,
            Claim.enrolment_unit_id,
            Criterion.code,
            Criterion.text,
            ReviewMark.outcome,
            ReviewMark.feedback,
            UnitVersion.title,
        )
        .join(Person, Person.id == ItemReview.assessor_id)
        .join(SubmissionItem, SubmissionItem.id == ItemReview.submission_item_id)
        .join(EvidenceVersion, EvidenceVersion.id == SubmissionItem.evidence_version_id)
        .join(ReviewMark, ReviewMark.review_id == ItemReview.id)
        .join(Claim, Claim.id == ReviewMark.claim_id)
        .join(Criterion, Criterion.id == Claim.criterion_id)
        .join(EnrolmentUnit, EnrolmentUnit.id == Claim.enrolment_unit_id)
        .join(UnitVersion, UnitVersion.id == EnrolmentUnit.unit_version_id)
        .where(
            EvidenceVersion.evidence_id == bindparam("evidence_id"),
            or_(
                EvidenceVersion.no < bindparam("no"),
                and_(EvidenceVersion.no == bindparam("no"), SubmissionItem.id < bindparam("item_id")),
            ),
            SubmissionItem.state == ItemState.RELEASED,
            ItemReview.released_at.is_not(None),
            ItemReview.is_trainee.is_(False),
        )
        .order_by(EvidenceVersion.no.desc(), ItemReview.id.desc(), EnrolmentUnit.position, Criterion.position)
    )


def _earlier(session: Session, head: Any, wording: Mapping[Cell, str]) -> list[EarlierReview]:
    """The released reviews of earlier versions, and of this one when further criteria came with it; newest first.

    `wording` is that of this item's claims.
    """
    rows = read(session, _earlier_on(), evidence_id=head.evidence_id, no=head.no, item_id=head.id).all()
    decisions: dict[int, list[EarlierDecision]] = {}
    for row in rows:
        is_reworded = wording.get(cell(row), row.text) != row.text
        decision = EarlierDecision(
            row.enrolment_unit_id, row.code, row.text, row.outcome, row.feedback, is_reworded, row.title
        )
        decisions.setdefault(row.id, []).append(decision)
    heads = {row.id: row for row in rows}
    return [
        EarlierReview(heads[id_].no, heads[id_].name, heads[id_].released_at, heads[id_].overall, tuple(made))
        for id_, made in decisions.items()
    ]


@cache
def _hints_on() -> AnySelect:
    return (
        select(GuidanceCriterion.criterion_id, Guidance.kind, Guidance.text)
        .join(Guidance, Guidance.id == GuidanceCriterion.guidance_id)
        .where(
            GuidanceCriterion.criterion_id.in_(bindparam("criteria", expanding=True)),
            Guidance.kind.in_([GuidanceKind.MARKING_POINT, GuidanceKind.COMMON_MISTAKE]),
        )
        .order_by(Guidance.position)
    )


def _hints(session: Session, criterion_ids: Collection[int]) -> dict[tuple[int, GuidanceKind], list[str]]:
    rows = read(session, _hints_on(), criteria=list(criterion_ids))
    hints: dict[tuple[int, GuidanceKind], list[str]] = {}
    for criterion_id, kind, text in rows:
        hints.setdefault((criterion_id, kind), []).append(text)
    return hints


def _claim(
    row: Any,
    hints: Mapping[tuple[int, GuidanceKind], list[str]],
    earlier: Sequence[EarlierReview],
    old_claims: Mapping[Cell, Any],
    head: Any,
) -> ClaimView:
    said = ((d, review.version_no) for review in earlier for d in review.decisions if cell(d) == cell(row))
    decision, number = next(said, (None, 0))
    news, old = "", old_claims.get(cell(row))
    if head.previous_id is not None and not head.is_further:
        news = "new" if old is None else "changed" if old.annotation != row.annotation else ""
    return ClaimView(
        claim_id=row.id,
        enrolment_unit_id=row.enrolment_unit_id,
        criterion_id=row.criterion_id,
        code=row.code,
        text=row.text,
        unit_title=row.title,
        annotation=row.annotation,
        place=row.place,
        marking_points=tuple(hints.get((row.criterion_id, GuidanceKind.MARKING_POINT), ())),
        mistakes=tuple(hints.get((row.criterion_id, GuidanceKind.COMMON_MISTAKE), ())),
        earlier=decision,
        earlier_no=number,
        news=news,
        is_reworded=old is not None and old.text != row.text,
        stands=row.stands,
    )
