"""What the shipped packs say of their qualifications, and what it means that a group lists only some of its units."""

from pathlib import Path

import pytest

from portfolio.criteria.combination import ChosenUnit, Floor, check, rules_from, rules_to
from portfolio.criteria.contents import Pack, content_sha
from portfolio.criteria.packs import read_pack, read_pack_texts, read_unit
from portfolio.criteria.rules import Figures, GroupKind, Listed, OutcomeKind, Status
from portfolio.criteria.tree import PackFaults

SHIPPED = Path(__file__).parents[2] / "criteria"
UNKNOWN = ("nocn-l3-customer-service", "fdq-l3-customer-service", "icq-l3-contact-centre-operations")

PACK = """\
qualification:
  reference: X/1
  title: Diploma in Complaints
  level: 3
  awarding_organisation: An awarding organisation
  spec_version: "2014"
  status: draft
  source: Ours.
rules:
  credits_min: 20
  level_floor: {level: 3, credits: 15}
groups:
  - id: A
    title: Mandatory units
    kind: mandatory
    units:
      - {code: A/1, title: First, level: 3, credit: 5}
  - id: B
    title: Optional units
    kind: optional
    credits_min: 10
    listed: some
    units:
      - {code: B/1, title: Second, level: 2, credit: 2}
"""


def shipped(stem: str) -> Pack:
    """A shipped pack."""
    return read_pack(SHIPPED / f"{stem}.yaml")


def faults_in(text: str) -> list[str]:
    """The messages of all that is wrong with a pack."""
    with pytest.raises(PackFaults) as caught:
        read_pack_texts(text, {})
    return [fault.message for fault in caught.value.faults]


@pytest.mark.parametrize("stem", UNKNOWN)
def test_a_pack_that_rests_on_one_unit_says_what_is_not_known(stem: str) -> None:
    pack = shipped(stem)
    assert (pack.rules_known, pack.status, pack.level) == (False, Status.DRAFT, 3)
    assert "working one" in pack.reference_note
    assert [group.listed for group in pack.groups] == [Listed.SOME]
    [unit] = pack.groups[0].units
    assert (unit.status, unit.figures) == (Status.DRAFT, Figures.UNCONFIRMED)
    assert "working code" in unit.code_note


def test_two_awarding_organisations_share_one_unit() -> None:
    first, second = (shipped(stem).groups[0].units[0] for stem in (UNKNOWN[0], UNKNOWN[2]))
    assert first.code == "HRCC"
    assert content_sha(first) == content_sha(second)


def test_the_pack_with_known_rules_has_them_in_full() -> None:
    pack = shipped("qs-l3-customer-service")
    assert (pack.reference, pack.spec_version, pack.credits_min) == ("S/016/609", "2014", 55)
    assert pack.level_floor == Floor(level=3, credits=40)
    assert [(group.code, group.kind, group.credits_min, group.credits_max, group.listed) for group in pack.groups] == [
        ("A", GroupKind.MANDATORY, 31, None, Listed.ALL),
        ("B", GroupKind.OPTIONAL, 15, None, Listed.SOME),
        ("C", GroupKind.OPTIONAL, None, 9, Listed.SOME),
    ]
    in_full = [unit.code for group in pack.groups for unit in group.units if not unit.is_outline]
    assert in_full == ["K/506/2169", "R/506/2151"]


@pytest.mark.parametrize(
    ("stem", "code", "figures", "criteria"),
    [
        ("handle-referred-customer-complaints", "HRCC", (4, 10, 67), [5, 5, 3, 4]),
        ("process-customer-service-complaints", "PCSC", (3, 6, 40), [3, 6, 4]),
        ("resolve-customers-problems", "K/506/2169", (3, 4, 19), [4, 9]),
        ("resolve-customers-complaints", "R/506/2151", (3, 4, 22), [8, 9]),
        ("resolve-customer-service-problems", "M/601/1511", (2, 6, 40), [5, 5, 6, 5]),
    ],
)
def test_a_unit_in_full_has_every_criterion_in_order(
    stem: str, code: str, figures: tuple[int, int, int], criteria: list[int]
) -> None:
    unit = read_unit(SHIPPED / "units" / f"{stem}.yaml")
    assert (unit.code, unit.level, unit.credit, unit.glh) == (code, *figures)
    assert [[one.code for one in outcome.criteria] for outcome in unit.outcomes] == [
        [f"{number}.{n}" for n in range(1, most + 1)] for number, most in enumerate(criteria, start=1)
    ]
    assert [outcome.kind for outcome in unit.outcomes].count(OutcomeKind.KNOWLEDGE) == 1


def test_a_choice_is_checked_against_the_known_rules() -> None:
    pack = shipped("qs-l3-customer-service")
    units = [
        ChosenUnit(unit.code, unit.title, unit.level, unit.credit, group.code)
        for group in pack.groups
        for unit in group.units
    ]
    assert check(pack.rules, units).is_met
    few = [unit for unit in units if unit.group == "A" or unit.code == "R/506/2151"]
    assert check(pack.rules, few).shortfalls == (
        "Short by 11 credits in group B",
        "Short by 5 credits at level 3 or above",
        "Short by 20 credits in all",
    )


def test_what_only_unlisted_units_could_give_is_no_fault() -> None:
    pack = read_pack_texts(PACK, {})
    assert (pack.credits_min, pack.groups[1].credits_min, pack.groups[1].listed) == (20, 10, Listed.SOME)
    assert rules_from(rules_to(pack.rules)) == pack.rules


def test_where_all_units_are_listed_the_same_rules_are_faults() -> None:
    said = " / ".join(faults_in(PACK.replace("    listed: some\n", "")))
    assert all(words in said for words in ("only 2 credits", "only 7 credits", "only 5 credits")), said


def test_a_group_may_be_empty_only_while_its_units_are_not_listed() -> None:
    empty = PACK.replace("    units:\n      - {code: B/1, title: Second, level: 2, credit: 2}\n", "    units: []\n")
    assert read_pack_texts(empty, {}).groups[1].units == ()
    assert "“units” is empty" in faults_in(empty.replace("    listed: some\n", "    listed: all\n"))


def test_a_mandatory_group_lists_all_its_units() -> None:
    messages = faults_in(PACK.replace("kind: mandatory\n", "kind: mandatory\n    listed: some\n"))
    assert "a mandatory group must list all its units" in messages


def test_how_much_is_listed_has_two_words() -> None:
    assert "unknown listed “few”: one of all, some" in faults_in(PACK.replace("listed: some", "listed: few"))


def test_to_list_all_is_what_is_meant_when_nothing_is_said() -> None:
    whole = PACK.replace("    listed: some\n", "").replace("credit: 2}", "credit: 20}").replace("level: 2", "level: 3")
    said = whole.replace("    units:\n      - {code: B/1", "    listed: all\n    units:\n      - {code: B/1")
    assert content_sha(read_pack_texts(said, {})) == content_sha(read_pack_texts(whole, {}))
    some = said.replace("listed: all", "listed: some")
    assert content_sha(read_pack_texts(some, {})) != content_sha(read_pack_texts(whole, {}))
