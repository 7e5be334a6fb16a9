"""Backups and what comes back from them, from either database engine into either."""

import hashlib
import os
import shutil
from contextlib import closing
from dataclasses import replace
from fcntl import LOCK_EX, flock
from pathlib import Path
from random import Random
from typing import BinaryIO

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from portfolio import proof, schema
from portfolio.accounts import sign_in
from portfolio.audit.models import AuditEvent
from portfolio.config import Settings
from portfolio.db import Database
from portfolio.errors import Conflict, InvalidState, NotFound, Rejected
from portfolio.evidence.models import Evidence
from portfolio.installation import Installation, open_installation
from portfolio.safekeeping.backing_up import Writer, back_up, revision_of
from portfolio.safekeeping.contents import Checked, check
from portfolio.safekeeping.restoring import UNFINISHED, restore
from portfolio.safekeeping.sealing import HEAD_BYTES, MAGIC, Damaged, Key, key_in
from portfolio.storage.blobs import LocalStore
from portfolio.storage.models import Blob
from portfolio.storage.rules import BlobState
from tests.cast import PASSWORD, Cast, add_file
from tests.safekeeping.conftest import all_rows, ends, stored
from tests.storage.test_housekeeping import discarded_files, tidy


def backed_up(installation: Installation, out: Path, key: Key) -> Checked:
    """A backup of an installation."""
    return back_up(installation.database, installation.store, installation.settings.keys, out, key)


@pytest.mark.usefixtures("cast")
def test_everything_comes_back_on_a_bare_machine(
    installation: Installation, bare: Settings, twin: Settings, tmp_path: Path, key: Key
) -> None:
    installation.settings.secret_key()
    checked = backed_up(installation, tmp_path / "backup", key)
    keys = {path.name: path.read_bytes() for path in installation.settings.keys.iterdir()}
    for settings in (bare, twin):
        assert restore(settings, tmp_path / "backup", key) == checked
        with closing(open_installation(settings)) as again:
            assert all_rows(again.database) == all_rows(installation.database)
            assert ends(again.database) == ends(installation.database)
            assert stored(again) == stored(installation) != set()
            assert {path.name: path.read_bytes() for path in settings.keys.iterdir()} == keys
            assert proof.verify(again.database, again.store).faults == ()


def test_work_goes_on_where_it_came_back(
    installation: Installation, cast: Cast, bare: Settings, tmp_path: Path, key: Key
) -> None:
    backed_up(installation, tmp_path / "backup", key)
    restore(bare, tmp_path / "backup", key)
    with closing(open_installation(bare)) as again:
        theirs = cast.over(again)
        who = sign_in.check(
            again.database, again.passwords, email=cast.email("amina"), password=PASSWORD, address="::1"
        )
        assert who == cast.people["amina"]
        with again.database.writing() as session:
            add_file(session, again, theirs, "amina", "After the restoration", b"written afterwards")
            session.commit()
        with again.database.writing() as session, pytest.raises(DBAPIError, match="do not change"):
            session.execute(delete(AuditEvent))
        assert proof.verify(again.database, again.store).faults == ()


@pytest.mark.usefixtures("cast")
def test_the_guards_that_come_back_are_those_that_were(
    installation: Installation, bare: Settings, tmp_path: Path, key: Key
) -> None:
    backed_up(installation, tmp_path / "backup", key)
    restore(bare, tmp_path / "backup", key)
    with closing(Database(bare.database_url)) as database, database.engine.connect() as connection:
        if database.engine.dialect.name == "sqlite":
            sql = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'guard_%'"
        else:
            sql = "SELECT count(*) FROM pg_trigger WHERE tgenabled = 'O' AND tgname LIKE 'guard_%'"
        assert connection.execute(text(sql)).scalar_one() > 20


def test_what_is_written_meanwhile_is_in_it_whole_or_not_at_all(
    installation: Installation, cast: Cast, bare: Settings, tmp_path: Path, key: Key
) -> None:
    """A file that comes between the copying and the moment of the rows is added; one after that moment is not."""
    store = Interrupting(installation, cast)
    back_up(installation.database, store, installation.settings.keys, tmp_path / "backup", key)
    restore(bare, tmp_path / "backup", key)
    with closing(open_installation(bare)) as again:
        with again.database.reading() as session:
            titles = set(session.scalars(select(Evidence.ref).where(Evidence.enrolment_id == cast.enrolments["ben"])))
        assert titles >= {"E001"}
        assert stored(again) == stored(installation)
        assert proof.verify(again.database, again.store).faults == ()


class Interrupting:
    """A store in which somebody puts a further file whenever the first file is read."""

    def __init__(self, installation: Installation, cast: Cast) -> None:
        self.installation, self.cast = installation, cast
        self.is_done = False

    def open(self, centre: str, sha256: str) -> BinaryIO:
        """As the store does, after somebody was at work."""
        if not self.is_done:
            self.is_done = True
            with self.installation.database.writing() as session:
                add_file(session, self.installation, self.cast, "ben", "Meanwhile", b"arrived meanwhile")
                session.commit()
        return self.installation.store.open(centre, sha256)


def test_content_let_go_after_the_moment_has_the_rows_read_again(
    installation: Installation, cast: Cast, tmp_path: Path, key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    with installation.database.writing() as session:
        item = add_file(session, installation, cast, "ben", "Short-lived", b"soon gone")
        session.commit()
    sha256 = hashlib.sha256(b"soon gone").hexdigest()
    monkeypatch.setattr(Writer, "_copy_all", lambda _self: None)  # so that the file is still to be copied
    store = LettingGo(installation, sha256)
    checked = back_up(installation.database, store, installation.settings.keys, tmp_path / "backup", key)
    assert checked.contents.sections == 2
    assert checked.contents.missing == 0
    assert item.ref == "E001"


class LettingGo:
    """A store in which a content is let go and buried at the moment when it is asked for."""

    def __init__(self, installation: Installation, sha256: str) -> None:
        self.installation, self.sha256 = installation, sha256

    def open(self, centre: str, sha256: str) -> BinaryIO:
        """As the store does."""
        if sha256 == self.sha256:
            self.installation.store.remove(centre, sha256)
            with self.installation.database.engine.execution_options(writing=True).begin() as connection:
                connection.execute(update(Blob).where(Blob.sha256 == sha256).values(state=BlobState.GONE))
        return self.installation.store.open(centre, sha256)


def test_what_was_taken_out_before_is_not_in_it(
    installation: Installation, cast: Cast, bare: Settings, tmp_path: Path, key: Key
) -> None:
    gone = set(discarded_files(installation, cast, 3))
    tidy(installation)
    checked = backed_up(installation, tmp_path / "backup", key)
    restore(bare, tmp_path / "backup", key)
    with closing(open_installation(bare)) as again:
        assert not gone & {sha256 for _centre, sha256 in stored(again)}
        assert checked.contents.files == len(stored(again))


def test_a_file_that_is_missing_or_damaged_is_told_and_the_rest_comes_back(
    installation: Installation, cast: Cast, bare: Settings, tmp_path: Path, key: Key
) -> None:
    one, other = sorted(installation.store.names())[:2]
    installation.store.remove(*one)
    damaged = installation.settings.files / other[0] / other[1][:2] / other[1]
    damaged.chmod(0o600)
    damaged.write_bytes(b"something else")
    checked = backed_up(installation, tmp_path / "backup", key)
    assert checked.contents.missing == 2
    restore(bare, tmp_path / "backup", key)
    with closing(open_installation(bare)) as again:
        assert stored(again) == set(installation.store.names()) - {other}
        assert len(proof.verify(again.database, again.store).faults) == 2
    assert cast.people


@pytest.mark.usefixtures("cast")
def test_every_flip_of_a_byte_and_every_cut_is_found(installation: Installation, tmp_path: Path, key: Key) -> None:
    path = tmp_path / "backup"
    backed_up(installation, path, key)
    data, rng = path.read_bytes(), Random(20261122)
    for place in [*range(0, HEAD_BYTES, 9), *(rng.randrange(len(data)) for _ in range(30))]:
        altered = bytearray(data)
        altered[place] ^= 1 << rng.randrange(8)
        path.write_bytes(altered)
        with pytest.raises(Damaged):
            check(path, key)
    for left in (0, 1, len(data) - 1, *(rng.randrange(len(data)) for _ in range(10))):
        path.write_bytes(data[:left])
        with pytest.raises(Damaged):
            check(path, key)


@pytest.mark.usefixtures("cast")
def test_a_damaged_backup_leaves_a_bare_machine_bare(
    installation: Installation, bare: Settings, tmp_path: Path, key: Key
) -> None:
    path = tmp_path / "backup"
    backed_up(installation, path, key)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(Damaged):
        restore(bare, path, key)
    with pytest.raises(Damaged, match="another key"):
        restore(bare, path, key_in(tmp_path / "another"))
    with pytest.raises(NotFound):
        restore(bare, tmp_path / "nowhere", key)
    assert not bare.home.exists()


@pytest.mark.usefixtures("cast")
def test_a_backup_comes_back_only_where_there_is_nothing(
    installation: Installation, bare: Settings, tmp_path: Path, key: Key
) -> None:
    path = tmp_path / "backup"
    backed_up(installation, path, key)
    bare.home.mkdir()
    (bare.home / UNFINISHED).mkdir()
    (bare.home / UNFINISHED / "left").write_text("by a process that was killed")
    restore(bare, path, key)
    assert not (bare.home / UNFINISHED).exists()
    with pytest.raises(InvalidState, match="not empty"):
        restore(bare, path, key)
    if not bare.database_url.startswith("sqlite"):
        with pytest.raises(InvalidState, match="database is not empty"):
            restore(replace(bare, home=tmp_path / "second"), path, key)
        assert list((tmp_path / "second").iterdir()) == []


@pytest.mark.usefixtures("cast")
def test_a_restoration_that_breaks_off_leaves_nothing(
    installation: Installation, bare: Settings, tmp_path: Path, key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "backup"
    backed_up(installation, path, key)
    monkeypatch.setattr("portfolio.safekeeping.restoring.go_on_counting", refuse)
    with pytest.raises(Rejected, match="No space"):
        restore(bare, path, key)
    assert list(bare.home.iterdir()) == []
    monkeypatch.undo()
    restore(bare, path, key)


def refuse(*_arguments: object) -> None:
    """What a full disk does."""
    raise OSError(28, "No space left on device")


@pytest.mark.usefixtures("cast")
def test_a_backup_never_takes_the_place_of_another(installation: Installation, tmp_path: Path, key: Key) -> None:
    path = tmp_path / "backup"
    path.write_bytes(b"an older one")
    with pytest.raises(Conflict, match="there already"):
        backed_up(installation, path, key)
    assert path.read_bytes() == b"an older one"
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []


@pytest.mark.usefixtures("cast")
def test_a_backup_that_cannot_be_written_leaves_nothing(installation: Installation, tmp_path: Path, key: Key) -> None:
    with pytest.raises(Rejected, match="could not be written"):
        backed_up(installation, tmp_path / "no folder" / "backup", key)
    folder = tmp_path / "folder"
    folder.mkdir()
    shutil.rmtree(installation.settings.keys)
    installation.settings.keys.mkdir()
    os.mkfifo(installation.settings.keys / "odd")
    backed_up(installation, folder / "backup", key)
    assert [path.name for path in folder.iterdir()] == ["backup"]
    assert (folder / "backup").stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("cast")
def test_what_a_killed_backup_left_is_gone_after_the_next(installation: Installation, tmp_path: Path, key: Key) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / ".killed.backup.part").write_bytes(MAGIC + b"half of it")
    (folder / ".somebody-elses.part").write_bytes(b"not ours")
    with (folder / ".at-work.backup.part").open("wb") as file:
        file.write(MAGIC)
        file.flush()
        flock(file, LOCK_EX)
        backed_up(installation, folder / "centre.backup", key)
        with pytest.raises(Conflict, match="is being written"):
            backed_up(installation, folder / "at-work.backup", key)
    names = {path.name for path in folder.iterdir()}
    assert names == {"centre.backup", ".somebody-elses.part", ".at-work.backup.part"}


def test_a_database_that_is_away_is_told(installation: Installation, tmp_path: Path, key: Key) -> None:
    away = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
    with closing(Database(away)) as database, pytest.raises(Rejected, match="could not be read"):
        back_up(database, installation.store, tmp_path, tmp_path / "backup", key)
    assert not list(tmp_path.glob("*backup*"))


def test_a_database_with_nothing_in_it_is_no_backup(tmp_path: Path, key: Key) -> None:
    address = f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    with closing(Database(address)) as database, pytest.raises(Rejected, match="nothing to back up"):
        back_up(database, LocalStore(tmp_path, tmp_path), tmp_path, tmp_path / "backup", key)
    assert not (tmp_path / "backup").exists()


def test_a_backup_of_an_older_revision_comes_back_as_it_was(
    installation: Installation, cast: Cast, bare: Settings, tmp_path: Path, key: Key
) -> None:
    schema.downgrade(installation.database, "-1")
    before = all_rows(installation.database)
    with installation.database.engine.connect() as connection:
        older = revision_of(connection)
    checked = backed_up(installation, tmp_path / "backup", key)
    restore(bare, tmp_path / "backup", key)
    with closing(Database(bare.database_url)) as database:
        assert not schema.is_current(database)
        assert all_rows(database) == before
        schema.upgrade(database)
    with closing(open_installation(bare)) as again:
        assert proof.verify(again.database, again.store).faults == ()
    assert checked.beginning.revision == older
    assert cast.people


@pytest.mark.usefixtures("cast")
def test_a_backup_of_a_newer_release_is_refused(
    installation: Installation, bare: Settings, tmp_path: Path, key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portfolio.safekeeping.backing_up.revision_of", lambda _connection: "9999")
    backed_up(installation, tmp_path / "backup", key)
    with pytest.raises(Rejected, match="newer release"):
        restore(bare, tmp_path / "backup", key)
    assert list(bare.home.iterdir()) == []


def test_housekeeping_goes_on_after_a_restoration(
    installation: Installation, cast: Cast, bare: Settings, tmp_path: Path, key: Key
) -> None:
    """Content that was about to go when the backup was made goes where it came back."""
    dying = discarded_files(installation, cast, 2)
    backed_up(installation, tmp_path / "backup", key)
    restore(bare, tmp_path / "backup", key)
    with closing(open_installation(bare)) as again:
        tidy(again)
        assert not set(dying) & {sha256 for _centre, sha256 in stored(again)}
