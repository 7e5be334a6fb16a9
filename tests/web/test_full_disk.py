"""A disk that is full: the page says so, nothing is half done, reading goes on, and all else does with room again."""

import errno
import sqlite3
from io import BytesIO
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, func, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError

from portfolio.evidence.models import Evidence
from portfolio.storage.arriving import Incoming
from portfolio.web.errors import is_full
from tests.cast import Cast
from tests.client import StrictClient

LONG = "What I did. " * 1_500


def evidence_count(cast: Cast) -> int:
    """How many items there are."""
    with cast.installation.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Evidence)) or 0


def test_an_upload_for_which_there_is_no_room(
    client: StrictClient, cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    amina, before = client.sign_in("amina"), evidence_count(cast)
    path = f"/enrolments/{cast.enrolments['amina']}/evidence"

    def no_room(_incoming: Incoming, _data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(Incoming, "write", no_room)
        refused = amina.post(f"{path}/add-files", a_file(), status=507)
    assert "There is no room left" in refused.words
    assert "Nothing was saved" in refused.words
    assert "No space left" not in refused.words
    assert list(cast.installation.store.incoming.iterdir()) == []
    assert evidence_count(cast) == before
    assert not any(record.exc_info for record in caplog.records)
    amina.get(path)
    amina.post(f"{path}/add-files", a_file())
    assert evidence_count(cast) == before + 1


def a_file() -> dict[str, Any]:
    """A form with one file."""
    return {"method": "PE", "title": "A draft", "files": [(BytesIO(b"Draft words"), "draft.txt")]}


def test_a_database_for_which_there_is_no_room(client: StrictClient, cast: Cast) -> None:
    amina, before = client.sign_in("amina"), evidence_count(cast)
    path = f"/enrolments/{cast.enrolments['amina']}/evidence"
    engine = cast.installation.database.engine
    page = amina.get(f"{path}/write")
    form = next(form for form in page.forms() if "body" in form["fields"])
    data = {**form["fields"], "title": "A long account", "event_on": "2026-11-05", "body": LONG}

    def stay_as_large(connection: Connection) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count=1")

    event.listen(engine, "begin", stay_as_large)
    refused = amina.post(f"{path}/write", data, status=507)
    assert "There is no room left" in refused.words
    assert evidence_count(cast) == before
    event.remove(engine, "begin", stay_as_large)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("PRAGMA max_page_count=1000000"))
    amina.post(f"{path}/write", data)
    assert evidence_count(cast) == before + 1


def full_database(code: int) -> sqlite3.Error:
    """What SQLite says, with its number for it."""
    error = sqlite3.OperationalError("said by SQLite")
    error.sqlite_errorcode = code
    return error


def wrapped(error: BaseException) -> OperationalError:
    """As it comes through SQLAlchemy."""
    return OperationalError(None, None, error)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OSError(errno.ENOSPC, ""), True),
        (OSError(errno.EDQUOT, ""), True),
        (OSError(errno.EACCES, ""), False),
        (full_database(sqlite3.SQLITE_FULL), True),
        (full_database(sqlite3.SQLITE_BUSY), False),
        (wrapped(full_database(sqlite3.SQLITE_FULL)), True),
        (wrapped(psycopg.errors.DiskFull()), True),
        (wrapped(psycopg.errors.AdminShutdown()), False),
        (None, False),
    ],
)
def test_a_full_disk_is_known_by_what_each_says(error: BaseException | None, expected: bool) -> None:
    assert is_full(error) is expected


def test_a_full_disk_is_known_behind_another_error() -> None:
    behind = ValueError("the store says no")
    behind.__cause__ = OSError(errno.ENOSPC, "")
    assert is_full(behind)
