"""Reading notices: how many are unread, a page of them, who is told how, and whose letter is due. People by id only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Integer, ScalarSelect, and_, bindparam, func, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from portfolio import clock
from portfolio.db import AnySelect, UtcDateTime, read
from portfolio.notices.models import Notice, NoticeSwitch
from portfolio.notices.rules import NoticeKind, Posting, Switch

PERSON, CENTRE = bindparam("person_id", type_=Integer), bindparam("centre_id", type_=Integer)
NOW = bindparam("now", type_=UtcDateTime)

SWITCHES = select(NoticeSwitch.kind, NoticeSwitch.is_on_screen, NoticeSwitch.is_by_mail).where(
    NoticeSwitch.person_id == PERSON
)
DUE = (
    select(Notice.person_id, Notice.centre_id)
    .where(Notice.posting.in_([Posting.DUE, Posting.GOING]), Notice.next_try_at <= NOW)
    .group_by(Notice.person_id, Notice.centre_id)
    .order_by(func.min(Notice.next_try_at), Notice.person_id, Notice.centre_id)
)


def unread_of(person_id: InstrumentedAttribute[int], centre_id: InstrumentedAttribute[int]) -> ScalarSelect[int]:
    """How many notices of a centre somebody has not put away, as part of a statement that has both columns."""
    theirs = Notice.person_id == person_id, Notice.centre_id == centre_id
    return select(func.count()).where(*theirs, Notice.read_at.is_(None), Notice.is_on_screen).scalar_subquery()


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One notice, as it is kept. `facts` holds references and codes."""

    id: int
    kind: NoticeKind
    about: tuple[str, int]
    facts: Mapping[str, Any]
    told_at: datetime
    is_read: bool
    posting: Posting


def rows(
    session: Session, *, person_id: int, centre_id: int, limit: int, before: int | None = None
) -> Sequence[NoticeRow]:
    """What somebody was told on screen, newest first; with `before`, what comes after that notice in the list."""
    found = read(
        session, _page(has_edge=before is not None), person_id=person_id, centre_id=centre_id, edge=before, most=limit
    )
    return [row_of(row) for row in found]


def row_of(row: Any) -> NoticeRow:
    """A notice, or a row with its columns, as a value."""
    return NoticeRow(
        id=row.id,
        kind=row.kind,
        about=(row.about_table, row.about_id),
        facts=row.facts,
        told_at=row.told_at,
        is_read=row.read_at is not None,
        posting=row.posting,
    )


@cache
def _page(*, has_edge: bool) -> AnySelect:
    query = (
        select(
            Notice.id, Notice.kind, Notice.about_table, Notice.about_id, Notice.facts, Notice.told_at, Notice.read_at,
            Notice.posting,
        )
        .where(Notice.person_id == PERSON, Notice.centre_id == CENTRE, Notice.is_on_screen)
        .order_by(Notice.told_at.desc(), Notice.id.desc())
        .limit(bindparam("most", type_=Integer))
    )  # fmt: skip
    if not has_edge:
        return query
    edge, other = bindparam("edge", type_=Integer), aliased(Notice)
    at = select(other.told_at).where(other.id == edge, other.person_id == PERSON).scalar_subquery()
    return query.where(tuple_(Notice.told_at, Notice.id) < tuple_(at, edge))


def switches(session: Session, person_id: int) -> dict[NoticeKind, Switch]:
    """How somebody is told of each kind of thing."""
    chosen = {
        row.kind: Switch(row.is_on_screen, row.is_by_mail) for row in read(session, SWITCHES, person_id=person_id)
    }
    return {kind: chosen.get(kind, Switch()) for kind in NoticeKind}


def is_mailed(session: Session, person_id: int, kind: NoticeKind) -> bool:
    """Whether somebody wants letters about this kind of thing."""
    return switches(session, person_id)[kind].is_by_mail


def due(session: Session) -> Sequence[tuple[int, int]]:
    """(person id, centre id) of everybody whose letter should go now, the longest waiting first."""
    return [(row.person_id, row.centre_id) for row in read(session, DUE, now=clock.now())]


def to_post(session: Session, *, person_id: int, centre_id: int) -> list[Notice]:
    """What goes into somebody's next letter: what is due, what was not tried yet, and what a worker left behind.

    Locked, but for what another worker holds.
    """
    is_time = Notice.next_try_at <= clock.now()
    return list(
        session.scalars(
            select(Notice)
            .where(
                Notice.person_id == person_id,
                Notice.centre_id == centre_id,
                or_(
                    and_(Notice.posting == Posting.DUE, or_(Notice.attempts == 0, is_time)),
                    and_(Notice.posting == Posting.GOING, is_time),
                ),
            )
            .order_by(Notice.id)
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        )
    )


def letters_counted(session: Session) -> dict[str, int]:
    """How many notices wait for their letter, are on their way, and were given up, by state. One statement."""
    told = (Posting.DUE, Posting.GOING, Posting.FAILED)
    counting = select(Notice.posting, func.count()).where(Notice.posting.in_(told)).group_by(Notice.posting)
    found = {posting.value: count for posting, count in session.execute(counting)}
    return {posting.value: found.get(posting.value, 0) for posting in told}
