"""The matrix of one unit: what a learner has, written between the parts of the unit's table.

What is claimed comes packed, and the state of each criterion with it: the page decides nothing and only says it. An
item's part of its cells is escaped once, however many criteria it claims.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any, NamedTuple, TypeAlias

from markupsafe import Markup

from portfolio.assessment.matrix_queries import AWAITING, CLAIMED, DRAFT, Look, Packed, PackedItem, keys_of
from portfolio.criteria.rules import METHOD_WORDS, Method
from portfolio.evidence.rules import BY_ASSESSOR
from portfolio.mapping.coverage import GAP, LETTERS, STANDINGS, State, Tally, tally_in
from portfolio.mapping.places import read_place
from portfolio.mapping.rules import Outcome
from portfolio.web.looks import ruler
from portfolio.web.units.table import BLANK, Row, Table, body_of, guide_row, heading_row, sent, state_cell

SHORT, SUMS_KEPT, COLUMNS_KEPT = 6, 500, 5_000
QUESTION = re.compile(r"^(?:question|q\.?)\s*(\d+)$", re.IGNORECASE)
METHODS = {method.value: method for method in METHOD_WORDS}
KINDS = {method.value: f'<abbr title="{words}">{method.value}</abbr>' for method, words in METHOD_WORDS.items()}
RECORDS = frozenset(method.value for method in BY_ASSESSOR)
CELLS = {
    DRAFT: ("x-draft", "in a draft"),
    CLAIMED: ("x-claimed", "claimed"),
    AWAITING: ("x-awaiting", "awaiting countersignature"),
    Outcome.MET.value: ("x-met", "met"),
    Outcome.NOT_YET_MET.value: ("x-more", "not yet met"),
    Outcome.INSUFFICIENT.value: ("x-short", "insufficient"),
}
"""How a cell looks and what it says, by what is said of its claim."""
OPENINGS = {said: f'<td class="{look}" role="cell"><a' for said, (look, _words) in CELLS.items()}
ONE_SOURCE = '<span class="single single-one">One source</span>'
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
Unlike: TypeAlias = tuple[str, int, Sequence[int]]
"""A row: where its criterion stands, of how many items something was handed in for it, and the looks it shows."""


class Column(NamedTuple):
    """An item that is claimed in the unit: where it stands, `claimed` for how many criteria. As markup its cell in the
    head, and what its cells in the rows have before the criterion's number, which is empty while it is hidden, and
    after it.
    """

    at: int
    ref: str
    recorded_by: str
    claimed: int
    head: str
    before: str
    after: str


column_of: Callable[[tuple[int, str, str, int, str, str, str]], Column] = partial(tuple.__new__, Column)
"""As `Column._make` of what has each of its values, at a third of the price."""


class Sums(NamedTuple):
    """Where the criteria of a unit stand: the ticks of each outcome as markup, and how many each filter would show."""

    ruler: Markup
    tally: Tally
    counts: tuple[tuple[str, int], ...]


class Matrix(NamedTuple):
    """`table` is the head, body and foot of the table as they are sent, in pieces. `sums` are of all criteria, `kinds`
    of all items; `shown` is how many criteria are shown.
    """

    table: Sequence[bytes]
    sums: Sums
    columns: Sequence[Column]
    kinds: tuple[Method, ...]
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
    return {item.author_id for item in packed.items if item.method in RECORDS}


def matrix_of(
    table: Table,
    letters: str,
    packed: Packed,
    *,
    viewer_id: int,
    names: Mapping[int, str],
    show: str = ALL,
    kind: Method | None = None,
) -> Matrix:
    """The matrix of a unit. `letters` say where each criterion stands, `names` who the `recorders` are; `show` and
    `kind` filter what is shown, and nothing of what is counted.
    """
    seen = {number: item for number, item in enumerate(packed.items) if item.claimed or item.author_id == viewer_id}
    shown = seen if kind is None else {number: item for number, item in seen.items() if item.method == kind}
    columns = _columns(shown, names)
    drafts = _own_drafts(packed, viewer_id)
    cells, kinds = _cells(packed.looks, columns), {item.method for item in seen.values()}
    rows, unlike = _rows(packed, drafts)
    width = len(columns)
    if show == ALL and kind is None:
        body, count = _body(table, rows, _every(unlike, cells, width), width), len(rows)
    else:
        some = {key: _inside(row, cells, width, show, is_of_kind=kind is not None) for key, row in unlike.items()}
        body, count = _shown(table, rows, some, width), sum(some[key] is not None for key in rows)
    return Matrix(
        [_head(columns.values()), *body, _foot(columns.values())],
        _sums(table, letters),
        [*columns.values()],
        tuple([method for code, method in METHODS.items() if code in kinds]),
        count,
        _first_gap(table, letters, drafts),
    )


@lru_cache(maxsize=SUMS_KEPT)
def _sums(table: Table, letters: str) -> Sums:
    """Of the criteria that stand so."""
    return Sums(
        ruler((letters[rows.start : rows.stop] for rows in table.outcomes), large=len(letters) <= TICKS_LARGE),
        tally_in(letters),
        tuple((name, sum(map(letters.count, wanted))) for name, wanted in SHOWN.items()),
    )


def _own_drafts(packed: Packed, viewer_id: int) -> dict[int, list[int]]:
    """The looks of the drafts that somebody wrote, by the number of the criterion."""
    looks, items = packed.looks, packed.items
    return {
        row: mine
        for row, theirs in packed.drafts.items()
        if (mine := [look for look in theirs if items[looks[look][0]].author_id == viewer_id])
    }


def _rows(packed: Packed, drafts: Mapping[int, Sequence[int]]) -> tuple[Sequence[Any], dict[Any, Unlike]]:
    """Which row each criterion has, with the drafts of whoever looks, and those rows, each once."""
    unlike: dict[Any, Unlike] = {
        key: (letter, len(looks), looks)
        for key, (letter, looks) in zip(keys_of(packed.rows), packed.rows, strict=False)
    }
    if not drafts:
        return packed.criteria, unlike
    rows: list[Any] = [*packed.criteria]
    for number, mine in drafts.items():
        letter, sources, looks = unlike[rows[number]]
        row = letter, sources, (*sorted((*looks, *mine)),)
        rows[number] = row
        unlike[row] = row
    return rows, unlike


def _every(unlike: Mapping[Any, Unlike], cells: Mapping[int, Cell], width: int) -> dict[Any, Sequence[bytes]]:
    """What stands in these rows, parted where the number of the criterion belongs: nothing for a gap."""
    return {
        key: _between(letter, sources, looks, cells, width) if looks else ()
        for key, (letter, sources, looks) in unlike.items()
    }


def _inside(
    row: Unlike, cells: Mapping[int, Cell], width: int, show: str, *, is_of_kind: bool
) -> Sequence[bytes] | None:
    """The same of a row, of what a filter shows; None for a row that it leaves out."""
    letter, sources, looks = row
    if letter not in SHOWN[show]:
        return None
    if is_of_kind:
        looks = [look for look in looks if look in cells]
        if not looks:
            return None
    return _between(letter, sources, looks, cells, width) if looks else ()


def _body(table: Table, rows: Sequence[Any], drawn: Mapping[Any, Sequence[bytes]], width: int) -> list[bytes]:
    """The rows under the headings of their outcomes, and guidance below each. `drawn` has what stands in each row."""
    body = body_of(table, width)
    pieces = [*body.pieces]
    pieces[1::2] = map(bytes.join, body.digits, map(drawn.__getitem__, rows))
    gaps = {key for key, inside in drawn.items() if not inside}
    for number in [number for number, key in enumerate(rows) if key in gaps] if gaps else ():
        pieces[2 * number : 2 * number + 2] = body.gaps[number]
    return pieces


def _shown(table: Table, rows: Sequence[Any], drawn: Mapping[Any, Sequence[bytes] | None], width: int) -> list[bytes]:
    """The same without the rows that have None; an outcome with no other has no heading."""
    pieces, nothing = [], (BLANK * width).encode()
    for said, numbers in zip(table.headings, table.outcomes, strict=True):
        here = [(table.rows[number], inside) for number in numbers if (inside := drawn[rows[number]]) is not None]
        if here:
            pieces.append(heading_row(said, width))
        for row, inside in here:
            pieces += (row.opening, row.digits.join(inside)) if inside else (row.gap_opening, nothing, row.gap)
            pieces.append(guide_row(row, width))
    return pieces


def _between(letter: str, sources: int, looks: Sequence[int], cells: Mapping[int, Cell], width: int) -> list[bytes]:
    """The cells of a row, parted where the number of its criterion belongs."""
    parted, text, at = [], "", 0
    for look in looks:
        column, before, after = cells[look]
        text += f"{BLANK * (column - at)}{before}"
        if after:
            parted.append(text.encode())
            text = after
        at = column + 1
    last = _state(letter, sources) if letter != GAP_LETTER else DRAFTED
    return [*parted, f"{text}{BLANK * (width - at)}{last}".encode()]


def _columns(shown: Mapping[int, PackedItem], names: Mapping[int, str]) -> dict[int, Column]:
    """The columns of these items, by their numbers."""
    return {
        number: column_of((at, *_column(item, names[item.author_id] if item.method in RECORDS else "")))
        for at, (number, item) in enumerate(shown.items())
    }


@lru_cache(maxsize=COLUMNS_KEPT)
def _column(item: PackedItem, recorded_by: str) -> tuple[str, str, int, str, str, str]:
    """What there is of a column wherever it stands. What anybody wrote of an item is escaped once."""
    id_, name, title, code, _author_id, is_hidden, claimed = item
    ref, title, abbr = sent(name), sent(title), KINDS[code]
    by = f", recorded by {sent(recorded_by)}" if recorded_by else ""
    way = f' href="/evidence/{id_}' if not is_hidden else ""
    quote = '"' if way else ""
    head = (
        f'<th scope="col" role="columnheader" class="ev"><a{way}{quote} title="{title}{by}"><span class="ref">{ref}'
        f'</span><span class="kind">{abbr}</span><span class="visually-hidden">{title}</span></a></th>'
    )
    before, after = f"{way}/claims?criterion=" if way else "", f'{quote}><span class="ref">{ref}</span> '
    return name, recorded_by, claimed, head, before, after


def _cells(looks: Sequence[Look], columns: Mapping[int, Column]) -> dict[int, Cell]:
    """The cells of those of these looks that are shown, by their numbers."""
    found: dict[int, Cell] = {}
    for look, (item, said, place) in enumerate(looks):
        column = columns.get(item)
        if column is not None:
            at, _ref, _recorded_by, _claimed, _head, before, after = column
            opening, after = f"{OPENINGS[said]}{before}", f"{after}{_rest(said, place)}"
            found[look] = (at, opening, after) if before else (at, opening + after, "")
    return found


def _head(columns: Iterable[Column]) -> bytes:
    return (
        '<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Criterion</th>'
        f'{"".join([column.head for column in columns])}<th scope="col" role="columnheader" class="c-state">State</th>'
        '</tr></thead>\n<tbody role="rowgroup">\n'
    ).encode()


def _foot(columns: Collection[Column]) -> bytes:
    if not columns:
        return b"</tbody>\n"
    counts = "".join([f'<td role="cell">{column.claimed}</td>' for column in columns])
    return (
        '</tbody>\n<tfoot role="rowgroup"><tr role="row"><th scope="row" role="rowheader">Criteria claimed by this item'
        f'</th>{counts}<td role="cell"></td></tr></tfoot>\n'
    ).encode()


@lru_cache(maxsize=4_000)
def _rest(said: str, place: str) -> str:
    """The end of a cell; what stands in `i` is to be heard and not seen."""
    words, short = CELLS[said][1], sent(short_place(place)) if place else ""
    if not short:
        return f"<i>{words}</i></a>"
    return f'<i>{words} at </i><span class="at">{short}</span></a>'


@lru_cache(maxsize=4_000)
def _state(letter: str, sources: int) -> str:
    """The last cell of a row for which so many items were handed in."""
    standing = STANDINGS[letter]
    note = ONE_SOURCE if standing.is_single_source or sources == 1 else f'<span class="single">{sources} sources</span>'
    return state_cell(standing.state, note)


def _first_gap(table: Table, letters: str, drafts: Collection[int]) -> Row | None:
    """The first criterion for which there is nothing, or else the first for which there is only a draft."""
    found = first = letters.find(GAP_LETTER)
    while found in drafts:
        found = letters.find(GAP_LETTER, found + 1)
    return table.rows[found if found >= 0 else first] if first >= 0 else None
