"""How far the looking through of one content of an item is."""

from dataclasses import dataclass
from functools import cache

from sqlalchemy import String, bindparam, select
from sqlalchemy.orm import Session

from portfolio.db import AnySelect, read
from portfolio.screening.models import Scan
from portfolio.screening.rules import ScanState


@dataclass(frozen=True, slots=True)
class ContentStand:
    """Its state, and a sentence on what of it could not be looked through."""

    state: ScanState
    note: str


@cache
def _scan() -> AnySelect:
    return select(Scan.state, Scan.note).where(
        Scan.item_uid == bindparam("item", type_=String), Scan.source == bindparam("source", type_=String)
    )


def content_stand(session: Session, item_uid: str, source: str) -> ContentStand:
    """How it stands with the content of an item with this SHA-256; it waits where nobody asked yet. One statement."""
    row = read(session, _scan(), item=item_uid, source=source).one_or_none()
    return ContentStand(row.state, row.note) if row is not None else ContentStand(ScanState.WAITING, "")
