"""Who somebody is in what is told, by the words beside their name. Pure."""

import re
from collections import Counter
from collections.abc import Iterable

from portfolio.anonymise.pseudonyms import Part

BESIDE = 60
"""How many characters before and after a name are read."""

_MANAGERS = """(?:my |our |the |line |team |duty |store |shop |branch |area |office )*
    (?:manager|supervisor|boss|team leader|head of [a-z]+|director|gaffer)"""
_COLLEAGUES = """(?:my |our |a |the )?(?:colleague|co-?worker|teammate|team member|workmate|advis[eo]r|agent|engineer
    |clerk|operative|trainee|apprentice|receptionist|technician|member of staff|mentor|assessor)s?"""
_CUSTOMERS = """(?:the |a |our |my |another )?(?:customer|caller|client|complainant|resident|tenant|patient|guest
    |passenger|shopper|buyer|leaseholder|householder|account holder|policy ?holder|member|student|pupil|parent)s?"""
_OTHERS = """(?:her|his|their|the customer['’]s|the) (?:neighbour|husband|wife|partner|son|daughter|mother|father|mum
    |dad|brother|sister|friend|landlord|carer|solicitor|doctor|gp)"""
_CUES = tuple(
    (part, re.sub(r"\n *", "", cue))
    for part, cue in (
        (Part.MANAGER, _MANAGERS),
        (Part.COLLEAGUE, _COLLEAGUES),
        (Part.CUSTOMER, _CUSTOMERS),
        (Part.OTHER, _OTHERS),
    )
)
_BEFORE = [
    (part, re.compile(rf"\b(?:{cue})[,:]?(?: called| named| is| was|,)? *$", re.IGNORECASE)) for part, cue in _CUES
]
_AFTER = [(part, re.compile(rf"^(?:, *| *\(| is | was )(?:an? )?(?:{cue})\b", re.IGNORECASE)) for part, cue in _CUES]


def guess(text: str, start: int, end: int) -> Part | None:
    """Who text[start:end] is, when the words right beside it say so."""
    before, after = text[max(0, start - BESIDE) : start], text[end : end + BESIDE]
    for part, cue in _BEFORE:
        if cue.search(before):
            return part
    for part, cue in _AFTER:
        if cue.search(after):
            return part
    return None


def likeliest(guesses: Iterable[Part | None]) -> Part:
    """What most mentions say; a customer where none says anything, since most who are named are."""
    said = Counter(part for part in guesses if part is not None)
    return said.most_common(1)[0][0] if said else Part.CUSTOMER
