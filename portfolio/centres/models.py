"""The centre: a tenant. What belongs to one centre is never seen from another."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.db import Base, Revised, key, uid


class Centre(Revised, Base):
    """A place that is approved to assess. `terms` renames roles and words; `settings` holds what it chose."""

    __tablename__ = "centre"

    id: Mapped[key]
    uid: Mapped[uid]
    name: Mapped[str] = mapped_column(String(200))
    number: Mapped[str] = mapped_column(String(40))
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    terms: Mapped[dict[str, Any]] = mapped_column(default=dict)
    stream_id: Mapped[int] = mapped_column(ForeignKey("audit_stream.id"), unique=True)


class CentreLogo(Base):
    """The picture that a centre shows beside its name, drawn anew as a small PNG."""

    __tablename__ = "centre_logo"

    centre_id: Mapped[int] = mapped_column(ForeignKey("centre.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))


class CentreWordTemplate(Base):
    """The Word template that a centre's books are made with, as a small package of ours.

    `facts` says what was taken from the file that was sent, as labels with words, and `notes` what was left out.
    """

    __tablename__ = "centre_word_template"

    centre_id: Mapped[int] = mapped_column(ForeignKey("centre.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))
    facts: Mapped[list[list[str]]] = mapped_column(JSON)
    notes: Mapped[list[str]] = mapped_column(JSON)
