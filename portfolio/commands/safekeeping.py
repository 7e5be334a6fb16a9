"""Backups, bringing them back, bringing the database to this release, and looking whether all is well."""

import argparse
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import and_, exists, or_, select, true

from portfolio import proof, schema
from portfolio.assessment import progress
from portfolio.assessment.models import CoverageRow, Progress, UnitMatrix
from portfolio.config import Settings
from portfolio.db import Database
from portfolio.enrolment.models import Enrolment
from portfolio.errors import InvalidState, Rejected
from portfolio.installation import open_installation
from portfolio.mapping.models import Claim
from portfolio.safekeeping import noted
from portfolio.safekeeping.backing_up import back_up, identity_of, revision_of
from portfolio.safekeeping.contents import Checked, check
from portfolio.safekeeping.noted import FRESH
from portfolio.safekeeping.restoring import restore
from portfolio.safekeeping.sealing import key_in, read_key
from portfolio.storage.opening import open_stores
from portfolio.storage.rules import size_words

KEEP_IT = (
    "Made the key file {key}. Without it no backup can be opened: keep a copy away from this machine, and apart from "
    "the backups."
)
NO_SETTINGS = "Settings are not in a backup: they come from the environment. Keep a copy of them."


def make(arguments: argparse.Namespace, settings: Settings) -> int:
    """Make a backup while the product is in use, and read it back; 1 when it lacks files that rows name."""
    if not settings.home.exists():
        raise InvalidState(f"There is no home folder {settings.home}.")
    began, key_path = time.monotonic(), arguments.key_file.expanduser()
    is_new = not key_path.exists()
    key = key_in(key_path)
    _warn_of(key_path, settings.home, is_new=is_new)
    store, _previews = open_stores(settings)
    with tidy_when_stopped(), closing(Database(settings.database_url)) as database:
        checked = back_up(database, store, settings.keys, arguments.out, key)
    _note(settings.home, checked, arguments.out)
    print(f"{arguments.out}: {told(checked)}; read back and whole, in {time.monotonic() - began:.1f} s")
    if is_new:
        print(NO_SETTINGS)
    return _missing(checked)


@contextmanager
def tidy_when_stopped() -> Iterator[None]:
    """Asked to end by the system, leave nothing half written."""
    before = signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(1))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def told(checked: Checked) -> str:
    """What is in a backup, in a line."""
    contents = checked.contents
    return (
        f"{contents.rows:,} rows in {len(contents.tables)} tables at revision {checked.beginning.revision}, "
        f"{contents.files:,} files of {size_words(contents.bytes)}, {len(contents.keys)} keys, "
        f"{contents.streams:,} trails with {contents.events:,} entries ending in {contents.heads[:16]}; "
        f"{size_words(checked.size)} sealed"
    )


def _warn_of(key: Path, home: Path, *, is_new: bool) -> None:
    if is_new:
        sys.stderr.write(KEEP_IT.format(key=key) + "\n")
    if key.stat().st_mode & 0o077:
        sys.stderr.write(f"Others on this machine may read the key file: chmod 600 {key}\n")
    if key.resolve().is_relative_to(home):
        sys.stderr.write(f"The key file lies in the home folder {home}, which is lost with it. Move it.\n")


def _note(home: Path, checked: Checked, out: Path) -> None:
    try:
        noted.note(home, checked, out)
    except OSError as error:
        sys.stderr.write(f"The backup is whole, and could not be noted in {home}: {error.strerror}.\n")


def _missing(checked: Checked) -> int:
    """1 and a sentence when files are missing."""
    if not checked.contents.missing:
        return 0
    sys.stderr.write(
        f"{checked.contents.missing} files that rows name are not in the backup: they are missing here, or are not "
        "what was stored. Run: portfolio audit verify\n"
    )
    return 1


def bring_back(arguments: argparse.Namespace, settings: Settings) -> int:
    """Bring a backup back into an empty home, bring it to this release, and prove all of it; or only look at it."""
    key = read_key(arguments.key_file.expanduser())
    if arguments.check:
        checked = check(arguments.file, key)
        print(f"{arguments.file}: {told(checked)}; whole; made {checked.beginning.made_at[:16]} UTC")
        return _missing(checked)
    began = time.monotonic()
    checked = restore(settings, arguments.file, key)
    print(f"{settings.home}: {told(checked)}; brought back in {time.monotonic() - began:.1f} s")
    with closing(Database(settings.database_url)) as database:
        if not schema.is_current(database):
            bring_to_release(database)
            print("The database was brought to this release.")
    with closing(open_installation(settings)) as installation:
        found = proof.verify(installation.database, installation.store)
    for fault in found.faults:
        print(f"stream {fault.stream}, entry {fault.seq}: {fault.what}")
    result = f"{len(found.faults)} faults" if found.faults else "nothing is wrong"
    print(f"The trail and the files were proved, {found.events:,} entries and {found.files:,} files: {result}.")
    print("Set the settings as they were, and start it with: portfolio serve")
    return 1 if found.faults else 0


def upgrade(arguments: argparse.Namespace, settings: Settings) -> int:
    """Bring the database to this release; refused without a fresh backup of it."""
    with closing(Database(settings.database_url)) as database:
        if not schema.is_current(database):
            if not arguments.no_backup and not schema.is_empty(database):
                require_backup(database, settings.home)
            bring_to_release(database)
        elif lacks_figures(database):
            work_out_figures(database)
    print("The database is at this release.")
    return 0


def bring_to_release(database: Database) -> None:
    """Lay what this release has, and work out anew what follows from the record."""
    schema.upgrade(database)
    work_out_figures(database)


def work_out_figures(database: Database) -> None:
    """How far everyone has come, all of it anew."""
    with database.writing() as session:
        progress.mend(session)
        session.commit()


def lacks_figures(database: Database) -> bool:
    """Whether figures were not worked out, as when an earlier upgrade was killed before: they are all at once."""
    has_none = ~exists().where(Progress.enrolment_id == Enrolment.id)
    nothing_is_packed = and_(exists().where(Claim.submission_id.is_not(None)), ~exists(select(UnitMatrix.packed)))
    has_no_row = exists().where(
        Progress.enrolment_id == Enrolment.id,
        Progress.counts == true(),
        ~exists().where(CoverageRow.enrolment_id == Progress.enrolment_id),
    )
    with database.reading() as session:
        lacking = select(Enrolment.id).where(or_(has_none, has_no_row, nothing_is_packed)).limit(1)
        return session.scalars(lacking).first() is not None


def require_backup(database: Database, home: Path) -> None:
    """Raises Rejected unless a backup of this database, as it is laid now, was made a day ago at most."""
    with database.engine.connect() as connection:
        identity, revision = identity_of(connection), revision_of(connection)
    newest = noted.newest(home, identity, revision)
    if newest is None or newest.age > FRESH:
        when = f"the newest one is of {newest.made_at:%d %B %Y, %H:%M} UTC" if newest else "none was made"
        raise Rejected(
            f"Take a backup first ({when}): portfolio backup --out FILE --key-file KEY. "
            "If you have another one that you trust: portfolio upgrade --no-backup"
        )
