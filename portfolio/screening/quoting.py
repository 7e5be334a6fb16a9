"""What was found with its sentence and no more, for somebody who may not see the item it stands in. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from portfolio.anonymise.findings import LABEL_WORDS, Label

REACH = 200
"""How much is shown before and after, where a sentence is longer."""
CUT = "…"
_END = re.compile(r"[.!?…]+[\"'”’)\]]*\s|\n")


@dataclass(frozen=True, slots=True)
class Place:
    """Something that was found: text[start:end]."""

    start: int
    end: int
    label: Label


@dataclass(frozen=True, slots=True)
class Quote:
    """The words that were found, and what stands before and after them in their sentence."""

    before: str
    words: str
    after: str


def quoted(text: str, asked: Place, others: Iterable[Place]) -> Quote:
    """The sentence of what is asked about; everything else that was found in it is said by its sort alone."""
    ends = [found.end() for found in _END.finditer(text, max(0, asked.start - REACH), asked.start)]
    first = ends[-1] if ends else max(0, asked.start - REACH)
    end = _END.search(text, asked.end, asked.end + REACH)
    last = end.start() + len(end.group().rstrip()) if end else min(len(text), asked.end + REACH)
    hidden = sorted(
        (one for one in others if one.end > first and one.start < last), key=lambda one: (one.start, one.end)
    )
    before = _without(text, first, asked.start, hidden)
    after = _without(text, asked.end, last, hidden)
    is_cut_before, is_cut_after = not ends and first > 0, end is None and last < len(text)
    return Quote(
        f"{CUT if is_cut_before else ''}{before.lstrip()}",
        text[asked.start : asked.end],
        f"{after.rstrip()}{CUT if is_cut_after else ''}",
    )


def _without(text: str, first: int, last: int, hidden: list[Place]) -> str:
    """text[first:last] with the sort of what was found in the place of its words."""
    said, at = [], first
    for one in hidden:
        if one.end <= at or one.start >= last:
            continue
        said += [text[at : max(at, one.start)], f"[{LABEL_WORDS[one.label]}]"]
        at = min(one.end, last)
    return "".join([*said, text[at:last]])
