"""Reading what somebody has not saved yet. Only its writer is ever asked for."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.drafts.models import Draft


def row_at(session: Session, person_id: int, place: str) -> Draft | None:
    """What stands for this person and place; its content is empty once it was cleared, and its `rev` goes on."""
    return session.scalar(select(Draft).where(Draft.person_id == person_id, Draft.place == place))


def begun(session: Session, person_id: int, place: str) -> Draft | None:
    """What this person has begun to write at this place: a title or a text, and not only other fields."""
    draft = find(session, person_id, place)
    said = [str(draft.content.get(name, "")).strip() for name in ("title", "body")] if draft else []
    return draft if any(said) else None


def find(session: Session, person_id: int, place: str) -> Draft | None:
    """What this person has typed at this place and neither saved nor thrown away."""
    draft = row_at(session, person_id, place)
    return draft if draft is not None and draft.content else None
