"""Keeping and letting go of content. The file goes only after the row says so, and the row stays as a tombstone."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.storage.blobs import Arrived, LocalStore
from portfolio.storage.models import Blob
from portfolio.storage.rules import BlobState


def keep(
    session: Session, store: LocalStore, arrived: Arrived, *, centre_id: int, centre_uid: str, media_type: str
) -> Blob:
    """The blob of an arrived file, whose file is in its place when this returns. The caller records the event."""
    store.take(centre_uid, arrived)
    blob = session.scalar(
        select(Blob).where(Blob.centre_id == centre_id, Blob.sha256 == arrived.sha256).with_for_update()
    )
    if blob is None:
        blob = Blob(centre_id=centre_id, sha256=arrived.sha256, size=arrived.size, created_at=clock.now())
        session.add(blob)
    blob.media_type, blob.state = media_type, BlobState.KEPT
    session.flush()
    return blob
