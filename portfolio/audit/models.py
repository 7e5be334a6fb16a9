"""Streams, events and their erasable text. Events never change and never go: triggers refuse it on both databases."""

from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.db import Base, key, moment, uid


class AuditStream(Base):
    """One chain: an enrolment's or a centre's. `head_seq` and `head_hash` say where it ends.

    One of kind `elsewhere` was written by another installation, with whose `public_key`, in hexadecimal, it is signed.
    It ends where its portfolio set out. The key is empty for what is written here.
    """

    __tablename__ = "audit_stream"

    id: Mapped[key]
    uid: Mapped[uid]
    kind: Mapped[str] = mapped_column(String(12))
    head_seq: Mapped[int] = mapped_column(default=0)
    head_hash: Mapped[str] = mapped_column(String(64))
    public_key: Mapped[str] = mapped_column(String(64), default="")


class AuditEvent(Base):
    """One thing that happened."""

    __tablename__ = "audit_event"
    __table_args__ = (UniqueConstraint("stream_id", "seq"),)

    id: Mapped[key]
    stream_id: Mapped[int] = mapped_column(ForeignKey("audit_stream.id"))
    seq: Mapped[int]
    at: Mapped[moment]
    actor: Mapped[str] = mapped_column(String(20))
    role: Mapped[str] = mapped_column(String(24))
    verb: Mapped[str] = mapped_column(String(48))
    subject: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    prev: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(String(128))


class AuditText(Base):
    """What an event says in words and values; erasable, because only its salted digest is in the chain."""

    __tablename__ = "audit_text"

    event_id: Mapped[int] = mapped_column(ForeignKey("audit_event.id"), primary_key=True)
    salt: Mapped[str] = mapped_column(String(32))
    text: Mapped[dict[str, Any]]


class AuditHead(Base):
    """Where another stream ended when the centre's stream took note of it, so that a cut tail shows."""

    __tablename__ = "audit_head"
    __table_args__ = (
        UniqueConstraint("event_id", "stream_uid"),
        Index("ix_audit_head_stream_uid", "stream_uid", "seq"),
    )

    id: Mapped[key]
    event_id: Mapped[int] = mapped_column(ForeignKey("audit_event.id"))
    stream_uid: Mapped[str] = mapped_column(String(20))
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


class TrailCheck(Base):
    """What came of proving a stream the last time that somebody asked; a centre's is of all its streams together.

    `head_seq` and `head_hash` say where the stream ended; `fault` is the first that was found. Operational.
    """

    __tablename__ = "trail_check"

    stream_id: Mapped[int] = mapped_column(ForeignKey("audit_stream.id"), primary_key=True)
    at: Mapped[moment]
    person: Mapped[str] = mapped_column(String(20))
    streams: Mapped[int]
    entries: Mapped[int]
    head_seq: Mapped[int]
    head_hash: Mapped[str] = mapped_column(String(64))
    faults: Mapped[int] = mapped_column(default=0)
    fault_stream: Mapped[str] = mapped_column(String(20), default="")
    fault_seq: Mapped[int] = mapped_column(default=0)
    fault: Mapped[str] = mapped_column(String(200), default="")


class AccessLog(Base):
    """Who opened what, where the opening itself must be on record (an external quality assurer's). Operational.

    `page` is what was opened of the subject, by the name of its view; `enrolment_id` whose portfolio it belongs to.
    """

    __tablename__ = "access_log"
    __table_args__ = (
        Index("ix_access_log_centre_id_at", "centre_id", "at"),
        Index("ix_access_log_enrolment_id_at", "enrolment_id", "at"),
    )

    id: Mapped[key]
    at: Mapped[moment]
    centre_id: Mapped[int]
    person: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(64))
    page: Mapped[str] = mapped_column(String(48), default="")
    enrolment_id: Mapped[int | None]
