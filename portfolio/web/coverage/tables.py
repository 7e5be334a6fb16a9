"""The audit's smaller tables as plain values, for page, chart and file alike; and the rows of every view for files.

A file holds what the view shows, from all of its pages.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup
from sqlalchemy.orm import Session

from portfolio.assessment.coverage_filters import NO_COHORT, Figures, Filters, Scope, Sort
from portfolio.assessment.coverage_options import Options
from portfolio.assessment.coverage_queries import (
    COUNTED_MOST,
    Grid,
    LearnerRow,
    Sums,
    UnitAudit,
    criterion_sums,
    learners,
    unit_audit,
)
from portfolio.assessment.coverage_sums import By, Group, UnitOf, groups_in, unit_sums, units_of
from portfolio.documents.tables import Cell
from portfolio.web.coverage.asked import Asked, View
from portfolio.web.coverage.words import (
    ALL_SHOWN,
    CELL_WORDS,
    MISSING,
    NOBODY,
    NOT_CHOSEN,
    counts,
    days_behind,
    days_since,
    sum_words,
)
from portfolio.web.terms import term, worded

WORST, BATCH = 50, 500
TOPS = {"met": 0, "more": 3, "claimed": 5, "none": 8, "days": 0}
"""Where each kind of part begins in a bar 10 high."""
SUM_HEADINGS = ("Met", "Need more", "Claimed", "Gaps", "Single source")


@dataclass(frozen=True, slots=True)
class Line:
    """A row: its cells, and where its first leads."""

    cells: tuple[Cell, ...]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A row as a picture: its name, its figures in words, and parts of a whole by how they are drawn."""

    label: str
    words: str
    parts: tuple[tuple[str, float], ...]

    @property
    def drawn(self) -> Markup:
        """The parts side by side, 100 wide and 10 high; each kind has a height of its own."""
        drawn, left = [], 0.0
        for name, width in self.parts:
            top = TOPS[name]
            drawn.append(
                f'<rect class="b-{name}" x="{left:.2f}" y="{top}" width="{width:.2f}" height="{10 - top}"></rect>'
            )
            left += width
        return Markup("".join(drawn))  # noqa: S704 - fixed words and numbers


@dataclass(frozen=True, slots=True)
class Table:
    """A table of so many lines as a page shows, with the same as a chart."""

    headings: tuple[str, ...]
    lines: tuple[Line, ...]
    bars: tuple[Bar, ...]


def criteria_table(grid: Grid, sums: Sequence[Sums]) -> Table:
    """A line for each criterion of a unit."""
    rows = list(zip(grid.columns, sums, strict=True))
    lines = [
        (column.code, column.text, one.learners, one.met, one.needs_more, one.claimed, one.gap, one.single_source)
        for column, one in rows
    ]
    bars = [_bar(column.code, one.learners, (one.met, one.needs_more, one.claimed, one.gap), one.single_source)
            for column, one in rows]  # fmt: skip
    return Table(("Criterion", "What it asks", term("Learners"), *SUM_HEADINGS), tuple(map(Line, lines)), tuple(bars))


def _bar(label: str, whole: int, parts: tuple[int, int, int, int], single: int) -> Bar:
    """Met, needs more, claimed and gap as parts of a hundred."""
    met, more, claimed, gap = parts
    said = [f"{met} of {whole} met", f"{more} {'needs' if more == 1 else 'need'} more" if more else "",
            f"{claimed} claimed" if claimed else "", f"{gap} {'gap' if gap == 1 else 'gaps'}" if gap else "",
            f"{single} single source" if single else ""]  # fmt: skip
    named = zip(("met", "more", "claimed", "none"), parts, strict=True)
    drawn = tuple((name, 100 * part / whole) for name, part in named if part)
    return Bar(label, ", ".join(word for word in said if word), drawn)


def sums_table(asked: Asked, options: Options, groups: Sequence[Group]) -> Table:
    """A line for each assessor, cohort or awarding organisation; those who are in none come last."""
    named = [(_name_of(asked.by, group, options), group) for group in groups]
    named.sort(key=lambda one: (one[1].key is None, one[0].casefold()))
    lines = [
        Line(
            (
                name, group.learners, group.behind, group.figures.criteria, *_figures(group.figures),
                *(group.days or (None, None)),
            ),
            _narrowed(asked, group),
        )
        for name, group in named
    ]  # fmt: skip
    bars = [_bar(name, group.figures.criteria, _parts(group.figures), group.figures.single_source)
            for name, group in named if group.figures.criteria]  # fmt: skip
    first = {By.ASSESSOR: term("Assessor"), By.COHORT: term("Cohort"), By.ORGANISATION: "Awarding organisation"}[
        asked.by
    ]
    headings = (
        first, term("Learners"), "Behind their plan", "Criteria", *SUM_HEADINGS,
        "Days since last progress, median", "Days since last progress, most",
    )  # fmt: skip
    return Table(headings, tuple(lines), tuple(bars))


def _parts(of: Figures) -> tuple[int, int, int, int]:
    tally = counts(of)
    return tally.met, tally.needs_more, tally.claimed, tally.gap


def _figures(of: Figures) -> tuple[int, int, int, int, int]:
    return *_parts(of), of.single_source


def _name_of(by: By, group: Group, options: Options) -> str:
    if by is By.ORGANISATION:
        return str(group.key)
    if group.key is None:
        return NOBODY if by is By.ASSESSOR else worded("In no {cohort}")
    if by is By.COHORT:
        return options.cohorts[group.key]
    return options.assessors.get(group.key, worded("{Assessor} who is no longer here"))


def _narrowed(asked: Asked, group: Group) -> str:
    """Where the learners of a group are listed; nowhere for those whom no filter can name."""
    if asked.by is By.ORGANISATION:
        filters = replace(asked.filters, organisation=str(group.key))
    elif asked.by is By.COHORT:
        filters = replace(asked.filters, cohort=NO_COHORT if group.key is None else group.key)
    elif group.key is None:
        return ""
    else:
        filters = replace(asked.filters, assessor_id=group.key)
    return asked.turned_to(View.UNITS, filters).address()


def behind_table(rows: Sequence[LearnerRow], options: Options) -> Table:
    """A line for each learner, the most days behind first."""
    lines = [
        Line(
            (
                row.learner, ", ".join(row.assessors) or NOBODY, options.cohorts.get(row.cohort_id or 0, ""),
                options.titles.get(row.qualification_version_id, ""), row.figures.met, row.figures.criteria,
                counts(row.figures).gap, days_behind(row), days_since(row),
            ),
            f"/enrolments/{row.enrolment_id}",
        )
        for row in rows
    ]  # fmt: skip
    most = max(map(days_behind, rows), default=0)
    bars = [Bar(row.learner, f"{days_behind(row)} {'day' if days_behind(row) == 1 else 'days'} behind",
                (("days", 100 * days_behind(row) / most),)) for row in rows]  # fmt: skip
    headings = (
        term("Learner"), term("Assessors"), term("Cohort"), "Qualification", "Met", "Criteria", "Gaps", "Days behind",
        "Days since last progress",
    )  # fmt: skip
    return Table(headings, tuple(lines), tuple(bars))


def worst(session: Session, scope: Scope, filters: Filters) -> Sequence[LearnerRow]:
    """Those who are the most days behind."""
    by_days = replace(filters, sort=Sort.BEHIND)
    return learners(session, scope, by_days, limit=WORST, is_behind=True).rows


def file_rows(session: Session, scope: Scope, asked: Asked, options: Options) -> Iterator[Sequence[Cell]]:
    """The headings of a view, and every row of it from all of its pages, a batch of learners at a time."""
    if asked.view is View.UNITS:
        return _unit_rows(session, scope, asked.filters, options)
    if asked.view is View.UNIT:
        return _criterion_rows(session, scope, asked.filters)
    return _lines(small_table(session, scope, asked, options))


def small_table(session: Session, scope: Scope, asked: Asked, options: Options) -> Table:
    """The table of a view that is no heat map."""
    if asked.view is View.CRITERIA:
        summed = criterion_sums(session, scope, asked.filters)
        return criteria_table(summed.grid, summed.sums)
    if asked.view is View.SUMS:
        return sums_table(asked, options, groups_in(session, scope, asked.filters, asked.by))
    return behind_table(worst(session, scope, asked.filters), options)


def _lines(table: Table) -> Iterator[Sequence[Cell]]:
    yield table.headings
    yield from (line.cells for line in table.lines)


def _audits(session: Session, scope: Scope, filters: Filters) -> Iterator[UnitAudit]:
    after, left = None, COUNTED_MOST
    while left > 0:
        audit = unit_audit(session, scope, filters, limit=min(BATCH, left), after=after)
        yield audit
        if not audit.has_next:
            return
        after, left = audit.rows[-1].enrolment_id, left - len(audit.rows)


def _criterion_rows(session: Session, scope: Scope, filters: Filters) -> Iterator[Sequence[Cell]]:
    for number, audit in enumerate(_audits(session, scope, filters)):
        grid = audit.grid
        if number == 0:
            yield term("Learner"), term("Assessors"), "Met", "Criteria", *(column.code for column in grid.columns)
        for row in audit.rows:
            by_column = dict(zip(grid.places[row.version_uid], row.letters, strict=True))
            cells = [by_column.get(place) for place in range(len(grid.columns))]
            yield (
                row.learner, ", ".join(row.assessors) or NOBODY, row.letters.upper().count("M"), len(row.letters),
                *(CELL_WORDS[letter] if letter else MISSING for letter in cells),
            )  # fmt: skip


def _unit_rows(session: Session, scope: Scope, filters: Filters, options: Options) -> Iterator[Sequence[Cell]]:
    totals = unit_sums(session, scope, filters)
    units = {code: title for code, title in options.units.items() if code in totals}
    yield (
        term("Learner"), term("Assessors"), "Met", "Criteria", "Days behind", "Days since last progress",
        *units.values(),
    )  # fmt: skip
    for rows in _batches(session, scope, filters):
        theirs = units_by_learner(units_of(session, [row.enrolment_id for row in rows]))
        for row in rows:
            of = theirs.get(row.enrolment_id, {})
            yield (
                row.learner, ", ".join(row.assessors) or NOBODY, row.figures.met, row.figures.criteria,
                days_behind(row), days_since(row), *(unit_words(of.get(code)) for code in units),
            )  # fmt: skip
    yield ALL_SHOWN, "", None, None, None, None, *(figure_words(totals[code]) for code in units)


def _batches(session: Session, scope: Scope, filters: Filters) -> Iterator[Sequence[LearnerRow]]:
    after, left = None, COUNTED_MOST
    while left > 0:
        page = learners(session, scope, filters, limit=min(BATCH, left), after=after)
        yield page.rows
        if not page.has_next:
            return
        after, left = page.rows[-1].enrolment_id, left - len(page.rows)


def units_by_learner(units: Iterable[UnitOf]) -> Mapping[int, Mapping[str, UnitOf]]:
    """Each learner's units, by enrolment and code."""
    found: dict[int, dict[str, UnitOf]] = defaultdict(dict)
    for unit in units:
        found[unit.enrolment_id][unit.code] = unit
    return found


def unit_words(unit: UnitOf | None) -> str:
    """A learner's unit in words, as in its cell on the page."""
    return figure_words(unit.figures) if unit else NOT_CHOSEN


def figure_words(of: Figures) -> str:
    """The same of any figures."""
    first, others = sum_words(of)
    return ", ".join((first, *others))
