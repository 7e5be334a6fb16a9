"""What the loaded qualifications and units say, as values."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache

from sqlalchemy import ColumnElement, Integer, bindparam, func, or_, select
from sqlalchemy.orm import Session

from portfolio.criteria.models import (
    Criterion,
    Guidance,
    GuidanceCriterion,
    Outcome,
    QualificationUnit,
    QualificationVersion,
    UnitVersion,
)
from portfolio.criteria.rules import Figures, GuidanceKind, Method, OutcomeKind, Status
from portfolio.db import AnySelect, read


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit that a qualification version offers."""

    unit_version_id: int
    uid: str
    code: str
    code_note: str
    title: str
    level: int
    credit: int
    glh: int
    figures: Figures
    status: Status
    source: str
    group_code: str


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """A criterion with the outcome that it belongs to."""

    id: int
    uid: str
    code: str
    text: str
    methods: tuple[Method, ...]
    outcome_id: int
    outcome_code: str
    outcome_title: str
    outcome_kind: OutcomeKind


@dataclass(frozen=True, slots=True)
class GuidanceRow:
    """A hint."""

    id: int
    kind: GuidanceKind
    text: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnitGuidance:
    """The hints of a unit: those tied to criteria, by criterion id, and those that stand for the whole unit."""

    by_criterion: Mapping[int, tuple[GuidanceRow, ...]]
    general: tuple[GuidanceRow, ...]

    def on(self, criterion_id: int, *kinds: GuidanceKind) -> tuple[GuidanceRow, ...]:
        """The hints on one criterion; of those kinds only, if any are named."""
        rows = self.by_criterion.get(criterion_id, ())
        return tuple(row for row in rows if not kinds or row.kind in kinds)


def units_of(session: Session, qualification_version_id: int) -> list[UnitRow]:
    """The units of a qualification version, in its order."""
    rows = session.execute(
        select(UnitVersion, QualificationUnit.group_code)
        .join(QualificationUnit, QualificationUnit.unit_version_id == UnitVersion.id)
        .where(QualificationUnit.qualification_version_id == qualification_version_id)
        .order_by(QualificationUnit.position)
    )
    return [
        UnitRow(
            unit_version_id=unit.id,
            uid=unit.uid,
            code=unit.code,
            code_note=unit.code_note,
            title=unit.title,
            level=unit.level,
            credit=unit.credit,
            glh=unit.glh,
            figures=unit.figures,
            status=unit.status,
            source=unit.source,
            group_code=group_code,
        )
        for unit, group_code in rows
    ]


def criteria_of(session: Session, unit_version_id: int) -> list[CriterionRow]:
    """The criteria of a unit, in its order, so that 1.10 follows 1.9."""
    return criteria_of_units(session, [unit_version_id])[unit_version_id]


@cache
def _criteria_of_units() -> AnySelect:
    return (
        select(
            Criterion.unit_version_id,
            Criterion.id,
            Criterion.uid,
            Criterion.code,
            Criterion.text,
            Criterion.methods,
            Outcome.id.label("outcome_id"),
            Outcome.code.label("outcome_code"),
            Outcome.title,
            Outcome.kind,
        )
        .join(Outcome, Outcome.id == Criterion.outcome_id)
        .where(Criterion.unit_version_id.in_(bindparam("units", type_=Integer, expanding=True)))
        .order_by(Criterion.unit_version_id, Criterion.position)
    )


def criteria_of_units(session: Session, unit_version_ids: Collection[int]) -> dict[int, list[CriterionRow]]:
    """The criteria of each unit, in its order. One statement."""
    rows = read(session, _criteria_of_units(), units=list(unit_version_ids))
    found: dict[int, list[CriterionRow]] = {id_: [] for id_ in unit_version_ids}
    for row in rows:
        found[row.unit_version_id].append(
            CriterionRow(
                id=row.id,
                uid=row.uid,
                code=row.code,
                text=row.text,
                methods=tuple(Method(method) for method in row.methods),
                outcome_id=row.outcome_id,
                outcome_code=row.outcome_code,
                outcome_title=row.title,
                outcome_kind=row.kind,
            )
        )
    return found


def guidance_for(session: Session, unit_version_id: int) -> UnitGuidance:
    """The hints of a unit, each under every criterion that it is tied to."""
    return guidance_for_units(session, [unit_version_id])[unit_version_id]


@cache
def _guidance_for_units() -> AnySelect:
    return (
        select(
            Guidance.unit_version_id,
            Guidance.id,
            Guidance.kind,
            Guidance.text,
            Guidance.sources,
            GuidanceCriterion.criterion_id,
        )
        .outerjoin(GuidanceCriterion, GuidanceCriterion.guidance_id == Guidance.id)
        .where(Guidance.unit_version_id.in_(bindparam("units", type_=Integer, expanding=True)))
        .order_by(Guidance.position)
    )


def guidance_for_units(session: Session, unit_version_ids: Collection[int]) -> dict[int, UnitGuidance]:
    """The hints of each unit. One statement."""
    rows = read(session, _guidance_for_units(), units=list(unit_version_ids))
    tied: dict[int, dict[int, list[GuidanceRow]]] = {id_: {} for id_ in unit_version_ids}
    general: dict[int, list[GuidanceRow]] = {id_: [] for id_ in unit_version_ids}
    for row in rows:
        hint = GuidanceRow(id=row.id, kind=row.kind, text=row.text, sources=tuple(row.sources))
        if row.criterion_id is None:
            general[row.unit_version_id].append(hint)
        else:
            tied[row.unit_version_id].setdefault(row.criterion_id, []).append(hint)
    return {
        id_: UnitGuidance({criterion: tuple(hints) for criterion, hints in tied[id_].items()}, tuple(general[id_]))
        for id_ in tied
    }


def newest_version(session: Session, reference: str, centre_id: int | None) -> QualificationVersion | None:
    """The version that a new learner of a centre begins with: the centre's own newest, else the site's newest."""
    return session.scalars(
        select(QualificationVersion)
        .where(QualificationVersion.reference == reference, _usable_in(centre_id))
        .order_by(QualificationVersion.centre_id.is_(None), QualificationVersion.id.desc())
        .limit(1)
    ).first()


def qualifications_in(session: Session, centre_id: int | None) -> list[QualificationVersion]:
    """The qualifications that a centre can begin, each in the version that `newest_version` gives, by title."""
    preferred = (
        func.row_number()
        .over(
            partition_by=QualificationVersion.reference,
            order_by=(QualificationVersion.centre_id.is_(None), QualificationVersion.id.desc()),
        )
        .label("preferred")
    )
    ranked = select(QualificationVersion.id, preferred).where(_usable_in(centre_id)).subquery()
    return list(
        session.scalars(
            select(QualificationVersion)
            .join(ranked, ranked.c.id == QualificationVersion.id)
            .where(ranked.c.preferred == 1)
            .order_by(QualificationVersion.title, QualificationVersion.id)
        )
    )


def _usable_in(centre_id: int | None) -> ColumnElement[bool]:
    return or_(QualificationVersion.centre_id.is_(None), QualificationVersion.centre_id == centre_id)
