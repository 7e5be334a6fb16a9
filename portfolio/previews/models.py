"""One preview for each stored content. Operational: it can be made again at any time from what is stored."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portfolio.db import Base, key, moment
from portfolio.previews.rules import PreviewState
from portfolio.storage.models import Blob


class Preview(Base):
    """What is shown of a content. `manifest` lists its parts; the parts themselves lie in the preview store.

    A row that waits is the work itself: whoever makes it holds it until `lease_until`.
    """

    __tablename__ = "preview"
    __table_args__ = (Index("ix_preview_state_lease_until", "state", "lease_until"),)

    id: Mapped[key]
    blob_id: Mapped[int] = mapped_column(ForeignKey("blob.id"), unique=True)
    state: Mapped[PreviewState] = mapped_column(default=PreviewState.WAITING)
    manifest: Mapped[dict[str, Any]] = mapped_column(default=dict)
    asked_at: Mapped[moment]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    made_at: Mapped[datetime | None]

    blob: Mapped[Blob] = relationship()
