"""The coverage audit: learners by unit or by criterion, and the sums over all that the filters let through.

Everything is read from what is kept of the record: letters of a learner's unit, sums of a learner, totals of a
criterion. Totals answer for a whole centre; where single learners are asked for, their own rows are summed. Tests prove
the two equal, and equal to the record.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import Integer, bindparam, func, literal, select
from sqlalchemy.orm import Session

from portfolio.assessment.coverage_filters import (
    IS_BEHIND,
    STATEMENTS_KEPT,
    Figures,
    Filters,
    Scope,
    Shape,
    asked,
    chosen,
    only,
    shape_of,
    totals_chosen,
)
from portfolio.assessment.coverage_pages import names_in, page_of
from portfolio.assessment.models import CriterionTotal, UnitProgress
from portfolio.criteria.models import Criterion, Outcome, UnitVersion
from portfolio.criteria.rules import Status
from portfolio.db import AnySelect, read
from portfolio.kept import Kept
from portfolio.mapping.coverage import Tally

COUNTED_MOST = 10_000
"""So many learners are counted, and so many are put into a file."""
GRIDS_KEPT = 200


@dataclass(frozen=True, slots=True)
class Column:
    """A criterion, by its code; learners on another version of the unit share the column of the same code."""

    code: str
    text: str
    outcome_code: str
    outcome_title: str
    opens_outcome: bool


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """The columns of a unit in some of its versions, and in which column each version's criteria stand, in
    order, by its uid."""

    title: str
    status: Status
    columns: tuple[Column, ...]
    places: Mapping[str, tuple[int, ...]]


class Sums(NamedTuple):
    """How many learners there are, and how many of them stand in each way with one criterion."""

    learners: int = 0
    met: int = 0
    needs_more: int = 0
    claimed: int = 0
    single_source: int = 0

    @property
    def gap(self) -> int:
        """For how many nothing is claimed."""
        return self.learners - self.met - self.needs_more - self.claimed

    def plus(self, other: "Sums") -> "Sums":
        """Both together."""
        return Sums(*map(sum, zip(self, other, strict=True)))


class LetterRow(NamedTuple):
    """One learner's unit: a letter for each criterion of their version of it (`mapping.coverage.STANDINGS`)."""

    enrolment_id: int
    learner: str
    unit_id: int
    version_uid: str
    letters: str
    assessors: tuple[str, ...]


letter_row: Callable[[Sequence[Any]], LetterRow] = partial(tuple.__new__, LetterRow)
"""As `LetterRow._make` of a row that has each of its values, at a third of the price."""


class LearnerRow(NamedTuple):
    """One learner in all units, or in the one that is asked for."""

    enrolment_id: int
    learner: str
    cohort_id: int | None
    qualification_version_id: int
    progressed_on: Any
    on_track_until: Any
    figures: Figures
    assessors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnitAudit:
    """A page of learners of one unit; and, of all pages, how many learners there are, how many criteria of theirs stand
    in each way, and how many rest on a single item.
    """

    grid: Grid
    rows: tuple[LetterRow, ...]
    learners: int
    tally: Tally
    single_source: int
    has_previous: bool
    has_next: bool


@dataclass(frozen=True, slots=True)
class CriterionSums:
    """The sums of each criterion of one unit over all learners, in the order of the columns."""

    grid: Grid
    sums: tuple[Sums, ...]


@dataclass(frozen=True, slots=True)
class Learners:
    """A page of learners."""

    rows: Sequence[LearnerRow]
    has_previous: bool
    has_next: bool


def unit_audit(
    session: Session,
    scope: Scope,
    filters: Filters,
    *,
    limit: int,
    after: int | None = None,
    before: int | None = None,
) -> UnitAudit:
    """A page of learners of one unit: those behind the enrolment `after`, or those in front of the enrolment `before`.

    Two statements; a third where the unit was not asked for lately.
    """
    rows, has_previous, has_next = page_of(session, scope, filters, limit=limit, after=after, before=before, letters=1)
    found = tuple(
        letter_row((enrolment_id, learner, unit_id, uid, letters, names_in(names)))
        for enrolment_id, learner, unit_id, _version_id, uid, letters, names in rows
    )
    by_version = version_sums(session, scope, filters)
    versions = {(row[3], row[4]) for row in rows} | by_version.keys()
    total = Sums(*map(sum, zip(*chain.from_iterable(by_version.values()), strict=True)))
    return UnitAudit(
        grid_of(session, versions),
        found,
        sum(max((one.learners for one in sums), default=0) for sums in by_version.values()),
        Tally(total.met, total.needs_more, total.claimed, total.gap),
        total.single_source,
        has_previous,
        has_next,
    )


def criterion_sums(session: Session, scope: Scope, filters: Filters) -> CriterionSums:
    """Each criterion of the unit. One statement; a second where the unit was not asked for lately."""
    by_version = version_sums(session, scope, filters)
    grid = grid_of(session, set(by_version))
    return CriterionSums(grid, sums_by_column(grid, by_version))


def learners(
    session: Session,
    scope: Scope,
    filters: Filters,
    *,
    limit: int,
    after: int | None = None,
    before: int | None = None,
    is_behind: bool = False,
) -> Learners:
    """A page of learners with their figures; only those who are behind their plan, if that is wanted. One statement."""
    rows, has_previous, has_next = page_of(
        session, scope, filters, limit=limit, after=after, before=before, is_behind=is_behind
    )
    found = [LearnerRow._make((*row[:6], Figures._make(row[6:11]), names_in(row[11]))) for row in rows]
    return Learners(found, has_previous, has_next)


def learner_count(session: Session, scope: Scope, filters: Filters, *, is_behind: bool = False) -> int:
    """How many learners the filters let through; COUNTED_MOST + 1 stands for all larger numbers."""
    statement = _counted(scope.within, shape_of(filters), is_behind=is_behind)
    return int(read(session, statement, **asked(scope, filters)).scalar_one())


@lru_cache(maxsize=STATEMENTS_KEPT)
def _counted(within: AnySelect | None, shape: Shape, *, is_behind: bool) -> AnySelect:
    query = chosen(within, shape)
    if is_behind:
        query = query.where(IS_BEHIND)
    some = only(query, literal(1).label("one")).limit(COUNTED_MOST + 1).subquery()
    return select(func.count()).select_from(some)


def version_sums(session: Session, scope: Scope, filters: Filters) -> dict[tuple[int, str], list[Sums]]:
    """The sums of each criterion of the unit in order, by version (id and uid) that learners take. One statement."""
    shape, found = shape_of(filters), defaultdict[tuple[int, str], list[Sums]](list)
    if scope.within is None and filters.by_groups:
        for version_id, uid, *figures in read(session, _totals(shape), **asked(scope, filters)).tuples():
            found[version_id, uid].append(Sums(*figures))
        return found
    counts = read(session, _letters(scope.within, shape), **asked(scope, filters)).tuples()
    columns: dict[tuple[int, str], list[tuple[str, int]]] = defaultdict(list)
    for version_id, uid, letters, count in counts:
        columns[version_id, uid].append((letters, count))
    for version, lines in columns.items():
        counted = [[(letter, count) for letter in letters] for letters, count in lines]
        found[version] = [_summed(one) for one in zip(*counted, strict=True)]
    return found


def _summed(letters: Sequence[tuple[str, int]]) -> Sums:
    """One criterion: each letter with the number of learners who have it."""
    by: dict[str, int] = defaultdict(int)
    for letter, learners_ in letters:
        by[letter] += learners_
    return Sums(sum(by.values()), by["M"] + by["m"], by["N"], by["C"] + by["c"], by["m"] + by["c"])


def sums_by_column(grid: Grid, by_version: Mapping[tuple[int, str], Sequence[Sums]]) -> tuple[Sums, ...]:
    """The sums of each column over all versions."""
    sums = [Sums()] * len(grid.columns)
    for (_id, uid), found in by_version.items():
        for place, one in zip(grid.places[uid], found, strict=True):
            sums[place] = sums[place].plus(one)
    return tuple(sums)


@lru_cache(maxsize=STATEMENTS_KEPT)
def _totals(shape: Shape) -> AnySelect:
    total = CriterionTotal
    figures = total.learners, total.met, total.needs_more, total.claimed, total.single_source
    return (
        select(UnitVersion.id, UnitVersion.uid, *map(func.sum, figures))
        .select_from(total)
        .join(UnitVersion, UnitVersion.id == total.unit_version_id)
        .join(Criterion, Criterion.id == total.criterion_id)
        .where(*totals_chosen(shape))
        .group_by(UnitVersion.id, UnitVersion.uid, Criterion.position)
        .order_by(UnitVersion.id, Criterion.position)
    )


@lru_cache(maxsize=STATEMENTS_KEPT)
def _letters(within: AnySelect | None, shape: Shape) -> AnySelect:
    """How many learners have the same letters."""
    same = UnitVersion.id, UnitVersion.uid, UnitProgress.states
    return only(chosen(within, shape), *same, func.count()).group_by(*same)


_GRIDS = Kept[frozenset[str], Grid](GRIDS_KEPT)


def grid_of(session: Session, versions: set[tuple[int, str]]) -> Grid:
    """The criteria of the newest version first, then what only older ones have. A version never changes: what was read
    of it is kept, by its uid.
    """
    key = frozenset(uid for _id, uid in versions)
    grid = _GRIDS.get(key)
    if grid is None:
        grid = _grid(read(session, _criteria(), versions=[id_ for id_, _uid in versions]).all(), versions)
        _GRIDS.keep(key, grid)
    return grid


def _grid(rows: Sequence[Any], versions: set[tuple[int, str]]) -> Grid:
    columns: dict[str, Column] = {}
    numbers: dict[str, int] = {}
    uids, outcome = dict(versions), ""
    places: dict[str, list[int]] = {uid: [] for uid in uids.values()}
    for row in rows:
        if row.code not in columns:
            columns[row.code] = Column(row.code, row.text, row.outcome_code, row.title, row.outcome_code != outcome)
            numbers[row.code] = len(numbers)
            outcome = row.outcome_code
        places[uids[row.unit_version_id]].append(numbers[row.code])
    title, status = (rows[0].unit_title, rows[0].status) if rows else ("", Status.VERIFIED)
    return Grid(title, status, tuple(columns.values()), {uid: tuple(found) for uid, found in places.items()})


@cache
def _criteria() -> AnySelect:
    return (
        select(
            Criterion.unit_version_id, Criterion.code, Criterion.text, Outcome.code.label("outcome_code"),
            Outcome.title, UnitVersion.title.label("unit_title"), UnitVersion.status,
        )
        .join(Outcome, Outcome.id == Criterion.outcome_id)
        .join(UnitVersion, UnitVersion.id == Criterion.unit_version_id)
        .where(Criterion.unit_version_id.in_(bindparam("versions", type_=Integer, expanding=True)))
        .order_by(Criterion.unit_version_id.desc(), Criterion.position)
    )  # fmt: skip
