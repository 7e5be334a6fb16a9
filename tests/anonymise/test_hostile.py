"""Texts that are made to be slow: the time grows with the length and no faster."""

import time

import pytest

from portfolio.anonymise.detect import detect

LENGTH = 4_000
TIMES = 8
REPEATED = [
    "a", "A", "Mr ", "1", "@", "a@", "0", "07700 ", "1 ", "-", "a.", "A-1/", "_", "\n", "\n1", "  ", ", ", "Flat 1, ",
    "10 Mill ", "(", "a:", "ref 1 ", '"', "1.", "O1", "::", "/", "http://", "one ", "AB12 CDE ", "LS1 1AA\n",
    "Leeds, LS1 1AA ", "dob ", "12/03/1960 ", "|", "a|", "name,ref,tel\n", "a b  ", "ref: AB-12345, ", "user ", "St ",
    "=", "10:00 ABCDE ", "account 12345678 ", "\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}", "Address: ", "Heol ", "the ",
]  # fmt: skip


@pytest.mark.parametrize("piece", REPEATED, ids=ascii)
def test_time_grows_with_the_length(piece: str) -> None:
    detect("warm")
    short = least_time((piece * LENGTH)[:LENGTH])
    long = least_time((piece * LENGTH * TIMES)[: LENGTH * TIMES])
    assert long < max(short, 0.005) * TIMES * 3


def least_time(text: str) -> float:
    """Of two runs, as other programs share the processor."""
    taken: list[float] = []
    for _ in range(2):
        begin = time.process_time()
        detect(text)
        taken.append(time.process_time() - begin)
    return min(taken)
