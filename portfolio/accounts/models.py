"""People and what they may be. A person has one e-mail address on the whole server and may belong to centres."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portfolio.accounts.rules import AttemptKind, Role, TokenKind
from portfolio.db import Base, Revised, key, moment, uid


class Person(Revised, Base):
    """Somebody who can sign in. A new `epoch` ends every session and every link that was made before."""

    __tablename__ = "person"
    __table_args__ = (Index("ix_person_name", "name", "id"),)

    id: Mapped[key]
    uid: Mapped[uid]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    epoch: Mapped[int] = mapped_column(default=1)
    disabled_at: Mapped[datetime | None]

    memberships: Mapped[list["Membership"]] = relationship(back_populates="person")


class Membership(Base):
    """A person in one role in one centre, for a time. `qualified` is False for a trainee assessor."""

    __tablename__ = "membership"
    __table_args__ = (
        Index(
            "uq_membership_open",
            "person_id",
            "centre_id",
            "role",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
        Index("ix_membership_centre_id_role", "centre_id", "role"),
        Index("ix_membership_person_id", "person_id", "centre_id"),
    )

    id: Mapped[key]
    uid: Mapped[uid]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    centre_id: Mapped[int] = mapped_column(ForeignKey("centre.id"))
    role: Mapped[Role]
    qualified: Mapped[bool] = mapped_column(default=True)
    since: Mapped[date]
    until: Mapped[date | None]
    """The first day on which the person no longer has the role."""

    person: Mapped[Person] = relationship(back_populates="memberships")


class Grant(Base):
    """One enrolment that an external quality assurer may see, up to and including the day `until`."""

    __tablename__ = "grant"
    __table_args__ = (
        Index("ix_grant_enrolment_id", "enrolment_id"),
        Index("ix_grant_membership_id", "membership_id"),
    )

    id: Mapped[key]
    uid: Mapped[uid]
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    until: Mapped[date]


class Token(Base):
    """A one-use link, kept as a hash. It dies with its use, its date, or the person's epoch."""

    __tablename__ = "token"

    id: Mapped[key]
    uid: Mapped[uid]
    kind: Mapped[TokenKind]
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    centre_id: Mapped[int] = mapped_column(ForeignKey("centre.id"))
    epoch: Mapped[int]
    expires_at: Mapped[moment]
    used_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class Attempt(Base):
    """One wrong guess. Operational."""

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_kind_subject_at", "kind", "subject", "at"),)

    id: Mapped[key]
    kind: Mapped[AttemptKind]
    subject: Mapped[str] = mapped_column(String(254))
    at: Mapped[moment]


class SignInSession(Base):
    """Somebody signed in on one device, kept as the hash of the token in its cookie. Operational."""

    __tablename__ = "sign_in_session"

    id: Mapped[key]
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    centre_id: Mapped[int] = mapped_column(ForeignKey("centre.id"))
    epoch: Mapped[int]
    created_at: Mapped[moment]
    device: Mapped[str] = mapped_column(String(80), default="")
    """What the browser said of itself, in words."""


class SecondFactor(Base):
    """What makes a person's six-digit codes. `secret` is sealed with the installation's key; it asks for codes from
    `confirmed_at` on. `recovery` holds hashes of one-use codes for a lost telephone.
    """

    __tablename__ = "second_factor"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(String(200))
    recovery: Mapped[list[str]] = mapped_column(default=list)
    made_at: Mapped[moment]
    confirmed_at: Mapped[datetime | None]


class UsedCode(Base):
    """A code that was used, by its half minute: nobody uses it again. Operational."""

    __tablename__ = "used_code"
    __table_args__ = (UniqueConstraint("person_id", "step"),)

    id: Mapped[key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    step: Mapped[int]
