"""What changed from one version of a qualification or a unit to the next, for those who may take the new one. Pure.

Nothing that the content sha covers changes without being told here.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, TypeVar

from portfolio.criteria.combination import Group, Rules, credits_in_words
from portfolio.criteria.contents import Pack, PackCriterion, PackOutcome, PackUnit
from portfolio.criteria.rules import GroupKind, Listed

FACTS_OF_PACK = {
    "reference": "Reference",
    "reference_note": "Note on the reference",
    "title": "Title",
    "level": "Level",
    "awarding_organisation": "Awarding organisation",
    "spec_version": "Version of the specification",
    "status": "Status of the wording",
    "source": "Where the wording is from",
    "operational_end": "Closes to new {learners}",
    "certification_end": "Last day for certificates",
}
FACTS_OF_UNIT = {
    "code": "Code",
    "code_note": "Note on the code",
    "title": "Title",
    "level": "Level",
    "credit": "Credit",
    "glh": "Guided learning hours",
    "figures": "Level, credit and hours",
    "status": "Status of the wording",
    "source": "Where the wording is from",
}
NONE = "none"
"""The word for what is not there, on either side of a change."""
NOT_KNOWN = "not known"


class Coded(Protocol):
    """Something that has a code."""

    @property
    def code(self) -> str:
        """Its code, as written."""


Item = TypeVar("Item", bound=Coded)
Value = TypeVar("Value", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Change:
    """Something that reads otherwise now; `what` names it, “none” stands for what is not there."""

    what: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class UnitChanges:
    """What changed in one unit. Criteria go by their codes: `reworded` holds those whose text, methods or place did.

    `hints_added` and `hints_removed` count guidance; one that is worded anew counts as both.
    """

    code: str
    title: str
    facts: tuple[Change, ...]
    outcomes: tuple[Change, ...]
    added: tuple[PackCriterion, ...]
    removed: tuple[PackCriterion, ...]
    reworded: tuple[Change, ...]
    hints_added: int
    hints_removed: int
    is_reordered: bool

    def __bool__(self) -> bool:
        """Whether anything changed."""
        told = (self.facts, self.outcomes, self.added, self.removed, self.reworded)
        return any(told) or bool(self.hints_added or self.hints_removed or self.is_reordered)


@dataclass(frozen=True, slots=True)
class PackChanges:
    """What changed in a qualification: its facts, how units combine, and the units that came, went or changed."""

    facts: tuple[Change, ...]
    rules: tuple[Change, ...]
    added: tuple[PackUnit, ...]
    removed: tuple[PackUnit, ...]
    units: tuple[UnitChanges, ...]
    is_reordered: bool

    def __bool__(self) -> bool:
        """Whether anything changed."""
        return any((self.facts, self.rules, self.added, self.removed, self.units, self.is_reordered))


def changes_of_pack(old: Pack, new: Pack) -> PackChanges:
    """What is different in the new content of a qualification."""
    before, after = _units(old), _units(new)
    pairs = [(before[code], unit) for code, unit in after.items() if code in before]
    return PackChanges(
        facts=_facts(old, new, FACTS_OF_PACK),
        rules=_mapped(_rules(old.rules), _rules(new.rules)) + _homes(old, new),
        added=_without(after.values(), before),
        removed=_without(before.values(), after),
        units=tuple(changed for one, other in pairs if (changed := changes_of_unit(one, other))),
        is_reordered=_is_reordered(list(before), list(after))
        or _is_reordered([group.code for group in old.groups], [group.code for group in new.groups])
        or _is_reordered([theme.code for theme in old.themes], [theme.code for theme in new.themes]),
    )


def changes_of_unit(old: PackUnit, new: PackUnit) -> UnitChanges:
    """What is different in the new content of a unit."""
    before, after = _criteria(old), _criteria(new)
    hints_before, hints_after = Counter(old.guidance), Counter(new.guidance)
    return UnitChanges(
        code=new.code,
        title=new.title,
        facts=_form(old, new) + _facts(old, new, FACTS_OF_UNIT),
        outcomes=_outcomes(old, new),
        added=_without((one for _home, one in after.values()), before),
        removed=_without((one for _home, one in before.values()), after),
        reworded=tuple(change for code in before if code in after for change in _reworded(*before[code], *after[code])),
        hints_added=(hints_after - hints_before).total(),
        hints_removed=(hints_before - hints_after).total(),
        is_reordered=_is_reordered(list(before), list(after))
        or _is_reordered([one.code for one in old.outcomes], [one.code for one in new.outcomes])
        or _is_reordered(old.guidance, new.guidance),
    )


def in_words(value: object) -> str:
    """A value of a pack as a person reads it."""
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    return NONE if value in (None, "") else str(value)


def _units(pack: Pack) -> dict[str, PackUnit]:
    return {unit.code: unit for group in pack.groups for unit in group.units}


def _criteria(unit: PackUnit) -> dict[str, tuple[PackOutcome, PackCriterion]]:
    return {one.code: (outcome, one) for outcome in unit.outcomes for one in outcome.criteria}


def _without(items: Iterable[Item], others: Iterable[str]) -> tuple[Item, ...]:
    codes = set(others)
    return tuple(item for item in items if item.code not in codes)


def _is_reordered(old: Sequence[Value], new: Sequence[Value]) -> bool:
    """Whether those that stayed stand in another order."""
    both = set(old) & set(new)
    before, after = ([one for one in dict.fromkeys(these) if one in both] for these in (old, new))
    return before != after or (Counter(old) == Counter(new) and list(old) != list(new))


def _facts(old: Any, new: Any, facts: dict[str, str]) -> tuple[Change, ...]:
    return tuple(
        Change(what, in_words(getattr(old, name)), in_words(getattr(new, name)))
        for name, what in facts.items()
        if getattr(old, name) != getattr(new, name)
    )


def _form(old: PackUnit, new: PackUnit) -> tuple[Change, ...]:
    words = ["in outline" if unit.is_outline else "in full" for unit in (old, new)]
    return (Change("Given", *words),) if old.is_outline != new.is_outline else ()


def _outcomes(old: PackUnit, new: PackUnit) -> tuple[Change, ...]:
    before, after = (
        {f"Outcome {one.code}": f"{one.title} ({one.kind})" for one in unit.outcomes} for unit in (old, new)
    )
    return _mapped(before, after)


def _mapped(before: dict[str, str], after: dict[str, str]) -> tuple[Change, ...]:
    return tuple(
        Change(what, before.get(what, NONE), after.get(what, NONE))
        for what in dict.fromkeys([*before, *after])
        if before.get(what) != after.get(what)
    )


def _reworded(old_home: PackOutcome, old: PackCriterion, new_home: PackOutcome, new: PackCriterion) -> Iterable[Change]:
    if old.text != new.text:
        yield Change(new.code, old.text, new.text)
    if old.methods != new.methods:
        yield Change(f"{new.code}, methods", ", ".join(old.methods), ", ".join(new.methods))
    if old_home.code != new_home.code:
        yield Change(f"{new.code}, outcome", old_home.code, new_home.code)


def _homes(old: Pack, new: Pack) -> tuple[Change, ...]:
    """The units that moved to another group."""
    before, after = (
        {f"Group of {unit.code}": group.code for group in pack.groups for unit in group.units} for pack in (old, new)
    )
    return tuple(Change(what, group, after[what]) for what, group in before.items() if after.get(what, group) != group)


def _rules(rules: Rules) -> dict[str, str]:
    """Each rule by its name, in words."""
    floor = rules.level_floor
    named = {
        "Credits in all": NOT_KNOWN if rules.credits_min is None else credits_in_words(rules.credits_min),
        "Level": f"{credits_in_words(floor.credits)} at level {floor.level} or above" if floor else NONE,
        **{f"Group {group.code}": _group(group) for group in rules.groups},
    }
    for theme in rules.themes:
        named[f"Theme {theme.code}"] = f"{theme.title}: at least {theme.at_least} of {', '.join(theme.units)}"
    named["Not together"] = "; ".join(f"{first} and {second}" for first, second in rules.barred) or NONE
    return named


def _group(group: Group) -> str:
    words = [f"{group.title}: {group.kind}"]
    if group.kind is GroupKind.MANDATORY and group.credits_min:
        words.append(credits_in_words(group.credits_min))
    elif group.credits_min:
        words.append(f"at least {credits_in_words(group.credits_min)}")
    if group.credits_max:
        words.append(f"at most {credits_in_words(group.credits_max)}")
    if group.listed is Listed.SOME:
        words.append("not all {units} are listed")
    return ", ".join(words)
