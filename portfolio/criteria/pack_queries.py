"""Stored qualifications and units as the packs gave them, and what a pack at hand would change."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.criteria.combination import rules_from
from portfolio.criteria.contents import (
    Pack,
    PackCriterion,
    PackGroup,
    PackGuidance,
    PackOutcome,
    PackUnit,
    content_sha,
)
from portfolio.criteria.differences import PackChanges, UnitChanges, changes_of_pack, changes_of_unit
from portfolio.criteria.models import (
    Criterion,
    Guidance,
    GuidanceCriterion,
    QualificationUnit,
    QualificationVersion,
    UnitVersion,
)
from portfolio.criteria.queries import (
    CriterionRow,
    criteria_of_units,
    newest_unit,
    newest_version,
    qualification_with,
    units_with,
)


@dataclass(frozen=True, slots=True)
class PackComparison:
    """A pack beside what is stored. `changes` are those since `newest`; without one the pack is the first of its kind.

    `stored` is the version with exactly this content, if there is one: loading the pack would put it into use again.
    """

    newest: QualificationVersion | None
    stored: QualificationVersion | None
    changes: PackChanges | None

    @property
    def is_in_use(self) -> bool:
        """Whether loading the pack would write nothing."""
        return self.stored is not None and self.stored is self.newest


@dataclass(frozen=True, slots=True)
class UnitComparison:
    """A unit beside what is stored, as for a pack."""

    newest: UnitVersion | None
    stored: UnitVersion | None
    changes: UnitChanges | None

    @property
    def is_in_use(self) -> bool:
        """Whether loading the unit would write nothing."""
        return self.stored is not None and self.stored is self.newest


def compare_pack(session: Session, pack: Pack, centre_id: int | None) -> PackComparison:
    """What loading the pack for a centre, or for the whole site, would change. Five statements."""
    newest = newest_version(session, pack.reference, centre_id)
    return PackComparison(
        newest=newest,
        stored=qualification_with(session, content_sha(pack), centre_id),
        changes=changes_of_pack(stored_pack(session, newest), pack) if newest else None,
    )


def compare_unit(session: Session, unit: PackUnit, centre_id: int | None) -> UnitComparison:
    """What loading the unit for a centre, or for the whole site, would change. Four statements."""
    newest, sha = newest_unit(session, unit.code, centre_id), content_sha(unit)
    return UnitComparison(
        newest=newest,
        stored=units_with(session, [sha], centre_id).get(sha),
        changes=changes_of_unit(stored_unit(session, newest), unit) if newest else None,
    )


def stored_pack(session: Session, version: QualificationVersion) -> Pack:
    """A stored qualification as its pack gave it: the same content, by its content sha. Three statements."""
    rows = session.execute(
        select(UnitVersion, QualificationUnit.group_code)
        .join(UnitVersion, UnitVersion.id == QualificationUnit.unit_version_id)
        .where(QualificationUnit.qualification_version_id == version.id)
        .order_by(QualificationUnit.position)
    ).all()
    units = stored_units(session, [row.UnitVersion for row in rows])
    rules = rules_from(version.rules)
    return Pack(
        reference=version.reference,
        reference_note=version.reference_note,
        title=version.title,
        level=version.level,
        awarding_organisation=version.awarding_organisation,
        spec_version=version.spec_version,
        status=version.status,
        source=version.source,
        operational_end=version.operational_end,
        certification_end=version.certification_end,
        credits_min=rules.credits_min,
        level_floor=rules.level_floor,
        themes=rules.themes,
        barred=rules.barred,
        groups=tuple(
            PackGroup(
                code=group.code,
                title=group.title,
                kind=group.kind,
                credits_min=group.credits_min,
                credits_max=group.credits_max,
                listed=group.listed,
                units=tuple(units[row.UnitVersion.id] for row in rows if row.group_code == group.code),
            )
            for group in rules.groups
        ),
    )


def stored_unit(session: Session, version: UnitVersion) -> PackUnit:
    """A stored unit as its file gave it: the same content, by its content sha. Two statements."""
    return stored_units(session, [version])[version.id]


def stored_units(session: Session, versions: Collection[UnitVersion]) -> dict[int, PackUnit]:
    """Stored units as their files gave them, by id. Two statements."""
    ids = [version.id for version in versions]
    criteria, hints = criteria_of_units(session, ids), _hints_of(session, ids)
    return {
        version.id: PackUnit(
            code=version.code,
            code_note=version.code_note,
            title=version.title,
            level=version.level,
            credit=version.credit,
            glh=version.glh,
            is_outline=version.is_outline,
            figures=version.figures,
            status=version.status,
            source=version.source,
            outcomes=_outcomes_of(criteria[version.id]),
            guidance=hints[version.id],
        )
        for version in versions
    }


def _outcomes_of(rows: Collection[CriterionRow]) -> tuple[PackOutcome, ...]:
    return tuple(
        PackOutcome(
            first.outcome_code,
            first.outcome_title,
            first.outcome_kind,
            tuple(PackCriterion(row.code, row.text, row.methods) for row in (first, *rest)),
        )
        for _outcome, (first, *rest) in groupby(rows, key=lambda row: row.outcome_id)
    )


def _hints_of(session: Session, unit_version_ids: Collection[int]) -> dict[int, tuple[PackGuidance, ...]]:
    rows = session.execute(
        select(Guidance.unit_version_id, Guidance.id, Guidance.kind, Guidance.text, Guidance.sources, Criterion.code)
        .outerjoin(GuidanceCriterion, GuidanceCriterion.guidance_id == Guidance.id)
        .outerjoin(Criterion, Criterion.id == GuidanceCriterion.criterion_id)
        .where(Guidance.unit_version_id.in_(unit_version_ids))
        .order_by(Guidance.position, Guidance.id, Criterion.position)
    )
    hints: dict[int, list[PackGuidance]] = {id_: [] for id_ in unit_version_ids}
    for _hint, tied in groupby(rows, key=lambda row: row.id):
        first, *rest = tied
        codes = tuple(row.code for row in (first, *rest) if row.code is not None)
        hints[first.unit_version_id].append(PackGuidance(first.kind, first.text, codes, tuple(first.sources)))
    return {id_: tuple(found) for id_, found in hints.items()}
