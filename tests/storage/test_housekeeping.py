"""Housekeeping over a whole installation: content goes when nothing names it, and heads are noted when they moved."""

from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import select

from portfolio import clock, proof
from portfolio.audit.models import AuditEvent, AuditHead, AuditText
from portfolio.centres.models import Centre
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.rules import EnrolmentState
from portfolio.evidence import trashing
from portfolio.evidence.models import Evidence
from portfolio.evidence.rules import TRASH_LIFE
from portfolio.housekeeping import keep_house
from portfolio.installation import Installation
from portfolio.mapping import actions as mapping
from portfolio.storage import arriving, buckets
from portfolio.storage.models import Blob
from portfolio.storage.rules import BlobState
from tests.cast import Cast, add_file, arrived


def tidy(installation: Installation) -> None:
    """Keep house once."""
    keep_house(installation.database, installation.store, Event())


def events(installation: Installation, verb: str) -> list[AuditEvent]:
    """Every event of a kind."""
    with installation.database.reading() as session:
        return list(session.scalars(select(AuditEvent).where(AuditEvent.verb == verb)))


def discarded_files(installation: Installation, cast: Cast, count: int) -> list[str]:
    """Files of items that were added and discarded again, by hash."""
    with installation.database.writing() as session:
        for number in range(count):
            item = add_file(session, installation, cast, "ben", f"Draft {number}", f"draft {number}".encode())
            trashing.trash(session, cast.actor("ben", session), item)
            mapping.discard(session, cast.actor("ben", session), item)
        session.commit()
        return list(session.scalars(select(Blob.sha256).where(Blob.state == BlobState.DYING)))


def test_content_of_discarded_drafts_goes_in_batches(installation: Installation, cast: Cast) -> None:
    hashes = discarded_files(installation, cast, 23)
    assert len(hashes) == 23
    tidy(installation)
    with installation.database.reading() as session:
        centre = session.get_one(Centre, cast.homes["ben"])
        states = set(session.scalars(select(Blob.state).where(Blob.sha256.in_(hashes))))
        said = list(
            session.scalars(
                select(AuditText.text)
                .join(AuditEvent, AuditEvent.id == AuditText.event_id)
                .where(AuditEvent.verb == "storage.bury")
                .order_by(AuditEvent.id)
            )
        )
    assert states == {BlobState.GONE}
    assert not any(installation.store.size(centre.uid, sha256) for sha256 in hashes)
    assert [text["removed"] for text in said] == [20, 3]
    assert [event.stream_id for event in events(installation, "storage.bury")] == [centre.stream_id] * 2
    tidy(installation)
    assert len(events(installation, "storage.bury")) == 2
    assert proof.verify(installation.database, installation.store).faults == ()


def test_a_file_whose_row_was_never_committed_goes_after_a_day(
    installation: Installation, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with installation.database.reading() as session:
        centre = session.get_one(Centre, cast.homes["ben"])
    orphan = arrived(installation, b"the transaction was rolled back")
    installation.store.take(centre.uid, orphan)
    tidy(installation)
    assert installation.store.size(centre.uid, orphan.sha256) == orphan.size
    for module in (arriving, buckets):
        monkeypatch.setattr(module, "STALE_SECONDS", -60)
    tidy(installation)
    assert installation.store.size(centre.uid, orphan.sha256) is None
    assert proof.verify(installation.database, installation.store).faults == ()


def test_heads_are_noted_in_the_centre_that_they_belong_to_and_only_when_they_moved(
    installation: Installation, cast: Cast
) -> None:
    tidy(installation)
    first = events(installation, "audit.note_heads")
    tidy(installation)
    assert [event.id for event in events(installation, "audit.note_heads")] == [event.id for event in first]
    with installation.database.reading() as session:
        harrow, other = (session.get_one(Centre, cast.homes[name]) for name in ("amina", "olga"))
        noted = list(session.scalars(select(AuditHead.stream_uid)))
    assert {event.stream_id for event in first} == {harrow.stream_id, other.stream_id}
    assert len(set(noted)) == len(noted) == 3, "one head for each enrolment"
    with installation.database.writing() as session:
        add_file(session, installation, cast, "ben", "A call note", b"note")
        session.commit()
    tidy(installation)
    newest = events(installation, "audit.note_heads")[-1]
    with installation.database.reading() as session:
        heads = list(session.scalars(select(AuditHead).where(AuditHead.event_id == newest.id)))
        ben = session.get_one(Enrolment, cast.enrolments["ben"])
        last = session.scalars(
            select(AuditEvent).where(AuditEvent.stream_id == ben.stream_id).order_by(AuditEvent.seq.desc()).limit(1)
        ).one()
    assert [(head.seq, head.hash) for head in heads] == [(last.seq, last.hash)]


def test_a_process_that_is_told_to_stop_leaves_the_rest_for_later(installation: Installation, cast: Cast) -> None:
    discarded_files(installation, cast, 1)
    stopping = Event()
    stopping.set()
    keep_house(installation.database, installation.store, stopping)
    assert events(installation, "storage.bury") == []
    assert events(installation, "audit.note_heads") == []


def test_the_trash_is_emptied_after_its_time(installation: Installation, cast: Cast) -> None:
    """Of drafts with their claims and their content; one event tells of them all. Then nobody finds anything wrong."""
    with installation.database.writing() as session:
        for ref in ("E003", "E004"):
            evidence = session.get_one(Evidence, cast.evidence[f"amina {ref}"])
            trashing.trash(session, cast.actor("amina", session), evidence)
        session.commit()
    with clock.fixed(clock.now() + timedelta(days=1)), installation.database.writing() as session:
        kept = add_file(session, installation, cast, "ben", "Thrown away later", b"later")
        trashing.trash(session, cast.actor("ben", session), kept)
        session.commit()
    tidy(installation)
    with clock.fixed(clock.now() + TRASH_LIFE):
        tidy(installation)
        tidy(installation)
    with installation.database.reading() as session:
        left = set(session.scalars(select(Evidence.id).where(Evidence.trashed_at.is_not(None))))
        assert left == {kept.id}
        assert session.get(Evidence, cast.evidence["amina E003"]) is None
        text = session.scalars(select(AuditText.text).join(AuditEvent).where(AuditEvent.verb == "evidence.empty_trash"))
        assert [said["count"] for said in text] == [2]
    assert not proof.verify(installation.database, installation.store).faults


def test_the_trash_of_an_enrolment_that_is_over_stays_as_it_is(installation: Installation, cast: Cast) -> None:
    with installation.database.writing() as session:
        evidence = session.get_one(Evidence, cast.evidence["amina E004"])
        trashing.trash(session, cast.actor("amina", session), evidence)
        session.get_one(Enrolment, cast.enrolments["amina"]).state = EnrolmentState.COMPLETED
        session.commit()
    with clock.fixed(clock.now() + TRASH_LIFE):
        tidy(installation)
    with installation.database.reading() as session:
        assert session.get(Evidence, cast.evidence["amina E004"]) is not None
