"""What an assessor has released: to the learner, or a trainee for countersignature.

`within` is as for the queue: nothing here widens it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.accounts.models import Person
from portfolio.assessment.models import ItemReview, ReviewMark, SubmissionItem
from portfolio.assessment.queue_queries import IDS, ME, MOST, STATEMENTS, TODAY, only
from portfolio.assessment.rules import ItemState
from portfolio.db import AnySelect, read
from portfolio.enrolment.models import Allocation, Enrolment
from portfolio.enrolment.rules import Duty
from portfolio.evidence.models import Evidence, EvidenceVersion
from portfolio.mapping.rules import Outcome


@dataclass(slots=True)
class ReleasedRow:
    """One item that the actor has released, with how they decided; `countersigners` may do so for a trainee."""

    item_id: int
    learner: str
    ref: str
    title: str
    version_no: int
    released_at: datetime
    outcomes: Mapping[Outcome, int]
    countersigners: tuple[str, ...]


@cache
def _outcomes_of() -> AnySelect:
    decided = select(ReviewMark.review_id, ReviewMark.outcome, func.count())
    of_these = decided.where(ReviewMark.review_id.in_(IDS), ReviewMark.outcome.is_not(None))
    return of_these.group_by(ReviewMark.review_id, ReviewMark.outcome)


@cache
def _countersigners_of() -> AnySelect:
    return (
        select(Allocation.enrolment_id, Person.name)
        .join(Allocation.person)
        .where(
            Allocation.enrolment_id.in_(IDS),
            Allocation.duty == Duty.COUNTERSIGN,
            Allocation.since <= TODAY,
            or_(Allocation.until.is_(None), Allocation.until > TODAY),
        )
        .order_by(Person.name)
    )


@lru_cache(maxsize=STATEMENTS)
def _released(within: Select[Any], state: ItemState) -> AnySelect:
    """Few items await countersignature: there it begins with them, not with all that the actor ever released."""
    query = within.join(SubmissionItem.reviews).join(Enrolment.learner)
    if state is ItemState.COUNTERSIGN:
        awaiting = select(ItemReview.id).join(ItemReview.item).where(SubmissionItem.state == state)
        query = query.where(ItemReview.id.in_(awaiting.where(ItemReview.assessor_id == ME)))
    return (
        only(
            query.where(
                SubmissionItem.state == state, ItemReview.assessor_id == ME, ItemReview.released_at.is_not(None)
            ),
            SubmissionItem.id,
            ItemReview.id.label("review_id"),
            ItemReview.released_at,
            Enrolment.id.label("enrolment_id"),
            Person.name,
            Evidence.ref,
            EvidenceVersion.title,
            EvidenceVersion.no,
        )
        .order_by(ItemReview.released_at.desc(), SubmissionItem.id.desc())
        .limit(MOST)
    )


def released(session: Session, actor: Actor, within: Select[Any], *, state: ItemState, limit: int) -> list[ReleasedRow]:
    """What the actor has released, newest first: to the learner, or (a trainee) for countersignature."""
    rows = read(session, _released(within, state), me=actor.person_id, most=limit).all()
    if not rows:
        return []
    outcomes = _outcomes(session, [row.review_id for row in rows])
    names = countersigners(session, {row.enrolment_id for row in rows}) if state is ItemState.COUNTERSIGN else {}
    return [
        ReleasedRow(
            item_id=row.id,
            learner=row.name,
            ref=row.ref,
            title=row.title,
            version_no=row.no,
            released_at=row.released_at,
            outcomes=outcomes.get(row.review_id, {}),
            countersigners=names.get(row.enrolment_id, ()),
        )
        for row in rows
    ]


def _outcomes(session: Session, review_ids: Sequence[int]) -> dict[int, dict[Outcome, int]]:
    found: dict[int, dict[Outcome, int]] = {}
    for review_id, outcome, count in read(session, _outcomes_of(), ids=review_ids).tuples():
        found.setdefault(review_id, {})[outcome] = count
    return found


def countersigners(session: Session, enrolment_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Who is allocated today to countersign, by enrolment."""
    rows = read(session, _countersigners_of(), ids=list(enrolment_ids), today=clock.today())
    found: dict[int, list[str]] = {}
    for enrolment_id, name in rows:
        found.setdefault(enrolment_id, []).append(name)
    return {id_: tuple(names) for id_, names in found.items()}
