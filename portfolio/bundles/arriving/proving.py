"""Proving that portfolios came from where the trail says, with the whole history that came with them. Reads only."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, joinedload

from portfolio.assessment.entries import IMPORTING, SIGNING, Place, Told
from portfolio.assessment.models import Signature
from portfolio.audit import streams
from portfolio.audit.checking import Ends
from portfolio.audit.models import AuditEvent, AuditStream, AuditText
from portfolio.audit.streams import Fault
from portfolio.bundles.models import Arrival
from portfolio.enrolment.models import Enrolment

BATCH = 500
END_TOLD = "the end that the entry about its arrival tells"
UNREADABLE = (AttributeError, LookupError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class There:
    """What streams from elsewhere tell: signatures, each as the key, the subject and the digest; and, by the stream of
    a history, from where a portfolio had come there: as that is told, of which enrolment, and where.
    """

    signatures: set[tuple[str, str, str]]
    arrivals: dict[str, tuple[Any, str, Place]]

    def tells(self, signature: Signature) -> bool:
        """Whether a signature that was made elsewhere is told of by a stream of that installation; any other is."""
        made = signature.elsewhere
        return not made or (made["key"], signature.subject, made["digest"]) in self.signatures


def told_elsewhere(session: Session) -> There:
    """What all streams from elsewhere tell. One statement."""
    found = There(set(), {})
    rows = session.execute(
        select(
            AuditStream.public_key, AuditStream.uid, AuditEvent.seq, AuditEvent.verb, AuditEvent.subject,
            streams.RAW_TEXT,
        )
        .join(AuditStream, AuditStream.id == AuditEvent.stream_id)
        .join(AuditText, AuditText.event_id == AuditEvent.id)
        .where(AuditEvent.verb.in_((IMPORTING, *SIGNING)), AuditStream.kind == streams.ELSEWHERE)
        .execution_options(yield_per=BATCH)
    )  # fmt: skip
    for key, uid, seq, verb, subject, raw in rows:
        with suppress(*UNREADABLE):  # the proof of the stream has named the entry already
            text = streams.read_text(raw)
            if verb == IMPORTING:
                found.arrivals[text["from"]["stream"]] = (text["from"], subject, (uid, seq))
            else:
                found.signatures.add((key, subject, text["digest"]))
    return found


def ends_told(session: Session, stream_ids: Collection[int]) -> Ends:
    """Where streams from elsewhere end, as the entries about their arrivals tell that are in these streams."""
    found: dict[str, list[tuple[int, str, str]]] = {}
    ids = sorted(stream_ids)
    for first in range(0, len(ids), BATCH):
        rows = session.execute(
            select(streams.RAW_TEXT)
            .join(AuditEvent, AuditEvent.id == AuditText.event_id)
            .where(AuditEvent.verb == IMPORTING, AuditEvent.stream_id.in_(ids[first : first + BATCH]))
        )
        for (raw,) in rows:
            with suppress(*UNREADABLE):  # the proof of the stream names the entry
                told = streams.read_text(raw)["from"]
                found.setdefault(told["stream"], []).append((told["seq"], told["head"], END_TOLD))
    return found


def wrong_arrivals(session: Session, told: Told, there: There) -> list[Fault]:
    """What is not as the entries tell that were made on arrival: of the last arrival of a portfolio that is one in its
    own stream, of each before it one in the stream of the next.
    """
    faults, texts = _ownerless(session), _texts(session)
    gone = {**there.arrivals, **told.arrivals}
    after: Arrival | None = None
    query = select(Arrival).options(joinedload(Arrival.stream), joinedload(Arrival.enrolment).load_only(Enrolment.uid))
    for arrival in session.scalars(query.order_by(Arrival.enrolment_id, Arrival.no.desc())).all():
        next_one = after if after is not None and after.enrolment_id == arrival.enrolment_id else None
        is_told = _is_told(arrival, texts.get(arrival.stream_id, 0), told, there, next_one)
        gone.pop(arrival.stream.uid, None)
        if not is_told:
            faults.append(Fault(streams.named(arrival), arrival.no, "an arrival is not as the trail tells of it"))
        after = arrival
    session.expunge_all()
    what = "the arrival that it tells of is gone"
    return [*faults, *(Fault(*place, what) for _from, _subject, place in gone.values())]


def _is_told(arrival: Arrival, texts: int, told: Told, there: There, next_one: Arrival | None) -> bool:
    entries: Mapping[str, tuple[Any, str, Place]] = there.arrivals if next_one else told.arrivals
    said, subject, place = entries.get(arrival.stream.uid, (None, "", ("", 0)))
    is_by_next = next_one is None or next_one.stream.uid == place[0]
    is_stream = (arrival.stream.kind, arrival.stream.public_key) == (streams.ELSEWHERE, arrival.public_key)
    with suppress(*UNREADABLE):
        is_same = said == arrival.facts(texts) and subject == f"enrolment:{arrival.enrolment.uid}"
        return is_same and is_by_next and is_stream
    return False


def _texts(session: Session) -> dict[int, int]:
    """How many entries of each history have their words, or say that they were erased."""
    rows = session.execute(
        select(AuditEvent.stream_id, func.count())
        .join(AuditText, AuditText.event_id == AuditEvent.id)
        .where(AuditEvent.stream_id.in_(select(Arrival.stream_id)))
        .group_by(AuditEvent.stream_id)
    )
    return {row[0]: row[1] for row in rows}


def _ownerless(session: Session) -> list[Fault]:
    is_of_arrival = exists().where(Arrival.stream_id == AuditStream.id)
    lost = select(AuditStream.uid).where(AuditStream.kind == streams.ELSEWHERE, ~is_of_arrival)
    return [Fault(uid, 1, "the stream belongs to nothing") for uid in session.scalars(lost)]
