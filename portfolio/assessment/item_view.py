"""One item as an assessor sees it, as values. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from portfolio.assessment.rules import ItemState, Mark, Varc
from portfolio.criteria.rules import Method
from portfolio.evidence.queries import SightingRow
from portfolio.evidence.rules import BY_ASSESSOR, Carrier
from portfolio.mapping.rules import Outcome


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


@dataclass(frozen=True, slots=True)
class EarlierReview:
    """The released review of an earlier version."""

    version_no: int
    assessor: str
    released_at: datetime
    feedback: str
    decisions: tuple[EarlierDecision, ...]


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
    """One item that was handed in. `changes` says in words what differs from the version that was handed in before."""

    item_id: int
    state: ItemState
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
    version_no: int
    event_on: date | None
    context: str
    role: str
    body: str
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
