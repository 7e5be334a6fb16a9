"""What nobody asks for and yet must be done: content that nothing names goes, and each centre's trail takes note of
where its enrolments' trails end. Small steps, each a transaction with its own event, so that nobody waits for it.
"""

import logging
from threading import Event

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portfolio.audit import streams
from portfolio.audit.events import System, facts_digest
from portfolio.audit.models import AuditHead, AuditStream
from portfolio.centres.models import Centre
from portfolio.db import Database
from portfolio.enrolment.models import Enrolment
from portfolio.storage import queries as storage
from portfolio.storage.actions import bury
from portfolio.storage.blobs import LocalStore
from portfolio.storage.rules import BlobState

log = logging.getLogger("portfolio.housekeeping")

BATCH = 20


def keep_house(database: Database, store: LocalStore, stopping: Event) -> None:
    """Do all of it once, centre by centre; ends early when `stopping` is set."""
    with database.reading() as session:
        centres = list(session.scalars(select(Centre).order_by(Centre.id)))
    for centre in centres:
        while not stopping.is_set() and remove_content(database, store, centre) == BATCH:
            pass
        if not stopping.is_set():
            sweep_unnamed(database, store, centre)
            note_heads(database, centre)
    store.sweep_incoming()


def remove_content(database: Database, store: LocalStore, centre: Centre) -> int:
    """Remove the content of one batch of blobs that nothing names; answers how many were looked at."""
    with database.writing() as session:
        looked_at = bury(session, store, centre_id=centre.id, centre_uid=centre.uid, most=BATCH)
        if looked_at:
            gone = [blob.sha256 for blob in looked_at if blob.state is BlobState.GONE]
            digest = facts_digest({"sha256": gone})
            streams.record(
                session,
                System(),
                "storage.bury",
                f"blob:{len(looked_at)}",
                stream_id=centre.stream_id,
                text={"removed": len(gone), "kept": len(looked_at) - len(gone), "digest": digest},
            )
            session.commit()
    return len(looked_at)


def sweep_unnamed(database: Database, store: LocalStore, centre: Centre) -> int:
    """Remove a centre's files whose row was never committed; answers how many."""
    with database.reading() as session:
        named = storage.present_in(session, centre.id)
    removed = store.sweep_unnamed(centre.uid, named)
    if removed:
        log.info("removed %d files that nothing names", removed)
    return removed


def note_heads(database: Database, centre: Centre) -> int:
    """Note the ends of those trails that have grown since they were noted; answers how many."""
    with database.writing() as session:
        noted = streams.note_heads(
            session, System(), stream_id=centre.stream_id, others=grown_streams(session, centre.id)
        )
        session.commit()
    return noted


def grown_streams(session: Session, centre_id: int) -> list[int]:
    """The enrolment streams of a centre that have entries beyond the last noted head."""
    noted = select(AuditHead.stream_uid, func.max(AuditHead.seq).label("seq")).group_by(AuditHead.stream_uid).subquery()
    return list(
        session.scalars(
            select(AuditStream.id)
            .join(Enrolment, Enrolment.stream_id == AuditStream.id)
            .outerjoin(noted, noted.c.stream_uid == AuditStream.uid)
            .where(Enrolment.centre_id == centre_id, AuditStream.head_seq > func.coalesce(noted.c.seq, 0))
        )
    )
