"""Numbers, dates of birth and postcodes in words, as they stand in the transcript of a call. Pure."""

import re
from collections.abc import Iterator

from portfolio.anonymise.anchors import matches
from portfolio.anonymise.findings import Candidate, Label
from portfolio.anonymise.nearby import Cue, cues, in_small, speaks_of
from portfolio.anonymise.phones import is_everybodys

_ONES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SINGLE = {
    "zero": "0",
    "oh": "0",
    "o": "0",
    "nought": "0",
    "naught": "0",
    "nil": "0",
    "hundred": "00",
    "thousand": "000",
} | dict(zip(_ONES, "123456789", strict=True))
_REPEATS = {"double": 2, "treble": 3, "triple": 3}
_FIRST = "|".join([*_ONES, *_TEENS, *_TENS, "oh|zero|nought|naught|o|plus|double|treble|triple|0\\d{0,4}"])
_WORD = "|".join(
    [*_ONES, *_TEENS, *_TENS, "zero|oh|o|nought|naught|nil|double|treble|triple|hundred|thousand|\\d{1,4}"]
)
_NUMBER = re.compile(rf"(?<![\w-])(?:{_FIRST})(?:(?:[ ,.\-\n]|\.\.\.){{1,3}}(?:{_WORD})(?!\w)){{3,16}}")
_NUMBER_START = re.compile(rf"(?:{_FIRST})[ ,.\-\n]")
_ORDINAL = (
    r"(?:(?:twenty|thirty)[ -])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth"
    r"|eleventh|twelfth|\w{4,6}teenth|twentieth|thirtieth)"
)
_MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_DATE = re.compile(
    rf"(?<!\w)(?:the )?{_ORDINAL},?(?: of)?(?: the)? (?:{_MONTH}|{_ORDINAL})(?:,? (?:of )?(?:(?:{_WORD}"
    rf"|and)[ -]?){{1,5}}|,? \d{{2,4}})?(?!\w)",
)
_POSTCODE = re.compile(
    rf"(?<!\w)[A-Z](?:[ .-]{{1,2}}[A-Z])?(?:[ .,-]{{1,2}}"
    rf"(?:{'|'.join([*_ONES, *_TEENS, *_TENS, 'oh', 'zero', '[0-9]{1,2}'])})(?!\w)){{1,2}}"
    rf"[ .,-]{{1,2}}(?:{'|'.join([*_ONES, 'oh', 'zero', '[0-9]'])})[ .,-]{{1,2}}[A-Z][ .,-]{{1,2}}[A-Z](?!\w)"
)
_POSTCODE_START = re.compile(r"[A-Z](?<!\w.)(?=[ .-])")
_LABELS = {
    "sort": Label.SORT_CODE,
    "card": Label.CARD_NUMBER,
    "nhs": Label.NHS_NUMBER,
    "ref": Label.ACCOUNT_REF,
    "account": Label.ACCOUNT_REF,
    "bank": Label.BANK_ACCOUNT,
}
_TELLING = (
    "oh ",
    "zero",
    "nought",
    "double",
    "four ",
    "five ",
    "six ",
    "seven",
    "eight",
    "nine",
    "th of",
    "thirt",
    "fort",
)
"""One of these is in every text that says a number in words."""


def candidates(text: str) -> Iterator[Candidate]:
    """Everything that is said in words and would be found in figures."""
    small = in_small(text)
    if not any(one in small for one in _TELLING):
        return
    for match in matches(_NUMBER, small, _NUMBER_START):
        words = re.findall(r"[a-z]+|\d+", match.group())
        if sum(word.isalpha() for word in words) < 4:
            continue
        label = _label(cues(text, match.start(), 120), digits_said(words))
        if label is not None:
            yield Candidate(match.start(), match.end(), label, 0.93, "figures as they are said")
    for match in _DATE.finditer(small) if speaks_of(text, "dob") else ():
        if any(cue.kind == "dob" for cue in cues(text, match.start(), 60)):
            yield Candidate(match.start(), match.end(), Label.DATE_OF_BIRTH, 0.9, "a date of birth as it is said")
    for match in matches(_POSTCODE, text, _POSTCODE_START):
        yield Candidate(match.start(), match.end(), Label.POSTCODE, 0.85, "a postcode as it is said")


def digits_said(words: list[str]) -> str:
    """The digits of 'oh double seven forty two'."""
    digits: list[str] = []
    times = 1
    tens = ""
    for word in words:
        if word in _REPEATS:
            times = _REPEATS[word]
            continue
        if tens and word in _ONES:
            digits.append(tens + _SINGLE[word])
            tens = ""
            continue
        if tens:
            digits.append(tens + "0")
            tens = ""
        if word in _TENS:
            tens = str(_TENS.index(word) + 2)
        elif word in _TEENS:
            digits.append(str(_TEENS.index(word) + 10))
        else:
            digits.append(_SINGLE.get(word, word if word.isdecimal() else "") * times)
        times = 1
    return "".join([*digits, tens + "0" if tens else ""])


def _label(before: list[Cue], digits: str) -> Label | None:
    kinds = [cue.kind for cue in before[:4]]
    if (
        len(digits) >= 10
        and digits.startswith("0")
        and not (before and before[0].kind in {"ref", "account"} and before[0].marked)
    ):
        return None if is_everybodys(digits) else Label.PHONE
    if len(digits) == 6 and "sort" in kinds:
        return Label.SORT_CODE
    if len(digits) == 8 and ("sort" in kinds or "bank" in kinds):
        return Label.BANK_ACCOUNT
    near = next((cue for cue in before if cue.direct or cue.gap < 25), None)
    if near is None or len(digits) < 6:
        return None
    return Label.PHONE if near.kind == "phone" else _LABELS.get(near.kind)
