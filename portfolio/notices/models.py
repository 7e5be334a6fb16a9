"""Notices and their switches: operational, for the person alone. Nothing that was typed is copied into them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.db import Base, key, moment, uid
from portfolio.notices.rules import NoticeKind, Posting


class Notice(Base):
    """One thing that one person should know. `about` names the row that it leads to as the trail does, by table and
    id; `facts` holds references and counts, never names or words of evidence.
    """

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_person_id_centre_id", "person_id", "centre_id", "read_at", "is_on_screen"),
        Index("ix_notice_posting", "posting"),
    )

    id: Mapped[key]
    uid: Mapped[uid]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    centre_id: Mapped[int] = mapped_column(ForeignKey("centre.id"))
    kind: Mapped[NoticeKind]
    about_table: Mapped[str] = mapped_column(String(40))
    about_id: Mapped[int]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    is_on_screen: Mapped[bool] = mapped_column(default=True)
    posting: Mapped[Posting] = mapped_column(default=Posting.NONE)
    attempts: Mapped[int] = mapped_column(default=0)
    told_at: Mapped[moment]
    next_try_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]


class NoticeSwitch(Base):
    """What somebody chose for one kind of notice; without a row, both ways are on."""

    __tablename__ = "notice_switch"
    __table_args__ = (UniqueConstraint("person_id", "kind"),)

    id: Mapped[key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[NoticeKind]
    is_on_screen: Mapped[bool] = mapped_column(default=True)
    is_by_mail: Mapped[bool] = mapped_column(default=True)
