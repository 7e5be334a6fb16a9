"""Evidence items, their versions, and the files of a version. A frozen version is what was judged: it never changes."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portfolio.accounts.models import Person
from portfolio.criteria.rules import Method
from portfolio.db import Base, Revised, key, moment, uid
from portfolio.enrolment.models import Enrolment
from portfolio.evidence.rules import Carrier, EvidenceState, FileRole
from portfolio.storage.models import Blob


class Evidence(Base):
    """One item, known by its reference for good. `author` made it: the learner, or an assessor."""

    __tablename__ = "evidence"
    __table_args__ = (UniqueConstraint("enrolment_id", "ref"),)

    id: Mapped[key]
    uid: Mapped[uid]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    ref: Mapped[str] = mapped_column(String(8))
    method: Mapped[Method]
    carrier: Mapped[Carrier]
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    state: Mapped[EvidenceState] = mapped_column(default=EvidenceState.DRAFT)

    enrolment: Mapped[Enrolment] = relationship()
    author: Mapped[Person] = relationship()
    versions: Mapped[list["EvidenceVersion"]] = relationship(back_populates="evidence", order_by="EvidenceVersion.no")

    @property
    def latest(self) -> "EvidenceVersion":
        """The newest version, a draft or not: what its learner sees."""
        return self.versions[-1]

    @property
    def current(self) -> "EvidenceVersion | None":
        """The newest version that was handed in and not withdrawn: what everybody else sees, and what counts."""
        return next((v for v in reversed(self.versions) if v.is_handed_in), None)


class EvidenceVersion(Revised, Base):
    """What an item said at one time. `digest` covers title, date, context, body and the files' hashes once frozen."""

    __tablename__ = "evidence_version"
    __table_args__ = (UniqueConstraint("evidence_id", "no"),)

    id: Mapped[key]
    uid: Mapped[uid]
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"))
    no: Mapped[int]
    title: Mapped[str] = mapped_column(String(150))
    event_on: Mapped[date | None]
    context: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text, default="")
    custody: Mapped[dict[str, Any]] = mapped_column(default=dict)
    digest: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[moment]
    frozen_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    evidence: Mapped[Evidence] = relationship(back_populates="versions")
    files: Mapped[list["EvidenceFile"]] = relationship(back_populates="version", order_by="EvidenceFile.id")

    @property
    def is_draft(self) -> bool:
        """Whether it can still be changed."""
        return self.frozen_at is None

    @property
    def is_handed_in(self) -> bool:
        """Whether it was handed in and not withdrawn."""
        return self.frozen_at is not None and self.withdrawn_at is None


class EvidenceFile(Base):
    """A file of a version. A redaction adds a row that names the row it was made from."""

    __tablename__ = "evidence_file"
    __table_args__ = (Index("ix_evidence_file_version_id", "version_id"), Index("ix_evidence_file_blob_id", "blob_id"))

    id: Mapped[key]
    uid: Mapped[uid]
    version_id: Mapped[int] = mapped_column(ForeignKey("evidence_version.id"))
    blob_id: Mapped[int] = mapped_column(ForeignKey("blob.id"))
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[FileRole] = mapped_column(default=FileRole.ORIGINAL)
    source_file_id: Mapped[int | None] = mapped_column(ForeignKey("evidence_file.id"))

    version: Mapped[EvidenceVersion] = relationship(back_populates="files")
    blob: Mapped[Blob] = relationship()
