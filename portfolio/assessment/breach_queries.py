"""What an assessor is told of items from which personal data was taken out after they were handed in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.accounts.models import Person
from portfolio.assessment.models import ItemReview, SubmissionItem
from portfolio.assessment.rules import ItemState
from portfolio.enrolment.models import Enrolment
from portfolio.evidence.models import Amendment, Evidence, EvidenceVersion

TOLD_FOR = timedelta(days=14)
"""How long an amendment stands in the queue."""


@dataclass(frozen=True, slots=True)
class AmendedRow:
    """An item that somebody else amended lately."""

    evidence_id: int
    ref: str
    learner: str
    at: datetime


def amended_lately(
    session: Session, actor: Actor, *, seen: Select[Any], to_mark: Select[Any], to_countersign: Select[Any]
) -> list[AmendedRow]:
    """The items amended lately by others that the actor judged or has to judge, and may see: the newest first."""
    judged = ItemReview.assessor_id == actor.person_id
    waits = SubmissionItem.state == ItemState.WAITING
    handed_over = SubmissionItem.state == ItemState.COUNTERSIGN
    concerned = (
        select(EvidenceVersion.evidence_id)
        .join(SubmissionItem, SubmissionItem.evidence_version_id == EvidenceVersion.id)
        .where(
            or_(
                SubmissionItem.reviews.any(judged),
                SubmissionItem.id.in_(to_mark.where(waits).with_only_columns(SubmissionItem.id)),
                SubmissionItem.id.in_(to_countersign.where(handed_over).with_only_columns(SubmissionItem.id)),
            )
        )
    )
    last = func.max(Amendment.made_at)
    rows = session.execute(
        select(Evidence.id, Evidence.ref, Person.name, last)
        .join(EvidenceVersion, EvidenceVersion.evidence_id == Evidence.id)
        .join(Amendment, Amendment.version_id == EvidenceVersion.id)
        .join(Enrolment, Enrolment.id == Evidence.enrolment_id)
        .join(Person, Person.id == Enrolment.learner_id)
        .where(
            Amendment.made_at > clock.now() - TOLD_FOR,
            Amendment.by_id != actor.person_id,
            Evidence.id.in_(seen.with_only_columns(Evidence.id)),
            Evidence.id.in_(concerned),
        )
        .group_by(Evidence.id, Evidence.ref, Person.name)
        .order_by(last.desc(), Evidence.id)
    )
    return [AmendedRow(*row) for row in rows]
