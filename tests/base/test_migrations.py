"""Each revision goes up and down on both databases, and the newest one is exactly the models."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from portfolio import schema
from portfolio.audit import streams
from portfolio.db import Database
from portfolio.installation import Installation


def test_the_newest_revision_is_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": is_ours})
        assert compare_metadata(context, schema.METADATA) == []


def test_every_revision_goes_down_and_up_again(database: Database) -> None:
    with database.engine.connect() as connection:
        scripts = ScriptDirectory.from_config(schema.alembic_config(connection))
        revisions = [script.revision for script in scripts.walk_revisions()]
    before = described(database)
    for _ in revisions:
        schema.downgrade(database, "-1")
    assert list(described(database)) == ["alembic_version"]
    schema.upgrade(database)
    assert schema.is_current(database)
    assert described(database) == before


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Whether a table is the product's; the queue keeps its own beside them on PostgreSQL."""
    return kind != "table" or not (name or "").startswith("huey_")


def described(database: Database) -> dict[str, list[str]]:
    """Tables with their columns."""
    looking = inspect(database.engine)
    tables = [name for name in looking.get_table_names() if is_ours(name, "table", None)]
    return {name: [column["name"] for column in looking.get_columns(name)] for name in tables}


@pytest.mark.usefixtures("cast")
def test_going_up_again_changes_nothing(installation: Installation) -> None:
    schema.upgrade(installation.database)
    with installation.database.reading() as session:
        assert streams.verify(session).faults == ()
