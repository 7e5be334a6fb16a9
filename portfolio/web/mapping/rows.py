"""The rows of the mapping page: each criterion of the learner's units, and what this item says to it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portfolio.assessment.learner_queries import ClaimSeen
from portfolio.assessment.queries import CriterionCoverage, UnitCoverage
from portfolio.assessment.worklist import Said
from portfolio.criteria.queries import UnitGuidance
from portfolio.criteria.rules import GuidanceKind, Status
from portfolio.mapping.coverage import STATE_WORDS, State
from portfolio.mapping.queries import ClaimText, Locked
from portfolio.mapping.rules import OUTCOME_WORDS


@dataclass(frozen=True, slots=True)
class Row:
    """One criterion; `name` is what it is called away from its unit. `word` says its state, and whether another item
    carries it; `said` is what the item was told, when the criterion read otherwise if `is_reworded`. `is_locked`: the
    item was handed in with it. `is_shared`: another criterion has the same words.
    """

    id: int
    code: str
    name: str
    text: str
    kind: str
    word: str
    is_ticked: bool
    is_locked: bool
    is_shared: bool
    annotation: str
    place: str
    said: Said | None
    is_reworded: bool
    points: tuple[str, ...]
    mistakes: tuple[str, ...]

    @property
    def is_draft(self) -> bool:
        """Whether this item is ticked for it and nothing was handed in yet."""
        return self.is_ticked and self.kind == State.GAP


@dataclass(frozen=True, slots=True)
class Group:
    """A learning outcome with its rows."""

    code: str
    title: str
    rows: tuple[Row, ...]

    @property
    def ticked(self) -> int:
        """How many are ticked."""
        return sum(1 for row in self.rows if row.is_ticked)


@dataclass(frozen=True, slots=True)
class UnitRows:
    """A unit with its outcomes."""

    id: int
    title: str
    status: Status
    groups: tuple[Group, ...]

    @property
    def total(self) -> int:
        """How many criteria there are."""
        return sum(len(group.rows) for group in self.groups)

    @property
    def ticked(self) -> int:
        """How many are ticked, with those that were handed in."""
        return sum(group.ticked for group in self.groups)


@dataclass(frozen=True, slots=True)
class Words:
    """What is said of the criteria, by their ids. `counted` tells how many have the same words."""

    names: Mapping[int, str]
    chosen: Mapping[int, ClaimText]
    locked: Mapping[int, Locked]
    decided: Mapping[int, ClaimSeen]
    counted: Mapping[str, int]


def unit_rows(
    units: Sequence[UnitCoverage],
    names: Mapping[int, str],
    guidance: Mapping[int, UnitGuidance],
    *,
    evidence_id: int,
    chosen: Mapping[int, ClaimText],
    locked: Mapping[int, Locked],
    decided: Mapping[int, ClaimSeen],
) -> list[UnitRows]:
    """Everything there is to tick. `chosen`, `locked` and `decided` are by criterion id, as are
    `names`; `guidance` is by unit version.
    """
    found, words = [], Words(names, chosen, locked, decided, Counter(text.annotation for text in chosen.values()))
    for unit in units:
        hints = guidance[unit.unit_version_id]
        groups = [
            Group(
                outcome.code,
                outcome.title,
                tuple(_row(one, hints, evidence_id, words) for one in outcome.criteria),
            )
            for outcome in unit.outcomes
        ]
        found.append(UnitRows(unit.enrolment_unit_id, unit.title, unit.status, tuple(groups)))
    return found


def _row(covered: CriterionCoverage, hints: UnitGuidance, evidence_id: int, words: Words) -> Row:
    criterion, locked = covered.criterion, words.locked.get(covered.criterion.id)
    told = words.decided.get(criterion.id)
    text = words.chosen.get(criterion.id) if locked is None else ClaimText(locked.annotation, locked.place)
    kind, word = _standing(covered, evidence_id) if locked is None else _handed_in(told)
    return Row(
        id=criterion.id,
        code=criterion.code,
        name=words.names[criterion.id],
        text=criterion.text,
        kind=kind,
        word=word,
        is_ticked=text is not None,
        is_locked=locked is not None,
        is_shared=text is not None and text.annotation != "" and words.counted[text.annotation] > 1,
        annotation=text.annotation if text else "",
        place=text.place if text else "",
        said=told.said if told else None,
        is_reworded=told is not None and not told.stands,
        points=tuple(hint.text for hint in hints.on(criterion.id, GuidanceKind.MARKING_POINT)),
        mistakes=tuple(
            hint.text for hint in hints.on(criterion.id, GuidanceKind.COMMON_MISTAKE, GuidanceKind.MISCONCEPTION)
        ),
    )


def _standing(covered: CriterionCoverage, evidence_id: int) -> tuple[str, str]:
    kind = covered.standing.state
    is_elsewhere = bool(covered.claims) and all(claim.evidence_id != evidence_id for claim in covered.claims)
    return kind, STATE_WORDS[kind] + (" elsewhere" if is_elsewhere and kind in {State.MET, State.CLAIMED} else "")


def _handed_in(told: ClaimSeen | None) -> tuple[str, str]:
    """What the item itself was told on a criterion that it was handed in with."""
    if told is None or told.said is None:
        return State.CLAIMED, "Handed in"
    return told.said.outcome, OUTCOME_WORDS[told.said.outcome]
