"""The one source of the time: always aware, always UTC, and can be held still."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

UK = ZoneInfo("Europe/London")
_held: ContextVar[datetime | None] = ContextVar("held", default=None)


def now() -> datetime:
    """The present moment in UTC, with microseconds."""
    return _held.get() or datetime.now(UTC)


def today() -> date:
    """Today's date where the product is used, in the United Kingdom."""
    return now().astimezone(UK).date()


@contextmanager
def fixed(at: datetime) -> Iterator[None]:
    """Hold the clock at `at` (aware) within the block."""
    if at.tzinfo is None:
        raise ValueError("the clock takes aware times only")
    token = _held.set(at.astimezone(UTC))
    try:
        yield
    finally:
        _held.reset(token)
