"""Personal data that was found in an item, and the Word book: left out while it is hidden, told of afterwards."""

from collections.abc import Callable

import pytest

from portfolio import clock
from portfolio.documents.wordbook.content import Book
from portfolio.errors import InvalidState
from portfolio.evidence import amending
from portfolio.evidence.models import Evidence
from portfolio.evidence.rules import HIDDEN
from portfolio.export import breach_queries
from portfolio.export.book import book_from
from portfolio.export.jobs import write_book_now
from portfolio.export.queries import Source
from portfolio.export.sheets import Item
from portfolio.installation import Installation
from tests.cast import Cast
from tests.documents.well_made import lacks
from tests.evidence.breaches import NAME, item_with_a_name, mark, mended
from tests.export.scenes import ask, books, made, rows_of, runner


def _after(meanwhile: Callable[[], object]) -> Callable[[Source], tuple[Book, list[Item]]]:
    """`book_from`, once something else was done."""

    def book_after(source: Source) -> tuple[Book, list[Item]]:
        meanwhile()
        return book_from(source)

    return book_after


def row_saying(rows: list[str], *words: str) -> str:
    """The first row with all of these words."""
    return next(row for row in rows if all(word in row for word in words))


def marked_and_hidden(cast: Cast) -> int:
    """E005 with a name everywhere, marked with a feedback that repeats it, and hidden."""
    with cast.installation.database.writing() as session:
        evidence = item_with_a_name(session, cast)
        mark(session, cast, "amina E005", feedback=f"Take {NAME} out.")
        amending.hide(session, cast.actor("iris", session), evidence, words="All over")
        session.commit()
    return evidence.id


def test_a_book_made_meanwhile_leaves_it_out_and_says_so(installation: Installation, cast: Cast) -> None:
    marked_and_hidden(cast)
    book = made(installation, cast)
    assert lacks(book) == []
    rows = rows_of(book)
    assert not [row for row in rows if NAME in row]
    assert NAME.encode() not in book
    assert row_saying(rows, "E005", HIDDEN)
    assert row_saying(rows, "Personal data is being taken out of this item.")
    assert row_saying(rows, "1.3 | ", "Not yet met")
    assert row_saying(rows, "Hid E005: personal data was found in it")


def test_a_book_made_afterwards_tells_what_was_done(installation: Installation, cast: Cast) -> None:
    mended(cast)
    rows = rows_of(made(installation, cast))
    assert not [row for row in rows if NAME in row]
    told = row_saying(rows, "Amended", "by Amina Ramachandran-Hughes: A customer's name was in it.")
    assert "(destroyed)" in told
    assert row_saying(rows, "Took personal data out of E005")


def _finding(installation: Installation, cast: Cast) -> Callable[[], None]:
    """E005 is handed in now; done later, a name is found in it."""
    with installation.database.writing() as session:
        evidence = item_with_a_name(session, cast)
        session.commit()

    def find() -> None:
        with installation.database.writing() as session:
            found = session.get_one(Evidence, evidence.id)
            amending.hide(session, cast.actor("iris", session), found, words="Page 1")
            session.commit()

    return find


def test_a_book_that_was_read_before_is_not_kept(
    installation: Installation, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was asked for and read; then the name is found, and only then is it finished."""
    ask(installation, cast)
    monkeypatch.setattr("portfolio.export.jobs.book_from", _after(_finding(installation, cast)))
    assert runner(installation).run_due() == 1
    (row,) = books(installation, cast)
    assert row.book.blob is None
    assert "Personal data was found in an item while this was being made." in row.book.job.message


def test_nor_is_one_on_the_command_line(
    installation: Installation, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = installation.settings.home / "book.docx"
    monkeypatch.setattr("portfolio.export.jobs.book_from", _after(_finding(installation, cast)))
    with pytest.raises(InvalidState, match="Personal data was found"):
        write_book_now(installation.database, installation.store, cast.enrolments["amina"], target)
    assert not target.exists()


def test_only_books_with_the_name_in_them_are_withheld(installation: Installation, cast: Cast) -> None:
    made(installation, cast)
    evidence_id = marked_and_hidden(cast)
    made(installation, cast)
    with installation.database.reading() as session:
        evidence = session.get_one(Evidence, evidence_id)
        assert breach_queries.withheld(session, evidence.enrolment_id) == {}
        assert list(breach_queries.books_holding(session, evidence)) == []
        assert not breach_queries.is_outdated(session, evidence.enrolment_id, clock.now())
