"""The words that may be nowhere, and finding them in a text however a person would still read them there. Pure.

Capitals, breaks and spaces between words, invisible signs, letters put together of signs or taken from other alphabets'
look-alike forms, spaces and hyphens inside numbers, and the reading direction make no difference. Parts of longer words
are not the words.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from portfolio.documents.proof.values import Value

AS_IT_IS, REVERSED, TURNED = "as it is", "letter by letter backwards", "turned by signs of the reading direction"
APART = "\x01"
"""Between texts that have nothing to do with each other; no words are found across it."""
_NUMBERS = frozenset(
    {"PHONE", "NI_NUMBER", "NHS_NUMBER", "BANK_ACCOUNT", "SORT_CODE", "IBAN", "CARD_NUMBER", "VEHICLE_REG", "PASSPORT",
     "DRIVING_LICENCE", "ACCOUNT_REF", "POSTCODE"}
)  # fmt: skip
_GLUED_FROM, _SPACED_FROM = 9, 4
_REVERSED_FROM = 7
_KEPT_AS_NUMBER_FROM = 7
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_RAISED = re.compile("[\u00b2\u00b3\u00b9\u2070-\u209c]")
_TURNED = re.compile("\u202e([^\u202c\n]*)")
_NOT_SIGNS = re.compile(r"[\W_]+")
_SAME = {
    **dict.fromkeys(map(ord, "\u2019\u2018\u02bc`\u00b4\u2032\uff07"), "'"),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"), "-"),
}
_DIGITS = {
    code: str(unicodedata.decimal(chr(code)))
    for code in range(0x80, 0x1FC00)
    if unicodedata.decimal(chr(code), None) is not None
}
_SEPARATED = r"[\s._+,\-]{{{},12}}"
_INSIDE = r"[\s.\-()/]*"
_BEFORE, _AFTER = r"(?<![^\W_])", r"(?![^\W_])"


@dataclass(frozen=True, slots=True)
class One:
    """One value, ready to be found. `core`: its letters and digits in small letters, without which it is not there."""

    value: Value
    core: str
    pattern: re.Pattern[str]
    as_number: str
    """The digits as a sheet would keep them in a number, empty when it would not."""


@dataclass(frozen=True, slots=True)
class Found:
    """A value with how it was written."""

    one: One
    way: str


@dataclass(slots=True)
class Sought:
    """All values."""

    ones: tuple[One, ...] = field(default=())

    def within(self, text: str) -> list[Found]:
        """Which values stand in a text."""
        flat = plain(text)
        core = core_of(flat)
        found = [Found(one, AS_IT_IS) for one in self.ones if one.core in core and one.pattern.search(flat)]
        found += self._backwards(flat, core)
        if "\u202e" in text:
            turned = plain(_TURNED.sub(lambda part: part.group(1)[::-1], text))
            found += [Found(one, TURNED) for one in self.ones if one.pattern.search(turned)]
        return found

    def _backwards(self, flat: str, core: str) -> Iterable[Found]:
        backwards = ""
        for one in self.ones:
            turned = one.core[::-1]
            if len(turned) < _REVERSED_FROM or turned == one.core or turned not in core:
                continue
            backwards = backwards or flat[::-1]
            if one.pattern.search(backwards):
                yield Found(one, REVERSED)

    def among_numbers(self, numbers: Iterable[str]) -> list[Found]:
        """Which values are kept as numbers in cells, a telephone number without its nought."""
        wanted = {one.as_number: one for one in self.ones if one.as_number}
        if not wanted:
            return []
        return [Found(wanted[whole], "as a number") for whole in map(_whole, numbers) if whole in wanted]


def sought(values: Sequence[Value]) -> Sought:
    """Values ready to be found, each once."""
    return Sought(tuple(_one(value) for value in dict.fromkeys(values) if plain(value.words).strip()))


def plain(text: str) -> str:
    """A text in which what looks the same is the same, without what nobody sees."""
    if text.isascii():
        return text
    seen = _RAISED.sub(" ", _UNSEEN.sub("", text)).translate(_SAME)
    return unicodedata.normalize("NFKC", seen).translate(_DIGITS)


def core_of(text: str) -> str:
    """The letters and digits of a text that is plain, in small letters."""
    return _NOT_SIGNS.sub("", text).casefold()


def _one(value: Value) -> One:
    flat = plain(value.words)
    signs = [sign for sign in flat if sign.isalnum()]
    core = core_of(flat)
    if value.label in _NUMBERS and signs:
        is_phone = value.label == "PHONE" and signs[0] == "0" and len(signs) > 6
        written = rf"{_BEFORE}(?:{_number(signs, is_phone=is_phone)}){_AFTER}"
        digits = core[1:] if is_phone else core
        kept = digits if digits.isdigit() and digits[0] != "0" and len(digits) >= _KEPT_AS_NUMBER_FROM else ""
        return One(value, core[1:] if is_phone else core, re.compile(written, re.IGNORECASE), kept)
    written = _written(flat.split())
    return One(value, core, re.compile(written, re.NOFLAG if value.is_ordinary else re.IGNORECASE), "")


def _number(signs: list[str], *, is_phone: bool) -> str:
    whole = _INSIDE.join(re.escape(sign) for sign in signs)
    if not is_phone:
        return whole
    rest = _INSIDE.join(re.escape(sign) for sign in signs[1:])
    return rf"(?:\+?44|0044){_INSIDE}(?:\(?0\)?{_INSIDE})?{rest}|{whole}"


def _written(words: list[str]) -> str:
    letters = sum(len(word) for word in words)
    said = _SEPARATED.format(0 if letters >= _GLUED_FROM else 1).join(re.escape(word) for word in words)
    if letters >= _SPACED_FROM:
        spaced = _SEPARATED.format(1).join(" ".join(re.escape(sign) for sign in word) for word in words)
        said = f"(?:{said}|{spaced})"
    before = _BEFORE if words[0][0].isalnum() else ""
    after = _AFTER if words[-1][-1].isalnum() else ""
    return f"{before}{said}{after}"


def _whole(number: str) -> str:
    try:
        kept = float(number)
    except ValueError:
        return ""
    return str(int(kept)) if kept.is_integer() and abs(kept) < 1e17 else ""
