"""Keeping and letting go of content. The file goes only after the row says so, and the row stays as a tombstone.

Both happen while the row is locked, so that content which is uploaded again at that moment is not lost.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.storage import queries
from portfolio.storage.blobs import Arrived, LocalStore
from portfolio.storage.models import Blob
from portfolio.storage.rules import BlobState


def keep(
    session: Session, store: LocalStore, arrived: Arrived, *, centre_id: int, centre_uid: str, media_type: str
) -> Blob:
    """The blob of an arrived file, whose file is in its place when this returns. The caller records the event."""
    blob = _locked_row(session, arrived, centre_id, media_type)
    store.take(centre_uid, arrived)
    blob.media_type, blob.state = media_type, BlobState.KEPT
    session.flush()
    return blob


def _locked_row(session: Session, arrived: Arrived, centre_id: int, media_type: str) -> Blob:
    """The content's one row in the centre, locked; a new one unless somebody stores the same content at this moment."""
    same = select(Blob).where(Blob.centre_id == centre_id, Blob.sha256 == arrived.sha256).with_for_update()
    blob = session.scalar(same, execution_options={"populate_existing": True})
    if blob is not None:
        return blob
    blob = Blob(
        centre_id=centre_id,
        sha256=arrived.sha256,
        size=arrived.size,
        media_type=media_type,
        created_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(blob)
            session.flush()
    except IntegrityError:
        return session.scalars(same).one()
    return blob


def let_go(session: Session, blobs: Collection[Blob]) -> None:
    """Mark those of the blobs that nothing names any more; the worker removes the content and leaves the tombstone."""
    session.flush()
    named = queries.named_among(session, {blob.id for blob in blobs})
    for blob in blobs:
        if blob.id not in named:
            blob.state = BlobState.DYING
    session.flush()


def bury(session: Session, store: LocalStore, *, centre_id: int, centre_uid: str, most: int) -> Sequence[Blob]:
    """Remove the content of up to `most` dying blobs of a centre; one that is named again is kept after all.

    Answers every blob that was looked at, in its new state. The caller records the event.
    """
    looked_at = queries.dying_in(session, centre_id, most=most)
    named = queries.named_among(session, [blob.id for blob in looked_at])
    for blob in looked_at:
        if blob.id in named:
            blob.state = BlobState.KEPT
        else:
            store.remove(centre_uid, blob.sha256)
            blob.state = BlobState.GONE
    session.flush()
    return looked_at
