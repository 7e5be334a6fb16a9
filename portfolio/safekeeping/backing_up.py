"""Making a backup while the product is in use.

Files come first: their content never changes. Then all rows are read in one moment, and the files that came meanwhile
are added. Content that went away between that moment and the copying has the rows read once more, so that every row in
the backup finds its file there.
"""

import hashlib
import os
import time
import zlib
from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from fcntl import LOCK_EX, LOCK_NB, flock
from importlib.metadata import version
from pathlib import Path
from typing import IO, BinaryIO, Protocol

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from portfolio import clock
from portfolio.db import Database
from portfolio.errors import Conflict, Rejected
from portfolio.safekeeping import parts
from portfolio.safekeeping.contents import BLOCK, Beginning, Checked, Contents, check
from portfolio.safekeeping.parts import FORMAT, Part
from portfolio.safekeeping.sealing import MAGIC, PIECE, Key, Sealer
from portfolio.safekeeping.tables import Table, as_lines, rows_of, tables_in
from portfolio.storage.arriving import flush

ROUNDS = 5
PAUSE = 0.2
PAGE = 500
KEPT = "kept"
BLOBS = """
SELECT blob.id, centre.uid, blob.sha256, blob.state FROM blob JOIN centre ON centre.id = blob.centre_id
WHERE blob.state <> 'gone' AND blob.id > {after} ORDER BY blob.id LIMIT {most}
"""


class Readable(Protocol):
    """Stored files, as far as a backup needs them."""

    def open(self, centre: str, sha256: str) -> BinaryIO:
        """The content. Raises FileNotFoundError."""


@dataclass(frozen=True, slots=True)
class Content:
    """A stored file that a row names."""

    id: int
    centre: str
    sha256: str
    state: str


def back_up(database: Database, store: Readable, keys: Path, out: Path, key: Key) -> Checked:
    """Write a sealed backup and read all of it back; the file stands there whole, or not at all.

    Raises Conflict when there is such a file, Rejected when it cannot be written or read back.
    """
    if out.exists():
        raise Conflict(f"{out} is there already, and a backup never takes the place of another one.")
    try:
        with _beside(out) as (path, file):
            sealer = Sealer(file, key)
            Writer(database, store, sealer).write(keys)
            sealer.close()
            file.flush()
            os.fsync(file.fileno())
            checked = check(path, key)
            _put(path, out)
    except OSError as error:
        raise Rejected(f"The backup could not be written: {error.strerror or error}.") from error
    except DBAPIError as error:
        raise Rejected("The database could not be read. Run: portfolio doctor") from error
    return checked


@contextmanager
def _beside(out: Path) -> Iterator[tuple[Path, IO[bytes]]]:
    """A file to write to, beside its place and gone at the end; so are those that killed processes left there."""
    _sweep(out.parent)
    path = out.with_name(f".{out.name}.part")
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        try:
            flock(file, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            raise Conflict(f"Another backup is being written to {out}.") from None
        if not path.exists() or os.fstat(descriptor).st_ino != path.stat().st_ino:
            raise Conflict(f"Another backup has just been written to {out}.")
        file.truncate()
        try:
            yield path, file
        finally:
            path.unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    """Remove what backups that were killed have left in a folder; one that is being written is locked."""
    for path in folder.glob(".*.part"):
        with suppress(OSError), path.open("rb") as file:
            flock(file, LOCK_EX | LOCK_NB)
            if file.read(len(MAGIC)) == MAGIC:
                path.unlink()


def _put(path: Path, out: Path) -> None:
    try:
        os.link(path, out)
    except FileExistsError:
        raise Conflict(f"{out} has appeared meanwhile, and a backup never takes the place of another one.") from None
    except OSError:  # a file system without links
        path.rename(out)
    with suppress(OSError):
        flush(out.parent)


class Writer:
    """Writes the parts of one backup."""

    def __init__(self, database: Database, store: Readable, out: Sealer) -> None:
        self._database, self._store, self._out = database, store, out
        self._copied: set[int] = set()
        self._contents = Contents()

    def write(self, keys: Path) -> None:
        """All of them."""
        with self._database.engine.connect() as connection:
            parts.write(self._out, Part.BEGIN, asdict(beginning_of(connection)))
        for path in sorted(path for path in keys.iterdir() if path.is_file()) if keys.exists() else []:
            content = b64encode(path.read_bytes()).decode()
            parts.write(self._out, Part.KEY, {"name": path.name, "content": content})
            self._contents.keys.append(path.name)
        self._copy_all()
        for number in range(ROUNDS):
            lost, let_go = self._looked_for(self._write_moment())
            self._contents.missing = lost + let_go
            if not let_go:
                break
            time.sleep(PAUSE * number)
        parts.write(self._out, Part.END, asdict(self._contents))

    def _copy_all(self) -> None:
        """The files that there are now, a page at a time; no transaction stays open meanwhile."""
        after = 0
        while True:
            with self._database.engine.connect() as connection:
                page = contents_in(connection, after=after, most=PAGE)
            for content in page:
                self._copy(content)
            if len(page) < PAGE:
                return
            after = page[-1].id

    def _write_moment(self) -> list[Content]:
        """All rows of one moment, then the files that came since; answers what had gone by then."""
        with self._database.engine.connect() as connection:
            self._write_rows(connection)
            fresh, after = [], 0
            while page := contents_in(connection, after=after, most=PAGE):
                fresh += [content for content in page if content.id not in self._copied]
                after = page[-1].id
        return [content for content in fresh if not self._copy(content)]

    def _looked_for(self, absent: Iterable[Content]) -> tuple[int, int]:
        """How many of the absent files should be there and are not, and how many were let go since that moment."""
        lost, let_go = 0, 0
        for content in absent:
            with self._database.engine.connect() as connection:
                now = contents_in(connection, after=content.id - 1, most=1)
            if not now or (now[0].id, now[0].state) != (content.id, KEPT):
                let_go += content.state == KEPT
            elif not self._copy(content):
                lost += 1
        return lost, let_go

    def _copy(self, content: Content) -> bool:
        """Put a file in, unless it is not there; one that is not what was stored goes in and does not count."""
        try:
            file = self._store.open(content.centre, content.sha256)
        except FileNotFoundError:
            return False
        hashed, size = hashlib.sha256(), 0
        with file:
            parts.write(self._out, Part.FILE, {"centre": content.centre, "sha256": content.sha256})
            while piece := file.read(PIECE):
                parts.write(self._out, Part.CONTENT, piece)
                hashed.update(piece)
                size += len(piece)
        parts.write(self._out, Part.FILE_END, {"sha256": hashed.hexdigest(), "size": size})
        if hashed.hexdigest() != content.sha256:
            return False
        self._copied.add(content.id)
        self._contents.files += 1
        self._contents.bytes += size
        return True

    def _write_rows(self, connection: Connection) -> None:
        contents = self._contents
        contents.tables, contents.sections = {}, contents.sections + 1
        contents.streams, contents.events, contents.heads = heads_in(connection)
        hashed = hashlib.sha256()
        parts.write(self._out, Part.ROWS, {"read_at": clock.now().isoformat()})
        for table in tables_in(connection):
            said = parts.as_facts({"name": table.name, "columns": table.columns, "key": table.key})
            hashed.update(said)
            parts.write(self._out, Part.TABLE, said)
            count = 0
            for lines, rows in blocks_of(connection, table):
                hashed.update(lines)
                parts.write(self._out, Part.BLOCK, zlib.compress(lines, 1))
                count += rows
            parts.write(self._out, Part.TABLE_END, {"rows": count})
            contents.tables[table.name] = count
        contents.rows_sha256 = hashed.hexdigest()


def blocks_of(connection: Connection, table: Table) -> Iterator[tuple[bytes, int]]:
    """The rows of a table as lines, some at a time, and how many they are."""
    waiting: list[bytes] = []
    size = 0
    for batch in rows_of(connection, table):
        for line in as_lines(table, batch):
            waiting.append(line)
            size += len(line)
            if size > BLOCK:
                yield b"\n".join(waiting), len(waiting)
                waiting, size = [], 0
    if waiting:
        yield b"\n".join(waiting), len(waiting)


def contents_in(connection: Connection, *, after: int, most: int) -> list[Content]:
    """The next stored files that rows name, by the number of the row."""
    return [Content(*row) for row in connection.exec_driver_sql(BLOBS.format(after=int(after), most=int(most)))]


def heads_in(connection: Connection) -> tuple[int, int, str]:
    """How many streams and entries the trail has, and one hash over where each stream ends."""
    hashed, streams, entries = hashlib.sha256(), 0, 0
    for uid, seq, head in connection.exec_driver_sql("SELECT uid, head_seq, head_hash FROM audit_stream ORDER BY id"):
        hashed.update(f"{uid} {seq} {head}\n".encode())
        streams, entries = streams + 1, entries + seq
    return streams, entries, hashed.hexdigest()


def beginning_of(connection: Connection) -> Beginning:
    """Whence a backup of this database comes."""
    return Beginning(
        format=FORMAT,
        release=version("nvq-portfolio"),
        made_at=clock.now().isoformat(),
        engine=connection.dialect.name,
        revision=revision_of(connection),
        identity=identity_of(connection),
    )


def identity_of(connection: Connection) -> str:
    """What tells this database from others: the identifier of its first stream; empty before there is one."""
    found = connection.exec_driver_sql("SELECT uid FROM audit_stream ORDER BY id LIMIT 1").scalar()
    return str(found or "")


def revision_of(connection: Connection) -> str:
    """The revision that the database is at. Raises Rejected when nothing has been laid there yet."""
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is None:
        raise Rejected("There is nothing to back up yet: the database is empty.")
    return revision
