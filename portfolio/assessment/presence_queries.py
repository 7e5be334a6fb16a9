"""Who else is at work on items: has an item open or had it a moment ago, has saved a review, has decided as a trainee.

One statement, however many items.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Integer, bindparam, null, or_, select, type_coerce, union_all
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.models import Person
from portfolio.assessment.models import ItemReview, MarkingPresence, SubmissionItem
from portfolio.db import AnySelect, UtcDateTime, read

LATELY = timedelta(minutes=2)
"""How long after their last sign of life somebody still counts as there."""
BUT, SINCE = bindparam("but", type_=Integer), bindparam("since", type_=UtcDateTime())
IDS = bindparam("ids", type_=Integer, expanding=True)


@dataclass(frozen=True, slots=True)
class Here:
    """Somebody who is at an item, and when they were last known to be."""

    name: str
    seen_at: datetime

    @property
    def words(self) -> str:
        """Tobias Abara has this open, last here at 10:32."""
        return f"{self.name} has this open, last here at {self.seen_at.astimezone(clock.UK):%H:%M}"


@cache
def _here() -> AnySelect:
    return (
        select(MarkingPresence.submission_item_id, Person.name, MarkingPresence.seen_at)
        .join(Person, Person.id == MarkingPresence.person_id)
        .where(
            MarkingPresence.submission_item_id.in_(IDS),
            MarkingPresence.person_id != BUT,
            MarkingPresence.seen_at > SINCE,
        )
        .order_by(Person.name)
    )


def here(session: Session, item_ids: Sequence[int], *, but: int) -> dict[int, list[Here]]:
    """Who is at these items, by item, without the person `but`."""
    found: dict[int, list[Here]] = {}
    for item_id, name, seen_at in read(session, _here(), ids=item_ids, but=but, since=since()):
        found.setdefault(item_id, []).append(Here(name, seen_at))
    return found


def is_shared() -> ColumnElement[bool]:
    """For a query over items: whether `others_at` has anything to say of one. Binds `but` and `since`."""
    reviewed = select(ItemReview.id).where(
        ItemReview.submission_item_id == SubmissionItem.id, ItemReview.assessor_id != BUT
    )
    there = select(MarkingPresence.id).where(
        MarkingPresence.submission_item_id == SubmissionItem.id,
        MarkingPresence.person_id != BUT,
        MarkingPresence.seen_at > SINCE,
    )
    return or_(reviewed.correlate(SubmissionItem).exists(), there.correlate(SubmissionItem).exists())


def since() -> datetime:
    """Who was at an item after this still counts as there."""
    return clock.now() - LATELY


@cache
def _others_at() -> CompoundSelect[*tuple[Any, ...]]:
    """The reviews of others, and who else is there; the latter with `seen_at`."""
    never = type_coerce(null(), UtcDateTime())
    saved = (
        select(
            ItemReview.submission_item_id.label("item_id"),
            Person.name.label("name"),
            ItemReview.released_at.label("released_at"),
            never.label("seen_at"),
        )
        .join(ItemReview.assessor)
        .where(ItemReview.submission_item_id.in_(IDS), ItemReview.assessor_id != BUT)
    )
    there = (
        select(MarkingPresence.submission_item_id, Person.name, never, MarkingPresence.seen_at)
        .join(Person, Person.id == MarkingPresence.person_id)
        .where(
            MarkingPresence.submission_item_id.in_(IDS),
            MarkingPresence.person_id != BUT,
            MarkingPresence.seen_at > SINCE,
        )
    )
    return union_all(saved, there).order_by("name")


def others_at(
    session: Session, item_ids: Sequence[int], *, but: int
) -> tuple[dict[int, tuple[str, ...]], dict[int, str], dict[int, tuple[Here, ...]]]:
    """By item, without the person `but`: who has saved a review, whose decision awaits its countersignature, and who
    is there. None of this for none.
    """
    others: dict[int, tuple[str, ...]] = {}
    trainees: dict[int, str] = {}
    there: dict[int, tuple[Here, ...]] = {}
    if not item_ids:
        return others, trainees, there
    for item_id, name, released_at, seen_at in read(session, _others_at(), ids=item_ids, but=but, since=since()):
        if seen_at is not None:
            there[item_id] = *there.get(item_id, ()), Here(name, seen_at)
        elif released_at is None:
            others[item_id] = *others.get(item_id, ()), name
        else:
            trainees[item_id] = name
    return others, trainees, there
