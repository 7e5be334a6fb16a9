"""One row for each person and place of writing. Operational: a draft is nobody's evidence, and leaves no trail."""

from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.db import Base, Revised, key, moment


class Draft(Revised, Base):
    """What one person has typed at one place: `content` holds the fields of the form by name."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("person_id", "place"),)

    id: Mapped[key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    place: Mapped[str] = mapped_column(String(80))
    content: Mapped[dict[str, Any]]
    saved_at: Mapped[moment]
