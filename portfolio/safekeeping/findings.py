"""What a look at an installation found, a line for each thing that was looked at."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

LAST_DAYS = 2


class State(StrEnum):
    """How it stands: well; something to see to in time; something that is wrong now."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it stands, what was seen, and what to do about it."""

    name: str
    state: State
    says: str
    do: str = ""


def ok(name: str, says: str) -> Finding:
    """It stands well."""
    return Finding(name, State.OK, says)


def warning(name: str, says: str, do: str) -> Finding:
    """Something to see to in time."""
    return Finding(name, State.WARNING, says, do)


def fault(name: str, says: str, do: str) -> Finding:
    """Something that is wrong now."""
    return Finding(name, State.FAULT, says, do)


def span_words(span: timedelta) -> str:
    """How long something is, as people say it: 40 seconds, 12 minutes, 30 hours, 3 days."""
    seconds = abs(span.total_seconds())
    for size, unit, most in ((1, "second", 120), (60, "minute", 7200), (3600, "hour", LAST_DAYS * 86400)):
        if seconds < most:
            return _counted(int(seconds // size), unit)
    return _counted(int(seconds // 86400), "day")


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
