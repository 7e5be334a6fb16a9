"""The words of a text with their places, their plain forms and what the lists say of each. Pure.

A word keeps hyphens and apostrophes within it; a possessive or contracted ending is not part of it. Its plain form is
in small letters, without accents, and with the digits that scanning leaves in place of letters read as letters.
"""

import re
from bisect import bisect_right
from enum import IntEnum
from functools import cache, cached_property, lru_cache

from portfolio.anonymise import gazetteers
from portfolio.anonymise.cues import FORM_WORDS, spaced
from portfolio.anonymise.gazetteers import fold

GIVEN = 1
SURNAME = 2
ORDINARY = 4
"""A word of the language, whatever else it is."""
PLACE = 8
ORGANISATION = 16
TITLE = 32
KIN = 64
JOB = 128
NEVER = 256
"""A word of forms, letters or the calendar that is no name."""
STREET = 512
PARTICLE = 1024
SMALL = 2048
"""A pronoun, article, conjunction or the like."""

SMALL_WORDS = spaced(
    """a theres whats hows whos wheres heres hes shes weve theyve youve theyre youre werent arent havent shouldnt
    wouldnt theyll youll about above after again against all also although always am an and another any anybody
    anyone anything are as at back be because been before being below between both but by can cannot cant could
    couldnt did didnt do does doesnt doing done dont down during each either else even ever every everybody everyone
    everything few for from further gave get gets getting give given go goes going gone got had has hasnt have
    having he hello her here hers herself hi him himself his how however i id if ill im in into is isnt it its
    itself ive just let like made make many me more most much must my myself neither never next no nobody none nor
    not nothing now of off ok okay on once one only onto or other others our ours ourselves out over own per please
    plus put quite rather re really same she should since so some somebody someone something soon still such than
    thank thanks that thats the their theirs them then there therefore these they thing things this those though
    through thus till to today together told tomorrow too two under unless until up upon us very via was wasnt we
    well were what whatever when whenever where whether which while who whoever whole whom whose why will with
    within without wont would yes yesterday yet you your yours yourself am pm"""
)

_WORD = re.compile(r"[^\W_]+(?:['’‘-][^\W_]+)*")
_ENDING = re.compile(r"['’‘](?:s|S|ll|LL|d|ve|VE|re|RE|m)$")
_SCANNED = str.maketrans("015|86", "olslbo")
_LONGEST = 40

_LISTS = (
    ("given_names", GIVEN),
    ("surnames", SURNAME),
    ("vocabulary", ORDINARY),
    ("places", PLACE),
    ("nationalities", ORDINARY),
    ("organisations", ORGANISATION),
    ("titles", TITLE),
    ("kinship", KIN),
    ("job_words", JOB),
    ("not_names", NEVER),
    ("street_words", STREET),
    ("name_particles", PARTICLE),
)


@cache
def lexicon() -> dict[str, int]:
    """What the lists say of each single word, by its plain form."""
    flags: dict[str, int] = {}
    for name, flag in _LISTS:
        for word in gazetteers.words(name):
            if " " not in word:
                form = fold(word.rstrip("."))
                flags[form] = flags.get(form, 0) | flag
    for nick, given in gazetteers.nicknames().items():
        for word in (nick, *given):
            form = fold(word)
            flags[form] = flags.get(form, 0) | GIVEN
    for word in FORM_WORDS:
        flags[word] = flags.get(word, 0) | ORDINARY
    for word in SMALL_WORDS:
        flags[word] = flags.get(word, 0) | SMALL | ORDINARY
    return flags


def as_scanned(form: str) -> str:
    """A plain form with the digits read as the letters that they stand for after scanning."""
    return form.translate(_SCANNED)


class Kind(IntEnum):
    """What one word may be in a name."""

    TITLE = 1
    INITIAL = 2
    PARTICLE = 3
    GIVEN = 4
    SURNAME = 5
    EITHER_PLACE = 6
    EITHER = 7
    PLACE = 8
    UNKNOWN = 9
    ORDINARY = 10
    NONE = 11


class Words:
    """The words of one text, side by side in lists: `start`, `end`, `raw`, `form` and `flag` of the same number."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.start: list[int] = []
        self.end: list[int] = []
        self.raw: list[str] = []
        self.form: list[str] = []
        self.flag: list[int] = []
        for match in _WORD.finditer(text):
            raw, start = match.group(), match.start()
            raw, form, flag = _read(raw) if len(raw) <= _LONGEST else (raw, raw.lower(), 0)
            self.start.append(start)
            self.end.append(start + len(raw))
            self.raw.append(raw)
            self.form.append(form)
            self.flag.append(flag)
        self.kinds: list[Kind | None] = [None] * len(self.raw)

    def __len__(self) -> int:
        return len(self.raw)

    def gap(self, number: int) -> str:
        """What stands between a word and the next."""
        after = number + 1
        return (
            self.text[self.end[number] : self.start[after]] if after < len(self.raw) else self.text[self.end[number] :]
        )

    def at(self, place: int) -> int:
        """The number of the first word that starts at a place or after it."""
        number = bisect_right(self.start, place)
        return number - 1 if number and self.start[number - 1] == place else number

    def capital(self, number: int) -> bool:
        raw = self.raw[number]
        return raw[0].isupper() or (raw[0].isdigit() and len(raw) > 2 and self.form[number][0].isalpha())

    def shouted(self, number: int) -> bool:
        """In capitals throughout, and longer than an initial."""
        raw = self.raw[number]
        return len(raw) > 1 and raw.isupper()

    def like_word(self, number: int) -> bool:
        """Made of letters, with at most a few digits in their place as scanning leaves them."""
        form = self.form[number]
        return form[0].isalpha() and len(form) <= _LONGEST and form.replace("-", "").replace("'", "").isalpha()

    @cached_property
    def numbers(self) -> dict[str, list[int]]:
        """The numbers of the words by plain form."""
        found: dict[str, list[int]] = {}
        for number, form in enumerate(self.form):
            found.setdefault(form, []).append(number)
        return found


@lru_cache(maxsize=20_000)
def _read(raw: str) -> tuple[str, str, int]:
    """A word without its possessive ending, its plain form, and what the lists say of it."""
    if "'" in raw or "’" in raw:
        raw = _ENDING.sub("", raw)
    form = raw.lower() if raw.isascii() else fold(raw)
    known = lexicon()
    flag = known.get(form, 0)
    if flag:
        return raw, form, flag
    if form.isalpha():
        upright = known.get("i" + form[1:], 0) if raw[0] == "l" and len(form) > 3 else 0
        if upright & GIVEN and not upright & ORDINARY:
            return raw, "i" + form[1:], upright
        return raw, form, _derived(form, known)
    return (raw, *_otherwise(form, known))


def _otherwise(form: str, known: dict[str, int]) -> tuple[str, int]:
    """A form that no list has: as it is read after scanning, or by the part before its hyphen."""
    if any(letter.isdigit() for letter in form):
        if form[:2].isdigit():
            return form, 0
        letters = sum(letter.isalpha() for letter in form)
        if letters < 2 or letters * 2 < len(form):
            return form, 0
        for scanned in (as_scanned(form), as_scanned(form.replace("1", "i"))):
            if scanned in known:
                return scanned, known[scanned]
        scanned = as_scanned(form)
        return (scanned, 0) if scanned.replace("-", "").replace("'", "").isalpha() else (form, 0)
    if form.endswith("n't"):
        return form, SMALL | ORDINARY
    if "-" in form or "'" in form:
        return form, known.get(form.replace("'", ""), 0) or _of_parts(form, known)
    return form, 0


_SUFFIXES = (
    "s", "es", "ed", "d", "ing", "er", "r", "ers", "or", "ly", "ness", "al", "ally", "ment", "able", "ee", "ees", "ier",
    "ied", "ies", "ish", "ism", "ist", "wise", "less", "ful", "time", "ation", "ise", "ised", "ising",
)  # fmt: skip


def _derived(form: str, known: dict[str, int]) -> int:
    """A word that the list has without its ending is an ordinary word as well: lettings, payer, trainees."""
    if not 5 < len(form) < 16:
        return 0
    for suffix in _SUFFIXES:
        if form.endswith(suffix):
            stem = form[: -len(suffix)]
            for whole in (stem, stem + "e", stem + "y"):
                flag = known.get(whole, 0) if len(whole) > 3 else 0
                if flag & (ORDINARY | NEVER) and not flag & (GIVEN | SURNAME):
                    return ORDINARY
    return 0


def _of_parts(form: str, known: dict[str, int]) -> int:
    """A double-barrelled name is a name when each of its parts may be one and one of them is."""
    flags = [known.get(part, 0) for part in re.split("[-']", form)]
    single = len(form.partition("-")[0]) == 1 and "'" not in form
    if single or any(flag & SMALL and not flag & (GIVEN | SURNAME) for flag in flags) or len(flags) > 3:
        return ORDINARY
    if all(flag & ORDINARY and flag & (GIVEN | SURNAME) for flag in flags):
        return SURNAME | ORDINARY
    named = [flag & (GIVEN | SURNAME) for flag in flags if flag & (GIVEN | SURNAME)]
    if all(flag & ORDINARY for flag in flags):
        return ORDINARY
    if named and not any(flag & ORDINARY and not flag & (GIVEN | SURNAME) for flag in flags):
        return named[-1]
    return 0
