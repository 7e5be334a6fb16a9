"""A redaction that cannot be made says why and leaves nothing; nothing comes of one whose item changed."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.documents.proof.apart import NotProved
from portfolio.documents.proof.values import Proof, Value
from portfolio.documents.redaction.plan import Plan, Report
from portfolio.documents.redaction.work import Refused
from portfolio.errors import InvalidState
from portfolio.evidence import actions as evidence_actions
from portfolio.evidence import trashing
from portfolio.evidence.models import Evidence
from portfolio.housekeeping import keep_house
from portfolio.jobs.models import Job
from portfolio.jobs.rules import LEASE, MOST_ATTEMPTS, JobState
from portfolio.mapping.actions import map_to
from portfolio.previews import actions as previews
from portfolio.previews.models import Preview
from portfolio.redaction import actions
from portfolio.redaction.found import CHANGED
from portfolio.redaction.jobs import MISSING, SAME, Programs
from portfolio.redaction.rules import UNUSED_LIFE, RedactionState
from portfolio.screening.models import Entity, Finding
from portfolio.storage.models import Blob
from portfolio.storage.rules import BlobState
from tests.cast import hand_in, upload, wanted
from tests.redaction.bench import LETTER, REDACTED, Bench, copy, rewrite, search


def refuse(_source: Path, _media_type: str, target: Path, _plan: Plan) -> Report:
    """It cannot be done, half-way."""
    target.write_bytes(LETTER)
    raise Refused("This file is locked with a password.")


def same(source: Path, media_type: str, target: Path, _plan: Plan) -> Report:
    """Nothing had to change."""
    target.write_bytes(source.read_bytes())
    return Report(media_type)


def fall_over(_source: Path, _media_type: str, _target: Path, _plan: Plan) -> Report:
    """What nobody expected."""
    raise ZeroDivisionError


def not_proved(_path: Path, _media_type: str, _values: Sequence[Value], *, name: str = "") -> Proof:
    """The search itself fails."""
    raise NotProved(f"The result could not be searched through: {name[-4:]}.")


def clean(path: Path, media_type: str, _values: Sequence[Value], *, name: str = "") -> Proof:
    """A search that finds nothing, whatever stands there."""
    return search(path, media_type, (), name=name)


@pytest.mark.parametrize(
    ("programs", "note"),
    [
        (Programs(refuse, search), "This file is locked with a password."),
        (Programs(rewrite, not_proved), "The result could not be searched through: .txt."),
        (Programs(same, clean), SAME),
    ],
)
def test_what_cannot_be_made_says_why_and_leaves_nothing(bench: Bench, programs: Programs, note: str) -> None:
    evidence_id = bench.added()
    seen = replace(bench, programs=programs).make(evidence_id)
    assert (seen.state, seen.note, seen.job.state, seen.proof) == (RedactionState.FAILED, note, JobState.FAILED, None)
    assert list(bench.installation.store.incoming.iterdir()) == []
    assert bench.content(evidence_id) == LETTER
    assert bench.faults() == []


def test_what_nobody_expected_fails_and_may_be_tried_again(bench: Bench) -> None:
    evidence_id = bench.added()
    seen = replace(bench, programs=Programs(fall_over, search)).make(evidence_id)
    assert seen.state is RedactionState.FAILED
    assert "it is our fault" in seen.note
    bench.look_through_all()
    assert bench.make(evidence_id).state is RedactionState.MADE


def test_a_file_that_is_lost_cannot_be_redacted(bench: Bench) -> None:
    evidence_id = bench.added()
    with bench.installation.database.reading() as session:
        blob = bench.file(session, evidence_id).blob
        bench.installation.store.remove(bench.cast.actor("ben", session).centre_uid, blob.sha256)
    assert bench.make(evidence_id).note == MISSING


def test_words_that_are_not_at_hand_are_waited_for(bench: Bench) -> None:
    evidence_id = bench.added()
    bench.ask(evidence_id)
    forget(bench, delete(Preview))
    bench.worker().run_due()
    seen = bench.seen(evidence_id)
    assert (seen.state, seen.job.state) == (RedactionState.WAITING, JobState.RUNNING)
    bench.change(previews_again, evidence_id)
    bench.make_previews()
    with clock.fixed(clock.now() + LEASE):
        bench.worker().run_due()
    assert bench.seen(evidence_id).state is RedactionState.MADE


def previews_again(session: Session, evidence: Evidence) -> None:
    """As housekeeping does."""
    previews.ask_for(session, evidence.latest.files[0].blob)


def forget(bench: Bench, statement: object) -> None:
    """Something that is no part of the record changes."""
    with bench.installation.database.writing() as session:
        session.execute(statement)  # type: ignore[call-overload] # any statement
        session.commit()


def test_findings_that_count_in_other_texts_are_not_cut(bench: Bench) -> None:
    evidence_id = bench.added()
    bench.ask(evidence_id)
    forget(bench, update(Finding).values(start=Finding.start + 1))
    bench.worker().run_due()
    assert "has changed since" in bench.seen(evidence_id).note
    assert bench.content(evidence_id) == LETTER


def test_nobody_goes_under_a_pseudonym_that_is_not_theirs(bench: Bench) -> None:
    """Somebody whom only the look after the asking found has none yet, and the next one might get the same."""
    evidence_id = bench.added()
    bench.ask(evidence_id)
    forget(bench, update(Entity).values(number=None))
    bench.worker().run_due()
    seen = bench.seen(evidence_id)
    assert (seen.state, seen.note) == (RedactionState.FAILED, CHANGED)
    bench.look_through_all()
    assert bench.make(evidence_id).state is RedactionState.MADE
    with bench.installation.database.reading() as session:
        assert None not in session.scalars(select(Entity.number).join(Finding)).all()


def test_one_that_died_three_times_is_given_up_and_may_be_asked_for_again(bench: Bench) -> None:
    evidence_id = bench.added()
    bench.ask(evidence_id)
    forget(bench, update(Job).values(attempts=MOST_ATTEMPTS))
    bench.worker().run_due()
    seen = bench.seen(evidence_id)
    assert seen.state is RedactionState.FAILED
    assert "stopped three times" in seen.note
    bench.look_through_all()
    assert bench.make(evidence_id).state is RedactionState.MADE


def exchange(bench: Bench, session: Session, evidence: Evidence) -> None:
    """Another file comes, and the letter goes."""
    version, store = evidence.latest, bench.installation.store
    sent = [upload(bench.installation, b"Something else.", "else.txt")]
    details = evidence_actions.Details("A file")
    evidence_actions.change(
        session, bench.actor(session), evidence, store, details=details, rev=version.rev, uploads=sent
    )
    evidence_actions.remove_file(session, bench.actor(session), version.files[0])


def throw_away(bench: Bench, session: Session, evidence: Evidence) -> None:
    """Into the trash."""
    trashing.trash(session, bench.actor(session), evidence)


CHANGES: dict[str, Callable[[Bench, Session, Evidence], None]] = {
    "thrown away": throw_away,
    "without its file": exchange,
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("is_made", [True, False])
def test_nothing_comes_of_it_when_the_item_changes(bench: Bench, change: str, *, is_made: bool) -> None:
    evidence_id = bench.added()
    if is_made:
        bench.make(evidence_id)
    else:
        bench.ask(evidence_id)
    bench.change(lambda session, evidence: CHANGES[change](bench, session, evidence), evidence_id)
    bench.destroy()
    assert bench.worker().run_due() == 0
    with bench.installation.database.reading() as session:
        row = bench.row(session, evidence_id)
        assert (row.state, row.result_blob_id, row.result_sha256) == (RedactionState.DROPPED, None, "")
    if is_made:
        assert bench.state_of(REDACTED) is BlobState.GONE
    assert bench.faults() == []


def put_on_record(session: Session, bench: Bench, evidence: Evidence) -> None:
    """Handed in as it is."""
    claims = wanted(session, evidence.enrolment, {"1.1": "It says how it went."})
    map_to(session, bench.actor(session), evidence, wanted=claims)
    hand_in(session, bench.cast, "ben", evidence, evidence.ref)


def test_nothing_comes_of_what_was_not_used_before_it_is_handed_in(bench: Bench) -> None:
    calm = b"All is well.\n"
    evidence_id = bench.added(calm)
    assert replace(bench, programs=Programs(copy, search)).make(evidence_id).state is RedactionState.MADE
    bench.change(lambda session, evidence: put_on_record(session, bench, evidence), evidence_id)
    bench.destroy()
    assert bench.seen_if_any(evidence_id) is None
    assert bench.state_of(calm + b"\n") is BlobState.GONE
    assert bench.content(evidence_id) == calm
    assert bench.faults() == []


def test_what_nobody_uses_is_dropped_in_time(bench: Bench) -> None:
    evidence_id = bench.added()
    bench.make(evidence_id)
    keep_house(bench.installation.database, bench.installation.store, Event())
    assert bench.seen(evidence_id).state is RedactionState.MADE
    with clock.fixed(clock.now() + UNUSED_LIFE + timedelta(days=1)):
        keep_house(bench.installation.database, bench.installation.store, Event())
    bench.destroy()
    assert bench.seen_if_any(evidence_id) is None
    assert bench.state_of(REDACTED) is BlobState.GONE
    assert bench.content(evidence_id) == LETTER


def test_kinds_that_nothing_redacts_are_refused(bench: Bench) -> None:
    evidence_id = bench.added()
    with bench.installation.database.writing() as session:
        session.execute(update(Blob).values(media_type="application/x-unknown"))
        with pytest.raises(InvalidState, match="cannot be redacted here"):
            actions.ask(session, bench.actor(session), bench.file(session, evidence_id))
