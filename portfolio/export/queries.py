"""Reading for the Word portfolio: all that a book shows of one enrolment at one moment.

Only what was handed in and not withdrawn is read, only released reviews that count, and only effective judgements
beside the trainees' that they took the place of. The number of statements is fixed.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, joinedload

from portfolio import clock
from portfolio.accounts.models import Person
from portfolio.assessment.models import ItemReview, Judgement, Submission, SubmissionItem
from portfolio.assessment.queries import SetAside, UnitCoverage, claims_set_aside, coverage_of
from portfolio.assessment.rules import Declaration
from portfolio.assessment.sign_off_queries import DecisionRow, decisions_on
from portfolio.audit.models import AuditEvent, AuditText
from portfolio.audit.streams import is_erased
from portfolio.centres.queries import dress_of
from portfolio.db import read
from portfolio.documents.codec import Malformed
from portfolio.documents.preview import FORMAT, Ready, ready_of
from portfolio.enrolment import queries as enrolments
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.queries import AllocationRow
from portfolio.errors import Rejected
from portfolio.evidence.breach_queries import Amended, amendments_of, unless_hidden
from portfolio.evidence.models import Evidence, EvidenceFile, EvidenceVersion
from portfolio.evidence.notes import Note, notes_of
from portfolio.evidence.queries import ItemRow, SightingRow, items_of, sightings_among
from portfolio.export.looked_queries import LookedThrough, looked_through
from portfolio.export.rules import WHOLE, Choice
from portfolio.mapping.models import Claim
from portfolio.mapping.rules import Outcome
from portfolio.previews.models import Preview
from portfolio.previews.rules import PreviewState
from portfolio.redaction.queries import used_in
from portfolio.storage.models import Blob

MAKING = "export."
"""How the verbs begin that tell of books, which change nothing in a portfolio."""


@dataclass(frozen=True, slots=True)
class VersionText:
    """What a handed-in version says, and how it was handed in."""

    author: str
    context: str
    role: str
    body: str
    custody: Mapping[str, str]
    notes: tuple[Note, ...]
    digest: str
    submission_no: int
    submitted_at: datetime
    declared: tuple[Declaration, ...]


@dataclass(frozen=True, slots=True)
class FileText:
    """A file of a version, by its content's address in the store; `redacted` says how it was redacted, if it was, and
    `ready` where that stands which the book shows of it, if that was made ready.
    """

    id: int
    name: str
    media_type: str
    size: int
    sha256: str
    redacted: str = ""
    ready: Ready | None = None


@dataclass(frozen=True, slots=True)
class ReviewText:
    """A released review. `countersigns` is the trainee's review that it took the place of."""

    id: int
    assessor: str
    is_trainee: bool
    countersigns: int | None
    ticks: tuple[bool, bool, bool, bool]
    feedback: str
    released_at: datetime


@dataclass(frozen=True, slots=True)
class JudgementText:
    """What a review decided on one claim; a trainee's is not effective."""

    id: int
    claim_id: int
    review_id: int
    outcome: Outcome
    sufficient: bool
    feedback: str
    is_effective: bool


@dataclass(frozen=True, slots=True)
class EventText:
    """One entry of the trail; `who` is empty for the product itself, `text` None once erased."""

    seq: int
    at: datetime
    who: str
    role: str
    verb: str
    text: Mapping[str, Any] | None
    hash: str
    signature: str


@dataclass(frozen=True, slots=True)
class Source:
    """All that a book is made of. Texts, files, reviews and amendments are by version id; sightings by item; judgements
    by claim id, and `decided`, the same, by review id. Claims that count stand in the units, the others in `set_aside`.
    `sign_offs` are what was decided on units as a whole, by enrolment unit. `uids` are the items' public identifiers,
    and `looked` what became of them when they were looked through for personal data, by these.
    """

    as_of: datetime
    centre_uid: str
    enrolment: Enrolment
    allocations: tuple[AllocationRow, ...]
    units: tuple[UnitCoverage, ...]
    sign_offs: Mapping[int, Sequence[DecisionRow]]
    set_aside: tuple[SetAside, ...]
    items: tuple[ItemRow, ...]
    uids: Mapping[int, str]
    looked: Mapping[str, LookedThrough]
    texts: Mapping[int, VersionText]
    files: Mapping[int, Sequence[FileText]]
    reviews: Mapping[int, Sequence[ReviewText]]
    judgements: Mapping[int, Sequence[JudgementText]]
    decided: Mapping[int, Sequence[JudgementText]]
    amendments: Mapping[int, Sequence[Amended]]
    sightings: Mapping[int, Sequence[SightingRow]]
    events: tuple[EventText, ...]
    public_key: str
    logo: bytes | None = None
    template: bytes | None = None
    choice: Choice = WHOLE
    shown: frozenset[int] | None = None
    """The versions whose items have pages of their own; None for all."""

    def has_pages(self, item: ItemRow) -> bool:
        """Whether an item has pages of its own in the book."""
        return self.shown is None or item.version_id in self.shown


def source_of(session: Session, enrolment_id: int, *, as_of: datetime | None = None) -> Source:
    """Read everything at one moment; the session must see one moment (a reading session does). `as_of` says which, when
    nothing happened since: with the same one the same book is the same file. Raises Rejected when something did.
    """
    enrolment = _whole(session, enrolment_id)
    items = tuple(items_of(session, enrolment_id, drafts_of=None))
    shown = {item.version_id for item in items}
    judgements = _judgements(session, enrolment_id, shown)
    units = tuple(coverage_of(session, enrolment_id))
    events = _events(session, enrolment.stream_id)
    logo, template = dress_of(session, enrolment.centre_id)
    return Source(
        as_of=as_of or clock.now(),
        centre_uid=enrolment.centre.uid,
        enrolment=enrolment,
        allocations=tuple(enrolments.allocations_in(session, enrolment)),
        units=units,
        sign_offs=decisions_on(session, [unit.enrolment_unit_id for unit in units]),
        set_aside=tuple(claims_set_aside(session, enrolment_id)),
        items=items,
        uids=_uids(session, enrolment_id),
        looked=looked_through(session, enrolment_id),
        texts=_texts(session, enrolment_id, shown),
        files=_files(session, enrolment_id, shown),
        reviews=_reviews(session, enrolment_id, shown),
        judgements=_grouped(judgements, lambda said: said.claim_id),
        decided=_grouped(judgements, lambda said: said.review_id),
        amendments=_amendments(session, enrolment_id),
        sightings=sightings_among(session, [item.evidence_id for item in items if not item.is_hidden]),
        events=_until(as_of, events) if as_of is not None else events,
        public_key=session.info["signer"].public_key,
        logo=logo,
        template=template,
    )


def _until(as_of: datetime, events: Sequence[EventText]) -> tuple[EventText, ...]:
    """The trail up to a moment. Raises Rejected when the portfolio was another one then: since then only books of it
    may have been made.
    """
    if as_of > clock.now():
        raise Rejected("That moment is still to come.")
    if any(event.at > as_of and not event.verb.startswith(MAKING) for event in events):
        raise Rejected("Something happened in this {portfolio} after that moment, so its book of then cannot be made.")
    return tuple(event for event in events if event.at <= as_of)


def _whole(session: Session, enrolment_id: int) -> Enrolment:
    return session.scalars(
        select(Enrolment)
        .options(joinedload(Enrolment.learner), joinedload(Enrolment.centre), joinedload(Enrolment.qualification))
        .where(Enrolment.id == enrolment_id)
    ).one()


def _uids(session: Session, enrolment_id: int) -> dict[int, str]:
    return dict(read(session, select(Evidence.id, Evidence.uid).where(Evidence.enrolment_id == enrolment_id)).all())


def _amendments(session: Session, enrolment_id: int) -> dict[int, list[Amended]]:
    found: dict[int, list[Amended]] = {}
    for amended in amendments_of(session, enrolment_id):
        found.setdefault(amended.version_id, []).append(amended)
    return found


def _texts(session: Session, enrolment_id: int, shown: Collection[int]) -> dict[int, VersionText]:
    rows = session.execute(
        select(
            EvidenceVersion.id,
            Person.name,
            unless_hidden(EvidenceVersion.context),
            unless_hidden(EvidenceVersion.role),
            unless_hidden(EvidenceVersion.body),
            EvidenceVersion.custody,
            EvidenceVersion.notes,
            Evidence.hidden_at,
            EvidenceVersion.digest,
            Submission.no,
            Submission.submitted_at,
            Submission.declarations,
        )
        .join(Evidence, Evidence.id == EvidenceVersion.evidence_id)
        .join(Person, Person.id == Evidence.author_id)
        .join(SubmissionItem, SubmissionItem.evidence_version_id == EvidenceVersion.id)
        .join(Submission, Submission.id == SubmissionItem.submission_id)
        .where(
            Evidence.enrolment_id == enrolment_id,
            EvidenceVersion.withdrawn_at.is_(None),
            SubmissionItem.is_further.is_(False),
        )
        .order_by(EvidenceVersion.id)
    )
    return {
        row.id: VersionText(
            author=row.name,
            context=row.context,
            role=row.role,
            body=row.body,
            custody={} if row.hidden_at else row.custody,
            notes=() if row.hidden_at else tuple(notes_of(row.notes)),
            digest=row.digest,
            submission_no=row.no,
            submitted_at=row.submitted_at,
            declared=tuple(Declaration(word) for word in row.declarations),
        )
        for row in rows
        if row.id in shown
    }


def _files(session: Session, enrolment_id: int, shown: Collection[int]) -> dict[int, list[FileText]]:
    rows = session.execute(
        select(
            EvidenceFile.version_id,
            EvidenceFile.id,
            EvidenceFile.name,
            Blob.media_type,
            Blob.size,
            Blob.sha256,
            Evidence.uid,
            Preview.manifest["ready"].label("ready"),
            Preview.manifest["format"].as_integer().label("format"),
        )
        .join(Blob, Blob.id == EvidenceFile.blob_id)
        .outerjoin(Preview, and_(Preview.blob_id == Blob.id, Preview.state == PreviewState.READY))
        .join(EvidenceVersion, EvidenceVersion.id == EvidenceFile.version_id)
        .join(Evidence, Evidence.id == EvidenceVersion.evidence_id)
        .where(Evidence.enrolment_id == enrolment_id, Evidence.hidden_at.is_(None))
        .order_by(EvidenceFile.id)
    )
    proofs = used_in(session, enrolment_id)
    found: dict[int, list[FileText]] = {}
    for row in rows:
        if row.version_id in shown:
            proof = proofs.get((row.uid, row.sha256))
            said = proof.sentence if proof is not None else ""
            ready = _ready(row.ready) if row.format == FORMAT else None
            file = FileText(row.id, row.name, row.media_type, row.size, row.sha256, said, ready)
            found.setdefault(row.version_id, []).append(file)
    return found


def _ready(value: Any) -> Ready | None:
    try:
        return None if value is None else ready_of(value)
    except Malformed:
        return None


def _reviews(session: Session, enrolment_id: int, shown: Collection[int]) -> dict[int, list[ReviewText]]:
    rows = session.execute(
        select(ItemReview, unless_hidden(ItemReview.feedback), Person.name, SubmissionItem.evidence_version_id)
        .join(SubmissionItem, SubmissionItem.id == ItemReview.submission_item_id)
        .join(EvidenceVersion, EvidenceVersion.id == SubmissionItem.evidence_version_id)
        .join(Evidence, Evidence.id == EvidenceVersion.evidence_id)
        .join(Submission, Submission.id == SubmissionItem.submission_id)
        .join(Person, Person.id == ItemReview.assessor_id)
        .where(Submission.enrolment_id == enrolment_id, ItemReview.released_at.is_not(None))
        .order_by(ItemReview.released_at, ItemReview.id)
    )
    found: dict[int, list[ReviewText]] = {}
    for review, feedback, name, version_id in rows:
        if version_id in shown and review.released_at is not None:
            ticks = (review.valid, review.authentic, review.reliable, review.current)
            found.setdefault(version_id, []).append(
                ReviewText(
                    id=review.id,
                    assessor=name,
                    is_trainee=review.is_trainee,
                    countersigns=review.countersigns_id,
                    ticks=ticks,
                    feedback=feedback,
                    released_at=review.released_at,
                )
            )
    return found


def _judgements(session: Session, enrolment_id: int, shown: Collection[int]) -> list[JudgementText]:
    rows = session.execute(
        select(
            Claim.evidence_version_id,
            Judgement.id,
            Judgement.claim_id,
            Judgement.review_id,
            Judgement.outcome,
            Judgement.sufficient,
            unless_hidden(Judgement.feedback),
            Judgement.effective_at,
        )
        .join(Claim, Claim.id == Judgement.claim_id)
        .join(EvidenceVersion, EvidenceVersion.id == Claim.evidence_version_id)
        .join(Evidence, Evidence.id == EvidenceVersion.evidence_id)
        .where(Evidence.enrolment_id == enrolment_id)
        .order_by(Judgement.claim_id, Judgement.no)
    )
    return [
        JudgementText(
            id=row.id,
            claim_id=row.claim_id,
            review_id=row.review_id,
            outcome=row.outcome,
            sufficient=row.sufficient,
            feedback=row.feedback,
            is_effective=row.effective_at is not None,
        )
        for row in rows
        if row.evidence_version_id in shown
    ]


def _grouped(said: Sequence[JudgementText], by: Callable[[JudgementText], int]) -> dict[int, list[JudgementText]]:
    found: dict[int, list[JudgementText]] = {}
    for one in said:
        found.setdefault(by(one), []).append(one)
    return found


def _events(session: Session, stream_id: int) -> tuple[EventText, ...]:
    rows = session.execute(
        select(AuditEvent, AuditText.text, Person.name)
        .outerjoin(AuditText, AuditText.event_id == AuditEvent.id)
        .outerjoin(Person, Person.uid == AuditEvent.actor)
        .where(AuditEvent.stream_id == stream_id)
        .order_by(AuditEvent.seq)
    )
    return tuple(
        EventText(
            seq=event.seq,
            at=event.at,
            who=name or "",
            role=event.role,
            verb=event.verb,
            text=None if is_erased(text) else text,
            hash=event.hash,
            signature=event.signature,
        )
        for event, text, name in rows
    )
