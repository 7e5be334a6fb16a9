"""Opening, marking, releasing and countersigning. Until release a review may be corrected; a judgement never is.

A review is saved as it is typed, however unfinished, and without an event; what it needs is asked for at its release.
"""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, contains_eager, selectinload

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.assessment.decided_queries import state_of
from portfolio.assessment.models import ItemReview, Judgement, MarkingPresence, ReviewMark, SubmissionItem
from portfolio.assessment.rules import (
    ItemState,
    Mark,
    SubmissionState,
    Varc,
    check_countersigner,
    check_separation,
    faults_in,
    too_long_in,
    undecided_in,
)
from portfolio.assessment.signing_off import refuse_signed
from portfolio.assessment.telling import tell_decided
from portfolio.audit import streams
from portfolio.audit.events import facts_digest, in_full
from portfolio.criteria.models import Criterion
from portfolio.db import hold
from portfolio.enrolment.actions import held, lock
from portfolio.enrolment.models import Enrolment, EnrolmentUnit
from portfolio.enrolment.rules import Duty
from portfolio.errors import Conflict, Forbidden, InvalidState, Rejected
from portfolio.evidence.actions import check_shown
from portfolio.evidence.rules import BY_ASSESSOR
from portfolio.mapping.models import Claim
from portfolio.mapping.rules import Coded, in_codes


def _hold(session: Session, actor: Actor, item: SubmissionItem, *, is_note: bool = False) -> Enrolment:
    """The item and its reviews as they are now, held until the transaction ends. Refuses whoever's own work it is.

    A note (`is_note`) leaves the portfolio's version alone: nobody who looks at the portfolio sees it. What an assessor
    recorded of a learner is the learner's work, so its recorder may judge it.
    """
    evidence, learner_id = item.version.evidence, item.submission.enrolment.learner_id
    check_separation(
        person_id=actor.person_id,
        learner_id=learner_id,
        author_id=learner_id if evidence.method in BY_ASSESSOR else evidence.author_id,
    )
    enrolment = (held if is_note else lock)(session, item.submission.enrolment_id)
    session.refresh(evidence)
    check_shown(evidence)
    hold(session, item)
    hold(session, item.submission)
    session.scalars(
        select(ItemReview)
        .where(ItemReview.submission_item_id == item.id)
        .options(selectinload(ItemReview.marks))
        .execution_options(populate_existing=True)
    ).all()
    return enrolment


def _check_turn(item: SubmissionItem) -> None:
    """Judging goes on between the opening of a submission and the release of its item."""
    if item.state is ItemState.WITHDRAWN:
        raise InvalidState("This has been withdrawn.")
    if item.state is ItemState.RELEASED:
        raise InvalidState("Feedback on this has been released. Whoever made it can revise it and hand it in again.")
    if item.submission.state is not SubmissionState.OPENED:
        raise InvalidState("Start marking first, so that this can no longer be withdrawn.")


def open_item(session: Session, actor: Actor, item: SubmissionItem) -> None:
    """The assessor begins with an item: from now on the learner cannot withdraw the submission. Once is enough."""
    enrolment = _hold(session, actor, item)
    submission = item.submission
    if submission.state is SubmissionState.WITHDRAWN:
        raise InvalidState("This has been withdrawn.")
    if submission.state is SubmissionState.OPENED:
        raise InvalidState("This has been opened already.")
    _check_allocated(actor, enrolment, item, claims_on(session, item))
    submission.state, submission.opened_at = SubmissionState.OPENED, clock.now()
    session.flush()
    streams.record(
        session,
        actor,
        "submission.open",
        streams.named(submission),
        stream_id=enrolment.stream_id,
        text={"no": submission.no},
    )


def claims_on(session: Session, item: SubmissionItem) -> list[Claim]:
    """The claims that were handed in with an item, in the order of units and criteria."""
    return list(
        session.scalars(
            select(Claim)
            .join(Claim.criterion)
            .join(Claim.enrolment_unit)
            .options(contains_eager(Claim.criterion))
            .where(Claim.evidence_version_id == item.evidence_version_id, Claim.submission_id == item.submission_id)
            .order_by(EnrolmentUnit.position, Criterion.position, Claim.id)
        )
    )


def names_of(claims: Sequence[Claim]) -> dict[int, str]:
    """What the criteria of these claims are called, by claim: by their codes, with the unit where there are several."""
    coded = {claim.id: Coded(claim.enrolment_unit_id, claim.criterion.code) for claim in claims}
    among = [Coded(unit_id, "") for unit_id in {one.unit_id for one in coded.values()}]
    titles = {one.enrolment_unit_id: one.enrolment_unit.unit.title for one in claims} if len(among) > 1 else {}
    return {id_: in_codes([one], titles, among=among) for id_, one in coded.items()}


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
    """Keep what an assessor has noted, finished or not. The learner sees nothing of it, and the trail says nothing.

    `rev` is the review's when it was read, 0 for none. Raises Conflict when the review changed in between, InvalidState
    when it was released, Rejected for what cannot be kept at all.
    """
    enrolment = _hold(session, actor, item, is_note=True)
    _check_turn(item)
    if item.state is ItemState.COUNTERSIGN:
        trainee_id = _trainee_review(item).assessor_id
        check_countersigner(person_id=actor.person_id, trainee_id=trainee_id, is_qualified=actor.is_qualified)
    claims = {claim.id: claim for claim in claims_on(session, item)}
    _check_marks(marks, claims, feedback)
    _check_allocated(actor, enrolment, item, list(claims.values()))
    review = review_by(item, actor.person_id)
    if review is None:
        review = ItemReview(submission_item_id=item.id, assessor_id=actor.person_id)
        session.add(review)
    elif review.rev != rev:
        raise Conflict("You saved this review in another window while you were here.", {"feedback": review.feedback})
    review.is_trainee = actor.is_trainee
    review.countersigns_id = _trainee_review(item).id if item.state is ItemState.COUNTERSIGN else None
    review.valid, review.authentic = varc.valid, varc.authentic
    review.reliable, review.current = varc.reliable, varc.current
    review.feedback, review.saved_at = feedback.strip(), clock.now()
    session.flush()
    _write_marks(session, review, marks)
    session.expire(item, ["reviews"])
    _be_seen(session, actor, item)
    return review


def _check_marks(marks: Sequence[Mark], claims: dict[int, Claim], feedback: str) -> None:
    if any(mark.claim_id not in claims for mark in marks):
        raise Rejected("One of the criteria was not handed in with this item. Load the page again.")
    for fault in too_long_in(feedback, marks, {id_: claim.criterion.code for id_, claim in claims.items()}):
        raise fault


def _check_allocated(actor: Actor, enrolment: Enrolment, item: SubmissionItem, claims: Sequence[Claim]) -> None:
    """Only who is allocated today: to the whole enrolment, or to the unit of each of the item's claims."""
    today, duty = clock.today(), Duty.COUNTERSIGN if item.state is ItemState.COUNTERSIGN else Duty.ASSESS
    units = {
        a.enrolment_unit_id
        for a in enrolment.allocations
        if a.person_id == actor.person_id and a.duty is duty and a.is_open(today)
    }
    if not units:
        raise Forbidden("You are not allocated to this {learner} for this.")
    if None not in units and any(claim.enrolment_unit_id not in units for claim in claims):
        raise Forbidden("You are allocated to another {unit} of this {learner}.")


def be_here(session: Session, actor: Actor, item: SubmissionItem) -> None:
    """The actor has the item open to mark it: others are told, nobody is held back, and the trail says nothing.

    Raises InvalidState once there is nothing left to mark.
    """
    if item.state in {ItemState.RELEASED, ItemState.WITHDRAWN}:
        raise InvalidState("There is nothing left to mark here.")
    _be_seen(session, actor, item)


def _be_seen(session: Session, actor: Actor, item: SubmissionItem) -> None:
    same = select(MarkingPresence).where(
        MarkingPresence.submission_item_id == item.id, MarkingPresence.person_id == actor.person_id
    )
    row, now = session.scalar(same), clock.now()
    if row is None:
        try:
            with session.begin_nested():
                session.add(MarkingPresence(submission_item_id=item.id, person_id=actor.person_id, seen_at=now))
        except IntegrityError:
            row = session.scalars(same).one()
    if row is not None:
        row.seen_at = now
    session.flush()


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


def review_facts(review: ItemReview) -> dict[str, object]:
    """Everything that a review says, for its digest."""
    marks = [[m.claim_id, m.outcome.value if m.outcome else "", m.sufficient, m.feedback] for m in review.marks]
    return {
        "item": review.submission_item_id,
        "assessor": review.assessor_id,
        "is_trainee": review.is_trainee,
        "countersigns": review.countersigns_id,
        "varc": [review.valid, review.authentic, review.reliable, review.current],
        "feedback": review.feedback,
        "marks": sorted(marks),
        "released_at": in_full(review.released_at),
    }


def release(session: Session, actor: Actor, item: SubmissionItem) -> list[Judgement]:
    """Make the judgements of a review, all of an item's claims at once, and show them to the learner.

    A trainee's are not effective: they wait for a countersignature, and the learner does not see them.
    """
    enrolment = _hold(session, actor, item)
    _check_turn(item)
    if item.state is ItemState.COUNTERSIGN:
        raise InvalidState("{A trainee assessor}'s decision on this awaits countersignature.")
    review = review_by(item, actor.person_id)
    if review is None:
        raise InvalidState("There is nothing to release yet: mark the item first.")
    review.is_trainee = actor.is_trainee
    judgements = _judge(session, actor, enrolment, item, review, is_effective=not actor.is_trainee)
    item.state = ItemState.COUNTERSIGN if actor.is_trainee else ItemState.RELEASED
    _finish(session, actor, enrolment, item, review, judgements, verb="review.release")
    return judgements


def countersign(session: Session, actor: Actor, item: SubmissionItem) -> list[Judgement]:
    """A qualified assessor's own review of what a trainee decided takes effect in the trainee's place.

    Without a review of their own they agree: the trainee's marks are taken over as they stand.
    """
    enrolment = _hold(session, actor, item)
    if item.state is not ItemState.COUNTERSIGN:
        raise InvalidState("Nothing on this item awaits a countersignature.")
    trainee = _trainee_review(item)
    check_countersigner(person_id=actor.person_id, trainee_id=trainee.assessor_id, is_qualified=actor.is_qualified)
    review = review_by(item, actor.person_id) or _agree(session, actor, item, trainee)
    review.countersigns_id, review.is_trainee = trainee.id, False
    judgements = _judge(session, actor, enrolment, item, review, is_effective=True)
    item.state = ItemState.RELEASED
    _finish(session, actor, enrolment, item, review, judgements, verb="review.countersign")
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
    _write_marks(session, review, [_noted(mark) for mark in trainee.marks])
    session.expire(item, ["reviews"])
    return review


def _noted(row: ReviewMark) -> Mark:
    return Mark(row.claim_id, row.outcome, row.sufficient, row.feedback)


def _judge(
    session: Session,
    actor: Actor,
    enrolment: Enrolment,
    item: SubmissionItem,
    review: ItemReview,
    *,
    is_effective: bool,
) -> list[Judgement]:
    claims = claims_on(session, item)
    _check_allocated(actor, enrolment, item, claims)
    refuse_signed(session, {claim.enrolment_unit_id for claim in claims})
    codes = names_of(claims)
    marks = {row.claim_id: _noted(row) for row in review.marks if row.claim_id in codes}
    varc = Varc(review.valid, review.authentic, review.reliable, review.current)
    noted = list(marks.values())
    for fault in [*undecided_in(noted, codes), *faults_in(varc, noted, codes)]:
        raise fault
    newest = _newest_judgements(session, list(codes))
    now, judgements = clock.now(), []
    for claim in claims:
        mark, before = marks[claim.id], newest.get(claim.id)
        judgement = Judgement(
            claim=claim,
            review_id=review.id,
            no=before.no + 1 if before else 1,
            assessor_id=actor.person_id,
            outcome=mark.outcome,
            sufficient=mark.is_sufficient,
            feedback=mark.feedback,
            decided_at=now,
            effective_at=now if is_effective else None,
            supersedes_id=before.id if before else None,
        )
        judgement.digest = facts_digest(judgement_facts(judgement, claim))
        judgements.append(judgement)
    session.add_all(judgements)
    session.flush()
    return judgements


def _newest_judgements(session: Session, claim_ids: Sequence[int]) -> dict[int, Judgement]:
    rows = session.scalars(select(Judgement).where(Judgement.claim_id.in_(claim_ids)).order_by(Judgement.no))
    return {row.claim_id: row for row in rows}


def judgement_facts(judgement: Judgement, claim: Claim) -> dict[str, object]:
    """Everything about a judgement that must stay as it was, for its digest."""
    return {
        "claim": claim.uid,
        "review": judgement.review_id,
        "no": judgement.no,
        "supersedes": judgement.supersedes_id,
        "assessor": judgement.assessor_id,
        "outcome": judgement.outcome.value,
        "sufficient": judgement.sufficient,
        "feedback": judgement.feedback,
        "decided_at": in_full(judgement.decided_at),
        "effective_at": in_full(judgement.effective_at),
    }


def _finish(
    session: Session,
    actor: Actor,
    enrolment: Enrolment,
    item: SubmissionItem,
    review: ItemReview,
    judgements: Sequence[Judgement],
    *,
    verb: str,
) -> None:
    review.released_at = clock.now()
    if item.state is ItemState.RELEASED:
        session.flush()
        item.version.evidence.state = state_of(session, item.version.evidence)
    session.execute(delete(MarkingPresence).where(MarkingPresence.submission_item_id == item.id))
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
            "review": facts_digest(review_facts(review)),
        },
    )
    tell_decided(session, actor, enrolment, item, review)
