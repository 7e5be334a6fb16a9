"""Who is told what happens in a portfolio. A notice names items by reference and units by code; who reads it learns the
rest from what they may see then. Whoever caused it is not told.
"""

from collections.abc import Collection

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.assessment.models import ItemReview, Submission, SubmissionItem
from portfolio.assessment.rules import ItemState
from portfolio.enrolment.models import Allocation, Enrolment, EnrolmentUnit
from portfolio.enrolment.rules import Duty
from portfolio.evidence.models import Evidence, EvidenceVersion
from portfolio.mapping.models import Claim
from portfolio.notices.actions import settle, tell
from portfolio.notices.rules import NoticeKind

WAITS = {NoticeKind.SUBMITTED: ItemState.WAITING, NoticeKind.COUNTERSIGN: ItemState.COUNTERSIGN}
"""The state in which an item is what these kinds tell of."""


def _about(enrolment: Enrolment) -> tuple[str, int]:
    return Enrolment.__tablename__, enrolment.id


def allocated(
    session: Session, enrolment_id: int, duty: Duty, *, enrolment_unit_ids: Collection[int] | None = None
) -> list[int]:
    """Who has the duty today, towards the whole enrolment or towards one of these units of it."""
    today = clock.today()
    return list(
        session.scalars(
            select(Allocation.person_id)
            .where(
                Allocation.enrolment_id == enrolment_id,
                Allocation.duty == duty,
                Allocation.since <= today,
                or_(Allocation.until.is_(None), Allocation.until > today),
                or_(Allocation.enrolment_unit_id.is_(None), Allocation.enrolment_unit_id.in_(enrolment_unit_ids or ())),
            )
            .distinct()
        )
    )


def _units_of(session: Session, *handed_in: ColumnElement[bool]) -> set[int]:
    """The units that claims which were handed in are about."""
    return set(session.scalars(select(Claim.enrolment_unit_id).where(*handed_in).distinct()))


def tell_submitted(session: Session, actor: Actor, enrolment: Enrolment, submission: Submission) -> None:
    """Something waits for the assessors of the learner, and of the units concerned."""
    refs = session.scalars(
        select(Evidence.ref)
        .join(EvidenceVersion, EvidenceVersion.evidence_id == Evidence.id)
        .join(SubmissionItem, SubmissionItem.evidence_version_id == EvidenceVersion.id)
        .where(SubmissionItem.submission_id == submission.id)
        .order_by(Evidence.id)
    )
    units = _units_of(session, Claim.submission_id == submission.id)
    tell(
        session,
        person_ids=allocated(session, enrolment.id, Duty.ASSESS, enrolment_unit_ids=units),
        by=actor.person_id,
        centre_id=enrolment.centre_id,
        kind=NoticeKind.SUBMITTED,
        about=_about(enrolment),
        facts={"refs": list(refs)},
    )


def tell_withdrawn(session: Session, enrolment: Enrolment, refs: Collection[str]) -> None:
    """These were taken back: an item of which nothing else waits does so no longer."""
    _settle(session, enrolment, NoticeKind.SUBMITTED, refs)


def _settle(session: Session, enrolment: Enrolment, kind: NoticeKind, refs: Collection[str]) -> None:
    """Of these items this was seen to. One that was handed in more than once waits while any of it does."""
    query = (
        select(Evidence.ref)
        .join(EvidenceVersion, EvidenceVersion.evidence_id == Evidence.id)
        .join(SubmissionItem, SubmissionItem.evidence_version_id == EvidenceVersion.id)
        .where(Evidence.enrolment_id == enrolment.id, Evidence.ref.in_(refs), SubmissionItem.state == WAITS[kind])
    )
    waiting = set(session.scalars(query))
    seen_to = [ref for ref in refs if ref not in waiting]
    settle(session, centre_id=enrolment.centre_id, kind=kind, about=_about(enrolment), refs=seen_to)


def tell_decided(
    session: Session, actor: Actor, enrolment: Enrolment, item: SubmissionItem, review: ItemReview
) -> None:
    """A review was released: by a trainee, so that it waits for its countersignature; or to the learner."""
    ref, about = item.version.evidence.ref, _about(enrolment)
    settled = NoticeKind.COUNTERSIGN if review.countersigns_id else NoticeKind.SUBMITTED
    _settle(session, enrolment, settled, [ref])
    if item.state is ItemState.COUNTERSIGN:
        units = _units_of(
            session,
            Claim.submission_id == item.submission_id,
            Claim.evidence_version_id == item.evidence_version_id,
        )
        told = {NoticeKind.COUNTERSIGN: allocated(session, enrolment.id, Duty.COUNTERSIGN, enrolment_unit_ids=units)}
    else:
        told = {NoticeKind.FEEDBACK: [enrolment.learner_id]}
    if review.countersigns_id:
        told[NoticeKind.COUNTERSIGNED] = [session.get_one(ItemReview, review.countersigns_id).assessor_id]
    for kind, person_ids in told.items():
        tell(
            session,
            person_ids=person_ids,
            by=actor.person_id,
            centre_id=enrolment.centre_id,
            kind=kind,
            about=about,
            facts={"refs": [ref]},
        )


def tell_of_unit(session: Session, actor: Actor, unit: EnrolmentUnit, kind: NoticeKind) -> None:
    """A unit was signed off, opened again or moved to newer criteria: the learner is told."""
    tell(
        session,
        person_ids=[unit.enrolment.learner_id],
        by=actor.person_id,
        centre_id=unit.enrolment.centre_id,
        kind=kind,
        about=(EnrolmentUnit.__tablename__, unit.id),
        facts={"unit": unit.unit_code},
    )
