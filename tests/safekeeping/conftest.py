"""A bare machine to bring a backup back on, with either database engine; and what tells two databases apart."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portfolio.cli import main
from portfolio.config import Settings
from portfolio.db import Database, new_uid
from portfolio.installation import Installation
from portfolio.safekeeping.backing_up import heads_in
from portfolio.safekeeping.sealing import Key, key_in
from portfolio.safekeeping.tables import rows_of, tables_in
from tests.conftest import administer, in_full, settings_over

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def key(tmp_path: Path) -> Key:
    """A key that was made now."""
    return key_in(tmp_path / "key")


@pytest.fixture
def bare(engine_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings of a machine on which there is nothing yet, with the database engine that the installation has not."""
    other = "postgresql" if engine_kind == "sqlite" else "sqlite"
    yield from nothing_yet(other, request, tmp_path / "bare")


@pytest.fixture
def twin(engine_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings of a machine on which there is nothing yet, with the installation's database engine."""
    yield from nothing_yet(engine_kind, request, tmp_path / "twin")


def nothing_yet(kind: str, request: pytest.FixtureRequest, home: Path) -> Iterator[Settings]:
    """Settings over a home that is not there, and a database with nothing in it."""
    if kind == "sqlite":
        yield settings_over(home)
        return
    address, name = request.getfixturevalue("postgres_server"), f"bare_{new_uid()}"
    administer(address, f"CREATE DATABASE {name}")
    yield settings_over(home, in_full(address.set(database=name)))
    administer(address, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command over settings: its status, what it printed, and what it said on standard error."""

    def typed(settings: Settings, *words: str | Path) -> tuple[int, str, str]:
        url = settings.database_url
        monkeypatch.setenv("PORTFOLIO_HOME", str(settings.home))
        monkeypatch.setenv("PORTFOLIO_DATABASE", "" if url.startswith("sqlite") else url)
        status = main([str(word) for word in words])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return typed


def all_rows(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, in the form that no engine owns."""
    with database.engine.connect() as connection:
        return {
            table.name: [tuple(row) for batch in rows_of(connection, table) for row in batch]
            for table in tables_in(connection)
        }


def ends(database: Database) -> tuple[int, int, str]:
    """Streams, entries, and one hash over where all streams end."""
    with database.engine.connect() as connection:
        return heads_in(connection)


def stored(installation: Installation) -> set[tuple[str, str]]:
    """Every stored file, by centre and hash; each is looked at."""
    names = set(installation.store.names())
    assert all(installation.store.is_whole(*name) for name in names)
    return names
