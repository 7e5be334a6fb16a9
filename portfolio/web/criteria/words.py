"""Qualifications and their rules in words, as the pages say them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portfolio.criteria.combination import Group, Rules, credits_in_words, listed
from portfolio.criteria.contents import Pack, PackUnit
from portfolio.criteria.models import QualificationVersion
from portfolio.criteria.queries import CriterionRow, GuidanceRow, UnitGuidance
from portfolio.criteria.rules import GUIDANCE_WORDS, GroupKind, GuidanceKind, OutcomeKind
from portfolio.web.terms import term, worded


@dataclass(frozen=True, slots=True)
class End:
    """A day after which something about a qualification is over."""

    label: str
    on: date
    is_past: bool


@dataclass(frozen=True, slots=True)
class OutcomeText:
    """A learning outcome with its criteria in order."""

    code: str
    title: str
    kind: OutcomeKind
    criteria: tuple[CriterionRow, ...]


@dataclass(frozen=True, slots=True)
class Hint:
    """A hint with the criteria that it is tied to, none when it stands for the whole unit."""

    row: GuidanceRow
    criteria: tuple[CriterionRow, ...]


@dataclass(frozen=True, slots=True)
class Hints:
    """Every hint of one kind, in the order of the unit."""

    kind: GuidanceKind
    heading: str
    hints: tuple[Hint, ...]


def ends_of(version: QualificationVersion, today: date) -> tuple[End, ...]:
    """The days on which a qualification closes, as far as they are known."""
    known = (
        (worded("New {learners} until"), version.operational_end),
        ("Certificates until", version.certification_end),
    )
    return tuple(End(label, on, on < today) for label, on in known if on is not None)


def loaded_in_words(pack: Pack | None, units: Sequence[PackUnit], centre: str) -> str:
    """What loading did: whom it is for, and who goes on with what they had."""
    if pack:
        return (
            f"{pack.title} is loaded for {centre}. New {term('learners')} begin with it; everybody else stays on "
            f"what they began with until {term('a unit')} is moved for them."
        )
    what = f"{units[0].title} is" if len(units) == 1 else f"{len(units)} {term('units')} are"
    return f"{what} loaded for {centre}. A qualification that has {term('a unit')} in full keeps its own words for it."


def rules_in_words(rules: Rules, titles: Mapping[str, str]) -> list[str]:
    """What a choice as a whole must meet, a sentence for each rule; `titles` are by unit code."""
    said = [f"At least {credits_in_words(rules.credits_min or 0)} in all."]
    if rules.level_floor:
        floor = rules.level_floor
        said.append(f"At least {credits_in_words(floor.credits)} of them at level {floor.level} or above.")
    for theme in rules.themes:
        units = listed([titles.get(code, code) for code in theme.units])
        many = worded("one {unit}") if theme.at_least == 1 else f"{theme.at_least} {term('units')}"
        said.append(f"At least {many} of {theme.title}: {units}.")
    for first, second in rules.barred:
        said.append(f"Not both {titles.get(first, first)} and {titles.get(second, second)}.")
    return said


def group_in_words(group: Group, *, is_known: bool) -> str:
    """What is asked of one group."""
    if not is_known:
        return ""
    if group.kind is GroupKind.MANDATORY:
        return f"All {term('units')}, {credits_in_words(group.credits_min or 0)}"
    said = []
    if group.credits_min:
        said.append(f"at least {credits_in_words(group.credits_min)}")
    if group.credits_max is not None:
        said.append(f"at most {credits_in_words(group.credits_max)} count")
    return ", ".join(said).capitalize() or "Optional"


def outcomes_of(criteria: Iterable[CriterionRow]) -> list[OutcomeText]:
    """The criteria of a unit under their outcomes."""
    found: dict[int, list[CriterionRow]] = {}
    for row in criteria:
        found.setdefault(row.outcome_id, []).append(row)
    return [
        OutcomeText(rows[0].outcome_code, rows[0].outcome_title, rows[0].outcome_kind, tuple(rows))
        for rows in found.values()
    ]


def hints_of(guidance: UnitGuidance, criteria: Iterable[CriterionRow]) -> list[Hints]:
    """Every hint of a unit once, under the heading of its kind."""
    rows = {hint.id: hint for hint in guidance.general}
    tied: dict[int, list[CriterionRow]] = {}
    for criterion in criteria:
        for hint in guidance.on(criterion.id):
            rows[hint.id] = hint
            tied.setdefault(hint.id, []).append(criterion)
    hints = [Hint(rows[id_], tuple(tied.get(id_, ()))) for id_ in sorted(rows)]
    return [
        Hints(kind, heading, found)
        for kind, heading in GUIDANCE_WORDS.items()
        if (found := tuple(hint for hint in hints if hint.row.kind is kind))
    ]
