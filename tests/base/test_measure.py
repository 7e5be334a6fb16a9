"""A bench whose comparator is missing fails, unless it is told to go without that one."""

import pytest

from tests.bench import measure

RIVALS = ["usual", "rival"]


def test_what_is_there_is_compared_with() -> None:
    options = measure.parser(None, RIVALS).parse_args([])
    assert measure.comparator("usual", "tests.bench.measure", options.without) is measure


def test_what_is_missing_ends_the_bench_and_says_how_to_go_on() -> None:
    options = measure.parser(None, RIVALS).parse_args(["--without", "usual"])
    with pytest.raises(SystemExit, match=r"no_such_rival.*--without rival"):
        measure.comparator("rival", "no_such_rival", options.without)


def test_what_is_named_is_left_out_whether_it_is_there_or_not() -> None:
    options = measure.parser(None, RIVALS).parse_args(["--without", "usual,rival"])
    assert measure.comparator("usual", "tests.bench.measure", options.without) is None
    assert measure.comparator("rival", "no_such_rival", options.without) is None


def test_nothing_else_can_be_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        measure.parser(None, RIVALS).parse_args(["--without", "usual,ours"])
    assert "ours is none of: usual, rival" in capsys.readouterr().err


def test_the_cheapest_round_of_each_counts() -> None:
    row = measure.least("a page", [0.004, 0.002, 0.009], [0.001, 0.0005, 0.003], "an anchor", hold=3.9)
    assert (row["ours"], row["anchor"], row["ratio"], row["ok"]) == (2.0, 0.5, 4.0, False)
