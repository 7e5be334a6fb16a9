"""One preview for each stored content. Operational: it can be made again at any time from what is stored."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portfolio.db import Base, key, moment
from portfolio.previews.rules import PreviewState
from portfolio.storage.models import Blob


class Preview(Base):
    """What is shown of a content. `manifest` lists its parts; the parts themselves lie in the preview store."""

    __tablename__ = "preview"

    id: Mapped[key]
    blob_id: Mapped[int] = mapped_column(ForeignKey("blob.id"), unique=True)
    state: Mapped[PreviewState] = mapped_column(default=PreviewState.WAITING)
    manifest: Mapped[dict[str, Any]] = mapped_column(default=dict)
    asked_at: Mapped[moment]
    made_at: Mapped[datetime | None]

    blob: Mapped[Blob] = relationship()
