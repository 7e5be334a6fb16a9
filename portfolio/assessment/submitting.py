"""Handing evidence in, and taking it back before anybody has opened it."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.assessment.models import Submission, SubmissionItem
from portfolio.assessment.rules import Declaration, ItemState, SubmissionState, check_declarations, in_words
from portfolio.audit import streams
from portfolio.audit.events import facts_digest
from portfolio.criteria.models import Criterion
from portfolio.enrolment.actions import lock
from portfolio.enrolment.models import Enrolment
from portfolio.errors import InvalidState, Rejected
from portfolio.evidence.actions import copy_version, freeze
from portfolio.evidence.models import Evidence
from portfolio.evidence.rules import EvidenceState
from portfolio.mapping.actions import copy_claims
from portfolio.mapping.models import Claim


def claims_facts(claims: Sequence[Claim]) -> dict[str, object]:
    """What a set of claims says, for its digest."""
    rows = [[c.uid, c.enrolment_unit_id, c.criterion_id, c.annotation, c.place, c.origin.value] for c in claims]
    return {"claims": sorted(rows)}


def submit(
    session: Session, actor: Actor, enrolment: Enrolment, *, evidence_ids: Sequence[int], declared: set[Declaration]
) -> Submission:
    """Hand in the drafts of these items. Each is frozen with its claims; every claim says how the item meets it."""
    check_declarations(declared)
    enrolment = lock(session, enrolment.id)
    if not evidence_ids:
        raise Rejected("Choose at least one item to hand in.", "items")
    items = list(
        session.scalars(
            select(Evidence)
            .where(Evidence.id.in_(evidence_ids), Evidence.enrolment_id == enrolment.id)
            .order_by(Evidence.id)
            .options(selectinload(Evidence.versions))
            .execution_options(populate_existing=True)
        )
    )
    if len(items) != len(set(evidence_ids)):
        raise Rejected("One of the items is no longer there. Load the page again.", "items")
    number = 1 + (session.scalar(select(func.max(Submission.no)).where(Submission.enrolment_id == enrolment.id)) or 0)
    submission = Submission(
        enrolment_id=enrolment.id,
        no=number,
        by_id=actor.person_id,
        declarations=[d.value for d in Declaration if d in declared],
        submitted_at=clock.now(),
    )
    session.add(submission)
    session.flush()
    handed = [_hand_in(session, submission, evidence) for evidence in items]
    session.expire(submission, ["items"])
    streams.record(
        session,
        actor,
        "submission.submit",
        streams.named(submission),
        stream_id=enrolment.stream_id,
        text={"no": number, "items": handed, "declarations": submission.declarations},
    )
    return submission


def _hand_in(session: Session, submission: Submission, evidence: Evidence) -> list[str | int]:
    version = evidence.latest
    if not version.is_draft:
        raise InvalidState(f"{evidence.ref} has been handed in already.")
    claims = list(
        session.scalars(
            select(Claim)
            .join(Claim.criterion)
            .options(contains_eager(Claim.criterion))
            .where(Claim.evidence_version_id == version.id)
            .order_by(Criterion.position, Claim.id)
        )
    )
    if not claims:
        raise Rejected(f"{evidence.ref} is not mapped to any criterion yet.", "items")
    empty = [claim.criterion.code for claim in claims if not claim.annotation.strip()]
    if empty:
        raise Rejected(f"Say how {evidence.ref} meets {in_words(empty)} before you hand it in.", "items")
    for claim in claims:
        claim.submission_id = submission.id
    session.flush()
    digest = freeze(session, version)
    evidence.state = EvidenceState.SUBMITTED
    session.add(SubmissionItem(submission_id=submission.id, evidence_version_id=version.id))
    session.flush()
    return [evidence.ref, version.no, digest, facts_digest(claims_facts(claims))]


def withdraw(session: Session, actor: Actor, submission: Submission) -> None:
    """Take back what nobody has opened. Each item opens as a new draft; what was handed in stays as history."""
    enrolment = lock(session, submission.enrolment_id)
    session.refresh(submission, with_for_update=True)
    if submission.state is SubmissionState.OPENED:
        raise InvalidState("Your assessor has opened this already. Wait for the feedback; you can revise after it.")
    if submission.state is SubmissionState.WITHDRAWN:
        raise InvalidState("This has been withdrawn already.")
    submission.state = SubmissionState.WITHDRAWN
    refs = []
    for item in submission.items:
        item.state = ItemState.WITHDRAWN
        item.version.withdrawn_at = clock.now()
        evidence = item.version.evidence
        old = item.version
        session.flush()
        copy_claims(session, old, copy_version(session, evidence))
        evidence.state = EvidenceState.MARKED if evidence.current is not None else EvidenceState.DRAFT
        refs.append(evidence.ref)
    session.flush()
    streams.record(
        session,
        actor,
        "submission.withdraw",
        streams.named(submission),
        stream_id=enrolment.stream_id,
        text={"no": submission.no, "items": refs},
    )
