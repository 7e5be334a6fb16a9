"""Signing off a learner's unit, and opening it again. Each is an act with a signature over exactly what was signed.

While a unit is signed off nothing that it stands on changes, but to take personal data out: `refuse_signed` says no.
With the learner's last unit it is forgotten who stands behind the pseudonyms in their evidence, and originals of
redacted files that are held go.
"""

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.accounts.rules import ROLE_WORDS, Role
from portfolio.assessment.models import Signature, UnitDecision
from portfolio.assessment.rules import UnitDecisionKind, check_signer, in_words
from portfolio.assessment.sign_off_queries import Meeting, Signable, signable, signed_among
from portfolio.assessment.telling import tell_of_unit
from portfolio.audit import streams
from portfolio.audit.events import facts_digest, in_full
from portfolio.db import new_uid
from portfolio.enrolment.actions import lock
from portfolio.enrolment.models import Enrolment, EnrolmentUnit
from portfolio.enrolment.rules import Duty
from portfolio.errors import Conflict, Forbidden, InvalidState, Rejected
from portfolio.evidence.rules import REASON_MOST
from portfolio.notices.rules import NoticeKind
from portfolio.redaction.using import let_go_all
from portfolio.screening.forgetting import empty_keys

NOTHING: Mapping[str, int] = MappingProxyType({})
REOPENING = "I open this unit again, for the reason that I have given."


def refuse_signed(session: Session, enrolment_unit_ids: Collection[int]) -> None:
    """Raises InvalidState naming the first of these units that is signed off, if one is."""
    for unit in signed_among(session, enrolment_unit_ids).values():
        raise InvalidState(f"{unit.title} is signed off. It must be opened again before anything in it changes.")


def check_may_sign(actor: Actor, enrolment: Enrolment, unit: EnrolmentUnit) -> None:
    """Raises Forbidden for whoever may not sign off this very unit, today."""
    today = clock.today()
    check_signer(
        is_learner=actor.person_id == enrolment.learner_id,
        is_assessor=Role.ASSESSOR in actor.roles,
        is_qualified=actor.is_qualified,
        is_allocated=any(
            row.person_id == actor.person_id
            and row.duty is Duty.ASSESS
            and row.is_open(today)
            and row.enrolment_unit_id in {None, unit.id}
            for row in enrolment.allocations
        ),
    )


def sign_off(session: Session, actor: Actor, unit: EnrolmentUnit, *, statement: str, seen_digest: str) -> UnitDecision:
    """A qualified assessor says that all of a unit is met. `seen_digest` is `Signable.seen` as the page showed it.

    Raises Forbidden for whoever may not, InvalidState naming everything that lacks, Conflict with what is new.
    """
    enrolment = lock(session, unit.enrolment_id)
    session.refresh(unit)
    check_may_sign(actor, enrolment, unit)
    found = signable(session, unit.id)
    if found.lacks:
        raise InvalidState(" ".join(lack.sentence for lack in found.lacks))
    if found.seen != seen_digest:
        raise Conflict(
            "This has changed since you opened the page. Look at what is new before you sign.",
            {line.criterion.code: _now(line.met_by) for line in found.new_since(seen_digest)},
        )
    if not statement.strip():
        raise Rejected("Say what you sign.", "statement")
    decision = _append(session, actor, unit, found, UnitDecisionKind.SIGNED_OFF)
    gone = {}
    if _is_last(session, enrolment):
        gone = {"forgotten": empty_keys(session, enrolment), "originals": let_go_all(session, enrolment)}
    _sign(session, actor, enrolment, decision, statement=statement.strip(), what=found.facts, gone=gone)
    tell_of_unit(session, actor, unit, NoticeKind.SIGNED_OFF)
    return decision


def _is_last(session: Session, enrolment: Enrolment) -> bool:
    """Whether every unit of the learner is signed off now."""
    units = [one.id for one in enrolment.units]
    return len(signed_among(session, units)) == len(units)


def _now(met_by: Sequence[Meeting]) -> str:
    return f"Met by {in_words([f'{one.ref} version {one.no}' for one in met_by])}."


def reopen(session: Session, actor: Actor, unit: EnrolmentUnit, *, reason: str) -> UnitDecision:
    """The unit is open for evidence and decisions again; what was signed stays on record. Needs a reason."""
    enrolment = lock(session, unit.enrolment_id)
    session.refresh(unit)
    if actor.person_id == enrolment.learner_id:
        raise Forbidden("Nobody opens their own {unit} again. Somebody else at your centre must do this.")
    found = signable(session, unit.id)
    if found.sign_off is None:
        raise InvalidState("This {unit} is not signed off, so there is nothing to open again.")
    if not reason.strip():
        raise Rejected("Say why the {unit} is opened again.", "reason")
    if len(reason.strip()) > REASON_MOST:
        raise Rejected(f"Keep this to {REASON_MOST} characters.", "reason")
    what = {**found.head, "opens": found.sign_off.digest}
    decision = _append(session, actor, unit, found, UnitDecisionKind.REOPENED, reason=reason.strip())
    _sign(session, actor, enrolment, decision, statement=REOPENING, what=what)
    tell_of_unit(session, actor, unit, NoticeKind.REOPENED)
    return decision


def _append(
    session: Session, actor: Actor, unit: EnrolmentUnit, found: Signable, kind: UnitDecisionKind, *, reason: str = ""
) -> UnitDecision:
    before = found.decisions[-1] if found.decisions else None
    decision = UnitDecision(
        enrolment_unit_id=unit.id,
        no=before.no + 1 if before else 1,
        kind=kind,
        by_id=actor.person_id,
        reason=reason,
        decided_at=clock.now(),
        supersedes_id=before.id if before else None,
    )
    session.add(decision)
    session.flush()
    return decision


def _sign(
    session: Session,
    actor: Actor,
    enrolment: Enrolment,
    decision: UnitDecision,
    *,
    statement: str,
    what: Mapping[str, Any],
    gone: Mapping[str, int] = NOTHING,
) -> None:
    """Put the actor's name to a decision and to what it is about, and record the one entry that tells of both, and of
    how many people were forgotten and how many originals of redacted files destroyed with it.
    """
    is_sign_off = decision.kind is UnitDecisionKind.SIGNED_OFF
    signature = Signature(
        uid=new_uid(),
        subject=streams.named(decision),
        person_id=actor.person_id,
        role_word=ROLE_WORDS[Role.ASSESSOR] if is_sign_off else actor.role,
        statement=statement,
        signed={"decision": decision_facts(decision), **what},
        signed_at=decision.decided_at,
    )
    signature.digest = facts_digest(signature_facts(signature))
    session.add(signature)
    session.flush()
    streams.record(
        session,
        actor,
        "unit.sign_off" if is_sign_off else "unit.reopen",
        signature.subject,
        stream_id=enrolment.stream_id,
        text={"unit": what["unit"]["code"], "no": decision.no, "digest": signature.digest}
        | {name: count for name, count in gone.items() if count},
    )


def decision_facts(decision: UnitDecision) -> dict[str, Any]:
    """Everything about a decision that must stay as it was."""
    return {
        "uid": decision.uid,
        "unit": decision.enrolment_unit_id,
        "no": decision.no,
        "kind": decision.kind.value,
        "by": decision.by_id,
        "reason": decision.reason,
        "decided_at": in_full(decision.decided_at),
        "supersedes": decision.supersedes_id,
    }


def signature_facts(signature: Signature) -> dict[str, Any]:
    """What a signature's digest covers: what stood there, the words, who signed in which role, and when."""
    return {
        "uid": signature.uid,
        "subject": signature.subject,
        "person": signature.person_id,
        "role": signature.role_word,
        "statement": signature.statement,
        "signed": signature.signed,
        "signed_at": in_full(signature.signed_at),
        **({"elsewhere": signature.elsewhere} if signature.elsewhere else {}),
    }


def facts_elsewhere(signature: Signature) -> dict[str, Any]:
    """What the digest of a signature covered where it was made, if that was at another installation."""
    there = signature.elsewhere or {}
    facts = {**signature_facts(signature), "person": there["person"], "signed": there["signed"]}
    return {name: value for name, value in facts.items() if name != "elsewhere"}
