"""Making a Word portfolio: read and looked through at one moment, written item by item, kept in one transaction.

What is written are the very texts that were looked through; what else it relies on is asked again when it is kept. No
transaction is open while the book is written. The command line and the worker go the same way.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.orm import Session

from portfolio.accounts import queries as accounts
from portfolio.accounts.actors import Actor
from portfolio.audit import streams
from portfolio.audit.events import System
from portfolio.db import Database
from portfolio.documents.blocks import Card, Extract
from portfolio.documents.sandbox import Extractor
from portfolio.documents.wordbook.content import FilePart, ItemPart
from portfolio.documents.wordbook.writer import write_book
from portfolio.enrolment.actions import held
from portfolio.enrolment.models import Enrolment
from portfolio.errors import Forbidden, InvalidState, Rejected
from portfolio.export import actions, gate, gate_queries, holding, queries
from portfolio.export.actions import Made
from portfolio.export.book import book_from
from portfolio.export.gate_queries import Looked
from portfolio.export.queries import FileText, Source
from portfolio.export.sheets import Item
from portfolio.jobs.rules import JobState
from portfolio.jobs.running import Transaction, Work
from portfolio.storage.arriving import Arrived
from portfolio.storage.stores import Store

Reader = Callable[[Path, str, str, str | None], Extract]
"""Reads a file, given its path, media type, name and SHA-256."""
Report = Callable[[int, int, str], None]
"""Told how far the writing is: done, total and what is at hand. Ends the writing by raising."""

LOOKING_MOST = 300.0
"""Seconds after which a book that waits for its files to be looked through is held rather than kept waiting."""

MISSING = "The file is missing from the store. Tell your centre."
NO_LONGER = "You no longer have a role at the centre, so this was not made."


def make_word(
    work: Work,
    *,
    reading: Transaction,
    writing: Transaction,
    store: Store,
    extractor: Callable[[], AbstractContextManager[Reader]] = Extractor,
    look_next: Callable[[], bool] = lambda: False,
) -> None:
    """Make the book that a job asks for, or say what holds it back. Raises Stopped when the job is no longer ours.

    `look_next` takes one step in looking through the contents of files that wait for it; False when none can be done.
    """
    source, looked = _read(reading, work.subject_id, work.report)
    if looked.waiting:
        with writing() as session:
            holding.ask_for_waiting(session, work.subject_id, looked)
        _look_through_files(reading, work, looked, look_next)
        source, looked = _read(reading, work.subject_id, work.report)
    if looked.held:
        with writing() as session:
            work.finish(session, JobState.HELD, gate.sentence(looked.held))
            holding.hold(session, _actor(session, work), queries.book_for(session, work.job_id), looked.held)
        return
    path = store.workpiece()
    try:
        with path.open("xb") as target, extractor() as read:
            _write(target, source, store, read, work.report)
        arrived = store.finished(path)
        store.send_ahead(source.centre_uid, arrived)
        with writing() as session:
            enrolment = held(session, work.subject_id, even_over=True)
            work.finish(session)
            actor, book = _actor(session, work), queries.book_for(session, work.job_id)
            holding.check_still_clear(session, enrolment, looked)
            actions.keep_book(session, actor, book, store, arrived, made=_made(source, arrived))
    finally:
        path.unlink(missing_ok=True)


def _read(reading: Transaction, enrolment_id: int, report: Report) -> tuple[Source, Looked]:
    """The book's texts and what came of looking through them, as of one moment."""
    with reading() as session:
        source = queries.source_of(session, enrolment_id)
        return source, gate_queries.look(session, source, report)


def _look_through_files(reading: Transaction, work: Work, looked: Looked, look_next: Callable[[], bool]) -> None:
    """Have those looked through that the book needs, and whatever waits before them; but not for ever."""
    until = time.monotonic() + LOOKING_MOST
    while time.monotonic() < until:
        with reading() as session:
            left = gate_queries.waiting_of(session, session.get_one(Enrolment, work.subject_id), looked)
        work.report(len(looked.waiting) - left, len(looked.waiting), "Looking through files")
        if not left or not look_next():
            return


def _actor(session: Session, work: Work) -> Actor:
    actor = accounts.actor(session, person_id=work.person_id, centre_id=work.centre_id)
    if actor is None:
        raise Forbidden(NO_LONGER)
    return actor


def write_book_now(database: Database, store: Store, enrolment_id: int, target: Path) -> None:
    """Write the book of an enrolment to a file, at once. The trail tells of it, as the product's own doing.

    Raises Rejected, and writes nothing, when something in it may point to a real person.
    """
    source, looked = _read(database.reading, enrolment_id, lambda _done, _total, _message: None)
    if looked.held:
        listed = dict.fromkeys(f"{one.ref}: {one.where.lower()}" for one in looked.held)
        raise Rejected("\n".join([gate.sentence(looked.held), *listed]))
    with target.open("wb") as out, Extractor() as read:
        _write(out, source, store, read, lambda _done, _total, _message: None)
    made = _made(source, store.finished(target))
    with database.writing() as session:
        enrolment = held(session, enrolment_id, even_over=True)
        try:
            actions.check_whole(session, enrolment, made.as_of)
            holding.check_still_clear(session, enrolment, looked)
        except InvalidState:
            target.unlink()
            raise
        actions.note_made(session, System(), enrolment, streams.named(enrolment), made=made)
        session.commit()


def _made(source: Source, arrived: Arrived) -> Made:
    head = source.events[-1]
    return Made(source.as_of, len(source.items), head.seq, head.hash, arrived.size, arrived.sha256)


def _write(target: BinaryIO, source: Source, store: Store, read: Reader, report: Report) -> None:
    book, items = book_from(source)
    write_book(target, replace(book, items=_items(items, source.centre_uid, store, read, report)))
    report(len(items), len(items), "Putting the book together")


def _items(items: list[Item], centre: str, store: Store, read: Reader, report: Report) -> Iterator[ItemPart]:
    for number, item in enumerate(items):
        tell = partial(report, number, len(items), f"{item.sheet.ref}, item {number + 1} of {len(items)}")
        tell()
        yield replace(item.with_text(), files=_files(item.files, centre, store, read, tell))


def _files(
    files: tuple[FileText, ...], centre: str, store: Store, read: Reader, tell: Callable[[], None]
) -> Iterator[FilePart]:
    for file in files:
        tell()
        try:
            with store.here(centre, file.sha256) as path:
                yield FilePart(file.name, read(path, file.media_type, file.name, file.sha256))
        except FileNotFoundError:
            card = Card(file.name, file.media_type, file.size, file.sha256, MISSING)
            yield FilePart(file.name, Extract((card,)))
