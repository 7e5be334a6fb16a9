"""Reading how units combine, and refusing at once what no choice of units could meet."""

from datetime import date
from pathlib import Path

import pytest

from portfolio.criteria.combination import Floor, Required, Theme
from portfolio.criteria.contents import content_sha
from portfolio.criteria.fields import MAX_ITEMS
from portfolio.criteria.packs import read_pack
from portfolio.criteria.rules import Figures, GroupKind, Listed
from tests.criteria.pack_files import PACK, RULED, changed, faults_in, line_of, written


def test_rules_and_outlines_are_read_as_written(tmp_path: Path) -> None:
    pack = read_pack(written(tmp_path, pack=RULED))
    mandatory, optional, further = pack.groups
    assert (pack.operational_end, pack.certification_end) == (date(2019, 12, 31), date(2020, 12, 31))
    assert (pack.rules_known, pack.credits_min, pack.level_floor) == (True, 20, Floor(3, 10))
    assert pack.themes == (Theme("handling", "Handling problems", 1, ("R/506/2151", "B2")),)
    assert pack.barred == (("B2", "C1"),)
    assert [(group.kind, group.credits_min, group.credits_max, group.listed) for group in pack.groups] == [
        (GroupKind.MANDATORY, 9, None, Listed.ALL),
        (GroupKind.OPTIONAL, 6, None, Listed.ALL),
        (GroupKind.OPTIONAL, None, 5, Listed.ALL),
    ]
    assert [unit.is_outline for unit in mandatory.units] == [False, True]
    outline = optional.units[1]
    assert (outline.code, outline.code_note, outline.title, outline.level, outline.credit) == (
        "B2",
        "Ours",
        "Talk to customers",
        2,
        4,
    )
    assert (outline.glh, outline.outcomes, outline.guidance, outline.figures) == (0, (), (), Figures.UNCONFIRMED)
    assert pack.rules.groups[0].required == (Required("R/506/2151", "Complaints"), Required("A2", "Know the law"))
    assert [group.required for group in pack.rules.groups[1:]] == [(), ()]
    assert [group.code for group in pack.rules.groups] == ["A", "B", "C"]
    assert further.units[0].title == "Plan your work"


def test_a_mandatory_group_needs_the_sum_of_its_units_whether_it_is_written_or_not(tmp_path: Path) -> None:
    pack = read_pack(written(tmp_path, pack=RULED))
    silent = read_pack(written(tmp_path, pack=changed(RULED, "    credits: 9\n", "")))
    assert silent == pack


def test_a_group_that_lists_only_some_units_may_promise_more(tmp_path: Path) -> None:
    some = changed(RULED, "    credits_min: 6\n", "    credits_min: 90\n    listed: some\n")
    some = changed(some, "credits_min: 20", "credits_min: 99")
    pack = read_pack(written(tmp_path, pack=some))
    assert (pack.groups[1].listed, pack.groups[1].credits_min) == (Listed.SOME, 90)
    none = RULED[: RULED.index("    units:\n      - {code: C1")] + "    listed: some\n    units: []\n"
    assert read_pack(written(tmp_path, pack=changed(none, "[B2, C1]", "[B1, B2]"))).groups[2].units == ()


def test_rules_stay_unknown_while_groups_may_say_their_kind(tmp_path: Path) -> None:
    pack = read_pack(
        written(tmp_path, pack=changed(PACK, "    title: Everything", "    title: All\n    kind: mandatory"))
    )
    assert (pack.rules_known, pack.rules.is_known) == (False, False)
    assert (pack.groups[0].kind, pack.groups[0].credits_min) == (GroupKind.MANDATORY, 4)


RULE_FAULTS = [
    (
        "  credits_min: 20\n",
        "  credits_min: 20\n  points: 3\n",
        "points",
        "the set of rules has an unknown key “points”",
    ),
    ("  credits_min: 20\n", "  credits_min: many\n", "many", "“credits_min” must be a whole number"),
    ("  credits_min: 20\n", "  credits_min: 0\n", "credits_min: 0", "“credits_min” must lie between 1 and 2000"),
    ("  credits_min: 20\n", "  credits_min: 23\n", "credits_min: 23", "only 22 credits can be reached"),
    ("credits: 10}", "credits: 14}", "credits: 14", "only 13 credits can be reached at level 3 or above"),
    ("{level: 3, credits: 10}", "{level: 3}", "level_floor", "the level floor has no “credits”"),
    ("{level: 3, credits: 10}", "[3, 10]", "level_floor", "the level floor must be made of fields"),
    ("at_least: 1", "at_least: 3", "at_least: 3", "only 2 units of this theme can be chosen"),
    ("[R/506/2151, B2]", "[R/506/2151, B9]", "B9", "no group has a unit “B9”"),
    ("[R/506/2151, B2]", "[B2, B2]", "[B2, B2]", "the unit “B2” is already used on line 15"),
    ("[R/506/2151, B2]", "[1.10, B2]", "1.10", "a unit is not text: write it in quotes, “1.10”"),
    ("[R/506/2151, B2]", "[]", "units: []", "“units” is empty"),
    ("title: Handling problems, ", "", "id: handling", "the theme has no “title”"),
    (
        "  barred:\n",
        "    - {id: handling, title: Again, at_least: 1, units: [B1]}\n  barred:\n",
        "title: Again",
        "the theme “handling” is already used on line 15",
    ),
    ("[B2, C1]", "[B2, C9]", "C9", "no group has a unit “C9”"),
    ("[B2, C1]", "[B2, B2]", "[B2, B2]", "the unit “B2” is already used on line 17"),
    ("[B2, C1]", "[B2, C1, C2]", "[B2, C1, C2]", "each of “barred” must be a list of two units"),
    ("- [B2, C1]", "- B2", "- B2", "each of “barred” must be a list of two units"),
    ("- [B2, C1]", "- [B2, C1]\n    - [C1, B2]", "[C1, B2]", "these two are barred already"),
    ("[B2, C1]", "[R/506/2151, A2]", "[R/506/2151, A2]", "“R/506/2151” and “A2” are both mandatory"),
    ("[B2, C1]", "[A2, C1]\n    - [C2, A2]", "credits_min: 20", "only 17 credits can be reached"),
    ("[B2, C1]", "[A2, B1]", "level_floor", "only 9 credits can be reached at level 3 or above"),
    ("[B2, C1]", "[B2, A2]\n    - [R/506/2151, B2]", "credits_min: 20", "only 18 credits can be reached"),
    ("    credits: 9\n", "    credits: 10\n", "credits: 10", "the units of this group have 9 credits together, not 10"),
    (
        "    credits: 9\n",
        "    credits_min: 9\n",
        "credits_min: 9",
        "“credits_min” has no place in a group whose units are",
    ),
    (
        "    credits: 9\n",
        "    credits_max: 9\n",
        "credits_max: 9",
        "“credits_max” has no place in a group whose units are",
    ),
    ("    credits: 9\n", "    listed: some\n", "listed: some", "a mandatory group must list all its units"),
    (
        "    credits_min: 6\n",
        "    credits: 6\n",
        "credits: 6",
        "“credits” has no place in a group whose units are optional",
    ),
    ("    credits_min: 6\n", "    credits_min: 9\n", "credits_min: 9", "the units of this group have only 8 credits"),
    ("    credits_max: 5\n", "    credits_min: 6\n    credits_max: 5\n", "credits_max: 5", "“credits_max” is below"),
    ("    kind: optional\n    credits_max", "    credits_max", "- id: C", "the group has no “kind”"),
    ("2020-12-31", "2019-12-30", "certification_end", "“certification_end” is before “operational_end”"),
]


@pytest.mark.parametrize(("old", "new", "where", "said"), RULE_FAULTS, ids=[case[3][:40] for case in RULE_FAULTS])
def test_each_fault_of_the_rules_is_found_on_its_line(
    tmp_path: Path, old: str, new: str, where: str, said: str
) -> None:
    text = changed(RULED, old, new)
    found = faults_in(written(tmp_path, pack=text))
    assert [(file, line) for file, line, message in found if said in message] == [
        ("pack.yaml", line_of(text, where))
    ], found


def test_sums_are_not_judged_while_a_unit_is_missing(tmp_path: Path) -> None:
    text = changed(RULED, "- complaints", "- missing")
    assert faults_in(written(tmp_path, pack=text)) == [
        ("pack.yaml", line_of(text, "- missing"), "there is no unit file “missing.yaml”")
    ]


def test_a_list_without_end_is_a_fault(tmp_path: Path) -> None:
    pairs = "\n    - [B2, C1]" * (MAX_ITEMS + 5)
    found = faults_in(written(tmp_path, pack=changed(RULED, "\n    - [B2, C1]", pairs)))
    assert ("pack.yaml", 17 + MAX_ITEMS, f"“barred” has more than {MAX_ITEMS} entries") in found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2019-12-31", "2019-12-30"),
        ("2020-12-31", "2020-12-30"),
        ("credits_min: 20", "credits_min: 19"),
        ("credits: 10}", "credits: 9}"),
        ("at_least: 1", "at_least: 2"),
        ("[B2, C1]", "[B2, C2]"),
        ("credits_min: 6", "credits_min: 5"),
        ("credits_max: 5", "credits_max: 6"),
        ("    credits_max: 5\n", "    credits_max: 5\n    listed: some\n"),
        (
            "code: C1, title: Plan your work, level: 2, credit: 3",
            "code: C1, title: Plan your work, level: 2, credit: 4",
        ),
    ],
)
def test_every_rule_counts_in_the_content_sha(tmp_path: Path, old: str, new: str) -> None:
    ruled = content_sha(read_pack(written(tmp_path, pack=RULED)))
    assert content_sha(read_pack(written(tmp_path, pack=changed(RULED, old, new)))) != ruled
