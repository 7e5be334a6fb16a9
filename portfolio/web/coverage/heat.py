"""The audit's large tables as markup: learners by criteria, and learners by units. Long, so they are joined from text
that is escaped once.

What stands in a cell but for the learner's address depends on the unit and the learner's letters alone; it is kept, and
so is the row of a learner of one unit, by all that it says.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import groupby

from markupsafe import Markup, escape

from portfolio.assessment.coverage_filters import Figures
from portfolio.assessment.coverage_queries import Column, Grid, LearnerRow, LetterRow
from portfolio.assessment.coverage_sums import UnitOf
from portfolio.mapping.coverage import STANDINGS
from portfolio.web.coverage.tables import Table
from portfolio.web.coverage.words import (
    ALL_SHOWN,
    CELL_WORDS,
    MISSING,
    NOBODY,
    NOT_CHOSEN,
    behind_words,
    counts,
    met_share,
    progress_words,
    sum_words,
)
from portfolio.web.looks import STATES

KEPT, ROWS_KEPT, CELLS_KEPT = 5_000, 1_000, 500
HERE = "\0"
"""Stands for the learner's address in a cell; no code of a criterion can hold it."""
RIGHT = ' class="r"'


def criteria_heat(grid: Grid, rows: Sequence[LetterRow], *, learner: str = "Learner") -> list[bytes]:
    """Head and body of learners by criteria, as they are sent; `learner` is what a learner is called."""
    return [_head(grid, learner), *[_row(grid, row) for row in rows], b"</tbody>"]


@lru_cache(maxsize=ROWS_KEPT)
def _row(grid: Grid, row: LetterRow) -> bytes:
    """A learner, drawn once for as long as the same is said of them."""
    enrolment_id, learner, unit_id, uid, letters, assessors = row
    address = f"/enrolments/{enrolment_id}/units/{unit_id}"
    rest = address.join(_cells(grid, uid, letters, assessors))
    return f'<tr><th scope="row"><a class="fw-semibold" href="{address}">{escape(learner)}{rest}'.encode()


@lru_cache(maxsize=KEPT)
def _assessors(names: tuple[str, ...]) -> str:
    return f'<span class="d-block small muted">{escape(", ".join(names) or NOBODY)}</span>'


@lru_cache(maxsize=200)
def _head(grid: Grid, learner: str) -> bytes:
    heads = "".join([f'<th scope="col" class="c{_edge(column)}">{escape(column.code)}</th>' for column in grid.columns])
    first = f'<th scope="col">{escape(learner)}</th><th scope="col">Met</th>'
    return f"<thead><tr>{first}{heads}</tr></thead>\n<tbody>\n".encode()


@lru_cache(maxsize=CELLS_KEPT)
def _cells(grid: Grid, version_uid: str, letters: str, assessors: tuple[str, ...]) -> list[str]:
    """Who assesses a learner, how many criteria are met, and the cells, parted where the address belongs."""
    by_column = dict(zip(grid.places[version_uid], letters, strict=True))
    drawn = "".join([_cell(column, by_column.get(number)) for number, column in enumerate(grid.columns)])
    met = f'<td class="num nowrap"><b>{letters.upper().count("M")}</b> of {len(letters)}</td>\n'
    return f"</a>{_assessors(assessors)}</th>\n{met}{drawn}</tr>\n".split(HERE)


def _cell(column: Column, letter: str | None) -> str:
    """What stands in a criterion's cell: words, which the style sheet shows as a sign, and as a 1 where they rest on a
    single source. Without a letter the learner's version has no such criterion.
    """
    code, edge = escape(column.code), _edge(column)
    if letter is None:
        return f'<td class="c{edge}"><i>{MISSING}</i></td>\n'
    standing = STANDINGS[letter]
    look, single = STATES[standing.state], standing.is_single_source
    return (
        f'<td class="c {look.kind}{" is-one" if single else ""}{edge}"><a href="{HERE}#k{code}">'
        f"<i>{code} {CELL_WORDS[letter]}</i></a></td>\n"
    )


def _edge(column: Column) -> str:
    return " lo-start" if column.opens_outcome else ""


def units_heat(
    units: Mapping[str, str],
    rows: Sequence[LearnerRow],
    of: Mapping[int, Mapping[str, UnitOf]],
    totals: Mapping[str, Figures],
    *,
    learner: str = "Learner",
) -> list[bytes]:
    """Head, body and foot of learners by units, as sent. `units` are titles by code; `of` are the units of each
    enrolment, and `totals` the sums of each unit.
    """
    heads = "".join([f'<th scope="col" class="u">{escape(title)}</th>' for title in units.values()])
    first = "".join([f'<th scope="col">{word}</th>' for word in (escape(learner), "All", "Behind", "Last progress")])
    parts = [f"<thead><tr>{first}{heads}</tr></thead>\n<tbody>\n"]
    for row in rows:
        address = f"/enrolments/{row.enrolment_id}"
        parts.append(
            f'<tr><th scope="row"><a class="fw-semibold" href="{address}">{escape(row.learner)}</a>'
            f"{_assessors(row.assessors)}</th>\n"
            f'<td class="num nowrap"><b>{row.figures.met}</b> of {row.figures.criteria}</td>'
            f'<td class="small nowrap">{behind_words(row)}</td><td class="small nowrap">{progress_words(row)}</td>\n'
        )
        theirs = of.get(row.enrolment_id, {})
        parts += [_unit_cell(address, title, theirs.get(code)) for code, title in units.items()]
        parts.append("</tr>\n")
    parts.append(f"</tbody>\n{_foot(units, totals)}")
    return ["".join(parts).encode()]


def _unit_cell(address: str, title: str, unit: UnitOf | None) -> str:
    if unit is None:
        return f'<td class="h q0"><span class="cell small">{NOT_CHOSEN}</span></td>\n'
    quarter, words, to_gap = _drawn(unit.letters)
    return (
        f'<td class="h"><a class="{quarter}" href="{address}/units/{unit.unit_id}{to_gap}">{words}'
        f'<span class="visually-hidden">, {escape(title)}</span></a></td>\n'
    )


@lru_cache(maxsize=KEPT)
def _drawn(letters: str) -> tuple[str, str, str]:
    """The class of a unit's cell, what it says, and which of its criteria it leads to."""
    of = UnitOf(0, 0, "", letters).figures
    gap = counts(of).gap
    return heat_of(of), _cell_words(of), "?show=gaps" if gap else ""


def heat_of(of: Figures) -> str:
    """One of five steps: none met, under 40 %, under 75 %, more, all."""
    share = met_share(of)
    return "q0" if not of.met else "q4" if of.met == of.criteria else f"q{1 + (share >= 40) + (share >= 75)}"


def _cell_words(of: Figures) -> str:
    first, (number, *others) = sum_words(of)
    more = "".join([f"<small>{words}</small>" for words in others])
    return f"<span><b>{first}</b>, {number}</span>{more}"


def _foot(units: Mapping[str, str], totals: Mapping[str, Figures]) -> str:
    cells = []
    for code in units:
        of = totals.get(code)
        drawn = f'<td class="h"><span class="cell {heat_of(of)}">{_cell_words(of)}</span></td>' if of else "<td></td>"
        cells.append(drawn)
    return f'<tfoot><tr><th scope="row">{ALL_SHOWN}</th><td colspan="3"></td>{"".join(cells)}</tr></tfoot>'


@lru_cache(maxsize=200)
def codes_of(grid: Grid) -> Markup:
    """What the codes over the columns stand for, by outcome."""
    parts = []
    for outcome, columns in groupby(grid.columns, key=lambda column: (column.outcome_code, column.outcome_title)):
        lines = "".join([f'<li><span class="ref">{escape(one.code)}</span> {escape(one.text)}</li>' for one in columns])
        title = f"{escape(outcome[0])} {escape(outcome[1])}"
        parts.append(f'<h2 class="legend-s">{title}</h2>\n<ul class="plain">{lines}</ul>\n')
    return Markup("".join(parts))  # noqa: S704 - every word of the unit is escaped where it is put in


def lines_of(table: Table) -> Markup:
    """The body of a small table; the first cell of each line leads on, where there is anything to see."""
    headings = [str(escape(heading)) for heading in table.headings]
    parts = []
    for line in table.lines:
        first, *others = [str(escape("" if cell is None else cell)) for cell in line.cells]
        head = f'<a href="{escape(line.url)}">{first}</a>' if line.url else first
        numbers = [isinstance(cell, int) for cell in line.cells[1:]]
        cells = "".join(
            [
                f'<td data-l="{heading}"{RIGHT if is_number else ""}>{cell}</td>'
                for heading, cell, is_number in zip(headings[1:], others, numbers, strict=True)
            ]
        )
        parts.append(f'<tr><th scope="row">{head}</th>{cells}</tr>\n')
    return Markup("".join(parts))  # noqa: S704 - every cell is escaped where it is put in
