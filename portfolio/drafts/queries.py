"""Reading what somebody has not saved yet. Only its writer is ever asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Integer, String, bindparam, select
from sqlalchemy.orm import Session

from portfolio.db import AnySelect, read
from portfolio.drafts.models import Draft


@dataclass(frozen=True, slots=True)
class Begun:
    """What somebody has typed: the fields of the form by name, and when it was kept."""

    content: Mapping[str, Any]
    saved_at: datetime


def row_at(session: Session, person_id: int, place: str) -> Draft | None:
    """What stands for this person and place; its content is empty once it was cleared, and its `rev` goes on."""
    return session.scalar(select(Draft).where(Draft.person_id == person_id, Draft.place == place))


@cache
def _begun() -> AnySelect:
    return select(Draft.content, Draft.saved_at).where(
        Draft.person_id == bindparam("person_id", type_=Integer), Draft.place == bindparam("place", type_=String)
    )


def begun(session: Session, person_id: int, place: str) -> Begun | None:
    """What this person has begun to write at this place: a title or a text, and not only other fields."""
    row = read(session, _begun(), person_id=person_id, place=place).one_or_none()
    if row is None or not row.content:
        return None
    said = [str(row.content.get(name, "")).strip() for name in ("title", "body")]
    return Begun(row.content, row.saved_at) if any(said) else None


def find(session: Session, person_id: int, place: str) -> Draft | None:
    """What this person has typed at this place and neither saved nor thrown away."""
    draft = row_at(session, person_id, place)
    return draft if draft is not None and draft.content else None
