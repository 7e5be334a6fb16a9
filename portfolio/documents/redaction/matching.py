"""Finding accepted words in whatever text a file holds, however they are written there. Pure.

Capitals, spaces and breaks between words, invisible signs, composed or decomposed letters, letters and digits that are
only drawn otherwise, and the hyphens, dots and spaces inside numbers make no difference.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from portfolio.documents.redaction.plan import Swap

_SIGNS_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\U000e0000-\U000e0fff"
)
_UNSEEN = f"[{_SIGNS_UNSEEN}]*"
_BETWEEN = r"(?:[\s\u00a0._+,\-\u2010-\u2015\u2212]|%20|%2[Bb])"
_MOST_BETWEEN = 12
_APOSTROPHES = "'\u2019\u2018\u02bc`\u00b4"
_HYPHEN = r"[\-\u2010-\u2015\u2212]"
_LOOSE = frozenset(
    {"PHONE", "NI_NUMBER", "NHS_NUMBER", "BANK_ACCOUNT", "SORT_CODE", "IBAN", "CARD_NUMBER", "VEHICLE_REG", "PASSPORT",
     "DRIVING_LICENCE", "ACCOUNT_REF", "POSTCODE"}
)  # fmt: skip
"""Sorts in which spaces, hyphens, dots, brackets and slashes may stand anywhere or be left out."""
_INSIDE = rf"[\s\u00a0.\-\u2010-\u2015\u2212()/{_SIGNS_UNSEEN}]*"
_BEFORE, _AFTER = r"(?<![^\W_])", r"(?![^\W_])"
_PERCENT = re.compile("%(?:20|2[Bb])")
_NOT_BARE = re.compile(rf"[\W_\u02bc{_SIGNS_UNSEEN}]+")
_MOST_PATTERNS = 500
_GLUED_FROM = 9
"""From so many letters on, the words of a name are found without anything between them too."""
_SPACED_FROM, _SPACE = 4, f"[ \u00a0]{_UNSEEN}"
"""From so many letters on, words are found s p a c e d  o u t too."""


@dataclass(frozen=True, slots=True)
class Match:
    """text[start:end] is to become what the swap says."""

    start: int
    end: int
    swap: Swap


class Matcher:
    """All swaps as one pattern, by the sign that they begin with; of those that begin at one place the longest win.

    Only those go into it whose letters a text has at all: few of many as a rule.
    """

    def __init__(self, swaps: Iterable[Swap]) -> None:
        kept = {swap.words: swap for swap in swaps if folded(swap.words).strip()}.values()
        self._swaps = sorted(kept, key=_longest_first)
        self._letters = [_letters(swap) for swap in self._swaps]
        self._patterns: dict[tuple[int, ...], tuple[list[Swap], re.Pattern[str]]] = {}

    def __bool__(self) -> bool:
        return bool(self._swaps)

    def find(self, text: str) -> list[Match]:
        """Where words stand that go, in order and without overlaps."""
        if not self._swaps or not text:
            return []
        plain = folded(text)
        bare = _bare(plain)
        there = tuple(number for number, letters in enumerate(self._letters) if letters in bare)
        if not there:
            return []
        swaps, pattern = self._pattern_of(there)
        return [
            Match(found.start(), found.end(), swaps[(found.lastindex or 1) - 1]) for found in pattern.finditer(plain)
        ]

    def _pattern_of(self, there: tuple[int, ...]) -> tuple[list[Swap], re.Pattern[str]]:
        if there not in self._patterns:
            if len(self._patterns) >= _MOST_PATTERNS:
                self._patterns.clear()
            self._patterns[there] = _together([self._swaps[number] for number in there])
        return self._patterns[there]


def _together(swaps: list[Swap]) -> tuple[list[Swap], re.Pattern[str]]:
    """One pattern, and the swap of each of its groups."""
    by_start: dict[tuple[str, str], list[Swap]] = {}
    for swap in sorted(swaps, key=lambda swap: _start(swap)[0], reverse=True):
        by_start.setdefault(_start(swap), []).append(swap)
    branches: dict[str, list[str]] = {}
    for (before, start), alike in by_start.items():
        said = "|".join(f"({_pattern(swap)})" for swap in alike)
        branches.setdefault(before, []).append(f"(?={start})(?:{said})")
    whole = "|".join(f"{before}(?:{'|'.join(alike)})" for before, alike in branches.items())
    return [swap for alike in by_start.values() for swap in alike], re.compile(whole)


def folded(text: str) -> str:
    """The text, sign for sign, in which letters and digits that are only drawn otherwise (wide, bold, Arabic) are the
    plain ones, and raised ones, as of a footnote, part words.
    """
    return text if text.isascii() else text.translate(_drawn())


@cache
def _drawn() -> dict[int, str]:
    plain = {}
    for code in range(0x80, 0x1FC00):
        sign = chr(code)
        kind = unicodedata.decomposition(sign)
        same = str(unicodedata.decimal(sign, "")) or unicodedata.normalize("NFKC", sign)
        if kind.startswith(("<super>", "<sub>")):
            plain[code] = " "
        elif len(same) == 1 and same.isascii() and same.isalnum():
            plain[code] = same
    return plain


def _bare(text: str) -> str:
    """Nothing but the letters and digits, small and without accents: words that are found stand there in one piece."""
    if "%" in text:
        text = _PERCENT.sub("", text)
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
    return _NOT_BARE.sub("", text.casefold()).replace("\u0131", "i")


def _letters(swap: Swap) -> str:
    """What a text has to have for the words to be in it; nothing for words with a code in them."""
    if "%" in swap.words:
        return ""
    bare = _bare(folded(swap.words))
    return bare[1:] if swap.label == "PHONE" and bare.startswith("0") else bare


def _longest_first(swap: Swap) -> tuple[int, str]:
    return -len(swap.words), swap.words


def _start(swap: Swap) -> tuple[str, str]:
    """What has to stand before the words, and how their first sign may be written."""
    if swap.label in _LOOSE and (signs := _signs(swap)):
        return _BEFORE, "[+04]" if _is_phone(swap.label, signs) else f"(?i:{re.escape(signs[0])})"
    first = unicodedata.normalize("NFC", folded(swap.words)).split()[0][0]
    start = _sign(first) if swap.is_ordinary else f"(?i:{_sign(first)})"
    return _BEFORE if first.isalnum() else "", start


def _signs(swap: Swap) -> list[str]:
    return [sign for sign in unicodedata.normalize("NFC", folded(swap.words)) if sign.isalnum()]


def _is_phone(label: str, signs: list[str]) -> bool:
    return label == "PHONE" and signs[0] == "0" and len(signs) > 6


@lru_cache(maxsize=4_096)
def _pattern(swap: Swap) -> str:
    if swap.label in _LOOSE and (signs := _signs(swap)):
        return f"(?i:{_number(swap.label, signs)}){_AFTER}"
    words = unicodedata.normalize("NFC", folded(swap.words)).split()
    letters = sum(len(word) for word in words)
    least = 0 if letters >= _GLUED_FROM else 1
    between = f"(?:{_UNSEEN}{_BETWEEN}){{{{{{}},{_MOST_BETWEEN}}}}}{_UNSEEN}"
    said = between.format(least).join(_UNSEEN.join(_sign(sign) for sign in word) for word in words)
    if letters >= _SPACED_FROM:
        spaced = between.format(1).join(_SPACE.join(_sign(sign) for sign in word) for word in words)
        said = f"(?:{said}|{spaced})"
    after = _AFTER if words[-1][-1].isalnum() else ""
    return f"{said}{after}" if swap.is_ordinary else f"(?i:{said}){after}"


def _number(label: str, signs: list[str]) -> str:
    whole = _INSIDE.join(re.escape(sign) for sign in signs)
    if _is_phone(label, signs):
        rest = _INSIDE.join(re.escape(sign) for sign in signs[1:])
        return rf"(?:\+?44|0044){_INSIDE}(?:\(?0\)?{_INSIDE})?{rest}|{whole}"
    return whole


def _sign(sign: str) -> str:
    apart = unicodedata.normalize("NFD", sign)
    if sign in _APOSTROPHES:
        return f"[{_APOSTROPHES}]"
    if re.fullmatch(_HYPHEN, sign):
        return _HYPHEN
    return re.escape(sign) if apart == sign else f"(?:{re.escape(sign)}|{re.escape(apart)})"
