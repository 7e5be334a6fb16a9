"""The long table of a unit as far as the unit alone decides it: every text escaped once, every criterion a gap.

A unit version never changes, so its table is kept in the process, under what identifies its content. `matrix` joins
its parts with what a learner has. All of them are bytes, as they are sent.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup

from portfolio.criteria.queries import CriterionRow, GuidanceRow, UnitGuidance
from portfolio.criteria.rules import GUIDANCE_WORDS, GuidanceKind
from portfolio.kept import Kept
from portfolio.mapping.coverage import State
from portfolio.web.looks import STATES

TABLES_KEPT, BODIES_KEPT = 64, 100
ADD = "../evidence/add-files"
"""Where evidence is added, from the address of a unit."""
HELP = (
    ("What helps", "lightbulb", (GuidanceKind.TIP, GuidanceKind.KEY_CONCEPT, GuidanceKind.TERM)),
    ("Common mistakes", "x-octagon", (GuidanceKind.COMMON_MISTAKE, GuidanceKind.MISCONCEPTION)),
    ("What marking looks for", "search", (GuidanceKind.MARKING_POINT,)),
    ("Where it belongs", "signpost", (GuidanceKind.PREREQUISITE, GuidanceKind.OBJECTIVE)),
)
"""The guidance on a criterion in columns: heading, icon, kinds. Every kind stands in one of them."""
BLANK = "<td>"
"""An empty cell; its end is left to the parser, for there may be thousands."""
ESCAPES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&#34;"), ("'", "&#39;"))


class Row(NamedTuple):
    """A criterion, by its id as text, and as it is sent in `digits`. `opening` is the head of its row once something is
    claimed for it, `gap_opening` until then, `gap` its last cell until then, `guide` the row of guidance below it, from
    after the number of columns.
    """

    criterion: str
    digits: bytes
    code: str
    opening: bytes
    gap_opening: bytes
    gap: bytes
    guide: bytes


class Body(NamedTuple):
    """The body of a table for so many items. `pieces` are two for each row: what stands between the cells of the row
    above and its own, and nothing yet where those go; then what follows the last. While nothing is claimed for a row's
    criterion, its two are those in `gaps`.
    """

    pieces: Sequence[bytes]
    digits: Sequence[bytes]
    gaps: Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """The rows of a unit in order. `outcomes` says which of them each outcome has, `headings` what stands above those,
    from after the number of columns. `general` is the guidance on the whole unit, as markup for a template.
    """

    rows: Sequence[Row]
    outcomes: Sequence[range]
    headings: Sequence[bytes]
    general: Markup


Read = Callable[[], tuple[Sequence[CriterionRow], UnitGuidance]]


class Tables:
    """The tables that were made; those that were not asked for longest go first."""

    def __init__(self, most: int = TABLES_KEPT) -> None:
        self._kept = Kept[tuple[str, str, bool], Table](most)

    def table(self, uid: str, content_sha: str, *, is_owner: bool, read: Read) -> Table:
        """The table of a unit version; `read` fetches its criteria and guidance when it has to be made."""
        key = (uid, content_sha, is_owner)
        found = self._kept.get(key)
        if found is None:
            found = table_of(*read(), is_owner=is_owner)
            self._kept.keep(key, found)
        return found


TABLES = Tables()


def table_of(criteria: Sequence[CriterionRow], guidance: UnitGuidance, *, is_owner: bool) -> Table:
    """A table; for its owner with a way to add evidence in every gap."""
    grouped: dict[int, list[CriterionRow]] = {}
    for one in criteria:
        grouped.setdefault(one.outcome_id, []).append(one)
    groups = list(grouped.values())
    ends = [sum(len(group) for group in groups[: number + 1]) for number in range(len(groups))]
    rows = [_row(one, guidance, is_owner=is_owner) for group in groups for one in group]
    return Table(
        rows,
        [range(end - len(group), end) for end, group in zip(ends, groups, strict=True)],
        [_heading(group) for group in groups],
        _general(guidance.general),
    )


@lru_cache(maxsize=BODIES_KEPT)
def body_of(table: Table, width: int) -> Body:
    """The body for so many items."""
    nothing, between = (BLANK * width).encode(), b""
    headings = {numbers.start: said for numbers, said in zip(table.outcomes, table.headings, strict=True)}
    pieces: list[bytes] = []
    gaps: list[tuple[bytes, bytes]] = []
    for number, row in enumerate(table.rows):
        between += heading_row(headings[number], width) if number in headings else b""
        pieces += between + row.opening, b""
        gaps.append((between + row.gap_opening, nothing + row.gap))
        between = guide_row(row, width)
    return Body([*pieces, between], [row.digits for row in table.rows], gaps)


def heading_row(said: bytes, width: int) -> bytes:
    """The row above those of an outcome, in a table for so many items; `said` is of `Table.headings`."""
    return f'<tr class="outcome" role="row"><th colspan="{width + 2}"'.encode() + said


def guide_row(row: Row, width: int) -> bytes:
    """The row with the guidance on a criterion; nothing where there is none."""
    return f'<tr class="guide-row" role="row"><td colspan="{width + 2}"'.encode() + row.guide if row.guide else b""


def state_cell(state: State, note: str = "") -> str:
    """The last cell of a row, and its end: the state, and what is said under it, as markup. Their icons are in the
    style sheet, as those of the other cells.
    """
    look = STATES[state]
    return f'<td class="c-state" role="cell"><span class="state {look.kind}">{look.word}</span>{note}</td></tr>\n'


def sent(text: str) -> str:
    """A text escaped, as templates do it."""
    for character, instead in ESCAPES:
        if character in text:
            text = text.replace(character, instead)
    return text


def _general(hints: Sequence[GuidanceRow]) -> Markup:
    texts: dict[str, list[str]] = {}
    for hint in hints:
        texts.setdefault(GUIDANCE_WORDS[hint.kind], []).append(hint.text)
    column, line = Markup("<div><h3>{}</h3><ul>{}</ul></div>\n"), Markup("<li>{}</li>")
    return Markup().join(column.format(kind, Markup().join(map(line.format, said))) for kind, said in texts.items())


def _row(one: CriterionRow, guidance: UnitGuidance, *, is_owner: bool) -> Row:
    code = sent(one.code)
    guide = _guide(one, guidance)
    way = ""
    if is_owner:
        hidden = f'<span class="visually-hidden"> for {code}</span>'
        way = f'<a class="small" href="{ADD}?criterion={one.id}">Add files{hidden}</a>'
    opening, gap_opening = (_opening(one, mark, has_help=bool(guide)) for mark in ("", ' class="is-gap"'))
    parts = (opening, gap_opening, state_cell(State.GAP, way), guide)
    return Row(str(one.id), str(one.id).encode(), one.code, *map(str.encode, parts))


def _heading(group: Sequence[CriterionRow]) -> bytes:
    first, total = group[0], len(group)
    return (
        f' scope="rowgroup" role="rowheader"><div class="lo"><span class="t">{sent(first.outcome_code)}. '
        f'{sent(first.outcome_title)}</span><span class="small muted">{total} '
        f"{'criterion' if total == 1 else 'criteria'}, {first.outcome_kind.value}</span></div></th></tr>\n"
    ).encode()


def _opening(one: CriterionRow, mark: str, *, has_help: bool) -> str:
    code = sent(one.code)
    way = (
        f' <details class="guide-open"><summary>Guidance<span class="visually-hidden"> for {code}</span></summary>'
        '<p class="visually-hidden">It follows this row.</p></details>'
        if has_help
        else ""
    )
    return (
        f'<tr role="row" id="c{one.id}"{mark}><th scope="row" role="rowheader" class="crit"><div class="crit-in">'
        f'<span class="code" id="k{code}">{code}</span><div>{sent(one.text)}{way}</div></div></th>'
    )


def _guide(one: CriterionRow, guidance: UnitGuidance) -> str:
    columns = [(heading, icon, guidance.on(one.id, *kinds)) for heading, icon, kinds in HELP]
    said = "".join(_column(heading, icon, hints) for heading, icon, hints in columns if hints)
    if not said:
        return ""
    return (
        f' role="cell"><div class="guide" role="group" aria-label="Guidance for {sent(one.code)}">{said}'
        '<p class="foot-note">Guidance helps; it never counts as coverage.</p></div></td></tr>\n'
    )


def _column(heading: str, icon: str, hints: Sequence[GuidanceRow]) -> str:
    listed = "".join(f"<li>{sent(hint.text)}</li>" for hint in hints)
    return f'<div><h3><span class="bi bi-{icon}" aria-hidden="true"></span>{heading}</h3><ul>{listed}</ul></div>'
