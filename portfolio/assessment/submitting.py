"""Handing evidence in, putting an assessor's record on record, and taking either back before anybody has opened it.

Whoever made an item hands it in, and nobody else does.
"""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.assessment.models import Submission, SubmissionItem
from portfolio.assessment.rules import (
    BY_LEARNER,
    BY_RECORDER,
    Declaration,
    ItemState,
    SubmissionState,
    check_declarations,
    in_words,
)
from portfolio.audit import streams
from portfolio.audit.events import facts_digest
from portfolio.criteria.models import Criterion
from portfolio.enrolment.actions import lock
from portfolio.enrolment.models import Enrolment
from portfolio.errors import InvalidState, Rejected
from portfolio.evidence.actions import check_shown, copy_version, draft_of, freeze
from portfolio.evidence.models import Evidence
from portfolio.evidence.rules import BY_ASSESSOR, EvidenceState
from portfolio.mapping.actions import copy_claims
from portfolio.mapping.models import Claim


def claims_facts(claims: Sequence[Claim]) -> dict[str, object]:
    """What a set of claims says, for its digest."""
    return {"claims": sorted((_claim_facts(claim) for claim in claims), key=lambda facts: str(facts[0]))}


def _claim_facts(claim: Claim) -> list[object]:
    facts: list[object] = [claim.uid, claim.enrolment_unit_id, claim.criterion_id]
    facts += [claim.annotation, claim.place, claim.origin.value]
    return [*facts, claim.amended] if claim.amended else facts


def submit(
    session: Session, actor: Actor, enrolment: Enrolment, *, evidence_ids: Sequence[int], declared: set[Declaration]
) -> Submission:
    """A learner hands in their own drafts. Each is frozen with its claims; every claim says how the item meets it."""
    check_declarations(declared, BY_LEARNER)
    enrolment = lock(session, enrolment.id)
    if not evidence_ids:
        raise Rejected("Choose at least one item to hand in.", "items")
    items = list(
        session.scalars(
            select(Evidence)
            .where(
                Evidence.id.in_(evidence_ids),
                Evidence.enrolment_id == enrolment.id,
                Evidence.author_id == actor.person_id,
                Evidence.method.not_in(BY_ASSESSOR),
            )
            .order_by(Evidence.id)
            .options(selectinload(Evidence.versions))
            .execution_options(populate_existing=True)
        )
    )
    if len(items) != len(set(evidence_ids)):
        raise Rejected("One of the items is no longer there. Load the page again.", "items")
    return _submission(session, actor, enrolment, items, [d for d in BY_LEARNER if d in declared])


def put_on_record(session: Session, actor: Actor, evidence: Evidence, *, declared: set[Declaration]) -> Submission:
    """An assessor puts a record that they made on record: frozen with its claims, it stands in the portfolio now."""
    check_declarations(declared, BY_RECORDER)
    enrolment = lock(session, evidence.enrolment_id)
    session.refresh(evidence)
    if evidence.method not in BY_ASSESSOR or evidence.author_id != actor.person_id:
        raise InvalidState("Only a record that you made yourself is yours to put on record.")
    return _submission(session, actor, enrolment, [evidence], [d for d in BY_RECORDER if d in declared])


def _submission(
    session: Session, actor: Actor, enrolment: Enrolment, items: Sequence[Evidence], declared: Sequence[Declaration]
) -> Submission:
    number = 1 + (session.scalar(select(func.max(Submission.no)).where(Submission.enrolment_id == enrolment.id)) or 0)
    submission = Submission(
        enrolment_id=enrolment.id,
        no=number,
        by_id=actor.person_id,
        declarations=[declaration.value for declaration in declared],
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
    if evidence.trashed_at is None and not evidence.latest.is_draft:
        raise InvalidState(f"{evidence.ref} has been handed in already.")
    version = draft_of(evidence)
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
        raise InvalidState("An assessor has opened this already. Wait for the feedback; you can revise after it.")
    if submission.state is SubmissionState.WITHDRAWN:
        raise InvalidState("This has been withdrawn already.")
    for item in submission.items:
        session.refresh(item.version.evidence)
        check_shown(item.version.evidence)
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
