"""A quick look at the trail: where each stream ends, and its newest entries. `portfolio audit verify` proves it all."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from portfolio.audit.events import GENESIS, Entry, Signer
from portfolio.audit.models import AuditEvent, AuditStream
from portfolio.config import Settings
from portfolio.safekeeping.findings import Finding, fault, ok

NEWEST_ENTRIES = 1_000
NAMED_MOST = 3


def trail_found(session: Session, settings: Settings) -> Iterator[Finding]:
    """Whether every trail ends where it says, and the newest entries are whole and signed by the key that is here."""
    mend = "Run portfolio audit verify, and keep this installation as it is until the fault is understood."
    cut = session.scalars(
        select(AuditStream.uid)
        .outerjoin(
            AuditEvent,
            (AuditEvent.stream_id == AuditStream.id)
            & (AuditEvent.seq == AuditStream.head_seq)
            & (AuditEvent.hash == AuditStream.head_hash),
        )
        .where(AuditStream.head_seq > 0, AuditEvent.id.is_(None))
        .limit(NAMED_MOST)
    ).all()
    if cut:
        yield fault("trail", f"It does not end where it says in {', '.join(cut)}.", mend)
        return
    key = settings.keys / "audit"
    if not key.exists():  # opening it would make another one
        yield fault("trail", "It cannot be looked at without its key.", "See to the keys first.")
        return
    wrong = _wrong_with_newest(session, Signer(key))
    if wrong:
        yield fault("trail", f"{wrong}.", mend)
        return
    count = session.scalar(select(func.count()).select_from(AuditEvent)) or 0
    looked_at = min(count, NEWEST_ENTRIES)
    yield ok("trail", f"Every trail ends where it says; the newest {looked_at:,} of {count:,} entries are whole.")


def _wrong_with_newest(session: Session, signer: Signer) -> str:
    """What is wrong with the first of the newest entries that is not as it was recorded here; empty when all are."""
    before = aliased(AuditEvent)
    rows = session.execute(
        select(AuditEvent, AuditStream.uid, before.hash)
        .join(AuditStream, AuditStream.id == AuditEvent.stream_id)
        .outerjoin(before, (before.stream_id == AuditEvent.stream_id) & (before.seq == AuditEvent.seq - 1))
        .order_by(AuditEvent.id.desc())
        .limit(NEWEST_ENTRIES)
    )
    for event, uid, hash_before in reversed(rows.all()):
        place = f"Stream {uid}, entry {event.seq}"
        entry = Entry(
            uid, event.seq, event.at, event.actor, event.role, event.verb, event.subject, event.digest, event.prev
        )
        if event.prev != (GENESIS if event.seq == 1 else hash_before):
            return f"{place}: it does not follow the entry before it"
        if entry.hashed() != event.hash:
            return f"{place}: its fields are not those that were hashed"
        if not signer.is_signed(event.hash, event.signature):
            return f"{place}: it is not signed by this installation's key"
    return ""
