"""The rows of the mapping page: each criterion of the learner's units, and what this item says to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portfolio.assessment.learner_queries import ClaimSeen
from portfolio.assessment.queries import CriterionCoverage, UnitCoverage
from portfolio.assessment.worklist import Said
from portfolio.criteria.queries import UnitGuidance
from portfolio.criteria.rules import GuidanceKind, Status
from portfolio.mapping.coverage import STATE_WORDS, State
from portfolio.mapping.queries import ClaimText


@dataclass(frozen=True, slots=True)
class Row:
    """One criterion. `word` says its state, and whether another item carries it; `said` is what the item was told, when
    the criterion read otherwise if `is_reworded`.
    """

    id: int
    code: str
    text: str
    kind: State
    word: str
    is_ticked: bool
    annotation: str
    place: str
    said: Said | None
    is_reworded: bool
    points: tuple[str, ...]
    mistakes: tuple[str, ...]


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
        """How many are ticked."""
        return sum(group.ticked for group in self.groups)


def unit_rows(
    units: Sequence[UnitCoverage],
    guidance: Mapping[int, UnitGuidance],
    *,
    evidence_id: int,
    chosen: Mapping[int, ClaimText],
    decided: Mapping[int, ClaimSeen],
) -> list[UnitRows]:
    """Everything there is to tick. `chosen` and `decided` are by criterion id, `guidance` by unit version."""
    found = []
    for unit in units:
        hints = guidance[unit.unit_version_id]
        groups = [
            Group(
                outcome.code,
                outcome.title,
                tuple(_row(one, hints, evidence_id, chosen, decided) for one in outcome.criteria),
            )
            for outcome in unit.outcomes
        ]
        found.append(UnitRows(unit.enrolment_unit_id, unit.title, unit.status, tuple(groups)))
    return found


def _row(
    covered: CriterionCoverage,
    hints: UnitGuidance,
    evidence_id: int,
    chosen: Mapping[int, ClaimText],
    decided: Mapping[int, ClaimSeen],
) -> Row:
    criterion, kind = covered.criterion, covered.standing.state
    is_elsewhere = bool(covered.claims) and all(claim.evidence_id != evidence_id for claim in covered.claims)
    word = STATE_WORDS[kind] + (" elsewhere" if is_elsewhere and kind in {State.MET, State.CLAIMED} else "")
    text, told = chosen.get(criterion.id), decided.get(criterion.id)
    return Row(
        id=criterion.id,
        code=criterion.code,
        text=criterion.text,
        kind=kind,
        word=word,
        is_ticked=text is not None,
        annotation=text.annotation if text else "",
        place=text.place if text else "",
        said=told.said if told else None,
        is_reworded=told is not None and not told.stands,
        points=tuple(hint.text for hint in hints.on(criterion.id, GuidanceKind.MARKING_POINT)),
        mistakes=tuple(
            hint.text for hint in hints.on(criterion.id, GuidanceKind.COMMON_MISTAKE, GuidanceKind.MISCONCEPTION)
        ),
    )
