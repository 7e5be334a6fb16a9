"""The coverage audit of one unit in a whole centre, learner by learner in the order of their names: people are gone
through until a page is full, by what is kept of each (`coverage_rows`), and the sums are those that are kept of the
centre. So it costs the same however many learners there are.
"""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from sqlalchemy import Integer, String, bindparam, false, func, or_, select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.models import Person
from portfolio.assessment.coverage_filters import CENTRE, STATEMENTS_KEPT
from portfolio.assessment.coverage_options import Options
from portfolio.assessment.coverage_pages import WALKED, beyond, walked
from portfolio.assessment.coverage_queries import Grid, UnitAudit, grid_of
from portfolio.assessment.coverage_rolls import BY_NAME, COLUMNS, Columns, Roll, letter_rows
from portfolio.assessment.coverage_rows import lines_of, place_in
from portfolio.assessment.models import CoverageRow, CriterionTotal
from portfolio.db import AnySelect, OffIndex, read
from portfolio.enrolment.models import Enrolment
from portfolio.mapping.coverage import Tally


def walked_audit(
    session: Session,
    centre_id: int,
    options: Options,
    unit_code: str,
    *,
    limit: int,
    after: int | None = None,
    before: int | None = None,
) -> UnitAudit:
    """What `unit_audit` answers for all learners of a centre, of whom `options` are. Two statements; a third where the
    unit was not asked for lately, and a fourth where somebody still assesses who is no assessor any more.
    """
    uids = options.versions.get(unit_code, {})
    grid = grid_of(session, set(uids.items()))
    columns, has_previous, has_next = _page(session, centre_id, sorted(uids), limit, after, before)
    roll = Roll(columns, True, options, _assessors(session, columns, options), clock.today())
    learners, tally, single_source = _sums(session, centre_id, grid, uids)
    rows = letter_rows(range(len(columns.names)), lines_of(frozenset(uids)), uids, roll)
    return UnitAudit(grid, rows, learners, tally, single_source, has_previous, has_next)


def _page(
    session: Session, centre_id: int, versions: Sequence[int], limit: int, after: int | None, before: int | None
) -> tuple[Columns, bool, bool]:
    """The learners of a page, and whether there are others in front of them and behind them."""
    edge, is_backwards = (before, before is not None) if after is None else (after, False)
    marks = {f"mark{number}": f"\n{version_id}:" for number, version_id in enumerate(versions)}
    statement = _walk(len(marks), edge is not None, is_backwards)
    at = {} if edge is None else {"edge": edge}
    rows = read(session, statement, centre=centre_id, most=limit + 1, **marks, **at).tuples()
    has_more, rows = len(rows) > limit, rows[:limit]
    if is_backwards:
        rows = rows[::-1]
    columns = Columns(*zip(*rows, strict=True)) if rows else Columns((), (), (), ())
    return columns, bool(rows) and (has_more if is_backwards else after is not None), is_backwards or has_more


@lru_cache(maxsize=STATEMENTS_KEPT)
def _walk(versions: int, has_edge: bool, is_backwards: bool) -> AnySelect:
    """The learners of a page, with what is kept of those enrolments that take one of so many versions of a unit.

    People are found first: were their enrolments joined to them at once, SQLite would first go through all that there
    are.
    """
    marks = [bindparam(f"mark{number}", type_=String) for number in range(versions)]
    kept = CoverageRow, CoverageRow.enrolment_id == Enrolment.id
    takes = OffIndex(Enrolment.centre_id) == CENTRE, or_(false(), *[CoverageRow.units.contains(one) for one in marks])
    page: AnySelect = select(*COLUMNS).join(Enrolment, Enrolment.learner_id == Person.id).join(*kept).where(*takes)
    theirs = select(Enrolment.id).join(*kept).where(*takes, Enrolment.learner_id == WALKED.id)
    people = walked(theirs, page if has_edge else None, is_backwards=is_backwards)
    if has_edge:
        page = page.where(*beyond(page, BY_NAME, is_backwards=is_backwards))
    order = [key.desc() if is_backwards else key.asc() for key in BY_NAME]
    return page.where(Enrolment.learner_id.in_(people)).order_by(*order).limit(bindparam("most", type_=Integer))


def _assessors(session: Session, columns: Columns, options: Options) -> Mapping[int, str]:
    """The names of those who assess these learners today."""
    today, known = clock.today(), options.assessors
    assessing = {one for place in set(columns.places) for one in place_in(place).assessing}
    unknown = {one.person_id for one in assessing if one.person_id not in known and one.is_open(today)}
    if not unknown:
        return known
    return {**known, **dict(read(session, _named(), people=sorted(unknown)).tuples())}


@cache
def _named() -> AnySelect:
    return select(Person.id, Person.name).where(Person.id.in_(bindparam("people", type_=Integer, expanding=True)))


def _sums(session: Session, centre_id: int, grid: Grid, uids: Mapping[int, str]) -> tuple[int, Tally, int]:
    """How many learners take the unit, how many criteria of theirs stand in each way, and how many rest on a single
    item. Whoever takes a version takes every criterion of it.
    """
    learners, sums = 0, [0] * 5
    for version_id, *figures in read(session, _totals(), centre=centre_id, versions=sorted(uids)).tuples():
        learners += figures[0] // len(grid.places[uids[version_id]])
        sums = [one + more for one, more in zip(sums, figures, strict=True)]
    criteria, met, needs_more, claimed, single_source = sums
    return learners, Tally(met, needs_more, claimed, criteria - met - needs_more - claimed), single_source


@cache
def _totals() -> AnySelect:
    """The sums of each version of a unit."""
    total = CriterionTotal
    figures = total.learners, total.met, total.needs_more, total.claimed, total.single_source
    return (
        select(total.unit_version_id, *map(func.sum, figures))
        .where(
            total.centre_id == CENTRE,
            total.learners > 0,
            total.unit_version_id.in_(bindparam("versions", type_=Integer, expanding=True)),
        )
        .group_by(total.unit_version_id)
    )
