"""Signatures and redacted files that come from elsewhere: what was signed there, and the same in the numbers that
things have here.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from portfolio import clock, writing
from portfolio.assessment.models import Signature
from portfolio.assessment.signing_off import decision_facts, signature_facts
from portfolio.audit.events import facts_digest, in_full
from portfolio.bundles.arriving.incoming import Incoming, Record
from portfolio.bundles.arriving.rows import Rows
from portfolio.jobs.models import Job
from portfolio.jobs.rules import JobState
from portfolio.redaction.models import Redaction
from portfolio.redaction.rules import MAKE_REDACTED, RedactionState

UNKNOWN_TYPE = "application/octet-stream"


def write_signatures(rows: Rows, incoming: Incoming) -> list[Signature]:
    """Write what was signed for units, each with what stood there where it was made."""
    decisions = {f"unit_decision:{one.uid}": one for one in rows.decisions.values()}
    brought_at = in_full(clock.now())
    signatures = []
    for record in rows.records["signatures"]:
        made = record["elsewhere"] or {
            "centre": incoming.centre_name,
            "number": incoming.centre_number,
            "key": incoming.public_key,
            "person": record["person"],
            "signed": record["signed"],
            "digest": record["digest"],
        }
        signature = Signature(
            uid=record["uid"],
            subject=record["subject"],
            person_id=rows.person(record["person"]),
            role_word=record["role"],
            statement=record["statement"],
            signed=_signed(rows, record["signed"], decision_facts(decisions[record["subject"]])),
            signed_at=decisions[record["subject"]].decided_at,
            elsewhere={**made, "brought_at": brought_at},
        )
        signature.digest = facts_digest(signature_facts(signature))
        rows.after[record["digest"]] = signature.digest
        signatures.append(signature)
    writing.put(rows.session, signatures)
    return signatures


def _signed(rows: Rows, signed: Mapping[str, Any], decision: dict[str, Any]) -> dict[str, Any]:
    """What was signed, with the digests that things have here. A version that was amended since keeps the digest that
    it had when it was signed, from which its amendments lead on.
    """
    after = rows.after
    said = {**signed, "decision": decision, "learner": rows.here.learner_uid}
    if "opens" in signed:
        said["opens"] = after.get(signed["opens"], signed["opens"])
    if "criteria" in signed:
        said["criteria"] = [
            {
                "code": line["code"],
                "met_by": [
                    {
                        **one,
                        "version_digest": after.get(one["version_digest"], one["version_digest"]),
                        "judgement": after.get(one["judgement"], one["judgement"]),
                    }
                    for one in line["met_by"]
                ],
            }
            for line in signed["criteria"]
        ]
    return said


def write_redactions(rows: Rows) -> list[Redaction]:
    """Write how the redacted files that are used were made and proved. The work on each was done there."""
    records, types = rows.records["redactions"], {one["sha256"]: one["media_type"] for one in rows.records["files"]}
    enrolment = rows.here.enrolment
    redactions = [_redaction(rows, record, types.get(record["result"], UNKNOWN_TYPE)) for record in records]
    writing.number(rows.session, redactions)
    jobs = [
        Job(
            kind=MAKE_REDACTED,
            centre_id=enrolment.centre_id,
            person_id=one.asked_by_id,
            subject_id=one.id,
            state=JobState.DONE,
            created_at=one.asked_at,
            finished_at=one.made_at,
        )
        for one in redactions
    ]
    writing.put(rows.session, jobs)
    for one, job in zip(redactions, jobs, strict=True):
        one.job_id = job.id
    writing.put_numbered(rows.session, redactions)
    return redactions


def _redaction(rows: Rows, record: Record, media_type: str) -> Redaction:
    by, made_at = rows.person(record["by"]), datetime.fromisoformat(record["made_at"])
    return Redaction(
        uid=record["uid"],
        enrolment_id=rows.here.enrolment.id,
        item_uid=record["item"],
        version_no=record["version"],
        source=record["source"],
        source_size=record["size"],
        source_type=media_type,
        state=RedactionState.USED,
        asked_by_id=by,
        asked_at=made_at,
        result_sha256=record["result"],
        proof=record["proof"],
        made_at=made_at,
        used_by_id=by,
        used_at=datetime.fromisoformat(record["at"]),
        checked=record["checked"],
    )
