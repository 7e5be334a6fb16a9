"""The figures of the audit in words, the same on the page and in a file."""

from datetime import date
from functools import lru_cache

from portfolio import clock
from portfolio.assessment.coverage_filters import Figures
from portfolio.assessment.coverage_queries import LearnerRow
from portfolio.mapping.coverage import STANDINGS, STATE_WORDS, Tally

MISSING = "Not in their version of it"
NOT_CHOSEN = "Not chosen"
ALL_SHOWN = "All that are chosen"
NOBODY = "Nobody assesses yet"
ON_PLAN = "On plan"
NOTHING_YET = "None yet"

CELL_WORDS = {
    letter: f"{STATE_WORDS[standing.state]}{', single source' if standing.is_single_source else ''}"
    for letter, standing in STANDINGS.items()
}
"""Each standing by its letter."""


def counts(of: Figures) -> Tally:
    """How many criteria stand in each state."""
    return Tally(of.met, of.needs_more, of.claimed, of.criteria - of.met - of.needs_more - of.claimed)


def met_share(of: Figures) -> int:
    """How many of a hundred criteria are met, rounded down: 100 only when all are."""
    return int(100 * of.met // of.criteria) if of.criteria else 0


@lru_cache(maxsize=5_000)
def sum_words(of: Figures) -> tuple[str, tuple[str, ...]]:
    """`47% met`, and then `8 of 17`, `4 gaps, 2 claimed, 1 needs more`, `3 single source`."""
    tally = counts(of)
    others = [
        counted(tally.gap, "gap", "gaps"),
        counted(tally.claimed, "claimed"),
        counted(tally.needs_more, "needs more", "need more"),
    ]
    left = ", ".join(one for one in others if one)
    single = counted(of.single_source, "single source")
    lines = (f"{of.met} of {of.criteria}", left or "all met", single)
    return f"{met_share(of)}% met", tuple(line for line in lines if line)


def counted(number: int, one: str, many: str = "") -> str:
    """`1 gap`, `2 gaps`; nothing for none."""
    return f"{number} {one if number == 1 else many or one}" if number else ""


def days_behind(row: LearnerRow, today: date | None = None) -> int:
    """How many days what is met lags behind the plan; 0 when it keeps pace."""
    return max(0, int(((today or clock.today()) - row.on_track_until).days))


def days_since(row: LearnerRow, today: date | None = None) -> int | None:
    """How many days ago the learner last made progress; None when never."""
    return max(0, int(((today or clock.today()) - row.progressed_on).days)) if row.progressed_on else None


def behind_words(row: LearnerRow) -> str:
    """`12 days`, or that all is on plan."""
    return counted(days_behind(row), "day", "days") or ON_PLAN


def progress_words(row: LearnerRow) -> str:
    """`Today`, `12 days ago`, or that there was none."""
    days = days_since(row)
    if days is None:
        return NOTHING_YET
    return f"{counted(days, 'day', 'days')} ago" if days else "Today"
