"""An assessor's queue: what waits for them, oldest first, and what they have released. Pages by key, never by number.

`within` is the rows that the actor may judge (or countersign, or see): nothing here widens it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, Select, and_, bindparam, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.accounts.models import Person
from portfolio.assessment.models import ItemReview, ReviewMark, Submission, SubmissionItem
from portfolio.assessment.rules import ItemState, SubmissionState
from portfolio.criteria.rules import Method
from portfolio.db import AnySelect, read
from portfolio.enrolment.models import Allocation, Enrolment
from portfolio.enrolment.rules import Duty
from portfolio.evidence.models import Evidence, EvidenceVersion
from portfolio.evidence.rules import BY_ASSESSOR
from portfolio.mapping.models import Claim
from portfolio.mapping.rules import Outcome

BEFORE, AFTER = 4, 25
"""How many rows of the queue stand before and after the item at hand."""
STATEMENTS = 500
"""How many statements of each kind are kept; they differ with who may see what."""
ME, MOST = bindparam("me", type_=Integer), bindparam("most", type_=Integer)
TODAY, IDS = bindparam("today", type_=Date), bindparam("ids", type_=Integer, expanding=True)


class QueueState(StrEnum):
    """Nobody has opened it; opened; the actor has saved a review; a trainee's decision waits for the actor."""

    NEW = "new"
    OPENED = "opened"
    SAVED = "saved"
    COUNTERSIGN = "countersign"


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One item that waits. `decided` counts the actor's saved decisions; `others` have saved a review of their own."""

    item_id: int
    learner: str
    ref: str
    title: str
    version_no: int
    method: Method
    handed_in_at: datetime
    criteria: int
    decided: int
    state: QueueState
    trainee: str
    others: tuple[str, ...]
    recorded_by: str
    """The assessor who made the item as a record of the learner; empty for the learner's own work."""

    @property
    def is_ready(self) -> bool:
        """Whether everything is decided and only the release is left."""
        return self.state is QueueState.SAVED and self.decided == self.criteria


@dataclass(frozen=True, slots=True)
class Slice:
    """One page of the queue. `total` counts the whole queue, `oldest` is when its first item was handed in."""

    rows: Sequence[QueueRow]
    total: int
    oldest: datetime | None
    has_previous: bool
    has_next: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """The queue as it stands beside an item; `position` counts from 1 and is 0 when the item is not in the queue."""

    rows: Sequence[QueueRow]
    position: int
    total: int
    previous_id: int | None
    next_id: int | None


@dataclass(frozen=True, slots=True)
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


@lru_cache(maxsize=STATEMENTS)
def _waiting(within: Select[Any], state: ItemState) -> Select[Any]:
    query = within.join(SubmissionItem.submission).where(SubmissionItem.state == state)
    if state is ItemState.COUNTERSIGN:
        own = and_(ItemReview.assessor_id == ME, ItemReview.is_trainee, ItemReview.released_at.is_not(None))
        query = query.where(~SubmissionItem.reviews.any(own))
    return query


def waiting(
    session: Session,
    actor: Actor,
    within: Select[Any],
    *,
    state: ItemState,
    limit: int,
    after: int | None = None,
    before: int | None = None,
) -> Slice:
    """The items in this state, oldest first: those behind the item `after`, or those in front of the item `before`."""
    is_backwards = after is None and before is not None
    edge = after if after is not None else before
    page = _page(within, state, has_edge=edge is not None, is_backwards=is_backwards)
    ids = read(session, page, me=actor.person_id, edge=edge, most=limit + 1).scalars().all()
    has_more, ids = len(ids) > limit, ids[:limit]
    total, oldest = read(session, _size(within, state), me=actor.person_id).one()
    return Slice(
        rows=rows_of(session, actor, ids),
        total=total,
        oldest=oldest,
        has_previous=has_more if is_backwards else after is not None,
        has_next=is_backwards or has_more,
    )


@lru_cache(maxsize=STATEMENTS)
def _page(within: Select[Any], state: ItemState, *, has_edge: bool, is_backwards: bool) -> Select[Any]:
    """The ids of the first items, or of those on one side of the item `edge`."""
    queue, edge = _waiting(within, state), bindparam("edge", type_=Integer)
    place = tuple_(Submission.submitted_at, SubmissionItem.id)
    order: list[ColumnElement[Any]] = [Submission.submitted_at.asc(), SubmissionItem.id.asc()]
    page = queue
    if has_edge:
        at = _only(queue.where(SubmissionItem.id == edge), Submission.submitted_at).scalar_subquery()
        page = queue.where(place < tuple_(at, edge) if is_backwards else place > tuple_(at, edge))
    if is_backwards:
        order = [column.desc() for column in (Submission.submitted_at, SubmissionItem.id)]
    return _only(page, SubmissionItem.id).order_by(*order).limit(MOST)


@lru_cache(maxsize=STATEMENTS)
def _size(within: Select[Any], state: ItemState) -> AnySelect:
    return _only(_waiting(within, state), func.count(), func.min(Submission.submitted_at))


def _only(query: Select[Any], *columns: Any) -> AnySelect:
    return query.with_only_columns(*columns, maintain_column_froms=True)


@lru_cache(maxsize=STATEMENTS)
def _all_waiting(within: Select[Any], state: ItemState) -> Select[Any]:
    return _only(_waiting(within, state), SubmissionItem.id).order_by(Submission.submitted_at, SubmissionItem.id)


def beside(session: Session, actor: Actor, within: Select[Any], item_id: int, *, state: ItemState) -> Beside:
    """The stretch of the queue that the item stands in, with its neighbours."""
    ids = read(session, _all_waiting(within, state), me=actor.person_id).scalars().all()
    at = ids.index(item_id) if item_id in ids else -1
    shown = ids[max(at - BEFORE, 0) : max(at, 0) + AFTER]
    return Beside(
        rows=rows_of(session, actor, shown),
        position=at + 1,
        total=len(ids),
        previous_id=ids[at - 1] if at > 0 else None,
        next_id=ids[at + 1] if at + 1 < len(ids) else None,
    )


@cache
def _rows() -> AnySelect:
    own, author = aliased(ItemReview), aliased(Person)
    criteria = select(func.count()).where(
        Claim.evidence_version_id == SubmissionItem.evidence_version_id,
        Claim.submission_id == SubmissionItem.submission_id,
    )
    decided = select(func.count()).where(ReviewMark.review_id == own.id, ReviewMark.outcome.is_not(None))
    return (
        select(
            SubmissionItem.id,
            SubmissionItem.state,
            Submission.state.label("submission_state"),
            Submission.submitted_at,
            Person.name,
            Evidence.ref,
            Evidence.method,
            EvidenceVersion.title,
            EvidenceVersion.no,
            author.name.label("author"),
            own.id.label("own_id"),
            criteria.correlate(SubmissionItem).scalar_subquery().label("criteria"),
            decided.correlate(own).scalar_subquery().label("decided"),
        )
        .join(SubmissionItem.submission)
        .join(Submission.enrolment)
        .join(Enrolment.learner)
        .join(SubmissionItem.version)
        .join(EvidenceVersion.evidence)
        .join(author, author.id == Evidence.author_id)
        .outerjoin(own, and_(own.submission_item_id == SubmissionItem.id, own.assessor_id == ME))
        .where(SubmissionItem.id.in_(IDS))
        .order_by(Submission.submitted_at, SubmissionItem.id)
    )


@cache
def _other_reviews() -> AnySelect:
    return (
        select(ItemReview.submission_item_id, ItemReview.released_at, Person.name)
        .join(ItemReview.assessor)
        .where(ItemReview.submission_item_id.in_(IDS), ItemReview.assessor_id != ME)
        .order_by(ItemReview.id)
    )


@cache
def _outcomes_of() -> AnySelect:
    return (
        select(ReviewMark.review_id, ReviewMark.outcome, func.count())
        .where(ReviewMark.review_id.in_(IDS), ReviewMark.outcome.is_not(None))
        .group_by(ReviewMark.review_id, ReviewMark.outcome)
    )


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


def rows_of(session: Session, actor: Actor, item_ids: Sequence[int]) -> list[QueueRow]:
    """These items as rows, oldest first. Two statements."""
    rows = read(session, _rows(), me=actor.person_id, ids=item_ids).all()
    others, trainees = _others(session, actor, item_ids)
    return [
        QueueRow(
            item_id=row.id,
            learner=row.name,
            ref=row.ref,
            title=row.title,
            version_no=row.no,
            method=row.method,
            handed_in_at=row.submitted_at,
            criteria=row.criteria,
            decided=row.decided,
            state=_state(row),
            trainee=trainees.get(row.id, ""),
            others=tuple(others.get(row.id, ())),
            recorded_by=row.author if row.method in BY_ASSESSOR else "",
        )
        for row in rows
    ]


def _state(row: Any) -> QueueState:
    if row.state is ItemState.COUNTERSIGN:
        return QueueState.COUNTERSIGN
    if row.own_id is not None:
        return QueueState.SAVED
    return QueueState.NEW if row.submission_state is SubmissionState.SUBMITTED else QueueState.OPENED


def _others(session: Session, actor: Actor, item_ids: Sequence[int]) -> tuple[dict[int, list[str]], dict[int, str]]:
    rows = read(session, _other_reviews(), me=actor.person_id, ids=item_ids)
    others: dict[int, list[str]] = {}
    trainees: dict[int, str] = {}
    for item_id, released_at, name in rows:
        if released_at is None:
            others.setdefault(item_id, []).append(name)
        else:
            trainees[item_id] = name
    return others, trainees


@lru_cache(maxsize=STATEMENTS)
def _released(within: Select[Any], state: ItemState) -> AnySelect:
    return (
        _only(
            within.join(SubmissionItem.reviews)
            .join(SubmissionItem.submission)
            .join(Submission.enrolment)
            .join(Enrolment.learner)
            .join(SubmissionItem.version)
            .join(EvidenceVersion.evidence)
            .where(SubmissionItem.state == state, ItemReview.assessor_id == ME, ItemReview.released_at.is_not(None)),
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
    rows = read(session, _outcomes_of(), ids=review_ids)
    for review_id, outcome, count in rows:
        if outcome is not None:
            found.setdefault(review_id, {})[outcome] = count
    return found


def countersigners(session: Session, enrolment_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Who is allocated today to countersign, by enrolment."""
    rows = read(session, _countersigners_of(), ids=list(enrolment_ids), today=clock.today())
    found: dict[int, list[str]] = {}
    for enrolment_id, name in rows:
        found.setdefault(enrolment_id, []).append(name)
    return {id_: tuple(names) for id_, names in found.items()}
