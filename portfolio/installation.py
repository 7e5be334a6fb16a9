"""One running installation: settings, database, files, keys and queue, opened together by every edge."""

from dataclasses import dataclass

from portfolio import schema
from portfolio.accounts.passwords import Passwords
from portfolio.audit.events import Signer
from portfolio.config import Settings
from portfolio.db import Database
from portfolio.errors import Rejected
from portfolio.jobs.waking import Waker
from portfolio.storage.blobs import LocalStore
from portfolio.storage.derived import DerivedStore


@dataclass(frozen=True, slots=True)
class Installation:
    """Everything that an edge works with."""

    settings: Settings
    database: Database
    store: LocalStore
    previews: DerivedStore
    passwords: Passwords
    signer: Signer
    waker: Waker

    def close(self) -> None:
        """Give back what is held open."""
        self.waker.close()
        self.database.close()


def open_installation(settings: Settings) -> Installation:
    """Open the home folder, setting it up on first use. Raises Rejected when the database is of an older release."""
    for folder in (settings.home, settings.files, settings.incoming, settings.previews, settings.keys):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    signer = Signer(settings.keys / "audit")
    database = Database(settings.database_url, {"signer": signer})
    if not schema.is_current(database):
        if not schema.is_empty(database):
            raise Rejected("The database is from another release. Take a backup, then run: portfolio upgrade")
        schema.upgrade(database)
    return Installation(
        settings=settings,
        database=database,
        store=LocalStore(settings.files, settings.incoming),
        previews=DerivedStore(settings.previews),
        passwords=Passwords(settings.argon2_memory_kib, settings.argon2_passes),
        signer=signer,
        waker=Waker(settings.database_url, settings.home),
    )
