"""Keeping and letting go of content. The file goes only after the row says so, and the row stays as a tombstone.

Both happen while the row is locked, so that content which is uploaded again at that moment is not lost.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.storage import queries
from portfolio.storage.arriving import Arrived
from portfolio.storage.models import Blob
from portfolio.storage.rules import BlobState
from portfolio.storage.stores import Store


def keep(session: Session, store: Store, arrived: Arrived, *, centre_id: int, centre_uid: str, media_type: str) -> Blob:
    """The blob of an arrived file, whose file is in its place when this returns. The caller records the event."""
    blob = _locked_row(session, _row(centre_id, arrived.sha256, arrived.size, media_type))
    store.take(centre_uid, arrived)
    blob.media_type, blob.state = media_type, BlobState.KEPT
    session.flush()
    return blob


def _row(centre_id: int, sha256: str, size: int, media_type: str, state: BlobState = BlobState.KEPT) -> Blob:
    return Blob(
        centre_id=centre_id, sha256=sha256, size=size, media_type=media_type, state=state, created_at=clock.now()
    )


def _locked_row(session: Session, fresh: Blob) -> Blob:
    """The content's one row in the centre, locked; a fresh one unless somebody stores the same content just now."""
    same = select(Blob).where(Blob.centre_id == fresh.centre_id, Blob.sha256 == fresh.sha256).with_for_update()
    blob = session.scalar(same, execution_options={"populate_existing": True})
    if blob is not None:
        return blob
    try:
        with session.begin_nested():
            session.add(fresh)
            session.flush()
    except IntegrityError:
        return session.scalars(same).one()
    return fresh


def let_go(session: Session, blobs: Collection[Blob]) -> None:
    """Mark those of the blobs that nothing names any more; the worker removes the content and leaves the tombstone."""
    session.flush()
    named = queries.named_among(session, {blob.id for blob in blobs})
    for blob in blobs:
        if blob.id not in named:
            blob.state = BlobState.DYING
    session.flush()


def bury(session: Session, store: Store, *, centre_id: int, centre_uid: str, most: int) -> Sequence[Blob]:
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


def remove_unnamed(session: Session, store: Store, *, centre_id: int, centre_uid: str, sha256: str) -> bool:
    """Remove content for which there is no row, unless one has come meanwhile; whether it was removed.

    Whoever stores the same content now waits for this transaction, which there is nothing to commit of, and then finds
    the content gone.
    """
    blob = _locked_row(session, _row(centre_id, sha256, 0, "", BlobState.GONE))
    if blob.state is not BlobState.GONE:
        return False
    store.remove(centre_uid, sha256)
    return True
