"""Making a bundle: each portfolio read at one moment, looked through, written as a stream, told by its trail."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.audit import streams
from portfolio.audit.events import Doer, Signer
from portfolio.bundles import texts
from portfolio.bundles.archive import Archive, Names, joined
from portfolio.bundles.history import history_of
from portfolio.bundles.matrix import matrix_of
from portfolio.bundles.reading import Record
from portfolio.bundles.records import Records, records_of
from portfolio.bundles.words import README
from portfolio.centres.models import Centre
from portfolio.db import Database
from portfolio.documents.offline.page import Linked, head, page_of
from portfolio.documents.sandbox import Extractor
from portfolio.documents.tables import write_csv, write_xlsx
from portfolio.documents.wordbook.content import Book
from portfolio.enrolment.actions import held
from portfolio.errors import InvalidState
from portfolio.export import actions, gate, gate_queries, holding, jobs, queries
from portfolio.export.book import book_from
from portfolio.export.gate import Going
from portfolio.export.gate_queries import ContentIn, Looked
from portfolio.export.narrowing import narrowed
from portfolio.export.queries import Source
from portfolio.export.rules import WHOLE, Choice, Extent
from portfolio.export.sheets import Item
from portfolio.storage.stores import Store

VERIFIER = Path(__file__).with_name("verify.py")
SCHEMAS = Path(__file__).with_name("schema")
BOOK, CSV, XLSX, RECORDS, HISTORY, PAGE = (
    "portfolio.docx", "matrix.csv", "matrix.xlsx", "records.json", "history.json", "index.html",
)  # fmt: skip
REDACTED = "Redacted here before it was handed in"


@dataclass(frozen=True, slots=True)
class Read:
    """One portfolio as it was at one moment, and what came of looking through it."""

    source: Source
    records: Records
    history: list[Record]
    looked: Looked


@dataclass(frozen=True, slots=True)
class Held:
    """A portfolio that is not in the bundle, and why."""

    learner: str
    reason: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bundle:
    """What was made: how many portfolios, entries of their history, items and files; and those that were held back."""

    portfolios: int
    items: int
    files: int
    held: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class _Made:
    """What has to be known of a portfolio when all are written."""

    enrolment_id: int
    as_of: datetime
    looked: Looked
    head_seq: int
    items: int
    files: int

    @classmethod
    def of(cls, enrolment_id: int, read: Read) -> "_Made":
        """Of one that was written."""
        records = read.records
        seq = read.history[-1]["seq"]
        return cls(enrolment_id, read.source.as_of, read.looked, seq, len(records.items), len(records.files))


Tell = Callable[[int, int, str], None]
"""Told how far it is: done, total and what is at hand. Ends the making by raising."""


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes bundles of one installation."""

    database: Database
    store: Store
    signer: Signer
    prepared: jobs.ReadPart | None = None

    def make(
        self, enrolment_ids: Sequence[int], target: Path, *, doer: Doer, choice: Choice = WHOLE, tell: Tell
    ) -> Bundle:
        """Write the bundle of these portfolios. One that may show a real person is held back, and the others go in;
        nothing is written when none does.
        """
        at, names = clock.now(), Names()
        made: list[_Made] = []
        centre: Centre | None = None
        held_back: list[Held] = []
        listed: list[Record] = []
        target.touch(0o600, exist_ok=False)
        try:
            with target.open("wb") as out, Archive(out, at) as archive:
                for number, enrolment_id in enumerate(enrolment_ids):
                    tell(number, len(enrolment_ids), f"Portfolio {number + 1} of {len(enrolment_ids)}")
                    read = self._read(enrolment_id, choice)
                    if read.looked.held:
                        held_back.append(_held(read))
                        self._ask_for_waiting(enrolment_id, read.looked)
                        continue
                    folder = names.name(read.source.enrolment.learner.name)
                    listed.append(_Folder(archive, folder, read, self.store, self.prepared).write())
                    made.append(_Made.of(enrolment_id, read))
                    centre = read.source.enrolment.centre
                if centre is not None:
                    self._front(archive, centre, listed, at)
            with self.database.writing() as session:
                for one in made:
                    self._note(session, doer, one, choice)
                session.commit()
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        if not made:
            target.unlink()
        return Bundle(len(made), sum(one.items for one in made), sum(one.files for one in made), tuple(held_back))

    def _read(self, enrolment_id: int, choice: Choice) -> Read:
        with self.database.reading() as session:
            source = narrowed(queries.source_of(session, enrolment_id), choice)
            enrolment = source.enrolment
            records = records_of(session, enrolment, choice.refs if choice.extent is Extent.SAMPLE else None)
            further, contents = _beside(source, records), _contents(records)
            looked = gate_queries.look(session, source, _quiet, further=further, further_contents=contents)
            told = {f"evidence:{one['uid']}" for one in records.items}
            told |= {f"item_review:{one['uid']}" for one in records.reviews}
            history = list(history_of(session, enrolment.stream_id, told))
            return Read(source, records, history, looked)

    def _ask_for_waiting(self, enrolment_id: int, looked: Looked) -> None:
        """What was not looked through as it would be today is looked through next, for another time."""
        if looked.waiting:
            with self.database.writing() as session:
                holding.ask_for_waiting(session, enrolment_id, looked)
                session.commit()

    def _front(self, archive: Archive, centre: Centre, listed: Sequence[Record], at: datetime) -> None:
        said = f"Made {at.astimezone(UTC):%d %B %Y, %H:%M} UTC by {centre.name}."
        archive.write(PAGE, joined(_front_page(centre.name, said, listed)))
        title = f"Portfolio bundle: {', '.join(one['learner'] for one in listed)}"
        archive.write("README.txt", joined([README.format(title=title, line=said)]))
        for path in sorted(SCHEMAS.iterdir()):
            archive.write(f"schema/{path.name}", [path.read_bytes()])
        archive.write("verify.py", [VERIFIER.read_bytes()])
        head_of = {
            "made_at": at.astimezone(UTC).isoformat(timespec="seconds"),
            "centre": {"uid": centre.uid, "name": centre.name, "number": centre.number},
            "portfolios": list(listed),
        }
        archive.seal(head_of, self.signer)

    def _note(self, session: Session, doer: Doer, made: "_Made", choice: Choice) -> None:
        enrolment = held(session, made.enrolment_id, even_over=True)
        try:
            actions.check_whole(session, enrolment, made.as_of)
            holding.check_still_clear(session, enrolment, made.looked)
        except InvalidState as changed:
            raise InvalidState(f"{enrolment.learner.name}: {changed}") from changed
        streams.record(
            session,
            doer,
            "export.bundle",
            streams.named(enrolment),
            stream_id=enrolment.stream_id,
            text={
                "as_of": made.as_of.isoformat(timespec="microseconds"),
                "items": made.items,
                "head": made.head_seq,
                **({"choice": choice.as_json} if choice != WHOLE else {}),
            },
        )


def _quiet(_done: int, _total: int, _message: str) -> None:
    return


def _held(read: Read) -> Held:
    places = dict.fromkeys(f"{one.ref}: {one.where.lower()}" for one in read.looked.held)
    return Held(read.source.enrolment.learner.name, gate.sentence(read.looked.held), tuple(places))


def _beside(source: Source, records: Records) -> list[Going]:
    """The texts of the records that are not in the book."""
    there = {(one.subject, place) for one in gate.going_in(source) for place in one.texts}
    further = []
    for one in texts.going_in(records):
        own = {place: text for place, text in one.texts.items() if (one.subject, place) not in there}
        further += [replace(one, texts=own)] if own else []
    return further


def _contents(records: Records) -> tuple[ContentIn, ...]:
    items, versions = {one["id"]: one for one in records.items}, {one["id"]: one["item"] for one in records.versions}
    found = dict.fromkeys((versions[file["version"]], file["sha256"]) for file in records.files)
    return tuple(ContentIn(items[id_]["uid"], id_, items[id_]["ref"], sha256) for id_, sha256 in found)


class _Folder:
    """Writes one portfolio into its folder of the archive."""

    def __init__(self, archive: Archive, folder: str, read: Read, store: Store, prepared: jobs.ReadPart | None) -> None:
        self._archive, self._folder, self._read = archive, folder, read
        self._store, self._prepared = store, prepared

    def write(self) -> Record:
        """All of it; answers how the list of the bundle names it."""
        source, records = self._read.source, self._read.records
        book, items = book_from(source)
        paths = self._evidence()
        files = _by_item(records, paths)
        with self._store.workbench() as bench:
            with (bench / BOOK).open("xb") as target, Extractor(bench) as read:
                jobs.write_source(
                    target, source, jobs.Files(source.centre_uid, self._store, read, self._prepared), _quiet
                )
            with (bench / BOOK).open("rb") as written:
                self._archive.copy(self._path(BOOK), written)
            beside = {ref: "; ".join(one.path for one in linked) for ref, linked in files.items()}
            for name, write in ((CSV, write_csv), (XLSX, _as_xlsx)):
                with (bench / name).open("x+b") as table:
                    write(table, matrix_of(book, beside))
                    table.seek(0)
                    self._archive.copy(self._path(name), table)
        told = [{**one, "path": paths[one["id"]]} for one in records.files]
        self._archive.json(self._path(RECORDS), replace(records, files=told).as_json())
        self._archive.json(self._path(HISTORY), self._read.history)
        self._archive.write(self._path(PAGE), joined(self._page(book, items, files)))
        end = self._read.history[-1]
        return {
            "folder": self._folder,
            "learner": source.enrolment.learner.name,
            "qualification": source.enrolment.qualification.title,
            "enrolment": source.enrolment.uid,
            "extent": "whole" if source.choice == WHOLE else "sample",
            "stream": records.enrolment["stream"],
            "head": {"seq": end["seq"], "hash": end["hash"], "signature": end["signature"]},
        }

    def _path(self, name: str) -> str:
        return f"{self._folder}/{name}"

    def _evidence(self) -> dict[int, str]:
        """The files go in, each content once for its item; answers their paths in the folder."""
        names, paths = Names(), dict[int, str]()
        versions = {one["id"]: one for one in self._read.records.versions}
        newest = {one["item"]: one["no"] for one in self._read.records.versions}
        there: dict[tuple[int, str], str] = {}
        for file in self._read.records.files:
            version = versions[file["version"]]
            key = (version["item"], file["sha256"])
            if key not in there:
                number = "" if version["no"] == newest[version["item"]] else f"v{version['no']}"
                path = f"evidence/{names.name(version['ref'], number, version['title'], ending=file['name'])}"
                with (
                    self._store.here(self._read.source.centre_uid, file["sha256"]) as place,
                    place.open("rb") as source,
                ):
                    self._archive.copy(self._path(path), source)
                there[key] = path
            paths[file["id"]] = there[key]
        return paths

    def _page(self, book: Book, items: Sequence[Item], files: Mapping[str, Sequence[Linked]]) -> Iterator[str]:
        others = (
            Linked("Word book", BOOK),
            Linked("Matrix as a spreadsheet", XLSX),
            Linked("Matrix as CSV", CSV),
            Linked("Records for programs", RECORDS),
            Linked("History for programs", HISTORY),
            Linked("All portfolios of this bundle", "../index.html"),
        )
        return page_of(book, (item.with_text() for item in items), files, others)


def _as_xlsx(target: Any, rows: Iterator[tuple[Any, ...]]) -> None:
    write_xlsx(target, rows, title="Matrix")


def _by_item(records: Records, paths: Mapping[int, str]) -> dict[str, list[Linked]]:
    """The files of each item's newest version, by its reference, then those of its earlier ones."""
    versions = {one["id"]: one for one in records.versions}
    newest = {one["ref"]: one["no"] for one in records.versions}
    found: dict[str, list[Linked]] = {}
    for file in sorted(records.files, key=lambda one: (-versions[one["version"]]["no"], one["id"])):
        version = versions[file["version"]]
        notes = [] if version["no"] == newest[version["ref"]] else [f"Version {version['no']}"]
        notes += [REDACTED] if file["role"] == "redacted" else []
        found.setdefault(version["ref"], []).append(Linked(file["name"], paths[file["id"]], ". ".join(notes)))
    return found


def _front_page(centre: str, said: str, listed: Sequence[Record]) -> Iterator[str]:
    yield head(f"Portfolios of {centre}")
    yield f"<header><p>{escape(centre)}</p><h1>Portfolios</h1><p>{escape(said)}</p></header><main><ul>"
    for one in listed:
        part = "" if one["extent"] == "whole" else " (a sample of its items)"
        link = f'<a href="{escape(quote(one["folder"]))}/{PAGE}">{escape(one["learner"])}</a>'
        yield f"<li>{link}: {escape(one['qualification'])}{part}</li>"
    check = "To check that nothing was changed, run verify.py in this folder; README.txt says how."
    yield f"</ul><p>{check}</p></main></body></html>\n"
