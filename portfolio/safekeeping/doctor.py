"""Looking whether all is well with an installation: one thing after the other, whatever is wrong with those before."""

from collections.abc import Callable, Iterator
from contextlib import closing

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portfolio import schema
from portfolio.config import Settings
from portfolio.db import Database
from portfolio.errors import DomainError
from portfolio.safekeeping import record, surroundings, trail
from portfolio.safekeeping.findings import Finding, State, fault
from portfolio.storage.opening import open_stores

UNLOOKED = (DBAPIError, DomainError, OSError, LookupError, ValueError)
"""What is raised where something cannot even be looked at."""

Check = tuple[str, Callable[[], Iterator[Finding]]]


def examine(settings: Settings, *, is_whole: bool = False) -> Iterator[Finding]:
    """Every finding, as it is found. `is_whole` looks at every page of the database."""
    if not settings.home.is_dir():
        yield fault("home", f"There is no folder {settings.home}.", "Say where it is: --home DIR, or PORTFOLIO_HOME.")
        return
    yield from _looked(_around(settings))
    with closing(Database(settings.database_url)) as database:
        sound = list(_looked([("database", lambda: record.database_found(database, is_whole=is_whole))]))
        yield from sound
        if _is_laid(database) and all(finding.state is State.OK for finding in sound):
            with database.reading() as session:
                yield from _looked(_within(settings, database, session))


def _around(settings: Settings) -> list[Check]:
    return [
        ("settings", lambda: surroundings.settings_found(settings)),
        ("rights", lambda: surroundings.rights_found(settings)),
        ("keys", lambda: surroundings.keys_found(settings)),
        ("mail", lambda: surroundings.mail_found(settings)),
    ]


def _within(settings: Settings, database: Database, session: Session) -> list[Check]:
    return [
        ("disk", lambda: surroundings.disk_found(settings, promised=record.promised(session, settings))),
        ("clock", lambda: record.clock_found(session)),
        ("files", lambda: record.files_found(session, open_stores(settings)[0])),
        ("previews", lambda: record.previews_found(session)),
        ("jobs", lambda: record.jobs_found(session)),
        ("trail", lambda: trail.trail_found(session, settings)),
        ("backup", lambda: record.backup_found(database, settings)),
    ]


def _looked(checks: list[Check]) -> Iterator[Finding]:
    for name, check in checks:
        try:
            yield from check()
        except UNLOOKED as error:
            says = error.message if isinstance(error, DomainError) else type(error).__name__
            yield fault(name, f"It cannot be looked at: {says}", "See to what stands before this, and look again.")


def _is_laid(database: Database) -> bool:
    try:
        return schema.is_current(database)
    except DBAPIError:
        return False
