"""Writing the trail, and proving it. One event per action, in the transaction of the change that it tells of."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import String, select, true, type_coerce
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.audit.events import (
    GENESIS,
    Doer,
    Entry,
    KeyElsewhere,
    Signed,
    Signer,
    canonical,
    facts_digest,
    new_salt,
    text_digest,
)
from portfolio.audit.models import AuditEvent, AuditHead, AuditStream, AuditText

PAGE = 5_000
EVENT_COLUMNS = [column for column in AuditEvent.__table__.columns if column.name != "at"]
RAW_TIME = type_coerce(AuditEvent.at, String).label("raw_at")
RAW_TEXT = type_coerce(AuditText.text, String).label("raw_text")
"""Read as they are, so that a value that somebody made unreadable is a fault of its entry and not an error."""
ELSEWHERE = "elsewhere"
"""The kind of a stream that another installation wrote."""
ERASED, ERASED_BY = "erased", "erased_by"
"""Where an entry tells whose texts it erased, and what stands in their place."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where a stream ends, signed: what an outsider keeps so that nothing before it can change unseen."""

    stream: str
    kind: str
    seq: int
    hash: str
    signature: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and at which entry of which stream it first shows."""

    stream: str
    seq: int
    what: str


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a verification; `faults` holds the first fault of each stream."""

    streams: int
    events: int
    faults: tuple[Fault, ...]


def open_stream(session: Session, kind: str) -> AuditStream:
    """A new, empty stream; `kind` is `centre` or `enrolment`."""
    stream = AuditStream(kind=kind, head_seq=0, head_hash=GENESIS)
    session.add(stream)
    session.flush()
    return stream


def named(row: Any) -> str:
    """How the trail names a row: its table and its public identifier."""
    return f"{row.__tablename__}:{row.uid}"


def record(
    session: Session,
    actor: Doer,
    verb: str,
    subject: str,
    *,
    stream_id: int,
    text: dict[str, Any] | None = None,
) -> AuditEvent:
    """Append one event. `text` holds plain values (str, int, bool, lists of them) and stays out of the chain."""
    stream = session.scalars(
        select(AuditStream).where(AuditStream.id == stream_id).with_for_update(),
        execution_options={"populate_existing": True},
    ).one()
    salt = new_salt() if text else ""
    digest = text_digest(salt, text) if text else ""
    entry = entry_of(actor, verb, subject, digest, (stream.uid, stream.head_seq, stream.head_hash))
    event = AuditEvent(**dict(zip(TOLD, row_of(session, stream_id, entry), strict=True)))
    stream.head_seq, stream.head_hash = event.seq, event.hash
    session.add(event)
    session.flush()
    if text:
        session.add(AuditText(event_id=event.id, salt=salt, text=text))
        session.flush()
    return event


def entry_of(actor: Doer, verb: str, subject: str, digest: str, after: tuple[str, int, str]) -> Entry:
    """The next event of a stream, which is given by its uid, the number of its last event and the hash of that."""
    stream, last, head = after
    return Entry(stream, last + 1, clock.now(), actor.uid, actor.role, verb, subject, digest, head)


TOLD = "stream_id", "seq", "at", "actor", "role", "verb", "subject", "digest", "prev", "hash", "signature"
"""What the row of an event says."""


def row_of(session: Session, stream_id: int, entry: Entry) -> tuple[Any, ...]:
    """The row of an event, signed."""
    signer: Signer = session.info["signer"]
    hashed = entry.hashed()
    return (
        stream_id, entry.seq, entry.at, entry.actor, entry.role, entry.verb, entry.subject, entry.digest, entry.prev,
        hashed, signer.sign(hashed),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """What an entry says in words and values."""

    seq: int
    verb: str
    subject: str
    text: dict[str, Any]


def words_in(session: Session, stream_id: int) -> list[Words]:
    """What every entry of a stream says, without those whose text was erased."""
    rows = session.execute(
        select(AuditEvent.seq, AuditEvent.verb, AuditEvent.subject, AuditText.text)
        .join(AuditText, AuditText.event_id == AuditEvent.id)
        .where(AuditEvent.stream_id == stream_id)
        .order_by(AuditEvent.seq)
    )
    return [Words(*row) for row in rows if not is_erased(row.text)]


def is_erased(text: Any) -> bool:
    """Whether this is all that is left of an entry's text: the number of the entry that tells of the erasure."""
    return isinstance(text, dict) and text.keys() == {ERASED_BY}


def erase(session: Session, event: AuditEvent) -> None:
    """Erase the texts that this entry tells of under `erased`, as numbers of its own stream, and their salts.

    The chain stays whole, because it holds their digests; and only what an entry tells of may be without its text.
    """
    told = session.get_one(AuditText, event.id).text[ERASED]
    rows = select(AuditText).join(AuditEvent, AuditEvent.id == AuditText.event_id)
    for row in session.scalars(rows.where(AuditEvent.stream_id == event.stream_id, AuditEvent.seq.in_(told))):
        row.salt, row.text = "", {ERASED_BY: event.seq}
    session.flush()


def note_heads(session: Session, actor: Doer, *, stream_id: int, others: Iterable[int]) -> int:
    """Write the heads of other streams into a centre's stream; answers how many."""
    ids = sorted(others)
    heads = [h for h in session.scalars(select(AuditStream).where(AuditStream.id.in_(ids))) if h.head_seq]
    if not heads:
        return 0
    listed = [[h.uid, h.head_seq, h.head_hash] for h in sorted(heads, key=lambda h: h.uid)]
    text = {"count": len(listed), "digest": facts_digest({"heads": listed})}
    event = record(session, actor, "audit.note_heads", f"audit_stream:{len(listed)}", stream_id=stream_id, text=text)
    session.add_all(AuditHead(event_id=event.id, stream_uid=u, seq=s, hash=h) for u, s, h in listed)
    session.flush()
    return len(listed)


def heads(session: Session) -> list[Head]:
    """The signed head of every stream of this installation that has an entry. Where one from elsewhere ends is told by
    the entry about its arrival.
    """
    rows = session.execute(
        select(AuditStream.uid, AuditStream.kind, AuditEvent.seq, AuditEvent.hash, AuditEvent.signature)
        .join(AuditEvent, (AuditEvent.stream_id == AuditStream.id) & (AuditEvent.seq == AuditStream.head_seq))
        .where(AuditStream.kind != ELSEWHERE)
        .order_by(AuditStream.uid)
    )
    return [Head(*row) for row in rows]


def is_signed_here(session: Session) -> bool:
    """Whether the newest entry that was written here is signed with this installation's key, or there is none."""
    signer: Signer = session.info["signer"]
    written_here = (
        select(AuditEvent.hash, AuditEvent.signature)
        .join(AuditStream, AuditStream.id == AuditEvent.stream_id)
        .where(AuditStream.kind != ELSEWHERE)
    )
    row = session.execute(written_here.order_by(AuditEvent.id.desc()).limit(1)).first()
    return row is None or signer.is_signed(row.hash, row.signature)


def verify(session: Session, *, against: Iterable[Head] = ()) -> Report:
    """Prove every stream: numbering, links, hashes, signatures, texts, noted heads, and heads kept elsewhere.

    Reads in pages, so memory does not grow with the trail.
    """
    signer: Signer = session.info["signer"]
    kept, faults = noted(session)
    for head in against:
        kept.setdefault(head.stream, []).append((head.seq, head.hash, "the head that was exported"))
        if not signer.is_signed(head.hash, head.signature):
            faults.append(Fault(head.stream, head.seq, "the exported head is not signed by this installation"))
    streams = list(session.scalars(select(AuditStream).order_by(AuditStream.id)))
    events = 0
    for stream in streams:
        count, fault = verify_stream(session, signer, stream, kept.pop(stream.uid, []))
        events += count
        if fault:
            faults.append(fault)
    faults += [Fault(uid, rows[0][0], "the whole stream is missing") for uid, rows in kept.items()]
    faults += _orphans(session)
    return Report(len(streams), events, tuple(faults))


def noted(session: Session, *, by: int | None = None) -> tuple[dict[str, list[tuple[int, str, str]]], list[Fault]]:
    """The heads that centres noted, by stream; and a fault for each entry with which other heads are kept. `by` is the
    stream of one centre, whose notes alone are wanted.
    """
    kept: dict[str, list[tuple[int, str, str]]] = {}
    listed: dict[int, list[list[str | int]]] = {}
    heads_of = select(AuditHead).order_by(AuditHead.stream_uid)
    if by is not None:
        heads_of = heads_of.where(AuditHead.event_id.in_(select(AuditEvent.id).where(AuditEvent.stream_id == by)))
    for head in session.execute(heads_of).scalars():
        kept.setdefault(head.stream_uid, []).append((head.seq, head.hash, "the head that the centre noted"))
        listed.setdefault(head.event_id, []).append([head.stream_uid, head.seq, head.hash])
    faults = []
    for event_id, uid, seq, raw in session.execute(
        select(AuditEvent.id, AuditStream.uid, AuditEvent.seq, RAW_TEXT)
        .join(AuditStream, AuditStream.id == AuditEvent.stream_id)
        .join(AuditText, AuditText.event_id == AuditEvent.id)
        .where(AuditEvent.verb == "audit.note_heads", true() if by is None else AuditEvent.stream_id == by)
    ):
        told = read_text(raw)
        found = facts_digest({"heads": listed.pop(event_id, [])})
        if not isinstance(told, dict) or told.get("digest") != found:
            faults.append(Fault(uid, seq, "the heads kept with it are not those that it noted"))
    faults += [Fault(str(heads[0][0]), 0, "a noted head belongs to no entry") for heads in listed.values()]
    return kept, faults


def verify_stream(
    session: Session, signer: Signer, stream: AuditStream, kept: list[tuple[int, str, str]]
) -> tuple[int, Fault | None]:
    """How many entries were proved, and the first fault; `kept` are known numbers and hashes, with what they are.

    A stream from elsewhere is proved with the key of the installation that wrote it. It came without the words of most
    entries; how many came with theirs is told by the entry about its arrival.
    """
    expected = {seq: (hashed, what) for seq, hashed, what in kept}
    is_elsewhere = stream.kind == ELSEWHERE
    key = KeyElsewhere(stream.public_key) if is_elsewhere else signer
    seq, prev, erasures = 0, GENESIS, Erasures(are_some_untold=is_elsewhere)
    for event, words in _events(session, stream.id):
        seq += 1
        wrong = _wrong_with(key, stream, event, erasures.note(event, words), seq, prev)
        if not wrong and seq in expected and expected[seq][0] != event.hash:
            wrong = f"differs from {expected[seq][1]}"
        if wrong:
            return seq, Fault(stream.uid, seq, wrong)
        prev = event.hash
    if (stream.head_seq, stream.head_hash) != (seq, prev):
        return seq, Fault(stream.uid, seq + 1, "the stream's end is not where its head says")
    if expected and max(expected) > seq:
        last = max(expected)
        return seq, Fault(stream.uid, seq + 1, f"entries are missing up to {expected[last][1]}, number {last}")
    untold = erasures.first_untold()
    return seq, Fault(stream.uid, untold, "its text is erased, and no entry tells of that") if untold else None


class Erasures:
    """The texts of a stream that are erased, and those that its entries tell of. Asked once the chain is known whole:
    an entry that is gone, or whose text was changed, is the fault then, and not what it told of. `are_some_untold`:
    entries that came without their words may tell of any.
    """

    def __init__(self, *, are_some_untold: bool = False) -> None:
        self._are_some_untold = are_some_untold
        self._erased: dict[int, Any] = {}
        self._told: dict[int, set[Any]] = {}

    def note(self, event: Any, words: tuple[Any, Any]) -> tuple[Any, Any, bool]:
        """Take in one entry; answers its salt and text, and whether the text is erased."""
        salt, raw = words
        text = read_text(raw)
        if event.digest and salt == "" and is_erased(text):
            self._erased[event.seq] = text[ERASED_BY]
            return salt, text, True
        if isinstance(text, dict) and isinstance(text.get(ERASED), list):
            self._told[event.seq] = {number for number in text[ERASED] if isinstance(number, int)}
        return salt, text, False

    def first_untold(self) -> int:
        """The number of the first entry whose erasure the named entry does not tell of; 0 for none."""
        return min((seq for seq, by in self._erased.items() if not self._is_told(seq, by)), default=0)

    def _is_told(self, seq: int, by: Any) -> bool:
        return isinstance(by, int) and (
            seq in self._told.get(by, ()) or (self._are_some_untold and by not in self._told)
        )


def _events(session: Session, stream_id: int) -> Iterator[tuple[Any, Any]]:
    after = (-1, -1)
    while True:
        rows = session.execute(
            select(*EVENT_COLUMNS, RAW_TIME, AuditText.salt, RAW_TEXT)
            .outerjoin(AuditText, AuditText.event_id == AuditEvent.id)
            .where(AuditEvent.stream_id == stream_id)
            .where((AuditEvent.seq > after[0]) | ((AuditEvent.seq == after[0]) & (AuditEvent.id > after[1])))
            .order_by(AuditEvent.seq, AuditEvent.id)
            .limit(PAGE)
        ).all()
        for row in rows:
            yield row, (row.salt, row.raw_text)
        if len(rows) < PAGE:
            return
        after = (rows[-1].seq, rows[-1].id)


def _wrong_with(key: Signed, stream: AuditStream, event: Any, words: Any, seq: int, prev: str) -> str:
    if event.seq != seq:
        return f"an entry is missing or out of order: found number {event.seq}"
    if event.prev != prev:
        return "it does not follow the entry before it"
    if _hash_again(stream, event) != event.hash:
        return "its fields are not those that were hashed"
    if not key.is_signed(event.hash, event.signature):
        return f"it is not signed by {key.whose}"
    salt, text, is_erased_text = words
    if is_erased_text or (salt is None and stream.kind == ELSEWHERE):
        return ""
    if event.digest and salt is None:
        return "its text is missing"
    if salt is not None and text_digest(salt, text) != event.digest:
        return "its text is not the text that was recorded"
    return ""


def _hash_again(stream: AuditStream, event: Any) -> str:
    """The hash of an event's fields as they are now; empty when they cannot be read. SQLite gives a time as text."""
    try:
        at = event.raw_at if isinstance(event.raw_at, datetime) else datetime.fromisoformat(event.raw_at)
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        entry = Entry(
            stream.uid, event.seq, at, event.actor, event.role, event.verb, event.subject, event.digest, event.prev
        )
        return entry.hashed()
    except (TypeError, ValueError):
        return ""


def read_text(raw: Any) -> Any:
    """An event's text as the driver gives it; None for what cannot be read."""
    try:
        return json.loads(raw) if isinstance(raw, str) else raw
    except ValueError:
        return None


def _orphans(session: Session) -> list[Fault]:
    streamless = session.execute(
        select(AuditEvent.seq, AuditEvent.stream_id)
        .outerjoin(AuditStream, AuditStream.id == AuditEvent.stream_id)
        .where(AuditStream.id.is_(None))
        .limit(1)
    )
    faults = [Fault(f"#{row.stream_id}", row.seq, "an entry belongs to no stream") for row in streamless]
    eventless = session.scalars(
        select(AuditText.event_id)
        .outerjoin(AuditEvent, AuditEvent.id == AuditText.event_id)
        .where(AuditEvent.id.is_(None))
        .limit(1)
    )
    return faults + [Fault(f"audit_text:{event_id}", 0, "a text belongs to no entry") for event_id in eventless]


def exported(heads_of: Iterable[Head], public_key: str) -> bytes:
    """The heads as a file to keep elsewhere: canonical JSON."""
    rows = [[h.stream, h.kind, h.seq, h.hash, h.signature] for h in heads_of]
    return canonical({"public_key": public_key, "heads": rows}) + b"\n"
