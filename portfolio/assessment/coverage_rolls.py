"""The learners whom somebody sees, all of them, where that is not a whole centre: read once, and the coverage audit of
them worked out here, from what is kept of each (`coverage_rows`).
"""

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
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
from portfolio.assessment.coverage_queries import LetterRow, UnitAudit, grid_of
from portfolio.assessment.coverage_rows import Assessing, Learner, Line, lines_of, place_in
from portfolio.assessment.models import CoverageRow
from portfolio.criteria.models import QualificationVersion, UnitVersion
from portfolio.db import AnySelect, OffIndex, ReadingSession, read
from portfolio.enrolment.models import Cohort, Enrolment
from portfolio.mapping.coverage import tally_in

ROLLS_KEPT = 200
APART = "\x1e"
"""Between what the database joins of many learners; nothing that is joined has it, a name being one line."""


class Texts(NamedTuple):
    """What is read of some learners, each column of it as one text, APART; all of them empty where there are none."""

    learners: str
    enrolments: str
    places: str
    units: str


@dataclass(frozen=True, slots=True)
class Roll:
    """The learners, and what they can be narrowed to, on a day."""

    texts: Texts
    is_in_order: bool
    """Whether the database has them by name, or they are to be put in order here."""
    options: Options
    today: date

    def learners(self) -> Sequence[Learner]:
        """Each of them, by name."""
        if not self.texts.enrolments:
            return []
        found: list[Any] = list(zip(*[text.split(APART) for text in self.texts], strict=True))
        if not self.is_in_order:
            found.sort()
        return found


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
    texts = Texts(*[text or "" for text in read(session, _roll(scope.within), centre=scope.centre_id).tuples()[0]])
    places = frozenset(texts.places.split(APART)) if texts.places else frozenset()
    units, bare, cohorts, qualifications, assessors = _ids_in(places, today)
    named = read(
        session, _named(), units=[*units, *bare], cohorts=cohorts, qualifications=qualifications, assessors=assessors
    )
    return Roll(texts, _joins_in_order(session), options_from(named.tuples(), frozenset(bare)), today)


class Joined(FunctionElement[str]):
    """The first of what it is made of, of all rows, APART, and in the order of the others.

    SQLite learned late to join in an order, and takes far longer to put rows in order first than it takes to sort what
    was joined: there they come in any order, the same for each column.
    """

    inherit_cache = True
    type = String()


@compiles(Joined)
def _joined(element: Joined, compiler: SQLCompiler, **options: Any) -> str:
    value, *order = [compiler.process(one, **options) for one in element.clauses]
    return f"string_agg({value}, '{APART}' ORDER BY {', '.join(order)})"


@compiles(Joined, "sqlite")
def _joined_on_sqlite(element: Joined, compiler: SQLCompiler, **options: Any) -> str:
    value, *_order = element.clauses
    return f"group_concat({compiler.process(value, **options)}, '{APART}')"


def _joins_in_order(session: Session) -> bool:
    engine = session.engine if isinstance(session, ReadingSession) else session.get_bind()
    return engine.dialect.name != "sqlite"


@lru_cache(maxsize=STATEMENTS_KEPT)
def _roll(within: AnySelect) -> AnySelect:
    query = (
        within.join(CoverageRow, CoverageRow.enrolment_id == Enrolment.id)
        .join(Person, Person.id == Enrolment.learner_id)
        .where(OffIndex(Enrolment.centre_id) == CENTRE)
    )
    columns = Person.name, cast(Enrolment.id, String), CoverageRow.place, CoverageRow.units
    return only(query, *[Joined(column, Person.name, Person.id, Enrolment.id) for column in columns])


@lru_cache(maxsize=ROLLS_KEPT)
def _ids_in(places: frozenset[str], today: date) -> Ids:
    found = list(map(place_in, places))
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
    """Whether a roll has what is asked for: all learners by name, of one unit."""
    return bool(filters.unit_code) and filters == Filters(filters.unit_code)


def unit_audit_of(
    session: Session, roll: Roll, unit_code: str, *, limit: int, after: int | None = None, before: int | None = None
) -> UnitAudit:
    """What `unit_audit` answers. No statement; one where the unit was not asked for lately."""
    uids = roll.options.versions.get(unit_code, {})
    lines = lines_of(frozenset(uids))
    letters = lines.letters(roll.texts.units)
    page, has_previous, has_next = _page(lines.takers(roll.learners()), limit, after, before)
    every = "".join(letters)
    return UnitAudit(
        grid_of(session, set(uids.items())),
        _letter_rows(page, lines.lines(page), uids, roll),
        len(letters) - letters.count(""),
        tally_in(every),
        every.count("m") + every.count("c"),
        has_previous,
        has_next,
    )


def _page(
    takers: Iterator[Learner], limit: int, after: int | None, before: int | None
) -> tuple[Sequence[Learner], bool, bool]:
    """The rows of a page, and whether there are others in front of them and behind them. No more are gone through than
    the page needs.
    """
    if after is not None:
        is_there = any(row[1] == str(after) for row in takers)
        found = list(islice(takers, limit + 1))
        return found[:limit], is_there and bool(found), len(found) > limit
    if before is not None:
        passed = deque[Learner](maxlen=limit + 1)
        for row in takers:
            if row[1] == str(before):
                return list(passed)[-limit:], len(passed) > limit, True
            passed.append(row)
        return [], False, True
    found = list(islice(takers, limit + 1))
    return found[:limit], False, len(found) > limit


def _letter_rows(
    page: Sequence[Learner], lines: Sequence[Line], uids: Mapping[int, str], roll: Roll
) -> list[LetterRow]:
    """The page's learners, each with the line of the unit, with the names of who assesses them, or this unit of theirs."""
    people, rows = roll.options.assessors, []
    versions = {str(version_id): uid for version_id, uid in uids.items()}
    known: dict[str, tuple[str, ...]] = {}
    for (learner, enrolment, place, _units), (version, letters, unit) in zip(page, lines, strict=True):
        names = known.get(place)
        if names is None:
            assessing = place_in(place).assessing
            names = _names(assessing, int(unit), people, roll.today)
            if all(one.unit_id is None for one in assessing):
                known[place] = names
        rows.append(LetterRow(int(enrolment), learner, int(unit), versions[version], letters, names))
    return rows


def _names(assessing: Sequence[Assessing], unit_id: int, people: Mapping[int, str], today: date) -> tuple[str, ...]:
    """Each name once."""
    found = [people[one.person_id] for one in assessing if one.is_open(today) and one.is_of(unit_id)]
    return tuple(dict.fromkeys(found))
