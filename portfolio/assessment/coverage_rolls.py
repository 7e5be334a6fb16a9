"""The learners whom somebody sees, all of them, where that is not a whole centre: read once, and the coverage audit of
them worked out here, from what is kept of each (`coverage_rows`).
"""

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import CompoundSelect, Integer, String, bindparam, cast, select, union_all
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from portfolio import clock
from portfolio.accounts.models import Person
from portfolio.assessment.coverage_filters import CENTRE, STATEMENTS_KEPT, Filters, Scope, only
from portfolio.assessment.coverage_options import (
    ASSESSOR_LINE,
    COHORT_LINE,
    QUALIFICATION_LINE,
    UNIT_LINE,
    Options,
    options_from,
    whole_options,
)
from portfolio.assessment.coverage_queries import Grid, LetterRow, UnitAudit, grid_of, letter_row
from portfolio.assessment.coverage_rows import Assessing, UnitLines, lines_of, place_in
from portfolio.assessment.models import CoverageRow
from portfolio.criteria.models import QualificationVersion, UnitVersion
from portfolio.db import AnySelect, OffIndex, ReadingSession, read
from portfolio.enrolment.models import Cohort, Enrolment
from portfolio.mapping.coverage import tally_in

ROLLS_KEPT, AUDITS_KEPT = 30, 60
LENGTH_KEPT = 100_000
"""What is made of learners about whom there is more to read is not kept: some 800 of them."""
APART = "\x1e"
"""Between what the database joins of many learners. Names that are typed have no such character."""


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Some learners, column by column: names, ids of enrolments as they are written, and both texts of `Packed`."""

    names: Sequence[str]
    enrolments: Sequence[str]
    places: Sequence[str]
    units: Sequence[str]


@dataclass(frozen=True, slots=True, eq=False)
class Roll:
    """Some learners; what they can be narrowed to, and the names of those who assess them, on a day."""

    columns: Columns
    is_in_order: bool
    """Whether they stand by name, or are to be put in order here."""
    options: Options
    assessors: Mapping[int, str]
    today: date

    def by_name(self) -> Iterable[int]:
        """Where each of them stands in the columns."""
        names = self.columns.names
        return range(len(names)) if self.is_in_order else sorted(range(len(names)), key=names.__getitem__)


class Ids(NamedTuple):
    """What some learners can be narrowed to; `bare` are versions of units without criteria."""

    units: Collection[int]
    bare: Collection[int]
    cohorts: Collection[int]
    qualifications: Collection[int]
    assessors: Collection[int]


def seen_in(session: Session, scope: Scope) -> tuple[Options, Roll | None]:
    """What the learners in the scope can be narrowed to; and all of them, where they are not a whole centre."""
    if scope.within is None:
        return whole_options(session, scope.centre_id), None
    roll = roll_of(session, scope)
    return roll.options, roll


def roll_of(session: Session, scope: Scope) -> Roll:
    """The learners in `scope.within` that count. Two statements. Raises TypeError for a whole centre."""
    if scope.within is None:
        raise TypeError("a whole centre is asked for by its totals")
    today = clock.today()
    columns, is_in_order = _columns(session, scope.within, scope.centre_id)
    units, bare, cohorts, qualifications, assessors = _ids_in(columns, today)
    named = read(
        session, _named(), units=[*units, *bare], cohorts=cohorts, qualifications=qualifications, assessors=assessors
    )
    return _roll(columns, is_in_order, options_from(named.tuples(), frozenset(bare)), today)


@lru_cache(maxsize=ROLLS_KEPT)
def _roll(columns: Columns, is_in_order: bool, options: Options, today: date) -> Roll:
    """The same object for as long as the same is read: what is worked out of it is kept by it."""
    return Roll(columns, is_in_order, options, options.assessors, today)


def _columns(session: Session, within: AnySelect, centre_id: int) -> tuple[Columns, bool]:
    """The columns of a roll, and whether they are in order."""
    [joined] = read(session, _roll_of(within), centre=centre_id).tuples()
    is_short = sum(len(column or "") for column in joined) <= LENGTH_KEPT
    columns = _parted(tuple(joined)) if is_short else _parted.__wrapped__(joined)
    if columns is not None:
        return columns, _joins_in_order(session)
    rows = read(session, _rows(within), centre=centre_id).tuples()  # a name is empty, or has what parts the others
    return Columns(*zip(*rows, strict=True)), True


@lru_cache(maxsize=ROLLS_KEPT)
def _parted(joined: tuple[str | None, ...]) -> Columns | None:
    """What the database joined; nothing where it cannot be told apart."""
    columns = [column.split(APART) if column else [] for column in joined]
    return Columns(*columns) if len(set(map(len, columns))) == 1 else None


class InOne(FunctionElement[str]):
    """The first of what it is made of, of all rows, APART, and in the order of the others.

    SQLite learned late to join in an order, and takes far longer to put rows in order first than it takes to sort what
    was joined: there they come in any order, the same for each column.
    """

    inherit_cache = True
    type = String()


@compiles(InOne)
def _in_one(element: InOne, compiler: SQLCompiler, **options: Any) -> str:
    value, *order = [compiler.process(one, **options) for one in element.clauses]
    return f"string_agg({value}, '{APART}' ORDER BY {', '.join(order)})"


@compiles(InOne, "sqlite")
def _in_one_on_sqlite(element: InOne, compiler: SQLCompiler, **options: Any) -> str:
    value, *_order = element.clauses
    return f"group_concat({compiler.process(value, **options)}, '{APART}')"


def _joins_in_order(session: Session) -> bool:
    engine = session.engine if isinstance(session, ReadingSession) else session.get_bind()
    return engine.dialect.name != "sqlite"


COLUMNS = Person.name, cast(Enrolment.id, String), CoverageRow.place, CoverageRow.units
BY_NAME = Person.name, Person.id, Enrolment.id


@lru_cache(maxsize=STATEMENTS_KEPT)
def _roll_of(within: AnySelect) -> AnySelect:
    return only(_seen(within), *[InOne(column, *BY_NAME) for column in COLUMNS])


@lru_cache(maxsize=STATEMENTS_KEPT)
def _rows(within: AnySelect) -> AnySelect:
    return only(_seen(within), *COLUMNS).order_by(*BY_NAME)


def _seen(within: AnySelect) -> AnySelect:
    return (
        within.join(CoverageRow, CoverageRow.enrolment_id == Enrolment.id)
        .join(Person, Person.id == Enrolment.learner_id)
        .where(OffIndex(Enrolment.centre_id) == CENTRE)
    )


@lru_cache(maxsize=ROLLS_KEPT)
def _ids_in(columns: Columns, today: date) -> Ids:
    found = list(map(place_in, frozenset(columns.places)))
    units = {version_id for place in found for version_id in place.unit_versions}
    bare = {version_id for place in found for version_id in place.bare_versions}
    cohorts = {place.cohort_id for place in found if place.cohort_id is not None}
    qualifications = {place.qualification_version_id for place in found}
    assessors = {one.person_id for place in found for one in place.assessing if one.is_open(today)}
    return Ids(*map(sorted, (units, bare, cohorts, qualifications, assessors)))


@cache
def _named() -> CompoundSelect[*tuple[Any, ...]]:
    kinds = (
        (UNIT_LINE, UnitVersion, "units"),
        (QUALIFICATION_LINE, QualificationVersion, "qualifications"),
        (COHORT_LINE, Cohort, "cohorts"),
        (ASSESSOR_LINE, Person, "assessors"),
    )
    return union_all(
        *[
            select(*line).where(model.id.in_(bindparam(ids, type_=Integer, expanding=True)))
            for line, model, ids in kinds
        ]
    )


def is_answered(filters: Filters) -> bool:
    """Whether it is all learners by name, of one unit: no filter is asked of the database."""
    return bool(filters.unit_code) and filters == Filters(filters.unit_code)


def unit_audit_of(
    session: Session, roll: Roll, unit_code: str, *, limit: int, after: int | None = None, before: int | None = None
) -> UnitAudit:
    """What `unit_audit` answers. No statement; one where the unit was not asked for lately."""
    uids = roll.options.versions.get(unit_code, {})
    return _audit(roll, unit_code, grid_of(session, set(uids.items())), limit, after, before)


@lru_cache(maxsize=AUDITS_KEPT)
def _audit(roll: Roll, unit_code: str, grid: Grid, limit: int, after: int | None, before: int | None) -> UnitAudit:
    uids, units = roll.options.versions.get(unit_code, {}), roll.columns.units
    lines = lines_of(frozenset(uids))
    letters = lines.letters("".join(units))
    page, has_previous, has_next = _page(roll, lines.takers(roll.by_name(), units), limit, after, before)
    every = "".join(letters)
    return UnitAudit(
        grid,
        letter_rows(page, lines, uids, roll),
        len(letters) - letters.count(""),
        tally_in(every),
        every.count("m") + every.count("c"),
        has_previous,
        has_next,
    )


def _page(
    roll: Roll, takers: Iterator[int], limit: int, after: int | None, before: int | None
) -> tuple[Sequence[int], bool, bool]:
    """The numbers of a page, and whether there are others in front of them and behind them. No more are gone through
    than the page needs.
    """
    if before is not None and after is None:
        passed = deque[int](maxlen=limit + 1)
        for number in takers:
            if roll.columns.enrolments[number] == str(before):
                return list(passed)[-limit:], len(passed) > limit, True
            passed.append(number)
        return [], False, True
    is_there = after is not None and any(roll.columns.enrolments[number] == str(after) for number in takers)
    found = list(islice(takers, limit + 1))
    return found[:limit], is_there and bool(found), len(found) > limit


def letter_rows(page: Sequence[int], lines: UnitLines, uids: Mapping[int, str], roll: Roll) -> tuple[LetterRow, ...]:
    """The learners with these numbers, with the names of who assesses them, or this unit of theirs."""
    of, rows = roll.columns, []
    uid_of = {str(version_id): uid for version_id, uid in uids.items()}
    known: dict[str, tuple[str, ...]] = {}
    found = lines.lines([of.units[number] for number in page])
    for number, (version, letters, unit) in zip(page, found, strict=True):
        place = of.places[number]
        names = known.get(place)
        if names is None:
            assessing = place_in(place).assessing
            names = _names(assessing, int(unit), roll)
            if all(one.unit_id is None for one in assessing):
                known[place] = names
        rows.append((int(of.enrolments[number]), of.names[number], int(unit), uid_of[version], letters, names))
    return tuple(map(letter_row, rows))


def _names(assessing: Sequence[Assessing], unit_id: int, roll: Roll) -> tuple[str, ...]:
    """Each name once."""
    open_ = [one for one in assessing if one.is_open(roll.today) and one.is_of(unit_id)]
    return tuple(dict.fromkeys([roll.assessors[one.person_id] for one in open_]))
