"""What the product keeps: database, stored files, previews, work, backups. Looks, and changes nothing."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from portfolio import clock, schema
from portfolio.audit.models import AuditEvent
from portfolio.centres.models import Centre
from portfolio.config import Settings
from portfolio.db import Database
from portfolio.evidence.models import EvidenceFile
from portfolio.jobs.models import Job
from portfolio.jobs.rules import JobState
from portfolio.previews.models import Preview
from portfolio.previews.rules import MADE, PreviewState
from portfolio.safekeeping import noted
from portfolio.safekeeping.backing_up import identity_of
from portfolio.safekeeping.findings import Finding, fault, ok, span_words, warning
from portfolio.safekeeping.noted import FRESH
from portfolio.storage.models import Blob
from portfolio.storage.rules import BlobState, size_words
from portfolio.storage.stores import Store

STUCK = timedelta(minutes=10)
PREVIEW_LATE = timedelta(hours=1)
SKEW_SEEN = timedelta(seconds=2)
SKEW_MOST = timedelta(seconds=60)
NAMED_MOST = 3
A_WORKER = "See that a worker runs: portfolio serve starts one, portfolio worker a further one."


def database_found(database: Database, *, is_whole: bool) -> Iterator[Finding]:
    """Whether the database is sound and of this release."""
    with database.engine.connect() as connection:
        if database.engine.dialect.name == "sqlite":
            check = "integrity_check" if is_whole else "quick_check"
            wrong = [row[0] for row in connection.exec_driver_sql(f"PRAGMA {check}(3)") if row[0] != "ok"]
            wrong += [f"{row[0]} refers to what is not there" for row in
                      connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(NAMED_MOST)]  # fmt: skip
            engine = "SQLite " + str(connection.exec_driver_sql("SELECT sqlite_version()").scalar())
        else:
            wrong, engine = [], "PostgreSQL " + str(connection.exec_driver_sql("SHOW server_version").scalar())
    if wrong:
        yield fault("database", f"{engine}: {'; '.join(wrong)}.", "Stop the product and bring the last backup back.")
    elif not schema.is_current(database):
        yield fault("database", f"{engine}, laid by another release.", "Take a backup, then: portfolio upgrade")
    else:
        yield ok("database", f"{engine} is sound and of this release.")


def clock_found(session: Session) -> Iterator[Finding]:
    """Whether the time is that of the newest entry and of the database server, as far as can be told."""
    now, mend = clock.now(), "Set this machine's clock, and keep it right by NTP."
    newest = session.scalar(select(func.max(AuditEvent.at)))
    if newest is not None and newest > now + SKEW_SEEN:
        yield fault("clock", f"It is {span_words(newest - now)} behind the newest entry of the trail.", mend)
        return
    if session.get_bind().dialect.name == "sqlite":
        yield ok("clock", f"{now:%d %B %Y, %H:%M:%S} UTC.")
        return
    theirs = session.scalar(select(func.clock_timestamp()))
    skew = abs(theirs - clock.now()) if theirs is not None else timedelta()
    if skew > SKEW_SEEN:
        kind = fault if skew > SKEW_MOST else warning
        yield kind("clock", f"It is {span_words(skew)} away from the database server's.", mend)
    else:
        yield ok("clock", f"{now:%d %B %Y, %H:%M:%S} UTC, as at the database server.")


def promised(session: Session, settings: Settings) -> int:
    """How many bytes the limits still let people add to this disk."""
    if settings.bucket is not None:
        return 0
    used = session.scalar(select(func.sum(Blob.size)).where(Blob.state == BlobState.KEPT)) or 0
    centres = session.scalar(select(func.count()).select_from(Centre)) or 0
    return max(0, centres * settings.centre_bytes - int(used))


def files_found(session: Session, store: Store) -> Iterator[Finding]:
    """Rows without their file, and files that no row names."""
    rows = session.execute(
        select(Centre.uid, Blob.sha256, Blob.state)
        .join(Centre, Centre.id == Blob.centre_id)
        .where(Blob.state != BlobState.GONE)
        .execution_options(yield_per=1_000)
    )
    unseen = {(centre, sha256): state for centre, sha256, state in rows}
    count = len(unseen)
    orphans = sum(unseen.pop(name, None) is None for name in store.names())
    lost = sorted(name for name, state in unseen.items() if state == BlobState.KEPT)
    if lost:
        named = ", ".join(f"{centre}/{sha256[:12]}" for centre, sha256 in lost[:NAMED_MOST])
        yield fault(
            "files",
            f"{len(lost):,} of {count:,} files that rows name are missing: {named}.",
            "Bring them back from a backup: portfolio audit verify names what they belong to.",
        )
    elif orphans:
        yield warning(
            "files",
            f"{count:,} files are there, and {orphans:,} that no row names.",
            "The worker removes them after a day. If they stay, see its log.",
        )
    else:
        yield ok("files", f"{count:,} files are there, each with its row.")


def previews_found(session: Session) -> Iterator[Finding]:
    """Previews that are late or that nobody has asked for."""
    late = session.scalar(
        select(func.count())
        .select_from(Preview)
        .where(Preview.state == PreviewState.WAITING, Preview.asked_at < clock.now() - PREVIEW_LATE)
    )
    lacking = session.scalar(
        select(func.count())
        .select_from(Blob)
        .where(
            Blob.state == BlobState.KEPT,
            Blob.media_type.in_(MADE),
            exists().where(EvidenceFile.blob_id == Blob.id),
            ~exists().where(Preview.blob_id == Blob.id),
        )
    )
    if late:
        yield warning("previews", f"{late:,} have waited for more than an hour.", A_WORKER)
    elif lacking:
        yield warning("previews", f"{lacking:,} are still to be made.", "The worker asks for them within the hour.")
    else:
        yield ok("previews", "None is missing.")


def jobs_found(session: Session) -> Iterator[Finding]:
    """Work that nobody does."""
    before = clock.now() - STUCK
    stuck = session.scalar(
        select(func.count())
        .select_from(Job)
        .where(
            or_(
                (Job.state == JobState.QUEUED) & (Job.created_at < before),
                (Job.state == JobState.RUNNING) & (Job.lease_until < before),
            )
        )
    )
    if stuck:
        yield warning("jobs", f"{stuck:,} have waited for more than {span_words(STUCK)}.", A_WORKER)
    else:
        yield ok("jobs", "None is stuck.")


def backup_found(database: Database, settings: Settings) -> Iterator[Finding]:
    """When the last backup of this database was made from here."""
    take = "portfolio backup --out FILE --key-file KEY, by a timer: see the README."
    with database.engine.connect() as connection:
        newest = noted.newest(settings.home, identity_of(connection))
    if newest is None:
        yield warning("backup", "No backup of this database was made from this home.", take)
    elif newest.missing:
        yield warning("backup", f"{newest.missing:,} files were missing when {newest.file} was made.", take)
    elif newest.age > FRESH:
        yield warning("backup", f"The last one is {span_words(newest.age)} old: {newest.file}.", take)
    else:
        size = size_words(newest.size)
        yield ok("backup", f"The last one is {span_words(newest.age)} old, of {size}: {newest.file}.")
