"""A bundle on its way in. Operational: that it came and went is told in the centre's trail, as is what it brings."""

from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portfolio.bundles.arriving.rules import DraftState
from portfolio.db import Base, Revised, key, moment, uid
from portfolio.jobs.models import Job
from portfolio.storage.models import Blob


class ArrivingDraft(Revised, Base):
    """A bundle that an administrator brought to a centre, whose administrators share it.

    `matches` has the e-mail address chosen for people of the bundle, by their uid there; `found` is what the look into
    it said, as `telling` makes it; `faults` is why it is refused. Its file is there until it is refused or brought in.
    """

    __tablename__ = "arriving_draft"
    __table_args__ = (Index("ix_arriving_draft_centre_id", "centre_id"), Index("ix_arriving_draft_blob_id", "blob_id"))

    id: Mapped[key]
    uid: Mapped[uid]
    centre_id: Mapped[int] = mapped_column(ForeignKey("centre.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    blob_id: Mapped[int | None] = mapped_column(ForeignKey("blob.id"))
    name: Mapped[str] = mapped_column(String(200))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[DraftState] = mapped_column(default=DraftState.NEW)
    faults: Mapped[list[str]] = mapped_column(default=list)
    found: Mapped[dict[str, Any]] = mapped_column(default=dict)
    matches: Mapped[dict[str, Any]] = mapped_column(default=dict)
    touched_at: Mapped[moment]

    job: Mapped[Job | None] = relationship()
    blob: Mapped[Blob | None] = relationship()

    @property
    def is_under_way(self) -> bool:
        """Whether a worker has it, or is to take it."""
        return self.job is not None and not self.job.is_over
