"""The self-check before handing in: what assessors often say of such work, asked of the very items at hand. Pure.

It never blocks: any question may be left, and any answer hands in. What was asked is kept in the words that it had.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest
from typing import Any

from portfolio.criteria.queries import GuidanceRow, UnitGuidance
from portfolio.criteria.rules import GuidanceKind
from portfolio.mapping.queries import DraftClaim
from portfolio.mapping.rules import Coded, in_codes

MOST_OF_ITEM, MOST_OF_UNIT = 7, 2
"""How many questions are asked of one item, and of everything that is handed in for one unit."""
KINDS = (GuidanceKind.COMMON_MISTAKE, GuidanceKind.MISCONCEPTION)
"""What is asked about, the more telling first: what assessors find in work, then what people believe."""


class Answer(StrEnum):
    """What a learner says to a question."""

    NO = "no"
    PERHAPS = "perhaps"


ANSWER_WORDS = {Answer.NO: "No", Answer.PERHAPS: "Perhaps, and I hand it in all the same"}
LEFT = "Not answered"


@dataclass(frozen=True, slots=True)
class Question:
    """Could the assessor say `words` of the item? `key` names it while it is asked; `codes` say their units too where
    the item shows criteria of several. `item_id` is 0, and nothing else is named, where it is asked of everything that
    is handed in for a unit.
    """

    key: str
    item_id: int
    ref: str
    codes: tuple[str, ...]
    words: str
    unit_id: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was kept with a submission; `item` and `codes` are empty for one of a whole unit."""

    item: str
    codes: tuple[str, ...]
    words: str
    answer: Answer | None

    @property
    def said(self) -> str:
        """The answer in words."""
        return ANSWER_WORDS[self.answer] if self.answer else LEFT


def questions_of(
    drafts: Iterable[DraftClaim], guidance: Mapping[int, UnitGuidance], titles: Mapping[int, str]
) -> list[Question]:
    """What to ask of the items that these claims are about: item by item, then of each unit as a whole.

    Of an item each claimed criterion has its first question before any has its second, common mistakes before
    misconceptions and otherwise in the order of the unit; the same words once, and no more than a few. `guidance` and
    `titles` are by enrolment unit.
    """
    items: dict[int, list[DraftClaim]] = {}
    for draft in drafts:
        items.setdefault(draft.evidence_id, []).append(draft)
    found = [question for claims in items.values() for question in _of_item(claims, guidance, titles)]
    for unit_id in dict.fromkeys(claim.enrolment_unit_id for claims in items.values() for claim in claims):
        general = _telling(guidance[unit_id].general)
        found += [Question(f"0-{hint.id}", 0, "", (), hint.text, unit_id) for hint in general[:MOST_OF_UNIT]]
    return found


def _telling(hints: Sequence[GuidanceRow]) -> list[GuidanceRow]:
    return [hint for kind in KINDS for hint in hints if hint.kind is kind]


def _of_item(
    claims: Sequence[DraftClaim], guidance: Mapping[int, UnitGuidance], titles: Mapping[int, str]
) -> Iterator[Question]:
    tied = [(claim, _telling(guidance[claim.enrolment_unit_id].on(claim.criterion_id))) for claim in claims]
    criteria: dict[str, list[Coded]] = {}
    for claim, hints in tied:
        for text in dict.fromkeys(hint.text for hint in hints):
            criteria.setdefault(text, []).append(claim.coded)
    in_turn = [hint for row in zip_longest(*(hints for _claim, hints in tied)) for hint in row if hint is not None]
    once: dict[str, GuidanceRow] = {}
    for hint in in_turn:
        once.setdefault(hint.text, hint)
    item, whole = claims[0], [claim.coded for claim in claims]
    is_named = len({one.unit_id for one in whole}) > 1
    for hint in list(once.values())[:MOST_OF_ITEM]:
        about = criteria[hint.text]
        codes = (in_codes(about, titles, among=whole),) if is_named else tuple(one.code for one in about)
        yield Question(f"{item.evidence_id}-{hint.id}", item.evidence_id, item.ref, codes, hint.text)


def kept(questions: Iterable[Question], answers: Mapping[str, Answer]) -> list[dict[str, Any]]:
    """The questions as they are kept, each with its answer, empty where it was left."""
    return [
        {"item": one.ref, "criteria": list(one.codes), "question": one.words, "answer": answers.get(one.key, "")}
        for one in questions
    ]


def asked_in(self_check: Iterable[Mapping[str, Any]], ref: str) -> tuple[Asked, ...]:
    """What was kept of one item, and of its unit as a whole."""
    return tuple(
        Asked(one["item"], tuple(one["criteria"]), one["question"], Answer(one["answer"]) if one["answer"] else None)
        for one in self_check
        if one["item"] in {ref, ""}
    )
