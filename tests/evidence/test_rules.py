"""What an item must say."""

from datetime import date

import pytest

from portfolio.criteria.rules import Method
from portfolio.errors import Rejected
from portfolio.evidence.rules import BY_ASSESSOR, TITLE_MOST, Carrier, check_details, methods_for, reference

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


@pytest.mark.parametrize("carrier", Carrier)
def test_records_are_the_assessor_s_and_everything_else_the_learner_s(carrier: Carrier) -> None:
    """Whatever carries it; and a record is never held elsewhere."""
    assert not set(methods_for(carrier, is_learner=True)) & set(BY_ASSESSOR)
    assert set(methods_for(carrier, is_learner=False)) <= set(BY_ASSESSOR)
    assert bool(methods_for(carrier, is_learner=False)) is (carrier is not Carrier.ELSEWHERE)
    assert (Method.REFLECTIVE_ACCOUNT in methods_for(carrier, is_learner=True)) is (carrier is Carrier.WRITTEN)
