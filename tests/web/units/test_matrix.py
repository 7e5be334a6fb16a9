"""The matrix, built of strings, says what Jinja would print with every text escaped, and what coverage decides."""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment

from portfolio.assessment.matrix_queries import AWAITING, CLAIMED, DRAFT, Packed, PackedItem
from portfolio.criteria.queries import CriterionRow, GuidanceRow, UnitGuidance
from portfolio.criteria.rules import GuidanceKind, Method, OutcomeKind
from portfolio.mapping.coverage import GAP, LETTERS, Claimed, Judged, Standing, State, standing_of, tally_of
from portfolio.mapping.rules import Outcome
from portfolio.web.looks import STATES
from portfolio.web.units.matrix import CELLS, Matrix, matrix_of, recorders, short_place
from portfolio.web.units.table import ADD, Table, Tables, table_of
from tests.web.units.wide import packed_of

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["<b>bold</b>", "&amp;", '"quoted"', "it's", "Zoë’s ¶ 4", "<!--table-->", "</td></tr>"]
)
ME, OTHER = 7, 8
OUTCOMES = {outcome.value: outcome for outcome in Outcome}
"""What may be said of a claim last, each after anything else."""


@dataclass(frozen=True, slots=True)
class World:
    """A unit, its items, and every claim with all that was said of it in order."""

    criteria: list[CriterionRow]
    hints: Mapping[int, tuple[GuidanceRow, ...]]
    items: list[PackedItem]
    claims: list[tuple[int, int, str, list[str]]]

    @property
    def packed(self) -> Packed:
        """As it is kept, from what the query answers: by item, without the places of what is hidden."""
        items = {item.evidence_id: item for item in self.items}
        rows = [
            (1, criterion, said[-1], "" if items[id_].is_hidden else place, *items[id_][:-1])
            for id_, criterion, place, said in sorted(self.claims, key=lambda claim: claim[0])
        ]
        earlier = {
            (criterion, id_): counting[-1]
            for id_, criterion, _place, said in self.claims
            if said[-1] == AWAITING and (counting := [word for word in said if word in OUTCOMES])
        }
        return packed_of([row.id for row in self.criteria], rows, earlier)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Small, with hostile words everywhere."""
    count, width = draw(st.integers(1, 6)), draw(st.integers(0, 4))
    criteria = [
        CriterionRow(n, f"u{n}", f"{n}.{draw(WORDS)}", draw(WORDS), (), n // 3, draw(WORDS), draw(WORDS), kind)
        for n, kind in zip(range(1, count + 1), st_kinds(draw, count), strict=True)
    ]
    first = {row.outcome_id: row for row in reversed(criteria)}
    criteria = [
        CriterionRow(
            row.id, row.uid, row.code, row.text, (), row.outcome_id, first[row.outcome_id].outcome_code,
            first[row.outcome_id].outcome_title, first[row.outcome_id].outcome_kind,
        )
        for row in criteria
    ]  # fmt: skip
    hints = {
        row.id: (GuidanceRow(row.id, draw(st.sampled_from(GuidanceKind)), draw(WORDS), ()),)
        for row in criteria
        if draw(st.booleans())
    }
    items = [
        PackedItem(
            n, f"E{n}{draw(WORDS)}", draw(WORDS), draw(st.sampled_from(Method)).value, ME, draw(st.booleans()), 0
        )
        for n in range(1, width + 1)
    ]
    said = st.one_of(st.just([CLAIMED]), st.lists(st.sampled_from([AWAITING, *OUTCOMES]), min_size=1, max_size=3))
    claims = [
        (item.evidence_id, row.id, draw(WORDS | st.sampled_from(["page 2", "1:23", "question 3"])), draw(said))
        for row in criteria
        for item in items
        if draw(st.booleans())
    ]
    return World(criteria, hints, items, claims)


def st_kinds(draw: st.DrawFn, count: int) -> list[OutcomeKind]:
    """A kind for each."""
    return [draw(st.sampled_from(OutcomeKind)) for _ in range(count)]


def standing(world: World, criterion_id: int) -> Standing:
    """By the pure function alone."""
    return standing_of(
        Claimed(
            version,
            is_live=True,
            judged=tuple(
                Judged(no, OUTCOMES.get(word, Outcome.MET), is_effective=word != AWAITING)
                for no, word in enumerate(said)
                if word != CLAIMED
            ),
        )
        for version, criterion, _place, said in world.claims
        if criterion == criterion_id
    )


BODY = """
{%- for group in groups -%}
<tr class="outcome" role="row"><th colspan="{{ width }}" scope="rowgroup" role="rowheader"><div class="lo">
{#- -#}<span class="t">{{ group[0].outcome_code }}. {{ group[0].outcome_title }}</span>
{#- -#}<span class="small muted">{{ group|length }} {{ 'criterion' if group|length == 1 else 'criteria'
}}, {{ group[0].outcome_kind.value }}</span></div></th></tr>
{% for one in group %}{% set cells = found.get(one.id, {}) -%}
<tr role="row" id="c{{ one.id }}"{% if not cells %} class="is-gap"{% endif %}>
{#- -#}<th scope="row" role="rowheader" class="crit"><div class="crit-in">
{#- -#}<span class="code" id="k{{ one.code }}">{{ one.code }}</span><div>{{ one.text }}
{%- if hints[one.id] %} <details class="guide-open"><summary>Guidance<span class="visually-hidden"> for {{ one.code
}}</span></summary><p class="visually-hidden">It follows this row.</p></details>{% endif %}</div></div></th>
{%- for item in items %}{% set cell = cells.get(item.evidence_id) %}{% if cell -%}
<td class="{{ CELLS[cell[1]][0] }}" role="cell"><a{% if not item.is_hidden %} href="/evidence/{{ item.evidence_id
}}/claims?criterion={{ one.id }}"{% endif %}><span class="ref">{{ item.ref }}</span> {% set at = '' if item.is_hidden
else short(cell[0]) %}<i>{{ CELLS[cell[1]][1] }}{{ ' at ' if at }}</i>
{%- if at %}<span class="at">{{ at }}</span>{% endif %}</a>{% else %}<td>{% endif %}{% endfor %}
{%- set look = LOOKS[standings[one.id].state] -%}
<td class="c-state" role="cell"><span class="state {{ look[0] }}">{{ look[2] }}</span>
{#- -#}{% if not cells %}<a class="small" href="{{ ADD }}?criterion={{ one.id }}">
{#- -#}Add files<span class="visually-hidden"> for {{ one.code }}</span></a>{% elif cells|length == 1 or
standings[one.id].is_single_source %}<span class="single single-one">One source</span>
{#- -#}{% else %}<span class="single">{{ cells|length }} sources</span>{% endif %}</td></tr>
{% if hints[one.id] %}GUIDE {{ hints[one.id][0].text }}
{% endif %}{% endfor %}{% endfor %}"""
"""A guide row is only as good as its text: what stands around that is cut out of ours before both are compared."""
TEMPLATE = Environment(autoescape=True, keep_trailing_newline=True).from_string(BODY)


def by_jinja(world: World) -> str:
    """The body of the table by a template."""
    groups: dict[int, list[CriterionRow]] = {}
    for row in world.criteria:
        groups.setdefault(row.outcome_id, []).append(row)
    found: dict[int, dict[int, tuple[str, str]]] = {}
    for version, criterion, place, said in world.claims:
        found.setdefault(criterion, {})[version] = (place, said[-1])
    return TEMPLATE.render(
        groups=list(groups.values()),
        width=len(world.items) + 2,
        items=world.items,
        found=found,
        hints={row.id: world.hints.get(row.id, ()) for row in world.criteria},
        standings={row.id: standing(world, row.id) for row in world.criteria},
        short=short_place,
        CELLS=CELLS,
        LOOKS=STATES,
        ADD=ADD,
    )


def drawn(world: World) -> Matrix:
    """The matrix as the page has it."""
    table = table_of(world.criteria, UnitGuidance(world.hints, ()), is_owner=True)
    return matrix_for(ME, table, "".join(LETTERS[standing(world, row.id)] for row in world.criteria), world.packed)


def matrix_for(viewer_id: int, table: Table, letters: str, packed: Packed) -> Matrix:
    """As somebody sees it."""
    names = dict.fromkeys(recorders(packed), "Somebody")
    return matrix_of(table, letters, packed, viewer_id=viewer_id, names=names)


def body(matrix: Matrix) -> str:
    """The body of the table, each guide row cut down to the text of its one hint."""
    text = b"".join(matrix.table).decode()
    inside = text.partition('<tbody role="rowgroup">\n')[2].partition("</tbody>")[0]
    parts = inside.split('<tr class="guide-row"')
    for number, part in enumerate(parts[1:], 1):
        row, _end, after = part.partition("</td></tr>\n")
        parts[number] = f"GUIDE {row.partition('<li>')[2].partition('</li>')[0]}\n{after}"
    return "".join(parts)


@settings(max_examples=60, deadline=None)
@given(worlds())
def test_it_is_what_a_template_would_print(world: World) -> None:
    """Byte for byte, whatever anybody wrote."""
    behind = {claim[0] for claim in world.claims}
    seen = World(world.criteria, world.hints, [one for one in world.items if one.evidence_id in behind], world.claims)
    assert body(drawn(seen)) == by_jinja(seen)


@settings(max_examples=60, deadline=None)
@given(worlds())
def test_what_is_counted_is_what_coverage_decides(world: World) -> None:
    """The tally, the filters and the ruler, and which gap is the first."""
    matrix, found = drawn(world), [standing(world, row.id) for row in world.criteria]
    tally = tally_of(found)
    assert matrix.sums.tally == tally
    assert dict(matrix.sums.counts) == {
        "all": len(found),
        "gaps": tally.gap,
        "more": tally.needs_more,
        "claimed": tally.claimed,
        "met": tally.met,
        "single": sum(one.is_single_source for one in found),
    }
    assert [matrix.sums.ruler.count(f"t-{kind}") for kind in ("met", "more", "claimed", "none")] == [
        tally.met, tally.needs_more, tally.claimed, tally.gap,
    ]  # fmt: skip
    claimed = {version: len({row[1] for row in world.claims if row[0] == version}) for version, *_rest in world.claims}
    assert [column.claimed for column in matrix.columns] == [claimed[version] for version in sorted(claimed)]
    first = next((row.id for row, one in zip(world.criteria, found, strict=True) if one == GAP), None)
    assert (matrix.first_gap.criterion if matrix.first_gap else None) == (str(first) if first else None)


def test_tables_are_kept_and_forgotten() -> None:
    """A unit version is read once; with too many others since, it is read anew."""
    tables, reads = Tables(most=2), []

    def of(uid: str) -> None:
        def read() -> tuple[list[CriterionRow], UnitGuidance]:
            reads.append(uid)
            return [], UnitGuidance({}, ())

        tables.table(uid, "sha", is_owner=True, read=read)

    for uid in ("a", "a", "b", "a", "c", "a", "b"):
        of(uid)
    assert reads == ["a", "b", "c", "b"]


def rows_of(*claims: tuple[int | None, str, int, int]) -> list[tuple[object, ...]]:
    """What the query answers of these claims: criterion, what is said, item and its author."""
    return [
        (1, criterion, said, "page 2", id_, f"E{id_:03d}", "A letter", "PE", author_id, False)
        for criterion, said, id_, author_id in claims
    ]


def test_an_item_that_claims_old_and_new_words_alike_counts_once() -> None:
    """After a unit was moved: the query answers what was claimed for the old words last."""
    packed = packed_of([2], rows_of((2, CLAIMED, 7, ME), (2, Outcome.MET.value, 7, ME)))
    assert list(map(tuple, packed.looks)) == [(0, Outcome.MET.value, "page 2")]
    assert list(map(list, packed.rows)) == [["m", [0]]]
    assert (packed.criteria, packed.drafts, packed.items[0].claimed) == ("A", {}, 1)


@pytest.mark.parametrize("said", [CLAIMED, AWAITING, DRAFT])
def test_what_stands_for_no_present_criterion_is_set_aside(said: str) -> None:
    """A draft for words that are gone is nowhere."""
    packed = packed_of([2], rows_of((None, said, 7, ME)))
    assert (len(packed.items), packed.drafts, packed.is_aside) == (0, {}, said != DRAFT)
    assert [(letter, len(looks)) for letter, looks in packed.rows] == [("G", 0)]


def test_a_draft_is_its_authors_alone() -> None:
    """Nobody else sees its column, its cells or its title; what the same item was handed in for is no draft."""
    criteria = [
        CriterionRow(n, "u", f"1.{n}", "Explain", (), 1, "1", "Understand", OutcomeKind.KNOWLEDGE) for n in (1, 2, 3)
    ]
    packed = packed_of(
        [1, 2, 3],
        rows_of((1, CLAIMED, 5, ME), (1, DRAFT, 5, ME), (2, DRAFT, 5, ME), (2, DRAFT, 6, ME), (3, DRAFT, 9, OTHER)),
    )
    table = table_of(criteria, UnitGuidance({}, ()), is_owner=True)
    seen = {id_: matrix_for(id_, table, "cGG", packed) for id_ in (ME, OTHER, 1)}
    refs = {id_: [column.ref for column in matrix.columns] for id_, matrix in seen.items()}
    assert refs == {ME: ["E005", "E006"], OTHER: ["E005", "E009"], 1: ["E005"]}
    assert {id_: b"".join(matrix.table).count(b"in a draft") for id_, matrix in seen.items()} == {ME: 2, OTHER: 1, 1: 0}
    assert [matrix.sums.tally for matrix in seen.values()] == [tally_of([Standing(State.CLAIMED), GAP, GAP])] * 3
    assert [matrix.first_gap.code for matrix in seen.values() if matrix.first_gap] == ["1.3", "1.2", "1.2"]
