"""Pseudonyms in the place of words and back, in the texts of an item that may still be rewritten."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portfolio.evidence import rewriting as evidence_texts
from portfolio.evidence.models import Evidence
from portfolio.mapping import rewriting as claim_texts
from portfolio.screening.entities import Put
from portfolio.screening.texts import spliced

BESIDE = 16
"""How many characters beside a pseudonym are kept, to know its place again."""
_TITLE = re.compile(r"\b(?:mr|mrs|ms|miss|mx|dr|prof|rev|sir|dame|lord|lady)\.? $", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where words stand: text[start:end] of the text of a place."""

    place: str
    start: int
    end: int


def rewrite(session: Session, evidence: Evidence, texts: Mapping[str, str]) -> None:
    """Have these texts of an item, by place, say this from now on. The caller holds the enrolment."""
    own = {place: text for place, text in texts.items() if place.partition(":")[0] in evidence_texts.KINDS}
    claims = {place: text for place, text in texts.items() if place not in own}
    if own:
        evidence_texts.rewrite(session, evidence, own)
    if claims:
        claim_texts.rewrite(session, evidence, claims)


def with_pseudonym(texts: Mapping[str, str], spots: Sequence[Spot], pseudonym: str) -> tuple[dict[str, str], list[Put]]:
    """The texts that change, with the pseudonym in these spots, and what it was put in the place of.

    A title right before a name goes with it.
    """
    changed: dict[str, str] = {}
    puts: list[Put] = []
    for place in dict.fromkeys(spot.place for spot in spots):
        text = texts[place]
        spans = sorted((_with_title(text, one.start), one.end) for one in spots if one.place == place)
        changed[place] = spliced(text, dict.fromkeys(spans, pseudonym))
        grown = 0
        for start, end in spans:
            at = start + grown
            grown += len(pseudonym) - (end - start)
            puts.append(_put(changed[place], place, at, at + len(pseudonym), text[start:end]))
    return changed, puts


def _with_title(text: str, start: int) -> int:
    found = _TITLE.search(text, max(0, start - 6), start)
    return found.start() if found else start


def _put(text: str, place: str, start: int, end: int, words: str) -> Put:
    return Put(place, start, words, text[max(0, start - BESIDE) : start], text[end : end + BESIDE])


def put_back(texts: Mapping[str, str], puts: Sequence[Put], pseudonym: str) -> tuple[dict[str, str], int]:
    """The texts that change, with words again where the pseudonym still stands, and in how many places that is.

    Of several places each has the one that looks most like its own did.
    """
    changed: dict[str, str] = {}
    count = 0
    for place in dict.fromkeys(put.place for put in puts):
        text = texts.get(place, "")
        free = [match.span() for match in _sought(pseudonym).finditer(text)]
        back: dict[tuple[int, int], str] = {}
        for put in (put for put in puts if put.place == place):
            if free:
                span = max(free, key=lambda span, put=put: _likeness(text, span, put))  # type: ignore[misc] # bound at once
                free.remove(span)
                back[span] = put.words
        if back:
            changed[place], count = spliced(text, back), count + len(back)
    return changed, count


def _likeness(text: str, span: tuple[int, int], put: Put) -> tuple[int, int]:
    """How many characters beside it are those of then, and how near it is to where it was."""
    start, end = span
    before, after = text[max(0, start - BESIDE) : start], text[end : end + BESIDE]
    return _common(before[::-1], put.before[::-1]) + _common(after, put.after), -abs(start - put.start)


def _common(one: str, other: str) -> int:
    """How many characters two texts begin with together."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def renamed(texts: Mapping[str, str], before: str, after: str) -> dict[str, str]:
    """The texts that change when one pseudonym takes the place of another."""
    found = {place: _sought(before).sub(lambda _match: after, text) for place, text in texts.items()}
    return {place: text for place, text in found.items() if text != texts[place]}


def stands_in(texts: Mapping[str, str], pseudonym: str) -> bool:
    """Whether a pseudonym is written somewhere in these texts."""
    return any(_sought(pseudonym).search(text) for text in texts.values())


def _sought(pseudonym: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_]){re.escape(pseudonym)}(?![^\W_])")
