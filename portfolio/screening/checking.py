"""“I have checked this myself”: what could not be read, its maker has looked at, with name and time."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.audit import streams
from portfolio.enrolment.actions import lock
from portfolio.errors import InvalidState
from portfolio.evidence.models import EvidenceFile
from portfolio.screening.models import Scan
from portfolio.screening.rules import ScanState


def check_content(session: Session, actor: Actor, file: EvidenceFile) -> None:
    """The actor has looked through a file's content themselves, which may be when the enrolment is over: it would hold
    the Word portfolio back for good. Raises InvalidState where there is nothing to check.
    """
    evidence = file.version.evidence
    enrolment = lock(session, evidence.enrolment_id, even_over=True)
    scan = session.scalar(
        select(Scan)
        .where(Scan.item_uid == evidence.uid, Scan.source == file.blob.sha256)
        .execution_options(populate_existing=True)
    )
    if scan is None or scan.state is ScanState.WAITING:
        raise InvalidState("This file is still being looked through. Look at the page again in a moment.")
    if scan.state is not ScanState.UNREADABLE:
        raise InvalidState("All of this file was looked through. There is nothing that you have to check yourself.")
    if scan.checked_at is not None:
        raise InvalidState("It is noted already that this file was checked.")
    scan.checked_by_id, scan.checked_at = actor.person_id, clock.now()
    session.flush()
    streams.record(
        session,
        actor,
        "personal.check",
        streams.named(evidence),
        stream_id=enrolment.stream_id,
        text={"ref": evidence.ref, "version": file.version.no, "sha256": scan.source, "role": actor.role},
    )
