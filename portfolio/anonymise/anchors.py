"""Patterns tried only at the places where they can begin, which a plainer pattern finds first. Pure."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

_FIGURED = re.compile(r"\d\S*")
_LINE_END = re.compile("\n")
_LEAD = 64
"""How far before its first figure a chunk of text is looked at."""


def matches(pattern: "re.Pattern[str]", text: str, anchor: "re.Pattern[str]") -> Iterator["re.Match[str]"]:
    """What `pattern.finditer(text)` gives, for a pattern whose every match begins where one of `anchor` does."""
    return matches_at(pattern, text, (spot.start() for spot in anchor.finditer(text)))


def matches_at(pattern: "re.Pattern[str]", text: str, places: Iterable[int]) -> Iterator["re.Match[str]"]:
    """What `pattern.finditer(text)` gives, for a pattern whose every match begins at one of `places`."""
    done = 0
    for place in places:
        if place >= done:
            match = pattern.match(text, place)
            if match is not None:
                done = match.end()
                yield match


def in_chunks(pattern: "re.Pattern[str]", text: str) -> Iterator["re.Match[str]"]:
    """What `pattern.finditer(text)` gives, for a pattern that takes in no space and has a figure near its start."""
    for start, end in _chunks(text):
        yield from pattern.finditer(text, start, end)


def in_lines(pattern: "re.Pattern[str]", text: str) -> Iterator["re.Match[str]"]:
    """What `pattern.finditer(text)` gives, for a pattern whose every match begins where a line does."""
    return matches_at(pattern, text, _line_starts(text))


@lru_cache(maxsize=8)
def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in _LINE_END.finditer(text))]


@lru_cache(maxsize=8)
def _chunks(text: str) -> list[tuple[int, int]]:
    """Where the stretches without a space begin and end that have a figure."""
    found = []
    for match in _FIGURED.finditer(text):
        first, end = match.span()
        least = max(0, first - _LEAD)
        start = max(text.rfind(" ", least, first), text.rfind("\n", least, first)) + 1
        found.append((max(start, least), end))
    return found


def forget() -> None:
    """Keep nothing of the texts that were read."""
    _chunks.cache_clear()
    _line_starts.cache_clear()
