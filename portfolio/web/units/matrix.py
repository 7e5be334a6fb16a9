"""The matrix of one unit: what a learner has, written into the unit's table, and what can be counted on the way.

An item's part of its cells is escaped once, however many criteria it claims. `mapping.coverage` decides each state.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from operator import itemgetter

from markupsafe import Markup

from portfolio.assessment.matrix_queries import AWAITING, CLAIMED, DRAFT, ItemBehind, Said
from portfolio.criteria.rules import METHOD_WORDS, Method
from portfolio.mapping.coverage import GAP, Claimed, Judged, Standing, State, Tally, standing_of, tally_of
from portfolio.mapping.places import read_place
from portfolio.mapping.rules import Outcome
from portfolio.web.looks import ruler
from portfolio.web.units.table import BLANK, ENDS, FIRST_CELL, OPENING, Grid, Row, Table, sent, state_cell

SHORT = 6
VERSION, CRITERION, SAID = itemgetter(0), itemgetter(1), itemgetter(3)
"""Of a claim."""
QUESTION = re.compile(r"^(?:question|q\.?)\s*(\d+)$", re.IGNORECASE)
OUTCOMES = {outcome.value: outcome for outcome in Outcome}
CELLS = {
    DRAFT: ("x-draft", "in a draft"),
    CLAIMED: ("x-claimed", "claimed"),
    AWAITING: ("x-awaiting", "awaiting countersignature"),
    Outcome.MET.value: ("x-met", "met"),
    Outcome.NOT_YET_MET.value: ("x-more", "not yet met"),
    Outcome.INSUFFICIENT.value: ("x-short", "insufficient"),
}
"""How a cell looks and what it says, by what is said of its claim."""
OPEN_CELL = {said: f'<td class="{look}" role="cell"><a' for said, (look, _words) in CELLS.items()}
WEIGHT = (CLAIMED, AWAITING, Outcome.INSUFFICIENT.value, Outcome.NOT_YET_MET.value, Outcome.MET.value)
"""What says less before what says more, for an item that claims one criterion twice."""
ONE_SOURCE = '<span class="single"><span class="bi bi-1-square" aria-hidden="true"></span> One source</span>'
DRAFTED = state_cell(State.GAP, '<span class="single">In a draft</span>')
ALL, SINGLE = "all", "single"
FILTERS = {ALL: "All", "gaps": "Gaps", "more": "Needs more", "claimed": "Claimed", "met": "Met", SINGLE: "One source"}
"""Which criteria may be shown alone, by the word in the address."""
TICKS_LARGE = 100
"""For how many criteria the ticks are drawn large."""
STATES = {"gaps": State.GAP, "more": State.MORE, "claimed": State.CLAIMED, "met": State.MET}
HERE = Markup("<!--matrix-->")
"""Stands for the inside of the table while the page around it is drawn; no text can say it, for it would be escaped."""

Slot = tuple[int, str, str, bool]
"""Where in a row an item's cell stands (0 for nowhere), what stands before and after the criterion's number in it
(nothing before, while it is hidden), and whether whoever asks made the item.
"""
Cell = tuple[int, str, str]
"""Where in a row a cell stands, and what before and after the criterion's number; nothing after it where there is no
number. `NO_CELL` is of an item that whoever asks is not shown.
"""
NO_CELL: Cell = (-1, "", "")
Moved = tuple[int, int, str, str, int]
"""A claim as `Said`, of the present criterion, and the criterion that it was made for."""


@dataclass(slots=True)
class Column:
    """An item that is claimed in the unit. `url` is empty while it is hidden; `count` is of the criteria it claims."""

    ref: str
    title: str
    method: Method
    recorded_by: str
    url: str
    count: int = 0


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

    def within(self, page: str) -> bytes:
        """The page as it is sent, with the table in its place where it has one; nothing long is encoded anew."""
        before, here, after = page.partition(HERE)
        return b"".join((before.encode(), self.table if here else b"", after.encode()))


@dataclass(slots=True)
class Filling:
    """The parts of a table while they are filled. `said` is what counts for each criterion, by where its row begins and
    by version; `standings` what comes of it, row by row; `drafted` the rows that only a draft claims.
    """

    table: Table
    grid: Grid
    parts: list[str]
    said: dict[int, dict[int, str]] = field(default_factory=dict)
    standings: list[Standing] = field(default_factory=list)
    drafted: set[int] = field(default_factory=set)


class Cells(dict[tuple[int, str, str], Cell]):
    """The cells of one page by version, place and what is said: each is made once, for however many criteria."""

    def __init__(self, slots: Mapping[int, Slot]) -> None:
        super().__init__()
        self._slots = slots

    def __missing__(self, of: tuple[int, str, str]) -> Cell:
        version_id, place, said = of
        made = NO_CELL
        if version_id in self._slots:
            offset, before, after, _is_own = self._slots[version_id]
            if before:
                made = (offset, f"{OPEN_CELL[said]}{before}", f"{after}{_rest(said, place)}")
            else:
                made = (offset, f"{OPEN_CELL[said]}{after}{_rest(said, '')}", "")
        self[of] = made
        return made


def short_place(place: str) -> str:
    """A place as it fits under a mark: page 2 is p2, paragraph 8 is ¶8; nothing when it cannot be said that short."""
    said = place.strip()
    if found := QUESTION.match(said):
        return f"Q{found[1]}"
    read = read_place(said)
    short = read.short if read else said
    return short if len(short) <= SHORT else ""


def matrix_of(
    table: Table,
    items: Sequence[ItemBehind],
    claims: Sequence[Said],
    *,
    former: Mapping[int, tuple[str, str]],
    url_of: Callable[[int], str],
    show: str = ALL,
    kind: Method | None = None,
) -> Matrix:
    """The matrix of a unit. `items` are those behind the claims that whoever asks may see, `former` the wording of the
    criteria that are not in the table; `show` and `kind` filter what is shown, and nothing of what is counted.
    """
    here, moved = _present(table, claims, former) if former else (claims, [])
    handed_in, drafted = _versions(here, moved)
    behind = [one for one in items if one.version_id in handed_in or (one.is_own and one.version_id in drafted)]
    columns, slots = _columns(behind, url_of, kind)
    shown_columns = [column for column in columns if kind is None or column.method is kind]
    grid = table.grid(len(shown_columns))
    filling = Filling(table, grid, list(grid.parts))
    cells = Cells(slots)
    _fill(filling, [row for row in here if row[3] != DRAFT] if drafted else here, cells)
    _fill_moved(filling, moved, cells)
    _decide(filling)
    if drafted:
        _fill_drafts(filling, chain(here, (row[:-1] for row in moved)), slots, cells)
    _count(filling, slots, shown_columns)
    shown = _shown(filling, show, is_narrowed=kind is not None)
    tally = tally_of(filling.standings)
    return Matrix(
        "".join((_head(shown_columns), *_rows(filling, shown), _foot(shown_columns))).encode("latin-1"),
        _ruler(filling),
        shown_columns,
        sorted({column.method for column in columns}, key=list(METHOD_WORDS).index),
        tally,
        {
            ALL: tally.total,
            SINGLE: sum(standing.is_single_source for standing in filling.standings),
            **{name: getattr(tally, state.value) for name, state in STATES.items()},
        },
        len(shown),
        _first_gap(filling),
    )


def _present(
    table: Table, claims: Sequence[Said], former: Mapping[int, tuple[str, str]]
) -> tuple[list[Said], list[Moved]]:
    """The claims of criteria that are in the table, and those that are there in the same words under the same code."""
    moved = []
    for version_id, criterion_id, place, said in claims:
        code, text = former.get(criterion_id, ("", ""))
        number = table.by_code.get(code)
        if number is not None and table.rows[number].text == text:
            moved.append((version_id, table.rows[number].criterion_id, place, said, criterion_id))
    return [row for row in claims if row[1] in table.by_id], moved


def _versions(here: Iterable[Said], moved: Iterable[Moved]) -> tuple[set[int], set[int]]:
    """The versions of which something was handed in, and those of which something is a draft."""
    words = {*map(SAID, here), *map(SAID, moved)}
    if DRAFT not in words:
        return {*map(VERSION, here), *map(VERSION, moved)}, set()
    said = {(row[0], row[3] == DRAFT) for rows in (here, moved) for row in rows}
    return {version for version, is_draft in said if not is_draft}, {version for version, is_draft in said if is_draft}


def _columns(
    items: Sequence[ItemBehind], url_of: Callable[[int], str], kind: Method | None
) -> tuple[list[Column], dict[int, Slot]]:
    """A column for each item, in order, and the slot of each of its versions."""
    columns: dict[int, Column] = {}
    slots: dict[int, Slot] = {}
    offsets: dict[int, int] = {}
    free = FIRST_CELL
    for item in items:
        if item.evidence_id not in columns:
            url = "" if item.is_hidden else url_of(item.evidence_id)
            columns[item.evidence_id] = Column(item.ref, item.title, item.method, item.recorded_by, url)
            is_shown = kind is None or item.method is kind
            offsets[item.evidence_id], free = (free, free + 1) if is_shown else (0, free)
        before, quote = "", ""
        if url := columns[item.evidence_id].url:
            before, quote = f' href="{sent(url)}/claims?criterion=', '"'
        after = f'{quote}><span class="ref">{sent(item.ref)}</span> '
        slots[item.version_id] = (offsets[item.evidence_id], before, after, item.is_own)
    return list(columns.values()), slots


def _head(columns: Sequence[Column]) -> str:
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


def _foot(columns: Sequence[Column]) -> str:
    if not columns:
        return "</tbody>\n"
    counts = "".join(f'<td role="cell">{column.count}</td>' for column in columns)
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


def _fill(filling: Filling, claims: Iterable[Said], cells: Cells) -> None:
    """Write what was handed in."""
    parts, at_of, heard = filling.parts, filling.grid.at, filling.said
    last, at = 0, 0
    known: dict[int, str] = {}
    for version_id, criterion_id, place, said in claims:
        offset, before, after = cells[version_id, place, said]
        if offset < 0:
            continue
        if criterion_id != last:
            last, at = criterion_id, at_of[criterion_id]
            known = heard.setdefault(at, {})
        if offset:
            parts[at + offset] = f"{before}{criterion_id}{after}" if after else before
        if said != AWAITING or version_id not in known:
            known[version_id] = said


def _fill_moved(filling: Filling, moved: Iterable[Moved], cells: Cells) -> None:
    """The same for claims that were made for the same words of another version of the unit. An item that claims a
    criterion a second time says of it what is best of both.
    """
    apart: dict[tuple[int, int, int], str] = {}
    for version_id, criterion_id, place, said, made_for in moved:
        offset, before, after = cells[version_id, place, said]
        if offset < 0 or said == DRAFT:
            continue
        at = filling.grid.at[criterion_id]
        if offset:
            filling.parts[at + offset] = f"{before}{criterion_id}{after}" if after else before
        if said != AWAITING or (at, version_id, made_for) not in apart:
            apart[at, version_id, made_for] = said
    for (at, version_id, _made_for), said in apart.items():
        known = filling.said.setdefault(at, {})
        known[version_id] = max(said, known.get(version_id, said), key=WEIGHT.index)


@lru_cache(maxsize=4_000)
def told(said: tuple[str, ...]) -> tuple[Standing, str]:
    """The standing of a criterion for which each of some items has one claim that counts, and the cell that says so."""
    standing = standing_of(_claimed(item, word) for item, word in enumerate(said))
    sources = len(said)
    note = ONE_SOURCE if standing.is_single_source or sources == 1 else f'<span class="single">{sources} sources</span>'
    return standing, state_cell(standing.state, note)


def _claimed(item: int, said: str) -> Claimed:
    outcome = OUTCOMES.get(said)
    return Claimed(item, is_live=True, judged=(Judged(1, outcome, is_effective=True),) if outcome else ())


def _decide(filling: Filling) -> None:
    """The standing of each criterion, and the last cell of its row."""
    rows, stride, parts = filling.table.rows, filling.grid.stride, filling.parts
    standings = filling.standings = [GAP] * len(rows)
    state_at = stride - ENDS
    for at, known in filling.said.items():
        number = at // stride
        parts[at + OPENING] = rows[number].opening
        standings[number], parts[at + state_at] = told(tuple(known.values()))


def _fill_drafts(filling: Filling, drafts: Iterable[Said], slots: Mapping[int, Slot], cells: Cells) -> None:
    """Write the drafts of whoever asks where nothing was handed in."""
    parts, stride = filling.parts, filling.grid.stride
    for version_id, criterion_id, place, said in drafts:
        if said != DRAFT or version_id not in slots or not slots[version_id][3]:
            continue
        offset, before, after = cells[version_id, place, said]
        at = filling.grid.at[criterion_id]
        if offset and parts[at + offset] is BLANK:
            parts[at + offset] = f"{before}{criterion_id}{after}" if after else before
        if at not in filling.said:
            filling.drafted.add(at // stride)
            parts[at + OPENING], parts[at + stride - ENDS] = filling.table.rows[at // stride].opening, DRAFTED


def _count(filling: Filling, slots: Mapping[int, Slot], columns: Sequence[Column]) -> None:
    """How many criteria each of these columns claims; a draft claims none yet."""
    counts = Counter(chain.from_iterable(filling.said.values()))
    for version_id, count in counts.items():
        if offset := slots[version_id][0]:
            columns[offset - FIRST_CELL].count += count


def _fits(standing: Standing, show: str) -> bool:
    return standing.is_single_source if show == SINGLE else standing.state is STATES[show]


def _shown(filling: Filling, show: str, *, is_narrowed: bool) -> Collection[int]:
    """The numbers of the rows that the filters leave."""
    rows: Collection[int] = range(len(filling.standings))
    if show != ALL:
        rows = [number for number in rows if _fits(filling.standings[number], show)]
    if not is_narrowed:
        return rows
    stride, parts = filling.grid.stride, filling.parts
    width = stride - FIRST_CELL - ENDS
    starts = ((number, number * stride + FIRST_CELL) for number in rows)
    return [number for number, start in starts if parts[start : start + width].count(BLANK) < width]


def _rows(filling: Filling, shown: Collection[int]) -> Sequence[str]:
    """The parts of the rows that are shown, with the headings above them."""
    table, parts, stride = filling.table, filling.parts, filling.grid.stride
    if len(shown) == len(table.rows):
        return parts
    found: list[str] = []
    wanted = set(shown)
    for outcome, rows in enumerate(table.outcomes):
        kept = [number for number in rows if number in wanted]
        if kept:
            found.append(table.heading(outcome, stride - FIRST_CELL - ENDS))
        for number in kept:
            found += parts[number * stride + OPENING : (number + 1) * stride]
    return found


def _ruler(filling: Filling) -> Markup:
    states = [standing.state for standing in filling.standings]
    return ruler((states[rows.start : rows.stop] for rows in filling.table.outcomes), large=len(states) <= TICKS_LARGE)


def _first_gap(filling: Filling) -> Row | None:
    """The first criterion for which there is nothing, or else the first for which there is only a draft."""
    gaps = [number for number, standing in enumerate(filling.standings) if standing is GAP]
    first = next((number for number in gaps if number not in filling.drafted), gaps[0] if gaps else None)
    return None if first is None else filling.table.rows[first]
