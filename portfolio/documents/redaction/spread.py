"""Words that go over several lines or cells: what stands in each of them goes as well, since files hold lines and cells
apart from each other. Pure.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from portfolio.documents.redaction.plan import Swap

_BREAK = re.compile(r"[\n\t]+")
_LEAST = 4
"""A line with fewer letters and digits, or of digits alone, says too little to be taken out wherever it stands."""


def spread(swaps: Iterable[Swap]) -> tuple[Swap, ...]:
    """The swaps, and after them one for each line or cell of words that go over several of them."""
    whole = {swap.words: swap for swap in swaps}
    lines = {line.words: line for swap in whole.values() for line in _lines(swap)}
    return (*whole.values(), *(line for words, line in lines.items() if words not in whole))


def _lines(swap: Swap) -> Iterator[Swap]:
    lines = [line.strip(" ,;") for line in _BREAK.split(swap.words.strip())]
    if len(lines) < 2:
        return
    for line in lines:
        signs = [sign for sign in line if sign.isalnum()]
        if len(signs) >= _LEAST and not all(sign.isdecimal() for sign in signs):
            yield replace(swap, words=line, is_ordinary=swap.is_ordinary or " " not in line)
