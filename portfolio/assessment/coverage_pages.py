"""A page of the coverage audit's learners: those behind an enrolment in some order, or in front of it.

By name, where the whole centre is seen, people are gone through in the order of their index until there are enough; in
all else the learners that the filters let through are put in order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, String, bindparam, func, literal, select, tuple_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from portfolio.accounts.models import Person
from portfolio.assessment.coverage_filters import (
    IN_ALL,
    IN_UNIT,
    IS_BEHIND,
    STATEMENTS_KEPT,
    Figures,
    Filters,
    Scope,
    Shape,
    Sort,
    asked,
    assesses_today,
    chosen,
    name_has,
    only,
    shape_of,
)
from portfolio.assessment.models import Progress, UnitProgress
from portfolio.criteria.models import UnitVersion
from portfolio.db import AnySelect, read
from portfolio.enrolment.models import Allocation, Enrolment

APART = "\n"
"""Between the names that the database joins; a name is one line."""
NAMES_KEPT = 5_000

ASSESSOR, WALKED = aliased(Person), aliased(Person)


class Joined(FunctionElement[str]):
    """Words of several rows, APART."""

    inherit_cache = True
    type = String()


@compiles(Joined)
def _joined(element: Joined, compiler: SQLCompiler, **options: Any) -> str:
    return f"string_agg({compiler.process(element.clauses, **options)}, '{APART}')"


@compiles(Joined, "sqlite")
def _joined_on_sqlite(element: Joined, compiler: SQLCompiler, **options: Any) -> str:
    return f"group_concat({compiler.process(element.clauses, **options)}, '{APART}')"


@lru_cache(maxsize=NAMES_KEPT)
def names_in(joined: str | None) -> tuple[str, ...]:
    """The names that the database joined, each once."""
    return tuple(dict.fromkeys(joined.split(APART))) if joined else ()


def page_of(
    session: Session,
    scope: Scope,
    filters: Filters,
    *,
    limit: int,
    after: int | None,
    before: int | None,
    letters: int = 0,
    is_behind: bool = False,
) -> tuple[Sequence[Any], bool, bool]:
    """The page's rows, and whether there are others in front of them and behind them."""
    edge, is_backwards = (before, before is not None) if after is None else (after, False)
    way = Way(filters.sort, edge is not None, is_backwards, bool(letters), is_behind)
    statement = _page(scope.within, shape_of(filters), way)
    found = read(session, statement, **asked(scope, filters), edge=edge, most=limit + 1).tuples()
    has_more, found = len(found) > limit, found[:limit]
    if is_backwards:
        found = found[::-1]
    return found, bool(found) and (has_more if is_backwards else after is not None), is_backwards or has_more


@dataclass(frozen=True, slots=True)
class Way:
    """How a page is gone to, and what of its learners is read."""

    sort: Sort
    has_edge: bool
    is_backwards: bool
    letters: bool
    is_behind: bool


def _order(sort: Sort, of: Figures) -> list[ColumnElement[Any]]:
    keys: dict[Sort, list[Any]] = {
        Sort.NAME: [Person.name, Person.id],
        Sort.MET: [
            Progress.met_share if of is IN_ALL else of.met * 10_000 // func.nullif(of.criteria, 0, type_=Integer)
        ],
        Sort.BEHIND: [Progress.on_track_until],
        Sort.PROGRESS: [Progress.last_on],
    }
    return [*keys[sort], Progress.enrolment_id]


@lru_cache(maxsize=STATEMENTS_KEPT)
def _page(within: AnySelect | None, shape: Shape, way: Way) -> AnySelect:
    """The page first, so that names are joined for its learners alone."""
    is_walked = within is None and way.sort is Sort.NAME and shape.is_wide
    query, of = chosen(within, shape, is_named=True, is_walked=is_walked), IN_UNIT if shape.has_unit else IN_ALL
    if is_walked:
        query = query.where(Enrolment.learner_id.in_(_people(shape, way)))
    if way.is_behind:
        query = query.where(IS_BEHIND)
    keys = _order(way.sort, of)
    if way.has_edge:
        query = query.where(*beyond(chosen(within, shape, is_named=True), keys, is_backwards=way.is_backwards))
    if way.letters:
        columns = [UnitProgress.enrolment_unit_id, UnitProgress.unit_version_id, UnitVersion.uid, UnitProgress.states]
    else:
        columns = [
            Progress.cohort_id, Progress.qualification_version_id, Progress.progressed_on, Progress.on_track_until, *of,
        ]  # fmt: skip
    labelled = [column.label(f"c{number}") for number, column in enumerate(columns)]
    ordered = [key.label(f"k{number}") for number, key in enumerate(keys)]
    unit = [UnitProgress.enrolment_unit_id.label("unit_id")] if shape.has_unit else []
    order = [key.desc() if way.is_backwards else key.asc() for key in keys]
    page = (
        only(query, Enrolment.id, Person.name, *labelled, *ordered, *unit)
        .order_by(*order)
        .limit(bindparam("most", type_=Integer))
        .subquery("page")
    )
    names = (
        select(Joined(ASSESSOR.name))
        .select_from(Allocation)
        .join(ASSESSOR, ASSESSOR.id == Allocation.person_id)
        .where(Allocation.enrolment_id == page.c.id, assesses_today())
    )
    if shape.has_unit:
        names = names.where(Allocation.enrolment_unit_id.is_(None) | (Allocation.enrolment_unit_id == page.c.unit_id))
    again = [page.c[f"k{number}"] for number in range(len(keys))]
    return select(
        page.c.id, page.c.name, *[page.c[f"c{number}"] for number in range(len(columns))],
        names.correlate(page).scalar_subquery(),
    ).order_by(*[key.desc() if way.is_backwards else key.asc() for key in again])  # fmt: skip


def _people(shape: Shape, way: Way) -> AnySelect:
    """The next people by name who have an enrolment that the filters let through."""
    theirs = only(chosen(None, shape, is_walked=True), literal(1)).where(Enrolment.learner_id == WALKED.id)
    edge = chosen(None, shape, is_named=True, is_walked=True) if way.has_edge else None
    query = walked(theirs, edge, is_backwards=way.is_backwards)
    return query.where(name_has(WALKED)) if shape.has_name else query


def walked(theirs: AnySelect, among: AnySelect | None, *, is_backwards: bool) -> AnySelect:
    """The next people by name, WALKED, who have an enrolment among `theirs`, from whoever has the enrolment `edge`
    `among` those that are asked for; one more than are wanted, because the one on the edge may have others. People
    alone are gone through, in the order of their index, until there are enough.
    """
    query: AnySelect = select(WALKED.id).where(theirs.correlate(WALKED).exists())
    keys: list[Any] = [WALKED.name, WALKED.id]
    if among is not None:
        edge = among.where(Enrolment.id == bindparam("edge", type_=Integer))
        name, id_ = (only(edge, key).scalar_subquery() for key in (Person.name, Person.id))
        here, there = tuple_(*keys), tuple_(name, id_)
        first = WALKED.name <= name if is_backwards else WALKED.name >= name
        query = query.where(first, here <= there if is_backwards else here >= there)
    order = [key.desc() if is_backwards else key.asc() for key in keys]
    return query.order_by(*order).limit(bindparam("most", type_=Integer) + 1)


def beyond(query: AnySelect, keys: Sequence[Any], *, is_backwards: bool) -> list[ColumnElement[bool]]:
    """Behind the enrolment `edge`, or in front of it, in this order; its first key once more, for an index to begin at.

    Where the edge is none of the learners asked for, nothing is.
    """
    edge = query.where(Enrolment.id == bindparam("edge", type_=Integer))
    at = [only(edge, key).scalar_subquery() for key in keys]
    first = keys[0] <= at[0] if is_backwards else keys[0] >= at[0]
    here, there = tuple_(*keys), tuple_(*at)
    return [first, here < there if is_backwards else here > there]
