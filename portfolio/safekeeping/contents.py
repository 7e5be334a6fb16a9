"""What is in a backup, and reading all of it to see that it is what was put there."""

import hashlib
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from portfolio.errors import NotFound
from portfolio.safekeeping import parts
from portfolio.safekeeping.parts import FORMAT, Part
from portfolio.safekeeping.sealing import Damaged, Key, Opened
from portfolio.safekeeping.tables import Kind, Table

BLOCK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Beginning:
    """Whence a backup comes. `identity` tells one installation's database from another's."""

    format: int
    release: str
    made_at: str
    engine: str
    revision: str
    identity: str


@dataclass(slots=True)
class Contents:
    """What was put in: rows by table, files, the ends of the trail. `missing` counts rows whose file was not there, or
    was not what was stored; `sections` says how often the rows were read.
    """

    tables: dict[str, int] = field(default_factory=dict)
    rows_sha256: str = ""
    files: int = 0
    bytes: int = 0
    keys: list[str] = field(default_factory=list)
    streams: int = 0
    events: int = 0
    heads: str = ""
    missing: int = 0
    sections: int = 0

    @property
    def rows(self) -> int:
        """In all tables."""
        return sum(self.tables.values())


@dataclass(frozen=True, slots=True)
class Checked:
    """A backup that was read whole: whence it comes, what is in it, and the sealed file's own size and SHA-256."""

    beginning: Beginning
    contents: Contents
    size: int
    sha256: str


class HashedFile:
    """A file that is hashed while it is read."""

    def __init__(self, path: Path) -> None:
        try:
            self._file = path.open("rb")
        except FileNotFoundError:
            raise NotFound(f"There is no backup {path}.") from None
        self._hash = hashlib.sha256()
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        """As a file's own."""
        data = self._file.read(size)
        self._hash.update(data)
        self.size += len(data)
        return data

    def hexdigest(self) -> str:
        """Of what was read so far."""
        return self._hash.hexdigest()

    def close(self) -> None:
        """Give the file back."""
        self._file.close()


def parts_of(source: Any, key: Key) -> Iterator[tuple[Part, bytes]]:
    """Every part of a backup. Raises Damaged for one that this release does not know."""
    found = parts.read(Opened(source, key))
    kind, content = next(found, (Part.END, b""))
    if kind is not Part.BEGIN or parts.facts(content).get("format") != FORMAT:
        raise Damaged("The backup was made by a release that this one does not know.")
    yield kind, content
    yield from found


def table_of(content: bytes) -> Table:
    """The table that a part begins."""
    said = parts.facts(content)
    columns = tuple((name, Kind(kind)) for name, kind in said["columns"])
    return Table(said["name"], columns, tuple(said["key"]))


class Checker:
    """Takes in every part of a backup; afterwards `contents` is what was really there. Raises Damaged."""

    def __init__(self) -> None:
        self.beginning: Beginning | None = None
        self.ended: Contents | None = None
        self.contents = Contents()
        self._rows = hashlib.sha256()
        self._table = ""
        self._count = 0
        self._file = hashlib.sha256()
        self._file_size = 0
        self._file_name = ""
        self._take: dict[Part, Callable[[bytes], None]] = {
            Part.BEGIN: self._begin, Part.KEY: self._key, Part.FILE: self._file_begins, Part.CONTENT: self._content,
            Part.FILE_END: self._file_ends, Part.ROWS: self._rows_begin, Part.TABLE: self._table_begins,
            Part.BLOCK: self._block, Part.TABLE_END: self._table_ends, Part.END: self._end,
        }  # fmt: skip

    def take(self, kind: Part, content: bytes) -> None:
        """The next part."""
        if self.ended is not None:
            raise Damaged("The backup goes on after its end.")
        self._take[kind](content)

    def _begin(self, content: bytes) -> None:
        self.beginning = Beginning(**parts.facts(content))

    def _key(self, content: bytes) -> None:
        self.contents.keys.append(parts.facts(content)["name"])

    def _file_begins(self, content: bytes) -> None:
        self._file, self._file_size, self._file_name = hashlib.sha256(), 0, parts.facts(content)["sha256"]

    def _content(self, content: bytes) -> None:
        self._file.update(content)
        self._file_size += len(content)

    def _file_ends(self, content: bytes) -> None:
        said = parts.facts(content)
        if (said["sha256"], said["size"]) != (self._file.hexdigest(), self._file_size):
            raise Damaged(f"The file {self._file_name} in the backup is not what was put there.")
        if said["sha256"] == self._file_name:
            self.contents.files += 1
            self.contents.bytes += self._file_size

    def _rows_begin(self, _content: bytes) -> None:
        self.contents.sections += 1
        self.contents.tables = {}
        self._rows = hashlib.sha256()

    def _table_begins(self, content: bytes) -> None:
        self._table, self._count = table_of(content).name, 0
        self._rows.update(content)

    def _block(self, content: bytes) -> None:
        lines = zlib.decompress(content)
        self._rows.update(lines)
        self._count += lines.count(b"\n") + 1

    def _table_ends(self, content: bytes) -> None:
        if parts.facts(content)["rows"] != self._count:
            raise Damaged(f"Rows of the table {self._table} are missing in the backup.")
        self.contents.tables[self._table] = self._count

    def _end(self, content: bytes) -> None:
        self.ended = Contents(**parts.facts(content))

    def finished(self) -> tuple[Beginning, Contents]:
        """Whence the backup comes and what is in it, after the last part. Raises Damaged if it says otherwise."""
        said, found = self.ended, self.contents
        if self.beginning is None or said is None:
            raise Damaged("The backup has no end.")
        found.rows_sha256 = self._rows.hexdigest()
        told_only = {"streams", "events", "heads", "missing"}
        for name, value in asdict(found).items():
            if name not in told_only and asdict(said)[name] != value:
                raise Damaged(f"The backup does not hold what it says: {name}.")
        return self.beginning, said


def check(path: Path, key: Key) -> Checked:
    """Read a backup whole: open every piece, count every row, hash every file. Raises Damaged, or NotFound."""
    source, checker = HashedFile(path), Checker()
    try:
        for kind, content in parts_of(source, key):
            checker.take(kind, content)
    finally:
        source.close()
    beginning, contents = checker.finished()
    return Checked(beginning, contents, source.size, source.hexdigest())
