"""The worker, one of the three edges: does background work as it is asked for, sends letters, keeps house each hour.

`python -m portfolio.worker` reads PORTFOLIO_* variables; with `--attached` it stops when its standard input ends, and
with `--trial` it only sees whether it could work.
"""

import logging
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import Any

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portfolio import serving
from portfolio.accounts import queries as accounts
from portfolio.bundles.arriving.jobs import bring_bundle_in, look_into
from portfolio.bundles.arriving.room import most_of
from portfolio.bundles.arriving.rules import BRING_IN, LOOK_INTO
from portfolio.bundles.jobs import make_bundle
from portfolio.bundles.kept_rules import MAKE_BUNDLE
from portfolio.config import Settings
from portfolio.db import Database
from portfolio.documents.sandbox import Extractor
from portfolio.documents.wordbook.laying_out import lay_out
from portfolio.errors import DomainError
from portfolio.export.jobs import LayOut, Reader, ReadPart, make_word
from portfolio.export.rules import MAKE_WORD
from portfolio.housekeeping import keep_house, keep_previews, keep_screened
from portfolio.installation import Installation, check_key, open_installation
from portfolio.jobs.actions import note_seen
from portfolio.jobs.models import Job
from portfolio.jobs.rules import SEEN_EVERY
from portfolio.jobs.running import Handler, Runner
from portfolio.policy.checks import can
from portfolio.policy.permissions import Permission
from portfolio.policy.table import TABLE
from portfolio.posting import AT_ONCE, Postman
from portfolio.previews.jobs import PreviewRunner
from portfolio.redaction.jobs import APART, Programs, make_redacted
from portfolio.redaction.rules import MAKE_REDACTED
from portfolio.screening.contents import ContentRunner
from portfolio.storage.opening import try_out_store
from portfolio.trail.jobs import check_centre
from portfolio.trail.rules import CHECK_TRAIL

log = logging.getLogger("portfolio.worker")

HOUR = 3600.0


@contextmanager
def committing(database: Database) -> Iterator[Session]:
    """A writing transaction that commits at its end, unless something is raised."""
    with database.writing() as session:
        yield session
        session.commit()


def allowed(permission: Permission) -> Callable[[Session, Job], bool]:
    """Whether the person who asked for a job holds the permission on its subject, as both are now."""
    model = TABLE[permission].model

    def may(session: Session, job: Job) -> bool:
        actor = accounts.actor(session, person_id=job.person_id, centre_id=job.centre_id)
        row = session.get(model, job.subject_id)
        return actor is not None and row is not None and can(actor, permission, row)

    return may


def make_runner(
    installation: Installation,
    stopping: Event,
    *,
    extractor: Callable[[Path], AbstractContextManager[Reader]] = Extractor,
    lay_out: LayOut = lay_out,
    prepared: ReadPart | None = None,
    redacting: Programs = APART,
) -> Runner:
    """What does the jobs of an installation. `prepared` finds what was made of files when they arrived; in its previews
    unless said otherwise.
    """
    database = installation.database
    writing = partial(committing, database)
    word = partial(
        make_word,
        reading=database.reading,
        writing=writing,
        store=installation.store,
        extractor=extractor,
        look_next=_steps_of_looking(installation, stopping),
        lay_out=lay_out,
        prepared=prepared or installation.previews.read,
    )
    bundle = partial(
        make_bundle,
        database=database,
        store=installation.store,
        signer=installation.signer,
        look_next=_steps_of_looking(installation, stopping),
        prepared=prepared or installation.previews.read,
    )
    redacted = partial(
        make_redacted,
        reading=database.reading,
        writing=writing,
        store=installation.store,
        derived=installation.previews,
        by=redacting,
    )
    proof = partial(check_centre, reading=database.reading, writing=writing)
    handlers = {
        MAKE_WORD: Handler(may=allowed(Permission.ENROLMENT_MAKE_BOOK), do=word),
        MAKE_BUNDLE: Handler(may=allowed(Permission.KEPT_BUNDLE_MAKE), do=bundle),
        MAKE_REDACTED: Handler(may=allowed(Permission.FILE_REDACT), do=redacted),
        CHECK_TRAIL: Handler(may=allowed(Permission.CENTRE_SEE_TRAIL), do=proof),
        **_bundles_on_their_way_in(installation, stopping),
    }
    return Runner(reading=database.reading, writing=writing, handlers=handlers, stopping=stopping)


def _bundles_on_their_way_in(installation: Installation, stopping: Event) -> dict[str, Handler]:
    may, database = allowed(Permission.ARRIVING_DRAFT_CHANGE), installation.database
    given: dict[str, Any] = {
        "reading": database.reading,
        "writing": partial(committing, database),
        "store": installation.store,
        "most": most_of(installation.settings),
    }
    return {
        LOOK_INTO: Handler(may=may, do=partial(look_into, **given)),
        BRING_IN: Handler(may=may, do=partial(bring_bundle_in, is_stopped=stopping.is_set, **given)),
    }


def _steps_of_looking(installation: Installation, stopping: Event) -> Callable[[], bool]:
    """What makes a preview, or else looks through a content whose preview is made; False when none is to be done.

    A content without a preview asks for one, so that previews are asked for once more.
    """
    previews, contents = make_preview_runner(installation, stopping), make_content_runner(installation, stopping)
    return lambda: previews.make_next() or contents.make_next() or previews.make_next()


def make_preview_runner(installation: Installation, stopping: Event) -> PreviewRunner:
    """What makes the previews of an installation."""
    writing = partial(committing, installation.database)
    return PreviewRunner(writing=writing, store=installation.store, derived=installation.previews, stopping=stopping)


def make_content_runner(installation: Installation, stopping: Event) -> ContentRunner:
    """What looks through the contents of an installation's files."""
    writing = partial(committing, installation.database)
    return ContentRunner(writing=writing, derived=installation.previews, stopping=stopping)


@contextmanager
def known_to_be_at_work(database: Database, runner: Runner) -> Iterator[None]:
    """Say now and then that this worker is there, from a thread of its own: its work may take long."""
    over = Event()

    def say() -> None:
        while not over.is_set():
            try:
                with committing(database) as session:
                    note_seen(session, runner.name)
            except OperationalError:
                log.warning("the database does not take note that this worker is there")
            over.wait(SEEN_EVERY.total_seconds())

    thread = Thread(target=say, name="at work", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def serve(installation: Installation, runner: Runner) -> None:
    """Do what is due, keep house when an hour has passed, and wait; until the runner is told to stop.

    Jobs that somebody waits for go before letters, and both before previews, which take turns with looking through what
    has its preview.
    """
    next_housekeeping = time.monotonic()
    previews = make_preview_runner(installation, runner.stopping)
    contents = make_content_runner(installation, runner.stopping)
    postman = Postman(installation.database, installation.settings, runner.stopping)

    def do_due() -> None:
        runner.run_due()
        while postman.post_due() == AT_ONCE:
            runner.run_due()

    def work() -> None:
        nonlocal next_housekeeping
        do_due()
        while any([contents.make_next(), previews.make_next()]):
            do_due()
        if time.monotonic() >= next_housekeeping and not runner.stopping.is_set():
            next_housekeeping = time.monotonic() + HOUR
            keep_house(installation.database, installation.store, runner.stopping)
            keep_previews(installation.database, installation.previews, runner.stopping)
            keep_screened(installation.database, runner.stopping)

    log.info("%s is at work", runner.name)
    with known_to_be_at_work(installation.database, runner):
        installation.waker.serve(work, runner.stopping)
    log.info("%s has stopped", runner.name)


def stop_on_signals(stopping: Event) -> None:
    """Asked to end by the system or the keyboard, set `stopping`: what is under way is given back, then all ends.

    A thread sets it, because the one that the signal breaks into may be holding the event's lock.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: Thread(target=stopping.set).start())


def configure_logs(level: str) -> None:
    """Log to standard error; libraries only what is wrong."""
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for library in ("alembic", "huey"):
        logging.getLogger(library).setLevel(logging.WARNING)


def main(arguments: Sequence[str]) -> int:
    """Work until told to stop."""
    stopping = Event()
    stop_on_signals(stopping)
    if serving.ATTACHED in arguments:
        serving.stop_at_end_of_input()
    try:
        settings = Settings.from_environment()
        configure_logs(settings.log_level)
        if serving.TRIAL in arguments:
            try_out_store(settings)
        installation = open_installation(settings)
        check_key(installation)
    except DomainError as error:
        sys.stderr.write(f"{serving.REFUSED}: {error.message}\n")
        return 1
    if serving.TRIAL in arguments:
        installation.close()
        return 0
    serve(installation, make_runner(installation, stopping))
    installation.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
