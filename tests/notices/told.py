"""Short ways to tell somebody something, and to see what they were told."""

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portfolio.notices.actions import tell
from portfolio.notices.models import Notice
from portfolio.notices.rules import NoticeKind
from tests.cast import Cast

ABOUT = ("enrolment", 1)


def tell_of(
    session: Session,
    cast: Cast,
    *names: str,
    kind: NoticeKind = NoticeKind.FEEDBACK,
    refs: tuple[str, ...] = ("E001",),
    about: tuple[str, int] = ABOUT,
    by: str = "",
) -> None:
    """Tell people of items of one enrolment."""
    tell(
        session,
        person_ids=[cast.people[name] for name in names],
        by=cast.people[by] if by else None,
        centre_id=cast.homes[names[0]],
        kind=kind,
        about=about,
        facts={"refs": list(refs)},
    )


def notices(session: Session, cast: Cast, name: str) -> list[Notice]:
    """Everything that somebody was told, in order, as it stands."""
    query = select(Notice).where(Notice.person_id == cast.people[name]).order_by(Notice.id)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def said(session: Session, cast: Cast, name: str) -> list[tuple[NoticeKind, dict[str, Any]]]:
    """What somebody was told and has not put away."""
    return [(row.kind, row.facts) for row in notices(session, cast, name) if row.read_at is None]


def forget_all(session: Session) -> None:
    """Nobody was told anything yet."""
    session.execute(delete(Notice))
