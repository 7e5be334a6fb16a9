"""What changed between two versions: each kind of change in its place, and nothing changed untold."""

from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.criteria.combination import Floor, Theme
from portfolio.criteria.contents import (
    Pack,
    PackCriterion,
    PackGroup,
    PackGuidance,
    PackOutcome,
    PackUnit,
    content_sha,
)
from portfolio.criteria.differences import Change, UnitChanges, changes_of_pack, changes_of_unit
from portfolio.criteria.packs import read_pack_texts
from portfolio.criteria.rules import Figures, GroupKind, GuidanceKind, Listed, Method, OutcomeKind, Status
from tests.criteria.pack_files import PACK, RULED, UNIT, changed


def unit_from(text: str) -> PackUnit:
    """The unit in full of the pack, from another text."""
    return read_pack_texts(PACK, {"complaints": text}).groups[0].units[0]


def pack_from(old: str, new: str) -> Pack:
    """The pack with one thing written otherwise."""
    return read_pack_texts(changed(RULED, old, new), {"complaints": UNIT})


BEFORE = unit_from(UNIT)
PACK_BEFORE = read_pack_texts(RULED, {"complaints": UNIT})


def unit_changes(old: str, new: str) -> UnitChanges:
    """What one thing written otherwise changes in the unit."""
    return changes_of_unit(BEFORE, unit_from(changed(UNIT, old, new)))


def test_the_same_content_has_no_differences() -> None:
    assert not changes_of_unit(BEFORE, BEFORE)
    assert not changes_of_pack(PACK_BEFORE, PACK_BEFORE)


def test_a_criterion_that_is_worded_anew_has_both_texts() -> None:
    found = unit_changes("Take responsibility", "Own the problem")
    assert found.reworded == (Change("1.9", "Take responsibility", "Own the problem"),)
    assert (found.code, found.title, found.added, found.removed, found.facts) == (BEFORE.code, BEFORE.title, (), (), ())


def test_a_criterion_comes_and_goes() -> None:
    more = UNIT.replace(
        '  - id: "2"\n', '      - id: "1.11"\n        text: Say thank you\n        methods: [O]\n  - id: "2"\n'
    )
    [added] = changes_of_unit(BEFORE, unit_from(more)).added
    assert (added.code, added.text) == ("1.11", "Say thank you")
    assert changes_of_unit(unit_from(more), BEFORE).removed == (added,)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("[WT]", "[WT, O]", Change("1.10, methods", "WT", "WT, O")),
        ("title: Know the procedure", "title: Know", Change("Outcome 2", "Know the procedure (knowledge)",
                                                            "Know (knowledge)")),
        ("kind: knowledge", "kind: performance", Change("Outcome 2", "Know the procedure (knowledge)",
                                                        "Know the procedure (performance)")),
        ("credit: 4", "credit: 5", Change("Credit", "4", "5")),
        ("glh: 22", "glh: 23", Change("Guided learning hours", "22", "23")),
        ("status: paraphrase", "status: verified", Change("Status of the wording", "paraphrase", "verified")),
        ("code: R/506/2151", "code: R/506/2151\n  code_note: Ours", Change("Note on the code", "none", "Ours")),
    ],
)  # fmt: skip
def test_each_fact_of_a_unit_is_told(old: str, new: str, expected: Change) -> None:
    text = changed(UNIT, old, new)
    found = changes_of_unit(BEFORE, unit_from(text))
    assert (*found.facts, *found.outcomes, *found.reworded) == (expected,)


def test_a_criterion_that_moves_is_told_with_both_outcomes() -> None:
    first, second = BEFORE.outcomes
    moved = replace(
        BEFORE,
        outcomes=(
            replace(first, criteria=first.criteria[:1]),
            replace(second, criteria=(*first.criteria[1:], *second.criteria)),
        ),
    )
    assert changes_of_unit(BEFORE, moved).reworded == (Change("1.10, outcome", "1", "2"),)


def test_guidance_is_counted() -> None:
    found = unit_changes("Keep a diary.", "Keep a log.")
    assert (found.hints_added, found.hints_removed) == (1, 1)
    fewer = replace(BEFORE, guidance=BEFORE.guidance[:1])
    assert changes_of_unit(BEFORE, fewer).hints_removed == 1
    assert changes_of_unit(fewer, BEFORE).hints_added == 1
    turned = changes_of_unit(BEFORE, replace(BEFORE, guidance=BEFORE.guidance[::-1]))
    assert (turned.hints_added, turned.hints_removed, turned.is_reordered) == (0, 0, True)


def test_an_outline_that_is_given_in_full_says_so() -> None:
    outline = replace(BEFORE, is_outline=True, outcomes=(), guidance=(), glh=0)
    found = changes_of_unit(outline, BEFORE)
    assert found.facts[0] == Change("Given", "in outline", "in full")
    assert len(found.added) == 3


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("credits_min: 20", "credits_min: 19", Change("Credits in all", "20 credits", "19 credits")),
        ("level_floor: {level: 3, credits: 10}", "level_floor: {level: 2, credits: 10}",
         Change("Level", "10 credits at level 3 or above", "10 credits at level 2 or above")),
        ("  level_floor: {level: 3, credits: 10}\n", "", Change("Level", "10 credits at level 3 or above", "none")),
        ("at_least: 1", "at_least: 2", Change("Theme handling", "Handling problems: at least 1 of R/506/2151, B2",
                                              "Handling problems: at least 2 of R/506/2151, B2")),
        ("[B2, C1]", "[B2, C2]", Change("Not together", "B2 and C1", "B2 and C2")),
        ("title: Mandatory units", "title: All units", Change("Group A", "Mandatory units: mandatory, 9 credits",
                                                              "All units: mandatory, 9 credits")),
        ("credits_min: 6", "credits_min: 5", Change("Group B", "Optional units: optional, at least 6 credits",
                                                    "Optional units: optional, at least 5 credits")),
        ("    credits_max: 5\n", "    listed: some\n", Change("Group C", "Further units: optional, at most 5 credits",
                                                            "Further units: optional, not all {units} are listed")),
    ],
)  # fmt: skip
def test_each_rule_is_told_in_words(old: str, new: str, expected: Change) -> None:
    found = changes_of_pack(PACK_BEFORE, pack_from(old, new))
    assert found.rules == (expected,)
    assert (found.facts, found.added, found.removed, found.units, found.is_reordered) == ((), (), (), (), False)


def test_rules_that_become_known_are_told() -> None:
    unknown = replace(PACK_BEFORE, credits_min=None, level_floor=None, themes=(), barred=())
    found = changes_of_pack(unknown, PACK_BEFORE)
    assert found.rules[0] == Change("Credits in all", "not known", "20 credits")
    assert Change("Not together", "none", "B2 and C1") in found.rules


def test_dates_are_told_as_a_person_writes_them() -> None:
    found = changes_of_pack(PACK_BEFORE, pack_from("  operational_end: 2019-12-31\n", ""))
    assert found.facts == (Change("Closes to new {learners}", "31 December 2019", "none"),)


def test_units_come_go_move_and_change() -> None:
    mandatory, optional, further = PACK_BEFORE.groups
    plan, meet = further.units
    more = replace(plan, code="C3", title="Juggle")
    after = replace(
        PACK_BEFORE,
        groups=(
            replace(mandatory, units=(replace(BEFORE, title="Complain"), *mandatory.units[1:])),
            replace(optional, units=(*optional.units, meet)),
            replace(further, units=(more,)),
        ),
    )
    found = changes_of_pack(PACK_BEFORE, after)
    assert (found.added, found.removed) == ((more,), (plan,))
    assert found.rules == (Change("Group of C2", "C", "B"),)
    assert [(unit.code, unit.facts) for unit in found.units] == [
        ("R/506/2151", (Change("Title", "Complaints", "Complain"),))
    ]


def turned(pack: Pack) -> list[Pack]:
    """The pack with its groups, with the units of a group, and with its themes in another order."""
    first, *others = pack.groups
    return [
        replace(pack, groups=pack.groups[::-1]),
        replace(pack, groups=(replace(first, units=first.units[::-1]), *others)),
        replace(pack, themes=pack.themes[::-1]),
    ]


def test_another_order_is_told() -> None:
    pack = replace(PACK_BEFORE, themes=(*PACK_BEFORE.themes, Theme("more", "More", 1, ("B1",))))
    for other in turned(pack):
        found = changes_of_pack(pack, other)
        assert (found.is_reordered, found.facts, found.rules, found.units) == (True, (), (), ())
    first, second = BEFORE.outcomes
    for outcomes in ((second, first), (replace(first, criteria=first.criteria[::-1]), second)):
        assert changes_of_unit(BEFORE, replace(BEFORE, outcomes=outcomes)).is_reordered


words = st.sampled_from(["one", "two"])
pack_codes = ["1", "2", "3"]


@st.composite
def some_units(draw: st.DrawFn, code: str) -> PackUnit:
    """A unit of few words, so that two of them are often alike."""
    homes = draw(st.permutations(["1.1", "1.2", "2.1"]))[: draw(st.integers(1, 3))]
    outcomes = []
    for number, home in zip(draw(st.permutations(pack_codes)), ([homes[:1], homes[1:]]), strict=False):
        if home:
            criteria = tuple(
                PackCriterion(one, draw(words), draw(st.sampled_from([(Method.OBSERVATION,), (Method.QUESTIONS,)])))
                for one in home
            )
            outcomes.append(PackOutcome(number, draw(words), draw(st.sampled_from(OutcomeKind)), criteria))
    tied = st.sampled_from([(), (homes[0],), tuple(homes[:2])])
    hints = st.builds(PackGuidance, st.sampled_from(GuidanceKind), words, tied, st.just(()))
    return PackUnit(
        code=code,
        code_note=draw(words),
        title=draw(words),
        level=3,
        credit=draw(st.integers(1, 2)),
        glh=draw(st.integers(0, 1)),
        is_outline=draw(st.booleans()),
        figures=draw(st.sampled_from(Figures)),
        status=draw(st.sampled_from(Status)),
        source=draw(words),
        outcomes=tuple(outcomes),
        guidance=tuple(draw(st.lists(hints, max_size=3))),
    )


@st.composite
def some_packs(draw: st.DrawFn) -> Pack:
    """A pack of few words."""
    units = [draw(some_units(code)) for code in draw(st.permutations(["U1", "U2", "U3"]))[: draw(st.integers(1, 3))]]
    cut = draw(st.integers(0, len(units)))
    bound = st.none() | st.integers(1, 2)
    groups = tuple(
        PackGroup(
            code,
            draw(words),
            draw(st.sampled_from(GroupKind)),
            draw(bound),
            draw(bound),
            draw(st.sampled_from(Listed)),
            part,
        )
        for code, part in zip(draw(st.permutations(["A", "B"])), (tuple(units[:cut]), tuple(units[cut:])), strict=True)
    )
    day = st.sampled_from([None, date(2020, 1, 1)])
    themes = [Theme(code, draw(words), 1, ("U1",)) for code in draw(st.permutations(["t", "u"]))]
    return Pack(
        reference=draw(words),
        reference_note="",
        title=draw(words),
        level=3,
        awarding_organisation=draw(words),
        spec_version="1",
        status=Status.DRAFT,
        source="Ours",
        operational_end=draw(day),
        certification_end=draw(day),
        credits_min=draw(st.sampled_from([None, 5])),
        level_floor=draw(st.sampled_from([None, Floor(3, 1)])),
        themes=tuple(themes[: draw(st.integers(0, 2))]),
        barred=draw(st.sampled_from([(), (("U1", "U2"),), (("U2", "U1"),)])),
        groups=groups,
    )


@settings(max_examples=50)
@given(some_packs(), some_packs(), st.sampled_from([field.name for field in fields(Pack)]))
def test_whatever_changes_the_content_sha_of_a_pack_is_told(old: Pack, other: Pack, name: str) -> None:
    for new in (old, replace(old, **{name: getattr(other, name)})):
        assert bool(changes_of_pack(old, new)) is (content_sha(old) != content_sha(new))


@given(some_units("U1"), some_units("U1"), st.sampled_from([field.name for field in fields(PackUnit)]))
def test_whatever_changes_the_content_sha_of_a_unit_is_told(old: PackUnit, other: PackUnit, name: str) -> None:
    for new in (old, replace(old, **{name: getattr(other, name)})):
        assert bool(changes_of_unit(old, new)) is (content_sha(old) != content_sha(new))
