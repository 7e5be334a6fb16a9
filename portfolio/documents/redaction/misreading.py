"""Accepted words that an engine misread in a picture, where it took one sign for another that looks like it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from portfolio.documents.redaction.matching import Match, Matcher
from portfolio.documents.redaction.plan import Swap

_ALIKE = str.maketrans(
    {"0": "o", "O": "o", "Q": "o", "1": "l", "I": "l", "i": "l", "|": "l", "!": "l", "L": "l", "5": "s", "S": "s",
     "$": "s", "8": "b", "B": "b", "2": "z", "Z": "z", "€": "c", "C": "c", "9": "g", "q": "g", "G": "g"}
)  # fmt: skip
_LEAST_SIGNS = 5


class Misreader:
    """Finds what the exact search does not."""

    def __init__(self, swaps: Iterable[Swap]) -> None:
        self._meant = {
            swap.words.translate(_ALIKE): swap
            for swap in swaps
            if not swap.is_ordinary and sum(map(str.isalnum, swap.words)) >= _LEAST_SIGNS
        }
        self._matcher = Matcher(replace(swap, words=words) for words, swap in self._meant.items())

    def find(self, text: str, known: Sequence[Match]) -> list[Match]:
        """Where such words stand in a text that was read from a picture, but for where words were found already."""
        return [
            Match(match.start, match.end, self._meant[match.swap.words])
            for match in self._matcher.find(text.translate(_ALIKE))
            if not any(match.start < other.end and other.start < match.end for other in known)
        ]
