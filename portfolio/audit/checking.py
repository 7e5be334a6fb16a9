"""Proving one stream, or all of a centre's one after the other, and keeping what came of it until the next time.

`streams.verify` proves every stream of the installation at once; this is for whoever presses a button.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.audit.events import Doer, Signer
from portfolio.audit.models import AuditHead, AuditStream, TrailCheck
from portfolio.audit.streams import Fault, noted, verify_stream

BATCH = 200
NOTED = "the head that the centre noted"
MOST = 200
"""How much is kept of what is wrong, in characters."""

Ends = Mapping[str, Sequence[tuple[int, str, str]]]
"""Where streams end, by their public identifiers: numbers and hashes, each with what says so."""
NO_ENDS: Ends = MappingProxyType({})

Report = Callable[[int, int, str], None]
"""Told how far the proof is: streams done, streams in all, and a sentence. Ends it by raising."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was proved: how many streams and entries, where the stream ended that it is about, and every first fault."""

    stream_id: int
    streams: int
    entries: int
    head_seq: int
    head_hash: str
    faults: tuple[Fault, ...]


def check_one(session: Session, stream_id: int, *, others: Sequence[int] = (), ends: Ends = NO_ENDS) -> Checked:
    """Prove one stream: numbering, links, hashes, signatures, texts, and the ends that its centre noted of it; and with
    it `others` that came from elsewhere, with the `ends` of them that are told.
    """
    signer: Signer = session.info["signer"]
    stream = session.get_one(AuditStream, stream_id)
    noted_ends = select(AuditHead.seq, AuditHead.hash).where(AuditHead.stream_uid == stream.uid)
    kept = [(seq, hashed, NOTED) for seq, hashed in session.execute(noted_ends)]
    entries, fault = verify_stream(session, signer, stream, kept)
    faults = [fault] if fault else []
    for id_ in others:
        other = session.get_one(AuditStream, id_)
        count, fault = verify_stream(session, signer, other, list(ends.get(other.uid, ())))
        entries += count
        faults += [fault] if fault else []
    return Checked(stream.id, 1 + len(others), entries, stream.head_seq, stream.head_hash, tuple(faults))


def check_all(
    session: Session, stream_id: int, others: Iterable[int], report: Report, *, ends: Ends = NO_ENDS
) -> Checked:
    """Prove a centre's own stream and those of its enrolments, whose ids `others` are, against the ends that it noted;
    among them are streams from elsewhere, with the `ends` of them that are told.

    The session must see one moment. Memory does not grow with the entries.
    """
    signer: Signer = session.info["signer"]
    kept, faults = noted(session, by=stream_id)
    ids = [stream_id, *sorted(others)]
    entries = done = 0
    for first in range(0, len(ids), BATCH):
        batch = session.scalars(
            select(AuditStream).where(AuditStream.id.in_(ids[first : first + BATCH])).order_by(AuditStream.id)
        ).all()
        for stream in batch:
            report(done, len(ids), f"{entries:,} entries proved")
            known = [*kept.pop(stream.uid, ()), *ends.get(stream.uid, ())]
            count, fault = verify_stream(session, signer, stream, known)
            entries, done = entries + count, done + 1
            if fault:
                faults.append(fault)
        session.expunge_all()
    faults += [Fault(uid, rows[0][0], "the whole stream is missing") for uid, rows in kept.items()]
    own = session.get_one(AuditStream, stream_id)
    return Checked(stream_id, done, entries, own.head_seq, own.head_hash, tuple(faults))


def keep(session: Session, doer: Doer, checked: Checked) -> TrailCheck:
    """Remember what came of a proof, in place of what came of the one before."""
    session.execute(select(AuditStream.id).where(AuditStream.id == checked.stream_id).with_for_update())
    first = checked.faults[0] if checked.faults else Fault("", 0, "")
    row = session.get(TrailCheck, checked.stream_id) or TrailCheck(stream_id=checked.stream_id)
    row.at, row.person = clock.now(), doer.uid
    row.streams, row.entries = checked.streams, checked.entries
    row.head_seq, row.head_hash = checked.head_seq, checked.head_hash
    row.faults, row.fault_stream, row.fault_seq = len(checked.faults), first.stream[:20], first.seq
    row.fault = first.what[:MOST]
    session.add(row)
    session.flush()
    return row


def last_check(session: Session, stream_id: int) -> TrailCheck | None:
    """What came of the last proof of a stream, if there was one."""
    return session.get(TrailCheck, stream_id)
