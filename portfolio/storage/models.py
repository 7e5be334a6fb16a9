"""Stored content: one row per centre and SHA-256, so that the same file is kept once in a centre and never shared
between centres. A blob dies with its last reference and leaves its row as a tombstone."""

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portfolio.db import Base, key, moment, uid
from portfolio.storage.rules import BlobState


class Blob(Base):
    """Content of `size` bytes with this SHA-256 (hexadecimal) and media type."""

    __tablename__ = "blob"
    __table_args__ = (UniqueConstraint("centre_id", "sha256"),)

    id: Mapped[key]
    uid: Mapped[uid]
    centre_id: Mapped[int] = mapped_column(ForeignKey("centre.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str] = mapped_column(String(100))
    state: Mapped[BlobState] = mapped_column(default=BlobState.KEPT)
    created_at: Mapped[moment]
