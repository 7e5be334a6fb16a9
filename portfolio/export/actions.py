"""Asking for a Word portfolio, no longer wanting it, keeping the one that was made; and tables taken away as files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.audit import streams
from portfolio.audit.events import Doer
from portfolio.centres.models import Centre
from portfolio.enrolment.models import Enrolment
from portfolio.errors import InvalidState
from portfolio.export import book_queries, breach_queries
from portfolio.export.models import WordBook
from portfolio.export.narrowing import check
from portfolio.export.rules import MAKE_WORD, PDF, WHOLE, WORD, Choice
from portfolio.jobs import actions as jobs
from portfolio.storage.actions import keep
from portfolio.storage.arriving import Arrived
from portfolio.storage.stores import Store


@dataclass(frozen=True, slots=True)
class Made:
    """What is known of a book that was written: as of when, and where the trail ended then."""

    as_of: datetime
    items: int
    head_seq: int
    head_hash: str
    size: int
    sha256: str
    choice: Choice


def ask_for_book(session: Session, actor: Actor, enrolment: Enrolment, choice: Choice = WHOLE) -> WordBook:
    """A book that a worker will make. While the same is under way already, that one is the answer. Raises Rejected when
    the portfolio does not have what was chosen, InvalidState while another one is made.

    The caller wakes a worker after the commit.
    """
    session.execute(select(Enrolment.id).where(Enrolment.id == enrolment.id).with_for_update())
    if choice != WHOLE:
        units, refs = book_queries.to_choose_from(session, enrolment.id)
        check(choice, units=[code for code, _title in units], refs=[ref for ref, _title in refs])
    present = book_queries.book_under_way(session, enrolment.id)
    if present is not None and Choice.of(present.choice) != choice:
        raise InvalidState("Another Word {portfolio} is being made. Wait for it, or stop it.")
    if present is not None:
        return present
    job = jobs.ask(
        session,
        kind=MAKE_WORD,
        centre_id=enrolment.centre_id,
        person_id=actor.person_id,
        subject_id=enrolment.id,
    )
    kept = choice.as_json if choice != WHOLE else {}
    book = WordBook(enrolment_id=enrolment.id, job_id=job.id, by_id=actor.person_id, asked_at=clock.now(), choice=kept)
    session.add(book)
    session.flush()
    streams.record(session, actor, "export.ask", streams.named(book), stream_id=enrolment.stream_id, text=kept)
    return book


def cancel_book(session: Session, enrolment: Enrolment) -> None:
    """Nobody needs the book that is under way. Raises InvalidState when there is none (any more)."""
    book = book_queries.book_under_way(session, enrolment.id)
    if book is None:
        raise InvalidState("No Word {portfolio} is being made at the moment.")
    jobs.cancel(session, book.job)


def keep_book(
    session: Session,
    actor: Actor,
    book: WordBook,
    store: Store,
    arrived: Arrived,
    *,
    made: Made,
    pdf: Arrived | None = None,
) -> None:
    """The book is there: its file is kept, with the same as a PDF if there is one, and the trail says so. Raises
    InvalidState as `check_whole` does.
    """
    check_whole(session, book.enrolment, made.as_of)
    kept = partial(keep, session, store, centre_id=actor.centre_id, centre_uid=actor.centre_uid)
    book.blob_id = kept(arrived, media_type=WORD).id
    if pdf is not None:
        book.pdf_blob_id = kept(pdf, media_type=PDF).id
    book.made_at = made.as_of
    book.head_seq, book.head_hash = made.head_seq, made.head_hash
    session.flush()
    note_made(session, actor, book.enrolment, streams.named(book), made=made)


def check_whole(session: Session, enrolment: Enrolment, as_of: datetime) -> None:
    """Raises InvalidState when personal data was found in an item after the book was read: it holds that data."""
    session.execute(select(Enrolment.id).where(Enrolment.id == enrolment.id).with_for_update())
    if breach_queries.is_outdated(session, enrolment.id, as_of):
        raise InvalidState("Personal data was found in an item while this was being made. Ask for it again.")


def note_made(session: Session, doer: Doer, enrolment: Enrolment, subject: str, *, made: Made) -> None:
    """The trail tells of a book that was made, whether it is kept here or was written to a file."""
    streams.record(
        session,
        doer,
        "export.make",
        subject,
        stream_id=enrolment.stream_id,
        text={
            "as_of": made.as_of.isoformat(timespec="microseconds"),
            "items": made.items,
            "head": made.head_seq,
            "size": made.size,
            "sha256": made.sha256,
            **({"choice": made.choice.as_json} if made.choice != WHOLE else {}),
        },
    )


def note_table(session: Session, actor: Actor, *, view: str, kind: str, filters: Sequence[str], rows: int) -> None:
    """That somebody took a table of the coverage audit away as a file: which, narrowed to what, and how many rows."""
    text = {"view": view, "kind": kind, "filters": list(filters), "rows": rows}
    subject = f"{Centre.__tablename__}:{actor.centre_uid}"
    streams.record(session, actor, "coverage.export", subject, stream_id=actor.centre_stream_id, text=text)
