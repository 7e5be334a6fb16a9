"""Reads the rules of a pack, and finds at once those that no choice of its units could meet.

Whether units may be barred from each other is only looked at where one of them is mandatory; that some free choice
exists between barred options is for the writer of the pack to see.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from portfolio.criteria import tree
from portfolio.criteria.combination import ChosenUnit, Floor, Group, Theme, counted
from portfolio.criteria.fields import Faults, Fields, Unique, read_code, read_word
from portfolio.criteria.rules import GroupKind, Listed
from portfolio.criteria.tree import Node, Scalar

UNKNOWN = "unknown"
MAX_CREDITS = 2_000
MAX_TITLE = 200


@dataclass(frozen=True, slots=True)
class Terms:
    """What a pack asks of a choice as a whole; without a total the rules are not known."""

    credits_min: int | None = None
    level_floor: Floor | None = None
    themes: tuple[Theme, ...] = ()
    barred: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a pack asks of one group: how many credits it needs, and how many of them count at most."""

    kind: GroupKind
    credits_min: int | None
    credits_max: int | None


def are_known(rules: Node | None) -> bool:
    """Whether the rules are written out, as against `unknown`."""
    return isinstance(rules, tree.Mapping)


def read_bounds(fields: Fields, credit: int | None, listed: Listed) -> Bounds:
    """What is asked of the group with these fields; `credit` is the sum of its units, None when not all could be read.

    A mandatory group needs the sum of its units, whether that is written or not, so all of them must be listed.
    """
    node = fields.node("kind")
    kind = read_word(fields.faults, node, "kind", GroupKind) if node else GroupKind.OPTIONAL
    if kind is None:
        return Bounds(GroupKind.OPTIONAL, None, None)
    own = ("credits",) if kind is GroupKind.MANDATORY else ("credits_min", "credits_max")
    for key in ("credits", "credits_min", "credits_max"):
        if key not in own and fields.node(key):
            fields.faults.add(fields.line_of(key), f"“{key}” has no place in a group whose units are {kind}")
    if kind is GroupKind.MANDATORY:
        if listed is Listed.SOME:
            fields.faults.add(fields.line_of("listed"), "a mandatory group must list all its units")
        given = fields.number_if_given("credits", 1, MAX_CREDITS)
        if given is not None and credit is not None and given != credit:
            fields.faults.add(
                fields.line_of("credits"), f"the units of this group have {credit} credits together, not {given}"
            )
        return Bounds(kind, credit, None)
    low = fields.number_if_given("credits_min", 1, MAX_CREDITS)
    high = fields.number_if_given("credits_max", 1, MAX_CREDITS)
    if low is not None and high is not None and high < low:
        fields.faults.add(fields.line_of("credits_max"), "“credits_max” is below “credits_min”")
    if low is not None and credit is not None and low > credit and listed is Listed.ALL:
        fields.faults.add(fields.line_of("credits_min"), f"the units of this group have only {credit} credits together")
    return Bounds(kind, low, high)


def read_terms(faults: Faults, node: Node | None, groups: Sequence[Group], units: Sequence[ChosenUnit] | None) -> Terms:
    """The rules of a pack with these groups; `units` are all that it offers, None when not all could be read."""
    if node is None:
        return Terms()
    if isinstance(node, Scalar):
        if node.kind != "str" or node.value != UNKNOWN:
            faults.refuse(node, f"“rules” must be “{UNKNOWN}”, or be made of fields")
        return Terms()
    fields = Fields(
        faults, node, "set of rules", required=("credits_min",), optional=("level_floor", "themes", "barred")
    )
    codes = None if units is None else {unit.code for unit in units}
    required = {unit.code for group in groups for unit in group.required}
    barred = _barred(faults, fields, codes, required)
    out = {a if b in required else b for a, b in barred if (a in required) != (b in required)}
    free = None if units is None else [unit for unit in units if unit.code not in out]
    return Terms(
        credits_min=_total(faults, fields, groups, free),
        level_floor=_floor(faults, fields, groups, free),
        themes=_themes(faults, fields, codes, out),
        barred=barred,
    )


def _total(faults: Faults, fields: Fields, groups: Sequence[Group], free: Sequence[ChosenUnit] | None) -> int:
    total = fields.number("credits_min", 1, MAX_CREDITS)
    if free is not None and total > (reach := _reach(groups, free)):
        faults.add(fields.line_of("credits_min"), f"only {reach} credits can be reached with these groups and units")
    return total


def _floor(faults: Faults, fields: Fields, groups: Sequence[Group], free: Sequence[ChosenUnit] | None) -> Floor | None:
    node = fields.node("level_floor")
    if node is None:
        return None
    about = Fields(faults, node, "level floor", required=("level", "credits"))
    floor = Floor(level=about.number("level", 1, 8), credits=about.number("credits", 1, MAX_CREDITS))
    if free is not None and floor.credits > (reach := _reach(groups, free, level=floor.level)):
        faults.add(about.line, f"only {reach} credits can be reached at level {floor.level} or above")
    return floor


def _reach(groups: Sequence[Group], free: Sequence[ChosenUnit], *, level: int = 0) -> int:
    """How many credits can count at most; a group that does not list all its units is taken to give all that it may."""
    whole = [group for group in groups if group.listed is Listed.ALL]
    partial = [group for group in groups if group.listed is Listed.SOME]
    return counted(whole, free, level=level) + sum(group.credits_max or MAX_CREDITS for group in partial)


def _themes(faults: Faults, fields: Fields, codes: set[str] | None, out: set[str]) -> tuple[Theme, ...]:
    seen = Unique(faults, "theme")
    themes = []
    for node in fields.items("themes", may_be_empty=True):
        about = Fields(faults, node, "theme", required=("id", "title", "at_least", "units"))
        code = about.code("id")
        seen.add(code, about.line_of("id"))
        named = Unique(faults, "unit")
        units = [_unit_code(faults, item, named, codes) for item in about.items("units")]
        theme = Theme(code, about.text("title", most=MAX_TITLE), about.number("at_least", 1, 100), tuple(units))
        if units and theme.at_least > (free := len(set(units) - out)):
            faults.add(about.line_of("at_least"), f"only {free} units of this theme can be chosen")
        themes.append(theme)
    return tuple(themes)


def _barred(faults: Faults, fields: Fields, codes: set[str] | None, required: set[str]) -> tuple[tuple[str, str], ...]:
    pairs: list[tuple[str, str]] = []
    seen: set[frozenset[str]] = set()
    for node in fields.items("barred", may_be_empty=True):
        if not isinstance(node, tree.Sequence) or len(node.items) != 2:
            faults.refuse(node, "each of “barred” must be a list of two units")
            continue
        named = Unique(faults, "unit")
        first, second = (_unit_code(faults, item, named, codes) for item in node.items)
        if frozenset((first, second)) in seen:
            faults.add(node.line, "these two are barred already")
        if first != second and first in required and second in required:
            faults.add(node.line, f"“{first}” and “{second}” are both mandatory")
        seen.add(frozenset((first, second)))
        pairs.append((first, second))
    return tuple(pairs)


def _unit_code(faults: Faults, node: Node, named: Unique, codes: set[str] | None) -> str:
    code = read_code(faults, node, "a unit")
    named.add(code, node.line)
    if code and codes is not None and code not in codes:
        faults.add(node.line, f"no group has a unit “{code}”")
    return code
