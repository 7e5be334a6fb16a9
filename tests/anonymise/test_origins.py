"""Names whose surname is in no list are found by where they stand, whatever the origin of the family."""

import pytest

from portfolio.anonymise import gazetteers
from tests.anonymise import origins

ORIGINS = [origin for origin, _, _ in origins.held_out()]


@pytest.fixture(scope="module")
def by_origin() -> dict[str, float]:
    """Recall over all the places, by origin, of a third of the surnames: `origins.py` itself tries them all."""
    return origins.recall(every=3)[0]


def test_enough_surnames_are_held_out() -> None:
    """Figures by origin mean something only when there are many origins and many names of each."""
    assert len(ORIGINS) >= 25
    for origin, given, surnames in origins.held_out():
        assert len(set(surnames)) == len(surnames) >= 25, origin
        assert len(given) >= 3, origin


@pytest.mark.parametrize("list_name", ["surnames", "given_names"])
def test_no_held_out_surname_is_in_a_list(list_name: str) -> None:
    """A surname that slipped into a list would no longer measure anything."""
    held_out = {gazetteers.fold(surname) for _, _, surnames in origins.held_out() for surname in surnames}
    assert not held_out & gazetteers.words(list_name)


@pytest.mark.parametrize("origin", ORIGINS)
def test_names_of_every_origin_are_found(by_origin: dict[str, float], origin: str) -> None:
    """No family's names are found much worse than another's."""
    assert by_origin[origin] >= 0.95
