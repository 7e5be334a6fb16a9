"""Bringing a backup back into an empty home, on either database engine.

Everything is read and proved first. Then all of it is made in a folder inside the home and moved to its place at the
end, the database last; what broke off before that is gone again.
"""

import shutil
import zlib
from base64 import b64decode
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from alembic import command
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from portfolio import schema
from portfolio.config import Settings
from portfolio.db import Database
from portfolio.errors import InvalidState, Rejected
from portfolio.safekeeping import parts
from portfolio.safekeeping.backing_up import KEPT, PAGE, contents_in, heads_in
from portfolio.safekeeping.contents import Checked, HashedFile, check, parts_of, table_of
from portfolio.safekeeping.parts import Part
from portfolio.safekeeping.sealing import Damaged, Key
from portfolio.safekeeping.tables import Table, from_lines, go_on_counting, load, no_guards, tables_in
from portfolio.storage.arriving import flush
from portfolio.storage.opening import open_stores

DATABASE = "database.sqlite3"
UNFINISHED = ".restoring"
Found = Iterator[tuple[Part, bytes]]


def restore(settings: Settings, path: Path, key: Key) -> Checked:
    """Put a backup's database, files and keys into an empty home. Raises InvalidState when it, or the database, is not
    empty; Damaged before anything is touched.

    The database is left at the revision that it had.
    """
    check_home(settings.home)
    checked = check(path, key)
    building = settings.home / UNFINISHED
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True, mode=0o700)
    settings.home.chmod(0o700)
    try:
        staged = _staged(settings, building)
        with closing(Database(staged.database_url)) as database:
            _check_database(database, checked)
            with database.engine.execution_options(writing=True).begin() as connection:
                _Restoring(staged, connection, checked).run(path, key)
            database.forget()
        _put(building, settings.home)
    except OSError as error:
        raise Rejected(f"The backup could not be brought back: {error.strerror or error}.") from error
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return checked


def check_home(home: Path) -> None:
    """Raises InvalidState unless the home is absent or empty; what a killed restoration left does not count."""
    if home.exists() and any(entry.name != UNFINISHED for entry in home.iterdir()):
        raise InvalidState(f"{home} is not empty. A backup is only brought back into an empty home folder.")


def _staged(settings: Settings, building: Path) -> Settings:
    """The same settings over the folder in which all is made."""
    if not settings.database_url.startswith("sqlite"):
        return replace(settings, home=building)
    if settings.database_url != f"sqlite:///{settings.home / DATABASE}":
        raise Rejected("A backup is brought back into the home folder's own database, or into an empty PostgreSQL.")
    return replace(settings, home=building, database_url=f"sqlite:///{building / DATABASE}")


def _check_database(database: Database, checked: Checked) -> None:
    if not schema.is_empty(database):
        raise InvalidState("The database is not empty. A backup is only brought back into an empty one.")
    with database.engine.connect() as connection:
        scripts = ScriptDirectory.from_config(schema.alembic_config(connection))
    try:
        scripts.get_revision(checked.beginning.revision)
    except CommandError:
        release = checked.beginning.release
        raise Rejected(f"The backup is from a newer release ({release}). Install that release first.") from None


def _put(building: Path, home: Path) -> None:
    for folder in ("incoming", "previews"):
        shutil.rmtree(building / folder, ignore_errors=True)
    for name in ("keys", "files", DATABASE):
        if (building / name).exists():
            (building / name).rename(home / name)
    flush(home)


class _Restoring:
    """One restoration into a folder and a database that are empty. All rows go in by one transaction."""

    def __init__(self, staged: Settings, connection: Connection, checked: Checked) -> None:
        self._settings, self._connection, self._checked = staged, connection, checked
        self._store, _previews = open_stores(staged)
        self._placed: set[tuple[str, str]] = set()
        self._sections = 0

    def run(self, path: Path, key: Key) -> None:
        """All parts of the backup, in their order."""
        for folder in (self._settings.files, self._settings.incoming, self._settings.keys):
            folder.mkdir(mode=0o700)
        command.upgrade(schema.alembic_config(self._connection), self._checked.beginning.revision)
        tables = {table.name: table for table in tables_in(self._connection)}
        set_guards = no_guards(self._connection, list(tables.values()))
        source = HashedFile(path)
        with closing(source):
            self._put_all(parts_of(source, key), tables)
            if source.hexdigest() != self._checked.sha256:
                raise Damaged("The backup was changed while it was brought back.")
        go_on_counting(self._connection, tables.values())
        set_guards()
        self._compare()

    def _put_all(self, found: Found, tables: dict[str, Table]) -> None:
        for kind, content in found:
            if kind is Part.KEY:
                self._put_key(parts.facts(content))
            elif kind is Part.FILE:
                self._put_file(parts.facts(content), found)
            elif kind is Part.ROWS:
                self._sections += 1
            elif kind is Part.TABLE and self._sections == self._checked.contents.sections:
                table = table_of(content)
                if table.name not in tables or set(table.columns) != set(tables[table.name].columns):
                    raise Rejected(f"The table {table.name} in the backup is not the one that this release makes.")
                load(self._connection, table, _batches(table, found))

    def _put_key(self, said: dict[str, Any]) -> None:
        path = self._settings.keys / Path(said["name"]).name
        path.touch(0o600)
        path.write_bytes(b64decode(said["content"]))
        flush(path)

    def _put_file(self, said: dict[str, Any], found: Found) -> None:
        incoming = self._store.receive()
        try:
            for kind, content in found:
                if kind is Part.FILE_END:
                    break
                incoming.write(content)
            arrived = incoming.arrive()
            if arrived.sha256 == said["sha256"]:
                self._store.take(said["centre"], arrived)
                self._placed.add((said["centre"], said["sha256"]))
        finally:
            incoming.abandon()

    def _compare(self) -> None:
        """The trail ends where it ended, and each row has its file; what no row names any more goes."""
        contents = self._checked.contents
        if heads_in(self._connection) != (contents.streams, contents.events, contents.heads):
            raise Damaged("The trail in the backup does not end where the backup says.")
        named, absent, after = set(), 0, 0
        while page := contents_in(self._connection, after=after, most=PAGE):
            after = page[-1].id
            named |= {(content.centre, content.sha256) for content in page}
            absent += sum(c.state == KEPT and (c.centre, c.sha256) not in self._placed for c in page)
        if absent != contents.missing:
            raise Damaged("The backup does not hold every file that its rows name.")
        for centre, sha256 in self._placed - named:
            self._store.remove(centre, sha256)


def _batches(table: Table, found: Found) -> Iterator[list[list[Any]]]:
    for kind, content in found:
        if kind is Part.TABLE_END:
            return
        yield from_lines(table, zlib.decompress(content))
