"""The matrix of one unit as plain values: a column for each item, a row for each criterion, a mark where they meet.

Whatever depends on an item alone is made once for its column, so that drawing a cell is only a matter of printing.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from portfolio.assessment.queries import ClaimRow, CriterionCoverage, UnitCoverage
from portfolio.criteria.rules import METHOD_WORDS, Method, OutcomeKind
from portfolio.mapping.coverage import State
from portfolio.mapping.queries import DraftClaim

SHORT = 6
PLACES = (
    (re.compile(r"^(?:page|p\.?)\s*(\d+)$", re.IGNORECASE), "p{}"),
    (re.compile(r"^(?:paragraph|para\.?|¶)\s*(\d+)$", re.IGNORECASE), "¶{}"),
    (re.compile(r"^(?:row|line)\s*(\d+)$", re.IGNORECASE), "r{}"),
    (re.compile(r"^(?:slide|sheet)\s*(\d+)$", re.IGNORECASE), "s{}"),
    (re.compile(r"^(?:question|q\.?)\s*(\d+)$", re.IGNORECASE), "Q{}"),
)


@dataclass(frozen=True, slots=True)
class Column:
    """An item that is claimed in the unit. `count` is how many criteria, `recorded_by` the assessor who made it, if one
    did; `url` is empty while it is hidden.
    """

    ref: str
    title: str
    code: str
    method: str
    url: str
    count: int
    recorded_by: str


@dataclass(frozen=True, slots=True)
class Mark:
    """What an item says to a criterion: `met`, `not_yet_met`, `insufficient`, `claimed`, `awaiting` or `draft`.

    `blanks` is the number of empty cells before it in the row.
    """

    kind: str
    column: Column
    place: str
    blanks: int


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion. `blanks` is the number of empty cells after the last mark."""

    covered: CriterionCoverage
    marks: tuple[Mark, ...]
    blanks: int
    sources: int
    is_drafted: bool


@dataclass(frozen=True, slots=True)
class Block:
    """A learning outcome with those of its criteria that are shown."""

    code: str
    title: str
    kind: OutcomeKind
    total: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """The whole of it."""

    columns: tuple[Column, ...]
    blocks: tuple[Block, ...]


def short_place(place: str) -> str:
    """A place as it fits under a mark: page 2 is p2, paragraph 8 is ¶8; nothing when it cannot be said that short."""
    said = place.strip()
    for pattern, form in PLACES:
        if found := pattern.match(said):
            return form.format(found[1])
    return said if len(said) <= SHORT else ""


def kind_of(claim: ClaimRow) -> str:
    """The mark of a claim that was handed in."""
    if claim.awaits_countersignature:
        return "awaiting"
    return claim.decision.value if claim.decision else "claimed"


def matrix_of(
    unit: UnitCoverage,
    drafts: Sequence[DraftClaim],
    *,
    url_of: Callable[[int], str],
    shows: Callable[[CriterionCoverage], bool],
) -> Matrix:
    """The matrix of a unit. `drafts` are those of the person who looks; `shows` filters the rows."""
    cells: dict[int, dict[int, tuple[str, str]]] = {}
    items: dict[int, tuple[str, str, Method, str]] = {}
    for claim in drafts:
        if claim.enrolment_unit_id == unit.enrolment_unit_id:
            cells.setdefault(claim.criterion_id, {})[claim.evidence_id] = ("draft", claim.place)
            items[claim.evidence_id] = (claim.ref, claim.title, claim.method, "")
    for covered in unit.criteria:
        for live in covered.claims:
            cells.setdefault(covered.criterion.id, {})[live.evidence_id] = (kind_of(live), live.place)
            items[live.evidence_id] = (live.ref, live.title, live.method, live.recorded_by)
    hidden = {claim.evidence_id for claim in drafts if claim.is_hidden}
    hidden |= {live.evidence_id for covered in unit.criteria for live in covered.claims if live.is_hidden}
    order, counts = sorted(items), Counter(id_ for row in cells.values() for id_ in row)
    urls = {id_: "" if id_ in hidden else url_of(id_) for id_ in order}
    columns = {
        id_: Column(ref, title, method.value, METHOD_WORDS[method], urls[id_], counts[id_], recorded_by)
        for id_, (ref, title, method, recorded_by) in ((id_, items[id_]) for id_ in order)
    }
    blocks = [
        Block(
            outcome.code,
            outcome.title,
            outcome.kind,
            len(outcome.criteria),
            tuple(
                _line(one, cells.get(one.criterion.id, {}), order, columns) for one in outcome.criteria if shows(one)
            ),
        )
        for outcome in unit.outcomes
    ]
    return Matrix(tuple(columns.values()), tuple(block for block in blocks if block.lines))


def _line(
    covered: CriterionCoverage, found: dict[int, tuple[str, str]], order: Iterable[int], columns: dict[int, Column]
) -> Line:
    marks, blanks = [], 0
    for id_ in order:
        if id_ not in found:
            blanks += 1
            continue
        kind, place = found[id_]
        marks.append(Mark(kind, columns[id_], short_place(place), blanks))
        blanks = 0
    sources = len({claim.evidence_id for claim in covered.claims})
    return Line(
        covered,
        tuple(marks),
        blanks,
        1 if covered.standing.is_single_source else sources,
        is_drafted=covered.standing.state is State.GAP and bool(marks),
    )
