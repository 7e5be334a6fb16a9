"""Many events at once, each as `streams.record` appends one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portfolio import writing
from portfolio.audit.events import Doer, new_salt, text_digest
from portfolio.audit.models import AuditEvent, AuditStream, AuditText
from portfolio.audit.streams import PAGE, TOLD, entry_of, row_of


@dataclass(frozen=True, slots=True)
class Telling:
    """An event that is to be recorded. `text` holds plain values (str, int, bool, lists of them) and stays out of the
    chain.
    """

    stream_id: int
    verb: str
    subject: str
    text: dict[str, Any] | None = None


def record_all(session: Session, actor: Doer, tellings: Sequence[Telling]) -> None:
    """Append an event for each of these, in their order, to the streams that they name: all held until the end."""
    if not tellings:
        return
    ends = _held(session, sorted({telling.stream_id for telling in tellings}))
    events, texts = [], []
    for telling, event_id in zip(tellings, writing.reserved(session, AuditEvent, len(tellings)), strict=True):
        salt = new_salt() if telling.text else ""
        digest = text_digest(salt, telling.text) if telling.text else ""
        entry = entry_of(actor, telling.verb, telling.subject, digest, ends[telling.stream_id])
        event = row_of(session, telling.stream_id, entry)
        ends[telling.stream_id] = entry.stream, entry.seq, event[TOLD.index("hash")]
        events.append((event_id, *event))
        if telling.text:
            texts.append((event_id, salt, telling.text))
    writing.write(session, AuditEvent, ("id", *TOLD), events)
    writing.write(session, AuditText, ("event_id", "salt", "text"), texts)
    session.execute(
        update(AuditStream), [{"id": id_, "head_seq": seq, "head_hash": end} for id_, (_uid, seq, end) in ends.items()]
    )


def _held(session: Session, stream_ids: Sequence[int]) -> dict[int, tuple[str, int, str]]:
    """Streams held until the end: the uid of each, and where it ends. What a session read of them is forgotten."""
    session.flush()
    found: dict[int, tuple[str, int, str]] = {}
    for first in range(0, len(stream_ids), PAGE):
        rows = session.execute(
            select(AuditStream.id, AuditStream.uid, AuditStream.head_seq, AuditStream.head_hash)
            .where(AuditStream.id.in_(stream_ids[first : first + PAGE]))
            .order_by(AuditStream.id)
            .with_for_update()
        )
        found |= {row.id: (row.uid, row.head_seq, row.head_hash) for row in rows}
    for known in session.identity_map.values():
        if isinstance(known, AuditStream) and known.id in found:
            session.expire(known)
    return found
