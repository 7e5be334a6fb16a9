"""The trail: what is recorded, what cannot be changed, and what a verification finds."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.audit import streams
from portfolio.audit.events import Entry, System
from portfolio.audit.models import AuditEvent, AuditStream, AuditText
from portfolio.centres.actions import open_centre
from portfolio.db import Database, UnauditedWrite
from tests.tampering import tamper


@pytest.fixture
def trail(database: Database) -> AuditStream:
    """A stream of twelve events, committed."""
    with database.writing() as session:
        centre = open_centre(session, System(), name="Harrow Dale Training", number="40217")
        for number in range(11):
            words = {"number": number}
            streams.record(session, System(), "test.step", f"step:{number}", stream_id=centre.stream_id, text=words)
        stream = session.get_one(AuditStream, centre.stream_id)
        session.commit()
    return stream


def faults(database: Database, **options: Any) -> list[tuple[int, str]]:
    """Number and words of each fault."""
    with database.reading() as session:
        return [(fault.seq, fault.what) for fault in streams.verify(session, **options).faults]


@pytest.mark.usefixtures("trail")
def test_an_untouched_trail_has_no_fault(database: Database) -> None:
    assert faults(database) == []
    with database.reading() as session:
        report = streams.verify(session)
    assert (report.streams, report.events) == (1, 12)


@pytest.mark.usefixtures("trail")
def test_events_are_numbered_linked_and_signed(session: Session) -> None:
    events = list(session.scalars(select(AuditEvent).order_by(AuditEvent.seq)))
    assert [event.seq for event in events] == list(range(1, 13))
    assert [event.prev for event in events[1:]] == [event.hash for event in events[:-1]]
    assert all(session.info["signer"].is_signed(event.hash, event.signature) for event in events)


@pytest.mark.usefixtures("trail")
def test_the_words_stay_out_of_the_hashed_fields(session: Session) -> None:
    event = session.scalars(select(AuditEvent).where(AuditEvent.seq == 3)).one()
    words = session.get_one(AuditText, event.id)
    assert words.text == {"number": 1}
    assert len(event.digest) == 64
    assert "number" not in event.verb + event.subject + event.digest


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET actor = 'somebody' WHERE seq = 2",
        "DELETE FROM audit_event WHERE seq = 2",
        "UPDATE audit_event SET seq = 99 WHERE seq = 2",
    ],
)
@pytest.mark.usefixtures("trail")
def test_the_database_refuses_to_change_an_event(session: Session, statement: str) -> None:
    with pytest.raises(DBAPIError, match="on record"):
        session.execute(text(statement))


CHANGES = {
    "a field": (5, "UPDATE audit_event SET role = 'assessor' WHERE seq = 5"),
    "the time": (5, "UPDATE audit_event SET at = '2020-01-01 00:00:00' WHERE seq = 5"),
    "a digest": (5, "UPDATE audit_event SET digest = '' WHERE seq = 5"),
    "a signature": (5, "UPDATE audit_event SET signature = 'aa' WHERE seq = 5"),
    "a removed text": (5, "DELETE FROM audit_text WHERE event_id = (SELECT id FROM audit_event WHERE seq = 5)"),
    "a salt": (5, "UPDATE audit_text SET salt = 'aa' WHERE event_id = (SELECT id FROM audit_event WHERE seq = 5)"),
    "the head": (13, "UPDATE audit_stream SET head_seq = 40"),
}
"""A statement, and the entry at which it shows."""


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.usefixtures("trail")
def test_a_change_is_found_where_it_is(database: Database, what: str) -> None:
    at, statement = CHANGES[what]
    tamper(database, lambda session: session.execute(text(statement)))
    found = faults(database)
    assert [seq for seq, _ in found] == [at], found


@pytest.mark.usefixtures("trail")
def test_a_removed_entry_is_found(database: Database) -> None:
    def remove(session: Session) -> None:
        session.execute(text("DELETE FROM audit_text WHERE event_id = (SELECT id FROM audit_event WHERE seq = 5)"))
        session.execute(text("DELETE FROM audit_event WHERE seq = 5"))

    tamper(database, remove)
    assert faults(database)[0][0] == 5


def test_a_chain_made_again_without_the_key_is_found(trail: AuditStream, database: Database) -> None:
    def rehash(session: Session) -> None:
        events = list(session.scalars(select(AuditEvent).order_by(AuditEvent.seq)))
        prev = events[3].hash
        for event in events[4:]:
            event.verb, event.prev = "test.other", prev
            entry = Entry(
                trail.uid, event.seq, event.at, event.actor, event.role, event.verb, event.subject, event.digest, prev
            )
            event.hash = prev = entry.hashed()
        session.get_one(AuditStream, trail.id).head_hash = prev
        session.flush()

    tamper(database, rehash)
    assert faults(database) == [(5, "it is not signed by this installation")]


@pytest.mark.usefixtures("trail")
def test_a_cut_tail_is_found_against_an_exported_head(database: Database) -> None:
    with database.reading() as session:
        kept = streams.heads(session)

    def cut(session: Session) -> None:
        session.execute(text("DELETE FROM audit_text WHERE event_id IN (SELECT id FROM audit_event WHERE seq > 8)"))
        session.execute(text("DELETE FROM audit_event WHERE seq > 8"))
        last = session.scalars(select(AuditEvent).where(AuditEvent.seq == 8)).one()
        session.execute(text("UPDATE audit_stream SET head_seq = 8, head_hash = :hash"), {"hash": last.hash})

    tamper(database, cut)
    assert faults(database) == [], "inside one database a cut tail cannot show"
    assert faults(database, against=kept) == [(9, "entries are missing up to the head that was exported, number 12")]


def test_a_cut_tail_is_found_against_a_head_that_the_centre_noted(session: Session, database: Database) -> None:
    centre = open_centre(session, System(), name="Harrow Dale Training", number="40217")
    other = streams.open_stream(session, "enrolment")
    for number in range(5):
        streams.record(session, System(), "test.step", f"step:{number}", stream_id=other.id)
    assert streams.note_heads(session, System(), stream_id=centre.stream_id, others=[other.id]) == 1
    session.commit()

    def cut(session: Session) -> None:
        session.execute(text("DELETE FROM audit_event WHERE seq > 3 AND stream_id = :id"), {"id": other.id})
        last = session.scalars(select(AuditEvent).where(AuditEvent.seq == 3, AuditEvent.stream_id == other.id)).one()
        back = text("UPDATE audit_stream SET head_seq = 3, head_hash = :hash WHERE id = :id")
        session.execute(back, {"hash": last.hash, "id": other.id})

    tamper(database, cut)
    assert faults(database) == [(4, "entries are missing up to the head that the centre noted, number 5")]


def test_a_forged_exported_head_is_not_believed(trail: AuditStream, database: Database) -> None:
    forged = streams.Head(trail.uid, "centre", 99, "ab" * 32, "cd" * 64)
    assert (99, "the exported head is not signed by this installation") in faults(database, against=[forged])


def test_the_order_holds_when_the_clock_goes_back(session: Session, database: Database) -> None:
    centre = open_centre(session, System(), name="Harrow Dale Training", number="40217")
    with clock.fixed(datetime.now(UTC) - timedelta(hours=2)):
        streams.record(session, System(), "test.earlier", "step:1", stream_id=centre.stream_id)
    session.commit()
    assert faults(database) == []


@pytest.mark.usefixtures("trail")
def test_exported_heads_can_be_read_again(database: Database) -> None:
    with database.reading() as session:
        kept = streams.heads(session)
        told = json.loads(streams.exported(kept, "ab"))
    assert [streams.Head(*row) for row in told["heads"]] == kept


@pytest.mark.usefixtures("trail")
def test_a_commit_without_an_event_is_refused(database: Database) -> None:
    with database.writing() as session:
        session.execute(text("UPDATE centre SET name = 'Another name'"))
        with pytest.raises(UnauditedWrite, match="centre"):
            session.commit()
    with database.reading() as session:
        assert session.scalar(text("SELECT name FROM centre")) == "Harrow Dale Training"
