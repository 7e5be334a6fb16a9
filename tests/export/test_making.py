"""Making a book in the background: kept whole in one transaction, or not at all."""

import io
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update

from portfolio import clock, db, proof
from portfolio.accounts import actions as accounts
from portfolio.accounts.models import Membership
from portfolio.audit.models import AuditEvent, AuditText
from portfolio.centres.models import Centre
from portfolio.config import ROOT
from portfolio.db import Database
from portfolio.documents.blocks import Extract
from portfolio.documents.wordbook.writer import write_book
from portfolio.enrolment.models import Enrolment
from portfolio.export import actions, holding, queries
from portfolio.export.book import book_from
from portfolio.export.jobs import MISSING, write_book_now
from portfolio.export.rules import WORD
from portfolio.installation import Installation
from portfolio.jobs import actions as jobs
from portfolio.jobs.rules import JobState
from portfolio.jobs.running import NOT_ALLOWED
from portfolio.screening import asking
from portfolio.screening.asking import OWN_WORDS
from portfolio.screening.models import Scan
from portfolio.storage.models import Blob
from tests.cast import Cast
from tests.documents.well_made import lacks
from tests.export.scenes import ask, books, content, made, read_plainly, rows_of, runner, sandboxed_runner

OUTSIDE_CHECK = ROOT.parent / "shared" / "checks" / "word_book.py"


def last_made(database: Database) -> tuple[AuditEvent, dict[str, object]]:
    """The newest event that tells of a book, with its text."""
    with database.reading() as session:
        row = session.execute(
            select(AuditEvent, AuditText.text)
            .join(AuditText, AuditText.event_id == AuditEvent.id)
            .where(AuditEvent.verb == "export.make")
            .order_by(AuditEvent.id.desc())
            .limit(1)
        ).one()
        return row[0], row[1]


def incoming(installation: Installation) -> list[Path]:
    """What lies half-made."""
    return list(installation.store.incoming.iterdir())


def test_a_book_is_made_with_the_sandbox_and_kept(installation: Installation, cast: Cast) -> None:
    ask(installation, cast)
    assert sandboxed_runner(installation).run_due() == 1
    (row,) = books(installation, cast)
    book = content(installation, row)
    assert lacks(book) == []
    assert "Dear Customer A, I am sorry." in rows_of(book)
    assert row.book.job.state is JobState.DONE
    assert row.book.blob is not None
    assert (row.book.blob.media_type, row.book.blob.size) == (WORD, len(book))
    event, text = last_made(installation.database)
    with installation.database.reading() as session:
        enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
        assert (event.stream_id, event.subject) == (enrolment.stream_id, f"word_book:{row.book.uid}")
    assert (event.actor, event.role) == (cast.actor("amina").uid, "learner")
    assert (text["items"], text["head"], text["sha256"]) == (2, row.book.head_seq, row.book.blob.sha256)
    assert incoming(installation) == []
    assert proof.verify(installation.database, installation.store).faults == ()


def test_whoever_writes_holds_the_portfolio_first(
    installation: Installation, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is asked that must still be so when it is written, and before the job: as whoever asks does."""
    order: list[str] = []

    def note(where: str, do: Callable[..., object]) -> None:
        def both(*args: object, **named: object) -> object:
            order.append(do.__name__)
            return do(*args, **named)

        monkeypatch.setattr(where, both)

    note("portfolio.enrolment.actions.hold", db.hold)
    note("portfolio.export.holding.ask_for_contents", asking.ask_for_contents)
    note("portfolio.export.holding.check_still_clear", holding.check_still_clear)
    note("portfolio.jobs.actions.finish", jobs.finish)
    with installation.database.writing() as session:
        session.execute(update(Scan).where(Scan.source != OWN_WORDS).values(detector="0 c0.l0 0"))
        session.commit()
    ask(installation, cast)
    sandboxed_runner(installation).run_due()
    assert order[:2] == ["hold", "ask_for_contents"]
    assert order[-3:] == ["hold", "finish", "check_still_clear"]


def test_the_same_moment_gives_the_same_bytes(installation: Installation, cast: Cast) -> None:
    written = []
    for _ in range(2):
        with clock.fixed(datetime(2027, 1, 4, 9, 30, tzinfo=UTC)), installation.database.reading() as session:
            book, items = book_from(queries.source_of(session, cast.enrolments["amina"]))
        target = io.BytesIO()
        write_book(target, replace(book, items=[item.with_text() for item in items]))
        written.append(target.getvalue())
    assert written[0] == written[1]


def test_the_command_line_goes_the_same_way_and_the_trail_tells_of_it(
    installation: Installation, cast: Cast, tmp_path: Path
) -> None:
    path = tmp_path / "book.docx"
    write_book_now(installation.database, installation.store, cast.enrolments["amina"], path)
    by_command, by_worker = (timeless(rows_of(book)) for book in (path.read_bytes(), made(installation, cast)))
    assert by_command == by_worker
    with installation.database.reading() as session:
        enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
        events = list(
            session.scalars(select(AuditEvent).where(AuditEvent.verb == "export.make").order_by(AuditEvent.seq))
        )
    assert [(event.actor, event.stream_id) for event in events] == [
        ("system", enrolment.stream_id),
        (cast.actor("amina").uid, enrolment.stream_id),
    ]


def timeless(rows: list[str]) -> list[str]:
    """A book's rows before the audit extract, without the moment that it tells of."""
    return [row for row in rows[: rows.index("Audit extract")] if not row.startswith("As it stood on")]


def test_a_file_that_is_missing_from_the_store_does_not_keep_the_book_from_being_made(
    installation: Installation, cast: Cast
) -> None:
    with installation.database.reading() as session:
        centre = session.get_one(Centre, cast.homes["amina"])
        sha256 = session.scalars(select(Blob.sha256).where(Blob.centre_id == centre.id)).one()
    installation.store.remove(centre.uid, sha256)
    everything = "\n".join(rows_of(made(installation, cast)))
    assert MISSING in everything
    assert "letter.txt" in everything


def test_a_book_that_is_cancelled_in_the_middle_leaves_nothing(installation: Installation, cast: Cast) -> None:
    def read(path: Path, media_type: str, name: str, sha256: str | None) -> Extract:
        with installation.database.writing() as session:
            actions.cancel_book(session, session.get_one(Enrolment, cast.enrolments["amina"]))
            session.commit()
        return read_plainly(path, media_type, name, sha256)

    ask(installation, cast)
    runner(installation, read).run_due()
    (row,) = books(installation, cast)
    assert (row.book.job.state, row.book.blob_id, row.book.made_at) == (JobState.CANCELLED, None, None)
    assert incoming(installation) == []
    with installation.database.reading() as session:
        assert not session.scalars(select(Blob).where(Blob.media_type == WORD)).all()
        assert not session.scalars(select(AuditEvent).where(AuditEvent.verb == "export.make")).all()


@pytest.mark.parametrize("when", ["before", "in the middle"])
def test_whoever_loses_the_role_gets_no_book(installation: Installation, cast: Cast, when: str) -> None:
    def dismiss() -> None:
        with installation.database.writing() as session:
            membership = session.scalars(
                select(Membership).where(Membership.person_id == cast.people["marguerite"])
            ).one()
            accounts.withdraw_role(session, cast.actor("ada", session), membership)
            session.commit()

    def read(path: Path, media_type: str, name: str, sha256: str | None) -> Extract:
        dismiss()
        return read_plainly(path, media_type, name, sha256)

    ask(installation, cast, by="marguerite")
    if when == "before":
        dismiss()
    runner(installation, read if when != "before" else read_plainly).run_due()
    (row,) = books(installation, cast)
    assert row.book.job.state is JobState.FAILED
    assert row.book.blob_id is None
    assert row.book.job.message == NOT_ALLOWED or "no longer have a role" in row.book.job.message
    assert incoming(installation) == []


def test_a_reader_that_breaks_fails_the_job_and_leaves_nothing(
    installation: Installation, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    def read(*_arguments: object) -> Extract:
        raise io.UnsupportedOperation("nobody thought of this")

    ask(installation, cast)
    runner(installation, read).run_due()
    (row,) = books(installation, cast)
    assert row.book.job.state is JobState.FAILED
    assert row.book.job.message.rstrip(".").rsplit(" ", 1)[-1] in caplog.text
    assert incoming(installation) == []


if OUTSIDE_CHECK.exists():

    def test_a_stranger_finds_nothing_lacking(installation: Installation, cast: Cast, tmp_path: Path) -> None:
        path = tmp_path / "book.docx"
        path.write_bytes(made(installation, cast))
        command = [sys.executable, str(OUTSIDE_CHECK), str(path), "--needs", "E001", "HRCC", "Audit extract"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
