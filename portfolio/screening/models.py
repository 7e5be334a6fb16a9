"""What was looked through, what was found, whom it is about, and what was decided.

An item is named by the public identifier of its evidence, and a text of it by `place`. Scans, findings and entities can
be made again at any time; decisions are the record. None of them holds the words, but for what is sealed.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portfolio.accounts.models import Person
from portfolio.anonymise.findings import Label
from portfolio.anonymise.pseudonyms import Part
from portfolio.db import Base, Revised, key, moment, uid
from portfolio.enrolment.models import Enrolment
from portfolio.screening.rules import FoundBy, Outcome, Reason, ScanState

UID, HASH, PLACE, WHY = 20, 64, 60, 200


class Scan(Base):
    """One source of an item that is looked through: its own words (`source` empty), or a file's content by its SHA-256.

    `detector` names the release that looked and the lists that it was given; `digest` is that of the words. Work that
    waits is held by whoever does it until `lease_until`. `checked_by` looked for themselves where no text is.
    """

    __tablename__ = "scan"
    __table_args__ = (
        UniqueConstraint("item_uid", "source"),
        Index("ix_scan_enrolment_id", "enrolment_id"),
        Index("ix_scan_state_lease_until", "state", "lease_until"),
    )

    id: Mapped[key]
    uid: Mapped[uid]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    item_uid: Mapped[str] = mapped_column(String(UID))
    source: Mapped[str] = mapped_column(String(HASH), default="")
    state: Mapped[ScanState] = mapped_column(default=ScanState.WAITING)
    detector: Mapped[str] = mapped_column(String(40), default="")
    digest: Mapped[str] = mapped_column(String(HASH), default="")
    note: Mapped[str] = mapped_column(String(WHY), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    scanned_at: Mapped[datetime | None]
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    checked_at: Mapped[datetime | None]

    enrolment: Mapped[Enrolment] = relationship()
    checked_by: Mapped[Person | None] = relationship()
    findings: Mapped[list["Finding"]] = relationship(
        back_populates="scan", order_by="Finding.id", cascade="all, delete-orphan"
    )


class Entity(Base):
    """A person or a thing that an enrolment's texts name. `label`, `part` and `number` make its pseudonym.

    `number` is given when something of it is first replaced, and never again to another; persons share one sequence.
    `sealed` is the key between pseudonym and words; it is emptied when it is no longer needed, and never leaves.
    """

    __tablename__ = "entity"
    __table_args__ = (UniqueConstraint("enrolment_id", "label", "number"),)

    id: Mapped[key]
    uid: Mapped[uid]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    label: Mapped[Label]
    part: Mapped[Part]
    number: Mapped[int | None]
    sealed: Mapped[str] = mapped_column(Text, default="")

    enrolment: Mapped[Enrolment] = relationship()


class Finding(Base):
    """A place that a scan found. `place` says in which text of the source, and `token` is a keyed hash of the words.

    `confidence` is of a hundred. `is_ours`: it names somebody of the portfolio itself.
    """

    __tablename__ = "finding"
    __table_args__ = (
        Index("ix_finding_scan_id", "scan_id"),
        Index("ix_finding_entity_id", "entity_id"),
        Index("ix_finding_item_uid_token", "item_uid", "token"),
    )

    id: Mapped[key]
    uid: Mapped[uid]
    scan_id: Mapped[int] = mapped_column(ForeignKey("scan.id"))
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"))
    item_uid: Mapped[str] = mapped_column(String(UID))
    place: Mapped[str] = mapped_column(String(PLACE))
    start: Mapped[int]
    end: Mapped[int]
    label: Mapped[Label]
    confidence: Mapped[int]
    reason: Mapped[str] = mapped_column(String(WHY))
    found_by: Mapped[FoundBy] = mapped_column(default=FoundBy.DETECTOR)
    is_ours: Mapped[bool] = mapped_column(default=False)
    token: Mapped[str] = mapped_column(String(HASH))

    scan: Mapped[Scan] = relationship(back_populates="findings")
    entity: Mapped[Entity] = relationship()


class FindingDecision(Base):
    """What somebody decided about all that an item says in the same words. Append-only: the newest one holds.

    Rows of one act share `act`; `undoes` is the act that it takes back. `entity_uid` and `pseudonym` are as they
    were then; `places` is in how many places the words stood; `said` is the maker's own reason.
    """

    __tablename__ = "finding_decision"
    __table_args__ = (
        Index("ix_finding_decision_item_uid_token", "item_uid", "token"),
        Index("ix_finding_decision_enrolment_id_outcome", "enrolment_id", "outcome"),
        Index("ix_finding_decision_act", "act"),
    )

    id: Mapped[key]
    uid: Mapped[uid]
    act: Mapped[str] = mapped_column(String(UID))
    undoes: Mapped[str] = mapped_column(String(UID), default="")
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    item_uid: Mapped[str] = mapped_column(String(UID))
    token: Mapped[str] = mapped_column(String(HASH))
    label: Mapped[Label]
    entity_uid: Mapped[str] = mapped_column(String(UID))
    pseudonym: Mapped[str] = mapped_column(String(40), default="")
    places: Mapped[int]
    outcome: Mapped[Outcome]
    reason: Mapped[Reason | None]
    said: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role_word: Mapped[str] = mapped_column(String(40))
    at: Mapped[moment]

    enrolment: Mapped[Enrolment] = relationship()
    by: Mapped[Person] = relationship()


class KnownWords(Revised, Base):
    """What a centre, or one learner, says beforehand: people and organisations to find, words to leave alone."""

    __tablename__ = "known_words"
    __table_args__ = (Index("ix_known_words_centre_id_enrolment_id", "centre_id", "enrolment_id"),)

    id: Mapped[key]
    uid: Mapped[uid]
    centre_id: Mapped[int] = mapped_column(ForeignKey("centre.id"))
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"))
    sealed: Mapped[str] = mapped_column(Text, default="")
