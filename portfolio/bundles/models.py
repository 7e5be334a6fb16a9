"""Portfolios that came from another installation: from where, with which key, and where their history is kept."""

from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portfolio.audit.events import facts_digest, in_full
from portfolio.audit.models import AuditStream
from portfolio.db import Base, key, moment, uid
from portfolio.enrolment.models import Enrolment


class Arrival(Base):
    """One way of a portfolio from one installation to the next. Append-only.

    `no` counts from the oldest; the last one brought it here. Each came to the centre from which the next one set out.
    The centre is the one that it came from, and `public_key` that installation's, in hexadecimal, as `bundle_sha256`
    is. The history that came with it is `stream`. `people` lists everybody whom the portfolio named there: their public
    identifier there, their name, and the id of the person who stands for them here.
    """

    __tablename__ = "arrival"
    __table_args__ = (UniqueConstraint("enrolment_id", "no"),)

    id: Mapped[key]
    uid: Mapped[uid]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    no: Mapped[int]
    stream_id: Mapped[int] = mapped_column(ForeignKey("audit_stream.id"), unique=True)
    centre_uid: Mapped[str] = mapped_column(String(20))
    centre_name: Mapped[str] = mapped_column(String(200))
    centre_number: Mapped[str] = mapped_column(String(40))
    public_key: Mapped[str] = mapped_column(String(64))
    bundle_sha256: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[moment]
    arrived_at: Mapped[moment]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    people: Mapped[list[Any]] = mapped_column(default=list)

    enrolment: Mapped[Enrolment] = relationship()
    stream: Mapped[AuditStream] = relationship()

    @property
    def place(self) -> str:
        """Where it came from, in words."""
        return f"{self.centre_name} ({self.centre_number})"

    def facts(self, texts: int) -> dict[str, Any]:
        """What is told of it where it arrived, so that nothing of it changes; `texts` is how many entries of its
        history came with their words.
        """
        return {
            "centre": self.centre_name,
            "centre_uid": self.centre_uid,
            "number": self.centre_number,
            "stream": self.stream.uid,
            "seq": self.stream.head_seq,
            "head": self.stream.head_hash,
            "key": self.public_key,
            "bundle": self.bundle_sha256,
            "made_at": in_full(self.made_at),
            "arrived_at": in_full(self.arrived_at),
            "texts": texts,
            "people": facts_digest({"people": [list(row[:2]) for row in self.people]}),
        }

    @property
    def names(self) -> dict[str, str]:
        """What people were called there, by their public identifiers there."""
        return {row[0]: row[1] for row in self.people}
