"""A learner on a qualification, in a cohort or in none; the units as they were when chosen; who is allocated, as dated
rows.
"""

from datetime import date

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portfolio.accounts.models import Person
from portfolio.centres.models import Centre
from portfolio.criteria.models import QualificationVersion, UnitVersion
from portfolio.db import Base, Revised, key, uid
from portfolio.enrolment.rules import Duty, EnrolmentState


class Cohort(Revised, Base):
    """Learners of a centre who go through together. A closed one takes nobody new; its learners stay in it."""

    __tablename__ = "cohort"
    __table_args__ = (UniqueConstraint("centre_id", "name"),)

    id: Mapped[key]
    uid: Mapped[uid]
    centre_id: Mapped[int] = mapped_column(ForeignKey("centre.id"))
    name: Mapped[str] = mapped_column(String(120))
    starts_on: Mapped[date | None]
    closed_on: Mapped[date | None]

    centre: Mapped[Centre] = relationship()


class Enrolment(Revised, Base):
    """One learner on one qualification. `version` grows with each write; `next_ref` numbers the evidence."""

    __tablename__ = "enrolment"
    __table_args__ = (
        Index("ix_enrolment_centre_id", "centre_id"),
        Index("ix_enrolment_learner_id", "learner_id"),
        Index("ix_enrolment_cohort_id", "cohort_id"),
    )

    id: Mapped[key]
    uid: Mapped[uid]
    centre_id: Mapped[int] = mapped_column(ForeignKey("centre.id"))
    learner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    qualification_version_id: Mapped[int] = mapped_column(ForeignKey("qualification_version.id"))
    registration_number: Mapped[str] = mapped_column(String(40), default="")
    started_on: Mapped[date]
    due_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    """The day on which the learner finished or left; empty while the enrolment runs."""
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohort.id"))
    state: Mapped[EnrolmentState] = mapped_column(default=EnrolmentState.ACTIVE)
    next_ref: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(default=1)
    stream_id: Mapped[int] = mapped_column(ForeignKey("audit_stream.id"), unique=True)

    centre: Mapped[Centre] = relationship()
    learner: Mapped[Person] = relationship()
    qualification: Mapped[QualificationVersion] = relationship()
    cohort: Mapped[Cohort | None] = relationship()
    units: Mapped[list["EnrolmentUnit"]] = relationship(back_populates="enrolment", order_by="EnrolmentUnit.position")
    allocations: Mapped[list["Allocation"]] = relationship(back_populates="enrolment", order_by="Allocation.id")


class EnrolmentUnit(Base):
    """A chosen unit, pinned to the version it had when chosen, so that one unit can be moved alone."""

    __tablename__ = "enrolment_unit"
    __table_args__ = (UniqueConstraint("enrolment_id", "unit_code"),)

    id: Mapped[key]
    uid: Mapped[uid]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    unit_version_id: Mapped[int] = mapped_column(ForeignKey("unit_version.id"), index=True)
    unit_code: Mapped[str] = mapped_column(String(40))
    group_code: Mapped[str] = mapped_column(String(40), default="")
    position: Mapped[int] = mapped_column(default=0)

    enrolment: Mapped[Enrolment] = relationship(back_populates="units")
    unit: Mapped[UnitVersion] = relationship()


class Allocation(Base):
    """A person with a duty towards an enrolment, or towards one unit of it, from a day until the day before `until`."""

    __tablename__ = "allocation"
    __table_args__ = (
        Index("ix_allocation_enrolment_id", "enrolment_id"),
        Index("ix_allocation_held", "person_id", "duty", "enrolment_id", "enrolment_unit_id", "since", "until"),
    )

    id: Mapped[key]
    uid: Mapped[uid]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    enrolment_unit_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment_unit.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    duty: Mapped[Duty]
    since: Mapped[date]
    until: Mapped[date | None]

    enrolment: Mapped[Enrolment] = relationship(back_populates="allocations")
    person: Mapped[Person] = relationship()

    def is_open(self, on: date) -> bool:
        """Whether it holds on a day."""
        return self.since <= on and (self.until is None or on < self.until)
