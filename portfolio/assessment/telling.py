"""Who is told what happens in a portfolio. A notice names items by reference and units by code; who reads it learns the
rest from what they may see then. Whoever caused it is not told.
"""

from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet

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

Units = Mapping[str, AbstractSet[int]]
"""Items by reference, each with the units that it is claimed for."""
WAITS = {NoticeKind.SUBMITTED: ItemState.WAITING, NoticeKind.COUNTERSIGN: ItemState.COUNTERSIGN}
"""The state in which an item is what these kinds tell of."""


def _about(enrolment: Enrolment) -> tuple[str, int]:
    return Enrolment.__tablename__, enrolment.id


def concerned(session: Session, enrolment_id: int, duty: Duty, items: Units) -> dict[int, list[str]]:
    """Whom these items wait for today: who has the duty towards the learner, or towards every unit that an item is
    claimed for. By person, the items.
    """
    today, held = clock.today(), dict[int, set[int | None]]()
    for person_id, unit_id in session.execute(
        select(Allocation.person_id, Allocation.enrolment_unit_id).where(
            Allocation.enrolment_id == enrolment_id,
            Allocation.duty == duty,
            Allocation.since <= today,
            or_(Allocation.until.is_(None), Allocation.until > today),
        )
    ):
        held.setdefault(person_id, set()).add(unit_id)
    return {
        person_id: refs
        for person_id, theirs in held.items()
        if (refs := [ref for ref, units in items.items() if None in theirs or units <= theirs])
    }


def _units_of(session: Session, *handed_in: ColumnElement[bool]) -> dict[str, set[int]]:
    """For each item, in order, the units that its claims which were handed in are about."""
    found: dict[str, set[int]] = {}
    for ref, unit_id in session.execute(
        select(Evidence.ref, Claim.enrolment_unit_id)
        .join(EvidenceVersion, EvidenceVersion.evidence_id == Evidence.id)
        .join(Claim, Claim.evidence_version_id == EvidenceVersion.id)
        .where(*handed_in)
        .order_by(Evidence.id)
    ):
        found.setdefault(ref, set()).add(unit_id)
    return found


def tell_submitted(session: Session, actor: Actor, enrolment: Enrolment, submission: Submission) -> None:
    """Something waits for whoever may mark it; each is told of no more than that."""
    handed_in = _units_of(session, Claim.submission_id == submission.id)
    told: dict[tuple[str, ...], list[int]] = {}
    for person_id, refs in concerned(session, enrolment.id, Duty.ASSESS, handed_in).items():
        told.setdefault(tuple(refs), []).append(person_id)
    for items, person_ids in told.items():
        tell(
            session,
            person_ids=person_ids,
            by=actor.person_id,
            centre_id=enrolment.centre_id,
            kind=NoticeKind.SUBMITTED,
            about=_about(enrolment),
            facts={"refs": list(items)},
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
        told = {NoticeKind.COUNTERSIGN: list(concerned(session, enrolment.id, Duty.COUNTERSIGN, units))}
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
