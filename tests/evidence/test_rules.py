"""What an item must say."""

from datetime import date

import pytest

from portfolio.errors import Rejected
from portfolio.evidence.rules import TITLE_MOST, check_details, reference

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(("number", "ref"), [(1, "E001"), (42, "E042"), (999, "E999"), (1000, "E1000")])
def test_references(number: int, ref: str) -> None:
    """Three figures, more when there are more."""
    assert reference(number) == ref


@pytest.mark.parametrize(
    ("title", "event_on", "field"),
    [
        ("", None, "title"),
        ("   ", None, "title"),
        ("x" * (TITLE_MOST + 1), None, "title"),
        ("Letter", date(2026, 11, 23), "event_on"),
    ],
)
def test_what_is_refused(title: str, event_on: date | None, field: str) -> None:
    """With the field that it is about."""
    with pytest.raises(Rejected) as refused:
        check_details(title=title, event_on=event_on, today=TODAY)
    assert refused.value.field == field


@pytest.mark.parametrize("event_on", [None, TODAY, date(1999, 1, 1)])
def test_what_is_taken(event_on: date | None) -> None:
    """A title is enough; today has happened."""
    check_details(title="x" * TITLE_MOST, event_on=event_on, today=TODAY)
