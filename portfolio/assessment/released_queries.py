"""What an assessor has released: to the learner, or a trainee for countersignature.

`within` is as for the queue: nothing here widens it.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Label, Select, func, or_, select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.accounts.models import Person
from portfolio.assessment.models import ItemReview, ReviewMark, SubmissionItem
from portfolio.assessment.queue_queries import IDS, ME, MOST, STATEMENTS, TODAY, only
from portfolio.assessment.rules import ItemState
from portfolio.db import AnySelect, OffIndex, read
from portfolio.enrolment.models import Allocation, Enrolment
from portfolio.enrolment.rules import Duty
from portfolio.evidence.models import Evidence, EvidenceVersion
from portfolio.mapping.rules import Outcome

OUTCOMES = tuple(Outcome)


class ReleasedRow(NamedTuple):
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
    is_few = state is ItemState.COUNTERSIGN
    query = within.join(SubmissionItem.reviews).join(Enrolment.learner)
    return (
        only(
            query.where(
                SubmissionItem.state == state,
                (OffIndex(ItemReview.assessor_id) if is_few else ItemReview.assessor_id) == ME,
                ItemReview.released_at.is_not(None),
            ),
            SubmissionItem.id,
            Person.name,
            Evidence.ref,
            EvidenceVersion.title,
            EvidenceVersion.no,
            ItemReview.released_at,
            Enrolment.id.label("enrolment_id"),
            *[_count_of(outcome) for outcome in OUTCOMES],
        )
        .order_by(ItemReview.released_at.desc(), SubmissionItem.id.desc())
        .limit(MOST)
    )


def _count_of(outcome: Outcome) -> Label[int]:
    counted = select(func.count()).where(ReviewMark.review_id == ItemReview.id, ReviewMark.outcome == outcome)
    return counted.correlate(ItemReview).scalar_subquery().label(outcome.value)


def released(session: Session, actor: Actor, within: Select[Any], *, state: ItemState, limit: int) -> list[ReleasedRow]:
    """What the actor has released, newest first: to the learner, or (a trainee) for countersignature."""
    rows = read(session, _released(within, state), me=actor.person_id, most=limit).tuples()
    if not rows:
        return []
    names = countersigners(session, {row[6] for row in rows}) if state is ItemState.COUNTERSIGN else {}
    return [
        ReleasedRow(id_, learner, ref, title, no, at, _decided(counts), names.get(enrolment_id, ()))
        for id_, learner, ref, title, no, at, enrolment_id, *counts in rows
    ]


def _decided(counts: Iterable[int]) -> dict[Outcome, int]:
    return {outcome: count for outcome, count in zip(OUTCOMES, counts, strict=True) if count}


def countersigners(session: Session, enrolment_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Who is allocated today to countersign, by enrolment."""
    rows = read(session, _countersigners_of(), ids=list(enrolment_ids), today=clock.today())
    found: dict[int, list[str]] = {}
    for enrolment_id, name in rows:
        found.setdefault(enrolment_id, []).append(name)
    return {id_: tuple(names) for id_, names in found.items()}
