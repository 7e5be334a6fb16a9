"""Qualifications and units as loaded from packs. A version belongs to one centre, or to the whole site.

Every row is immutable: new content makes a new version beside the old one, and what was begun on a version stays on it.
Which version is in use is what was loaded last, so that going back is one more load.
"""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portfolio.criteria.rules import Figures, GuidanceKind, OutcomeKind, Status
from portfolio.db import Base, key, moment, uid


def _once_on_site(table: str) -> Index:
    """The same content once for the whole site; a unique constraint does not compare the missing centres."""
    is_site = text("centre_id IS NULL")
    return Index(f"uq_{table}_site", "content_sha", unique=True, sqlite_where=is_site, postgresql_where=is_site)


class QualificationVersion(Base):
    """A qualification as one pack gives it. `rules` holds how units combine, unchecked unless `rules_known`."""

    __tablename__ = "qualification_version"
    __table_args__ = (
        UniqueConstraint("centre_id", "content_sha"),
        _once_on_site("qualification_version"),
        Index("ix_qualification_version_reference", "reference"),
    )

    id: Mapped[key]
    uid: Mapped[uid]
    centre_id: Mapped[int | None] = mapped_column(ForeignKey("centre.id"))
    reference: Mapped[str] = mapped_column(String(40))
    reference_note: Mapped[str] = mapped_column(String(200), default="")
    title: Mapped[str] = mapped_column(String(200))
    level: Mapped[int]
    awarding_organisation: Mapped[str] = mapped_column(String(200))
    spec_version: Mapped[str] = mapped_column(String(40))
    status: Mapped[Status]
    source: Mapped[str] = mapped_column(Text)
    operational_end: Mapped[date | None]
    certification_end: Mapped[date | None]
    rules_known: Mapped[bool]
    rules: Mapped[dict[str, Any]]
    content_sha: Mapped[str] = mapped_column(String(64))

    units: Mapped[list["QualificationUnit"]] = relationship(
        back_populates="qualification", order_by="QualificationUnit.position"
    )


class UnitVersion(Base):
    """A unit as one file gives it, shared by every qualification version that has this very content.

    In outline a unit is its code, title, level and credit; it has no criteria, and `glh` is 0.
    """

    __tablename__ = "unit_version"
    __table_args__ = (
        UniqueConstraint("centre_id", "content_sha"),
        _once_on_site("unit_version"),
        Index("ix_unit_version_code", "code"),
    )

    id: Mapped[key]
    uid: Mapped[uid]
    centre_id: Mapped[int | None] = mapped_column(ForeignKey("centre.id"))
    code: Mapped[str] = mapped_column(String(40))
    code_note: Mapped[str] = mapped_column(String(200), default="")
    title: Mapped[str] = mapped_column(String(200))
    level: Mapped[int]
    credit: Mapped[int]
    glh: Mapped[int]
    is_outline: Mapped[bool] = mapped_column(default=False)
    figures: Mapped[Figures]
    status: Mapped[Status]
    source: Mapped[str] = mapped_column(Text)
    content_sha: Mapped[str] = mapped_column(String(64))

    outcomes: Mapped[list["Outcome"]] = relationship(back_populates="unit", order_by="Outcome.position")
    criteria: Mapped[list["Criterion"]] = relationship(back_populates="unit", order_by="Criterion.position")
    guidance: Mapped[list["Guidance"]] = relationship(back_populates="unit", order_by="Guidance.position")


class CriteriaLoad(Base):
    """That a qualification or a unit was put into use for the centre of its version, or for the whole site."""

    __tablename__ = "criteria_load"
    __table_args__ = (
        CheckConstraint("(qualification_version_id IS NULL) <> (unit_version_id IS NULL)", name="one_subject"),
    )

    id: Mapped[key]
    qualification_version_id: Mapped[int | None] = mapped_column(ForeignKey("qualification_version.id"), index=True)
    unit_version_id: Mapped[int | None] = mapped_column(ForeignKey("unit_version.id"), index=True)
    loaded_at: Mapped[moment]


class QualificationUnit(Base):
    """A unit that a qualification version offers, in one of its groups."""

    __tablename__ = "qualification_unit"
    __table_args__ = (UniqueConstraint("qualification_version_id", "unit_version_id"),)

    id: Mapped[key]
    uid: Mapped[uid]
    qualification_version_id: Mapped[int] = mapped_column(ForeignKey("qualification_version.id"))
    unit_version_id: Mapped[int] = mapped_column(ForeignKey("unit_version.id"), index=True)
    group_code: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]

    qualification: Mapped[QualificationVersion] = relationship(back_populates="units")
    unit: Mapped[UnitVersion] = relationship()


class Outcome(Base):
    """A learning outcome of a unit."""

    __tablename__ = "outcome"
    __table_args__ = (UniqueConstraint("unit_version_id", "code"),)

    id: Mapped[key]
    uid: Mapped[uid]
    unit_version_id: Mapped[int] = mapped_column(ForeignKey("unit_version.id"))
    code: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[OutcomeKind]

    unit: Mapped[UnitVersion] = relationship(back_populates="outcomes")
    criteria: Mapped[list["Criterion"]] = relationship(back_populates="outcome", order_by="Criterion.position")


class Criterion(Base):
    """An assessment criterion. `code` is text, as written; `position` orders all criteria of the unit."""

    __tablename__ = "criterion"
    __table_args__ = (UniqueConstraint("unit_version_id", "code"), Index("ix_criterion_outcome_id", "outcome_id"))

    id: Mapped[key]
    uid: Mapped[uid]
    unit_version_id: Mapped[int] = mapped_column(ForeignKey("unit_version.id"))
    outcome_id: Mapped[int] = mapped_column(ForeignKey("outcome.id"))
    code: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    methods: Mapped[list[str]]

    unit: Mapped[UnitVersion] = relationship(back_populates="criteria")
    outcome: Mapped[Outcome] = relationship(back_populates="criteria")


class Guidance(Base):
    """A hint to a unit. It never counts as coverage; `sources` are the stems of the pages that it stands on."""

    __tablename__ = "guidance"
    __table_args__ = (UniqueConstraint("unit_version_id", "position"),)

    id: Mapped[key]
    uid: Mapped[uid]
    unit_version_id: Mapped[int] = mapped_column(ForeignKey("unit_version.id"))
    position: Mapped[int]
    kind: Mapped[GuidanceKind]
    text: Mapped[str] = mapped_column(Text)
    sources: Mapped[list[str]]

    unit: Mapped[UnitVersion] = relationship(back_populates="guidance")
    criteria: Mapped[list[Criterion]] = relationship(secondary="guidance_criterion", order_by=Criterion.position)


class GuidanceCriterion(Base):
    """A criterion that a hint helps with."""

    __tablename__ = "guidance_criterion"

    guidance_id: Mapped[int] = mapped_column(ForeignKey("guidance.id"), primary_key=True)
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"), primary_key=True, index=True)
