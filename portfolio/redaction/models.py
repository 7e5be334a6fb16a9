"""Redactions of files, and what was drawn on files by hand. No row holds words of a file.

An item is named by the public identifier of its evidence, and its file's content by the SHA-256.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portfolio.accounts.models import Person
from portfolio.db import Base, Revised, key, moment, uid
from portfolio.enrolment.models import Enrolment
from portfolio.jobs.models import Job
from portfolio.redaction.rules import NAME_MOST, NOTE_MOST, RedactionState
from portfolio.storage.models import Blob

UID, HASH, KIND = 20, 64, 100


class Redaction(Revised, Base):
    """One redacted version of a content of an item, from asking for it until it is used or dropped.

    `marks` are the boxes and times that were drawn by hand then. `result_blob_id` is set until it is used: from then on
    it is a file of the item as any other. What was used stays on record: `proof` says what was replaced and how that
    was proved, and `checked` that its user says to have looked at all of it. `original_blob_id` keeps the original for
    `used_by` alone until `held_until`.
    """

    __tablename__ = "redaction"
    __table_args__ = (
        Index("ix_redaction_item_uid_source", "item_uid", "source"),
        Index("ix_redaction_enrolment_id", "enrolment_id"),
        Index("ix_redaction_result_blob_id", "result_blob_id"),
        Index("ix_redaction_original_blob_id", "original_blob_id"),
        Index("ix_redaction_held_until", "held_until"),
    )

    id: Mapped[key]
    uid: Mapped[uid]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    item_uid: Mapped[str] = mapped_column(String(UID))
    version_no: Mapped[int]
    source: Mapped[str] = mapped_column(String(HASH))
    source_size: Mapped[int] = mapped_column(BigInteger)
    source_type: Mapped[str] = mapped_column(String(KIND))
    state: Mapped[RedactionState] = mapped_column(default=RedactionState.WAITING)
    note: Mapped[str] = mapped_column(String(NOTE_MOST), default="")
    marks: Mapped[dict[str, Any]] = mapped_column(default=dict)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[moment]
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"))
    result_blob_id: Mapped[int | None] = mapped_column(ForeignKey("blob.id"))
    result_name: Mapped[str] = mapped_column(String(NAME_MOST), default="")
    result_sha256: Mapped[str] = mapped_column(String(HASH), default="")
    proof: Mapped[dict[str, Any]] = mapped_column(default=dict)
    made_at: Mapped[datetime | None]
    used_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    used_at: Mapped[datetime | None]
    checked: Mapped[bool] = mapped_column(default=False)
    original_blob_id: Mapped[int | None] = mapped_column(ForeignKey("blob.id"))
    original_name: Mapped[str] = mapped_column(String(NAME_MOST), default="")
    held_until: Mapped[datetime | None]
    let_go_at: Mapped[datetime | None]
    """When the original that was held was let go."""

    enrolment: Mapped[Enrolment] = relationship()
    job: Mapped[Job] = relationship()
    asked_by: Mapped[Person] = relationship(foreign_keys=asked_by_id)
    used_by: Mapped[Person | None] = relationship(foreign_keys=used_by_id)
    result: Mapped[Blob | None] = relationship(foreign_keys=result_blob_id)
    original: Mapped[Blob | None] = relationship(foreign_keys=original_blob_id)


class FileMarks(Revised, Base):
    """What is drawn by hand on a content of an item, as it is saved while somebody draws. Operational."""

    __tablename__ = "file_marks"
    __table_args__ = (UniqueConstraint("item_uid", "source"), Index("ix_file_marks_enrolment_id", "enrolment_id"))

    id: Mapped[key]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    item_uid: Mapped[str] = mapped_column(String(UID))
    source: Mapped[str] = mapped_column(String(HASH))
    boxes: Mapped[list[Any]] = mapped_column(default=list)
    silences: Mapped[list[Any]] = mapped_column(default=list)
    saved_at: Mapped[moment]
