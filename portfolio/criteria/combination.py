"""Whether the units that a learner chose make up the qualification, and what they are short of. Pure.

Credits over a group's maximum count towards nothing, and neither does a unit that stands in no group. Without a total
the rules are not known, and then nothing is checked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from portfolio.criteria.rules import GroupKind, Listed

NOT_KNOWN = "How {units} combine is not known for this qualification, so the choice is not checked"
MET = "This choice meets the rules of the qualification"


@dataclass(frozen=True, slots=True)
class Floor:
    """At least so many credits at this level or above."""

    level: int
    credits: int


@dataclass(frozen=True, slots=True)
class Theme:
    """At least so many of these units, by code, must be among those chosen."""

    code: str
    title: str
    at_least: int
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Required:
    """A unit that a mandatory group asks for."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class Group:
    """What is asked of one group. Of a mandatory one: all that is `required`; `credits_min` is what they gave together
    when the pack was written, and a learner on other versions of them is not asked for it.
    """

    code: str
    title: str
    kind: GroupKind = GroupKind.OPTIONAL
    credits_min: int | None = None
    credits_max: int | None = None
    required: tuple[Required, ...] = ()
    listed: Listed = Listed.ALL


@dataclass(frozen=True, slots=True)
class Rules:
    """How {units} combine. `barred` holds pairs of codes that may not both be chosen."""

    credits_min: int | None
    level_floor: Floor | None = None
    themes: tuple[Theme, ...] = ()
    barred: tuple[tuple[str, str], ...] = ()
    groups: tuple[Group, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether choices can be checked."""
        return self.credits_min is not None


@dataclass(frozen=True, slots=True)
class ChosenUnit:
    """A unit that was chosen; `group` is the code of the group that it was chosen from."""

    code: str
    title: str
    level: int
    credit: int
    group: str


@dataclass(frozen=True, slots=True)
class GroupLine:
    """How one group stands. `needed` is 0 when the group asks for nothing, `most` is None when it has no maximum."""

    code: str
    title: str
    kind: GroupKind
    chosen: int
    counted: int
    needed: int
    most: int | None
    is_met: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Report:
    """How a choice stands. `shortfalls` is what is missing, `notes` what does not count; both in plain sentences."""

    is_known: bool
    credits: int
    credits_needed: int
    groups: tuple[GroupLine, ...]
    shortfalls: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def is_met(self) -> bool:
        """Whether the rules are known and the choice meets them all."""
        return self.is_known and not self.shortfalls

    @property
    def sentence(self) -> str:
        """The whole in one sentence."""
        if not self.is_known:
            return NOT_KNOWN
        return "; ".join(self.shortfalls) or MET


def check(rules: Rules, chosen: Iterable[ChosenUnit]) -> Report:
    """How the chosen units stand against the rules. A code that comes twice counts once."""
    units = list({unit.code: unit for unit in chosen}.values())
    theirs = _by_group(units)
    if rules.credits_min is None:
        lines = tuple(_unchecked(group, theirs.get(group.code, [])) for group in rules.groups)
        return Report(False, sum(unit.credit for unit in units), 0, lines, (), ())
    total = counted(rules.groups, units)
    groups = tuple(_line(group, theirs.get(group.code, [])) for group in rules.groups)
    codes = {group.code for group in rules.groups}
    over = [line for line in groups if line.chosen > line.counted]
    homeless = [unit for unit in units if unit.group not in codes]
    shortfalls = [line.sentence for line in groups if not line.is_met]
    if rules.level_floor:
        floor = rules.level_floor
        missing = floor.credits - counted(rules.groups, units, level=floor.level)
        if missing > 0:
            shortfalls.append(f"Short by {credits_in_words(missing)} at level {floor.level} or above")
    shortfalls += _themes(rules.themes, {unit.code for unit in units})
    shortfalls += _barred(rules.barred, {unit.code: unit.title for unit in units})
    if total < rules.credits_min:
        shortfalls.append(f"Short by {credits_in_words(rules.credits_min - total)} in all")
    return Report(
        is_known=True,
        credits=total,
        credits_needed=rules.credits_min,
        groups=groups,
        shortfalls=tuple(shortfalls),
        notes=(
            *(_surplus(line) for line in over),
            *(f"{unit.title} stands in no group and does not count" for unit in homeless),
        ),
    )


def counted(groups: Iterable[Group], units: Iterable[ChosenUnit], *, level: int = 0) -> int:
    """How many credits of the units count, of those at this level or above: each group's, up to its maximum."""
    theirs = _by_group(unit for unit in units if unit.level >= level)
    return sum(_counted(group, theirs.get(group.code, [])) for group in groups)


def credits_in_words(number: int) -> str:
    """So many credits, in words."""
    return "1 credit" if number == 1 else f"{number} credits"


def listed(names: Sequence[str]) -> str:
    """Names with commas and a last “and”."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def rules_to(rules: Rules) -> dict[str, Any]:
    """The rules as plain values, to store."""
    return asdict(rules)


def rules_from(stored: Mapping[str, Any]) -> Rules:
    """The rules that were stored. What was stored before rules could be known has no more than codes and titles."""
    floor = stored.get("level_floor")
    return Rules(
        credits_min=stored.get("credits_min"),
        level_floor=Floor(floor["level"], floor["credits"]) if floor else None,
        themes=tuple(
            Theme(theme["code"], theme["title"], theme["at_least"], tuple(theme["units"]))
            for theme in stored.get("themes", ())
        ),
        barred=tuple((first, second) for first, second in stored.get("barred", ())),
        groups=tuple(
            Group(
                code=group["code"],
                title=group["title"],
                kind=GroupKind(group.get("kind", GroupKind.OPTIONAL)),
                credits_min=group.get("credits_min"),
                credits_max=group.get("credits_max"),
                required=tuple(Required(unit["code"], unit["title"]) for unit in group.get("required", ())),
                listed=Listed(group.get("listed", Listed.ALL)),
            )
            for group in stored.get("groups", ())
        ),
    )


def _by_group(units: Iterable[ChosenUnit]) -> dict[str, list[ChosenUnit]]:
    groups: dict[str, list[ChosenUnit]] = {}
    for unit in units:
        groups.setdefault(unit.group, []).append(unit)
    return groups


def _counted(group: Group, units: Iterable[ChosenUnit]) -> int:
    """How many credits of a group's own units count."""
    chosen = sum(unit.credit for unit in units)
    return chosen if group.credits_max is None else min(chosen, group.credits_max)


def _unchecked(group: Group, units: Sequence[ChosenUnit]) -> GroupLine:
    chosen = sum(unit.credit for unit in units)
    return GroupLine(
        group.code, group.title, group.kind, chosen, chosen, needed=0, most=None, is_met=True, sentence=NOT_KNOWN
    )


def _line(group: Group, units: Sequence[ChosenUnit]) -> GroupLine:
    needed, most = group.credits_min or 0, group.credits_max
    chosen, counts = sum(unit.credit for unit in units), _counted(group, units)
    codes = {unit.code for unit in units}
    missing = [unit.title for unit in group.required if unit.code not in codes]
    is_met = not missing if group.kind is GroupKind.MANDATORY else counts >= needed
    if missing:
        are = "is" if len(missing) == 1 else "are"
        sentence = f"Choose all {{units}} of group {group.code}: {listed(missing)} {are} missing"
    elif not is_met:
        sentence = f"Short by {credits_in_words(needed - counts)} in group {group.code}"
    elif needed:
        sentence = f"Group {group.code} is complete"
    else:
        sentence = f"Group {group.code} asks for nothing"
    line = GroupLine(group.code, group.title, group.kind, chosen, counts, needed, most, is_met, sentence)
    return replace(line, sentence=_surplus(line)) if chosen > counts else line


def _surplus(line: GroupLine) -> str:
    over = line.chosen - line.counted
    do = "does" if over == 1 else "do"
    return f"Group {line.code} counts at most {credits_in_words(line.counted)}; {over} of yours {do} not count"


def _themes(themes: Iterable[Theme], codes: set[str]) -> list[str]:
    short = [theme for theme in themes if len(codes & set(theme.units)) < theme.at_least]
    return [
        f"Choose at least {'one {unit}' if theme.at_least == 1 else f'{theme.at_least} {{units}}'} of {theme.title}"
        for theme in short
    ]


def _barred(pairs: Iterable[tuple[str, str]], titles: Mapping[str, str]) -> list[str]:
    return [
        f"{titles[first]} and {titles[second]} cannot be taken together"
        for first, second in pairs
        if first in titles and second in titles
    ]
