"""Handing in, marking, judging and signing off. Judgements, unit decisions and signatures are only ever added: a later
one on the same claim or unit supersedes.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, and_, func, literal_column
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from portfolio.accounts.models import Person
from portfolio.assessment.rules import ItemState, SubmissionState, UnitDecisionKind
from portfolio.db import Base, Revised, key, moment, uid
from portfolio.enrolment.models import Enrolment, EnrolmentUnit
from portfolio.evidence.models import EvidenceVersion
from portfolio.mapping.models import Claim
from portfolio.mapping.rules import Outcome


class Submission(Revised, Base):
    """What a learner handed in at one moment, with what was declared.

    `self_check` holds the questions as they were asked, each with `item` (its reference), `criteria` (codes),
    `question` and `answer` (empty where it was left).
    """

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("enrolment_id", "no"),)

    id: Mapped[key]
    uid: Mapped[uid]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    no: Mapped[int]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    declarations: Mapped[list[str]]
    self_check: Mapped[list[Any]] = mapped_column(default=list)
    state: Mapped[SubmissionState] = mapped_column(default=SubmissionState.SUBMITTED)
    submitted_at: Mapped[moment]
    opened_at: Mapped[datetime | None]

    enrolment: Mapped[Enrolment] = relationship()
    items: Mapped[list["SubmissionItem"]] = relationship(back_populates="submission", order_by="SubmissionItem.id")


class SubmissionItem(Revised, Base):
    """One version of one item in a submission: the snapshot of what was seen.

    `is_further`: the version was handed in before; this brings further criteria that are claimed on it, and they alone
    are judged here.
    """

    __tablename__ = "submission_item"
    __table_args__ = (
        UniqueConstraint("submission_id", "evidence_version_id"),
        Index("ix_submission_item_evidence_version_id", "evidence_version_id"),
        Index("ix_submission_item_state", "state", "submission_id", "evidence_version_id"),
    )

    id: Mapped[key]
    uid: Mapped[uid]
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    evidence_version_id: Mapped[int] = mapped_column(ForeignKey("evidence_version.id"))
    state: Mapped[ItemState] = mapped_column(default=ItemState.WAITING)
    is_further: Mapped[bool] = mapped_column(default=False)

    submission: Mapped[Submission] = relationship(back_populates="items")
    version: Mapped[EvidenceVersion] = relationship()
    reviews: Mapped[list["ItemReview"]] = relationship(back_populates="item", order_by="ItemReview.id")
    claims: Mapped[list[Claim]] = relationship(
        primaryjoin=lambda: and_(
            foreign(Claim.evidence_version_id) == SubmissionItem.evidence_version_id,
            foreign(Claim.submission_id) == SubmissionItem.submission_id,
        ),
        viewonly=True,
        uselist=True,
    )
    """What is to be judged: the claims that were handed in with it."""


class ItemReview(Revised, Base):
    """One assessor's view of one item. May be corrected until `released_at`; frozen from then on.

    A trainee's release is the handing over for countersignature; the countersigner's review names it.
    """

    __tablename__ = "item_review"
    __table_args__ = (
        UniqueConstraint("submission_item_id", "assessor_id"),
        Index("ix_item_review_assessor_id", "assessor_id"),
        Index("ix_item_review_released_at", "assessor_id", "released_at"),
    )

    id: Mapped[key]
    uid: Mapped[uid]
    submission_item_id: Mapped[int] = mapped_column(ForeignKey("submission_item.id"))
    assessor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    is_trainee: Mapped[bool] = mapped_column(default=False)
    countersigns_id: Mapped[int | None] = mapped_column(ForeignKey("item_review.id"))
    valid: Mapped[bool] = mapped_column(default=False)
    authentic: Mapped[bool] = mapped_column(default=False)
    reliable: Mapped[bool] = mapped_column(default=False)
    current: Mapped[bool] = mapped_column(default=False)
    feedback: Mapped[str] = mapped_column(Text, default="")
    saved_at: Mapped[moment]
    released_at: Mapped[datetime | None]

    item: Mapped[SubmissionItem] = relationship(back_populates="reviews")
    assessor: Mapped[Person] = relationship()
    marks: Mapped[list["ReviewMark"]] = relationship(back_populates="review", order_by="ReviewMark.id")


class ReviewMark(Base):
    """What an assessor has noted for one claim in a review. The judgement itself is made at release."""

    __tablename__ = "review_mark"
    __table_args__ = (
        UniqueConstraint("review_id", "claim_id"),
        Index("ix_review_mark_outcome", "review_id", "outcome"),
    )

    id: Mapped[key]
    uid: Mapped[uid]
    review_id: Mapped[int] = mapped_column(ForeignKey("item_review.id"))
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    outcome: Mapped[Outcome | None]
    sufficient: Mapped[bool] = mapped_column(default=False)
    feedback: Mapped[str] = mapped_column(Text, default="")

    review: Mapped[ItemReview] = relationship(back_populates="marks")
    claim: Mapped[Claim] = relationship()


class Judgement(Base):
    """A decision on a claim. `effective_at` is empty for a trainee's: it awaits countersignature and never counts.

    `digest` covers the facts, and stands in the trail too, so that a changed row shows.
    """

    __tablename__ = "judgement"
    __table_args__ = (UniqueConstraint("claim_id", "no"), Index("ix_judgement_review_id", "review_id"))

    id: Mapped[key]
    uid: Mapped[uid]
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    review_id: Mapped[int] = mapped_column(ForeignKey("item_review.id"))
    no: Mapped[int]
    assessor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    outcome: Mapped[Outcome]
    sufficient: Mapped[bool]
    feedback: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[moment]
    effective_at: Mapped[datetime | None]
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("judgement.id"))
    digest: Mapped[str] = mapped_column(String(64))

    claim: Mapped[Claim] = relationship()
    review: Mapped[ItemReview] = relationship()
    assessor: Mapped[Person] = relationship()


class UnitDecision(Base):
    """A unit of a learner's was signed off, or a sign-off was reopened, with the reason. The newest one stands."""

    __tablename__ = "unit_decision"
    __table_args__ = (UniqueConstraint("enrolment_unit_id", "no"),)

    id: Mapped[key]
    uid: Mapped[uid]
    enrolment_unit_id: Mapped[int] = mapped_column(ForeignKey("enrolment_unit.id"))
    no: Mapped[int]
    kind: Mapped[UnitDecisionKind]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[moment]
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("unit_decision.id"))

    enrolment_unit: Mapped[EnrolmentUnit] = relationship()
    by: Mapped[Person] = relationship()


class Signature(Base):
    """A person put their name to something. `subject` names its row as the trail does; `signed` is exactly what stood
    there, and `digest` covers that, the statement, the person and the time.

    One that was made at another installation says so in `elsewhere`: `centre` and `number`, the `key` of that
    installation, and `person`, `signed` and `digest` as they stood there, in its numbers; `brought_at` is when it came
    here. `signed` then says the same in the numbers of this one.
    """

    __tablename__ = "signature"
    __table_args__ = (Index("ix_signature_subject", "subject"),)

    id: Mapped[key]
    uid: Mapped[uid]
    subject: Mapped[str] = mapped_column(String(60))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role_word: Mapped[str] = mapped_column(String(40))
    statement: Mapped[str] = mapped_column(Text)
    signed: Mapped[dict[str, Any]]
    signed_at: Mapped[moment]
    digest: Mapped[str] = mapped_column(String(64))
    elsewhere: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    person: Mapped[Person] = relationship()


class MarkingPresence(Base):
    """Somebody has an item open to mark it. Tells a second assessor; holds nobody back."""

    __tablename__ = "marking_presence"
    __table_args__ = (UniqueConstraint("submission_item_id", "person_id"),)

    id: Mapped[key]
    submission_item_id: Mapped[int] = mapped_column(ForeignKey("submission_item.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    seen_at: Mapped[moment]


class FeedbackStem(Base):
    """The beginning of a sentence that an assessor uses often; theirs alone."""

    __tablename__ = "feedback_stem"
    __table_args__ = (Index("ix_feedback_stem_person_id", "person_id"),)

    id: Mapped[key]
    uid: Mapped[uid]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str] = mapped_column(String(200))
    position: Mapped[int] = mapped_column(default=0)


class UnitProgress(Base):
    """How far a learner has come in one unit: worked out from the claims and judgements whenever they change.

    `states` has a letter for each criterion in order (`mapping.coverage.LETTERS`), small where one item carries it.
    """

    __tablename__ = "unit_progress"
    __table_args__ = (Index("ix_unit_progress_enrolment_id", "enrolment_id"),)

    enrolment_unit_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """No foreign key: a unit that is dropped goes first, and what it added to the totals is taken back after."""
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    unit_version_id: Mapped[int] = mapped_column(ForeignKey("unit_version.id"))
    states: Mapped[str] = mapped_column(Text)
    is_signed_off: Mapped[bool]


IS_COMPLETE = and_(
    ~UnitProgress.is_signed_off, func.rtrim(UnitProgress.states, literal_column("'Mm'")) == literal_column("''")
)
"""Every criterion of the unit is met (those are the letters of that), and it is not signed off. Said to the letter: so
it is found by the index that holds such units alone.
"""
Index(
    "ix_unit_progress_complete", UnitProgress.enrolment_unit_id, sqlite_where=IS_COMPLETE, postgresql_where=IS_COMPLETE
)


class UnitMatrix(Base):
    """What is claimed in one unit of a learner, packed (`matrix_queries.Packed`): worked out as `UnitProgress` is, and
    apart from it because it is longer. A unit in which nothing is claimed has none.
    """

    __tablename__ = "unit_matrix"
    __table_args__ = (Index("ix_unit_matrix_enrolment_id", "enrolment_id"),)

    enrolment_unit_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """No foreign key, as that of `UnitProgress`."""
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    packed: Mapped[str] = mapped_column(Text)


class Progress(Base):
    """How far a learner has come in all units: the sums of `UnitProgress`, with what the centre looks at them by.

    `on_track_until` is the day until which what is met keeps pace with the plan; `progressed_on` the day of the last
    handing in or decision, and `last_on` the same or else the day of the start; `met_share` is how many criteria of ten
    thousand are met. A learner who left does not count.
    """

    __tablename__ = "progress"
    __table_args__ = (
        Index("ix_progress_behind", "centre_id", "counts", "on_track_until", "enrolment_id"),
        Index("ix_progress_cohort_id", "cohort_id", "counts", "on_track_until"),
        Index("ix_progress_met_share", "centre_id", "counts", "met_share", "enrolment_id"),
        Index("ix_progress_last_on", "centre_id", "counts", "last_on", "enrolment_id"),
    )

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    centre_id: Mapped[int] = mapped_column(ForeignKey("centre.id"))
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohort.id"))
    qualification_version_id: Mapped[int] = mapped_column(ForeignKey("qualification_version.id"))
    counts: Mapped[bool]
    criteria: Mapped[int]
    met: Mapped[int]
    needs_more: Mapped[int]
    claimed: Mapped[int]
    single_source: Mapped[int]
    progressed_on: Mapped[date | None]
    on_track_until: Mapped[date]
    met_share: Mapped[int]
    last_on: Mapped[date]


class CoverageRow(Base):
    """What the coverage audit needs of one learner, packed in two texts (`coverage_rows.Packed`): worked out as
    `Progress` is. A learner who left has none.
    """

    __tablename__ = "coverage_row"

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    place: Mapped[str] = mapped_column(Text)
    units: Mapped[str] = mapped_column(Text)


class CriterionTotal(Base):
    """How many learners of a cohort stand where with one criterion. `cohort` is 0 for those who are in none."""

    __tablename__ = "criterion_total"
    __table_args__ = (
        UniqueConstraint(
            "centre_id", "cohort", "qualification_version_id", "criterion_id", name="uq_criterion_total_place"
        ),
        Index("ix_criterion_total_centre_id_unit_version_id", "centre_id", "unit_version_id"),
        Index("ix_criterion_total_centre_id_qualification_version_id", "centre_id", "qualification_version_id"),
    )

    id: Mapped[key]
    centre_id: Mapped[int] = mapped_column(ForeignKey("centre.id"))
    cohort: Mapped[int]
    qualification_version_id: Mapped[int] = mapped_column(ForeignKey("qualification_version.id"))
    unit_version_id: Mapped[int] = mapped_column(ForeignKey("unit_version.id"))
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"))
    learners: Mapped[int]
    met: Mapped[int]
    needs_more: Mapped[int]
    claimed: Mapped[int]
    single_source: Mapped[int]
