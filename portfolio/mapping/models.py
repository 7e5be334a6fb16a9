"""Claims: this version of this item shows this criterion, and how. The judgement on a claim is another fact."""

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portfolio.criteria.models import Criterion
from portfolio.db import Base, key, moment, uid
from portfolio.enrolment.models import EnrolmentUnit
from portfolio.evidence.models import EvidenceVersion
from portfolio.mapping.rules import Origin


class Claim(Base):
    """A draft while `submission_id` is empty; frozen from then on, but for amendments, which `amended`
    counts. A draft that is taken back is removed.
    """

    __tablename__ = "claim"
    __table_args__ = (
        UniqueConstraint("evidence_version_id", "criterion_id"),
        Index("ix_claim_unit", "enrolment_unit_id", "criterion_id", "submission_id", "evidence_version_id"),
        Index("ix_claim_submission_id_evidence_version_id", "submission_id", "evidence_version_id"),
    )

    id: Mapped[key]
    uid: Mapped[uid]
    evidence_version_id: Mapped[int] = mapped_column(ForeignKey("evidence_version.id"))
    enrolment_unit_id: Mapped[int] = mapped_column(ForeignKey("enrolment_unit.id"))
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"))
    annotation: Mapped[str] = mapped_column(Text, default="")
    place: Mapped[str] = mapped_column(String(120), default="")
    origin: Mapped[Origin] = mapped_column(default=Origin.LEARNER)
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id"))
    amended: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[moment]

    version: Mapped[EvidenceVersion] = relationship()
    enrolment_unit: Mapped[EnrolmentUnit] = relationship()
    criterion: Mapped[Criterion] = relationship()
