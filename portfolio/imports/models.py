"""A list on its way in. Operational: what it changes is told by the import itself."""

from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.db import Base, Revised, key, moment, uid
from portfolio.imports.rules import ImportKind


class ImportDraft(Revised, Base):
    """A file that somebody sent, and which of its columns means what; gone once it is imported or given up."""

    __tablename__ = "import_draft"
    __table_args__ = (Index("ix_import_draft_person_id", "person_id"),)

    id: Mapped[key]
    uid: Mapped[uid]
    centre_id: Mapped[int] = mapped_column(ForeignKey("centre.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[ImportKind]
    name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    matching: Mapped[dict[str, Any]] = mapped_column(default=dict)
    made_at: Mapped[moment]
