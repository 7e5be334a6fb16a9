"""What an assessor is told of items from which personal data was taken out after they were handed in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache

from sqlalchemy import Integer, bindparam, func, or_, select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.accounts.models import Person
from portfolio.assessment.models import ItemReview, SubmissionItem
from portfolio.assessment.rules import ItemState
from portfolio.db import AnySelect, UtcDateTime, read
from portfolio.enrolment.models import Enrolment
from portfolio.evidence.models import Amendment, Evidence, EvidenceVersion

TOLD_FOR = timedelta(days=14)
"""How long an amendment stands in the queue."""
STATEMENTS = 500
"""How many statements are kept; they differ with who may see what."""
ME, SINCE = bindparam("me", type_=Integer), bindparam("since", type_=UtcDateTime())


@dataclass(frozen=True, slots=True)
class AmendedRow:
    """An item that somebody else amended lately."""

    evidence_id: int
    ref: str
    learner: str
    at: datetime


@cache
def _lately() -> AnySelect:
    return (
        select(EvidenceVersion.evidence_id)
        .join(Amendment, Amendment.version_id == EvidenceVersion.id)
        .where(Amendment.made_at > SINCE, Amendment.by_id != ME)
    )


@lru_cache(maxsize=STATEMENTS)
def _amended(seen: AnySelect, to_mark: AnySelect, to_countersign: AnySelect) -> AnySelect:
    waits = SubmissionItem.state == ItemState.WAITING
    handed_over = SubmissionItem.state == ItemState.COUNTERSIGN
    concerned = (
        select(EvidenceVersion.evidence_id)
        .join(SubmissionItem, SubmissionItem.evidence_version_id == EvidenceVersion.id)
        .where(
            or_(
                SubmissionItem.reviews.any(ItemReview.assessor_id == ME),
                SubmissionItem.id.in_(
                    to_mark.where(waits).with_only_columns(SubmissionItem.id, maintain_column_froms=True)
                ),
                SubmissionItem.id.in_(
                    to_countersign.where(handed_over).with_only_columns(SubmissionItem.id, maintain_column_froms=True)
                ),
            )
        )
    )
    last = func.max(Amendment.made_at)
    return (
        select(Evidence.id, Evidence.ref, Person.name, last)
        .join(EvidenceVersion, EvidenceVersion.evidence_id == Evidence.id)
        .join(Amendment, Amendment.version_id == EvidenceVersion.id)
        .join(Enrolment, Enrolment.id == Evidence.enrolment_id)
        .join(Person, Person.id == Enrolment.learner_id)
        .where(
            Amendment.made_at > SINCE,
            Amendment.by_id != ME,
            Evidence.id.in_(bindparam("items", type_=Integer, expanding=True)),
            Evidence.id.in_(seen.with_only_columns(Evidence.id)),
            Evidence.id.in_(concerned),
        )
        .group_by(Evidence.id, Evidence.ref, Person.name)
        .order_by(last.desc(), Evidence.id)
    )


def amended_lately(
    session: Session, actor: Actor, *, seen: AnySelect, to_mark: AnySelect, to_countersign: AnySelect
) -> list[AmendedRow]:
    """The items amended lately by others that the actor judged or has to judge, and may see: the newest first.

    Amendments are rare: who may see which is only asked when there are any.
    """
    asked = {"me": actor.person_id, "since": clock.now() - TOLD_FOR}
    items = read(session, _lately(), **asked).scalars().all()
    rows = read(session, _amended(seen, to_mark, to_countersign), items=items, **asked) if items else ()
    return [AmendedRow(*row) for row in rows]
