"""What the loaded qualifications and units say, as values."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Integer, ScalarSelect, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from portfolio.criteria.models import (
    CriteriaLoad,
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
    is_outline: bool
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


@dataclass(frozen=True, slots=True)
class Shelved:
    """A qualification in its preferred version; `others` are the ids of all its other versions, the newest first."""

    version: QualificationVersion
    others: tuple[int, ...]
    units: int
    """How many units it offers, `outlines` of them in outline."""
    outlines: int


@dataclass(frozen=True, slots=True)
class Library:
    """What a centre has: its qualifications by title, and by code the units that no qualification offers."""

    qualifications: tuple[Shelved, ...]
    units: tuple[UnitVersion, ...]


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
            is_outline=unit.is_outline,
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


def qualification_with(session: Session, content_sha: str, centre_id: int | None) -> QualificationVersion | None:
    """The version with exactly this content: the centre's own, or for no centre the site's."""
    return session.scalars(
        select(QualificationVersion).where(
            QualificationVersion.centre_id.is_not_distinct_from(centre_id),
            QualificationVersion.content_sha == content_sha,
        )
    ).one_or_none()


def units_with(session: Session, content_shas: Collection[str], centre_id: int | None) -> dict[str, UnitVersion]:
    """The units with exactly these contents, by content sha: the centre's own, or for no centre the site's."""
    found = session.scalars(
        select(UnitVersion).where(
            UnitVersion.centre_id.is_not_distinct_from(centre_id), UnitVersion.content_sha.in_(content_shas)
        )
    )
    return {unit.content_sha: unit for unit in found}


def newest_version(session: Session, reference: str, centre_id: int | None) -> QualificationVersion | None:
    """The version in use, with which a new learner of a centre begins: the centre's own that was loaded last, else the
    site's.
    """
    in_use = newest_version_id(reference, centre_id)
    return session.scalars(select(QualificationVersion).where(QualificationVersion.id == in_use)).first()


def newest_version_id(reference: str, centre_id: int | None) -> ScalarSelect[int]:
    """The id of what `newest_version` gives, to be part of another query."""
    return (
        select(QualificationVersion.id)
        .where(QualificationVersion.reference == reference, _usable_in(centre_id))
        .order_by(*_preferred(QualificationVersion))
        .limit(1)
        .correlate(None)
        .scalar_subquery()
    )


def qualifications_in(session: Session, centre_id: int | None) -> list[QualificationVersion]:
    """The qualifications that a centre can begin, each in the version that `newest_version` gives, by title."""
    preferred = (
        func.row_number()
        .over(
            partition_by=QualificationVersion.reference,
            order_by=_preferred(QualificationVersion),
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


def newest_unit(session: Session, code: str, centre_id: int | None) -> UnitVersion | None:
    """The version of a unit that was loaded last, as `newest_units` gives it."""
    return newest_units(session, [code], centre_id).get(code)


def newest_units(session: Session, codes: Collection[str], centre_id: int | None) -> dict[str, UnitVersion]:
    """The version of each unit that was loaded last, for the centre itself or else for the site, by code.

    One in full comes before any in outline.
    """
    found = session.scalars(
        select(UnitVersion)
        .where(UnitVersion.code.in_(codes), _usable_in(centre_id, UnitVersion))
        .order_by(UnitVersion.is_outline, *_preferred(UnitVersion))
    )
    newest: dict[str, UnitVersion] = {}
    for unit in found:
        newest.setdefault(unit.code, unit)
    return newest


def library(session: Session, centre_id: int | None) -> Library:
    """All that a centre can use. Five statements."""
    preferred = qualifications_in(session, centre_id)
    versions = session.execute(
        select(QualificationVersion.id, QualificationVersion.reference)
        .where(_usable_in(centre_id))
        .order_by(*_loaded_last(QualificationVersion))
    ).all()
    counts = session.execute(
        select(
            QualificationUnit.qualification_version_id,
            func.count(),
            func.count().filter(UnitVersion.is_outline),
        )
        .join(UnitVersion, UnitVersion.id == QualificationUnit.unit_version_id)
        .where(QualificationUnit.qualification_version_id.in_([version.id for version in preferred]))
        .group_by(QualificationUnit.qualification_version_id)
    )
    units = {row[0]: (row[1], row[2]) for row in counts}
    return Library(
        tuple(
            Shelved(
                version,
                tuple(row.id for row in versions if row.reference == version.reference and row.id != version.id),
                *units.get(version.id, (0, 0)),
            )
            for version in preferred
        ),
        _units_alone(session, centre_id),
    )


def _units_alone(session: Session, centre_id: int | None) -> tuple[UnitVersion, ...]:
    """The units whose code no qualification offers, each in the version that was loaded last, by code."""
    offered = (
        select(UnitVersion.code)
        .join(QualificationUnit, QualificationUnit.unit_version_id == UnitVersion.id)
        .join(QualificationVersion, QualificationVersion.id == QualificationUnit.qualification_version_id)
        .where(_usable_in(centre_id))
    )
    codes = session.scalars(
        select(UnitVersion.code).where(_usable_in(centre_id, UnitVersion), UnitVersion.code.not_in(offered)).distinct()
    ).all()
    found = newest_units(session, codes, centre_id)
    return tuple(found[code] for code in sorted(found))


Versioned: TypeAlias = type[QualificationVersion] | type[UnitVersion]


def _usable_in(centre_id: int | None, table: Versioned = QualificationVersion) -> ColumnElement[bool]:
    return or_(table.centre_id.is_(None), table.centre_id == centre_id)


def _preferred(table: Versioned) -> tuple[ColumnElement[Any], ...]:
    """To order versions by which is in use: those that were never put into use last, then the centre's own first."""
    loaded = CriteriaLoad.unit_version_id if table is UnitVersion else CriteriaLoad.qualification_version_id
    return ~exists().where(loaded == table.id).correlate(table), table.centre_id.is_(None), *_loaded_last(table)


def _loaded_last(table: Versioned) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """To order versions by when they were loaded, the last one first."""
    loaded = CriteriaLoad.unit_version_id if table is UnitVersion else CriteriaLoad.qualification_version_id
    newest = select(func.max(CriteriaLoad.id)).where(loaded == table.id).correlate(table).scalar_subquery()
    return func.coalesce(newest, 0).desc(), table.id.desc()
