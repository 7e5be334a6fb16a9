"""Whether there is room for what a bundle brings. Reads only."""

from collections.abc import Iterator, Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portfolio.bundles.arriving.incoming import Incoming, Portfolio
from portfolio.centres.models import Centre
from portfolio.centres.settings import settings_of
from portfolio.config import Settings
from portfolio.storage.models import Blob
from portfolio.storage.rules import BlobState, Limits, size_words

NAMED = 900
"""How many contents one statement names."""


def most_of(settings: Settings) -> Limits:
    """How much an installation takes."""
    return Limits(settings.upload_bytes, settings.learner_bytes, settings.centre_bytes)


def limits_at(centre: Centre, most: Limits | None) -> Limits | None:
    """How much the centre takes, of what its installation takes at `most`; None where nothing is asked."""
    return None if most is None else settings_of(centre.settings).within(most)


def size_of(portfolio: Portfolio) -> int:
    """How many bytes the files of a portfolio have, each content once."""
    return sum(_contents(portfolio).values())


def _contents(portfolio: Portfolio) -> dict[str, int]:
    return {file["sha256"]: file["size"] for file in portfolio.records["files"]}


def too_large(portfolio: Portfolio, limits: Limits | None) -> Iterator[str]:
    """What in a portfolio is larger than it may be at the centre."""
    if limits is None:
        return
    if size_of(portfolio) > limits.portfolio:
        most = size_words(limits.portfolio)
        yield f"Its files have {size_words(size_of(portfolio))}. One {{portfolio}} may have up to {most} here."
    for file in portfolio.records["files"]:
        if file["size"] > limits.file:
            said = f"A file in it has {size_words(file['size'])}"
            yield f"{said}. One may have up to {size_words(limits.file)} here."
            return


def no_room(session: Session, centre: Centre, incoming: Incoming, limits: Limits | None) -> Iterator[str]:
    """Whether the centre has no room for what it does not hold yet. The bundle itself goes once it is in."""
    if limits is None:
        return
    coming: dict[str, int] = {}
    for portfolio in incoming.portfolios:
        coming |= _contents(portfolio)
    for sha256 in _held_among(session, centre.id, coming):
        del coming[sha256]
    size, left = sum(coming.values()), limits.centre - _held(session, centre.id, but=incoming.sha256)
    if size > left:
        yield f"Your centre has no room for it: it brings {size_words(size)}, and {size_words(max(0, left))} are left."


def _held(session: Session, centre_id: int, *, but: str) -> int:
    """How many bytes a centre holds, without one content."""
    size = select(func.sum(Blob.size)).where(Blob.centre_id == centre_id, Blob.state != BlobState.GONE)
    return int(session.scalar(size.where(Blob.sha256 != but)) or 0)


def _held_among(session: Session, centre_id: int, contents: Mapping[str, int]) -> set[str]:
    found, ordered = set[str](), sorted(contents)
    for first in range(0, len(ordered), NAMED):
        mine = Blob.centre_id == centre_id, Blob.state != BlobState.GONE
        some = select(Blob.sha256).where(*mine, Blob.sha256.in_(ordered[first : first + NAMED]))
        found |= set(session.scalars(some))
    return found
