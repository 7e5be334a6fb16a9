"""An act: what somebody decided about words of an item, row by row, and the one event that tells of it.

No row and no event holds the words; the event has the digest of the rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.anonymise.findings import Label
from portfolio.audit import streams
from portfolio.audit.events import facts_digest, in_full
from portfolio.db import new_uid
from portfolio.enrolment.models import Enrolment
from portfolio.evidence.models import Evidence
from portfolio.screening.models import FindingDecision
from portfolio.screening.rules import Outcome, Reason


@dataclass(frozen=True, slots=True)
class Entry:
    """What is decided about the same words of an item; they stood in so many places. `on`: of something else than the
    item itself, such as feedback on it.
    """

    token: str
    label: Label
    entity_uid: str = ""
    pseudonym: str = ""
    places: int = 1
    on: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """An act by its identifier, with how many places it is about, and the digest of its rows."""

    uid: str
    count: int
    digest: str


def decide(
    session: Session,
    actor: Actor,
    item_uid: str,
    enrolment: Enrolment,
    entries: Sequence[Entry],
    outcome: Outcome,
    *,
    reason: Reason | None = None,
    said: str = "",
    undoes: str = "",
) -> Act:
    """Put the decisions of one act on record. The caller holds the enrolment, and tells of the act."""
    uid, at = new_uid(), clock.now()
    rows = [
        FindingDecision(
            act=uid,
            undoes=undoes,
            enrolment_id=enrolment.id,
            item_uid=entry.on or item_uid,
            token=entry.token,
            label=entry.label,
            entity_uid=entry.entity_uid,
            pseudonym=entry.pseudonym,
            places=entry.places,
            outcome=outcome,
            reason=reason,
            said=said,
            by_id=actor.person_id,
            role_word=actor.role,
            at=at,
        )
        for entry in entries
    ]
    session.add_all(rows)
    session.flush()
    return Act(uid, sum(entry.places for entry in entries), facts_digest(act_facts(rows)))


def act_facts(rows: Sequence[FindingDecision]) -> dict[str, object]:
    """Everything about the rows of an act that must stay as it was."""
    return {"decisions": sorted(map(_row_facts, rows), key=lambda facts: str(facts["uid"]))}


def _row_facts(row: FindingDecision) -> dict[str, object]:
    return {
        "uid": row.uid,
        "act": row.act,
        "undoes": row.undoes,
        "enrolment": row.enrolment_id,
        "item": row.item_uid,
        "token": row.token,
        "label": row.label.value,
        "entity": row.entity_uid,
        "pseudonym": row.pseudonym,
        "places": row.places,
        "outcome": row.outcome.value,
        "reason": row.reason.value if row.reason else "",
        "said": row.said,
        "by": row.by_id,
        "role": row.role_word,
        "at": in_full(row.at),
    }


def tell(
    session: Session,
    actor: Actor,
    verb: str,
    evidence: Evidence,
    enrolment: Enrolment,
    act: Act | None = None,
    **text: Any,
) -> None:
    """Record the event of an act, with what else is to be told of it: pseudonyms and labels, and never the words."""
    told: dict[str, Any] = {"ref": evidence.ref, **text}
    if act is not None:
        told |= {"act": act.uid, "count": act.count, "digest": act.digest}
    streams.record(session, actor, verb, streams.named(evidence), stream_id=enrolment.stream_id, text=told)
