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
SEVERAL, LEAST = 4, 1
"""So many of them are the same on both sides of a place that moved; or, where as many stand as were put, so many."""
_TITLE = re.compile(r"\b(?:mr|mrs|ms|miss|mx|dr|prof|rev|sir|dame|lord|lady)\.? $", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where words stand: text[start:end] of the text of a place."""

    place: str
    start: int
    end: int


def rewrite(session: Session, evidence: Evidence, texts: Mapping[str, str], *, even_aside: bool = False) -> None:
    """Have these texts of an item, by place, say this from now on: each one may be rewritten. The caller holds the
    enrolment.
    """
    own = {place: text for place, text in texts.items() if place.partition(":")[0] in evidence_texts.KINDS}
    claims = {place: text for place, text in texts.items() if place not in own}
    if own:
        evidence_texts.rewrite(session, evidence, own, even_aside=even_aside)
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


def put_back(
    texts: Mapping[str, str], puts: Sequence[Put], pseudonym: str, others: Sequence[Put] = ()
) -> tuple[dict[str, str], int]:
    """The texts that change, with words again where the pseudonym still stands, and in how many places that is.

    Each has the place that looks most like its own did, and none where it never stood: neither where one of the
    `others`, which the pseudonym was put for as well, fits better, nor where nothing beside it is as it was.
    """
    changed: dict[str, str] = {}
    count = 0
    for place in dict.fromkeys(put.place for put in puts):
        text = texts.get(place, "")
        free = [match.span() for match in _sought(pseudonym).finditer(text)]
        mine = [put for put in puts if put.place == place]
        known = [*mine, *(put for put in others if put.place == place)]
        least = LEAST if len(free) == len(known) else SEVERAL
        pairs = [
            (_likeness(text, span, put), number, span)
            for number, put in enumerate(known)
            for span in free
            if _is_its_own(text, span, put, least)
        ]
        taken: dict[tuple[int, int], int] = {}
        for _likely, number, span in sorted(pairs, key=lambda pair: pair[0], reverse=True):
            if span not in taken and number not in taken.values():
                taken[span] = number
        back = {span: mine[number].words for span, number in taken.items() if number < len(mine)}
        if back:
            changed[place], count = spliced(text, back), count + len(back)
    return changed, count


def _beside(text: str, span: tuple[int, int]) -> tuple[str, str]:
    return text[max(0, span[0] - BESIDE) : span[0]], text[span[1] : span[1] + BESIDE]


def _is_its_own(text: str, span: tuple[int, int], put: Put, least: int) -> bool:
    """Whether it may be where this was put: where it was; or all is as then on one side of it, or enough on both."""
    before, after = _beside(text, span)
    left, right = _common(before[::-1], put.before[::-1]), _common(after, put.after)
    return (
        span[0] == put.start
        or BESIDE in {left, right}
        or ((left >= least or before == put.before) and (right >= least or after == put.after))
    )


def _likeness(text: str, span: tuple[int, int], put: Put) -> tuple[int, int]:
    """How many characters beside it are those of then, and how near it is to where it was."""
    before, after = _beside(text, span)
    return _common(before[::-1], put.before[::-1]) + _common(after, put.after), -abs(span[0] - put.start)


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
    """A person's pseudonym is a word by itself; a thing's has its brackets, and may stand right beside letters."""
    exact = re.escape(pseudonym)
    return re.compile(exact if pseudonym.startswith("[") else rf"(?<![^\W_]){exact}(?![^\W_])")
