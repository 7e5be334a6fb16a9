"""The whole proof, on both databases: rows beside the trail cannot change, appear or go without being named."""

from collections.abc import Callable

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portfolio import proof
from portfolio.assessment.models import Signature
from portfolio.assessment.signing_off import signature_facts
from portfolio.audit.events import facts_digest
from portfolio.audit.models import AuditEvent, AuditText
from portfolio.audit.streams import Fault
from portfolio.enrolment.models import EnrolmentUnit
from portfolio.evidence.actions import version_facts
from portfolio.evidence.models import Amendment, EvidenceVersion
from tests.assessment.signing import amend_after, make_signed, reopened, sign
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
    "its notes": ("UPDATE evidence_version SET notes = '[{}]' WHERE id = 1", "evidence_version"),
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


def faults_in(cast: Cast) -> list[Fault]:
    """Every fault."""
    return list(proof.verify(cast.installation.database, cast.installation.store).faults)


ITS_UNIT = "(SELECT enrolment_unit_id FROM unit_decision)"
ITS_CLAIMS = f"SELECT max(id) FROM claim WHERE enrolment_unit_id IN {ITS_UNIT}"
DECISION = "enrolment_unit_id, kind, by_id, reason, decided_at"
SIGNATURE = "subject, person_id, role_word, statement, signed, signed_at, digest"
SIGNED = {
    "the statement": ("UPDATE signature SET statement = 'Nearly all of it is met.'", "signature"),
    "who signed": ("UPDATE signature SET person_id = 1", "signature"),
    "the role": ("UPDATE signature SET role_word = 'learner'", "signature"),
    "what was signed": ("UPDATE signature SET signed = '{}'", "signature"),
    "the row that it names": ("UPDATE signature SET subject = 'unit_decision:another'", "signature"),
    "its digest": (f"UPDATE signature SET digest = '{'ab' * 32}'", "signature"),
    "an added signature": (
        f"INSERT INTO signature (uid, {SIGNATURE}) SELECT 'made-up', {SIGNATURE} FROM signature",
        "signature",
    ),
    "the kind of decision": ("UPDATE unit_decision SET kind = 'reopened'", "unit_decision"),
    "a senseless kind": ("UPDATE unit_decision SET kind = 'splendid'", "unit_decision"),
    "the reason": ("UPDATE unit_decision SET reason = 'x'", "unit_decision"),
    "who decided": ("UPDATE unit_decision SET by_id = 1", "unit_decision"),
    "the unit": ("UPDATE unit_decision SET enrolment_unit_id = 1", "unit_decision"),
    "its code": (f"UPDATE enrolment_unit SET unit_code = 'X' WHERE id IN {ITS_UNIT}", "unit_decision"),
    "a decision that is gone": ("DELETE FROM unit_decision", "unit_decision"),
    "an added decision": (
        f"INSERT INTO unit_decision (uid, no, {DECISION}) SELECT 'made-up', 2, {DECISION} FROM unit_decision",
        "unit_decision",
    ),
    "a judgement": (f"UPDATE judgement SET digest = 'x' WHERE claim_id = ({ITS_CLAIMS})", "signature"),
    "a claim": (f"UPDATE claim SET uid = 'another' WHERE id = ({ITS_CLAIMS})", "signature"),
}


@pytest.mark.parametrize("what", SIGNED)
def test_a_change_to_what_was_signed_is_named(cast: Cast, what: str) -> None:
    make_signed(cast)
    assert faults_in(cast) == []
    statement, table = SIGNED[what]
    tamper(cast.installation.database, sql(statement))
    assert table in named(cast)


def test_a_signature_that_is_gone_is_named_by_its_entry(cast: Cast) -> None:
    make_signed(cast)
    tamper(cast.installation.database, sql("DELETE FROM signature"))
    found = {fault.what: fault.seq for fault in faults_in(cast)}
    assert found["the signature that it tells of is gone"] > 0
    assert "a decision on a unit that nobody signed" in found


def test_a_signature_whose_entry_is_another_ones_is_named(cast: Cast) -> None:
    """Its digest is right, and the trail tells of no such thing."""
    make_signed(cast)

    def forge(session: Session) -> None:
        signature = session.scalars(select(Signature)).one()
        signature.statement = "Nearly all of it is met."
        signature.digest = facts_digest(signature_facts(signature))

    tamper(cast.installation.database, forge)
    assert "a signature that the trail does not tell of" in {fault.what for fault in faults_in(cast)}


def test_an_amendment_after_the_signature_is_counted_and_no_fault(cast: Cast) -> None:
    make_signed(cast)
    amend_after(cast)
    found = proof.verify(cast.installation.database, cast.installation.store)
    assert (found.faults, found.signatures, found.amended) == ((), 1, 1)


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE evidence_version SET digest = '{'ab' * 32}' WHERE amended > 0",
        f"UPDATE amendment SET digest_before = '{'ab' * 32}'",
        "DELETE FROM amendment",
    ],
)
def test_another_digest_than_amendments_lead_to_is_a_fault_of_the_signature(cast: Cast, statement: str) -> None:
    make_signed(cast)
    amend_after(cast)
    tamper(cast.installation.database, sql(statement))
    assert "work that was signed for is not what was signed" in {fault.what for fault in faults_in(cast)}


def test_opening_a_unit_again_and_signing_it_anew_are_no_faults(cast: Cast) -> None:
    unit_id = make_signed(cast)
    with cast.installation.database.writing() as session:
        unit = session.get_one(EnrolmentUnit, unit_id)
        reopened(session, cast, unit)
        sign(session, cast, unit)
        session.commit()
    found = proof.verify(cast.installation.database, cast.installation.store)
    assert (found.faults, found.signatures) == ((), 3)


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
