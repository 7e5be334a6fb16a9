"""The whole path: asked for, made and proved by a worker, used in the place of the original or dropped."""

from dataclasses import replace
from datetime import date
from hashlib import sha256

import pytest
from sqlalchemy import func, select

from portfolio.anonymise.findings import Label
from portfolio.errors import InvalidState
from portfolio.evidence.actions import Details
from portfolio.evidence.models import Evidence
from portfolio.evidence.rules import FileRole
from portfolio.previews.rules import PreviewState
from portfolio.redaction import found, queries
from portfolio.redaction.jobs import Programs
from portfolio.redaction.rules import RedactionState
from portfolio.redaction.using import Original
from portfolio.screening import deciding, sorting
from portfolio.screening.models import FindingDecision
from portfolio.screening.queries import standings_of
from portfolio.screening.rules import Outcome, Reason, ScanState
from portfolio.storage.models import Blob
from portfolio.storage.rules import BlobState
from tests.cast import add_files, upload
from tests.redaction.bench import CUSTOMER, LETTER, QUICK, REDACTED, Bench, copy, search

TWO = b"Dear team,\n\nMrs Halina Brzezicka and Mr Dermot Haverstock rang on 07700 900417.\n"


def test_a_letter_is_redacted_and_takes_the_place_of_the_original(bench: Bench) -> None:
    evidence_id = bench.added()
    made = bench.make(evidence_id)
    assert (made.state, made.result_name, made.note) == (RedactionState.MADE, "letter.txt", "")
    assert (made.result_type, made.result_size) == ("text/plain", len(REDACTED))
    assert bench.content(evidence_id) == LETTER, "nothing changes before it is used"
    assert made.proof is not None
    assert made.proof.counts == (("Name of a person", 2), ("Phone number", 1))
    assert made.proof.unread == (("Customer A.png", "picture"),), "what places are called is redacted too"
    assert made.proof.sentence.startswith("Redacted: 3 replaced; proved by searching 1 part with Python 3; SHA-256 ")
    assert bench.use(evidence_id).original is Original.DESTROYED
    assert bench.content(evidence_id) == REDACTED
    with bench.installation.database.reading() as session:
        row = bench.row(session, evidence_id)
        assert (row.result_name, row.result_blob_id, row.original_name) == ("", None, "")
        assert bench.file(session, evidence_id).role is FileRole.REDACTED
    assert bench.state_of(LETTER) is BlobState.GONE
    seen = bench.seen(evidence_id)
    assert (seen.id, seen.state) == (made.id, RedactionState.USED)
    bench.look_through_all()
    with bench.installation.database.reading() as session:
        assert standings_of(session, [evidence_id])[evidence_id].is_clear
    assert bench.faults() == []


def test_asking_confirms_what_goes_and_gives_everybody_a_pseudonym(bench: Bench) -> None:
    evidence_id = bench.added()
    bench.ask(evidence_id)
    with bench.installation.database.reading() as session:
        rows = session.scalars(select(FindingDecision).where(FindingDecision.outcome == Outcome.CONFIRMED)).all()
        assert {row.pseudonym for row in rows} == {"Customer A", "[phone 1]"}
    text = bench.told("redaction.ask")
    assert (text["places"], text["count"], text["labels"]) == (3, 3, ["PERSON", "PHONE"])
    assert "Brzezicka" not in str(text)
    assert bench.faults() == []


def test_the_pseudonyms_to_come_are_those_that_come(bench: Bench) -> None:
    evidence_id = bench.added(TWO)
    with bench.installation.database.reading() as session:
        evidence = session.get_one(Evidence, evidence_id)
        before = found.accepted_in(session, evidence, sha256(TWO).hexdigest())
    bench.ask(evidence_id)
    with bench.installation.database.reading() as session:
        evidence = session.get_one(Evidence, evidence_id)
        after = found.accepted_in(session, evidence, sha256(TWO).hexdigest())
    assert list(before.stand_ins.values()) == ["Customer A", "Customer B", "[phone 1]"]
    assert (after.stand_ins, after.goes, after.kept) == (before.stand_ins, before.goes, 0)
    assert (len(before.undecided), len(after.undecided)) == (3, 0)


def test_the_name_of_a_file_is_redacted_too(bench: Bench) -> None:
    evidence_id = bench.added(name=f"{CUSTOMER} letter.txt")
    assert bench.make(evidence_id).result_name == "Customer A letter.txt"
    bench.use(evidence_id)
    assert bench.names(evidence_id) == ["Customer A letter.txt"]


def test_the_trail_tells_hashes_and_numbers_and_no_word(bench: Bench) -> None:
    evidence_id = bench.added(name=f"{CUSTOMER} letter.txt")
    bench.make(evidence_id)
    bench.use(evidence_id, checked=True)
    for verb in ("redaction.make", "redaction.use"):
        text = bench.told(verb)
        assert (text["replaced"], text["parts"], text["tools"]) == (3, 1, ["Python 3"])
        assert (text["source"], text["result"]) == (sha256(LETTER).hexdigest(), sha256(REDACTED).hexdigest())
        assert "Brzezicka" not in str(text)
        assert "letter" not in str(text)
    assert (bench.told("redaction.use")["checked"], bench.told("redaction.use")["original"]) == (True, "destroyed")


def test_whoever_looked_at_the_result_is_noted(bench: Bench) -> None:
    evidence_id = bench.added()
    bench.make(evidence_id)
    bench.use(evidence_id, checked=True)
    scan = bench.scan(evidence_id)
    assert (scan.checked_by_id, scan.state) == (bench.cast.people["ben"], ScanState.WAITING)
    bench.look_through_all()
    assert (bench.scan(evidence_id).state, bench.scan(evidence_id).checked_at is not None) == (ScanState.DONE, True)
    assert bench.seen(evidence_id).checked


def test_one_value_that_is_left_and_nothing_is_kept(bench: Bench) -> None:
    evidence_id = bench.added()
    before = contents(bench)
    failed = replace(bench, programs=Programs(copy, search)).make(evidence_id)
    assert failed.state is RedactionState.FAILED
    assert "of what was to go are still in it: Text. It was thrown away." in failed.note
    assert (failed.proof, failed.result_sha256, contents(bench)) == (None, "", before)
    assert list(bench.installation.store.incoming.iterdir()) == []
    assert bench.told("redaction.fail")["source"] == sha256(LETTER).hexdigest()
    with pytest.raises(InvalidState, match="not made yet"):
        bench.use(evidence_id)
    bench.look_through_all()
    made = replace(bench, programs=QUICK).make(evidence_id)
    assert (made.state, made.id, made.note) == (RedactionState.MADE, failed.id, ""), "it may be tried again"


def contents(bench: Bench) -> int:
    """How many contents there are or were."""
    with bench.installation.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Blob)) or 0


def test_what_is_not_wanted_is_dropped_and_its_content_gone(bench: Bench) -> None:
    evidence_id = bench.added()
    made = bench.make(evidence_id)
    bench.drop(evidence_id)
    assert bench.seen_if_any(evidence_id) is None
    assert bench.state_of(REDACTED) is BlobState.GONE
    with bench.installation.database.reading() as session:
        assert bench.row(session, evidence_id).proof == {}
        assert queries.result_preview(session, made.id) is None
    with pytest.raises(InvalidState, match="No redacted version"):
        bench.drop(evidence_id)
    bench.look_through_all()
    assert bench.make(evidence_id).id != made.id
    assert bench.faults() == []


def test_dropping_what_is_waited_for_stops_the_worker(bench: Bench) -> None:
    evidence_id = bench.added()
    bench.ask(evidence_id)
    bench.drop(evidence_id)
    assert bench.worker().run_due() == 0
    assert bench.seen_if_any(evidence_id) is None


def test_one_is_made_at_a_time_and_shown_before_it_is_used(bench: Bench) -> None:
    evidence_id = bench.added()
    bench.ask(evidence_id)
    bench.ask(evidence_id)
    with bench.installation.database.reading() as session:
        seen = queries.states_of(session, session.get_one(Evidence, evidence_id).uid)
    assert list(seen.values()) == [RedactionState.WAITING]
    assert bench.worker().run_due() == 1
    with pytest.raises(InvalidState, match="is made already"):
        bench.ask(evidence_id)
    bench.make_previews()
    with bench.installation.database.reading() as session:
        preview = queries.result_preview(session, bench.row(session, evidence_id).id)
    assert preview is not None
    assert (preview.state, preview.sha256) == (PreviewState.READY, sha256(REDACTED).hexdigest())


def test_what_is_not_looked_through_yet_waits(bench: Bench) -> None:
    evidence_id = bench.add()
    with pytest.raises(InvalidState, match="still being looked through"):
        bench.ask(evidence_id)


def test_what_somebody_keeps_stays(bench: Bench) -> None:
    evidence_id = bench.added()
    phone = next(row for row in bench.scan(evidence_id).findings if row.label == "PHONE")
    with bench.installation.database.writing() as session:
        evidence = session.get_one(Evidence, evidence_id)
        deciding.keep(session, bench.actor(session), evidence, finding_uids=[phone.uid], reason=Reason.PUBLIC)
        session.commit()
    bench.make(evidence_id)
    bench.use(evidence_id)
    assert bench.content(evidence_id) == REDACTED.replace(b"[phone 1]", b"07700 900417")


def test_the_same_file_in_another_item_is_left_to_that_item(bench: Bench) -> None:
    first, second = bench.added(), bench.added(name="again.txt")
    bench.make(first)
    assert bench.use(first).original is Original.ELSEWHERE
    assert bench.content(second) == LETTER
    bench.look_through_all()
    bench.make(second)
    assert bench.use(second).original is Original.DESTROYED
    assert bench.state_of(LETTER) is BlobState.GONE


def test_nobody_learns_that_somebody_else_has_the_same_file(bench: Bench) -> None:
    evidence_id = bench.added()
    with bench.installation.database.writing() as session:
        file = upload(bench.installation, LETTER, "hers.txt")
        details = Details("A letter", date(2026, 11, 3), "I handled it.")
        hers = add_files(session, bench.installation, bench.cast, "amina", details, [file]).id
        session.commit()
    bench.make(evidence_id)
    assert bench.use(evidence_id).original is Original.DESTROYED
    assert bench.told("redaction.use")["original"] == "destroyed"
    assert bench.content(hers) == LETTER
    assert bench.faults() == []


def test_words_that_were_missed_are_looked_for_before_it_is_made(bench: Bench) -> None:
    evidence_id = bench.added()
    bench.change(
        lambda session, evidence: sorting.mark_in_file(
            session, bench.actor(session), evidence, words="upset", label=Label.PERSON
        ),
        evidence_id,
    )
    with pytest.raises(InvalidState, match="still being looked through"):
        bench.ask(evidence_id)
    bench.look_through_all()
    bench.make(evidence_id)
    bench.use(evidence_id)
    assert b"upset" not in bench.content(evidence_id)


def test_a_redacted_file_may_be_redacted_again(bench: Bench) -> None:
    """What somebody marked by hand since goes too; both stay on record."""
    evidence_id = bench.added(TWO.replace(b"Mr Dermot Haverstock", b"her son"))
    bench.make(evidence_id)
    first = bench.use(evidence_id)
    bench.look_through_all()
    assert first.original is Original.DESTROYED
    again = replace(bench, programs=Programs(copy, search))
    assert again.make(evidence_id).state is RedactionState.MADE
    bench.use(evidence_id)
    assert bench.content(evidence_id).endswith(b".\n\n")
    assert bench.faults() == []
