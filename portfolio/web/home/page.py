"""A learner's first page as plain values: the one thing to do now, tasks with where they are done, gaps by unit, units
with their ruler.

Words and addresses are made here once, so that drawing a line is only a matter of printing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from portfolio.assessment.learner_queries import FeedbackRow, Portfolio
from portfolio.assessment.queries import UnitCoverage
from portfolio.assessment.replacing import Replaced
from portfolio.assessment.worklist import Gap, ItemTask, TaskKind
from portfolio.evidence.queries import ItemRow
from portfolio.evidence.rules import EvidenceState
from portfolio.mapping.queries import UNMAPPED
from portfolio.mapping.rules import Coded, in_codes
from portfolio.web.looks import ruler
from portfolio.web.pointing import found_words
from portfolio.web.terms import term, worded

TASKS_SHOWN, GAPS_SHOWN, ITEMS_SHOWN = 6, 40, 8
PAGES = {
    TaskKind.MEND: "/mend",
    TaskKind.ANSWER: "",
    TaskKind.DECIDE: "/personal-data",
    TaskKind.WAIT: "/personal-data",
    TaskKind.MAP: "/map",
    TaskKind.EXPLAIN: "/map",
}
"""Which page of its item each kind of task is done on; handing in is another page with the item chosen."""


@dataclass(slots=True)
class Task:
    """A task, its item and its criteria in words, and the page where it is done; `found` is what there is to decide."""

    what: ItemTask
    name: str
    codes: str
    url: str
    found: str = ""


@dataclass(slots=True)
class Next:
    """The one thing to do now: why, with what was `said` or what it `replaces`, and the button that leads there."""

    why: str
    url: str
    label: str
    said: str = ""
    replaces: Replaced | None = None


@dataclass(slots=True)
class UnitGaps:
    """The gaps of a unit that are shown, and how many more there are."""

    title: str
    url: str
    gaps: Sequence[Gap]
    more: int


@dataclass(slots=True)
class UnitLine:
    """A unit with one tick for each criterion, as markup."""

    unit: UnitCoverage
    ruler: Markup
    url: str


@dataclass(slots=True)
class Feedback:
    """What an assessor said, with the criterion before it where it is about one."""

    said: FeedbackRow
    text: str


@dataclass(slots=True)
class WaitingItem:
    """An item that was handed in, with the criteria that it was handed in for."""

    item: ItemRow
    codes: str
    awaits_countersignature: bool


@dataclass(slots=True)
class Waiting:
    """Items that are with the assessor, or on record; `more` are not shown."""

    items: Sequence[WaitingItem]
    count: int

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.items)


def tasks_of(seen: Portfolio, enrolment_id: int) -> list[Task]:
    """The first of what there is to do."""
    titles, shown = _titles(seen), _shown_by_item(seen)
    return [
        Task(
            one,
            f"{one.ref}, {one.title}",
            in_codes(one.criteria, titles, among=shown.get(one.evidence_id, ())),
            f"/enrolments/{enrolment_id}/hand-in?item={one.evidence_id}"
            if one.kind is TaskKind.HAND_IN
            else f"/evidence/{one.evidence_id}{PAGES[one.kind]}",
            found_words(one.left, one.unreadable) if one.kind is TaskKind.DECIDE else "",
        )
        for one in seen.work.items[:TASKS_SHOWN]
    ]


def _titles(seen: Portfolio) -> dict[int, str]:
    return {unit.enrolment_unit_id: unit.title for unit in seen.units}


def _shown_by_item(seen: Portfolio) -> dict[int, tuple[Coded, ...]]:
    """Everything that an item is mapped to, by the item."""
    return {item.evidence_id: seen.mapped.get(item.version_id, UNMAPPED).criteria for item in seen.items}


def next_of(seen: Portfolio, tasks: Sequence[Task], enrolment_id: int) -> Next | None:
    """The first task, else the first gap, else the Word portfolio once every criterion is met; None while all waits."""
    if tasks:
        return _task_first(tasks[0])
    if seen.work.gaps:
        gap = seen.work.gaps[0]
        where = f" ({gap.unit_title})" if has_units(seen) else ""
        url = f"/enrolments/{enrolment_id}/evidence/add-files?criterion={gap.criterion_id}"
        evidence = term("evidence")
        return Next(f"Find {evidence} for {gap.code}: {gap.text}{where}.", url, f"Add {evidence}")
    if seen.tally.met == seen.tally.total:
        why = worded("Every criterion is met. Your Word {portfolio} can be made whenever you like.")
        return Next(why, f"/enrolments/{enrolment_id}/book", worded("Make the Word {portfolio}"))
    return None


def _task_first(task: Task) -> Next:
    what, name, url = task.what, task.name, task.url
    match what.kind:
        case TaskKind.MEND:
            why = f"Somebody’s personal data is in {what.ref}. Nobody else sees the item until it is taken out."
            return Next(why, url, "Take it out")
        case TaskKind.ANSWER:
            return _answer_first(task)
        case TaskKind.DECIDE:
            return Next(f"In {name}, {task.found}.", url, "Decide" if what.left else "Look at it")
        case TaskKind.WAIT:
            return Next(f"The files of {name}, are still being looked through.", url, "See how far it is")
        case TaskKind.MAP:
            return Next(f"Map {name}, to the criteria that it shows.", url, "Map it")
        case TaskKind.EXPLAIN:
            return Next(f"Say how {name}, meets {task.codes}.", url, "Finish the mapping")
    if what.is_further:
        return Next(f"What {name}, shows besides is ready to hand in: {task.codes}.", url, "Hand it in")
    again = " again" if what.is_revision else ""
    return Next(f"{name}, is ready to hand in{again}.", url, "Hand it in", replaces=what.replaces)


def _answer_first(task: Task) -> Next:
    said, codes = task.what.said, task.what.codes
    listed = " and ".join(codes) if task.codes == ", ".join(codes) and len(codes) < 3 else task.codes
    why = f"{said.by if said else worded('Your {assessor}')} needs more on {task.name}, for {listed}"
    words = said.feedback if said else ""
    return Next(why if words else f"{why}.", task.url, "Answer the feedback", said=words)


def stand_of(seen: Portfolio, waiting: Waiting) -> str:
    """How the portfolio stands, in a sentence or two."""
    count = seen.tally
    if not seen.items:
        return f"{count.total} criteria, and nothing handed in yet. You can begin today."
    claimed = f" and {count.claimed} more {'is' if count.claimed == 1 else 'are'} claimed" if count.claimed else ""
    items = f" {waiting.count} {'item is' if waiting.count == 1 else 'items are'} with your {term('assessor')}."
    met = f"{count.met} of {count.total} criteria {'is' if count.met == 1 else 'are'} met"
    return f"{met}{claimed}.{items if waiting.count else ''}"


def has_units(seen: Portfolio) -> bool:
    """Whether there are several units with criteria, so that a criterion needs its unit's name."""
    return sum(1 for unit in seen.units if not unit.is_outline) > 1


def feedback_of(seen: Portfolio) -> list[Feedback]:
    """The latest feedback; a criterion is named with its unit where there are several."""
    titles = _titles(seen) if has_units(seen) else {}
    return [Feedback(said, _named(said, titles)) for said in seen.feedback]


def _named(said: FeedbackRow, titles: Mapping[int, str]) -> str:
    if said.on is None:
        return said.text
    unit = titles.get(said.on.unit_id)
    return f"{unit} {said.on.code}: {said.text}" if unit else f"{said.on.code}: {said.text}"


def gaps_by_unit(seen: Portfolio, enrolment_id: int) -> list[UnitGaps]:
    """The gaps of each unit, at most so many of them all together; the rest is counted."""
    found: dict[int, list[Gap]] = {}
    for gap in seen.work.gaps:
        found.setdefault(gap.enrolment_unit_id, []).append(gap)
    shown, left = [], GAPS_SHOWN
    for unit_id, gaps in found.items():
        kept = gaps[:left]
        left -= len(kept)
        shown.append(UnitGaps(gaps[0].unit_title, _unit_url(enrolment_id, unit_id), kept, len(gaps) - len(kept)))
    return shown


def unit_lines(seen: Portfolio, enrolment_id: int) -> list[UnitLine]:
    """The units in their order, those that are known in outline last."""
    units = sorted(seen.units, key=lambda unit: unit.is_outline)
    return [UnitLine(unit, _ruler(unit), _unit_url(enrolment_id, unit.enrolment_unit_id)) for unit in units]


def _unit_url(enrolment_id: int, enrolment_unit_id: int) -> str:
    return f"/enrolments/{enrolment_id}/units/{enrolment_unit_id}"


def _ruler(unit: UnitCoverage) -> Markup:
    return ruler([[one.standing.state for one in outcome.criteria] for outcome in unit.outcomes])


def waiting_in(seen: Portfolio) -> tuple[Waiting, Waiting]:
    """The learner's own items that are with the assessor, and what assessors have recorded of the learner."""
    handed_in = [item for item in seen.items if item.state is EvidenceState.SUBMITTED]
    own = [item for item in handed_in if not item.recorded_by]
    recorded = [item for item in handed_in if item.recorded_by and not item.is_hidden]
    return _waiting(seen, own), _waiting(seen, recorded)


def _waiting(seen: Portfolio, items: Sequence[ItemRow]) -> Waiting:
    titles = _titles(seen)
    shown = [
        WaitingItem(
            item,
            in_codes(seen.mapped.get(item.version_id, UNMAPPED).criteria, titles),
            item.version_id in seen.awaiting,
        )
        for item in items[:ITEMS_SHOWN]
    ]
    return Waiting(shown, len(items))
