"""The matrix of one unit: what a learner has, written between the parts of the unit's table.

What is claimed comes packed, and the state of each criterion with it: the page decides nothing and only says it. An
item's part of its cells is escaped once, however many criteria it claims.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from markupsafe import Markup

from portfolio.assessment.matrix_queries import AWAITING, CLAIMED, DRAFT, Look, Packed, PackedItem
from portfolio.criteria.rules import METHOD_WORDS, Method
from portfolio.evidence.rules import BY_ASSESSOR
from portfolio.mapping.coverage import GAP, LETTERS, STANDINGS, State, Tally, tally_in
from portfolio.mapping.places import read_place
from portfolio.mapping.rules import Outcome
from portfolio.web.looks import ruler
from portfolio.web.units.table import BLANK, Row, Table, sent, state_cell

SHORT = 6
QUESTION = re.compile(r"^(?:question|q\.?)\s*(\d+)$", re.IGNORECASE)
METHODS = {method.value: method for method in Method}
CELLS = {
    DRAFT: ("x-draft", "in a draft"),
    CLAIMED: ("x-claimed", "claimed"),
    AWAITING: ("x-awaiting", "awaiting countersignature"),
    Outcome.MET.value: ("x-met", "met"),
    Outcome.NOT_YET_MET.value: ("x-more", "not yet met"),
    Outcome.INSUFFICIENT.value: ("x-short", "insufficient"),
}
"""How a cell looks and what it says, by what is said of its claim."""
ONE_SOURCE = '<span class="single"><span class="bi bi-1-square" aria-hidden="true"></span> One source</span>'
DRAFTED = state_cell(State.GAP, '<span class="single">In a draft</span>')
GAP_LETTER = LETTERS[GAP]
ALL, SINGLE = "all", "single"
FILTERS = {ALL: "All", "gaps": "Gaps", "more": "Needs more", "claimed": "Claimed", "met": "Met", SINGLE: "One source"}
"""Which criteria may be shown alone, by the word in the address."""
TICKS_LARGE = 100
"""For how many criteria the ticks are drawn large."""
STATES = {"gaps": State.GAP, "more": State.MORE, "claimed": State.CLAIMED, "met": State.MET}
SHOWN = {
    ALL: frozenset(STANDINGS),
    SINGLE: frozenset(letter for letter, one in STANDINGS.items() if one.is_single_source),
    **{
        name: frozenset(letter for letter, one in STANDINGS.items() if one.state is state)
        for name, state in STATES.items()
    },
}
"""The letters of the criteria that each filter shows."""
Cell: TypeAlias = tuple[int, str, str]
"""In which column a cell stands, and what before and after the criterion's number; nothing after it where there is no
number, as while its item is hidden.
"""


class Column(NamedTuple):
    """An item that is claimed in the unit. `url` is empty while it is hidden; `claimed` is of how many criteria."""

    ref: str
    title: str
    method: Method
    recorded_by: str
    url: str
    claimed: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """`table` is the head, body and foot of the table as they are sent, `ruler` the ticks of each outcome, as markup.
    `counts` is how many criteria each filter would show, `shown` how many are; `kinds` are those of all items.
    """

    table: bytes
    ruler: Markup
    columns: Sequence[Column]
    kinds: Sequence[Method]
    tally: Tally
    counts: Mapping[str, int]
    shown: int
    first_gap: Row | None


def short_place(place: str) -> str:
    """A place as it fits under a mark: page 2 is p2, paragraph 8 is ¶8; nothing when it cannot be said that short."""
    said = place.strip()
    if found := QUESTION.match(said):
        return f"Q{found[1]}"
    read = read_place(said)
    short = read.short if read else said
    return short if len(short) <= SHORT else ""


def recorders(packed: Packed) -> set[int]:
    """Who made those items that are an assessor's record of the learner."""
    return {item.author_id for item in packed.items if item.method in BY_ASSESSOR}


def matrix_of(
    table: Table,
    letters: str,
    packed: Packed,
    *,
    viewer_id: int,
    names: Mapping[int, str],
    url_of: Callable[[int], str],
    show: str = ALL,
    kind: Method | None = None,
) -> Matrix:
    """The matrix of a unit. `letters` say where each criterion stands, `names` who the `recorders` are; `show` and
    `kind` filter what is shown, and nothing of what is counted.
    """
    seen = {number: item for number, item in enumerate(packed.items) if item.claimed or item.author_id == viewer_id}
    columns = {
        number: _column(item, names, url_of) for number, item in seen.items() if kind is None or item.method == kind
    }
    drafts = {
        row: mine
        for row, looks in packed.drafts.items()
        if (mine := [look for look in looks if packed.items[packed.looks[look][0]].author_id == viewer_id])
    }
    cells, kinds = _cells(packed.looks, columns), {item.method for item in seen.values()}
    shown: list[Sequence[int] | None] = [*packed.rows]
    for row, mine in drafts.items():
        shown[row] = sorted((*packed.rows[row], *mine))
    if kind is not None:
        shown = [[look for look in looks or () if look in cells] or None for looks in shown]
    if show != ALL:
        shown = [looks if letter in SHOWN[show] else None for letter, looks in zip(letters, shown, strict=True)]
    body = _body(table, letters, [*map(len, packed.rows)], shown, cells, len(columns))
    return Matrix(
        "".join((_head(columns.values()), *body, _foot(columns.values()))).encode("latin-1"),
        ruler((letters[rows.start : rows.stop] for rows in table.outcomes), large=len(letters) <= TICKS_LARGE),
        list(columns.values()),
        [method for method in METHOD_WORDS if method in kinds],
        tally_in(letters),
        {name: sum(map(letters.count, wanted)) for name, wanted in SHOWN.items()},
        len(shown) - shown.count(None),
        _first_gap(table, letters, drafts),
    )


def _body(
    table: Table,
    letters: str,
    sources: Sequence[int],
    shown: Sequence[Sequence[int] | None],
    cells: Mapping[int, Cell],
    width: int,
) -> list[str]:
    """The rows under the headings of their outcomes, each with the cells of its looks, and guidance below it; without
    those of which nothing is shown. `sources` is how many items count for each.

    Rows that look the same differ in the criterion's number alone: what stands between is put together once.
    """
    parts: list[str] = []
    add, rows = parts.append, table.rows
    alike: dict[tuple[str, int, tuple[int, ...]], list[str]] = {}
    nothing, guide = BLANK * width, f'<tr class="guide-row" role="row"><td colspan="{width + 2}"'
    for outcome, numbers in enumerate(table.outcomes):
        heading = table.heading(outcome, width)
        for number in numbers:
            looks, row = shown[number], rows[number]
            if looks is None:
                continue
            if heading:
                add(heading)
                heading = ""
            if looks:
                like = letters[number], sources[number], tuple(looks)
                between = alike.get(like)
                if between is None:
                    between = alike[like] = _between(*like, cells, width)
                add(row.opening)
                add(row.criterion.join(between))
            else:
                add(row.gap_opening)
                add(nothing)
                add(row.gap if letters[number] == GAP_LETTER else _state(letters[number], sources[number]))
            if row.guide:
                add(guide)
                add(row.guide)
    return parts


def _between(letter: str, sources: int, looks: Sequence[int], cells: Mapping[int, Cell], width: int) -> list[str]:
    """The cells of a row, parted where the number of its criterion belongs."""
    parted, text, at = [], "", 0
    for look in looks:
        column, before, after = cells[look]
        text += f"{BLANK * (column - at)}{before}"
        if after:
            parted.append(text)
            text = after
        at = column + 1
    last = _state(letter, sources) if letter != GAP_LETTER else DRAFTED
    return [*parted, f"{text}{BLANK * (width - at)}{last}"]


def _column(item: PackedItem, names: Mapping[int, str], url_of: Callable[[int], str]) -> Column:
    method = METHODS[item.method]
    recorded_by = names[item.author_id] if method in BY_ASSESSOR else ""
    return Column(
        item.ref, item.title, method, recorded_by, "" if item.is_hidden else url_of(item.evidence_id), item.claimed
    )


def _cells(looks: Sequence[Look], columns: Mapping[int, Column]) -> dict[int, Cell]:
    """The cells of those of these looks that are shown, by their numbers. What an item has in all of them is escaped
    once.
    """
    at: dict[int, tuple[int, str, str]] = {}
    for number, (item, column) in enumerate(columns.items()):
        before, quote = (f' href="{sent(column.url)}/claims?criterion=', '"') if column.url else ("", "")
        at[item] = (number, before, f'{quote}><span class="ref">{sent(column.ref)}</span> ')
    found: dict[int, Cell] = {}
    for look, (item, said, place) in enumerate(looks):
        if item in at:
            number, before, ref = at[item]
            opening, after = f'<td class="{CELLS[said][0]}" role="cell"><a{before}', f"{ref}{_rest(said, place)}"
            found[look] = (number, opening, after) if before else (number, opening + after, "")
    return found


def _head(columns: Iterable[Column]) -> str:
    cells = []
    for column in columns:
        title, ref, code = sent(column.title), sent(column.ref), column.method.value
        way = f' href="{sent(column.url)}"' if column.url else ""
        by = f", recorded by {sent(column.recorded_by)}" if column.recorded_by else ""
        cells.append(
            f'<th scope="col" role="columnheader" class="ev"><a{way} title="{title}{by}"><span class="ref">{ref}</span>'
            f'<span class="kind"><abbr title="{METHOD_WORDS[column.method]}">{code}</abbr></span>'
            f'<span class="visually-hidden">{title}</span></a></th>'
        )
    return (
        '<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Criterion</th>'
        f'{"".join(cells)}<th scope="col" role="columnheader" class="c-state">State</th></tr></thead>\n'
        '<tbody role="rowgroup">\n'
    )


def _foot(columns: Collection[Column]) -> str:
    if not columns:
        return "</tbody>\n"
    counts = "".join([f'<td role="cell">{column.claimed}</td>' for column in columns])
    return (
        '</tbody>\n<tfoot role="rowgroup"><tr role="row"><th scope="row" role="rowheader">Criteria claimed by this item'
        f'</th>{counts}<td role="cell"></td></tr></tfoot>\n'
    )


@lru_cache(maxsize=4_000)
def _rest(said: str, place: str) -> str:
    """The end of a cell."""
    words, short = CELLS[said][1], sent(short_place(place)) if place else ""
    if not short:
        return f'<span class="visually-hidden">{words}</span></a>'
    return f'<span class="visually-hidden">{words} at </span><span class="at">{short}</span></a>'


@lru_cache(maxsize=4_000)
def _state(letter: str, sources: int) -> str:
    """The last cell of a row for which so many items were handed in."""
    standing = STANDINGS[letter]
    note = ONE_SOURCE if standing.is_single_source or sources == 1 else f'<span class="single">{sources} sources</span>'
    return state_cell(standing.state, note)


def _first_gap(table: Table, letters: str, drafts: Collection[int]) -> Row | None:
    """The first criterion for which there is nothing, or else the first for which there is only a draft."""
    gaps = [number for number, letter in enumerate(letters) if letter == GAP_LETTER]
    first = next((number for number in gaps if number not in drafts), gaps[0] if gaps else None)
    return None if first is None else table.rows[first]
