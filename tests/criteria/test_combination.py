"""Whether chosen units make up the qualification: each rule in its own words, and all of them on any choice."""

import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.criteria.combination import (
    MET,
    NOT_KNOWN,
    ChosenUnit,
    Floor,
    Group,
    Report,
    Required,
    Rules,
    Theme,
    check,
    rules_from,
    rules_to,
)
from portfolio.criteria.rules import GroupKind, Listed

A1 = ChosenUnit("A1", "Deliver service", 3, 5, "A")
A2 = ChosenUnit("A2", "Know the law", 3, 4, "A")
B1 = ChosenUnit("B1", "Resolve complaints", 3, 4, "B")
B2 = ChosenUnit("B2", "Write to customers", 2, 3, "B")
B3 = ChosenUnit("B3", "Talk to customers", 2, 3, "B")
C1 = ChosenUnit("C1", "Plan your work", 3, 3, "C")
C2 = ChosenUnit("C2", "Hold meetings", 2, 3, "C")
EVERYTHING = (A1, A2, B1, B2, B3, C1, C2)

RULES = Rules(
    credits_min=20,
    level_floor=Floor(level=3, credits=13),
    themes=(Theme("handling", "Handling problems", 1, ("B1", "C2")),),
    barred=(("B2", "C2"),),
    groups=(
        Group(
            "A", "Mandatory units", GroupKind.MANDATORY, 9, None, (Required("A1", A1.title), Required("A2", A2.title))
        ),
        Group("B", "Optional units", GroupKind.OPTIONAL, 7, None),
        Group("C", "Further units", GroupKind.OPTIONAL, None, 4, listed=Listed.SOME),
    ),
)
SOUND = (A1, A2, B1, B2, B3, C1)


def without(*left_out: ChosenUnit, of: Sequence[ChosenUnit] = SOUND) -> list[ChosenUnit]:
    """A choice with some units left out of it."""
    return [unit for unit in of if unit not in left_out]


def test_a_choice_that_meets_every_rule() -> None:
    report = check(RULES, SOUND)
    assert (report.is_known, report.is_met, report.sentence) == (True, True, MET)
    assert (report.shortfalls, report.notes) == ((), ())
    assert (report.credits, report.credits_needed) == (22, 20)
    assert [(line.code, line.chosen, line.counted, line.needed, line.most) for line in report.groups] == [
        ("A", 9, 9, 9, None),
        ("B", 10, 10, 7, None),
        ("C", 3, 3, 0, 4),
    ]
    assert [line.sentence for line in report.groups] == [
        "Group A is complete",
        "Group B is complete",
        "Group C asks for nothing",
    ]


@pytest.mark.parametrize(
    ("chosen", "shortfalls"),
    [
        (without(A2), ["Choose all {units} of group A: Know the law is missing",
                       "Short by 1 credit at level 3 or above", "Short by 2 credits in all"]),
        (without(A1, A2), ["Choose all {units} of group A: Deliver service and Know the law are missing",
                           "Short by 6 credits at level 3 or above", "Short by 7 credits in all"]),
        (without(B2, B3), ["Short by 3 credits in group B", "Short by 4 credits in all"]),
        (without(B1), ["Short by 1 credit in group B", "Short by 1 credit at level 3 or above",
                       "Choose at least one {unit} of Handling problems", "Short by 2 credits in all"]),
        (without(C1), ["Short by 1 credit in all"]),
        ([*SOUND, C2], ["Write to customers and Hold meetings cannot be taken together"]),
        (without(B1, B2, of=EVERYTHING), ["Short by 4 credits in group B", "Short by 1 credit at level 3 or above",
                                          "Short by 4 credits in all"]),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_plainly(chosen: list[ChosenUnit], shortfalls: list[str]) -> None:
    report = check(RULES, chosen)
    assert list(report.shortfalls) == shortfalls
    assert not report.is_met
    assert report.sentence == "; ".join(shortfalls)


def test_a_mandatory_group_is_met_once_nothing_is_missing() -> None:
    """A learner may be on a version of a unit that gives less credit than when the pack was written."""
    report = check(RULES, [*without(A2), ChosenUnit("A2", A2.title, 3, 3, "A")])
    line = report.groups[0]
    assert (line.is_met, line.chosen, line.needed, line.sentence) == (True, 8, 9, "Group A is complete")
    assert report.is_met


def test_nothing_chosen_is_short_of_everything() -> None:
    report = check(RULES, [])
    assert report.credits == 0
    assert [line.is_met for line in report.groups] == [False, False, True]
    assert report.shortfalls[-1] == "Short by 20 credits in all"


def test_credits_over_a_maximum_do_not_count() -> None:
    rules = Rules(credits_min=13, groups=RULES.groups)
    report = check(rules, [A1, A2, B1, B2, C1, C2])
    assert (report.credits, report.is_met) == (20, True)
    assert report.notes == ("Group C counts at most 4 credits; 2 of yours do not count",)
    assert (report.groups[2].chosen, report.groups[2].counted, report.groups[2].is_met) == (6, 4, True)
    assert report.groups[2].sentence == report.notes[0]
    one_over = Rules(credits_min=1, groups=(Group("C", "Further", credits_max=5),))
    assert check(one_over, [C1, C2]).notes == ("Group C counts at most 5 credits; 1 of yours does not count",)


def test_the_level_is_counted_within_the_maximum() -> None:
    rules = Rules(credits_min=1, level_floor=Floor(3, 3), groups=(Group("C", "Further", credits_max=2),))
    assert check(rules, [C1]).shortfalls == ("Short by 1 credit at level 3 or above",)


def test_a_unit_of_no_group_does_not_count() -> None:
    stray = ChosenUnit("Z1", "Juggle", 3, 30, "")
    report = check(RULES, [stray])
    assert report.credits == 0
    assert report.notes == ("Juggle stands in no group and does not count",)


def test_a_theme_may_ask_for_several_units() -> None:
    rules = Rules(credits_min=1, themes=(Theme("t", "Impression", 2, ("B1", "B2", "B3")),), groups=RULES.groups[1:])
    assert check(rules, [B1, C1]).shortfalls[-1] == "Choose at least 2 {units} of Impression"
    assert check(rules, [B1, B2]).is_met


def test_a_unit_that_comes_twice_counts_once() -> None:
    assert check(RULES, [B1, B1]).credits == 4


def test_of_three_missing_units_the_last_has_an_and() -> None:
    required = tuple(Required(f"A{n}", name) for n, name in enumerate(("One", "Two", "Three")))
    rules = Rules(credits_min=1, groups=(Group("A", "All", GroupKind.MANDATORY, 3, None, required),))
    assert check(rules, []).shortfalls[0] == "Choose all {units} of group A: One, Two and Three are missing"


def test_rules_that_are_not_known_check_nothing() -> None:
    report = check(Rules(credits_min=None, groups=RULES.groups), [A1, C1, C2])
    assert (report.is_known, report.is_met, report.sentence) == (False, False, NOT_KNOWN)
    assert (report.shortfalls, report.notes, report.credits, report.credits_needed) == ((), (), 11, 0)
    assert [(line.chosen, line.counted, line.is_met) for line in report.groups] == [
        (5, 5, True),
        (0, 0, True),
        (6, 6, True),
    ]


def test_rules_stored_before_they_could_be_known_are_not_known() -> None:
    rules = rules_from({"groups": [{"code": "units", "title": "Units"}]})
    assert rules == Rules(credits_min=None, groups=(Group("units", "Units"),))
    assert not rules.is_known
    assert rules_from({}).groups == ()


codes = st.sampled_from(["A", "B", "C"])
credit = st.integers(0, 8)
some_units = st.lists(
    st.builds(ChosenUnit, st.sampled_from("abcdefghij"), st.just("Title"), st.integers(1, 4), credit, codes),
    max_size=8,
    unique_by=lambda unit: unit.code,
)
some_codes = st.lists(st.sampled_from("abcdefghij"), min_size=1, max_size=3, unique=True).map(tuple)


@st.composite
def some_rules(draw: st.DrawFn) -> Rules:
    """Rules that are known, over groups A to C and units a to j."""
    mandatory = draw(some_units)
    required = tuple(Required(unit.code, unit.title) for unit in mandatory if unit.group == "A")
    return Rules(
        credits_min=draw(st.integers(1, 30)),
        level_floor=draw(st.none() | st.builds(Floor, st.integers(1, 4), st.integers(1, 20))),
        themes=tuple(
            Theme(str(n), "Theme", draw(st.integers(1, 2)), draw(some_codes)) for n in range(draw(st.integers(0, 2)))
        ),
        barred=tuple(draw(st.lists(st.sampled_from([("a", "b"), ("c", "d"), ("a", "e")]), max_size=2, unique=True))),
        groups=(
            Group("A", "Mandatory", GroupKind.MANDATORY, draw(credit), None, required),
            Group("B", "Optional", GroupKind.OPTIONAL, draw(st.none() | credit), None),
            Group(
                "C", "Further", GroupKind.OPTIONAL, None, draw(st.none() | credit), listed=draw(st.sampled_from(Listed))
            ),
        ),
    )


def credits_of(rules: Rules, chosen: Sequence[ChosenUnit], *, level: int = 0) -> int:
    """What counts, worked out from the last group to the first."""
    total = 0
    for group in reversed(rules.groups):
        theirs = [unit.credit for unit in chosen if unit.group == group.code and unit.level >= level]
        total += sum(theirs) if group.credits_max is None else min(sum(theirs), group.credits_max)
    return total


def meets(rules: Rules, chosen: Sequence[ChosenUnit]) -> bool:
    """Whether a choice meets every rule, one after the other."""
    taken = {unit.code for unit in chosen}
    by_group = {group.code: [unit for unit in chosen if unit.group == group.code] for group in rules.groups}
    for group in rules.groups:
        theirs = by_group[group.code]
        if not {unit.code for unit in group.required} <= {unit.code for unit in theirs}:
            return False
        if group.kind is GroupKind.OPTIONAL and sum(unit.credit for unit in theirs) < (group.credits_min or 0):
            return False
    if any(first in taken and second in taken for first, second in rules.barred):
        return False
    if any(sum(code in taken for code in theme.units) < theme.at_least for theme in rules.themes):
        return False
    floor = rules.level_floor
    if floor and credits_of(rules, chosen, level=floor.level) < floor.credits:
        return False
    return credits_of(rules, chosen) >= (rules.credits_min or 0)


def short_in_all(report: Report) -> int:
    """How many credits are still missing in all."""
    return max(0, report.credits_needed - report.credits)


@given(some_rules(), some_units)
def test_no_shortfalls_means_that_every_rule_is_met(rules: Rules, chosen: list[ChosenUnit]) -> None:
    assert check(rules, chosen).is_met is meets(rules, chosen)


@given(some_rules(), some_units.filter(bool))
def test_one_unit_more_never_makes_the_total_worse(rules: Rules, chosen: list[ChosenUnit]) -> None:
    *before, added = chosen
    less, more = check(rules, before), check(rules, chosen)
    assert short_in_all(more) <= short_in_all(less)
    if not any(added.code in pair for pair in rules.barred):
        assert len(more.shortfalls) <= len(less.shortfalls)


@given(some_rules(), some_units)
def test_the_groups_add_up_to_the_whole(rules: Rules, chosen: list[ChosenUnit]) -> None:
    report = check(rules, chosen)
    assert sum(line.counted for line in report.groups) == report.credits == credits_of(rules, chosen)
    assert all(line.counted <= line.chosen for line in report.groups)
    over = [line for line in report.groups if line.chosen > line.counted]
    assert [line.sentence for line in over] == list(report.notes)


@given(some_rules())
def test_rules_come_back_from_where_they_are_stored(rules: Rules) -> None:
    assert rules_from(json.loads(json.dumps(rules_to(rules)))) == rules
