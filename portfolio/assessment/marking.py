"""Opening, marking, releasing and countersigning. Until release a review may be corrected; a judgement never is."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.assessment.models import ItemReview, Judgement, ReviewMark, SubmissionItem
from portfolio.assessment.rules import (
    FEEDBACK_MOST,
    ItemState,
    Mark,
    SubmissionState,
    Varc,
    check_countersigner,
    check_mark,
    check_separation,
)
from portfolio.audit import streams
from portfolio.audit.events import facts_digest
from portfolio.enrolment.actions import lock
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.rules import Duty
from portfolio.errors import Conflict, Forbidden, InvalidState, Rejected
from portfolio.evidence.rules import EvidenceState
from portfolio.mapping.models import Claim
from portfolio.mapping.rules import Outcome


def open_item(session: Session, actor: Actor, item: SubmissionItem) -> None:
    """The assessor begins with an item: from now on the learner cannot withdraw the submission. Once is enough."""
    _may_judge(actor, item)
    enrolment = lock(session, item.submission.enrolment_id)
    submission = item.submission
    session.refresh(submission, with_for_update=True)
    if submission.state is SubmissionState.WITHDRAWN:
        raise InvalidState("The learner has withdrawn this.")
    if submission.state is SubmissionState.OPENED:
        raise InvalidState("This has been opened already.")
    submission.state, submission.opened_at = SubmissionState.OPENED, clock.now()
    session.flush()
    streams.record(
        session, actor, "submission.open", streams.named(submission), stream_id=enrolment.stream_id,
        text={"no": submission.no},
    )  # fmt: skip


def _may_judge(actor: Actor, item: SubmissionItem) -> None:
    check_separation(
        person_id=actor.person_id,
        learner_id=item.submission.enrolment.learner_id,
        author_id=item.version.evidence.author_id,
    )


def claims_on(session: Session, item: SubmissionItem) -> list[Claim]:
    """The claims that were handed in with an item, in the order of their criteria."""
    return list(
        session.scalars(
            select(Claim)
            .where(Claim.evidence_version_id == item.evidence_version_id, Claim.submission_id == item.submission_id)
            .order_by(Claim.enrolment_unit_id, Claim.criterion_id)
        )
    )


def save_review(
    session: Session,
    actor: Actor,
    item: SubmissionItem,
    *,
    varc: Varc,
    marks: Sequence[Mark],
    feedback: str,
    rev: int = 0,
) -> ItemReview:
    """Keep what an assessor has noted. The learner sees nothing of it. `rev` is the review's when it was read, 0 for none.

    Raises Conflict when the review changed in between, InvalidState when it was released, Rejected for a bad mark.
    """
    _may_judge(actor, item)
    enrolment = lock(session, item.submission.enrolment_id)
    session.refresh(item, with_for_update=True)
    _check_state(item)
    if item.state is ItemState.COUNTERSIGN:
        trainee_id = _trainee_review(item).assessor_id
        check_countersigner(person_id=actor.person_id, trainee_id=trainee_id, is_qualified=actor.is_qualified)
    claims = {claim.id: claim for claim in claims_on(session, item)}
    _check_marks(varc, marks, claims, feedback)
    _check_allocated(actor, enrolment, [claims[mark.claim_id] for mark in marks if mark.outcome is not None])
    review = review_by(item, actor.person_id)
    if review is None:
        review = ItemReview(submission_item_id=item.id, assessor_id=actor.person_id, is_trainee=actor.is_trainee)
        review.countersigns_id = _trainee_review(item).id if item.state is ItemState.COUNTERSIGN else None
        session.add(review)
    elif review.rev != rev:
        raise Conflict("You changed this review in another window.", {"feedback": review.feedback})
    if review.released_at is not None:
        raise InvalidState("This review has been released. The learner can revise the item and hand it in again.")
    review.valid, review.authentic = varc.valid, varc.authentic
    review.reliable, review.current = varc.reliable, varc.current
    review.feedback, review.saved_at = feedback.strip(), clock.now()
    session.flush()
    _write_marks(session, review, marks)
    session.expire(item, ["reviews"])
    streams.record(
        session,
        actor,
        "review.save",
        streams.named(review),
        stream_id=enrolment.stream_id,
        text={"ref": item.version.evidence.ref, "count": len(marks), "digest": facts_digest(_review_facts(review))},
    )
    return review


def _check_state(item: SubmissionItem) -> None:
    if item.state is ItemState.WITHDRAWN:
        raise InvalidState("The learner has withdrawn this.")
    if item.state is ItemState.RELEASED:
        raise InvalidState("Feedback on this has been released. The learner can revise the item and hand it in again.")


def _check_marks(varc: Varc, marks: Sequence[Mark], claims: dict[int, Claim], feedback: str) -> None:
    if len(feedback) > FEEDBACK_MOST:
        raise Rejected(f"Keep the feedback to {FEEDBACK_MOST} characters.", "feedback")
    for mark in marks:
        if mark.claim_id not in claims:
            raise Rejected("One of the criteria was not handed in with this item. Load the page again.")
        if len(mark.feedback) > FEEDBACK_MOST:
            raise Rejected(f"Keep the feedback to {FEEDBACK_MOST} characters.", f"feedback-{mark.claim_id}")
        if mark.outcome is not None:
            check_mark(varc, mark, claims[mark.claim_id].criterion.code)


def _check_allocated(actor: Actor, enrolment: Enrolment, claims: Sequence[Claim]) -> None:
    """An assessor who is allocated to one unit judges that unit's criteria only."""
    today = clock.today()
    units = {
        a.enrolment_unit_id
        for a in enrolment.allocations
        if a.person_id == actor.person_id and a.duty in {Duty.ASSESS, Duty.COUNTERSIGN} and a.is_open(today)
    }
    if None not in units and any(claim.enrolment_unit_id not in units for claim in claims):
        raise Forbidden("You are allocated to another unit of this learner.")


def review_by(item: SubmissionItem, person_id: int) -> ItemReview | None:
    """The person's own review of an item."""
    return next((review for review in item.reviews if review.assessor_id == person_id), None)


def _trainee_review(item: SubmissionItem) -> ItemReview:
    return next(review for review in item.reviews if review.is_trainee and review.released_at is not None)


def _write_marks(session: Session, review: ItemReview, marks: Sequence[Mark]) -> None:
    rows = {row.claim_id: row for row in session.scalars(select(ReviewMark).where(ReviewMark.review_id == review.id))}
    for mark in marks:
        row = rows.get(mark.claim_id)
        if row is None:
            row = ReviewMark(review_id=review.id, claim_id=mark.claim_id)
            session.add(row)
        row.outcome, row.sufficient, row.feedback = mark.outcome, mark.is_sufficient, mark.feedback.strip()
    session.flush()
    session.expire(review, ["marks"])


def _review_facts(review: ItemReview) -> dict[str, object]:
    marks = [[m.claim_id, m.outcome.value if m.outcome else "", m.sufficient, m.feedback] for m in review.marks]
    ticks = [review.valid, review.authentic, review.reliable, review.current]
    return {"varc": ticks, "feedback": review.feedback, "marks": sorted(marks)}


def release(session: Session, actor: Actor, item: SubmissionItem) -> list[Judgement]:
    """Make the judgements of a review, all of an item's claims at once, and show them to the learner.

    A trainee's are not effective: they wait for a countersignature, and the learner does not see them.
    """
    _may_judge(actor, item)
    enrolment = lock(session, item.submission.enrolment_id)
    session.refresh(item, with_for_update=True)
    _check_state(item)
    if item.state is ItemState.COUNTERSIGN:
        raise InvalidState("A trainee's decision on this awaits countersignature.")
    review = review_by(item, actor.person_id)
    if review is None:
        raise InvalidState("There is nothing to release yet: mark the item first.")
    judgements = _judge(session, actor, item, review, is_effective=not review.is_trainee)
    item.state = ItemState.COUNTERSIGN if review.is_trainee else ItemState.RELEASED
    _finish(session, actor, enrolment, item, review, judgements, "review.release")
    return judgements


def countersign(session: Session, actor: Actor, item: SubmissionItem) -> list[Judgement]:
    """A qualified assessor's own review of what a trainee decided takes effect in the trainee's place.

    Without a review of their own they agree: the trainee's marks are taken over as they stand.
    """
    _may_judge(actor, item)
    enrolment = lock(session, item.submission.enrolment_id)
    session.refresh(item, with_for_update=True)
    if item.state is not ItemState.COUNTERSIGN:
        raise InvalidState("Nothing on this item awaits a countersignature.")
    trainee = _trainee_review(item)
    check_countersigner(person_id=actor.person_id, trainee_id=trainee.assessor_id, is_qualified=actor.is_qualified)
    review = review_by(item, actor.person_id) or _agree(session, actor, item, trainee)
    review.countersigns_id = trainee.id
    judgements = _judge(session, actor, item, review, is_effective=True)
    item.state = ItemState.RELEASED
    _finish(session, actor, enrolment, item, review, judgements, "review.countersign")
    return judgements


def _agree(session: Session, actor: Actor, item: SubmissionItem, trainee: ItemReview) -> ItemReview:
    review = ItemReview(
        submission_item_id=item.id,
        assessor_id=actor.person_id,
        valid=trainee.valid,
        authentic=trainee.authentic,
        reliable=trainee.reliable,
        current=trainee.current,
        feedback=trainee.feedback,
        saved_at=clock.now(),
    )
    session.add(review)
    session.flush()
    _write_marks(session, review, [Mark(m.claim_id, m.outcome, m.sufficient, m.feedback) for m in trainee.marks])
    session.expire(item, ["reviews"])
    return review


def _judge(
    session: Session, actor: Actor, item: SubmissionItem, review: ItemReview, *, is_effective: bool
) -> list[Judgement]:
    claims = claims_on(session, item)
    marks = {mark.claim_id: mark for mark in review.marks}
    decided = {claim_id: mark.outcome for claim_id, mark in marks.items() if mark.outcome is not None}
    open_codes = [claim.criterion.code for claim in claims if claim.id not in decided]
    if open_codes:
        raise Rejected(f"Decide {', '.join(open_codes)} before you release.", "outcome")
    varc = Varc(review.valid, review.authentic, review.reliable, review.current)
    now, judgements = clock.now(), []
    for claim in claims:
        mark, outcome = marks[claim.id], decided[claim.id]
        check_mark(varc, Mark(claim.id, outcome, mark.sufficient, mark.feedback), claim.criterion.code)
        judgements.append(_new_judgement(session, actor, claim, review, mark, outcome))
        judgements[-1].decided_at = now
        judgements[-1].effective_at = now if is_effective else None
        judgements[-1].digest = facts_digest(judgement_facts(judgements[-1], claim))
    session.add_all(judgements)
    session.flush()
    return judgements


def _new_judgement(
    session: Session, actor: Actor, claim: Claim, review: ItemReview, mark: ReviewMark, outcome: Outcome
) -> Judgement:
    before = session.scalars(
        select(Judgement).where(Judgement.claim_id == claim.id).order_by(Judgement.no.desc()).limit(1)
    ).first()
    return Judgement(
        claim_id=claim.id,
        review_id=review.id,
        no=before.no + 1 if before else 1,
        assessor_id=actor.person_id,
        outcome=outcome,
        sufficient=mark.sufficient,
        feedback=mark.feedback,
        supersedes_id=before.id if before else None,
    )


def judgement_facts(judgement: Judgement, claim: Claim) -> dict[str, object]:
    """Everything about a judgement that must stay as it was, for its digest."""
    return {
        "claim": claim.uid,
        "no": judgement.no,
        "assessor": judgement.assessor_id,
        "outcome": judgement.outcome.value,
        "sufficient": judgement.sufficient,
        "feedback": judgement.feedback,
        "decided_at": judgement.decided_at.isoformat(timespec="microseconds"),
        "is_effective": judgement.effective_at is not None,
    }


def _finish(
    session: Session,
    actor: Actor,
    enrolment: Enrolment,
    item: SubmissionItem,
    review: ItemReview,
    judgements: Sequence[Judgement],
    verb: str,
) -> None:
    review.released_at = clock.now()
    if item.state is ItemState.RELEASED:
        item.version.evidence.state = EvidenceState.MARKED
    session.flush()
    session.expire(item, ["reviews"])
    streams.record(
        session,
        actor,
        verb,
        streams.named(review),
        stream_id=enrolment.stream_id,
        text={
            "ref": item.version.evidence.ref,
            "decisions": [f"{j.claim.criterion.code} {j.outcome.value}" for j in judgements],
            "digests": [j.digest for j in judgements],
        },
    )
