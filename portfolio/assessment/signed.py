"""Whether what was signed for a unit is what is on record. Reads only.

A version from which personal data was taken out since says less than what was signed: its recorded amendments lead from
the one digest to the other, and nothing else may.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.assessment.models import Judgement, Signature, UnitDecision
from portfolio.assessment.signing_off import decision_facts, facts_elsewhere, signature_facts
from portfolio.audit import streams
from portfolio.audit.events import facts_digest
from portfolio.evidence.models import Amendment, Evidence, EvidenceVersion
from portfolio.mapping.models import Claim
from portfolio.mapping.rules import Outcome


@dataclass(frozen=True, slots=True)
class Compared:
    """`wrong` says what is not as it was signed, empty for nothing, and `row` names the row at fault; `amended` counts
    the versions from which personal data was taken out since.
    """

    wrong: str = ""
    row: str = ""
    amended: int = 0


def compared(session: Session, signature: Signature, decision: UnitDecision | None) -> Compared:
    """A signature with the decision that it names, the judgements and the versions, beside what was signed."""
    name = streams.named(signature)
    if facts_digest(signature_facts(signature)) != signature.digest:
        return Compared("a signature is not what was signed", name)
    if signature.elsewhere and not _is_as_elsewhere(signature, signature.elsewhere):
        return Compared("a signature is not what was signed where it was made", name)
    wrong = _wrong_with(signature, decision)
    if decision is None or wrong:
        return Compared(wrong, signature.subject)
    amended = set()
    signed = [one for line in signature.signed.get("criteria", ()) for one in line["met_by"]]
    found = _judged(session, {one["judgement"] for one in signed})
    for one in signed:
        row = found.get(one["judgement"])
        if row is None:
            return Compared("a decision that was signed for is gone", name)
        is_met = row.outcome is Outcome.MET and row.effective_at is not None
        told = (decision.enrolment_unit_id, one["claim"], one["item"], one["version"])
        if not is_met or (row.enrolment_unit_id, row.claim, row.ref, row.no) != told:
            return Compared("a decision that was signed for is not what was signed", name)
        if row.version_digest != one["version_digest"]:
            if not _leads(session, row.version_id, one["version_digest"], row.version_digest):
                return Compared("work that was signed for is not what was signed", name)
            amended.add(row.version_id)
    return Compared(amended=len(amended))


def _is_as_elsewhere(signature: Signature, there: Mapping[str, Any]) -> bool:
    """Whether what is signed says here, in other numbers, what it said at the installation where it was made."""
    is_whole = facts_digest(facts_elsewhere(signature)) == there["digest"]
    return is_whole and _without_numbers(signature.signed) == _without_numbers(there["signed"])


def _without_numbers(signed: Mapping[str, Any]) -> dict[str, Any]:
    """What is signed without what is numbered, or made of numbers, in each installation by itself."""
    decision = {name: said for name, said in signed["decision"].items() if name not in {"unit", "by", "supersedes"}}
    lines = [
        [line["code"], [[one["item"], one["version"], one["claim"]] for one in line["met_by"]]]
        for line in signed.get("criteria", ())
    ]
    said = {name: value for name, value in signed.items() if name not in {"decision", "learner", "criteria", "opens"}}
    return {**said, "decision": decision, "criteria": lines}


def _wrong_with(signature: Signature, decision: UnitDecision | None) -> str:
    if decision is None:
        return "the decision that was signed is gone"
    signer = (decision.by_id, decision.decided_at)
    if signature.signed["decision"] != decision_facts(decision) or signer != (signature.person_id, signature.signed_at):
        return "a decision on a unit is not what was signed"
    unit, told = decision.enrolment_unit, signature.signed["unit"]
    if (unit.uid, unit.unit_code, unit.enrolment.uid) != (told["uid"], told["code"], signature.signed["enrolment"]):
        return "the unit is not the one that was signed"
    return ""


def _judged(session: Session, digests: Collection[str]) -> Mapping[str, Any]:
    rows = session.execute(
        select(
            Judgement.digest,
            Judgement.outcome,
            Judgement.effective_at,
            Claim.uid.label("claim"),
            Claim.enrolment_unit_id,
            Evidence.ref,
            EvidenceVersion.id.label("version_id"),
            EvidenceVersion.no,
            EvidenceVersion.digest.label("version_digest"),
        )
        .join(Claim, Claim.id == Judgement.claim_id)
        .join(EvidenceVersion, EvidenceVersion.id == Claim.evidence_version_id)
        .join(Evidence, Evidence.id == EvidenceVersion.evidence_id)
        .where(Judgement.digest.in_(digests))
    )
    return {row.digest: row for row in rows}


def _leads(session: Session, version_id: int, before: str, after: str) -> bool:
    """Whether recorded amendments made the one digest into the other."""
    steps = select(Amendment.digest_before, Amendment.digest_after).where(Amendment.version_id == version_id)
    for first, second in session.execute(steps.order_by(Amendment.no)):
        before = second if first == before else before
    return before == after
