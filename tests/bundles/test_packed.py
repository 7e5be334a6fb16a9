"""Rows that are kept packed come out as they went in, as often as wanted, and are written as JSON of the same."""

import json

import pytest

from portfolio.bundles.packed import Packed, text_of

ROWS = [{"id": number, "said": f"Zażółć “{number}” 🌊", "more": [None, True, {"a": [1]}]} for number in range(1_001)]


@pytest.mark.parametrize("count", [0, 1, 249, 250, 251, 1_001])
def test_rows_come_out_as_they_went_in(count: int) -> None:
    packed = Packed(iter(ROWS[:count]))
    assert len(packed) == count
    assert packed.last == (ROWS[count - 1] if count else None)
    for _again in range(2):
        assert list(packed) == ROWS[:count]


def test_tables_are_written_with_a_row_on_each_line() -> None:
    said = {"about": {"name": "Amina"}, "none": Packed(()), "some": Packed(ROWS[:3]), "plain": ROWS[:2]}
    text = "".join(text_of(said))
    assert json.loads(text) == {"about": {"name": "Amina"}, "none": [], "some": ROWS[:3], "plain": ROWS[:2]}
    assert sum(line.startswith('{"id": ') for line in text.splitlines()) == 5
    assert json.loads("".join(text_of(Packed(ROWS)))) == ROWS
    assert json.loads("".join(text_of(Packed(())))) == []
