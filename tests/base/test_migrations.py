"""Each revision goes up and down on both databases, and the newest one is exactly the models."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import delete, inspect, select, text
from sqlalchemy.exc import DBAPIError

from portfolio import schema
from portfolio.audit import streams
from portfolio.criteria.models import CriteriaLoad
from portfolio.criteria.queries import newest_unit, newest_version
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


def test_what_was_loaded_before_loads_were_noted_is_in_use_by_its_order(database: Database) -> None:
    schema.downgrade(database, "0001")
    with database.engine.execution_options(writing=True).begin() as connection:
        for word in ("first", "second"):
            connection.execute(text(A_UNIT), {"word": word})
            connection.execute(text(A_QUALIFICATION), {"word": word})
    schema.upgrade(database)
    with database.reading() as session:
        unit, version = newest_unit(session, "U1", None), newest_version(session, "Q1", None)
        assert unit is not None
        assert version is not None
        assert (unit.uid, version.uid) == ("second", "second")
        assert session.scalars(select(CriteriaLoad.unit_version_id).order_by(CriteriaLoad.id)).all().count(None) == 2
    with database.writing() as session, pytest.raises(DBAPIError, match="do not change"):
        session.execute(delete(CriteriaLoad))


A_UNIT = """
INSERT INTO unit_version (uid, code, code_note, title, level, credit, glh, figures, status, source, content_sha)
VALUES (:word, 'U1', '', 'A unit', 3, 4, 5, 'confirmed', 'draft', '', :word)
"""
A_QUALIFICATION = """
INSERT INTO qualification_version (uid, reference, reference_note, title, level, awarding_organisation, spec_version,
  status, source, rules_known, rules, content_sha)
VALUES (:word, 'Q1', '', 'A qualification', 3, 'Somebody', '1', 'draft', '', false, '{}', :word)
"""


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
