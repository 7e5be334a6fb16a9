"""One running installation: settings, database, files, keys and queue, opened together by every edge."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from portfolio import schema
from portfolio.accounts.passwords import Passwords
from portfolio.accounts.sealing import Seal
from portfolio.assessment import progress
from portfolio.audit import streams
from portfolio.audit.events import Signer
from portfolio.config import Settings
from portfolio.db import TOUCHED, Database
from portfolio.errors import Rejected
from portfolio.jobs.waking import Waker
from portfolio.redaction import ending
from portfolio.screening import scanning
from portfolio.storage.opening import open_stores
from portfolio.storage.stores import Derived, Store


@dataclass(frozen=True, slots=True)
class Installation:
    """Everything that an edge works with."""

    settings: Settings
    database: Database
    store: Store
    previews: Derived
    passwords: Passwords
    signer: Signer
    waker: Waker

    def close(self) -> None:
        """Give back what is held open."""
        self.waker.close()
        self.database.close()


def settle(session: Session) -> None:
    """Before a commit: end redactions of what is gone, look through the words that it changes, and have what is worked
    out say what the record says.
    """
    ending.settle(session)
    scanning.settle(session)
    if session.info.get(TOUCHED):
        progress.settle(session)


def check_key(installation: Installation) -> None:
    """Raises Rejected when the trail is signed with another key than this home folder's, as on a further machine that
    made itself a key of its own.
    """
    with installation.database.reading() as session:
        if not streams.is_signed_here(session):
            raise Rejected(
                f"The trail in this database is not signed with the key in {installation.settings.keys}. Bring the "
                "folder keys from the machine that has it; portfolio audit verify says more."
            )


def open_installation(settings: Settings) -> Installation:
    """Open the home folder, setting it up on first use. Raises Rejected when the database is of an older release."""
    for folder in (settings.home, settings.files, settings.incoming, settings.previews, settings.keys):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    signer, seal = Signer(settings.keys / "audit"), Seal(settings.keys / "factors")
    database = Database(settings.database_url, {"signer": signer, "seal": seal, "settle": settle})
    if not schema.is_current(database):
        if not schema.is_empty(database):
            raise Rejected("The database is from another release. Take a backup, then run: portfolio upgrade")
        schema.upgrade(database)
    store, previews = open_stores(settings)
    return Installation(
        settings=settings,
        database=database,
        store=store,
        previews=previews,
        passwords=Passwords(settings.argon2_memory_kib, settings.argon2_passes),
        signer=signer,
        waker=Waker(settings.database_url, settings.home),
    )
