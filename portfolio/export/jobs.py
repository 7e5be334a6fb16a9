"""Making a Word portfolio: read and looked through at one moment, written item by item, kept in one transaction.

What is written are the very texts that were looked through; what else it relies on is asked again when it is kept. No
transaction is open while the book is written. The command line and the worker go the same way.
"""

import hashlib
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
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
from portfolio.documents.breaking_off import broken_off_when
from portfolio.documents.codec import Malformed
from portfolio.documents.prepared import Prepared, unpacked
from portfolio.documents.sandbox import Extractor
from portfolio.documents.wordbook.content import FilePart, ItemPart
from portfolio.documents.wordbook.laying_out import lay_out
from portfolio.documents.wordbook.writer import write_book
from portfolio.enrolment.actions import held
from portfolio.enrolment.models import Enrolment
from portfolio.errors import Forbidden, Rejected
from portfolio.export import actions, book_queries, gate, gate_queries, holding, queries
from portfolio.export.actions import Made
from portfolio.export.book import book_from
from portfolio.export.gate_queries import Looked
from portfolio.export.narrowing import narrowed
from portfolio.export.queries import FileText, Source
from portfolio.export.rules import WHOLE, Choice
from portfolio.export.sheets import Item
from portfolio.jobs.rules import JobState
from portfolio.jobs.running import Stopped, Transaction, Work
from portfolio.storage.arriving import Arrived
from portfolio.storage.stores import Store

log = logging.getLogger("portfolio.export")

Reader = Callable[[Path, str, str, str | None], Extract]
"""Reads a file, given its path, media type, name and SHA-256."""
LayOut = Callable[[Path, Path], bool]
"""Fills in the numbers of pages of a book, and writes it as a PDF; False where nothing here does."""
ReadPart = Callable[[str, str, int], bytes]
"""A part of what was made of a content when it arrived, given its centre, SHA-256 and number, as `Derived.read`."""
Report = Callable[[int, int, str], None]
"""Told how far the writing is: done, total and what is at hand. Ends the writing by raising."""

LOOKING_MOST = 300.0
"""Seconds after which a book that waits for its files to be looked through is held rather than kept waiting."""

LAYING_OUT = "Laying out its pages. That may take some minutes, and how far it is cannot be told."
MISSING = "The file is missing from the store. Tell your centre."
NO_LONGER = "You no longer have a role at the centre, so this was not made."


def make_word(
    work: Work,
    *,
    reading: Transaction,
    writing: Transaction,
    store: Store,
    extractor: Callable[[Path], AbstractContextManager[Reader]] = Extractor,
    look_next: Callable[[], bool] = lambda: False,
    lay_out: LayOut = lay_out,
    prepared: ReadPart | None = None,
) -> None:
    """Make the book that a job asks for, or say what holds it back. Raises Stopped when the job is no longer ours.

    `look_next` takes one step in looking through the contents of files that wait for it; False when none can be done.
    """
    with reading() as session:
        choice = Choice.of(book_queries.book_for(session, work.job_id).choice)
    source, looked = _read(reading, work.subject_id, work.report, choice)
    if looked.waiting:
        with writing() as session:
            holding.ask_for_waiting(session, work.subject_id, looked)
        _look_through_files(reading, work, looked, look_next)
        source, looked = _read(reading, work.subject_id, work.report, choice)
    if looked.held:
        with writing() as session:
            work.finish(session, JobState.HELD, gate.sentence(looked.held))
            holding.hold(session, _actor(session, work), book_queries.book_for(session, work.job_id), looked.held)
        return
    with store.workbench(f"job-{work.job_id}") as folder, broken_off_when(work.is_lost, Stopped):
        path, pdf_path = folder / "book.docx", folder / "book.pdf"
        with path.open("xb") as target, extractor(folder) as read:
            write_source(target, source, Files(source.centre_uid, store, read, prepared), work.report)
        work.report(0, 0, LAYING_OUT)
        has_pdf = lay_out(path, pdf_path)
        work.report(len(source.items), len(source.items), "Keeping it")
        arrived, pdf = store.finished(path), store.finished(pdf_path) if has_pdf else None
        for one in filter(None, (arrived, pdf)):
            store.send_ahead(source.centre_uid, one)
        with writing() as session:
            enrolment = held(session, work.subject_id, even_over=True)
            work.finish(session)
            actor, book = _actor(session, work), book_queries.book_for(session, work.job_id)
            holding.check_still_clear(session, enrolment, looked)
            actions.keep_book(session, actor, book, store, arrived, made=_made(source, arrived), pdf=pdf)


def _read(
    reading: Transaction, enrolment_id: int, report: Report, choice: Choice, as_of: datetime | None = None
) -> tuple[Source, Looked]:
    """The book's texts and what came of looking through them, as of one moment."""
    with reading() as session:
        source = narrowed(queries.source_of(session, enrolment_id, as_of=as_of), choice)
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


def write_book_now(
    database: Database,
    store: Store,
    enrolment_id: int,
    target: Path,
    *,
    choice: Choice = WHOLE,
    as_of: datetime | None = None,
    prepared: ReadPart | None = None,
) -> None:
    """Write the book of an enrolment to a file, at once. The trail tells of it, as the product's own doing.

    Raises Rejected, and writes nothing, when something in it may point to a real person.
    """
    source, looked = _read(database.reading, enrolment_id, lambda _done, _total, _message: None, choice, as_of)
    if looked.held:
        listed = dict.fromkeys(f"{one.ref}: {one.where.lower()}" for one in looked.held)
        raise Rejected("\n".join([gate.sentence(looked.held), *listed]))
    try:
        with store.workbench() as folder:
            with target.open("wb") as out, Extractor(folder) as read:
                files = Files(source.centre_uid, store, read, prepared)
                write_source(out, source, files, lambda _done, _total, _message: None)
            lay_out(target, folder / "book.pdf")
        made = _made(source, store.finished(target))
        with database.writing() as session:
            enrolment = held(session, enrolment_id, even_over=True)
            actions.check_whole(session, enrolment, made.as_of)
            holding.check_still_clear(session, enrolment, looked)
            actions.note_made(session, System(), enrolment, streams.named(enrolment), made=made)
            session.commit()
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _made(source: Source, arrived: Arrived) -> Made:
    head = source.events[-1]
    pages = sum(source.has_pages(item) for item in source.items)
    return Made(source.as_of, pages, head.seq, head.hash, arrived.size, arrived.sha256, source.choice)


def write_source(target: BinaryIO, source: Source, files: "Files", report: Report) -> None:
    """Write the book of what was read."""
    book, items = book_from(source)
    write_book(target, replace(book, items=_items(items, files, report)))
    report(len(items), len(items), "Putting the book together")


def _items(items: list[Item], files: "Files", report: Report) -> Iterator[ItemPart]:
    for number, item in enumerate(items):
        tell = partial(report, number, len(items), f"{item.sheet.ref}, item {number + 1} of {len(items)}")
        tell()
        yield replace(item.with_text(), files=files.of(item, tell))


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a centre as a book shows them: as they were made ready when they arrived, or else read anew."""

    centre: str
    store: Store
    read: Reader
    prepared: ReadPart | None

    def of(self, item: Item, tell: Callable[[], None]) -> Iterator[FilePart]:
        """Those of an item, one after the other."""
        for file in item.files:
            tell()
            yield FilePart(file.name, self._extract(file), file.redacted)

    def _extract(self, file: FileText) -> Extract:
        """A file that is missing has a card, whatever was made of it."""
        try:
            if self.store.size(self.centre, file.sha256) is None:
                raise FileNotFoundError
            ready = self._ready(file)
            if ready is not None:
                return ready.named(file.name, file.media_type, file.size, file.sha256)
            with self.store.here(self.centre, file.sha256) as path:
                return self.read(path, file.media_type, file.name, file.sha256)
        except FileNotFoundError:
            return Extract((Card(file.name, file.media_type, file.size, file.sha256, MISSING),))

    def _ready(self, file: FileText) -> Prepared | None:
        """What was made ready; None when it was not, was forgotten meanwhile, or is not what it was."""
        if file.ready is None or self.prepared is None:
            return None
        try:
            part = self.prepared(self.centre, file.sha256, file.ready.part)
            if hashlib.sha256(part).hexdigest() == file.ready.sha256:
                return unpacked(part)
        except (OSError, Malformed):
            pass
        log.info("what was made ready of a file for books is lost or damaged; the file is read anew")
        return None
