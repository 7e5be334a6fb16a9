"""Looking at stored content: what is named, by whatever table, and what is about to go."""

from collections.abc import Collection

from sqlalchemy import Column, select
from sqlalchemy.orm import Session

from portfolio.connections import KEEPS_CONTENT, OPERATIONAL
from portfolio.db import Base
from portfolio.storage.models import Blob
from portfolio.storage.rules import BlobState


def naming_columns() -> list[Column[int]]:
    """Every column of the schema that names a blob, so that a table which is added later counts by itself.

    What can be made again from a blob does not keep it alive.
    """
    return [
        key.parent
        for table in Base.metadata.sorted_tables
        if table.name not in OPERATIONAL - KEEPS_CONTENT
        for key in table.foreign_keys
        if key.column is Blob.__table__.c.id
    ]


def named_among(session: Session, blob_ids: Collection[int]) -> set[int]:
    """Those of the blobs that some row names."""
    return {
        blob_id
        for column in naming_columns()
        for blob_id in session.scalars(select(column).where(column.in_(blob_ids)).distinct())
    }


def dying_in(session: Session, centre_id: int, *, most: int) -> list[Blob]:
    """Up to `most` dying blobs of a centre, locked, without those that somebody else holds."""
    return list(
        session.scalars(
            select(Blob)
            .where(Blob.centre_id == centre_id, Blob.state == BlobState.DYING)
            .order_by(Blob.id)
            .limit(most)
            .with_for_update(skip_locked=True),
            execution_options={"populate_existing": True},
        )
    )


def present_in(session: Session, centre_id: int) -> set[str]:
    """The SHA-256 of each of a centre's blobs whose file is to be there."""
    return set(session.scalars(select(Blob.sha256).where(Blob.centre_id == centre_id, Blob.state != BlobState.GONE)))
