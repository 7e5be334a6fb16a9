"""Streams, events and their erasable text. Events never change and never go: triggers refuse it on both databases."""

from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.db import Base, key, moment, uid


class AuditStream(Base):
    """One chain: an enrolment's or a centre's. `head_seq` and `head_hash` say where it ends."""

    __tablename__ = "audit_stream"

    id: Mapped[key]
    uid: Mapped[uid]
    kind: Mapped[str] = mapped_column(String(12))
    head_seq: Mapped[int] = mapped_column(default=0)
    head_hash: Mapped[str] = mapped_column(String(64))


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
    __table_args__ = (UniqueConstraint("event_id", "stream_uid"),)

    id: Mapped[key]
    event_id: Mapped[int] = mapped_column(ForeignKey("audit_event.id"))
    stream_uid: Mapped[str] = mapped_column(String(20))
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


class AccessLog(Base):
    """Who opened what, where the opening itself must be on record (an external quality assurer's). Operational."""

    __tablename__ = "access_log"
    __table_args__ = (Index("ix_access_log_centre_id_at", "centre_id", "at"),)

    id: Mapped[key]
    at: Mapped[moment]
    centre_id: Mapped[int]
    person: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(64))
