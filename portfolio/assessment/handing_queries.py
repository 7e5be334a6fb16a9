"""How a version of an item was handed in, and further claims on it after that, and what came of each; and what to ask
before that.

Nothing of a review shows before it is released; of a trainee's only that it awaits its countersignature.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Integer, bindparam, func, or_, select
from sqlalchemy.orm import Session

from portfolio.accounts.models import Person
from portfolio.assessment.models import ItemReview, Submission, SubmissionItem
from portfolio.assessment.rules import ItemState, SubmissionState
from portfolio.assessment.self_check import Asked, Question, asked_in, questions_of
from portfolio.criteria.models import UnitVersion
from portfolio.criteria.queries import guidance_for_units
from portfolio.db import AnySelect, read
from portfolio.enrolment.models import EnrolmentUnit
from portfolio.evidence.models import Evidence, EvidenceVersion
from portfolio.mapping.queries import DraftClaim


@dataclass(frozen=True, slots=True)
class Handing:
    """A submission that a version, or further claims on it, went in with. `items` counts what went in together."""

    submission_id: int
    no: int
    is_further: bool
    submitted_at: datetime
    items: int
    is_opened: bool
    is_withdrawn: bool
    awaits_countersignature: bool
    feedback: str
    by: str
    released_at: datetime | None
    asked: tuple[Asked, ...]


@cache
def _handings_of() -> AnySelect:
    together = select(func.count()).where(SubmissionItem.submission_id == Submission.id).correlate(Submission)
    return (
        select(
            Submission.id,
            Submission.no,
            Submission.submitted_at,
            Submission.state,
            Submission.self_check,
            Evidence.ref,
            together.scalar_subquery().label("items"),
            SubmissionItem.state.label("item_state"),
            SubmissionItem.is_further,
            ItemReview.feedback,
            ItemReview.released_at,
            Person.name,
        )
        .join(SubmissionItem, SubmissionItem.submission_id == Submission.id)
        .outerjoin(
            ItemReview,
            (ItemReview.submission_item_id == SubmissionItem.id)
            & ItemReview.released_at.is_not(None)
            & ItemReview.is_trainee.is_(False),
        )
        .join(EvidenceVersion, EvidenceVersion.id == SubmissionItem.evidence_version_id)
        .join(Evidence, Evidence.id == EvidenceVersion.evidence_id)
        .outerjoin(Person, Person.id == ItemReview.assessor_id)
        .where(
            SubmissionItem.evidence_version_id == bindparam("version_id", type_=Integer),
            or_(SubmissionItem.is_further.is_(False), SubmissionItem.state != ItemState.WITHDRAWN),
        )
        .order_by(SubmissionItem.is_further, Submission.id)
    )


def handings_of(session: Session, version_id: int) -> list[Handing]:
    """How a version was handed in, and after that each time that further claims on it were, unless they were taken
    back; nothing for a draft. One statement.
    """
    return [
        Handing(
            submission_id=row.id,
            no=row.no,
            is_further=row.is_further,
            submitted_at=row.submitted_at,
            items=row.items,
            is_opened=row.state is SubmissionState.OPENED,
            is_withdrawn=row.state is SubmissionState.WITHDRAWN,
            awaits_countersignature=row.item_state is ItemState.COUNTERSIGN,
            feedback=row.feedback or "",
            by=row.name or "",
            released_at=row.released_at,
            asked=asked_in(row.self_check, row.ref),
        )
        for row in read(session, _handings_of(), version_id=version_id)
    ]


@cache
def _versions_of() -> AnySelect:
    return (
        select(EnrolmentUnit.id, EnrolmentUnit.unit_version_id, UnitVersion.title)
        .join(UnitVersion, UnitVersion.id == EnrolmentUnit.unit_version_id)
        .where(EnrolmentUnit.id.in_(bindparam("units", type_=Integer, expanding=True)))
    )


def questions_for(session: Session, claims: Collection[DraftClaim]) -> list[Question]:
    """The self-check of the items that these claims are about; nothing of what is hidden. Two statements."""
    shown = [claim for claim in claims if not claim.is_hidden]
    units = list({claim.enrolment_unit_id for claim in shown})
    found = read(session, _versions_of(), units=units).all()
    guidance = guidance_for_units(session, {row.unit_version_id for row in found})
    return questions_of(
        shown, {row.id: guidance[row.unit_version_id] for row in found}, {row.id: row.title for row in found}
    )
