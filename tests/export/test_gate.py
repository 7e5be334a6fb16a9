"""The gate before a Word portfolio: whatever goes in is looked through once more, and a hit holds it and leads on."""

from pathlib import Path

import pytest
from sqlalchemy import select

from portfolio import proof
from portfolio.anonymise.findings import Known
from portfolio.anonymise.pseudonyms import Part
from portfolio.audit.models import AuditEvent, AuditText
from portfolio.documents.blocks import Extract
from portfolio.enrolment.models import Enrolment
from portfolio.errors import Conflict, Forbidden, Rejected
from portfolio.evidence.models import Evidence
from portfolio.export import gate, gate_queries, holding, queries
from portfolio.export.gate import Held
from portfolio.export.gate_queries import ContentIn
from portfolio.export.held_queries import held_of, seen_in
from portfolio.export.jobs import write_book_now
from portfolio.export.models import WordBook
from portfolio.installation import Installation
from portfolio.jobs.rules import JobState
from portfolio.mapping.rules import Outcome
from portfolio.screening import acting
from portfolio.screening.acting import Entry
from portfolio.screening.known import save_lists
from portfolio.screening.models import Entity, Finding, Scan
from portfolio.screening.queries import standings_of
from portfolio.screening.rules import Outcome as Decided
from portfolio.screening.rules import Reason, ScanState
from portfolio.screening.scanning import known_of
from tests.cast import Cast
from tests.export.scenes import ask, books, made, note, read_plainly, release, rows_of, runner

NAME = "Quillfeather"
SAID = f"I rang Mrs {NAME} and she confirms it."


def named_in_feedback(installation: Installation, cast: Cast) -> None:
    """Marguerite's feedback on E002 names a customer, and is released."""
    note(installation, cast, "amina E002", "marguerite", Outcome.MET, SAID)
    release(installation, cast, "amina E002", "marguerite")


def held(installation: Installation, cast: Cast) -> WordBook:
    """Ask for the book, have it held back, and answer it."""
    ask(installation, cast)
    runner(installation).run_due()
    book = books(installation, cast)[0].book
    assert book.job.state is JobState.HELD, book.job.message
    return book


def places(book: WordBook) -> list[str]:
    """Where it is held back."""
    return [f"{one.ref} {one.where}" for one in held_of(book.held)]


def tokens(book: WordBook) -> set[str]:
    """What stands for the words."""
    return {hit.token for one in held_of(book.held) for hit in one.hits}


def keep(
    installation: Installation, cast: Cast, book: WordBook, who: str, *, said: str = "", reason: Reason = Reason.AGREED
) -> int:
    """Somebody says that all of it may stay."""
    with installation.database.writing() as session:
        row = session.get_one(WordBook, book.id)
        [subject] = {one.subject for one in held_of(row.held)}
        actor = cast.actor(who, session)
        count = holding.keep(
            session, actor, row, tokens(row), subject=subject, reason=reason, said=said, derived=installation.previews
        )
        session.commit()
        return count


def event(installation: Installation, verb: str) -> tuple[AuditEvent, dict[str, object]]:
    """The newest entry with this verb."""
    with installation.database.reading() as session:
        found = select(AuditEvent, AuditText.text).join(AuditText, AuditText.event_id == AuditEvent.id)
        row = session.execute(found.where(AuditEvent.verb == verb).order_by(AuditEvent.id.desc()).limit(1)).one()
        return row[0], row[1]


def test_a_name_in_released_feedback_holds_the_book_and_nothing_tells_it(
    installation: Installation, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    named_in_feedback(installation, cast)
    book = held(installation, cast)
    assert set(places(book)) == {"E002 Feedback", "E002 Feedback on a criterion"}
    assert (book.blob_id, book.made_at) == (None, None)
    assert book.job.message.startswith("Held: ")
    _event, text = event(installation, "export.hold")
    assert text["items"] == ["E002"]
    assert text["found"] == {"PERSON": sum(len(one.hits) for one in held_of(book.held))}
    assert NAME not in f"{book.held} {book.job.message} {text} {caplog.text}"
    assert not list(installation.store.incoming.iterdir())


@pytest.mark.parametrize("who", ["marguerite", "ada"])
def test_whoever_wrote_it_or_an_administrator_says_that_it_may_stay(
    installation: Installation, cast: Cast, who: str
) -> None:
    named_in_feedback(installation, cast)
    book = held(installation, cast)
    assert keep(installation, cast, book, who) == sum(len(one.hits) for one in held_of(book.held))
    told, text = event(installation, "personal.keep")
    assert (told.actor, text["ref"], text["reason"]) == (cast.actor(who).uid, "E002", "agreed")
    assert NAME not in str(text)
    rows = rows_of(made(installation, cast))
    assert any(SAID in row for row in rows)
    assert any(row.startswith("Kept") and "the person agreed" in row for row in rows), "and the book says who kept it"
    assert proof.verify(installation.database, installation.store).faults == ()


def test_what_may_stay_in_feedback_is_still_to_be_decided_in_what_the_learner_wrote(
    installation: Installation, cast: Cast
) -> None:
    named_in_feedback(installation, cast)
    book = held(installation, cast)
    keep(installation, cast, book, "marguerite")
    with installation.database.writing() as session:
        one, sha256 = held_of(book.held)[0], "f" * 64
        enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
        detector = known_of(session, enrolment).detector
        scan = Scan(enrolment_id=enrolment.id, item_uid=one.subject, source=sha256, state=ScanState.DONE)
        scan.detector = detector
        session.add(scan)
        for label, token in {(hit.label, hit.token) for kept in held_of(book.held) for hit in kept.hits}:
            entity = Entity(enrolment_id=enrolment.id, label=label, part=Part.CUSTOMER)
            finding = Finding(item_uid=one.subject, entity=entity, place="b1", start=0, end=5, label=label, token=token)
            finding.confidence, finding.reason = 90, "a name"
            scan.findings.append(finding)
        session.flush()
        content = ContentIn(one.subject, one.evidence_id, one.ref, sha256)
        assert [found.kind for found in gate_queries.held_contents(session, enrolment, [content])] == ["content"]
        own = select(Scan).where(Scan.item_uid == one.subject, Scan.source == "")
        for finding in list(scan.findings):
            finding.scan = session.scalars(own).one()
        session.flush()
        assert standings_of(session, [one.evidence_id])[one.evidence_id].left == 1


@pytest.mark.parametrize("who", ["amina", "tobias", "iris"])
def test_nobody_else_does(installation: Installation, cast: Cast, who: str) -> None:
    named_in_feedback(installation, cast)
    book = held(installation, cast)
    with pytest.raises(Forbidden, match="Only whoever wrote this"):
        keep(installation, cast, book, who)


def test_a_reason_does_not_name_what_was_found(installation: Installation, cast: Cast) -> None:
    named_in_feedback(installation, cast)
    book = held(installation, cast)
    with pytest.raises(Rejected):
        keep(installation, cast, book, "marguerite", said=f"Mrs {NAME} agreed")
    with pytest.raises(Rejected):
        keep(installation, cast, book, "marguerite", reason=Reason.OTHER)


def test_what_was_decided_is_not_decided_again(installation: Installation, cast: Cast) -> None:
    named_in_feedback(installation, cast)
    book = held(installation, cast)
    keep(installation, cast, book, "marguerite")
    with pytest.raises(Conflict):
        keep(installation, cast, book, "marguerite")


def find_from_now_on(installation: Installation, cast: Cast, *people: str) -> None:
    """The centre has these people found from now on."""
    with installation.database.writing() as session:
        enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
        save_lists(session, cast.actor("ada", session), enrolment.centre, Known(people=people), rev=0)
        session.commit()


def test_texts_and_files_on_record_are_looked_through_with_the_lists_of_today(
    installation: Installation, cast: Cast
) -> None:
    find_from_now_on(installation, cast, "sorry", "Complaint")
    book = held(installation, cast)
    assert set(places(book)) >= {"E001 Title", "E001 Content of a file"}
    with installation.database.reading() as session:
        scans = session.scalars(select(Scan).where(Scan.source != "")).all()
        assert {scan.state for scan in scans} == {ScanState.DONE}
    find_nothing_more(installation, cast)
    assert made(installation, cast)


def find_nothing_more(installation: Installation, cast: Cast) -> None:
    """The centre takes its list back."""
    with installation.database.writing() as session:
        enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
        save_lists(session, cast.actor("ada", session), enrolment.centre, Known(), rev=1)
        session.commit()


def undo(installation: Installation, cast: Cast, book: WordBook) -> None:
    """What may stay is to be decided again."""
    with installation.database.writing() as session:
        enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
        one = held_of(book.held)[0]
        entry = Entry(one.hits[0].token, one.hits[0].label)
        actor = cast.actor("marguerite", session)
        act = acting.decide(session, actor, one.decided_as, enrolment, [entry], Decided.UNDONE)
        item = session.get_one(Evidence, one.evidence_id)
        acting.tell(session, actor, "personal.undo", item, enrolment, act)
        session.commit()


@pytest.mark.parametrize("what", ["a decision", "the lists"])
def test_what_changes_while_it_is_written_spoils_it(installation: Installation, cast: Cast, what: str) -> None:
    named_in_feedback(installation, cast)
    book = held(installation, cast)
    keep(installation, cast, book, "marguerite")

    def read(path: Path, media_type: str, name: str, sha256: str | None) -> Extract:
        if what == "a decision":
            undo(installation, cast, book)
        else:
            find_from_now_on(installation, cast, "Somebody Else")
        return read_plainly(path, media_type, name, sha256)

    ask(installation, cast)
    runner(installation, read).run_due()
    newest = books(installation, cast)[0].book
    assert (newest.job.state, newest.blob_id) == (JobState.FAILED, None)
    assert newest.job.message == holding.CHANGED
    assert not list(installation.store.incoming.iterdir())


def test_the_command_line_is_held_too_and_leaves_no_file(
    installation: Installation, cast: Cast, tmp_path: Path
) -> None:
    named_in_feedback(installation, cast)
    runner(installation)
    path = tmp_path / "book.docx"
    with pytest.raises(Rejected, match="E002: feedback") as refusal:
        write_book_now(installation.database, installation.store, cast.enrolments["amina"], path)
    assert NAME not in refusal.value.message
    assert not path.exists()


def test_our_own_people_hold_nothing_back(installation: Installation, cast: Cast) -> None:
    note(installation, cast, "amina E002", "marguerite", Outcome.MET, "Well done, Amina. Marguerite")
    release(installation, cast, "amina E002", "marguerite")
    assert made(installation, cast)


def test_a_place_is_kept_as_it_was_found_and_holds_no_words(installation: Installation, cast: Cast) -> None:
    named_in_feedback(installation, cast)
    book = held(installation, cast)
    assert [Held.of(one).as_json for one in book.held] == book.held
    with installation.database.reading() as session:
        enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
        seen = seen_in(session, enrolment, book.held)
    assert {one.author_id for one in seen} == {cast.people["marguerite"]}
    assert all(NAME in one.words_of(hit) for one in seen for hit in one.hits)
    assert seen[0].quote(seen[0].hits[0]).words in {NAME, f"Mrs {NAME}"}


def test_every_text_of_the_book_is_looked_through(installation: Installation, cast: Cast) -> None:
    with installation.database.reading() as session:
        source = queries.source_of(session, cast.enrolments["amina"])
    said = {place.split(":")[0] for one in gate.going_in(source) for place in one.texts}
    assert said >= {"version", "file", "claim", "review"}
