"""Several short texts that belong together, looked through as one: who is found in one is found in the others. Pure."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, replace

from portfolio.anonymise.detect import detect
from portfolio.anonymise.findings import NOTHING_KNOWN, Finding, Known

BETWEEN = "\n\n\n"
"""What keeps one text from running into the next."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A finding with the name of the text that it is in, its words, and where they are: text[start:end]."""

    place: str
    words: str
    finding: Finding


def look_through(texts: Mapping[str, str], known: Known = NOTHING_KNOWN) -> list[Placed]:
    """What is found in each of these texts, by their names, in their order. What would run over an end stops there."""
    names = [name for name, text in texts.items() if text.strip()]
    starts, whole, at = [], [], 0
    for name in names:
        starts.append(at)
        whole.append(texts[name])
        at += len(texts[name]) + len(BETWEEN)
    placed = []
    for finding in detect(BETWEEN.join(whole), known):
        number = bisect_right(starts, finding.start) - 1
        text, first = whole[number], finding.start - starts[number]
        last = min(finding.end - starts[number], len(text))
        if words := text[first:last].strip():
            placed.append(Placed(names[number], words, replace(finding, start=first, end=last)))
    return placed
