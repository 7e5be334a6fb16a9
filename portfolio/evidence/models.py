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
    """One item, known by its reference for good. `author` made it: the learner, or an assessor.

    `trashed_at`: its author threw the draft away, and may take it back. `hidden_at`: somebody's personal data was found
    in it, and only those who mend it see it until that is done.
    """

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
    trashed_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]

    enrolment: Mapped[Enrolment] = relationship()
    author: Mapped[Person] = relationship()
    versions: Mapped[list["EvidenceVersion"]] = relationship(back_populates="evidence", order_by="EvidenceVersion.no")
    breaches: Mapped[list["Breach"]] = relationship(back_populates="evidence", order_by="Breach.id")

    @property
    def latest(self) -> "EvidenceVersion":
        """The newest version, a draft or not: what its learner sees."""
        return self.versions[-1]

    @property
    def current(self) -> "EvidenceVersion | None":
        """The newest version that was handed in and not withdrawn: what everybody else sees, and what counts."""
        return next((v for v in reversed(self.versions) if v.is_handed_in), None)

    @property
    def on_record(self) -> "EvidenceVersion | None":
        """The current version, or of an item that was withdrawn the newest that was handed in: what is not changed, but
        to take personal data out.
        """
        return self.current or next((v for v in reversed(self.versions) if not v.is_draft), None)


class EvidenceVersion(Revised, Base):
    """What an item said at one time. `digest` covers all its words and the files' hashes once frozen.

    `role` is the learner's own part in the event. `custody` says where and with whom an item is that is held elsewhere
    (`location`, `custodian`). `notes` are the lines of a record in order, each with `at` (when, or how far in), `ask`
    (a question), `said` (what was seen, or the answer) and `criteria` (pairs of a unit's and a criterion's code).
    `amended` counts the amendments that took personal data out after it was frozen.
    """

    __tablename__ = "evidence_version"
    __table_args__ = (UniqueConstraint("evidence_id", "no"),)

    id: Mapped[key]
    uid: Mapped[uid]
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"))
    no: Mapped[int]
    title: Mapped[str] = mapped_column(String(150))
    event_on: Mapped[date | None]
    context: Mapped[str] = mapped_column(Text, default="")
    role: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text, default="")
    custody: Mapped[dict[str, Any]] = mapped_column(default=dict)
    notes: Mapped[list[Any]] = mapped_column(default=list)
    digest: Mapped[str] = mapped_column(String(64), default="")
    amended: Mapped[int] = mapped_column(default=0)
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


class WaitingFile(Base):
    """A file that has arrived and belongs to no item yet; the worker removes what nobody fetched within some days."""

    __tablename__ = "waiting_file"
    __table_args__ = (
        Index("ix_waiting_file_enrolment_id_person_id", "enrolment_id", "person_id"),
        Index("ix_waiting_file_blob_id", "blob_id"),
    )

    id: Mapped[key]
    uid: Mapped[uid]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    blob_id: Mapped[int] = mapped_column(ForeignKey("blob.id"))
    name: Mapped[str] = mapped_column(String(200))
    arrived_at: Mapped[moment]

    enrolment: Mapped[Enrolment] = relationship()
    blob: Mapped[Blob] = relationship()


class Sighting(Base):
    """Somebody of the centre has seen, where it is kept, what this version says is held elsewhere."""

    __tablename__ = "sighting"
    __table_args__ = (Index("ix_sighting_version_id", "version_id"),)

    id: Mapped[key]
    uid: Mapped[uid]
    version_id: Mapped[int] = mapped_column(ForeignKey("evidence_version.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role_word: Mapped[str] = mapped_column(String(40))
    seen_on: Mapped[date]
    note: Mapped[str] = mapped_column(Text, default="")
    recorded_at: Mapped[moment]

    version: Mapped[EvidenceVersion] = relationship()
    person: Mapped[Person] = relationship()


class Breach(Revised, Base):
    """Personal data was found in an item that is on record. `words` say where; they are emptied once it is mended."""

    __tablename__ = "breach"
    __table_args__ = (Index("ix_breach_evidence_id", "evidence_id"),)

    id: Mapped[key]
    uid: Mapped[uid]
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"))
    reported_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reported_at: Mapped[moment]
    words: Mapped[str] = mapped_column(Text)
    mended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    mended_at: Mapped[datetime | None]

    evidence: Mapped[Evidence] = relationship(back_populates="breaches")
    reported_by: Mapped[Person] = relationship(foreign_keys=reported_by_id)
    mended_by: Mapped[Person | None] = relationship(foreign_keys=mended_by_id)


class Amendment(Base):
    """Personal data was taken out of one version of an item: what went, by hash, and the digests before and after.

    `removed` lists what changed, by name alone: {"sha256", "size", "replaced_by" (a hash, or empty)} for each file that
    was destroyed, {"field"} for each text, {"claim"} for each criterion by its code.
    """

    __tablename__ = "amendment"
    __table_args__ = (UniqueConstraint("version_id", "no"), Index("ix_amendment_breach_id", "breach_id"))

    id: Mapped[key]
    uid: Mapped[uid]
    breach_id: Mapped[int] = mapped_column(ForeignKey("breach.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("evidence_version.id"))
    no: Mapped[int]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[moment]
    reason: Mapped[str] = mapped_column(Text)
    digest_before: Mapped[str] = mapped_column(String(64))
    digest_after: Mapped[str] = mapped_column(String(64))
    claims_before: Mapped[str] = mapped_column(String(64))
    claims_after: Mapped[str] = mapped_column(String(64))
    removed: Mapped[list[Any]]

    breach: Mapped[Breach] = relationship()
    version: Mapped[EvidenceVersion] = relationship()
    by: Mapped[Person] = relationship()
