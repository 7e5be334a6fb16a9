"""Connections to the database, for SQLite and PostgreSQL alike, and the guard that notes what a transaction writes.

A connection is for reading or for writing from the beginning of its transaction. Tables that are no part of the record
are listed here, once.
"""

import re
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, create_engine, event
from sqlalchemy.pool import PoolProxiedConnection

OPERATIONAL = frozenset(
    {
        "access_log",
        "alembic_version",
        "arriving_draft",
        "attempt",
        "draft",
        "entity",
        "feedback_stem",
        "file_marks",
        "finding",
        "import_draft",
        "job",
        "marking_presence",
        "notice",
        "notice_switch",
        "preview",
        "scan",
        "sign_in_session",
        "trail_check",
        "used_code",
        "worker_seen",
    }
)
"""Tables whose rows are no part of the record: written without an audit event. The only list of them."""

KEEPS_CONTENT = frozenset({"arriving_draft"})
"""Those of them whose rows name content that is there for them alone."""

SAVED_AS_TYPED = frozenset({"item_review", "review_mark"})
"""What an assessor notes is saved as it is typed, and told in the trail when it is released and frozen."""

WORKED_OUT = frozenset({"coverage_row", "criterion_total", "progress", "unit_matrix", "unit_progress"})
"""What is worked out anew from the record in the transaction that changes it; `portfolio audit recount` proves it."""

AUDIT_EVENT = "audit_event"
BUSY_MILLISECONDS = 10_000
"""How long SQLite is waited for; whoever waited so long is asked to come again."""
LOCK_MILLISECONDS = 30_000
"""The same for a row of PostgreSQL: what holds it may be a process that is frozen or on a machine that is gone."""
WRITES = re.compile(
    r"(?:^COPY|\bINSERT\s+INTO|(?<!FOR )(?<!KEY )(?<!DO )\bUPDATE|\bDELETE\s+FROM)\s+\"?(\w+)", re.IGNORECASE
)


def make_engine(url: str) -> Engine:
    """An engine with the product's connection settings and the audit guard. Its errors never say what was sent."""
    if url.startswith("sqlite"):
        engine = create_engine(url, hide_parameters=True, connect_args={"check_same_thread": False, "timeout": 10.0})
        event.listen(engine, "connect", _set_up_sqlite)
    else:
        engine = create_engine(url, hide_parameters=True, pool_pre_ping=True, pool_size=5, max_overflow=10)
        event.listen(engine, "connect", _set_up_postgres)
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


def _set_up_postgres(connection: Any, _record: object) -> None:
    connection.execute(f"SET lock_timeout = {LOCK_MILLISECONDS}")
    connection.commit()


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("writing"):
        connection.info.update(writing=True, written=set(), events=0)
        if connection.dialect.name == "sqlite":
            _let_write(connection.connection, is_writing=True)
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # waits for the lock, and may fail
    elif not options.get("begun"):
        begin_reading(connection.connection, connection.dialect)


def begin_reading(pooled: PoolProxiedConnection, dialect: Dialect) -> None:
    pooled.info["writing"] = False
    if dialect.name == "sqlite":
        _let_write(pooled, is_writing=False)
        pooled.cursor().execute("BEGIN")
    else:
        pooled.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _let_write(pooled: PoolProxiedConnection, *, is_writing: bool) -> None:
    if pooled.info.get("may_write") is not is_writing:
        pooled.cursor().execute(f"PRAGMA query_only={'OFF' if is_writing else 'ON'}")
        pooled.info["may_write"] = is_writing


def _note_writes(
    connection: Connection | PoolProxiedConnection,
    _cursor: object,
    statement: str,
    _parameters: object,
    _context: object,
    _many: bool,
) -> None:
    if not connection.info["writing"] or statement.lstrip()[:6].upper() in {"CREATE", "DROP T", "DROP F", "ALTER "}:
        return
    for table in WRITES.findall(statement):
        if table.lower() == AUDIT_EVENT:
            connection.info["events"] = connection.info["events"] + 1
        elif table.lower() not in OPERATIONAL | SAVED_AS_TYPED | WORKED_OUT:
            connection.info["written"].add(table.lower())
