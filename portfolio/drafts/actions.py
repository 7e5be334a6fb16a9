"""Keeping what somebody types, and letting go of it once it is saved for good. Leaves no trail.

A cleared draft stays as an empty row, so that `rev` only ever rises: a window that was left open cannot overwrite
what was written at the same place since.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.drafts.models import Draft
from portfolio.drafts.rules import KEPT_DAYS, check
from portfolio.errors import Conflict


def save(session: Session, person_id: int, place: str, content: Mapping[str, Any], *, rev: int | None = None) -> Draft:
    """Keep what was typed. `rev` is the draft's when it was read, 0 for none; without it the last one to come wins.

    Raises Conflict, with what is kept, when that is not what was read; Rejected for what is no place or too long.
    """
    check(place, content)
    draft = _locked_row(session, person_id, place)
    if rev is not None and draft.content and draft.rev != rev:
        raise Conflict("You have written here in another window since.", dict(draft.content))
    draft.content, draft.saved_at = dict(content), clock.now()
    session.flush()
    return draft


def _locked_row(session: Session, person_id: int, place: str) -> Draft:
    """The one row of a person and place, locked; a new, empty one unless another window makes it at this moment."""
    same = select(Draft).where(Draft.person_id == person_id, Draft.place == place).with_for_update()
    draft = session.scalar(same, execution_options={"populate_existing": True})
    if draft is not None:
        return draft
    draft = Draft(person_id=person_id, place=place, content={}, saved_at=clock.now())
    try:
        with session.begin_nested():
            session.add(draft)
            session.flush()
    except IntegrityError:
        return session.scalars(same).one()
    return draft


def clear(session: Session, person_id: int, place: str) -> None:
    """Let go of what was typed: it is saved for good, or was thrown away. A browser that kept it can tell by `rev`."""
    draft = _locked_row(session, person_id, place)
    draft.content, draft.saved_at = {}, clock.now()
    session.flush()


def sweep(session: Session) -> int:
    """Remove what nobody has touched for KEPT_DAYS; answers how many."""
    old = Draft.saved_at < clock.now() - timedelta(days=KEPT_DAYS)
    count = session.scalar(select(func.count()).select_from(Draft).where(old)) or 0
    session.execute(delete(Draft).where(old))
    return count
