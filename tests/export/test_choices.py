"""Books of a part: one unit, the matrix alone, a sample, with or without content."""

from datetime import timedelta
from pathlib import Path

import pytest

from portfolio import clock
from portfolio.audit.models import AuditText
from portfolio.enrolment.models import Enrolment
from portfolio.errors import InvalidState, Rejected
from portfolio.export import actions
from portfolio.export.jobs import write_book_now
from portfolio.export.rules import WHOLE, Choice, Extent, file_name
from portfolio.installation import Installation
from tests.cast import Cast
from tests.documents.well_made import lacks
from tests.export.scenes import books, content, row_with, rows_of, runner


def made(installation: Installation, cast: Cast, choice: Choice) -> bytes:
    """A book of a choice, as the worker makes it."""
    with installation.database.writing() as session:
        enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
        actions.ask_for_book(session, cast.actor("amina", session), enrolment, choice)
        session.commit()
    runner(installation).run_due()
    book = content(installation, books(installation, cast)[0])
    assert lacks(book) == []
    return book


def test_a_sample_has_pages_for_its_items_alone_and_the_whole_index(installation: Installation, cast: Cast) -> None:
    rows = rows_of(made(installation, cast, Choice(Extent.SAMPLE, refs=("E002",))))
    assert "This book holdsA sample of the evidence: E002" in rows
    assert not [row for row in rows if row.startswith("E001 ") and " | " not in row]
    assert [row for row in rows if row.startswith("E002 ") and " | " not in row]
    assert " | Not in this book / " in row_with(rows, "E001 | ")
    assert " | In this book / " in row_with(rows, "E002 | ")
    assert "Criteria and evidence" in rows


def test_a_matrix_alone_has_no_words_of_anybody_about_anything(installation: Installation, cast: Cast) -> None:
    rows = rows_of(made(installation, cast, Choice(Extent.MATRIX)))
    assert "This book holdsThe matrix and the index alone" in rows
    assert "Criteria and evidence" in rows
    for left_out in ("Still to do", "Feedback on the unit", "Declarations", "Audit extract", "Glossary", "Decision"):
        assert left_out not in rows


def test_a_unit_alone_says_so_and_leaves_the_summary_of_all_out(installation: Installation, cast: Cast) -> None:
    rows = rows_of(made(installation, cast, Choice(Extent.UNIT, unit="HRCC")))
    assert "This book holdsUnit HRCC alone" in rows
    assert "Summary of achievement" not in rows
    assert "Declarations" in rows


def test_without_content_the_header_sheets_stand_alone(installation: Installation, cast: Cast) -> None:
    whole, bare = (rows_of(made(installation, cast, choice)) for choice in (WHOLE, Choice(has_content=False)))
    assert row_with(whole, "Header sheet E002 | ")
    assert row_with(bare, "Header sheet E002 | ")
    assert "Account" in whole
    assert "Account" not in bare
    assert "This book holdsHeader sheets without content" in bare


@pytest.mark.parametrize(
    ("choice", "field"),
    [
        (Choice(Extent.UNIT, unit="NONE"), "unit"),
        (Choice(Extent.SAMPLE), "refs"),
        (Choice(Extent.SAMPLE, refs=("E001", "E999")), "refs"),
        (Choice(Extent.SAMPLE, refs=("E003",)), "refs"),
    ],
)
def test_what_the_portfolio_does_not_have_is_refused(
    installation: Installation, cast: Cast, choice: Choice, field: str, tmp_path: Path
) -> None:
    """Drafts among it, and at the command line too: then nothing is written."""
    with installation.database.writing() as session:
        enrolment, amina = session.get_one(Enrolment, cast.enrolments["amina"]), cast.actor("amina", session)
        with pytest.raises(Rejected) as refused:
            actions.ask_for_book(session, amina, enrolment, choice)
    assert refused.value.field == field
    target = tmp_path / "book.docx"
    with pytest.raises(Rejected):
        write_book_now(installation.database, installation.store, cast.enrolments["amina"], target, choice=choice)
    assert not target.exists()


def test_while_one_is_made_another_one_waits(installation: Installation, cast: Cast) -> None:
    """And the same one is the same."""
    with installation.database.writing() as session:
        enrolment, amina = session.get_one(Enrolment, cast.enrolments["amina"]), cast.actor("amina", session)
        first = actions.ask_for_book(session, amina, enrolment, Choice(Extent.MATRIX))
        assert actions.ask_for_book(session, amina, enrolment, Choice(Extent.MATRIX)) is first
        with pytest.raises(InvalidState, match="is being made"):
            actions.ask_for_book(session, amina, enrolment)


def test_the_trail_says_how_much_was_asked_for(installation: Installation, cast: Cast) -> None:
    made(installation, cast, Choice(Extent.SAMPLE, refs=("E002",)))
    rows = rows_of(made(installation, cast, WHOLE))
    assert [row for row in rows if row.endswith("| Asked for the Word portfolio, a sample: E002")]
    assert [row for row in rows if row.endswith("| Made the Word portfolio, a sample: E002")]
    with installation.database.reading() as session:
        told = [row.text for row in session.query(AuditText).all()]
    assert {"extent": "sample", "unit": "", "refs": ["E002"], "has_content": True} in told


def test_the_same_moment_gives_the_same_file(installation: Installation, cast: Cast, tmp_path: Path) -> None:
    """Books that were made meanwhile change nothing; anything else does, and then the moment is refused."""
    at, enrolment_id = clock.now(), cast.enrolments["amina"]
    paths = [tmp_path / "one.docx", tmp_path / "two.docx"]
    for path in paths:
        write_book_now(installation.database, installation.store, enrolment_id, path, as_of=at)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    later = clock.now() + timedelta(hours=1)
    with pytest.raises(Rejected, match="still to come"):
        write_book_now(installation.database, installation.store, enrolment_id, paths[0], as_of=later)
    with pytest.raises(Rejected, match="after that moment"):
        write_book_now(
            installation.database, installation.store, enrolment_id, paths[0], as_of=at - timedelta(days=900)
        )


def test_a_choice_is_kept_and_read_again() -> None:
    choice = Choice(Extent.SAMPLE, refs=("E001", "E004"), has_content=False)
    assert Choice.of(choice.as_json) == choice
    assert Choice.of({}) is WHOLE
    day = clock.today()
    assert file_name("A B", day, choice) == f"Portfolio A B sample {day.isoformat()}.docx"
