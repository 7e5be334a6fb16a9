"""The whole proof, on both databases: rows beside the trail cannot change, appear or go without being named."""

from collections.abc import Callable

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portfolio import proof
from portfolio.audit.events import facts_digest
from portfolio.audit.models import AuditEvent, AuditText
from portfolio.evidence.actions import version_facts
from portfolio.evidence.models import Amendment, EvidenceVersion
from tests.cast import Cast
from tests.evidence.breaches import mended
from tests.tampering import tamper

Change = Callable[[Session], object]


def named(cast: Cast) -> set[str]:
    """The tables and streams that the faults name, without what tells one row from another."""
    installation = cast.installation
    return {fault.stream.partition(":")[0] for fault in proof.verify(installation.database, installation.store).faults}


def sql(statement: str) -> Change:
    """A change by one statement."""
    return lambda session: session.execute(text(statement))


def test_nothing_is_wrong_with_what_the_product_did(cast: Cast) -> None:
    found = proof.verify(cast.installation.database, cast.installation.store)
    assert found.faults == ()
    assert found.versions == 3
    assert found.judgements == 2
    assert found.files == 2


CHANGES = {
    "a decision's words": ("UPDATE judgement SET feedback = 'Fine.' WHERE id = 1", "judgement"),
    "when it took effect": ("UPDATE judgement SET effective_at = '2020-01-01 00:00:00' WHERE id = 1", "judgement"),
    "a title": ("UPDATE evidence_version SET title = 'Mine' WHERE id = 1", "evidence_version"),
    "the item of a version": ("UPDATE evidence_version SET evidence_id = 999 WHERE id = 1", "evidence_version"),
    "what is withdrawn": ("UPDATE evidence_version SET withdrawn_at = created_at WHERE id = 1", "evidence_version"),
    "a claim": ("UPDATE claim SET annotation = 'Better' WHERE id = 1", "evidence_version"),
    "a tick": ("UPDATE item_review SET valid = false WHERE id = 1", "item_review"),
    "a content's name": (f"UPDATE blob SET sha256 = '{'ab' * 32}' WHERE id = 1", "blob"),
    "a centre's number in a content's row": ("UPDATE blob SET centre_id = 999 WHERE id = 1", "blob"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_changed_row_is_named(cast: Cast, what: str) -> None:
    statement, table = CHANGES[what]
    tamper(cast.installation.database, sql(statement))
    assert table in named(cast)


@pytest.mark.parametrize("statement", ["DELETE FROM judgement WHERE id = 1", "DELETE FROM item_review WHERE id = 1"])
def test_what_is_gone_is_named_by_the_entry_that_tells_of_it(cast: Cast, statement: str) -> None:
    tamper(cast.installation.database, sql(statement))
    [fault, *_] = proof.verify(cast.installation.database, cast.installation.store).faults
    assert "it tells of is gone" in fault.what
    assert fault.seq > 0


MENDED = {
    "its text": ("UPDATE evidence_version SET body = 'x' WHERE amended > 0", "evidence_version"),
    "a claim of it": ("UPDATE claim SET annotation = 'x' WHERE amended > 0", "evidence_version"),
    "the count": ("UPDATE evidence_version SET amended = 2 WHERE amended = 1", "evidence_version"),
    "the reason": ("UPDATE amendment SET reason = 'x'", "amendment"),
    "a digest": (f"UPDATE amendment SET digest_before = '{'ab' * 32}'", "amendment"),
    "what was removed": ("UPDATE amendment SET removed = '[]'", "amendment"),
    "that it is seen": ("UPDATE evidence SET hidden_at = '2026-11-22 10:00:00' WHERE ref = 'E005'", "evidence"),
}


@pytest.mark.parametrize("what", MENDED)
def test_a_change_after_an_amendment_is_named(cast: Cast, what: str) -> None:
    mended(cast)
    assert named(cast) == set()
    statement, table = MENDED[what]
    tamper(cast.installation.database, sql(statement))
    assert table in named(cast)


def test_an_amendment_that_is_gone_is_named_by_its_entry(cast: Cast) -> None:
    mended(cast)
    tamper(cast.installation.database, sql("DELETE FROM amendment"))
    [fault] = proof.verify(cast.installation.database, cast.installation.store).faults
    assert (fault.what, fault.seq > 0) == ("the amendment that it tells of is gone", True)


def test_a_change_is_not_excused_by_an_amendment_that_nothing_tells_of(cast: Cast) -> None:
    mended(cast)

    def forge(session: Session) -> None:
        version = session.get_one(EvidenceVersion, 1)
        before, version.body, version.amended = version.digest, "Better", 1
        version.digest = facts_digest(version_facts(version))
        model = session.scalars(select(Amendment)).one()
        copied = {name: getattr(model, name) for name in ("breach_id", "by_id", "made_at", "reason", "removed")}
        claims = {"claims_before": model.claims_before, "claims_after": model.claims_after}
        digests = {"digest_before": before, "digest_after": version.digest}
        session.add(Amendment(version_id=version.id, no=1, **copied, **claims, **digests))

    tamper(cast.installation.database, forge)
    assert named(cast) == {"amendment", "evidence_version"}


def test_an_erased_text_is_a_fault_unless_an_entry_tells_of_it(cast: Cast) -> None:
    mended(cast)

    def erase_another(session: Session) -> None:
        event = session.scalars(select(AuditEvent).where(AuditEvent.verb == "evidence.amend")).one()
        other = session.scalars(
            select(AuditEvent).where(AuditEvent.stream_id == event.stream_id, AuditEvent.verb == "review.release")
        ).one()
        row = session.get_one(AuditText, other.id)
        row.salt, row.text = "", {"erased_by": event.seq}

    tamper(cast.installation.database, erase_another)
    found = proof.verify(cast.installation.database, cast.installation.store).faults
    assert "its text is erased, and no entry tells of that" in {fault.what for fault in found}


def test_an_emptied_trail_is_not_a_clean_one(cast: Cast) -> None:
    def empty(session: Session) -> None:
        for table in ("audit_text", "audit_head", "audit_event", "audit_stream"):
            session.execute(text(f"DELETE FROM {table}"))

    tamper(cast.installation.database, empty)
    assert {"centre", "enrolment", "judgement"} <= named(cast)


def test_exchanged_trails_are_found(cast: Cast) -> None:
    amina, olga = cast.enrolments["amina"], cast.enrolments["olga"]

    def exchange(session: Session) -> None:
        for enrolment, stream in ((amina, -1), (olga, -2)):
            session.execute(text(f"UPDATE enrolment SET stream_id = {stream} WHERE id = {enrolment}"))

    tamper(cast.installation.database, exchange)
    assert "enrolment" in named(cast)


def test_a_row_that_cannot_be_read_is_a_fault_and_no_error(cast: Cast) -> None:
    tamper(cast.installation.database, sql("UPDATE judgement SET outcome = 'splendid' WHERE id = 1"))
    found = proof.verify(cast.installation.database, cast.installation.store)
    assert any(fault.what == "the row cannot be read" for fault in found.faults)
