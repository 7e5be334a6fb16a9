"""What is kept: so much at most, the longest unasked goes first, and threads may share it."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from portfolio.kept import Kept


def test_what_was_not_asked_for_longest_goes_first() -> None:
    kept = Kept[str, int](2)
    kept.keep("a", 1)
    kept.keep("b", 2)
    assert kept.get("a") == 1
    kept.keep("c", 3)
    assert (kept.get("a"), kept.get("b"), kept.get("c")) == (1, None, 3)
    kept.keep("a", 4)
    kept.keep("d", 5)
    assert (kept.get("a"), kept.get("c"), kept.get("d"), len(kept)) == (4, None, 5, 2)


@dataclass(frozen=True)
class Yielding:
    """A key that lets other threads go first whenever it is looked up."""

    number: int

    def __hash__(self) -> int:
        """Also a turn for the others."""
        time.sleep(0)
        return self.number


def test_threads_may_share_it() -> None:
    kept = Kept[Yielding, int](2)

    def use(first: int) -> bool:
        for number in range(first, first + 500):
            kept.keep(Yielding(number % 7), number % 7)
            if kept.get(Yielding(number % 5)) not in {None, number % 5}:
                return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(use, range(8)))
    assert len(kept) == 2
