"""Asking for previews, taking one to make, keeping what was made, forgetting it. All operational: no audit event."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.documents.preview import Manifest, manifest_of
from portfolio.previews import queries
from portfolio.previews.models import Preview
from portfolio.previews.rules import LEASE, MADE, MOST_ATTEMPTS, PreviewState
from portfolio.storage.models import Blob
from portfolio.storage.rules import BlobState
from portfolio.storage.stores import Derived

GAVE_UP = "Making a preview of this file stopped three times before its end. Download it to open it."


def ask_for(session: Session, blob: Blob) -> Preview | None:
    """Have a preview made of content that has arrived; None when its kind has none. One that there is stays as it is.

    The caller wakes a worker after the commit.
    """
    if blob.media_type not in MADE:
        return None
    mine = select(Preview).where(Preview.blob_id == blob.id)
    preview = session.scalar(mine)
    if preview is not None:
        return preview
    preview = Preview(blob_id=blob.id, asked_at=clock.now())
    try:
        with session.begin_nested():
            session.add(preview)
            session.flush()
    except IntegrityError:
        return session.scalars(mine).one()
    return preview


def ask_again(session: Session, blob: Blob, *, are_parts_lost: bool = False) -> bool:
    """Have a preview made anew where there is none, or where there was none to make; a ready one only when its parts
    are lost. Answers whether one is to be made that was not before. The caller wakes a worker after the commit.
    """
    is_new = session.scalar(select(Preview.id).where(Preview.blob_id == blob.id)) is None
    preview = ask_for(session, blob)
    if preview is None:
        return False
    session.refresh(preview, with_for_update=True)
    if preview.state is PreviewState.NONE or (preview.state is PreviewState.READY and are_parts_lost):
        make_anew(session, preview)
        return True
    return is_new


def make_anew(session: Session, preview: Preview) -> None:
    """Have a preview made once more. The caller holds it, and wakes a worker after the commit."""
    preview.state, preview.manifest, preview.made_at = PreviewState.WAITING, {}, None
    preview.asked_at, preview.attempts, preview.lease_until = clock.now(), 0, None
    session.flush()


def take(session: Session) -> Preview | None:
    """Take the next preview to make under a lease; None when there is none. One that failed too often is given up."""
    while (preview := queries.next_due(session)) is not None:
        if preview.blob.state is BlobState.GONE:
            session.delete(preview)
        elif preview.attempts >= MOST_ATTEMPTS:
            _settle(preview, PreviewState.NONE, Manifest(note=GAVE_UP).as_json())
        else:
            preview.attempts += 1
            preview.lease_until = clock.now() + LEASE
            session.flush()
            return preview
        session.flush()
    return None


def give_back(session: Session, preview_id: int) -> None:
    """A worker that is told to stop lets go of what it holds; the attempt does not count."""
    preview = queries.held(session, preview_id)
    if preview is not None and preview.state is PreviewState.WAITING:
        preview.attempts, preview.lease_until = max(0, preview.attempts - 1), None
        session.flush()


def keep(session: Session, derived: Derived, preview_id: int, *, manifest: dict[str, Any], folder: Path) -> bool:
    """What was made is kept, its parts in their place; False when the content is gone or the preview forgotten."""
    preview = queries.held(session, preview_id)
    if preview is None or preview.state is not PreviewState.WAITING:
        return False
    blob = session.get_one(Blob, preview.blob_id, with_for_update=True, populate_existing=True)
    if blob.state is BlobState.GONE:
        return False
    has_parts = manifest_of(manifest).has_parts
    if has_parts:
        derived.put(queries.centre_uid(session, blob), blob.sha256, folder)
    _settle(preview, PreviewState.READY if has_parts else PreviewState.NONE, manifest)
    session.flush()
    return True


def _settle(preview: Preview, state: PreviewState, manifest: dict[str, Any]) -> None:
    preview.state, preview.manifest = state, manifest
    preview.made_at, preview.lease_until = clock.now(), None


def forget(session: Session, derived: Derived, blobs: Iterable[Blob], *, centre_uid: str) -> None:
    """The previews of these contents are gone, rows and parts, at once; one that is being made is not kept either."""
    for blob in blobs:
        session.execute(delete(Preview).where(Preview.blob_id == blob.id))
        derived.remove(centre_uid, blob.sha256)
