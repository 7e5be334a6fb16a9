"""Looking at previews: the next one to make, and those that a centre has."""

from collections.abc import Sequence

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, joinedload

from portfolio import clock
from portfolio.centres.models import Centre
from portfolio.documents.preview import FORMAT
from portfolio.previews.models import Preview
from portfolio.previews.rules import PreviewState
from portfolio.storage.models import Blob
from portfolio.storage.rules import BlobState


def next_due(session: Session) -> Preview | None:
    """The preview that has waited longest and that nobody holds; held until the transaction ends."""
    return session.scalars(
        select(Preview)
        .where(
            Preview.state == PreviewState.WAITING,
            or_(Preview.lease_until.is_(None), Preview.lease_until < clock.now()),
        )
        .order_by(Preview.asked_at, Preview.id)
        .limit(1)
        .options(joinedload(Preview.blob))
        .with_for_update(of=Preview, skip_locked=True),
        execution_options={"populate_existing": True},
    ).first()


def is_any_waiting(session: Session) -> bool:
    """Whether a preview is still to be made."""
    return session.scalar(select(exists().where(Preview.state == PreviewState.WAITING))) or False


def of_older_format(session: Session, *, most: int) -> Sequence[Preview]:
    """The oldest previews that say less than those of today, locked; those that somebody else holds are left out."""
    number = Preview.manifest["format"].as_integer()
    return session.scalars(
        select(Preview)
        .join(Blob, Blob.id == Preview.blob_id)
        .where(Preview.state != PreviewState.WAITING, Blob.state == BlobState.KEPT)
        .where(or_(number.is_(None), number < FORMAT))
        .order_by(Preview.id)
        .limit(most)
        .options(joinedload(Preview.blob))
        .with_for_update(of=Preview, skip_locked=True),
        execution_options={"populate_existing": True},
    ).all()


def held(session: Session, preview_id: int) -> Preview | None:
    """The preview, locked; None when it was forgotten meanwhile."""
    return session.get(Preview, preview_id, with_for_update=True, populate_existing=True)


def centre_uid(session: Session, blob: Blob) -> str:
    """The public id of the centre that the content belongs to."""
    return session.scalars(select(Centre.uid).where(Centre.id == blob.centre_id)).one()


def contents_with_parts(session: Session, centre_id: int) -> set[str]:
    """The SHA-256 of each of a centre's contents whose preview is ready."""
    return set(
        session.scalars(
            select(Blob.sha256)
            .join(Preview, Preview.blob_id == Blob.id)
            .where(Blob.centre_id == centre_id, Preview.state == PreviewState.READY)
        )
    )
