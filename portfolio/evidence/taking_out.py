"""What may become of a text from which personal data is taken out: words go, and a stand-in may take their place. Pure.

The words that stay are matched so that as many as possible stay, in their order. Whatever else stands in the new text
was put in: a few words for each passage at most, and only where words were taken out.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence

from portfolio.errors import Rejected

ONLY_OUT = "Only take out or replace what may not stand; anything else is changed by a new version."
TOO_MUCH = "Less than half of it would be left. Keep more of it, or take all of it out."
STAND_IN = 4
"""How many words may stand in for fewer; for a longer passage as many as it had."""
PUT_IN_MOST = 200
"""How many words may be put into one text altogether."""
SHORT = 20
"""Of a text of more words than this half must stay, or nothing."""


def check_taken_out(before: Mapping[str, str], after: Mapping[str, str]) -> None:
    """Every text of `after` is that of `before` with words taken out or replaced. Raises Rejected naming the field."""
    for name, text in after.items():
        old, new = before.get(name, "").split(), text.split()
        put_in = words_put_in(old, new)
        if put_in is None:
            raise Rejected(ONLY_OUT, name)
        if new and len(old) > SHORT and 2 * (len(new) - put_in) < len(old):
            raise Rejected(TOO_MUCH, name)


def words_put_in(old: Sequence[str], new: Sequence[str]) -> int | None:
    """How many words of `new` stand in for words of `old`; None where words were added, or too many."""
    old, new = _between_same_ends(old, new)
    if (Counter(new) - Counter(old)).total() > PUT_IN_MOST:
        return None
    search = _Search(old, new)
    for put_in in range(min(len(new), PUT_IN_MOST) + 1):
        search.go_on()
        if search.is_matched:
            return put_in if search.is_allowed else None
    return None


def _between_same_ends(old: Sequence[str], new: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    most = min(len(old), len(new))
    start = next((n for n in range(most) if old[n] != new[n]), most)
    end = next((n for n in range(most - start) if old[-1 - n] != new[-1 - n]), most - start)
    return old[start : len(old) - end], new[start : len(new) - end]


class _Search:
    """For 0, 1, 2, ... words put in: how much of `old` the first words of `new` use up at least.

    Each row has a place for every number of words of `new`. `_anyhow` is where words may be added anywhere; `_kept`
    where each passage put in follows one taken out and the last word stays; `_long` where the last words are such a
    passage, of no more words than the one taken out.
    """

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        self._new, self._size, self._never = new, len(old), len(old) + 1
        self._places: dict[str, list[int]] = {}
        for place, word in enumerate(old):
            self._places.setdefault(word, []).append(place)
        self._rows: list[list[int]] = []
        nowhere = [self._never] * (len(new) + 1)
        self._anyhow, self._kept, self._long, self._end = nowhere, nowhere, nowhere, self._never

    @property
    def is_matched(self) -> bool:
        """Whether all of `new` is matched with as many words put in as now."""
        return self._anyhow[-1] <= self._size

    @property
    def is_allowed(self) -> bool:
        """Whether it is, with every passage where words were taken out."""
        return self._end <= self._size

    def go_on(self) -> None:
        """One more word put in."""
        is_first, size = not self._rows, len(self._new) + 1
        fewer, longer = self._anyhow, self._long
        start = 0 if is_first else self._never
        self._anyhow, self._kept, self._long = [start], [start], [self._never] * size
        for at in range(size):
            if at:
                added = self._never if is_first else fewer[at - 1]
                self._anyhow.append(min(added, self._used_up(at - 1, self._anyhow[at - 1])))
            if at and not is_first:
                self._long[at] = 1 + min(self._rows[-1][at - 1], longer[at - 1])
            short = (1 + row[at - n] for n, row in enumerate(reversed(self._rows), start=1) if n <= at)
            self._end = min(self._kept[at], self._long[at], *short)
            if at + 1 < size:
                self._kept.append(self._used_up(at, self._end))
        self._rows = [*self._rows[1 - STAND_IN :], self._kept]

    def _used_up(self, at: int, least: int) -> int:
        """What is used up once this word of `new` is matched behind the first `least` words of `old`."""
        found = self._places.get(self._new[at], [])
        place = bisect_left(found, least)
        return found[place] + 1 if place < len(found) else self._never
