"""Sessions and column kinds, for SQLite and PostgreSQL alike.

A reading session cannot write. A writing session takes SQLite's write lock at once, so that it never fails half-way,
and its commit is refused when it changed domain tables without an audit event (sentence 5 of the architecture).
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, TypeVar, TypeVarTuple

from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    Enum,
    Integer,
    MetaData,
    Select,
    String,
    inspect,
    text,
)
from sqlalchemy.exc import DBAPIError, InvalidRequestError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, declared_attr, mapped_column
from sqlalchemy.orm.attributes import instance_state
from sqlalchemy.orm.instrumentation import manager_of_class
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.selectable import TypedReturnsRows
from sqlalchemy.types import JSON, TypeDecorator

from portfolio.connections import BUSY_MILLISECONDS, begin_reading, make_engine
from portfolio.reading import Rows, gone, run, told

Mapped_ = TypeVar("Mapped_", bound="Base")
Ts = TypeVarTuple("Ts")
AnySelect = Select[*tuple[Any, ...]]
"""A query for rows of any columns."""

TOUCHED = "touched"
"""Where a session keeps which enrolments it has changed, until what is worked out from them is settled."""

TEXTS_TOUCHED = "texts_touched"
"""Where a session keeps which items' words it has changed, until they are looked through."""

WORK_ASKED = "work_asked"
"""Where a session keeps that it asks a worker for something, so that one is woken once that is committed."""

ASKED_AGAIN = "asked_again"
"""Where a session keeps how to ask whether this may be done, to ask it again once a portfolio is held."""

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def new_uid() -> str:
    """A random public identifier: 20 characters of 31, about 99 bits, without those that look alike."""
    number, letters = secrets.randbelow(len(ALPHABET) ** 20), []
    for _ in range(20):
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    return "".join(letters)


class OffIndex(FunctionElement[int]):
    """A column as it is, by which SQLite is not to look for an index; PostgreSQL knows better by itself."""

    inherit_cache = True
    type = Integer()


@compiles(OffIndex)
def _as_it_is(element: OffIndex, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


@compiles(OffIndex, "sqlite")
def _off_index(element: OffIndex, compiler: SQLCompiler, **options: Any) -> str:
    return f"+{compiler.process(element.clauses, **options)}"


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

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        """The same; SQLite tells a time in words, which are understood in one go."""
        return _in_utc if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _in_utc(words: str | None) -> datetime | None:
    return None if words is None else datetime.fromisoformat(f"{words}+00:00")


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


class UnauditedWrite(RuntimeError):
    """A programming error: domain rows were about to be committed with nothing in the trail to say so."""


class AuditedSession(Session):
    """A session that refuses to commit changes to domain tables, however they were made, without an audit event."""

    def commit(self) -> None:
        """Flush, look, commit. Raises UnauditedWrite, and the caller's closing of the session rolls back."""
        if self.in_transaction():
            self.flush()
            if self.info.get(TOUCHED) or self.info.get(TEXTS_TOUCHED):
                self.info["settle"](self)
            noted = self.connection().info
            if noted["written"] and not noted["events"]:
                raise UnauditedWrite(f"changed {', '.join(sorted(noted['written']))} without an audit event")
        super().commit()


class ReadingSession(Session):
    """A session that sees one moment, until it is closed, and cannot write.

    It borrows a connection when something is first read. `read` uses that as it is; SQLAlchemy's own connection is put
    round it when mapped objects are first asked for. Once it is closed it reads nothing more.
    """

    def __init__(self, engine: Engine, info: dict[str, Any], **options: Any) -> None:
        self.engine = engine
        self.info.update(info)
        self._options = options
        self._pooled: PoolProxiedConnection | None = None
        self._connection: Connection | None = None
        self._is_over = False

    def __getattr__(self, name: str) -> Any:
        """What SQLAlchemy's session consists of, made when something first asks for it: most pages have no mapped
        objects.
        """
        if self._is_made or name.startswith("__"):
            raise AttributeError(name)
        super().__init__(autoflush=False, **self._options)
        return getattr(self, name)

    @property
    def _is_made(self) -> bool:
        return "identity_map" in self.__dict__

    def pooled(self) -> PoolProxiedConnection:
        """The borrowed connection. Raises OperationalError when the database is away, or has gone away since, and
        InvalidRequestError when the session is closed.
        """
        if self._pooled is None:
            if self._is_over:
                raise InvalidRequestError("this session is closed")
            self._pooled = self._borrowed()
        elif not self._pooled.is_valid:
            raise gone()
        return self._pooled

    def _borrowed(self) -> PoolProxiedConnection:
        """A connection on which the moment has begun: one that could not begin would read and write as it likes."""
        pooled = None
        try:
            pooled = self.engine.raw_connection()
            begin_reading(pooled, self.engine.dialect)
        except self.engine.dialect.loaded_dbapi.Error as error:
            as_told = told(error, self.engine, pooled)
            if pooled is not None:
                pooled.close()
            raise as_told from error
        return pooled

    def get_bind(self, *_arguments: Any, **_options: Any) -> Connection:
        """Where mapped objects come from."""
        pooled = self.pooled()
        if self._connection is None:
            self._connection = Connection(self.engine, pooled).execution_options(begun=True)
        return self._connection

    def close(self) -> None:
        """End the moment and give the connection back, whatever became of it."""
        self._is_over = True
        try:
            if self._connection is not None:
                super().close()
        finally:
            pooled, self._pooled, self._connection = self._pooled, None, None
            if pooled is not None:
                pooled.close()


def read(session: Session, statement: TypedReturnsRows[*Ts], **values: Any) -> Rows[*Ts]:
    """The rows of a statement that was made once, with values for its bound parameters; no mapped objects come of it.

    For pages: making a statement anew and tracking what comes back costs many times what the database does.
    """
    if isinstance(session, ReadingSession):
        return run(session.pooled(), session.engine, statement, values)
    if session.autoflush:
        session.flush()
    connection = session.connection()
    try:
        return run(connection.connection, connection.engine, statement, values)
    except DBAPIError as error:
        if error.connection_invalidated:
            connection.invalidate(error)
        raise


def found(session: Session, model: type[Mapped_], statement: Select[Any], **values: Any) -> Mapped_ | None:
    """The mapped object whose whole row a statement finds, if it finds one.

    In a session that only reads, it is made of what `read` gives; what it is related to is loaded as ever.
    """
    if not isinstance(session, ReadingSession):
        return session.scalars(statement, values).one_or_none()
    row = read(session, statement, **values).one_or_none()
    if row is None:
        return None
    said = dict(zip(_attributes(model), row, strict=True))
    at: Any = inspect(model).identity_key_from_primary_key((said["id"],))
    known: Mapped_ | None = session.identity_map.get(at)
    if known is not None:
        return known
    made: Mapped_ = manager_of_class(model).new_instance()
    made.__dict__.update(said)
    state = instance_state(made)
    state.key, state.session_id = at, session.hash_key
    session.identity_map.add(state)  # as SQLAlchemy does with what it reads; `add` looks at every relation first
    return made


@cache
def _attributes(model: type[Base]) -> tuple[str, ...]:
    """What the columns of a table are called in its class, in their order."""
    mapper = inspect(model)
    return tuple(mapper.get_property_by_column(column).key for column in mapper.selectable.c)


def hold(session: Session, row: Base) -> None:
    """Have a row as it is now, and hold it until the transaction ends. What was changed is written first; then what was
    read of the row before is forgotten: it may be old, and no fault if it is.
    """
    session.flush()
    session.expire(row)
    session.refresh(row, with_for_update=True)


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
        if writing:
            return AuditedSession(self._writing, expire_on_commit=False, info=dict(self.info))
        return ReadingSession(self.engine, self.info, expire_on_commit=False)

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
