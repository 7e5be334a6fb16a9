"""A framework as all these formats have it: items within items, each with a code, words and facts. A pack as one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from portfolio.criteria.contents import Pack, PackCriterion, PackGroup, PackGuidance, PackOutcome, PackUnit
from portfolio.criteria.rules import GroupKind, Listed


class What(StrEnum):
    """What an item is, from the outermost inwards."""

    GROUP = "Group"
    UNIT = "Unit"
    OUTCOME = "Learning outcome"
    CRITERION = "Assessment criterion"


INWARDS = tuple(What)

REFERENCE_NOTE = CODE_NOTE = "Note on the code"
LEVEL, CREDIT, HOURS = "Level", "Credit", "Guided learning hours"
ORGANISATION, SPECIFICATION = "Awarding organisation", "Specification"
WORDING, FIGURES, SOURCE = "Wording", "Figures", "Source"
OPEN_UNTIL, CERTIFIED_UNTIL = "New learners until", "Certificates until"
TOTAL, FLOOR, THEME, BARRED = "Credits in all", "Level floor", "Theme", "Not together"
KIND, LEAST, MOST, LISTED = "Kind", "Credits at least", "Credits at most", "Listed"
METHODS, CODE, OUTLINE, GROUP = "Methods", "Code", "In outline", "Group"
LABELS = frozenset(
    {
        CODE_NOTE,
        LEVEL,
        CREDIT,
        HOURS,
        ORGANISATION,
        SPECIFICATION,
        WORDING,
        FIGURES,
        SOURCE,
        OPEN_UNTIL,
        CERTIFIED_UNTIL,
    }
    | {TOTAL, FLOOR, THEME, BARRED, KIND, LEAST, MOST, LISTED, METHODS, CODE, OUTLINE, GROUP}
)
"""What a fact may be called."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that is said of an item beside its words; some may be said several times."""

    label: str
    value: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Hint:
    """A hint to a unit; `criteria` are the codes of those that it helps with."""

    kind: str
    text: str
    criteria: Sequence[str]
    sources: Sequence[str]
    place: str = ""


@dataclass(slots=True)
class Item:
    """One item. `name` is a short form of its words, and `body` the whole of them where the format has a place for
    both. `what` is None where the file does not say.
    """

    place: str
    code: str
    name: str
    body: str = ""
    what: What | None = None
    facts: list[Fact] = field(default_factory=list)
    items: "list[Item]" = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)
    is_cut: bool = False
    """Whether `name` may be no more than the beginning of the words."""

    def fact(self, label: str) -> Fact | None:
        """What is said under a label, if anything is."""
        return next((fact for fact in self.facts if fact.label == label), None)

    def all(self, label: str) -> list[Fact]:
        """Everything that is said under a label."""
        return [fact for fact in self.facts if fact.label == label]

    def inside(self) -> "Iterator[Item]":
        """Every item within this one, each before what is within it."""
        waiting = self.items[::-1]
        while waiting:
            item = waiting.pop()
            yield item
            waiting += item.items[::-1]


def forest_of(pack: Pack) -> Item:
    """The qualification as an item, with its groups, units, outcomes and criteria within it."""
    return Item("", pack.reference, pack.title, facts=_of_pack(pack), items=[_group(group) for group in pack.groups])


def _facts(*pairs: tuple[str, object]) -> list[Fact]:
    """Those facts that say something."""
    return [Fact(label, str(value)) for label, value in pairs if value not in {None, ""}]


def _of_pack(pack: Pack) -> list[Fact]:
    floor = pack.level_floor
    return [
        *_facts(
            (LEVEL, pack.level),
            (ORGANISATION, pack.awarding_organisation),
            (SPECIFICATION, pack.spec_version),
            (WORDING, pack.status),
            (SOURCE, pack.source),
            (REFERENCE_NOTE, pack.reference_note),
            (OPEN_UNTIL, pack.operational_end),
            (CERTIFIED_UNTIL, pack.certification_end),
            (TOTAL, pack.credits_min),
            (FLOOR, floor and f"{floor.credits} at level {floor.level}"),
        ),
        *(
            Fact(THEME, f"{theme.code}; {theme.at_least} of {', '.join(theme.units)}; {theme.title}")
            for theme in pack.themes
        ),
        *(Fact(BARRED, ", ".join(pair)) for pair in pack.barred),
    ]


def _group(group: PackGroup) -> Item:
    is_mandatory = group.kind is GroupKind.MANDATORY
    facts = _facts(
        (KIND, group.kind),
        (LEAST, None if is_mandatory else group.credits_min),
        (MOST, group.credits_max),
        (LISTED, group.listed if group.listed is Listed.SOME else None),
    )
    units = [_unit(unit) for unit in group.units]
    return Item("", group.code, group.title, what=What.GROUP, facts=facts, items=units)


def _unit(unit: PackUnit) -> Item:
    facts = _facts((LEVEL, unit.level), (CREDIT, unit.credit))
    if unit.is_outline:
        facts += _facts((OUTLINE, "yes"))
    else:
        facts += _facts((HOURS, unit.glh), (FIGURES, unit.figures), (WORDING, unit.status), (SOURCE, unit.source))
    facts += _facts((CODE_NOTE, unit.code_note))
    outcomes, hints = [_outcome(one) for one in unit.outcomes], [_hint(hint) for hint in unit.guidance]
    return Item("", unit.code, unit.title, what=What.UNIT, facts=facts, items=outcomes, hints=hints)


def _outcome(outcome: PackOutcome) -> Item:
    criteria = [_criterion(one) for one in outcome.criteria]
    facts = _facts((KIND, outcome.kind))
    return Item("", outcome.code, outcome.title, what=What.OUTCOME, facts=facts, items=criteria)


def _criterion(criterion: PackCriterion) -> Item:
    facts = _facts((METHODS, ", ".join(criterion.methods)))
    return Item("", criterion.code, criterion.text, what=What.CRITERION, facts=facts)


def _hint(hint: PackGuidance) -> Hint:
    return Hint(hint.kind, hint.text, hint.criteria, hint.sources)
