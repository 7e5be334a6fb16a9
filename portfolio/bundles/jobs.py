"""Making the bundle or the Leap2A file that somebody asked for: written on a workbench, and kept with what the trails
say of it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.orm import Session

from portfolio.accounts import queries as accounts
from portfolio.accounts.actors import Actor
from portfolio.audit.events import Signer
from portfolio.bundles import actions
from portfolio.bundles.kept_models import KeptBundle
from portfolio.bundles.leap2a import Leap2aMaker
from portfolio.bundles.making import Maker
from portfolio.bundles.outcome import Bundle, Tell
from portfolio.db import Database
from portfolio.documents.breaking_off import broken_off_when
from portfolio.enrolment.models import Enrolment
from portfolio.errors import Forbidden
from portfolio.export import gate_queries
from portfolio.export.gate_queries import Looked
from portfolio.export.jobs import LOOKING_MOST, NO_LONGER, ReadPart
from portfolio.export.rules import Choice
from portfolio.jobs.rules import JobState
from portfolio.jobs.running import Stopped, Work
from portfolio.storage.arriving import Arrived
from portfolio.storage.stores import Store

NONE_COULD = "Held: none of these {portfolios} could go in. Each says why."


def make_bundle(
    work: Work,
    *,
    database: Database,
    store: Store,
    signer: Signer,
    look_next: Callable[[], bool] = lambda: False,
    prepared: ReadPart | None = None,
) -> None:
    """Make the bundle that a job asks for, or say of each portfolio what holds it back. Raises Stopped when the job is
    no longer ours.

    `look_next` takes one step in looking through the contents of files that wait for it; False when none can be done.
    """
    with database.reading() as session:
        bundle = session.get_one(KeptBundle, work.subject_id)
        choices = {part.enrolment_id: Choice.of(part.choice) for part in bundle.parts}
        profile, actor = bundle.profile, _actor(session, work)
    looking, part = _Looking(database, look_next), f"job-{work.job_id}-part"
    with store.workbench(f"job-{work.job_id}") as folder, broken_off_when(work.is_lost, Stopped):
        keeper = _Keeper(work, store, actor.centre_uid)
        target = folder / "bundle.zip"
        if profile is not None:
            [(enrolment_id, choice)] = choices.items()
            made = Leap2aMaker(database, store, looking, part).make(
                enrolment_id, target, doer=actor, profile=profile, choice=choice, tell=work.report, keeper=keeper
            )
        else:
            maker = Maker(database, store, signer, prepared, looking, part)
            made = maker.make(list(choices), target, doer=actor, choices=choices, tell=work.report, keeper=keeper)
    if made.portfolios:
        return
    with database.writing() as session:
        work.finish(session, JobState.HELD, made.held[0].reason if len(made.held) == 1 else NONE_COULD)
        actions.hold_all(session, _actor(session, work), session.get_one(KeptBundle, work.subject_id), made)
        session.commit()


def _actor(session: Session, work: Work) -> Actor:
    actor = accounts.actor(session, person_id=work.person_id, centre_id=work.centre_id)
    if actor is None:
        raise Forbidden(NO_LONGER)
    return actor


@dataclass(slots=True)
class _Keeper:
    """Keeps the bundle of a job, and finishes the job in the same transaction."""

    work: Work
    store: Store
    centre_uid: str
    arrived: Arrived | None = field(default=None, init=False)

    def send(self, written: Path) -> None:
        """The file as something that arrived, as far as that goes beforehand."""
        self.work.report(0, 0, "Keeping it")
        self.arrived = self.store.finished(written)
        self.store.send_ahead(self.centre_uid, self.arrived)

    def keep(self, session: Session, bundle: Bundle) -> None:
        """It is kept, and the job is done."""
        self.work.finish(session)
        if self.arrived is None:
            raise RuntimeError("a bundle is sent before it is kept")
        row = session.get_one(KeptBundle, self.work.subject_id)
        actions.keep_bundle(session, _actor(session, self.work), row, self.store, self.arrived, bundle)


@dataclass(frozen=True, slots=True)
class _Looking:
    """Has those contents looked through that a portfolio needs, and whatever waits before them; but not for ever."""

    database: Database
    look_next: Callable[[], bool]

    def __call__(self, enrolment_id: int, looked: Looked, report: Tell) -> None:
        until = time.monotonic() + LOOKING_MOST
        while time.monotonic() < until:
            with self.database.reading() as session:
                left = gate_queries.waiting_of(session, session.get_one(Enrolment, enrolment_id), looked)
            report(len(looked.waiting) - left, len(looked.waiting), "Looking through files")
            if not left or not self.look_next():
                return
