"""Writing many rows at once: `executemany` of statements with many rows each on SQLite, COPY on PostgreSQL.

What a model says of its columns holds here too: defaults, and how values are kept. The session does not come to know
the rows: who needs the keys has them `reserved` first.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice, repeat
from operator import attrgetter
from typing import Any

from sqlalchemy import JSON, Column, Dialect, Integer, Table, bindparam, func, select
from sqlalchemy.orm import Session

from portfolio.db import Base
from portfolio.reading import Change, Words, told

PLANS_KEPT = 200
PLACES_MOST = 999
"""What every SQLite takes in one statement; more rows in it hardly write any faster."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How rows of so many columns go into a table: by `sql` one at a time, by `sql_of_many` so many at once. `filled`
    are the columns with defaults, after those that are given.
    """

    width: int
    sql: str
    many: int
    sql_of_many: str
    changes: Sequence[tuple[int, Change, bool]]
    """Of which given columns values are changed for the driver, and whether each is changed once for all its rows."""
    filled: Sequence[Callable[[int], Iterable[Any]]]

    def columns(self, rows: Sequence[Sequence[Any]]) -> list[Iterable[Any]]:
        """The rows as the driver takes them, a column at a time."""
        columns: list[Iterable[Any]] = list(zip(*rows, strict=True))
        for place, change, is_once in self.changes:
            columns[place] = map(Words(change).__getitem__ if is_once else change, columns[place])
        return columns + [fill(len(rows)) for fill in self.filled]


def reserved(session: Session, model: type[Base], count: int) -> Sequence[int]:
    """Keys for so many new rows, in order, which nobody else gets before the transaction ends."""
    [key] = _table(model).primary_key.columns
    if session.get_bind().dialect.name == "sqlite":
        session.flush()
        last = session.scalar(select(func.coalesce(func.max(key), 0))) or 0
        return range(last + 1, last + 1 + count)
    sequence = func.pg_get_serial_sequence(_table(model).name, key.name)
    numbers = func.generate_series(1, bindparam("count", count, Integer)).table_valued("number")
    return list(session.scalars(select(func.nextval(sequence)).select_from(numbers)))


def write(session: Session, model: type[Base], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Write new rows, each with a value for each of these columns. Raises SQLAlchemy's errors."""
    if not rows:
        return
    session.flush()
    connection = session.connection()
    plan = _plan(model, tuple(names), connection.dialect)
    values = zip(*plan.columns(rows), strict=True)
    driver: Any = connection.connection
    try:
        with closing(driver.cursor()) as cursor:
            for listener in connection.engine.dispatch.before_cursor_execute:
                listener(connection, cursor, plan.sql, rows, None, True)
            if connection.dialect.name == "sqlite":
                _insert(cursor, plan, values, len(rows))
                return
            with cursor.copy(plan.sql) as copy:
                for row in values:
                    copy.write_row(row)
    except connection.dialect.loaded_dbapi.Error as error:
        raise told(error, connection.engine, sql=plan.sql) from error


def _insert(cursor: Any, plan: Plan, values: Iterable[Any], count: int) -> None:
    """As many rows as can be many at once, and then what is left of them."""
    places, left = chain.from_iterable(values), count % plan.many
    for sql, many, rows in ((plan.sql_of_many, plan.many, count - left), (plan.sql, 1, left)):
        if rows:
            theirs = islice(places, rows * plan.width)
            cursor.executemany(sql, zip(*repeat(theirs, many * plan.width), strict=True))


def put(session: Session, rows: Sequence[Base]) -> None:
    """Write new mapped objects of one kind, as `add_all` would. They get their keys and defaults, and stay outside the
    session.
    """
    number(session, rows)
    put_numbered(session, rows)


def number(session: Session, rows: Sequence[Base]) -> None:
    """Give new mapped objects of one kind their keys and defaults, so that others can name them, and digests cover
    them, before `put_numbered` writes them.
    """
    if not rows:
        return
    model = type(rows[0])
    table = _table(model)
    if table.autoincrement_column is not None:
        for row, key in zip(rows, reserved(session, model, len(rows)), strict=True):
            setattr(row, table.autoincrement_column.name, key)
    for column in table.columns:
        default: Any = column.default
        if default is not None:
            for row in rows:
                if getattr(row, column.name) is None:
                    setattr(row, column.name, default.arg if default.is_scalar else default.arg(None))


def put_numbered(session: Session, rows: Sequence[Base], *, but: Collection[str] = ()) -> None:
    """Write mapped objects that `number` has numbered, without what they say in the columns `but`."""
    if not rows:
        return
    model = type(rows[0])
    names = [column.name for column in _table(model).columns if column.name not in but]
    write(session, model, names, list(map(attrgetter(*names), rows)))


def _table(model: type[Base]) -> Table:
    table: Table = model.__table__  # type: ignore[assignment]
    return table


@lru_cache(maxsize=PLANS_KEPT)
def _plan(model: type[Base], names: tuple[str, ...], dialect: Dialect) -> Plan:
    table, quote = _table(model), dialect.identifier_preparer.quote
    given = [table.columns[name] for name in names]
    others = [column for column in table.columns if column.default is not None and column.name not in names]
    listed = ", ".join(quote(column.name) for column in [*given, *others])
    width = len(given) + len(others)
    many = PLACES_MOST // width
    if dialect.name == "sqlite":
        row = f"({', '.join(repeat('?', width))})"
        sql = f"INSERT INTO {quote(table.name)} ({listed}) VALUES {row}"  # noqa: S608 - names of the schema, quoted
        sql_of_many = sql + f", {row}" * (many - 1)
    else:
        sql = sql_of_many = f"COPY {quote(table.name)} ({listed}) FROM STDIN"
    changes = [(place, _to_driver(column, dialect), column) for place, column in enumerate(given)]
    return Plan(
        width,
        sql,
        many,
        sql_of_many,
        [(place, change, _is_hashable(column)) for place, change, column in changes if change is not None],
        [_filling(column, dialect) for column in others],
    )


def _to_driver(column: Column[Any], dialect: Dialect) -> Change | None:
    return column.type.dialect_impl(dialect).bind_processor(dialect)


def _is_hashable(column: Column[Any]) -> bool:
    """Whether its values can be remembered: all but lists and dictionaries can."""
    return not isinstance(column.type, JSON)


def _filling(column: Column[Any], dialect: Dialect) -> Callable[[int], Iterable[Any]]:
    """What gives a column its default in so many rows."""
    default: Any = column.default
    change = _to_driver(column, dialect) or (lambda value: value)
    if default.is_scalar:
        value = change(default.arg)
        return lambda count: repeat(value, count)
    return lambda count: [change(default.arg(None)) for _ in range(count)]
