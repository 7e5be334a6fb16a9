"""Books that were asked for: which enrolment, as of when, where the file is, and what held one back."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portfolio.db import Base, key, moment, uid
from portfolio.enrolment.models import Enrolment
from portfolio.jobs.models import Job
from portfolio.storage.models import Blob


class WordBook(Base):
    """A Word portfolio that somebody asked for. `blob_id` is empty until its job is done;
    `pdf_blob_id` is the same as a PDF, where this installation makes one.

    `head_seq` and `head_hash` say where the enrolment's trail ended when it was made. `held` are the places for which
    it was not made, as `gate.Held` reads them: none of them holds a word. `choice` is what it holds, as `rules.Choice`
    reads it; empty for all.
    """

    __tablename__ = "word_book"
    __table_args__ = (Index("ix_word_book_enrolment_id", "enrolment_id"),)

    id: Mapped[key]
    uid: Mapped[uid]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[moment]
    made_at: Mapped[datetime | None]
    blob_id: Mapped[int | None] = mapped_column(ForeignKey("blob.id"))
    pdf_blob_id: Mapped[int | None] = mapped_column(ForeignKey("blob.id"))
    head_seq: Mapped[int] = mapped_column(default=0)
    head_hash: Mapped[str] = mapped_column(String(64), default="")
    held: Mapped[list[Any]] = mapped_column(default=list)
    choice: Mapped[dict[str, Any]] = mapped_column(default=dict)

    enrolment: Mapped[Enrolment] = relationship()
    job: Mapped[Job] = relationship()
    blob: Mapped[Blob | None] = relationship(foreign_keys=blob_id)
    pdf: Mapped[Blob | None] = relationship(foreign_keys=pdf_blob_id)
