"""Making a bundle: each portfolio read at one moment, looked through, written as a stream, told by its trail."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.audit import streams
from portfolio.audit.events import Doer, Signer
from portfolio.bundles import packs, texts
from portfolio.bundles.archive import Archive, Names, joined
from portfolio.bundles.earlier import histories_of
from portfolio.bundles.history import history_of
from portfolio.bundles.matrix import matrix_of
from portfolio.bundles.outcome import Bundle, Made, NotThere, Read, Tell
from portfolio.bundles.packed import Packed, Record
from portfolio.bundles.records import Records, records_of
from portfolio.bundles.rounds import Writing
from portfolio.bundles.words import README
from portfolio.db import Database
from portfolio.documents.offline.page import Linked, head, page_of
from portfolio.documents.sandbox import Extractor
from portfolio.documents.tables import write_csv, write_xlsx
from portfolio.documents.wordbook.content import Book
from portfolio.enrolment.actions import held
from portfolio.enrolment.models import Enrolment
from portfolio.errors import InvalidState, Rejected
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


class Keeper(Protocol):
    """Who keeps a bundle that was written, in the transaction in which the trails are told of it."""

    def send(self, written: Path) -> None:
        """Do what takes long about keeping it, before anything is locked."""

    def keep(self, session: Session, bundle: Bundle) -> None:
        """It is kept."""


LookThrough = Callable[[int, Looked, Tell], None]
"""Has the contents of files looked through that wait for it in a portfolio; ends after a while, done or not."""


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes bundles of one installation."""

    database: Database
    store: Store
    signer: Signer
    prepared: jobs.ReadPart | None = None
    look_through: LookThrough | None = None
    work: str = ""
    """What it is made for: what a process that was killed over the same has left goes first."""

    def make(
        self,
        enrolment_ids: Sequence[int],
        target: Path,
        *,
        doer: Doer,
        choice: Choice = WHOLE,
        choices: Mapping[int, Choice] | None = None,
        tell: Tell,
        keeper: Keeper | None = None,
    ) -> Bundle:
        """Write the bundle of these portfolios, each as `choices` or else `choice` says. One that may show a real
        person is held back, as is one that changes whenever it is written, and the others go in; nothing is written
        when none does.
        """
        chosen = {id_: (choices or {}).get(id_, choice) for id_ in enrolment_ids}
        at, waiting = clock.now(), list(chosen)
        target.touch(0o600, exist_ok=False)
        try:
            with target.open("w+b") as out, Archive(out, at) as archive:
                writing = Writing(archive, self, chosen, tell)
                writing.write(waiting)
                while writing.listed:
                    front = archive.mark()
                    self._front(archive, writing, at)
                    archive.end()
                    out.flush()
                    changed = self._finish(target, writing.bundle, chosen, doer, keeper)
                    if not changed:
                        break
                    archive.go_on()
                    archive.cut(front, archive.mark())
                    writing.write(writing.take_out(changed))
            bundle = writing.bundle
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        if not bundle.portfolios:
            target.unlink()
        return bundle

    def read(self, enrolment_id: int, choice: Choice, report: Tell) -> Read:
        """One portfolio at one moment, once what waits in it was looked through. Raises NotThere."""
        read = self._read(enrolment_id, choice, report)
        if not read.looked.waiting:
            return read
        self._ask_for_waiting(enrolment_id, read.looked)
        if self.look_through is None:
            return read
        self.look_through(enrolment_id, read.looked, report)
        return self._read(enrolment_id, choice, report)

    def write(self, archive: Archive, folder: str, read: Read, report: Tell) -> Record:
        """Its folder; answers how the list of the bundle names it. Raises FileNotFoundError."""
        return _Folder(archive, folder, read, self.store, self.prepared, report=report, work=self.work).write()

    def _read(self, enrolment_id: int, choice: Choice, report: Tell) -> Read:
        with self.database.reading() as session:
            whole = queries.source_of(session, enrolment_id)
            try:
                source = narrowed(whole, choice)
            except Rejected as refused:
                raise NotThere(whole.enrolment.learner.name, refused) from refused
            enrolment = source.enrolment
            records = records_of(session, enrolment, choice.refs if choice.extent is Extent.SAMPLE else None)
            further, contents = _beside(source, records), _contents(records)
            looked = gate_queries.look(session, source, report, further=further, further_contents=contents)
            told = {f"evidence:{one['uid']}" for one in records.items}
            told |= {f"item_review:{one['uid']}" for one in records.reviews}
            del further, contents
            history = Packed(history_of(session, enrolment.stream_id, told))
            earlier = histories_of(session, records.arrivals, told)
            return Read(source, records, history, earlier, looked)

    def _ask_for_waiting(self, enrolment_id: int, looked: Looked) -> None:
        """What was not looked through as it would be today is looked through next."""
        with self.database.writing() as session:
            holding.ask_for_waiting(session, enrolment_id, looked)
            session.commit()

    def _front(self, archive: Archive, writing: Writing, at: datetime) -> None:
        listed = writing.listed
        with self.database.reading() as session:
            centre = session.get_one(Enrolment, writing.bundle.made[0].enrolment_id).centre
            criteria = {path: sha for one in writing.bundle.made for path, sha in one.packs.items()}
            for path, text in packs.written(session, criteria):
                archive.write(path, [text.encode()])
        said = f"Made {at.astimezone(UTC):%d %B %Y, %H:%M} UTC by {centre.name}."
        archive.write(PAGE, joined(_front_page(centre.name, said, listed)))
        title = f"Portfolio bundle: {', '.join(one['learner'] for one in listed)}"
        archive.write("README.txt", joined([README.format(title=title, line=said)]))
        for schema in sorted(SCHEMAS.iterdir()):
            archive.write(f"schema/{schema.name}", [schema.read_bytes()])
        archive.write("verify.py", [VERIFIER.read_bytes()])
        head_of = {
            "made_at": at.astimezone(UTC).isoformat(timespec="seconds"),
            "centre": {"uid": centre.uid, "name": centre.name, "number": centre.number},
            "portfolios": list(listed),
        }
        archive.seal(head_of, self.signer)

    def _finish(
        self, target: Path, bundle: Bundle, chosen: Mapping[int, Choice], doer: Doer, keeper: Keeper | None
    ) -> list[int]:
        """The trails are told of the bundle, and it is kept; or else nothing happens, and these have changed since."""
        if keeper is not None:
            keeper.send(target)
        with self.database.writing() as session:
            ordered = sorted(bundle.made, key=lambda one: one.enrolment_id)
            changed = [one.enrolment_id for one in ordered if not _still_stands(session, one)]
            if not changed:
                for one in ordered:
                    _note(session, doer, one, chosen[one.enrolment_id])
                if keeper is not None:
                    keeper.keep(session, bundle)
                session.commit()
        return changed


def _still_stands(session: Session, made: Made) -> bool:
    """Whether nothing changed that the portfolio relies on since it was looked through; holds it."""
    enrolment = held(session, made.enrolment_id, even_over=True)
    try:
        actions.check_whole(session, enrolment, made.as_of)
        holding.check_still_clear(session, enrolment, made.looked)
    except InvalidState:
        return False
    return True


def _note(session: Session, doer: Doer, made: Made, choice: Choice) -> None:
    enrolment = session.get_one(Enrolment, made.enrolment_id)
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

    def __init__(
        self,
        archive: Archive,
        folder: str,
        read: Read,
        store: Store,
        prepared: jobs.ReadPart | None,
        *,
        report: Tell,
        work: str,
    ) -> None:
        self._archive, self._folder, self._read = archive, folder, read
        self._store, self._prepared, self._report, self._work = store, prepared, report, work

    def write(self) -> Record:
        """All of it; answers how the list of the bundle names it."""
        source, records = self._read.source, self._read.records
        book, items = book_from(source)
        paths = self._evidence()
        files = _by_item(records, paths)
        with self._store.workbench(self._work) as bench:
            with (bench / BOOK).open("xb") as target, Extractor(bench) as read:
                jobs.write_source(
                    target, source, jobs.Files(source.centre_uid, self._store, read, self._prepared), self._report
                )
            with (bench / BOOK).open("rb") as written:
                self._archive.copy(self._path(BOOK), written)
            beside = {ref: "; ".join(one.path for one in linked) for ref, linked in files.items()}
            for name, write in ((CSV, write_csv), (XLSX, _as_xlsx)):
                with (bench / name).open("x+b") as table:
                    write(table, matrix_of(book, beside))
                    table.seek(0)
                    self._archive.copy(self._path(name), table)
        told = Packed({**one, "path": paths[one["id"]]} for one in records.files)
        self._archive.json(self._path(RECORDS), replace(records, files=told).tables)
        for name, history in {HISTORY: self._read.history, **self._read.earlier}.items():
            self._archive.json(self._path(name), history)
        self._archive.write(self._path(PAGE), joined(self._page(book, items, files)))
        end = self._read.end
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
        for count, file in enumerate(self._read.records.files):
            version = versions[file["version"]]
            self._report(count, len(self._read.records.files), f"Files of {version['ref']}")
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
            *(Linked("History elsewhere for programs", name) for name in self._read.earlier),
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
