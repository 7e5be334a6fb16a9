"""Rows in a form that no database engine owns, out of one and into another; of any release, by what the tables are.

A row is a list of plain values: numbers (truth as 0 and 1), texts, times as UTC text to the microsecond, days as text,
JSON as the text that it is kept as, and bytes in base64. What was read on SQLite is what is written there again.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Boolean, Connection, Date, DateTime, Integer, LargeBinary, MetaData, String, text
from sqlalchemy import Table as Reflected
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from portfolio.errors import Rejected

BATCH = 2_000
NOT_OURS = "huey_"
LEFT_OUT = frozenset({"alembic_version", "preview"})
"""The revision is a fact of the backup; what files look like is made again."""
Row = Sequence[Any]


class Kind(StrEnum):
    """What a column holds, whichever engine keeps it."""

    YES_NO = "yes_no"
    NUMBER = "number"
    TEXT = "text"
    TIME = "time"
    DAY = "day"
    JSON = "json"
    BYTES = "bytes"


KINDS: tuple[tuple[type[TypeEngine[Any]], Kind], ...] = (
    (Boolean, Kind.YES_NO),
    (Integer, Kind.NUMBER),
    (DateTime, Kind.TIME),
    (Date, Kind.DAY),
    (JSON, Kind.JSON),
    (LargeBinary, Kind.BYTES),
    (String, Kind.TEXT),
)
"""The first that fits counts."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table by its columns; `key` is what its rows are in the order of."""

    name: str
    columns: tuple[tuple[str, Kind], ...]
    key: tuple[str, ...]


def tables_in(connection: Connection) -> list[Table]:
    """Every table with rows of ours, those first that others refer to."""
    found = MetaData()
    found.reflect(connection, only=lambda name, _metadata: not name.startswith(NOT_OURS) and name not in LEFT_OUT)
    return [_described(table) for table in found.sorted_tables]


def _described(table: Reflected) -> Table:
    columns = tuple((column.name, _kind_of(table.name, column.name, column.type)) for column in table.columns)
    return Table(table.name, columns, tuple(column.name for column in table.primary_key.columns))


def _kind_of(table: str, column: str, declared: TypeEngine[Any]) -> Kind:
    for known, kind in KINDS:
        if isinstance(declared, known):
            return kind
    raise Rejected(f"The column {table}.{column} is of a kind that no backup can hold: {declared!r}.")


def rows_of(connection: Connection, table: Table) -> Iterator[Sequence[Row]]:
    """The rows of a table in the order of its key, in batches; the database sends them as they are asked for."""
    quote = connection.dialect.identifier_preparer.quote
    wanted = ", ".join(_read_as(connection.dialect.name, quote(name), kind) for name, kind in table.columns)
    order = ", ".join(quote(name) for name in table.key)
    streaming = connection.execution_options(stream_results=True)
    sql = f"SELECT {wanted} FROM {quote(table.name)} ORDER BY {order}"  # noqa: S608 - names of the schema, quoted
    with streaming.exec_driver_sql(sql) as result:
        yield from result.yield_per(BATCH).partitions()


def _read_as(dialect: str, column: str, kind: Kind) -> str:
    if dialect == "sqlite":
        return column
    forms = {
        Kind.YES_NO: "CAST({} AS integer)",
        Kind.TIME: "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
        Kind.DAY: "to_char({}, 'YYYY-MM-DD')",
        Kind.JSON: "CAST({} AS text)",
    }
    return forms.get(kind, "{}").format(column)


def as_lines(table: Table, rows: Iterable[Row]) -> Iterator[bytes]:
    """Rows as lines of JSON. Raises Rejected for a value that nobody could have put there."""
    bytes_at = [place for place, (_name, kind) in enumerate(table.columns) if kind is Kind.BYTES]
    for row in rows:
        plain = list(row)
        for place in bytes_at:
            plain[place] = None if plain[place] is None else b64encode(plain[place]).decode()
        try:
            yield json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()
        except (TypeError, UnicodeEncodeError):
            raise Rejected(f"A row of the table {table.name} cannot be read: run portfolio doctor.") from None


def from_lines(table: Table, lines: bytes) -> list[list[Any]]:
    """Rows from lines of JSON."""
    bytes_at = [place for place, (_name, kind) in enumerate(table.columns) if kind is Kind.BYTES]
    rows: list[list[Any]] = [json.loads(line) for line in lines.split(b"\n")]
    for row in rows:
        for place in bytes_at:
            row[place] = None if row[place] is None else b64decode(row[place])
    return rows


def no_guards(connection: Connection, tables: Sequence[Table]) -> Callable[[], None]:
    """Let rows in although triggers keep what is on record; answers what sets the triggers up again."""
    quote = connection.dialect.identifier_preparer.quote
    if connection.dialect.name != "sqlite":
        named = [quote(table.name) for table in tables]
        _run_all(connection, [f"ALTER TABLE {name} DISABLE TRIGGER USER" for name in named])
        return lambda: _run_all(connection, [f"ALTER TABLE {name} ENABLE TRIGGER USER" for name in named])
    connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    found = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
    _run_all(connection, [f"DROP TRIGGER {quote(name)}" for name, _sql in found])
    return lambda: _run_all(connection, [sql for _name, sql in found])


def _run_all(connection: Connection, statements: Iterable[str]) -> None:
    for statement in statements:
        connection.exec_driver_sql(statement)


def load(connection: Connection, table: Table, batches: Iterable[list[list[Any]]]) -> int:
    """Write rows into an empty table; answers how many. Raises Rejected for rows that this database does not take."""
    into_table = _copy if connection.dialect.name == "postgresql" else _insert
    try:
        return into_table(connection, table, batches)
    except DBAPIError as error:
        reason = type(error.orig).__name__
        raise Rejected(f"This database does not take the rows of the table {table.name} ({reason}).") from error


def _insert(connection: Connection, table: Table, batches: Iterable[list[list[Any]]]) -> int:
    quote = connection.dialect.identifier_preparer.quote
    columns = ", ".join(quote(name) for name, _kind in table.columns)
    places = ", ".join("?" for _ in table.columns)
    sql = f"INSERT INTO {quote(table.name)} ({columns}) VALUES ({places})"  # noqa: S608 - names of the schema, quoted
    count = 0
    for rows in batches:
        connection.exec_driver_sql(sql, [tuple(row) for row in rows])
        count += len(rows)
    return count


def _copy(connection: Connection, table: Table, batches: Iterable[list[list[Any]]]) -> int:
    quote = connection.dialect.identifier_preparer.quote
    columns = ", ".join(quote(name) for name, _kind in table.columns)
    times_at = [place for place, (_name, kind) in enumerate(table.columns) if kind is Kind.TIME]
    driver: Any = connection.connection.driver_connection
    count = 0
    try:
        with driver.cursor() as cursor, cursor.copy(f"COPY {quote(table.name)} ({columns}) FROM STDIN") as copy:
            for rows in batches:
                for row in rows:
                    for place in times_at:
                        row[place] = None if row[place] is None else f"{row[place]}+00"
                    copy.write_row(row)
                count += len(rows)
    except connection.dialect.loaded_dbapi.Error as error:
        reason = type(error).__name__
        raise Rejected(f"This database does not take the rows of the table {table.name} ({reason}).") from error
    return count


def go_on_counting(connection: Connection, tables: Iterable[Table]) -> None:
    """Have the next row of each table get the number after the highest; SQLite does so by itself."""
    if connection.dialect.name == "sqlite":
        return
    quote = connection.dialect.identifier_preparer.quote
    for table in tables:
        if len(table.key) == 1 and dict(table.columns)[table.key[0]] is Kind.NUMBER:
            name, key = quote(table.name), quote(table.key[0])
            highest = f"(SELECT max({key}) FROM {name})"  # noqa: S608 - names of the schema, quoted
            sequence = text("SELECT setval(pg_get_serial_sequence(:name, :key), " + highest + ")")
            connection.execute(sequence, {"name": name, "key": table.key[0]})
