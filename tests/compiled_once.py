"""What every test would compile anew, compiled once for a whole run: SQL statements and templates.

The suite opens thousands of databases and applications one after the other. What is compiled depends on the kind of
database and on the text of the template alone, so that all of them may share it.
"""

from typing import Any, Final

from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.util import LRUCache

from portfolio.web.app import Application

STATEMENTS: Final[LRUCache[Any, Any]] = LRUCache(2_000)


class KeptTemplates(BytecodeCache):
    """The code of templates by name and text, in memory."""

    def __init__(self) -> None:
        self.code: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what was kept, or nothing."""
        bucket.code = self.code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        self.code[bucket.key, bucket.checksum] = bucket.code


def _is_same_kind(one: Dialect, other: object) -> bool:
    return type(one) is type(other)


def _hash_of_kind(one: Dialect) -> int:
    return hash(type(one))


@event.listens_for(Engine, "engine_connect")
def _share_statements(connection: Connection) -> None:
    connection.execution_options(compiled_cache=STATEMENTS)


def compile_once() -> None:
    """From now on, in this process."""
    for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        dialect.__eq__ = _is_same_kind  # type: ignore[assignment, method-assign]
        dialect.__hash__ = _hash_of_kind  # type: ignore[assignment, method-assign]
    Application.jinja_options = {"bytecode_cache": KeptTemplates()}
