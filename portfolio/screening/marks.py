"""Words that somebody marked by hand, found again wherever they stand. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portfolio.anonymise.findings import Finding, Label
from portfolio.anonymise.together import Placed

BY_HAND = "marked by hand"
"""The reason of what was found so; its `entity` is the public identifier of the one that it was marked as."""

TITLES = frozenset(["mr", "mrs", "ms", "miss", "mx", "dr", "prof", "rev", "sir", "dame", "lord", "lady"])


@dataclass(frozen=True, slots=True)
class Mark:
    """Words that mean a person or a thing of an enrolment."""

    words: str
    label: Label
    entity_uid: str


def with_marked(placed: Sequence[Placed], texts: Mapping[str, str], marks: Sequence[Mark]) -> list[Placed]:
    """What was found, and every place of words that were marked, which win where they overlap."""
    marked = marked_in(texts, marks)
    if not marked:
        return list(placed)
    taken = {(one.place, at) for one in marked for at in range(one.finding.start, one.finding.end)}
    others = [
        one for one in placed if not any((one.place, at) in taken for at in range(one.finding.start, one.finding.end))
    ]
    return [*marked, *others]


def marked_in(texts: Mapping[str, str], marks: Sequence[Mark]) -> list[Placed]:
    """Where marked words stand as words of their own, in any case; of two that overlap the longer."""
    found: list[Placed] = []
    taken: set[tuple[str, int]] = set()
    for mark in sorted(marks, key=lambda mark: -len(mark.words)):
        sought = re.compile(r"(?<!\w)" + r"\s+".join(map(re.escape, mark.words.split())) + r"(?!\w)", re.IGNORECASE)
        for place, text in texts.items():
            for match in sought.finditer(text):
                places = {(place, at) for at in range(*match.span())}
                if taken.isdisjoint(places):
                    taken |= places
                    finding = Finding(*match.span(), mark.label, mark.entity_uid, 1.0, BY_HAND)
                    found.append(Placed(place, match.group(), finding))
    return found


def without_pseudonyms(placed: Sequence[Placed], texts: Mapping[str, str], pseudonyms: Sequence[str]) -> list[Placed]:
    """What was found but for what is one of these pseudonyms, or a part of one, with or without a title before it."""
    if not pseudonyms or not placed:
        return list(placed)
    sought = re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, pseudonyms))})(?![^\W_])")
    spans = {place: [match.span() for match in sought.finditer(texts[place])] for place in {p.place for p in placed}}
    return [one for one in placed if not any(_is_within(one, texts[one.place], span) for span in spans[one.place])]


def _is_within(one: Placed, text: str, span: tuple[int, int]) -> bool:
    """Whether nothing of a finding stands beside the pseudonym but a title and words in small letters."""
    start, end = one.finding.start, one.finding.end
    if end <= span[0] or span[1] <= start:
        return False
    beside = f"{text[start : max(start, span[0])]} {text[min(end, span[1]) : end]}"
    return all(word.islower() or word.casefold() in TITLES for word in re.findall(r"\w+", beside))
