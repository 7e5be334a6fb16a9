"""The audit's table as markup: learners by criteria. Long, so it is joined from text that is escaped once.

What stands in a cell but for the learner's address depends on the criterion and the state alone.
"""

from collections.abc import Mapping, Sequence

from markupsafe import Markup, escape

from portfolio.assessment.coverage_queries import Column, LearnerRow
from portfolio.mapping.coverage import STATE_WORDS, State

LOOKS = {
    State.MET: ("is-met", "check-circle-fill"),
    State.MORE: ("is-more", "exclamation-diamond"),
    State.CLAIMED: ("is-claimed", "circle-half"),
    State.GAP: ("is-none", "circle"),
}
MISSING = "Not in this learner’s version of the unit"
HERE = "\0"
"""Stands for the learner's address in a cell; no code of a criterion can hold it."""


def heat(columns: Sequence[Column], rows: Sequence[LearnerRow]) -> Markup:
    """Head and body of the table."""
    cells = [_cells(column) for column in columns]
    heads = "".join([f'<th scope="col" class="c{_edge(column)}">{escape(column.code)}</th>' for column in columns])
    parts = [f'<thead><tr><th scope="col">Learner</th><th scope="col">Met</th>{heads}</tr></thead>\n<tbody>\n']
    for row in rows:
        address = f"/enrolments/{row.enrolment_id}/units/{row.enrolment_unit_id}"
        assessors = escape(", ".join(row.assessors) or "Nobody assesses yet")
        tally = row.tally
        parts.append(
            f'<tr><th scope="row"><a class="fw-semibold" href="{address}">{escape(row.learner)}</a>'
            f'<span class="d-block small muted">{assessors}</span></th>\n'
            f'<td class="num nowrap"><b>{tally.met}</b> of {tally.total}</td>\n'
        )
        drawn = "".join([by[state] for by, state in zip(cells, row.cells, strict=True)])
        parts.append(drawn.replace(HERE, address))
        parts.append("</tr>\n")
    parts.append("</tbody>")
    return Markup("".join(parts))  # noqa: S704 - every word of a person is escaped where it is put in


def _cells(column: Column) -> Mapping[State | None, str]:
    """What stands in a criterion's cell, by state; None where the learner's version has no such criterion."""
    code, edge = escape(column.code), _edge(column)
    drawn: dict[State | None, str] = {
        state: f'<td class="c {look}{edge}"><a href="{HERE}#k{code}">'
        f'<span class="bi bi-{icon}" aria-hidden="true"></span>'
        f'<span class="visually-hidden">{code} {STATE_WORDS[state]}</span></a></td>\n'
        for state, (look, icon) in LOOKS.items()
    }
    drawn[None] = f'<td class="c{edge}"><span><span class="visually-hidden">{MISSING}</span></span></td>\n'
    return drawn


def _edge(column: Column) -> str:
    return " lo-start" if column.opens_outcome else ""
