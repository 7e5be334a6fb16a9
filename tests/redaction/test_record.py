"""What was used is proved with the rest of the record, cannot be changed, and stands in the Word book."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portfolio.evidence.models import Evidence
from portfolio.export.queries import source_of
from portfolio.mapping.actions import map_to
from portfolio.redaction.proofs import proof_seen
from tests.cast import hand_in, wanted
from tests.redaction.bench import Bench
from tests.tampering import tamper

UNTOLD = "a redacted file in a way that the trail does not tell of"
GONE = "the redacted file that it tells of is not so on record"


@pytest.fixture
def used(bench: Bench) -> tuple[Bench, int]:
    """A letter that was redacted."""
    evidence_id = bench.added()
    bench.make(evidence_id)
    bench.use(evidence_id)
    bench.look_through_all()
    return bench, evidence_id


CHANGES = {
    "who looked": ("UPDATE redaction SET checked = true", [UNTOLD, GONE]),
    "the proof": ("UPDATE redaction SET proof = '{}'", [UNTOLD, GONE]),
    "one that is dropped": ("UPDATE redaction SET state = 'dropped'", [GONE]),
    "one that is gone": ("DELETE FROM redaction", [GONE]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_redaction_is_found(used: tuple[Bench, int], change: str) -> None:
    bench, _evidence_id = used
    assert bench.faults() == []
    statement, expected = CHANGES[change]
    tamper(bench.installation.database, lambda opened: opened.execute(text(statement)))
    assert bench.faults() == expected


def test_the_database_refuses_to_change_one(used: tuple[Bench, int]) -> None:
    bench, _evidence_id = used
    with bench.installation.database.writing() as session:
        for statement, _expected in CHANGES.values():
            with pytest.raises(DBAPIError, match="on record"), session.begin_nested():
                session.execute(text(statement))


def test_an_original_that_is_held_and_lost_is_found(bench: Bench) -> None:
    bench.choose(originals="held")
    evidence_id = bench.added()
    bench.make(evidence_id)
    bench.use(evidence_id)
    assert bench.faults() == []
    with bench.installation.database.reading() as session:
        original = bench.row(session, evidence_id).original
        assert original is not None
        bench.installation.store.remove(bench.actor(session).centre_uid, original.sha256)
    assert bench.faults() == ["a stored file is missing or is not what was stored"]


def test_the_book_says_how_a_file_was_redacted(used: tuple[Bench, int]) -> None:
    bench, evidence_id = used

    def put_on_record(session: Session, evidence: Evidence) -> None:
        claims = wanted(session, evidence.enrolment, {"1.1": "It names who referred it."})
        map_to(session, bench.actor(session), evidence, wanted=claims)
        hand_in(session, bench.cast, "ben", evidence, evidence.ref)

    bench.change(put_on_record, evidence_id)
    with bench.installation.database.reading() as session:
        evidence = session.get_one(Evidence, evidence_id)
        files = source_of(session, evidence.enrolment_id).files[evidence.latest.id]
    assert files[0].redacted.startswith("Redacted: 3 replaced; proved by searching 1 part with Python 3; SHA-256 ")
    assert files[0].redacted.endswith(files[0].sha256)


def test_a_proof_is_told_in_words() -> None:
    kept = {
        "counts": {"PHONE": 1, "PERSON": 11}, "boxes": 1, "seconds": 2.5, "gone": ["the author"], "unread": [],
        "values": 4, "parts": 14, "ways": ["as it stands", "in base64"], "tools": ["A 1", "B 2"], "unsearched": [],
        "sha256": "9f" * 32, "size": 3,
    }  # fmt: skip
    seen = proof_seen(kept)
    assert seen is not None
    assert seen.counts == (("Name of a person", 11), ("Phone number", 1))
    assert seen.sentence == (
        f"Redacted: 12 replaced, 1 box, 2.5 s silenced; proved by searching 14 parts with A 1, B 2; SHA-256 {'9f' * 32}"
    )
    assert proof_seen({}) is None
