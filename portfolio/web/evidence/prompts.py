"""What stands beside a text as it is written: prompts from the learner's own units, and the criteria to tick."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portfolio.assessment.queries import UnitCoverage
from portfolio.criteria.queries import GuidanceRow, UnitGuidance
from portfolio.criteria.rules import GuidanceKind
from portfolio.web.terms import worded

HEADINGS = {
    GuidanceKind.OBJECTIVE: "What the {unit} is for",
    GuidanceKind.TIP: "Tips",
    GuidanceKind.MARKING_POINT: "What your {assessor} looks for",
}


@dataclass(frozen=True, slots=True)
class Prompt:
    """One line, with the codes of the criteria that it helps with; none when it is about the whole unit."""

    codes: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class PromptGroup:
    """Prompts of one kind."""

    heading: str
    prompts: tuple[Prompt, ...]


def groups_for(unit: UnitCoverage, guidance: UnitGuidance) -> list[PromptGroup]:
    """The unit's objectives, tips and marking points, each hint once, in the order of its criteria."""
    hints: dict[int, tuple[GuidanceRow, list[str]]] = {hint.id: (hint, []) for hint in guidance.general}
    for covered in unit.criteria:
        for hint in guidance.on(covered.criterion.id):
            hints.setdefault(hint.id, (hint, []))[1].append(covered.criterion.code)
    groups = []
    for kind, heading in HEADINGS.items():
        prompts = tuple(Prompt(tuple(codes), hint.text) for hint, codes in hints.values() if hint.kind is kind)
        if prompts:
            groups.append(PromptGroup(worded(heading), prompts))
    return groups


def with_criteria(units: Sequence[UnitCoverage]) -> list[UnitCoverage]:
    """The units that can be claimed for: one in outline has no criteria."""
    return [unit for unit in units if unit.criteria]


def unit_to_show(units: Sequence[UnitCoverage], *, asked: int | None, ticked: set[int]) -> UnitCoverage | None:
    """The unit that was asked for, else the first with a criterion ticked, else the first."""
    named = [unit for unit in units if unit.enrolment_unit_id == asked]
    touched = [unit for unit in units if any(one.criterion.id in ticked for one in unit.criteria)]
    return next(iter([*named, *touched, *units]), None)


def unit_of_each(units: Sequence[UnitCoverage]) -> Mapping[int, int]:
    """The enrolment unit of each criterion, by criterion id, in order."""
    return {covered.criterion.id: unit.enrolment_unit_id for unit in units for covered in unit.criteria}
