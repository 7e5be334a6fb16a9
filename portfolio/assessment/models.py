"""Handing in, marking and judging. Judgements are only ever added: a later one on the same claim supersedes."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portfolio.accounts.models import Person
from portfolio.assessment.rules import ItemState, SubmissionState
from portfolio.db import Base, Revised, key, moment, uid
from portfolio.enrolment.models import Enrolment
from portfolio.evidence.models import EvidenceVersion
from portfolio.mapping.models import Claim
from portfolio.mapping.rules import Outcome


class Submission(Revised, Base):
    """What a learner handed in at one moment, with what was declared."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("enrolment_id", "no"),)

    id: Mapped[key]
    uid: Mapped[uid]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    no: Mapped[int]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    declarations: Mapped[list[str]]
    state: Mapped[SubmissionState] = mapped_column(default=SubmissionState.SUBMITTED)
    submitted_at: Mapped[moment]
    opened_at: Mapped[datetime | None]

    enrolment: Mapped[Enrolment] = relationship()
    items: Mapped[list["SubmissionItem"]] = relationship(back_populates="submission", order_by="SubmissionItem.id")


class SubmissionItem(Revised, Base):
    """One version of one item in a submission: the snapshot of what was seen."""

    __tablename__ = "submission_item"
    __table_args__ = (
        UniqueConstraint("submission_id", "evidence_version_id"),
        Index("ix_submission_item_evidence_version_id", "evidence_version_id"),
        Index("ix_submission_item_state", "state"),
    )

    id: Mapped[key]
    uid: Mapped[uid]
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    evidence_version_id: Mapped[int] = mapped_column(ForeignKey("evidence_version.id"))
    state: Mapped[ItemState] = mapped_column(default=ItemState.WAITING)

    submission: Mapped[Submission] = relationship(back_populates="items")
    version: Mapped[EvidenceVersion] = relationship()
    reviews: Mapped[list["ItemReview"]] = relationship(back_populates="item", order_by="ItemReview.id")


class ItemReview(Revised, Base):
    """One assessor's view of one item. May be corrected until `released_at`; frozen from then on.

    A trainee's release is the handing over for countersignature; the countersigner's review names it.
    """

    __tablename__ = "item_review"
    __table_args__ = (
        UniqueConstraint("submission_item_id", "assessor_id"),
        Index("ix_item_review_assessor_id", "assessor_id"),
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
    __table_args__ = (UniqueConstraint("review_id", "claim_id"),)

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
