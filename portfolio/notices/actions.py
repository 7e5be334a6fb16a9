"""Telling people, putting away what was told, choosing how to be told, and the way of a letter.

A notice stands in the transaction of what it tells, so that it exists exactly when that does. Notices are no part of
the record: nothing here is told in the trail.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.notices import queries
from portfolio.notices.models import Notice, NoticeSwitch
from portfolio.notices.rules import (
    BY_LETTER_OF_ITS_OWN,
    GATHERED_FOR,
    KEPT_FOR,
    LEASE,
    NoticeKind,
    Posting,
    Switch,
    joined,
    next_try,
    without,
)


def tell(
    session: Session,
    *,
    person_ids: Collection[int],
    by: int | None,
    centre_id: int,
    kind: NoticeKind,
    about: tuple[str, int],
    facts: Mapping[str, Any],
) -> None:
    """Tell each of these people, as they chose to be told; never `by`, who caused it.

    `about` is (table, id) of the row that the notice leads to; `facts` are references and codes, never names or words.
    What is unread of the same kind about the same, was told within GATHERED_FOR and has not gone by mail becomes one
    notice with this, told when its first part was; what is older keeps its own time, and its letter.
    """
    told = sorted(set(person_ids) - {by})
    if not told:
        return
    chosen = _switches(session, told, kind)
    unread = {notice.person_id: notice for notice in _just_told(session, centre_id, kind, about, told)}
    for person_id in told:
        switch = chosen.get(person_id, Switch())
        is_by_mail = switch.is_by_mail and kind not in BY_LETTER_OF_ITS_OWN
        if not switch.is_on_screen and not is_by_mail:
            continue
        notice = unread.get(person_id)
        if notice is None:
            notice = Notice(
                person_id=person_id,
                centre_id=centre_id,
                kind=kind,
                about_table=about[0],
                about_id=about[1],
                facts={},
                is_on_screen=switch.is_on_screen,
                posting=Posting.NONE,
                told_at=clock.now(),
            )
            session.add(notice)
        notice.facts = joined(notice.facts, facts)
        notice.is_on_screen = notice.is_on_screen or switch.is_on_screen
        if is_by_mail and notice.posting is not Posting.DUE:
            notice.posting, notice.attempts, notice.next_try_at = Posting.DUE, 0, clock.now() + GATHERED_FOR
    session.flush()


def _switches(session: Session, person_ids: Sequence[int], kind: NoticeKind) -> dict[int, Switch]:
    rows = session.scalars(
        select(NoticeSwitch).where(NoticeSwitch.person_id.in_(person_ids), NoticeSwitch.kind == kind)
    )
    return {row.person_id: Switch(row.is_on_screen, row.is_by_mail) for row in rows}


def _unread(session: Session, *told: ColumnElement[bool]) -> list[Notice]:
    """Notices that were not put away. Locked."""
    query = (
        select(Notice)
        .where(*told, Notice.read_at.is_(None))
        .order_by(Notice.person_id, Notice.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(query))


def _is_of(centre_id: int, kind: NoticeKind, about: tuple[str, int]) -> ColumnElement[bool]:
    table, id_ = about
    return and_(Notice.centre_id == centre_id, Notice.kind == kind, Notice.about_table == table, Notice.about_id == id_)


def _just_told(
    session: Session, centre_id: int, kind: NoticeKind, about: tuple[str, int], person_ids: Sequence[int]
) -> list[Notice]:
    """The notices that more may be said in: told minutes ago, and in no letter yet."""
    return _unread(
        session,
        _is_of(centre_id, kind, about),
        Notice.person_id.in_(person_ids),
        Notice.told_at > clock.now() - GATHERED_FOR,
        Notice.posting.in_([Posting.NONE, Posting.DUE]),
    )


def settle(
    session: Session, *, centre_id: int, kind: NoticeKind, about: tuple[str, int], refs: Collection[str]
) -> None:
    """These items wait no longer, whoever saw to them: a notice of others too is of those alone, or it is put away."""
    for notice in _unread(session, _is_of(centre_id, kind, about)):
        rest = without(notice.facts, refs)
        if rest["refs"]:
            notice.facts = rest
        else:
            _put_away(notice)
    session.flush()


def put_away(session: Session, notice: Notice) -> None:
    """Somebody has seen it; a letter about it need not go any more. Twice is as good as once."""
    if notice.read_at is None:
        _put_away(notice)
        session.flush()


def _put_away(notice: Notice) -> None:
    notice.read_at = clock.now()
    if notice.posting is Posting.DUE:
        notice.posting, notice.next_try_at = Posting.NONE, None


def put_all_away(session: Session, *, person_id: int, centre_id: int) -> int:
    """Everything that somebody was told on screen in a centre is seen; answers how many were not yet.

    What is just being told more, or settled, is left as it is: waiting for it, the two could wait for each other.
    """
    unread = session.scalars(
        select(Notice)
        .where(
            Notice.person_id == person_id,
            Notice.centre_id == centre_id,
            Notice.read_at.is_(None),
            Notice.is_on_screen,
        )
        .order_by(Notice.id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    for notice in unread:
        _put_away(notice)
    session.flush()
    return len(unread)


def set_switches(session: Session, person_id: int, chosen: Mapping[NoticeKind, Switch]) -> None:
    """How somebody wants to be told of these kinds of things; of the others, nothing changes.

    Letters that have not gone yet, of a kind that is no longer wanted by mail, do not go.
    """
    rows = {
        row.kind: row
        for row in session.scalars(
            select(NoticeSwitch).where(NoticeSwitch.person_id == person_id).order_by(NoticeSwitch.id).with_for_update()
        )
    }
    for kind, switch in chosen.items():
        row = rows.get(kind)
        if row is None:
            row = NoticeSwitch(person_id=person_id, kind=kind)
            session.add(row)
        row.is_on_screen, row.is_by_mail = switch.is_on_screen, switch.is_by_mail
    unwanted = [kind for kind, switch in chosen.items() if not switch.is_by_mail]
    for notice in session.scalars(
        select(Notice)
        .where(Notice.person_id == person_id, Notice.posting == Posting.DUE, Notice.kind.in_(unwanted))
        .order_by(Notice.id)
        .with_for_update()
    ):
        not_posted(notice)
    session.flush()


def take(session: Session, *, person_id: int, centre_id: int) -> list[Notice]:
    """Take what goes into somebody's letter, under a lease; each taking counts as an attempt."""
    notices = queries.to_post(session, person_id=person_id, centre_id=centre_id)
    for notice in notices:
        notice.posting, notice.next_try_at = Posting.GOING, clock.now() + LEASE
        notice.attempts += 1
    session.flush()
    return notices


def held(session: Session, notice_ids: Collection[int]) -> list[Notice]:
    """Those that were taken and are still going. Locked."""
    return list(
        session.scalars(
            select(Notice)
            .where(Notice.id.in_(notice_ids), Notice.posting == Posting.GOING)
            .order_by(Notice.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def posted(notice: Notice) -> None:
    """Its letter was handed over."""
    _over(notice, Posting.SENT)


def not_posted(notice: Notice) -> None:
    """It need not go by mail, or cannot: there is no mail server, or nobody to write to."""
    _over(notice, Posting.NONE)


def put_off(notice: Notice, *, is_hopeless: bool = False) -> bool:
    """Its letter could not be handed over: it is tried again later, or given up. Answers whether it is given up."""
    at = None if is_hopeless else next_try(notice.attempts, clock.now())
    if at is None:
        _over(notice, Posting.FAILED)
    elif notice.read_at is not None:
        _over(notice, Posting.NONE)
    else:
        notice.posting, notice.next_try_at = Posting.DUE, at
    return at is None


def _over(notice: Notice, posting: Posting) -> None:
    """No letter goes any more; what was for a letter alone is put away with it."""
    notice.posting, notice.next_try_at = posting, None
    if not notice.is_on_screen and notice.read_at is None:
        notice.read_at = clock.now()


def forget_letters(session: Session) -> int:
    """Nothing goes by mail where there is no mail server; answers how many would have gone."""
    waiting = session.scalars(
        select(Notice)
        .where(Notice.posting.in_([Posting.DUE, Posting.GOING]))
        .order_by(Notice.id)
        .with_for_update(skip_locked=True)
    ).all()
    for notice in waiting:
        not_posted(notice)
    session.flush()
    return len(waiting)


def sweep(session: Session) -> int:
    """Remove what was put away KEPT_FOR ago; answers how many."""
    old = Notice.read_at < clock.now() - KEPT_FOR
    count = session.scalar(select(func.count()).select_from(Notice).where(old)) or 0
    session.execute(delete(Notice).where(old))
    return count
