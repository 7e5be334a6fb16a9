"""Every table, and the triggers that keep what must not change. Migrations are made from here."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from portfolio.accounts import models as accounts
from portfolio.assessment import models as assessment
from portfolio.audit import models as audit
from portfolio.bundles import kept_models as bundles
from portfolio.bundles import models as arrivals
from portfolio.bundles.arriving import models as arriving
from portfolio.centres import models as centres
from portfolio.criteria import models as criteria
from portfolio.db import Base, Database
from portfolio.drafts import models as drafts
from portfolio.enrolment import models as enrolment
from portfolio.evidence import models as evidence
from portfolio.export import models as export
from portfolio.imports import models as imports
from portfolio.jobs import models as jobs
from portfolio.mapping import models as mapping
from portfolio.notices import models as notices
from portfolio.previews import models as previews
from portfolio.redaction import models as redaction
from portfolio.screening import models as screening
from portfolio.storage import models as storage

SUBJECTS = (
    accounts,
    arrivals,
    arriving,
    assessment,
    audit,
    bundles,
    centres,
    criteria,
    drafts,
    enrolment,
    evidence,
    export,
    imports,
    jobs,
    mapping,
    notices,
    previews,
    redaction,
    screening,
    storage,
)
METADATA = Base.metadata
MIGRATIONS = Path(__file__).parent / "migrations"


def alembic_config(connection: Connection) -> Config:
    """What Alembic needs to know; there is no alembic.ini."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the database to a revision, in one transaction."""
    with database.engine.execution_options(writing=True).begin() as connection:
        command.upgrade(alembic_config(connection), revision)


def downgrade(database: Database, revision: str) -> None:
    """Bring the database back to a revision, in one transaction."""
    with database.engine.execution_options(writing=True).begin() as connection:
        command.downgrade(alembic_config(connection), revision)


def is_current(database: Database) -> bool:
    """Whether the database is at the newest revision."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest()


@cache
def newest() -> str | None:
    """The newest revision of this release; the migrations are read once."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def is_empty(database: Database) -> bool:
    """Whether nothing has been laid yet."""
    return all(name.startswith("huey_") for name in inspect(database.engine).get_table_names())
