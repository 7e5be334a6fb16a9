"""Asking for a book: one at a time, told of in the trail, and cancelled for good."""

import pytest
from sqlalchemy import func, select

from portfolio.audit.models import AuditEvent
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.rules import EnrolmentState
from portfolio.errors import InvalidState
from portfolio.export import actions
from portfolio.export.models import WordBook
from portfolio.installation import Installation
from portfolio.jobs.rules import JobState
from tests.cast import Cast
from tests.export.scenes import ask, books, runner


def told(installation: Installation, cast: Cast, verb: str) -> int:
    """How often the trail of amina's portfolio tells of something."""
    with installation.database.reading() as session:
        stream_id = session.get_one(Enrolment, cast.enrolments["amina"]).stream_id
        return (
            session.scalar(select(func.count()).where(AuditEvent.stream_id == stream_id, AuditEvent.verb == verb)) or 0
        )


def cancel(installation: Installation, cast: Cast) -> None:
    """No longer want the book that is under way."""
    with installation.database.writing() as session:
        actions.cancel_book(session, session.get_one(Enrolment, cast.enrolments["amina"]))
        session.commit()


def test_a_second_wish_is_answered_with_the_book_that_is_under_way(installation: Installation, cast: Cast) -> None:
    first = ask(installation, cast)
    assert ask(installation, cast) == first
    assert ask(installation, cast, by="marguerite") == first
    assert told(installation, cast, "export.ask") == 1
    assert ask(installation, cast, by="ben", whose="ben") != first
    runner(installation).run_due()
    assert ask(installation, cast) != first, "once it is made, another one can be asked for"
    assert told(installation, cast, "export.ask") == 2


def test_a_book_remembers_who_asked_and_is_empty_until_it_is_made(installation: Installation, cast: Cast) -> None:
    ask(installation, cast, by="marguerite")
    (row,) = books(installation, cast)
    assert row.by == "Marguerite Okonkwo-Lindqvist"
    assert (row.book.blob, row.book.made_at, row.book.job.state) == (None, None, JobState.QUEUED)


def test_a_cancelled_book_is_not_made_and_another_can_be_asked_for(installation: Installation, cast: Cast) -> None:
    first = ask(installation, cast)
    cancel(installation, cast)
    assert runner(installation).run_due() == 0
    assert ask(installation, cast) != first
    cancel(installation, cast)
    with pytest.raises(InvalidState):
        cancel(installation, cast)


def test_a_portfolio_that_is_over_can_still_be_had_as_a_book(installation: Installation, cast: Cast) -> None:
    with installation.database.writing() as session:
        session.get_one(Enrolment, cast.enrolments["amina"]).state = EnrolmentState.COMPLETED
        enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
        book = actions.ask_for_book(session, cast.actor("amina", session), enrolment)
        session.commit()
        book_id = book.id
    assert runner(installation).run_due() == 1
    with installation.database.reading() as session:
        assert session.get_one(WordBook, book_id).blob_id is not None
