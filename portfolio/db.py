"""Engine, sessions and column kinds, for SQLite and PostgreSQL alike.

A reading session cannot write. A writing session takes SQLite's write lock at once, so that it never fails half-way,
and its commit is refused when it changed domain tables without an audit event (sentence 5 of the architecture).
"""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, TypeVarTuple

from sqlalchemy import (
    Connection,
    CursorResult,
    DateTime,
    Dialect,
    Engine,
    Enum,
    Integer,
    MetaData,
    Select,
    String,
    create_engine,
    event,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, declared_attr, mapped_column
from sqlalchemy.sql.selectable import TypedReturnsRows
from sqlalchemy.types import JSON, TypeDecorator

Ts = TypeVarTuple("Ts")
AnySelect = Select[*tuple[Any, ...]]
"""A query for rows of any columns."""

OPERATIONAL = frozenset({"access_log", "alembic_version", "attempt", "draft", "job", "preview", "sign_in_session"})
"""Tables whose rows are no part of the record: written without an audit event. The only list of them."""

AUDIT_EVENT = "audit_event"
BUSY_MILLISECONDS = 10_000
WRITES = re.compile(r"(?:\bINSERT\s+INTO|(?<!FOR )(?<!DO )\bUPDATE|\bDELETE\s+FROM)\s+\"?(\w+)", re.IGNORECASE)
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def new_uid() -> str:
    """A random public identifier: 20 characters of 31, about 99 bits, without those that look alike."""
    return "".join(secrets.choice(ALPHABET) for _ in range(20))


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, kept in UTC; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; SQLite keeps it without its zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("times are kept aware")
        at = value.astimezone(UTC)
        return at.replace(tzinfo=None) if dialect.name == "sqlite" else at

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database, always aware and in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


key = Annotated[int, mapped_column(Integer, primary_key=True)]
uid = Annotated[str, mapped_column(String(20), default=new_uid, unique=True)]
moment = Annotated[datetime, mapped_column(UtcDateTime)]

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """All tables. Names of constraints are fixed by rule, so that migrations can name them."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[Any]: JSON,
        list[str]: JSON,
        StrEnum: Enum(
            StrEnum, native_enum=False, length=24, values_callable=lambda kind: [word.value for word in kind]
        ),
    }


class Revised:
    """A row that counts its changes, so that a change to a row that somebody else changed meanwhile is refused."""

    rev: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        """Tell SQLAlchemy which column counts."""
        return {"version_id_col": cls.rev}


def make_engine(url: str) -> Engine:
    """An engine with the product's connection settings and the audit guard. Its errors never say what was sent."""
    if url.startswith("sqlite"):
        engine = create_engine(url, hide_parameters=True, connect_args={"check_same_thread": False, "timeout": 10.0})
        event.listen(engine, "connect", _set_up_sqlite)
    else:
        engine = create_engine(url, hide_parameters=True, pool_pre_ping=True, pool_size=5, max_overflow=10)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "before_cursor_execute", _note_writes)
    return engine


def _set_up_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # this module says BEGIN itself
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        f"busy_timeout={BUSY_MILLISECONDS}",
        "cache_size=-32000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    is_writing = bool(connection.get_execution_options().get("writing", False))
    connection.info["writing"], connection.info["written"], connection.info["events"] = is_writing, set(), 0
    if connection.dialect.name == "sqlite":
        if connection.info.get("may_write") is not is_writing:
            connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if is_writing else 'ON'}")
            connection.info["may_write"] = is_writing
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")
    elif not is_writing:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _note_writes(
    connection: Connection, _cursor: object, statement: str, _parameters: object, _context: object, _many: bool
) -> None:
    if not connection.info["writing"] or statement.lstrip()[:6].upper() in {"CREATE", "DROP T", "DROP F", "ALTER "}:
        return
    for table in WRITES.findall(statement):
        if table.lower() == AUDIT_EVENT:
            connection.info["events"] = connection.info["events"] + 1
        elif table.lower() not in OPERATIONAL:
            connection.info["written"].add(table.lower())


class UnauditedWrite(RuntimeError):
    """A programming error: domain rows were about to be committed with nothing in the trail to say so."""


class AuditedSession(Session):
    """A session that refuses to commit changes to domain tables, however they were made, without an audit event."""

    def commit(self) -> None:
        """Flush, look, commit. Raises UnauditedWrite, and the caller's closing of the session rolls back."""
        if self.in_transaction():
            self.flush()
            noted = self.connection().info
            if noted["written"] and not noted["events"]:
                raise UnauditedWrite(f"changed {', '.join(sorted(noted['written']))} without an audit event")
        super().commit()


def read(session: Session, statement: TypedReturnsRows[*Ts], **values: Any) -> CursorResult[*Ts]:
    """The rows of a statement that was made once, with values for its bound parameters; no mapped objects come of it.

    For pages: making a statement anew and tracking what comes back costs several times what the database does.
    """
    if session.autoflush:
        session.flush()
    return session.connection().execute(statement, values)


class Database:
    """The engine, and the two kinds of session over it."""

    def __init__(self, url: str, info: dict[str, Any] | None = None) -> None:
        self.url = url
        self.info = info or {}
        """What every session carries in its `info`, such as the signer of the trail."""
        self.engine = make_engine(url)
        self._writing = self.engine.execution_options(writing=True)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one moment and cannot write."""
        with self.open(writing=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that may write; what is not committed by the edge is rolled back."""
        with self.open(writing=True) as session:
            yield session

    def open(self, *, writing: bool) -> Session:
        """A session that the caller closes."""
        bind = self._writing if writing else self.engine
        return AuditedSession(bind, expire_on_commit=False, autoflush=writing, info=dict(self.info))

    def forget(self) -> None:
        """Have nothing left on disk of what was overwritten or deleted, unless somebody reads it at this moment.

        SQLite has overwritten it in the database itself, and its log is emptied here. PostgreSQL reclaims by itself.
        """
        if self.engine.dialect.name != "sqlite":
            return
        with self.engine.connect() as connection:
            for statement in ("COMMIT", "PRAGMA busy_timeout=1000", "PRAGMA wal_checkpoint(TRUNCATE)"):
                connection.exec_driver_sql(statement)
            connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
            connection.exec_driver_sql("BEGIN")

    def is_reachable(self) -> bool:
        """Whether a trivial question is answered."""
        with self.reading() as session:
            return bool(session.scalar(text("SELECT 1")))

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()
