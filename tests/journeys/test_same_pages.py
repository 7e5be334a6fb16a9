"""Which pages count as one, so that axe is asked once: those of two parties, and no others."""

import pytest

from tests.journeys.visitor import as_any_party_has_it

PAGE = (
    '<body data-person="{0}b"><p>Lena Marlow 70{0}</p><a href="/enrolments/{1}/units/{2}#unit-4">Unit 4</a>'
    '<a href="/enrolments/{1}">All</a><form action="/evidence/{2}?criterion={3}"><i id="unit-4"></i>70{0}</form>'
)


def alike(one: str, other: str) -> bool:
    """Whether axe is asked about only one of two states."""
    return as_any_party_has_it(one) == as_any_party_has_it(other)


def test_pages_of_two_parties_are_one() -> None:
    assert alike(PAGE.format(101, 1, 1, 1), PAGE.format(245, 31, 7, 31))


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ('/enrolments/1">All', '/enrolments/2">All'),
        ("#unit-4", "#unit-5"),
        ('id="unit-4"', 'id="unit-5"'),
        ("<p>Lena Marlow 70101", "<p>Lena Marlow 70102"),
        ("Unit 4", "Unit 5"),
        ("<i ", "<b "),
    ],
)
def test_what_differs_otherwise_is_another_page(here: str, there: str) -> None:
    page = PAGE.format(101, 1, 1, 1)
    changed = page.replace(here, there, 1)
    assert changed != page
    assert not alike(page, changed)
