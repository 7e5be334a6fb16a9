"""How criteria are named: by code, and by unit as well where codes alone would not tell them apart."""

from portfolio.mapping.rules import Coded, in_codes

TITLES = {1: "Complaints", 2: "Problems"}


def test_criteria_of_one_unit_are_their_codes() -> None:
    assert in_codes([], TITLES) == ""
    assert in_codes([Coded(2, "1.1"), Coded(2, "1.2")], TITLES) == "1.1, 1.2"


def test_criteria_of_several_units_stand_behind_their_unit_in_the_order_given() -> None:
    found = [Coded(2, "1.1"), Coded(2, "1.2"), Coded(1, "1.1"), Coded(1, "2.2")]
    assert in_codes(found, TITLES) == "Problems 1.1, 1.2; Complaints 1.1, 2.2"


def test_one_criterion_of_an_item_that_shows_several_units_is_named_with_its_own() -> None:
    whole = [Coded(1, "1.2"), Coded(2, "1.2")]
    assert in_codes(whole[:1], TITLES, among=whole) == "Complaints 1.2"
    assert in_codes(whole[:1], TITLES, among=whole[:1]) == "1.2"
