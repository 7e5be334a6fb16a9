"""Carrying content from one store into another: hashed on the way, and read back before it counts as carried."""

from enum import Enum

from portfolio.storage.arriving import CHUNK
from portfolio.storage.stores import Store


class Carried(Enum):
    """Carried now; there already, by its size; or lost: missing in the source, or not what was stored."""

    NOW = "now"
    BEFORE = "before"
    LOST = "lost"


def carry(source: Store, target: Store, *, centre: str, sha256: str, size: int) -> Carried:
    """Have a content of this size in the target too; it stays in the source. May be done again at any time."""
    if target.size(centre, sha256) == size:
        return Carried.BEFORE
    incoming = target.receive()
    try:
        with source.open(centre, sha256) as content:
            while piece := content.read(CHUNK):
                incoming.write(piece)
        arrived = incoming.arrive()
        if arrived.sha256 != sha256:
            return Carried.LOST
        target.take(centre, arrived)
    except FileNotFoundError:
        return Carried.LOST
    finally:
        incoming.abandon()
    return Carried.NOW if target.is_whole(centre, sha256) else Carried.LOST
