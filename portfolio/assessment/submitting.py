"""Handing evidence in, putting an assessor's record on record, and taking either back before anybody has opened it.

Whoever made an item hands it in, and nobody else does. Further claims on what was handed in go in by themselves: they
are judged in a submission of their own, and the version stays as it is.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.assessment.decided_queries import state_of
from portfolio.assessment.handing_queries import questions_for
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
from portfolio.assessment.self_check import Answer, kept
from portfolio.assessment.sign_off_queries import units_carried
from portfolio.assessment.signing_off import refuse_signed
from portfolio.assessment.telling import tell_submitted, tell_withdrawn
from portfolio.audit import streams
from portfolio.audit.events import facts_digest
from portfolio.criteria.models import Criterion
from portfolio.db import hold
from portfolio.enrolment.actions import lock
from portfolio.enrolment.models import Enrolment
from portfolio.errors import InvalidState, Rejected
from portfolio.evidence.actions import check_shown, claimable_of, copy_version, draft_of, freeze
from portfolio.evidence.models import Evidence, EvidenceVersion
from portfolio.evidence.notes import check_answered
from portfolio.evidence.rules import BY_ASSESSOR, EvidenceState
from portfolio.mapping.actions import copy_claims
from portfolio.mapping.models import Claim
from portfolio.mapping.queries import draft_claims
from portfolio.redaction.ending import end_overtaken
from portfolio.screening.gate_queries import check_clear


def claims_facts(claims: Sequence[Claim]) -> dict[str, object]:
    """What a set of claims says, for its digest."""
    return {"claims": sorted((_claim_facts(claim) for claim in claims), key=lambda facts: str(facts[0]))}


def _claim_facts(claim: Claim) -> list[object]:
    facts: list[object] = [claim.uid, claim.enrolment_unit_id, claim.criterion_id]
    facts += [claim.annotation, claim.place, claim.origin.value]
    return [*facts, claim.amended] if claim.amended else facts


def self_check_facts(self_check: Sequence[Any]) -> dict[str, object]:
    """What was asked before handing in and what was answered, for its digest."""
    return {"self_check": list(self_check)}


def submit(
    session: Session,
    actor: Actor,
    enrolment: Enrolment,
    *,
    evidence_ids: Sequence[int],
    declared: set[Declaration],
    answers: Mapping[str, Answer] | None = None,
) -> Submission:
    """A learner hands in their own drafts, and further claims on what was handed in.

    Each draft is frozen with its claims; every claim says how the item meets it. `answers` are those of the self-check,
    by the keys of its questions; None where it was not asked.
    """
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
    check_clear(session, [item.id for item in items])
    self_check = []
    if answers is not None:
        claims = draft_claims(session, enrolment.id, actor.person_id)
        self_check = kept(questions_for(session, [c for c in claims if c.evidence_id in evidence_ids]), answers)
    return _submission(session, actor, enrolment, items, [d for d in BY_LEARNER if d in declared], self_check)


def put_on_record(session: Session, actor: Actor, evidence: Evidence, *, declared: set[Declaration]) -> Submission:
    """An assessor puts a record that they made on record: frozen with its claims, it stands in the portfolio now."""
    check_declarations(declared, BY_RECORDER)
    enrolment = lock(session, evidence.enrolment_id)
    session.refresh(evidence)
    if evidence.method not in BY_ASSESSOR or evidence.author_id != actor.person_id:
        raise InvalidState("Only a record that you made yourself is yours to put on record.")
    session.refresh(evidence.latest)
    check_answered(evidence.latest.notes)
    check_clear(session, [evidence.id])
    return _submission(session, actor, enrolment, [evidence], [d for d in BY_RECORDER if d in declared])


def _submission(
    session: Session,
    actor: Actor,
    enrolment: Enrolment,
    items: Sequence[Evidence],
    declared: Sequence[Declaration],
    self_check: Sequence[Any] = (),
) -> Submission:
    number = 1 + (session.scalar(select(func.max(Submission.no)).where(Submission.enrolment_id == enrolment.id)) or 0)
    submission = Submission(
        enrolment_id=enrolment.id,
        no=number,
        by_id=actor.person_id,
        declarations=[declaration.value for declaration in declared],
        self_check=list(self_check),
        submitted_at=clock.now(),
    )
    session.add(submission)
    session.flush()
    told: dict[str, Any] = {"no": number, "items": [], "declarations": submission.declarations}
    for evidence in items:
        if evidence.latest.is_handed_in:
            told.setdefault("further", []).append(_hand_in_further(session, submission, evidence))
        else:
            told["items"].append(_hand_in(session, submission, evidence))
    end_overtaken(session, [evidence.uid for evidence in items])
    if self_check:
        told["self_check"] = facts_digest(self_check_facts(self_check))
    session.expire(submission, ["items"])
    streams.record(
        session,
        actor,
        "submission.submit",
        streams.named(submission),
        stream_id=enrolment.stream_id,
        text=told,
    )
    tell_submitted(session, actor, enrolment, submission)
    return submission


def _hand_in(session: Session, submission: Submission, evidence: Evidence) -> list[str | int]:
    """Freeze a draft with its claims; answers what the trail tells of it."""
    version = draft_of(evidence)
    claims = _take_in(session, submission, version)
    before = [evidence.current.id] if evidence.current else []
    refuse_signed(session, units_carried(session, [version.id, *before]))
    digest = freeze(session, version)
    evidence.state = EvidenceState.SUBMITTED
    session.add(SubmissionItem(submission_id=submission.id, evidence_version_id=version.id))
    session.flush()
    return [evidence.ref, version.no, digest, facts_digest(claims_facts(claims))]


def _hand_in_further(session: Session, submission: Submission, evidence: Evidence) -> list[str | int]:
    """Take in the further claims on what was handed in before, which stays as it is; answers what the trail tells."""
    version = claimable_of(evidence)
    claims = _take_in(session, submission, version)
    refuse_signed(session, {claim.enrolment_unit_id for claim in claims})
    evidence.state = EvidenceState.SUBMITTED
    session.add(SubmissionItem(submission_id=submission.id, evidence_version_id=version.id, is_further=True))
    session.flush()
    return [evidence.ref, version.no, version.digest, facts_digest(claims_facts(claims))]


def _take_in(session: Session, submission: Submission, version: EvidenceVersion) -> list[Claim]:
    """The claims on a version that were not handed in yet go in with this submission; each says how it is met."""
    ref = version.evidence.ref
    claims = list(
        session.scalars(
            select(Claim)
            .join(Claim.criterion)
            .options(contains_eager(Claim.criterion))
            .where(Claim.evidence_version_id == version.id, Claim.submission_id.is_(None))
            .order_by(Criterion.position, Claim.id)
            .execution_options(populate_existing=True)
        )
    )
    if not claims and not version.is_draft:
        raise InvalidState(f"{ref} has been handed in already.")
    if not claims:
        raise Rejected(f"{ref} is not mapped to any criterion yet.", "items")
    empty = [claim.criterion.code for claim in claims if not claim.annotation.strip()]
    if empty:
        raise Rejected(f"Say how {ref} meets {in_words(empty)} before you hand it in.", "items")
    for claim in claims:
        claim.submission_id = submission.id
    session.flush()
    return claims


def withdraw(session: Session, actor: Actor, submission: Submission) -> None:
    """Take back what nobody has opened. Each item opens as a new draft; what was handed in stays as history.

    Further claims on what was handed in before become drafts again, and that stays as it is.
    """
    enrolment = lock(session, submission.enrolment_id)
    hold(session, submission)
    if submission.state is SubmissionState.OPENED:
        raise InvalidState("{An assessor} has opened this already. Wait for the feedback; you can revise after it.")
    if submission.state is SubmissionState.WITHDRAWN:
        raise InvalidState("This has been withdrawn already.")
    for item in submission.items:
        session.refresh(item.version.evidence)
        check_shown(item.version.evidence)
        if not item.is_further:
            _check_alone(session, item)
            refuse_signed(session, _units_of(session, item.version.evidence))
    submission.state = SubmissionState.WITHDRAWN
    refs = []
    for item in submission.items:
        item.state = ItemState.WITHDRAWN
        session.flush()
        _take_back(session, item)
        evidence = item.version.evidence
        evidence.state = state_of(session, evidence)
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
    tell_withdrawn(session, enrolment, refs)


def _units_of(session: Session, evidence: Evidence) -> set[int]:
    """The units in which any version counts, or will when a later one is withdrawn."""
    handed_in = select(EvidenceVersion.id).where(
        EvidenceVersion.evidence_id == evidence.id,
        EvidenceVersion.frozen_at.is_not(None),
        EvidenceVersion.withdrawn_at.is_(None),
    )
    return units_carried(session, session.scalars(handed_in).all())


def _check_alone(session: Session, item: SubmissionItem) -> None:
    """Raises InvalidState while further claims on the same version are with an assessor, or were."""
    further = select(SubmissionItem.id).where(
        SubmissionItem.evidence_version_id == item.evidence_version_id,
        SubmissionItem.id != item.id,
        SubmissionItem.state != ItemState.WITHDRAWN,
    )
    if session.scalar(further.limit(1)) is not None:
        ref = item.version.evidence.ref
        raise InvalidState(f"Further criteria of {ref} were handed in after this. Take those back first.")


def _take_back(session: Session, item: SubmissionItem) -> None:
    """What was handed in stays as history, and its copy is the draft; of further claims they are the drafts again."""
    version = item.version
    if not item.is_further:
        version.withdrawn_at = clock.now()
        session.flush()
        copy_claims(session, version, copy_version(session, version.evidence))
        return
    further = select(Claim).where(Claim.evidence_version_id == version.id, Claim.submission_id == item.submission_id)
    for claim in session.scalars(further):
        claim.submission_id = None
    session.flush()
