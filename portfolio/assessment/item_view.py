"""One item as an assessor sees it, as values. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portfolio.assessment.rules import ItemState, Mark, Varc
from portfolio.assessment.self_check import Asked
from portfolio.criteria.rules import Method
from portfolio.evidence.queries import SightingRow
from portfolio.evidence.rules import BY_ASSESSOR, Carrier
from portfolio.mapping.rules import Coded, Outcome, in_codes

Cell = tuple[int, str]
"""(enrolment unit id, code of the criterion): the same before and after a unit was moved to newer criteria."""


@dataclass(frozen=True, slots=True)
class FileView:
    """A file of the version that was handed in; `size` in bytes."""

    file_id: int
    name: str
    size: int
    media_type: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class EarlierDecision:
    """What was decided on a criterion, in the words it had then, when an earlier version was marked.

    `is_reworded` says that this version is claimed for it in other words.
    """

    enrolment_unit_id: int
    code: str
    text: str
    outcome: Outcome
    feedback: str
    is_reworded: bool
    unit_title: str = ""


@dataclass(frozen=True, slots=True)
class EarlierReview:
    """The released review of an earlier version, or of other criteria of the same one."""

    version_no: int
    assessor: str
    released_at: datetime
    feedback: str
    decisions: tuple[EarlierDecision, ...]

    @property
    def has_units(self) -> bool:
        """Whether they are on criteria of several units, so that each is named with its own."""
        return len({decision.enrolment_unit_id for decision in self.decisions}) > 1


@dataclass(frozen=True, slots=True)
class ClaimView:
    """One criterion that the item is claimed for, with the hints on it.

    `news` says how it differs from the version before: `new`, `changed` or nothing; `is_reworded`, that the criterion
    itself read differently then. `stands` is false once the learner's unit has it in other words, or not at all.
    """

    claim_id: int
    enrolment_unit_id: int
    criterion_id: int
    code: str
    text: str
    unit_title: str
    annotation: str
    place: str
    marking_points: tuple[str, ...]
    mistakes: tuple[str, ...]
    earlier: EarlierDecision | None
    earlier_no: int
    news: str
    is_reworded: bool
    stands: bool


@dataclass(frozen=True, slots=True)
class ReviewView:
    """One assessor's review as it stands; `marks` by claim."""

    review_id: int
    assessor_id: int
    assessor: str
    is_trainee: bool
    varc: Varc
    feedback: str
    saved_at: datetime
    released_at: datetime | None
    rev: int
    marks: Mapping[int, Mark]

    @property
    def decided(self) -> int:
        """How many claims are decided."""
        return sum(mark.outcome is not None for mark in self.marks.values())


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item that was handed in. `changes` says in words what differs from the version that was handed in before.

    `is_further`: the version was marked before, and only the criteria claimed on it since are judged here. `asked` is
    the self-check before it was handed in.
    """

    item_id: int
    state: ItemState
    is_further: bool
    asked: tuple[Asked, ...]
    is_opened: bool
    handed_in_at: datetime
    enrolment_id: int
    learner: str
    author: str
    author_id: int
    evidence_id: int
    ref: str
    title: str
    method: Method
    carrier: Carrier
    custody: Mapping[str, str]
    sightings: tuple[SightingRow, ...]
    version_id: int
    version_no: int
    amended: int
    event_on: date | None
    context: str
    role: str
    body: str
    notes: Sequence[Any]
    files: tuple[FileView, ...]
    claims: tuple[ClaimView, ...]
    reviews: tuple[ReviewView, ...]
    earlier: tuple[EarlierReview, ...]
    previous_no: int | None
    changes: tuple[str, ...]

    @property
    def is_record(self) -> bool:
        """Whether an assessor made it, of the learner."""
        return self.method in BY_ASSESSOR

    def review_by(self, person_id: int) -> ReviewView | None:
        """The person's own review."""
        return next((review for review in self.reviews if review.assessor_id == person_id), None)

    @property
    def handed_over(self) -> ReviewView | None:
        """What a trainee has released for countersignature."""
        return next((review for review in self.reviews if review.is_trainee and review.released_at), None)

    @property
    def released(self) -> ReviewView | None:
        """What the learner sees."""
        return next((review for review in self.reviews if not review.is_trainee and review.released_at), None)

    def saved_by_others(self, person_id: int) -> list[str]:
        """Who else has saved a review that is not released; their notes stay their own."""
        return [r.assessor for r in self.reviews if r.assessor_id != person_id and r.released_at is None]


def cell(row: Any) -> Cell:
    """Where a claim stands, whatever version of the unit it was made on."""
    return row.enrolment_unit_id, row.code


def _named(rows: Sequence[Any], among: Sequence[Any]) -> str:
    titles = {row.enrolment_unit_id: row.title for row in among}
    return in_codes([Coded(*cell(row)) for row in rows], titles, among=[Coded(unit_id, "") for unit_id in titles])


def changes(
    head: Any, files: Sequence[tuple[FileView, bool]], claims: Sequence[Any], old_claims: Mapping[Cell, Any]
) -> tuple[str, ...]:
    """In words what differs between an item and the version handed in before, from the rows that tell of both."""
    added = sum(view.is_new and is_current for view, is_current in files)
    removed = sum(view.is_new and not is_current for view, is_current in files)
    now = {cell(row) for row in claims}
    both = [*claims, *old_claims.values()]
    reworded = [row for row in claims if cell(row) in old_claims and old_claims[cell(row)].text != row.text]
    added_to = [row for row in claims if cell(row) not in old_claims]
    dropped = [row for at, row in old_claims.items() if at not in now]
    told = {
        "the title": head.title_changed,
        "the date": head.previous_event_on != head.event_on,
        "what it is about": head.context_changed,
        "the part played in it": head.role_changed,
        "the text": head.body_changed,
        "the notes": head.previous_notes != head.notes,
        "where it is kept": head.previous_custody != head.custody,
        f"{added} {'file' if added == 1 else 'files'} added": added,
        f"{removed} {'file' if removed == 1 else 'files'} taken out": removed,
        f"also claimed for {_named(added_to, both)}": added_to,
        f"no longer claimed for {_named(dropped, both)}": dropped,
        f"newer wording of {_named(reworded, both)}": reworded,
        "what is said about a criterion": any(
            cell(r) in old_claims and old_claims[cell(r)].annotation != r.annotation for r in claims
        ),
    }
    return tuple(words for words, has_changed in told.items() if has_changed)
