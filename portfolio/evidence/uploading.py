"""Files arrive before there is an item that they belong to. Each waits under the name of whoever sent it, and takes up
room, until an item is made of it, its sender takes it away, or nobody has fetched it for some days.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.audit import streams
from portfolio.audit.events import Doer
from portfolio.centres.models import Centre
from portfolio.enrolment.actions import lock
from portfolio.enrolment.models import Enrolment
from portfolio.errors import Rejected
from portfolio.evidence.file_queries import room_in
from portfolio.evidence.models import WaitingFile
from portfolio.evidence.rules import FILES_MOST, NAME_MOST, WAITING_LIFE, WAITING_MOST
from portfolio.previews import actions as previews
from portfolio.storage.actions import keep, let_go
from portfolio.storage.arriving import Upload
from portfolio.storage.rules import Limits, check_file_size
from portfolio.storage.stores import Store


def receive(
    session: Session, actor: Actor, enrolment: Enrolment, store: Store, upload: Upload, *, limits: Limits
) -> WaitingFile:
    """The file waits in the portfolio. Raises TooLarge when there is no room, Rejected when too many wait already."""
    name = upload.name[:NAME_MOST]
    check_file_size(upload.arrived.size, limits, name)
    enrolment = lock(session, enrolment.id)
    room_in(session, enrolment, limits, besides=upload.arrived.sha256).check(upload.arrived.size, name)
    if _waiting(session, actor, enrolment) >= WAITING_MOST:
        raise Rejected(f"{WAITING_MOST} files of yours belong to no item yet. Use or remove some first.", "files")
    blob = keep(
        session,
        store,
        upload.arrived,
        centre_id=enrolment.centre_id,
        centre_uid=actor.centre_uid,
        media_type=upload.media_type,
    )
    previews.ask_for(session, blob)
    waiting = WaitingFile(
        enrolment_id=enrolment.id,
        person_id=actor.person_id,
        blob_id=blob.id,
        name=name,
        arrived_at=clock.now(),
    )
    session.add(waiting)
    session.flush()
    _record(session, actor, "evidence.receive", enrolment, {"file_uids": [waiting.uid]})
    return waiting


def _waiting(session: Session, actor: Actor, enrolment: Enrolment) -> int:
    own = (WaitingFile.enrolment_id == enrolment.id) & (WaitingFile.person_id == actor.person_id)
    return session.scalar(select(func.count()).where(own)) or 0


def _record(session: Session, doer: Doer, verb: str, enrolment: Enrolment, text: dict[str, object]) -> None:
    streams.record(session, doer, verb, streams.named(enrolment), stream_id=enrolment.stream_id, text=text)


def fetch(session: Session, actor: Actor, enrolment: Enrolment, uids: Collection[str]) -> list[WaitingFile]:
    """Those of one's own files that wait in this portfolio, held until the transaction ends; the caller uses them up.

    They go by their public identifiers, which are never given twice. Raises Rejected when one of them is not there, for
    whatever reason.
    """
    if len(uids) > FILES_MOST:
        raise Rejected(f"An item takes at most {FILES_MOST} files.", "files")
    found = session.scalars(
        select(WaitingFile)
        .where(
            WaitingFile.uid.in_(uids),
            WaitingFile.enrolment_id == enrolment.id,
            WaitingFile.person_id == actor.person_id,
        )
        .order_by(WaitingFile.id)
        .with_for_update()
    ).all()
    if len(found) != len(set(uids)):
        raise Rejected("One of the files is no longer here. Choose it again.", "files")
    return list(found)


def remove(session: Session, actor: Actor, waiting: WaitingFile) -> None:
    """Take away a file that waits."""
    enrolment = lock(session, waiting.enrolment_id)
    file_uid, blob = waiting.uid, waiting.blob
    session.delete(waiting)
    session.flush()
    let_go(session, [blob])
    _record(session, actor, "evidence.remove_waiting", enrolment, {"file_uids": [file_uid]})


def forgotten(session: Session, centre: Centre, *, most: int) -> Sequence[WaitingFile]:
    """Up to `most` files of a centre that nobody has fetched for too long, held until the transaction ends."""
    return session.scalars(
        select(WaitingFile)
        .join(Enrolment, Enrolment.id == WaitingFile.enrolment_id)
        .where(Enrolment.centre_id == centre.id, WaitingFile.arrived_at < clock.now() - WAITING_LIFE)
        .order_by(WaitingFile.id)
        .limit(most)
        .with_for_update(of=WaitingFile, skip_locked=True)
    ).all()


def sweep(session: Session, doer: Doer, centre: Centre, *, most: int) -> int:
    """Remove a batch of what was forgotten; answers how many. On record in the centre's own trail."""
    rows = forgotten(session, centre, most=most)
    blobs = [row.blob for row in rows]
    for row in rows:
        session.delete(row)
    session.flush()
    let_go(session, blobs)
    if rows:
        streams.record(
            session,
            doer,
            "storage.sweep_waiting",
            streams.named(centre),
            stream_id=centre.stream_id,
            text={"removed": len(rows)},
        )
    return len(rows)
