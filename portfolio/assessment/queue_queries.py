"""An assessor's queue: what waits for them, oldest first. Pages by key, never by number.

`within` is the items that the actor may judge (or countersign, or see), joined to their submission, enrolment, version
and evidence: nothing here widens it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Date, Integer, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from portfolio.accounts.actors import Actor
from portfolio.accounts.models import Person
from portfolio.assessment.models import ItemReview, ReviewMark, Submission, SubmissionItem
from portfolio.assessment.presence_queries import Here, is_shared, others_at, since
from portfolio.assessment.rules import ItemState, SubmissionState
from portfolio.db import AnySelect, read
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.rules import EnrolmentState
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


class QueueRow(NamedTuple):
    """One item that waits. `decided` counts the actor's saved decisions, `sound` those of them that could be released;
    `recorded_by` is the assessor who made the item as a record of the learner, empty for the learner's own work;
    `trainee` has decided it, `others` have saved a review of their own, `here` says who is at it now.
    """

    item_id: int
    learner: str
    ref: str
    title: str
    version_no: int
    handed_in_at: datetime
    criteria: int
    decided: int
    sound: int
    state: QueueState
    recorded_by: str
    trainee: str
    others: tuple[str, ...]
    here: tuple[Here, ...]

    @property
    def is_ready(self) -> bool:
        """Whether everything is decided as a release asks for it, and only the release is left."""
        return self.state is QueueState.SAVED and self.sound == self.criteria


@dataclass(frozen=True, slots=True)
class Slice:
    """One page of the queue. `total` counts the whole queue, `oldest` is when its first item was handed in."""

    rows: Sequence[QueueRow]
    total: int
    oldest: datetime | None
    has_previous: bool
    has_next: bool


@dataclass(slots=True)
class Neighbour:
    """One item of the queue beside the item at hand."""

    item_id: int
    learner: str
    ref: str
    title: str
    state: QueueState


@dataclass(frozen=True, slots=True)
class Beside:
    """The queue as it stands beside an item; `position` counts from 1 and is 0 when the item is not in the queue."""

    rows: Sequence[Neighbour]
    position: int
    total: int
    previous_id: int | None
    next_id: int | None

    @property
    def before(self) -> int:
        """How many stand in front of the stretch that is shown."""
        return max(self.position - 1 - BEFORE, 0)

    @property
    def after(self) -> int:
        """How many stand behind it."""
        return self.total - self.before - len(self.rows)


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
    ids = _waiting_ids(session, actor, within, state)
    edge = after if after is not None else before
    if edge is None:
        start, end = 0, limit
    elif edge not in ids:
        start = end = len(ids)
    elif after is not None:
        start = ids.index(edge) + 1
        end = start + limit
    else:
        end = ids.index(edge)
        start = max(end - limit, 0)
    shown = ids[start:end]
    rows = rows_of(session, actor, [ids[0], *shown] if start else shown, state)
    return Slice(
        rows=rows[1:] if start else rows,
        total=len(ids),
        oldest=rows[0].handed_in_at if rows else None,
        has_previous=start > 0,
        has_next=end < len(ids),
    )


def _waiting_ids(session: Session, actor: Actor, within: Select[Any], state: ItemState) -> list[int]:
    """The whole queue: whether the actor may judge an item costs more to find out than to read its number."""
    return read(session, _waiting(within, state), me=actor.person_id).scalars().all()


@lru_cache(maxsize=STATEMENTS)
def _waiting(within: Select[Any], state: ItemState) -> AnySelect:
    query = within.where(SubmissionItem.state == state, Enrolment.state == EnrolmentState.ACTIVE)
    if state is ItemState.COUNTERSIGN:
        own = and_(ItemReview.assessor_id == ME, ItemReview.is_trainee, ItemReview.released_at.is_not(None))
        query = query.where(~SubmissionItem.reviews.any(own))
    return only(query, SubmissionItem.id).order_by(Submission.submitted_at, SubmissionItem.id)


def only(query: Select[Any], *columns: Any) -> AnySelect:
    return query.with_only_columns(*columns, maintain_column_froms=True)


def beside(session: Session, actor: Actor, within: Select[Any], item_id: int, *, state: ItemState) -> Beside:
    """The stretch of the queue that the item stands in, with its neighbours."""
    ids = _waiting_ids(session, actor, within, state)
    at = ids.index(item_id) if item_id in ids else -1
    shown = ids[max(at - BEFORE, 0) : max(at, 0) + AFTER]
    return Beside(
        rows=_neighbours(session, actor, shown),
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
    is_sound = or_(
        and_(
            ReviewMark.outcome == Outcome.MET,
            ReviewMark.sufficient,
            own.valid,
            own.authentic,
            own.reliable,
            own.current,
        ),
        and_(ReviewMark.outcome == Outcome.NOT_YET_MET, ReviewMark.feedback != ""),
        and_(ReviewMark.outcome == Outcome.INSUFFICIENT, ReviewMark.feedback != "", ~ReviewMark.sufficient),
    )
    sound = select(func.count()).where(ReviewMark.review_id == own.id, is_sound)
    return (
        select(
            SubmissionItem.id,
            Person.name,
            Evidence.ref,
            EvidenceVersion.title,
            EvidenceVersion.no,
            Submission.submitted_at,
            criteria.correlate(SubmissionItem).scalar_subquery().label("criteria"),
            decided.correlate(own).scalar_subquery().label("decided"),
            sound.correlate(own).scalar_subquery().label("sound"),
            author.name.label("author"),
            Submission.state.label("submission_state"),
            own.id.label("own_id"),
            is_shared().label("is_shared"),
        )
        .join(SubmissionItem.submission)
        .join(Submission.enrolment)
        .join(Enrolment.learner)
        .join(SubmissionItem.version)
        .join(EvidenceVersion.evidence)
        .outerjoin(author, and_(author.id == Evidence.author_id, Evidence.method.in_(BY_ASSESSOR)))
        .outerjoin(own, and_(own.submission_item_id == SubmissionItem.id, own.assessor_id == ME))
        .where(SubmissionItem.id.in_(IDS))
        .order_by(Submission.submitted_at, SubmissionItem.id)
    )


@cache
def _rows_beside() -> AnySelect:
    own = aliased(ItemReview)
    return (
        select(
            SubmissionItem.id,
            SubmissionItem.state,
            Submission.state.label("submission_state"),
            Person.name,
            Evidence.ref,
            EvidenceVersion.title,
            own.id.label("own_id"),
        )
        .join(SubmissionItem.submission)
        .join(Submission.enrolment)
        .join(Enrolment.learner)
        .join(SubmissionItem.version)
        .join(EvidenceVersion.evidence)
        .outerjoin(own, and_(own.submission_item_id == SubmissionItem.id, own.assessor_id == ME))
        .where(SubmissionItem.id.in_(IDS))
    )


def _neighbours(session: Session, actor: Actor, item_ids: Sequence[int]) -> list[Neighbour]:
    """These items in their order. One statement, and none for none."""
    if not item_ids:
        return []
    rows = read(session, _rows_beside(), me=actor.person_id, ids=item_ids).tuples()
    found = {
        item_id: Neighbour(item_id, learner, ref, title, _state(state, submission, own_id))
        for item_id, state, submission, learner, ref, title, own_id in rows
    }
    return [found[item_id] for item_id in item_ids]


def rows_of(session: Session, actor: Actor, item_ids: Sequence[int], state: ItemState) -> list[QueueRow]:
    """These items, which are all in this state, as rows, oldest first. One statement, and none for none; one more when
    somebody else is concerned with one of them.
    """
    if not item_ids:
        return []
    me = actor.person_id
    rows = read(session, _rows(), me=me, but=me, since=since(), ids=item_ids).tuples()
    others, trainees, there = others_at(session, [row[0] for row in rows if row[-1]], but=me)
    return [
        QueueRow(
            id_, learner, ref, title, no, at, criteria, decided, sound, _state(state, submission, own_id), author or "",
            trainees.get(id_, ""), others.get(id_, ()), there.get(id_, ()),
        )
        for id_, learner, ref, title, no, at, criteria, decided, sound, author, submission, own_id, _is_shared in rows
    ]  # fmt: skip


def _state(state: ItemState, submission: SubmissionState, own_review_id: int | None) -> QueueState:
    if state is ItemState.COUNTERSIGN:
        return QueueState.COUNTERSIGN
    if own_review_id is not None:
        return QueueState.SAVED
    return QueueState.NEW if submission is SubmissionState.SUBMITTED else QueueState.OPENED
