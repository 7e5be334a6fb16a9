"""Whether an installation can do its work just now, and the figures that a monitor keeps of it. Changes nothing."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from portfolio import clock
from portfolio.errors import DomainError
from portfolio.installation import Installation
from portfolio.jobs import queries as jobs
from portfolio.notices import queries as notices

SILENT = timedelta(minutes=3)
"""After how long without a word of any worker none counts as being at work."""
NOBODY, NOTHING = "readiness", "0" * 64
"""Where the store is asked for a file that is not there."""
AWAY = (SQLAlchemyError, DomainError, OSError, ValueError)


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that must be there, and what is wrong with it; empty when it is well."""

    name: str
    wrong: str


@dataclass(frozen=True, slots=True)
class Figures:
    """What a monitor keeps: counts by state, bytes, and seconds since a worker was seen, which may be unknown."""

    jobs: dict[str, int]
    letters: dict[str, int]
    disk_free: int
    disk_size: int
    worker_silent: float | None


def look(installation: Installation) -> list[Part]:
    """Database, store, worker and disk, each looked at whatever is wrong with the others."""
    checks: tuple[tuple[str, Callable[[Installation], str]], ...] = (
        ("database", _database),
        ("store", _store),
        ("worker", _worker),
        ("disk", _disk),
    )
    return [Part(name, _looked(check, installation)) for name, check in checks]


def figures_of(installation: Installation) -> Figures:
    """Everything that is measured when it is asked for. Raises what the database raises when it is away."""
    usage = shutil.disk_usage(installation.settings.home)
    with installation.database.reading() as session:
        seen = jobs.worker_seen(session)
        return Figures(
            jobs=jobs.counted(session),
            letters=notices.letters_counted(session),
            disk_free=usage.free,
            disk_size=usage.total,
            worker_silent=(clock.now() - seen).total_seconds() if seen else None,
        )


def _looked(check: Callable[[Installation], str], installation: Installation) -> str:
    try:
        return check(installation)
    except AWAY:
        return "does not answer"


def _database(installation: Installation) -> str:
    return "" if installation.database.is_reachable() else "does not answer"


def _store(installation: Installation) -> str:
    installation.store.size(NOBODY, NOTHING)
    return "" if installation.settings.files.is_dir() else "the folder for files is gone"


def _worker(installation: Installation) -> str:
    with installation.database.reading() as session:
        seen = jobs.worker_seen(session)
    return "" if seen is not None and clock.now() - seen < SILENT else "none was seen lately"


def _disk(installation: Installation) -> str:
    settings = installation.settings
    return "" if shutil.disk_usage(settings.home).free >= settings.upload_bytes else "there is too little room"
