"""Everything that has a form of its own: numbers, addresses, references, log-ins; all labels but PERSON. Pure."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator

from portfolio.anonymise import (
    addresses,
    anchors,
    columns,
    identity,
    money,
    nearby,
    online,
    phones,
    postcodes,
    references,
    spoken,
    usernames,
    vehicles,
)
from portfolio.anonymise.findings import Candidate, Label

_PLAIN = dict(zip("\r\u00a0\u2009\u202f\u2010\u2011\u2019\u2018\u201c\u201d\uff20", "    --''\"\"@", strict=True))
"""Signs that mean the same as a plainer one; each stands for one sign, so that places stay."""
_FANCY = re.compile(f"[{''.join(_PLAIN)}]")
_KEPT = frozenset({Label.USERNAME, Label.ACCOUNT_REF})
_MOST_AGAIN = 200
"""How many values are looked for again; a text with more of them is a list."""
_KINDS: tuple[Callable[[str], Iterable[Candidate]], ...] = (
    online.candidates, identity.candidates, money.candidates, phones.candidates, spoken.candidates, vehicles.candidates,
    references.candidates, usernames.candidates, columns.candidates,
)  # fmt: skip


def candidates(text: str) -> list[Candidate]:
    """What every kind of rule proposes; proposals may overlap."""
    text = _FANCY.sub(lambda match: _PLAIN[match.group()], text)
    try:
        codes = list(postcodes.candidates(text))
        found = [*codes, *addresses.candidates(text, codes)]
        for kind in _KINDS:
            found += kind(text)
    finally:
        nearby.forget()
        anchors.forget()
    things = columns.goods(text) if any(one.label is Label.ACCOUNT_REF for one in found) else []
    if things:
        found = [one for one in found if one.label is not Label.ACCOUNT_REF or not _stands_in(one, things)]
    return [*found, *_again(text, found)]


def _stands_in(one: Candidate, places: list[tuple[int, int]]) -> bool:
    number = bisect_right(places, (one.start, one.end + 1)) - 1
    return number >= 0 and places[number][0] <= one.start < places[number][1]


def _again(text: str, found: list[Candidate]) -> Iterator[Candidate]:
    """Every further place where a log-in or a reference that was found stands."""
    known = {text[one.start : one.end]: one.label for one in found if one.label in _KEPT and one.confidence >= 0.7}
    starts = {one.start for one in found}
    for said in sorted(known)[:_MOST_AGAIN]:
        if len(said) < 4 or (said.isdecimal() and len(said) < 5):
            continue
        place = text.find(said)
        while place >= 0:
            end = place + len(said)
            if place not in starts and _stands_alone(text, place, end):
                yield Candidate(place, end, known[said], 0.93, "was found elsewhere in the text")
            place = text.find(said, end)


def _stands_alone(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    return not (before.isalnum() or before == "_" or after.isalnum() or after in {"_", "@"})
