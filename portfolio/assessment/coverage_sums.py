"""The coverage audit summed: by unit for the heat map, and by assessor, cohort or awarding organisation."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.assessment.coverage_filters import (
    IN_ALL,
    IN_UNIT,
    IS_BEHIND,
    STATEMENTS_KEPT,
    UNIT_CODE,
    Figures,
    Filters,
    Scope,
    Shape,
    asked,
    assesses_today,
    chosen,
    only,
    shape_of,
    totals_chosen,
)
from portfolio.assessment.models import CriterionTotal, Progress, UnitProgress
from portfolio.criteria.models import QualificationVersion, UnitVersion
from portfolio.db import AnySelect, read
from portfolio.enrolment.models import Allocation, Enrolment, EnrolmentUnit
from portfolio.mapping.coverage import tally_in

NO_FIGURES = Figures(0, 0, 0, 0, 0)


class By(StrEnum):
    """What learners are put together by."""

    ASSESSOR = "assessor"
    COHORT = "cohort"
    ORGANISATION = "organisation"


class UnitOf(NamedTuple):
    """One unit of a learner."""

    enrolment_id: int
    unit_id: int
    code: str
    letters: str

    @property
    def figures(self) -> Figures:
        """Its criteria, counted."""
        tally, letters = tally_in(self.letters), self.letters
        single = letters.count("m") + letters.count("c")
        return Figures(len(letters), tally.met, tally.needs_more, tally.claimed, single)


@dataclass(frozen=True, slots=True)
class Group:
    """The learners of one assessor, cohort or awarding organisation. `key` is None for those who are in none.

    `days` are those since the last progress of everybody under way: the middle one, and the most; None for nobody.
    """

    key: Any
    learners: int
    behind: int
    figures: Figures
    days: tuple[int, int] | None


def units_of(session: Session, enrolment_ids: Sequence[int]) -> list[UnitOf]:
    """The units of some learners that have criteria. One statement."""
    return [UnitOf(*row) for row in read(session, _units(), enrolments=list(enrolment_ids)).tuples()]


@cache
def _units() -> AnySelect:
    unit = UnitProgress
    return (
        select(unit.enrolment_id, unit.enrolment_unit_id, UnitVersion.code, unit.states)
        .join(UnitVersion, UnitVersion.id == unit.unit_version_id)
        .where(
            unit.enrolment_id.in_(bindparam("enrolments", type_=Integer, expanding=True)), func.length(unit.states) > 0
        )
        .order_by(unit.enrolment_unit_id)
    )


def unit_sums(session: Session, scope: Scope, filters: Filters) -> dict[str, Figures]:
    """The sums over all learners that the filters let through, by code of the unit. One statement."""
    shape, found = shape_of(filters), defaultdict[str, Figures](lambda: NO_FIGURES)
    is_kept = scope.within is None and filters.by_groups
    statement = _kept_units(shape) if is_kept else _unit_rows(scope.within, shape)
    for code, *figures in read(session, statement, **asked(scope, filters)).tuples():
        found[code] = added(found[code], Figures(*figures))
    return dict(found)


def added(one: Figures, other: Figures) -> Figures:
    """Both together."""
    return Figures(*map(sum, zip(one, other, strict=True)))


def summed(figures: Iterable[Figures]) -> Figures:
    """All together."""
    total = NO_FIGURES
    for one in figures:
        total = added(total, one)
    return total


@lru_cache(maxsize=STATEMENTS_KEPT)
def _kept_units(shape: Shape) -> AnySelect:
    total = CriterionTotal
    figures = total.learners, total.met, total.needs_more, total.claimed, total.single_source
    return (
        select(UnitVersion.code, *map(func.sum, figures))
        .select_from(total)
        .join(UnitVersion, UnitVersion.id == total.unit_version_id)
        .where(*totals_chosen(shape))
        .group_by(UnitVersion.code)
    )


@lru_cache(maxsize=STATEMENTS_KEPT)
def _unit_rows(within: AnySelect | None, shape: Shape) -> AnySelect:
    query = chosen(within, shape)
    if not shape.has_unit:
        query = query.join(UnitProgress, UnitProgress.enrolment_id == Enrolment.id).join(
            UnitVersion, UnitVersion.id == UnitProgress.unit_version_id
        )
    query = query.where(func.length(UnitProgress.states) > 0)
    return only(query, UnitVersion.code, *map(func.sum, IN_UNIT)).group_by(UnitVersion.code)


def groups_in(session: Session, scope: Scope, filters: Filters, by: By) -> list[Group]:
    """Sums of the learners that the filters let through; with a unit, of that unit. Whoever has several assessors is
    summed with each of them. One statement, which gives a row for each group and each day of last progress.
    """
    today, days = clock.today(), defaultdict[Any, dict[date, int]](lambda: defaultdict(int))
    counted: dict[Any, tuple[int, int]] = defaultdict(lambda: (0, 0))
    figures: dict[Any, Figures] = defaultdict(lambda: NO_FIGURES)
    rows = read(session, _grouped(scope.within, shape_of(filters), by), **asked(scope, filters)).tuples()
    for key, last, learners, behind, *sums in rows:
        counted[key] = counted[key][0] + learners, counted[key][1] + behind
        figures[key] = added(figures[key], Figures(*sums))
        if last is not None:
            days[key][last] += learners
    return [Group(key, *counted[key], figures[key], _middle_and_most(days[key], today)) for key in counted]


def _middle_and_most(last: Mapping[date, int], today: date) -> tuple[int, int] | None:
    """How many days ago: the median, the lower of two middle ones, and the most."""
    if not last:
        return None
    half, passed = (sum(last.values()) + 1) // 2, 0
    for day in sorted(last, reverse=True):
        passed += last[day]
        if passed >= half:
            return max((today - day).days, 0), max((today - min(last)).days, 0)
    raise AssertionError("half of the learners are not passed by all of them")


@lru_cache(maxsize=STATEMENTS_KEPT)
def _grouped(within: AnySelect | None, shape: Shape, by: By) -> AnySelect:
    query, figures = chosen(within, shape), IN_UNIT if shape.has_unit else IN_ALL
    key: ColumnElement[Any]
    if by is By.ASSESSOR:
        duty = _duties(shape).subquery("duty")
        query, key = query.outerjoin(duty, duty.c.enrolment_id == Enrolment.id), duty.c.person_id
    elif by is By.COHORT:
        key = Progress.cohort_id.expression
    else:
        query = query.join(QualificationVersion, QualificationVersion.id == Progress.qualification_version_id)
        key = QualificationVersion.awarding_organisation.expression
    is_under_way = Progress.on_track_until < date.max
    last = case((is_under_way, Progress.last_on))
    behind = func.sum(case((IS_BEHIND, 1), else_=0))
    return only(query, key, last, func.count(), behind, *map(func.sum, figures)).group_by(key, last)


def _duties(shape: Shape) -> AnySelect:
    """Who assesses whom today, each pair once; with a unit, that unit."""
    query: AnySelect = select(Allocation.enrolment_id, Allocation.person_id).where(assesses_today()).distinct()
    if not shape.has_unit:
        return query
    units = select(EnrolmentUnit.id).where(
        and_(EnrolmentUnit.enrolment_id == Allocation.enrolment_id, EnrolmentUnit.unit_code == UNIT_CODE)
    )
    return query.where(or_(Allocation.enrolment_unit_id.is_(None), Allocation.enrolment_unit_id.in_(units)))
