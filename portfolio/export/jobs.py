"""Making a Word portfolio: read at one moment, written item by item, kept in one transaction with the word that it is.

No transaction is open while the book is written. The command line and the worker go the same way.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from portfolio.accounts import queries as accounts
from portfolio.audit import streams
from portfolio.audit.events import System
from portfolio.db import Database
from portfolio.documents.blocks import Card, Extract
from portfolio.documents.sandbox import Extractor
from portfolio.documents.wordbook.content import FilePart, ItemPart
from portfolio.documents.wordbook.writer import write_book
from portfolio.enrolment.models import Enrolment
from portfolio.errors import Forbidden, InvalidState
from portfolio.export import actions, queries
from portfolio.export.actions import Made
from portfolio.export.book import book_from
from portfolio.export.queries import FileText, Source
from portfolio.export.sheets import Item
from portfolio.jobs.running import Transaction, Work
from portfolio.storage.arriving import Arrived
from portfolio.storage.stores import Store

Reader = Callable[[Path, str, str, str | None], Extract]
"""Reads a file, given its path, media type, name and SHA-256."""
Report = Callable[[int, int, str], None]
"""Told how far the writing is: done, total and what is at hand. Ends the writing by raising."""

MISSING = "The file is missing from the store. Tell your centre."
NO_LONGER = "You no longer have a role at the centre, so this was not made."


def make_word(
    work: Work,
    *,
    reading: Transaction,
    writing: Transaction,
    store: Store,
    extractor: Callable[[], AbstractContextManager[Reader]] = Extractor,
) -> None:
    """Make the book that a job asks for. Raises Stopped when the job is no longer this worker's."""
    with reading() as session:
        source = queries.source_of(session, work.subject_id)
    path = store.workpiece()
    try:
        with path.open("xb") as target, extractor() as read:
            _write(target, source, store, read, work.report)
        arrived = store.finished(path)
        store.send_ahead(source.centre_uid, arrived)
        with writing() as session:
            work.finish(session)
            actor = accounts.actor(session, person_id=work.person_id, centre_id=work.centre_id)
            if actor is None:
                raise Forbidden(NO_LONGER)
            book = queries.book_for(session, work.job_id)
            actions.keep_book(session, actor, book, store, arrived, made=_made(source, arrived))
    finally:
        path.unlink(missing_ok=True)


def write_book_now(database: Database, store: Store, enrolment_id: int, target: Path) -> None:
    """Write the book of an enrolment to a file, at once. The trail tells of it, as the product's own doing."""
    with database.reading() as session:
        source = queries.source_of(session, enrolment_id)
    with target.open("wb") as out, Extractor() as read:
        _write(out, source, store, read, lambda _done, _total, _message: None)
    made = _made(source, store.finished(target))
    with database.writing() as session:
        enrolment = session.get_one(Enrolment, enrolment_id)
        try:
            actions.check_whole(session, enrolment, made.as_of)
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
