"""Words that go on in the next line after a hyphen, which are one word there. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from portfolio.documents.redaction.matching import Match, Matcher

SOFT = "\x02"
"""How a reader of PDFs says that a line ends within a word."""
_BREAK = re.compile(r"(?<=\w)(?:\x02\n?|[\-\u00ad\u2010] ?\n)(?=\w)")
_NEAR = 200


@dataclass(frozen=True, slots=True)
class Joined:
    """The lines around such a word with the word whole: it was cut before text[at], where some signs were left out.

    `start` is where this begins in the text that it was taken from.
    """

    text: str
    at: int
    start: int
    left_out: int

    def original(self, index: int) -> int:
        """Where a sign of this stands in the text that it was taken from."""
        return self.start + index + (self.left_out if index >= self.at else 0)


def joined_in(text: str) -> list[Joined]:
    """Every such word."""
    return [_around(text, found.start(), found.end()) for found in _BREAK.finditer(text)]


def broken(lines: Iterable[Joined], matcher: Matcher) -> list[Match]:
    """What goes of such words, as places of the text that they were taken from."""
    return [
        Match(line.original(match.start), line.original(match.end - 1) + 1, match.swap)
        for line in lines
        for match in matcher.find(line.text)
        if match.start < line.at < match.end
    ]


def _around(text: str, start: int, end: int) -> Joined:
    first = max(text.rfind("\n", 0, start) + 1, start - _NEAR)
    last = text.find("\n", end)
    rest = text[end : min(len(text) if last < 0 else last, end + _NEAR)]
    return Joined(text[first:start] + rest, start - first, first, end - start)
