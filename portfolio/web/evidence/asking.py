"""What stands beside the lines of a record: the learner's criteria by unit, and questions to begin from."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from portfolio.criteria.queries import GuidanceRow, guidance_for
from portfolio.criteria.rules import GuidanceKind
from portfolio.enrolment.queries import OwnCriterion
from portfolio.evidence.notes import Pair
from portfolio.web.evidence.notes_forms import Codes
from portfolio.web.session import database_session

ASKED_FROM = (GuidanceKind.MARKING_POINT, GuidanceKind.KEY_CONCEPT)
"""What of the guidance a question may begin from."""


@dataclass(frozen=True, slots=True)
class NamedOutcome:
    """A learning outcome with each of its criteria as the lines name it, its code and its text."""

    code: str
    title: str
    criteria: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class NamedUnit:
    """A unit that the learner takes."""

    enrolment_unit_id: int
    code: str
    title: str
    outcomes: tuple[NamedOutcome, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A hint that a question may begin from; `codes` names its criteria as the lines do, `labels` are theirs alone.

    `outcome` is that of the first of them.
    """

    id: int
    text: str
    codes: str
    labels: tuple[str, ...]
    outcome: str


def units_in(own: Sequence[OwnCriterion], codes: Codes) -> list[NamedUnit]:
    """The learner's units with criteria, in order."""
    return [
        NamedUnit(
            unit_id,
            rows[0].unit_code,
            rows[0].unit_title,
            tuple(
                NamedOutcome(
                    code, title, tuple((codes.write([(one.unit_code, one.code)]), one.code, one.text) for one in group)
                )
                for (code, title), group in groupby(rows, key=lambda one: (one.outcome_code, one.outcome_title))
            ),
        )
        for unit_id, found in groupby(own, key=lambda one: one.enrolment_unit_id)
        for rows in [list(found)]
    ]


def questions_in(own: Sequence[OwnCriterion], unit_id: int | None, codes: Codes) -> list[Question]:
    """The marking points and key concepts of one unit, each once, in the order of its criteria."""
    rows = [one for one in own if one.enrolment_unit_id == unit_id]
    if not rows:
        return []
    guidance = guidance_for(database_session(), rows[0].unit_version_id)
    hints: dict[int, tuple[GuidanceRow, str, list[Pair]]] = {}
    for one in rows:
        for hint in guidance.on(one.id, *ASKED_FROM):
            outcome = f"{one.outcome_code}. {one.outcome_title}"
            hints.setdefault(hint.id, (hint, outcome, []))[2].append((one.unit_code, one.code))
    return [
        Question(hint.id, hint.text, codes.write(pairs), tuple(code for _unit, code in pairs), outcome)
        for hint, outcome, pairs in hints.values()
    ]
