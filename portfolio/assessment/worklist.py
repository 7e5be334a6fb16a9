"""What a learner should do next, in the order in which it helps most. Decided from values alone."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from portfolio.assessment.queries import ClaimRow, CriterionKey, UnitCoverage
from portfolio.assessment.replacing import Replaced, replaced_by
from portfolio.evidence.queries import ItemRow
from portfolio.mapping.coverage import State
from portfolio.mapping.queries import UNMAPPED, Drafted, Mapped, further_among
from portfolio.mapping.rules import Coded, Outcome
from portfolio.screening.queries import Standing

CLEAR = Standing()


class TaskKind(StrEnum):
    """Take personal data out; answer feedback; decide what was found in a draft; map it; say how it meets what it is
    mapped to; hand it in; wait until its files were looked through.
    """

    MEND = "mend"
    ANSWER = "answer"
    DECIDE = "decide"
    MAP = "map"
    EXPLAIN = "explain"
    HAND_IN = "hand_in"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Said:
    """What an assessor decided on a claim, released and effective, and the words that went with it."""

    outcome: Outcome
    feedback: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ItemTask:
    """Something to do with one item. `criteria` are those that it is about; `said` answers why, for feedback.

    `is_further`: they are claimed on what was handed in before, which stays as it is. `replaces` is what a new version
    puts at stake once it is handed in. `left` and `unreadable` count what is to be decided, and files to be looked at.
    """

    kind: TaskKind
    evidence_id: int
    ref: str
    title: str
    criteria: tuple[Coded, ...]
    is_revision: bool = False
    is_further: bool = False
    said: Said | None = None
    replaces: Replaced | None = None
    left: int = 0
    unreadable: int = 0

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of its criteria."""
        return tuple([one.code for one in self.criteria])


@dataclass(slots=True)
class Gap:
    """A criterion for which there is nothing yet, not even a draft."""

    enrolment_unit_id: int
    unit_title: str
    criterion_id: int
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Worklist:
    """Everything that waits for the learner."""

    items: tuple[ItemTask, ...]
    gaps: tuple[Gap, ...]


def worklist(
    items: Sequence[ItemRow],
    mapped: Mapping[int, Mapped],
    units: Sequence[UnitCoverage],
    claimed: Sequence[Drafted],
    said: Mapping[int, Said],
    standings: Mapping[int, Standing],
) -> Worklist:
    """Personal data to take out first, and nothing else of such an item; then feedback to answer, drafts by what they
    lack, and gaps in the order of the units.

    `mapped` is by version id, without those that are mapped to nothing; `said` is by claim id; `claimed` is what the
    drafts claim; `standings` are those of the items that were looked through for personal data, by item.
    """
    drafted = {(claim.enrolment_unit_id, claim.criterion_id) for claim in claimed}
    replaced = replaced_by(units, claimed)
    drafts = [item for item in items if item.is_draft and not item.is_hidden]
    own = [item for item in items if item.is_hidden and not item.recorded_by]
    tasks = [ItemTask(TaskKind.MEND, item.evidence_id, item.ref, item.title, ()) for item in own]
    tasks += _answers(units, {item.evidence_id for item in drafts}, drafted, said)
    ranked = [TaskKind.DECIDE, TaskKind.MAP, TaskKind.EXPLAIN, TaskKind.HAND_IN, TaskKind.WAIT]
    found = [
        _draft_task(item, mapped.get(item.version_id, UNMAPPED), replaced.get(item.evidence_id)) for item in drafts
    ]
    further = further_among(claimed)
    found += [_further_task(item, further[item.evidence_id]) for item in items if item.evidence_id in further]
    found = [_unless_in_the_way(task, standings.get(task.evidence_id, CLEAR)) for task in found]
    tasks += sorted(found, key=lambda task: ranked.index(task.kind))
    return Worklist(tuple(tasks), tuple(_gaps(units, drafted)))


def _draft_task(item: ItemRow, mapped: Mapped, replaced: Replaced | None) -> ItemTask:
    if not mapped.criteria:
        kind, criteria = TaskKind.MAP, mapped.criteria
    elif mapped.unexplained:
        kind, criteria = TaskKind.EXPLAIN, mapped.unexplained
    else:
        kind, criteria = TaskKind.HAND_IN, mapped.criteria
    return ItemTask(kind, item.evidence_id, item.ref, item.title, criteria, is_revision=item.no > 1, replaces=replaced)


def _further_task(item: ItemRow, mapped: Mapped) -> ItemTask:
    kind = TaskKind.EXPLAIN if mapped.unexplained else TaskKind.HAND_IN
    criteria = mapped.unexplained or mapped.criteria
    return ItemTask(kind, item.evidence_id, item.ref, item.title, criteria, is_further=True)


def _unless_in_the_way(task: ItemTask, standing: Standing) -> ItemTask:
    """What was found in the item is decided first; what may be in its files is waited for last."""
    if standing.left or standing.unreadable:
        return replace(task, kind=TaskKind.DECIDE, left=standing.left, unreadable=standing.unreadable)
    if standing.waiting and task.kind is TaskKind.HAND_IN:
        return replace(task, kind=TaskKind.WAIT)
    return task


def _answers(
    units: Sequence[UnitCoverage], revised: Collection[int], drafted: Collection[CriterionKey], said: Mapping[int, Said]
) -> list[ItemTask]:
    """One task for each item that left a criterion wanting, unless something newer is on its way for the criterion."""
    found: dict[int, list[tuple[Coded, ClaimRow]]] = {}
    for unit in units:
        for covered in unit.criteria:
            if covered.standing.state is not State.MORE or (unit.enrolment_unit_id, covered.criterion.id) in drafted:
                continue
            if any(claim.decision is None for claim in covered.claims):
                continue
            coded = Coded(unit.enrolment_unit_id, covered.criterion.code)
            for claim in covered.claims:
                if claim.evidence_id not in revised and not claim.is_hidden:
                    found.setdefault(claim.evidence_id, []).append((coded, claim))
    return [
        ItemTask(
            TaskKind.ANSWER,
            evidence_id,
            claims[0][1].ref,
            claims[0][1].title,
            tuple(coded for coded, _claim in claims),
            said=said.get(claims[0][1].claim_id),
        )
        for evidence_id, claims in found.items()
    ]


def _gaps(units: Sequence[UnitCoverage], drafted: Collection[CriterionKey]) -> list[Gap]:
    return [
        Gap(unit.enrolment_unit_id, unit.title, wanting.id, wanting.code, wanting.text)
        for unit in units
        for wanting in (row.criterion for row in unit.criteria if row.standing.state is State.GAP)
        if (unit.enrolment_unit_id, wanting.id) not in drafted
    ]
