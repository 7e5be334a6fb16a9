"""What is packed of a learner for the coverage audit can be read again, and a unit is found among the others."""

from datetime import date, timedelta
from random import Random

import pytest

from portfolio.assessment.coverage_rows import Assessing, Packed, Place, lines_of, place_in
from portfolio.mapping.coverage import STANDINGS

TODAY = date(2026, 11, 23)


def packed(
    units: list[tuple[int, int, str]], assessing: list[Assessing] | None = None, cohort: int | None = None
) -> Packed:
    """A learner on qualification 7."""
    return Packed.of(cohort, 7, assessing or [], units)


@pytest.mark.parametrize("seed", range(20))
def test_what_is_packed_is_read_again(seed: int) -> None:
    random = Random(seed)
    assessing = [
        Assessing(
            random.randint(1, 9),
            random.choice([None, random.randint(1, 99)]),
            TODAY - timedelta(random.randint(0, 9)),
            random.choice([None, TODAY + timedelta(random.randint(1, 9))]),
        )
        for _ in range(random.randint(0, 4))
    ]
    versions = random.sample(range(1, 30), random.randint(0, 6))
    units = [(one, 100 + one, "".join(random.choices("".join(STANDINGS), k=random.randint(0, 5)))) for one in versions]
    cohort = random.choice([None, 3])
    found = packed(units, assessing, cohort)
    assert place_in(found.place) == Place(
        cohort,
        7,
        frozenset(one for one, _id, letters in units if letters),
        frozenset(one for one, _id, letters in units if not letters),
        tuple(assessing),
    )
    for version_id, unit_id, letters in units:
        lines = lines_of(frozenset({version_id, 77}))
        assert lines.lines([found.units]) == [(str(version_id), letters, str(unit_id))]
        assert lines.letters(found.units) == [letters]
    for others in (frozenset({77}), frozenset[int]()):
        lines = lines_of(others)
        assert (list(lines.takers([0], [found.units])), lines.letters(found.units)) == ([], [])


def test_a_unit_is_found_in_any_of_its_versions_and_never_in_anothers() -> None:
    all_units: tuple[list[tuple[int, int, str]], ...] = (
        [(1, 50, "M")],
        [(11, 51, "N")],
        [(2, 1, "C"), (11, 52, "G")],
        [(111, 11, "mm")],
        [],
    )
    texts = [packed(units).units for units in all_units]
    for versions, expected in (({1}, [0]), ({11}, [1, 2]), ({1, 11}, [0, 1, 2]), ({111, 2}, [2, 3]), ({5}, [])):
        lines = lines_of(frozenset(versions))
        assert list(lines.takers(range(len(texts)), texts)) == expected
        assert len(lines.lines([texts[number] for number in expected])) == len(expected)
        assert len(lines.letters("".join(texts))) == len(expected)
    both = lines_of(frozenset({1, 11}))
    assert both.lines(texts) == [("1", "M", "50"), ("11", "N", "51"), ("11", "G", "52")]
    assert list(both.takers([2, 0], texts)) == [2, 0]


def test_who_assesses_does_so_from_a_day_until_the_day_before_another() -> None:
    whole, one = Assessing(1, None, TODAY, TODAY + timedelta(2)), Assessing(1, 5, TODAY, None)
    days = (TODAY + timedelta(number) for number in range(-1, 4))
    assert [whole.is_open(day) for day in days] == [False, True, True, False, False]
    assert one.is_open(date.max)
    assert (whole.is_of(5), whole.is_of(6), one.is_of(5), one.is_of(6)) == (True, True, True, False)
