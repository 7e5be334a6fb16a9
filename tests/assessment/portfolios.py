"""Random portfolios, made straight as rows: items in any mix of versions, claims and judgements. A rule must have one
answer for each, also for what no action would make."""

from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.assessment.models import ItemReview, Judgement, Submission, SubmissionItem
from portfolio.assessment.rules import ItemState
from portfolio.criteria.models import Criterion
from portfolio.criteria.rules import Method
from portfolio.enrolment.models import Enrolment
from portfolio.evidence.models import Evidence, EvidenceVersion
from portfolio.evidence.rules import Carrier
from portfolio.mapping.models import Claim
from portfolio.mapping.rules import Outcome


def fill(session: Session, random: Random, enrolment: Enrolment, assessor_id: int, *, items: int = 6) -> None:
    """Add items to an enrolment."""
    unit = enrolment.units[0]
    criteria = list(session.scalars(select(Criterion).where(Criterion.unit_version_id == unit.unit_version_id)))[:6]
    submission = Submission(
        enrolment_id=enrolment.id, no=900, by_id=enrolment.learner_id, declarations=[], submitted_at=clock.now()
    )
    session.add(submission)
    session.flush()
    for number in range(items):
        evidence = Evidence(
            enrolment_id=enrolment.id,
            ref=f"E9{number:02d}",
            method=Method.PRODUCT,
            carrier=Carrier.WRITTEN,
            author_id=enrolment.learner_id,
        )
        session.add(evidence)
        session.flush()
        for no in range(1, random.randint(1, 3) + 1):
            version = _version(session, random, evidence, no)
            is_in = version.frozen_at is not None
            for criterion in random.sample(criteria, random.randint(0, 4)):
                claim = Claim(
                    evidence_version_id=version.id,
                    enrolment_unit_id=unit.id,
                    criterion_id=criterion.id,
                    submission_id=submission.id if is_in else None,
                    created_at=clock.now(),
                )
                session.add(claim)
                session.flush()
                if is_in:
                    _judge(session, random, claim, _review(session, submission, version, assessor_id))
    session.flush()


def _version(session: Session, random: Random, evidence: Evidence, no: int) -> EvidenceVersion:
    frozen_at = random.choice([clock.now(), clock.now(), None])
    version = EvidenceVersion(
        evidence_id=evidence.id,
        no=no,
        title="X",
        created_at=clock.now(),
        frozen_at=frozen_at,
        withdrawn_at=clock.now() if frozen_at and random.random() < 0.3 else None,
    )
    session.add(version)
    session.flush()
    return version


def _review(session: Session, submission: Submission, version: EvidenceVersion, assessor_id: int) -> int:
    query = select(ItemReview.id).join(ItemReview.item).where(SubmissionItem.evidence_version_id == version.id)
    found = session.scalar(query)
    if found is not None:
        return found
    item = SubmissionItem(submission_id=submission.id, evidence_version_id=version.id, state=ItemState.RELEASED)
    session.add(item)
    session.flush()
    review = ItemReview(submission_item_id=item.id, assessor_id=assessor_id, saved_at=clock.now())
    session.add(review)
    session.flush()
    return review.id


def _judge(session: Session, random: Random, claim: Claim, review_id: int) -> None:
    for no in range(1, random.randint(0, 3) + 1):
        session.add(
            Judgement(
                claim_id=claim.id,
                review_id=review_id,
                no=no,
                assessor_id=session.get_one(ItemReview, review_id).assessor_id,
                outcome=random.choice(list(Outcome)),
                sufficient=False,
                feedback="",
                decided_at=clock.now(),
                effective_at=random.choice([clock.now(), None]),
                digest="",
            )
        )
