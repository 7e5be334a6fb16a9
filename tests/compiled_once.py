"""What every test would compile anew, compiled once for a whole run: SQL statements, templates and addresses.

The suite opens thousands of databases and applications one after the other. What is compiled depends on the kind of
database, on the text of the template and on the pattern of the address alone, so that all of them may share it.
"""

from collections.abc import Callable
from typing import Any, Final

from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from portfolio import reading
from portfolio.kept import Kept
from portfolio.web.app import Application

MOST = 10_000
"""How many statements are kept: those of two kinds of database, of all tests and of the product together."""
STATEMENTS: Final[LRUCache[Any, Any]] = LRUCache(MOST)
Builder = Callable[..., tuple[str, str]]
BUILDERS: Final[dict[tuple[object, ...], Builder]] = {}
"""Functions that put an address together, by its pattern; they are bound to one rule only when they are used."""
compile_builder = Rule._compile_builder


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


def _share_builders(rule: Rule, append_unknown: bool = True) -> Builder:
    key = (rule.rule, rule.subdomain, rule.host, tuple(rule._trace), str(rule.defaults), append_unknown)
    if key not in BUILDERS:
        BUILDERS[key] = compile_builder(rule, append_unknown)
    return BUILDERS[key]


def compile_once() -> None:
    """From now on, in this process."""
    for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        dialect.__eq__ = _is_same_kind  # type: ignore[assignment, method-assign]
        dialect.__hash__ = _hash_of_kind  # type: ignore[assignment, method-assign]
    reading._FORMS = Kept(MOST)
    Rule._compile_builder = _share_builders  # type: ignore[method-assign, assignment]
    Application.jinja_options = {"bytecode_cache": KeptTemplates()}
