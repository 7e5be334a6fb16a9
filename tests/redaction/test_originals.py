"""What becomes of originals: destroyed, held for their maker alone for a time, or left where they are on record."""

from dataclasses import replace
from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.centres.settings import DESTROYED, HELD
from portfolio.errors import InvalidState
from portfolio.evidence import actions as evidence_actions
from portfolio.evidence import trashing
from portfolio.evidence.models import Evidence, WaitingFile
from portfolio.evidence.uploading import receive
from portfolio.housekeeping import keep_house
from portfolio.mapping import actions as mapping
from portfolio.mapping.actions import map_to
from portfolio.policy.checks import can
from portfolio.policy.permissions import Permission
from portfolio.redaction import queries
from portfolio.redaction.jobs import Programs
from portfolio.redaction.models import Redaction
from portfolio.redaction.rules import RedactionState
from portfolio.redaction.using import Original
from portfolio.storage.rules import BlobState, Limits
from tests.assessment import signing
from tests.cast import hand_in, upload, wanted
from tests.redaction.bench import LETTER, REDACTED, Bench, copy, search

ROOMY = Limits(1_000_000, 1_000_000, 100_000_000)


@pytest.fixture
def held(bench: Bench) -> tuple[Bench, int]:
    """A letter that was redacted, the original of which is held for two weeks."""
    bench.choose(originals=HELD, hold_original_days=14)
    evidence_id = bench.added()
    bench.make(evidence_id)
    used = bench.use(evidence_id)
    assert used.original is Original.HELD
    assert used.held_until is not None
    return bench, evidence_id


def test_an_original_is_held_for_its_maker_alone(held: tuple[Bench, int]) -> None:
    bench, evidence_id = held
    assert bench.state_of(LETTER) is BlobState.KEPT
    with bench.installation.database.reading() as session:
        row = bench.row(session, evidence_id)
        uid, original = row.item_uid, row.original
        assert original is not None
        assert bench.read(session, original) == LETTER
        (seen,) = queries.held_of(session, uid, bench.cast.people["ben"])
        assert (seen.id, seen.name, seen.size) == (row.id, "letter.txt", len(LETTER))
        assert seen.held_until - row.used_at == timedelta(days=14)  # type: ignore[operator] # it is used
        assert queries.held_of(session, uid, bench.cast.people["marguerite"]) == []
        people = ("amina", "ben", "marguerite", "iris", "ada", "olga")
        may = {name: can(bench.actor(session, name), Permission.REDACTION_HOLD, row) for name in people}
    assert [name for name, is_allowed in may.items() if is_allowed] == ["ben"]
    assert bench.faults() == []


def test_it_is_let_go_before_its_time(held: tuple[Bench, int]) -> None:
    bench, evidence_id = held
    bench.let_go(evidence_id)
    assert bench.state_of(LETTER) is BlobState.GONE
    assert bench.content(evidence_id) == REDACTED
    assert bench.told("redaction.let_go")["count"] == 1
    with pytest.raises(InvalidState, match="not held any more"):
        bench.let_go(evidence_id)
    with bench.installation.database.reading() as session:
        row = bench.row(session, evidence_id)
        assert (row.original_name, row.held_until, row.let_go_at is not None) == ("", None, True)
    assert bench.faults() == []


def test_one_that_is_held_since_before_is_not_said_to_be_gone(held: tuple[Bench, int]) -> None:
    bench, first = held
    bench.choose(originals=DESTROYED)
    second = bench.added(name="again.txt")
    bench.make(second)
    used = bench.use(second)
    with bench.installation.database.reading() as session:
        assert (used.original, used.held_until) == (Original.HELD, bench.row(session, first).held_until)
        assert bench.row(session, second).original_blob_id is None
    assert bench.state_of(LETTER) is BlobState.KEPT
    bench.let_go(first)
    assert bench.state_of(LETTER) is BlobState.GONE
    assert bench.faults() == []


def test_it_goes_by_itself_in_time(held: tuple[Bench, int]) -> None:
    bench, evidence_id = held
    for days, state in ((13, BlobState.KEPT), (15, BlobState.GONE)):
        with clock.fixed(clock.now() + timedelta(days=days)):
            keep_house(bench.installation.database, bench.installation.store, Event())
        assert bench.state_of(LETTER) is state
    assert bench.content(evidence_id) == REDACTED
    assert bench.faults() == []


def test_it_goes_with_the_item(held: tuple[Bench, int]) -> None:
    bench, evidence_id = held

    def throw_away(session: Session, evidence: Evidence) -> None:
        trashing.trash(session, bench.actor(session), evidence)
        mapping.discard(session, bench.actor(session), evidence)

    bench.change(throw_away, evidence_id)
    bench.destroy()
    assert bench.state_of(LETTER) is BlobState.GONE
    with bench.installation.database.reading() as session:
        row = session.scalars(select(Redaction)).one()
        assert (row.state, row.original_blob_id) == (RedactionState.USED, None), "that it was so stays on record"
    assert bench.faults() == []


def test_it_goes_with_the_last_sign_off(held: tuple[Bench, int]) -> None:
    bench, _evidence_id = held
    with bench.installation.database.writing() as session:
        signing.signed(session, bench.cast, "ben")
        session.commit()
    bench.destroy()
    assert bench.state_of(LETTER) is BlobState.GONE
    assert bench.told("unit.sign_off")["originals"] == 1
    assert bench.faults() == []


def test_an_earlier_version_on_record_keeps_its_original(bench: Bench) -> None:
    evidence_id = bench.added()

    def hand_in_and_revise(session: Session, evidence: Evidence) -> None:
        claims = wanted(session, evidence.enrolment, {"1.1": "It names who referred it."})
        map_to(session, bench.actor(session), evidence, wanted=claims)
        item = hand_in(session, bench.cast, "ben", evidence, evidence.ref).items[0]
        signing.decided(session, bench.cast, item)
        evidence_actions.revise(session, bench.actor(session), evidence)

    bench.change(hand_in_and_revise, evidence_id)
    bench.look_through_all()
    replace(bench, programs=Programs(copy, search)).make(evidence_id)
    used = bench.use(evidence_id)
    assert (used.original, used.versions) == (Original.ON_RECORD, (1,))
    assert bench.content(evidence_id) == LETTER + b"\n"
    assert bench.state_of(LETTER) is BlobState.KEPT
    assert bench.faults() == []


def test_the_same_content_that_waits_for_an_item_goes_too(bench: Bench) -> None:
    evidence_id = bench.added()
    with bench.installation.database.writing() as session:
        sent = upload(bench.installation, LETTER, "once more.txt")
        enrolment = session.get_one(Evidence, evidence_id).enrolment
        receive(session, bench.actor(session), enrolment, bench.installation.store, sent, limits=ROOMY)
        session.commit()
    bench.make(evidence_id)
    assert bench.use(evidence_id).original is Original.DESTROYED
    with bench.installation.database.reading() as session:
        assert session.scalars(select(WaitingFile)).all() == []
