"""The commands of the README as they are typed: backup, restore, upgrade."""

import json
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from portfolio import clock, schema
from portfolio.assessment import progress
from portfolio.assessment.models import CoverageRow
from portfolio.config import Settings
from portfolio.installation import Installation, open_installation
from portfolio.safekeeping import noted
from portfolio.safekeeping.backing_up import Writer
from tests.cast import Cast
from tests.safekeeping.conftest import Run

BackUp = Callable[..., tuple[int, str, str]]


@pytest.fixture
def back_up(run: Run, installation: Installation, cast: Cast, tmp_path: Path) -> BackUp:
    """Runs `portfolio backup` on an installation with two centres."""
    assert cast.installation is installation

    def typed(name: str = "centre.backup", key: Path | None = None) -> tuple[int, str, str]:
        words = ("backup", "--out", tmp_path / name, "--key-file", key or tmp_path / "key")
        return run(installation.settings, *words)

    return typed


def test_a_backup_says_what_is_in_it_and_what_to_keep(back_up: BackUp, tmp_path: Path) -> None:
    status, out, err = back_up()
    assert status == 0
    summary, about_settings = out.splitlines()
    assert summary.startswith(f"{tmp_path / 'centre.backup'}: ")
    assert "2 files" in summary
    assert "5 trails" in summary
    assert "read back and whole" in summary
    assert "Settings are not in a backup" in about_settings
    assert "keep a copy away from this machine" in err
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


def test_a_backup_that_is_told_to_stop_leaves_nothing(
    back_up: BackUp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    monkeypatch.setattr(Writer, "write", lambda _self, _keys: os.kill(os.getpid(), signal.SIGTERM))
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit):
        back_up("backups/centre.backup")
    assert list(folder.iterdir()) == []
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_second_backup_is_one_line(back_up: BackUp) -> None:
    back_up()
    status, out, err = back_up("second.backup")
    assert (status, len(out.splitlines()), err) == (0, 1, "")


def test_it_is_noted_for_those_who_ask_later(back_up: BackUp, installation: Installation, tmp_path: Path) -> None:
    back_up()
    back_up("second.backup")
    home = installation.settings.home
    first, second = noted.read(home)
    assert (first.file, second.file) == (str(tmp_path / "centre.backup"), str(tmp_path / "second.backup"))
    assert first.made_at < second.made_at
    assert first.size == (tmp_path / "centre.backup").stat().st_size
    assert noted.newest(home, second.identity, second.revision) == second
    assert noted.newest(home, "another", None) is None
    assert (home / noted.FILE).stat().st_mode & 0o777 == 0o600
    (home / noted.FILE).write_text("{")
    assert noted.read(home) == []


def test_a_note_that_cannot_be_made_is_told(back_up: BackUp, installation: Installation) -> None:
    (installation.settings.home / noted.FILE).mkdir()
    status, _out, err = back_up()
    assert status == 0
    assert "The backup is whole, and could not be noted" in err
    assert [path.name for path in installation.settings.home.glob(".backups*")] == []


def test_a_key_in_the_wrong_place_is_told(back_up: BackUp, installation: Installation, tmp_path: Path) -> None:
    inside = installation.settings.home / "key"
    assert "lies in the home folder" in back_up(key=inside)[2]
    (tmp_path / "open").write_bytes(inside.read_bytes())
    (tmp_path / "open").chmod(0o644)
    assert "chmod 600" in back_up("second.backup", key=tmp_path / "open")[2]
    status, _out, err = back_up("third.backup", key=tmp_path / "open" / "key")
    assert status == 1
    assert "cannot be made" in err


def test_missing_files_are_told_and_the_status_says_so(
    back_up: BackUp, run: Run, installation: Installation, tmp_path: Path
) -> None:
    installation.store.remove(*next(iter(installation.store.names())))
    status, out, err = back_up()
    assert status == 1
    assert "1 files that rows name are not in the backup" in err
    assert "1 files" in out
    looked = run(
        installation.settings, "restore", tmp_path / "centre.backup", "--key-file", tmp_path / "key", "--check"
    )
    assert looked[0] == 1


def test_a_home_that_is_not_there_has_no_backup(run: Run, bare: Settings, tmp_path: Path) -> None:
    status, _out, err = run(bare, "backup", "--out", tmp_path / "a", "--key-file", tmp_path / "key")
    assert status == 1
    assert "There is no home folder" in err
    assert not (tmp_path / "key").exists()


def test_a_backup_comes_back_by_one_command_and_is_proved(
    back_up: BackUp, run: Run, bare: Settings, tmp_path: Path
) -> None:
    back_up()
    words = ("restore", tmp_path / "centre.backup", "--key-file", tmp_path / "key")
    status, out, _err = run(bare, *words, "--check")
    assert status == 0
    assert "whole; made" in out
    assert not bare.home.exists()
    status, out, _err = run(bare, *words)
    assert status == 0
    assert "entries and 2 files: nothing is wrong" in out
    assert bare.home.stat().st_mode & 0o777 == 0o700
    status, _out, err = run(bare, *words)
    assert status == 1
    assert "is not empty" in err


def test_what_comes_back_is_brought_to_this_release_and_proved(
    back_up: BackUp, run: Run, installation: Installation, bare: Settings, tmp_path: Path
) -> None:
    schema.downgrade(installation.database, "-1")
    back_up()
    status, out, _err = run(bare, "restore", tmp_path / "centre.backup", "--key-file", tmp_path / "key")
    assert status == 0
    assert "brought to this release" in out
    open_installation(bare).close()


def test_faults_of_what_came_back_are_told(
    back_up: BackUp, run: Run, installation: Installation, bare: Settings, tmp_path: Path
) -> None:
    installation.store.remove(*next(iter(installation.store.names())))
    back_up()
    status, out, _err = run(bare, "restore", tmp_path / "centre.backup", "--key-file", tmp_path / "key")
    assert status == 1
    assert "a stored file is missing" in out
    assert "1 faults" in out


def test_a_key_is_not_made_to_open_a_backup(back_up: BackUp, run: Run, bare: Settings, tmp_path: Path) -> None:
    back_up()
    status, _out, err = run(bare, "restore", tmp_path / "centre.backup", "--key-file", tmp_path / "other")
    assert status == 1
    assert "There is no key file" in err
    assert not (tmp_path / "other").exists()


def test_nothing_to_upgrade_needs_no_backup(run: Run, installation: Installation) -> None:
    assert run(installation.settings, "upgrade") == (0, "The database is at this release.\n", "")


def test_an_upgrade_is_refused_without_a_fresh_backup(back_up: BackUp, run: Run, installation: Installation) -> None:
    back_up()  # of the newer revision, so that it does not count
    schema.downgrade(installation.database, "-1")
    status, _out, err = run(installation.settings, "upgrade")
    assert status == 1
    assert "Take a backup first (none was made)" in err
    assert not schema.is_current(installation.database)
    back_up("second.backup")
    make_older(installation.settings.home, timedelta(hours=25))
    status, _out, err = run(installation.settings, "upgrade")
    assert status == 1
    assert "the newest one is of" in err
    back_up("third.backup")
    assert run(installation.settings, "upgrade")[0] == 0
    assert schema.is_current(installation.database)


def test_an_upgrade_that_was_stopped_before_it_counted_counts_now(
    run: Run, installation: Installation, cast: Cast
) -> None:
    with installation.database.writing() as session:
        session.execute(delete(CoverageRow))
        session.commit()
    assert run(installation.settings, "upgrade")[0] == 0
    with installation.database.reading() as session:
        rows = session.scalars(select(CoverageRow.enrolment_id)).all()
        assert set(rows) == set(cast.enrolments.values())
        assert progress.differences(session) == []


def test_a_backup_of_another_database_does_not_count(back_up: BackUp, run: Run, installation: Installation) -> None:
    schema.downgrade(installation.database, "-1")
    back_up()
    home = installation.settings.home
    rows = json.loads((home / noted.FILE).read_text())
    (home / noted.FILE).write_text(json.dumps([{**row, "identity": "another"} for row in rows]))
    assert run(installation.settings, "upgrade")[0] == 1


def test_those_who_know_may_upgrade_without(run: Run, installation: Installation, cast: Cast) -> None:
    schema.downgrade(installation.database, "-1")
    assert run(installation.settings, "upgrade", "--no-backup")[0] == 0
    assert schema.is_current(installation.database)
    assert cast.people


def test_an_empty_database_is_laid_without_a_backup(run: Run, bare: Settings) -> None:
    bare.home.mkdir()
    assert run(bare, "upgrade")[0] == 0


def make_older(home: Path, by: timedelta) -> None:
    """Have every backup that is remembered be older."""
    rows = [replace(each, made_at=clock.now() - by) for each in noted.read(home)]
    said = json.loads((home / noted.FILE).read_text())
    for row, older in zip(said, rows, strict=True):
        row["made_at"] = older.made_at.isoformat()
    (home / noted.FILE).write_text(json.dumps(said))
