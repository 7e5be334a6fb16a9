"""What nobody asks for and yet must be done: content that nothing names goes, and each centre's trail takes note of
where its enrolments' trails end. Small steps, each a transaction with its own event, so that nobody waits for it.
Originals of redacted files are held for their time and no longer. Forgotten drafts of forms and notices read long ago
go too, previews follow what is stored and say what those of today say, and items that nobody looked through for
personal data are looked through; those are no part of the record.
"""

import logging
from threading import Event

from sqlalchemy import exists, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.audit import streams
from portfolio.audit.events import System, facts_digest
from portfolio.audit.models import AuditHead, AuditStream
from portfolio.bundles.arriving import actions as arriving
from portfolio.centres.models import Centre
from portfolio.db import Database
from portfolio.drafts import actions as drafts
from portfolio.enrolment.actions import held
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.rules import EnrolmentState
from portfolio.errors import Unavailable
from portfolio.evidence import uploading
from portfolio.evidence.models import Evidence, EvidenceFile
from portfolio.evidence.rules import TRASH_LIFE
from portfolio.imports import actions as imports
from portfolio.mapping import actions as mapping
from portfolio.notices import actions as notices
from portfolio.previews import actions as preview_actions
from portfolio.previews import queries as previews
from portfolio.previews.models import Preview
from portfolio.previews.rules import MADE
from portfolio.redaction import ending, using
from portfolio.redaction.rules import UNUSED_LIFE
from portfolio.screening import asking, scanning
from portfolio.storage import queries as storage
from portfolio.storage.actions import bury, remove_unnamed
from portfolio.storage.models import Blob
from portfolio.storage.rules import BlobState
from portfolio.storage.stores import Derived, Store

log = logging.getLogger("portfolio.housekeeping")

BATCH = 20


def keep_house(database: Database, store: Store, stopping: Event) -> None:
    """Do all of it once, centre by centre; ends early when `stopping` is set."""
    with database.reading() as session:
        centres = list(session.scalars(select(Centre).order_by(Centre.id)))
    for centre in centres:
        if not stopping.is_set():
            let_originals_go(database, centre)
            drop_unused(database, centre)
        while not stopping.is_set() and remove_content(database, store, centre) == BATCH:
            pass
        if not stopping.is_set():
            sweep_unnamed(database, store, centre)
            sweep_waiting(database, centre)
            sweep_bundles(database, centre)
            empty_trash(database, centre)
            note_heads(database, centre)
    sweep_drafts(database)
    sweep_notices(database)
    store.sweep_incoming()


def remove_content(database: Database, store: Store, centre: Centre) -> int:
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


def sweep_unnamed(database: Database, store: Store, centre: Centre) -> int:
    """Remove a centre's files whose row was never committed; answers how many."""
    with database.reading() as session:
        named = storage.present_in(session, centre.id)
    removed = 0
    for sha256 in store.stale(centre.uid):
        if sha256 not in named:
            with database.writing() as session:
                removed += remove_unnamed(session, store, centre_id=centre.id, centre_uid=centre.uid, sha256=sha256)
    if removed:
        log.info("removed %d files that nothing names", removed)
    return removed


def sweep_waiting(database: Database, centre: Centre) -> int:
    """Remove a batch of the files that were sent and never made an item of; answers how many."""
    with database.writing() as session:
        removed = uploading.sweep(session, System(), centre, most=BATCH)
        session.commit()
    return removed


def sweep_bundles(database: Database, centre: Centre) -> int:
    """Remove a batch of the bundles that came to a centre and that nobody touched for long; answers how many."""
    with database.writing() as session:
        removed = arriving.sweep(session, System(), centre, most=BATCH)
        session.commit()
    return removed


def empty_trash(database: Database, centre: Centre) -> int:
    """Remove for good what has lain in the trash for its time, one portfolio after the other; answers how many."""
    before = clock.now() - TRASH_LIFE
    with database.reading() as session:
        has_due = select(Evidence.enrolment_id).where(Evidence.trashed_at <= before)
        due = session.scalars(
            select(Enrolment)
            .where(Enrolment.centre_id == centre.id, Enrolment.state == EnrolmentState.ACTIVE)
            .where(Enrolment.id.in_(has_due))
            .order_by(Enrolment.id)
        ).all()
    removed = 0
    for enrolment in due:
        with database.writing() as session:
            removed += mapping.empty_trash(session, System(), enrolment, before=before, most=BATCH)
            session.commit()
    return removed


def let_originals_go(database: Database, centre: Centre) -> int:
    """Let the originals of redacted files go that were held for their time, one portfolio after the other; answers how
    many. Their contents are removed after it.
    """
    now = clock.now()
    with database.reading() as session:
        due = using.due_in(session, centre.id, now)
    let_go = 0
    for enrolment_id in due:
        with database.writing() as session:
            let_go += using.let_go_due(session, System(), session.get_one(Enrolment, enrolment_id), now)
            session.commit()
    return let_go


def drop_unused(database: Database, centre: Centre) -> int:
    """Drop redacted files that were asked for long ago and never used, portfolio by portfolio; answers how many."""
    before = clock.now() - UNUSED_LIFE
    with database.reading() as session:
        due = ending.outdated_in(session, centre.id, before)
    dropped = 0
    for enrolment_id in due:
        with database.writing() as session:
            dropped += ending.drop_outdated(session, System(), session.get_one(Enrolment, enrolment_id), before)
            session.commit()
    return dropped


def sweep_drafts(database: Database) -> int:
    """Remove what people typed long ago and never saved, and lists that they never imported; answers how many. Neither
    is part of the record.
    """
    with database.writing() as session:
        removed = drafts.sweep(session) + imports.sweep(session)
        session.commit()
    return removed


def sweep_notices(database: Database) -> int:
    """Remove what people were told and put away long ago; answers how many. Notices are no part of the record."""
    with database.writing() as session:
        removed = notices.sweep(session)
        session.commit()
    return removed


def destroy(database: Database, store: Store, derived: Derived, centre: Centre) -> None:
    """Destroy at once what was let go in a centre: contents, their previews, and what the database has left on disk.

    Somebody is about to be told what is destroyed. What does not work at this moment, the worker does.
    """
    try:
        while remove_content(database, store, centre) == BATCH:
            pass
        while remove_previews(database, derived) == BATCH:
            pass
        database.forget()
    except (OperationalError, Unavailable):
        log.exception("what was let go could not be destroyed at once")


def keep_previews(database: Database, derived: Derived, stopping: Event) -> None:
    """Previews of content that is gone go, those that are missing are asked for, and a few that an older release made
    are made anew; ends early when told to stop.
    """
    while not stopping.is_set() and remove_previews(database, derived) == BATCH:
        pass
    while not stopping.is_set() and ask_for_previews(database) == BATCH:
        pass
    if not stopping.is_set():
        make_previews_anew(database)
    with database.reading() as session:
        wanted = {
            centre.uid: previews.contents_with_parts(session, centre.id) for centre in session.scalars(select(Centre))
        }
    for uid, contents in wanted.items():
        derived.sweep(uid, contents)


def remove_previews(database: Database, derived: Derived) -> int:
    """Remove one batch of previews whose content is gone; answers how many."""
    with database.writing() as session:
        gone = session.execute(
            select(Blob, Centre.uid)
            .join(Preview, Preview.blob_id == Blob.id)
            .join(Centre, Centre.id == Blob.centre_id)
            .where(Blob.state == BlobState.GONE)
            .limit(BATCH)
        ).all()
        for blob, uid in gone:
            preview_actions.forget(session, derived, [blob], centre_uid=uid)
        session.commit()
    return len(gone)


def ask_for_previews(database: Database) -> int:
    """Ask for one batch of previews that evidence lacks; answers how many."""
    with database.writing() as session:
        lacking = session.scalars(
            select(Blob)
            .where(
                Blob.state == BlobState.KEPT,
                Blob.media_type.in_(MADE),
                exists().where(EvidenceFile.blob_id == Blob.id),
                ~exists().where(Preview.blob_id == Blob.id),
            )
            .order_by(Blob.id)
            .limit(BATCH)
        ).all()
        for blob in lacking:
            preview_actions.ask_for(session, blob)
        session.commit()
    return len(lacking)


def make_previews_anew(database: Database) -> int:
    """Have one batch of previews that an older release made made anew, when no other waits; answers how many. What
    they then show besides is looked through in drafts.
    """
    with database.writing() as session:
        if previews.is_any_waiting(session):
            return 0
        older = previews.of_older_format(session, most=BATCH)
        for preview in older:
            preview_actions.make_anew(session, preview)
            asking.ask_again(session, asking.in_drafts(session, preview.blob))
        session.commit()
    return len(older)


def keep_screened(database: Database, stopping: Event) -> None:
    """Items that were never looked through, wholly or in part, are; and drafts' contents that an older release looked
    through are to be once more. Ends early when told to stop.
    """
    after = 0
    while not stopping.is_set() and (found := look_through_items(database, after=after)):
        after = found[-1]
    after = 0
    while not stopping.is_set() and (found := ask_for_newer_looks(database, after=after)):
        after = found[-1]


def look_through_items(database: Database, *, after: int) -> list[int]:
    """Look through one batch of items that were not, beginning after the one with this id; answers which."""
    with database.reading() as session:
        lacking = asking.not_looked_through(session, after=after, most=BATCH)
    for evidence_id in lacking:
        with database.writing() as session:
            evidence = session.get(Evidence, evidence_id)
            if evidence is not None:
                held(session, evidence.enrolment_id, even_over=True)
                scanning.look(session, evidence)
                asking.ask_for_contents(session, evidence)
            session.commit()
    return lacking


def ask_for_newer_looks(database: Database, *, after: int) -> list[int]:
    """Have one batch of contents looked through once more, beginning after the scan with this id; answers which."""
    with database.writing() as session:
        found = asking.looked_through_before(session, after=after, most=BATCH)
        asking.ask_again(session, found)
        session.commit()
    return [scan.id for scan in found]


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
