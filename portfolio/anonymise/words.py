"""The words of a text with their places, their plain forms and what the lists say of each. Pure.

A word keeps hyphens and apostrophes within it; a possessive or contracted ending is not part of it. Its plain form is
in small letters, without accents, and with the digits that scanning leaves in place of letters read as letters.
"""

import re
from bisect import bisect_left
from enum import IntEnum
from functools import cache, cached_property, lru_cache
from itertools import accumulate, compress
from typing import NamedTuple

from portfolio.anonymise import gazetteers
from portfolio.anonymise.cues import ABBREVIATIONS, FORM_WORDS, ROLE_WORDS, spaced
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

_WORD = re.compile(r"([^\W_]+(?:['’‘-][^\W_]+)*)")
_ENDING = re.compile(r"['’‘](?:s|S|ll|LL|d|ve|VE|re|RE|m)$")
_TRADE = re.compile(r"[a-z][A-Z]|^[A-Z]{2,}s$|-(?:y|yr|on|upon|in|le|under|by|ar|super|next|the|of|and|to)-")
_MAC = re.compile(r"(?:Mc|Mac|Fitz|De|Del|Di|Du|La|Le|Van|Von|Al|El|Ab|O|D|M|Nic|Ní|Ó|Ui|Mhic|Ap)['’]?[A-Z]")
_VOWELS = frozenset("aeiouy")
"""A longer word without any is short for something, as in 'Rpt' or 'Mgr'."""
_ALSO_ROLES = frozenset({"sister", "master", "major"})
"""Titles that say as often what somebody is."""
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
                form = word.rstrip(".")
                flags[form] = flags.get(form, 0) | flag
    for nick, given in gazetteers.nicknames().items():
        for word in (nick, *given):
            flags[word] = flags.get(word, 0) | GIVEN
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


class Word(NamedTuple):
    """A word by itself: as it stands, its plain form, what the lists say of it, and what it may be in a name."""

    raw: str
    form: str
    flag: int
    capital: bool
    shouted: bool
    """In capitals throughout, and longer than an initial."""
    like_word: bool
    """Made of letters, with at most a few digits in their place as scanning leaves them."""
    kind: Kind
    placed: bool
    """Whether its neighbours have a say in its kind."""


class Words:
    """The words of one text, side by side in sequences: what a `Word` says, with `start`, `end` and the `gap` up to
    the next word, of the same number.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        pieces = _WORD.split(text)
        whole = pieces[1::2]
        read = _read if max(map(len, whole), default=0) <= _LONGEST else _read_any
        self.raw, self.form, self.flag, self.capital, self.shouted, self.like_word, kinds, placed = (
            map(list, zip(*map(read, whole), strict=True)) if whole else [[] for _ in Word._fields]
        )
        places = list(accumulate(map(len, pieces)))
        self.start, self.end = places[:-1:2], places[1::2]
        self.gap = pieces[2::2]
        if "'" in text or "’" in text or "‘" in text:
            self._leave_endings(whole)
        self.kind = kinds
        for number in compress(range(len(kinds)), placed):
            kinds[number] = _kind_in_place(self, number)

    def _leave_endings(self, whole: list[str]) -> None:
        """Possessive endings belong to the gap."""
        for number, (raw, word) in enumerate(zip(self.raw, whole, strict=True)):
            if len(raw) < len(word):
                self.end[number] = self.start[number] + len(raw)
                self.gap[number] = word[len(raw) :] + self.gap[number]

    def __len__(self) -> int:
        return len(self.raw)

    def at(self, place: int) -> int:
        """The number of the first word that starts at a place or after it."""
        return bisect_left(self.start, place)

    @cached_property
    def numbers(self) -> dict[str, list[int]]:
        """The numbers of the words by plain form."""
        found: dict[str, list[int]] = {}
        for number, form in enumerate(self.form):
            found.setdefault(form, []).append(number)
        return found


def _kind(raw: str, form: str, flag: int, *, like_word: bool) -> Kind:  # noqa: C901, PLR0911 - one word, many ways to be none
    """What a word of two letters or more may be in a name, by the lists and its shape alone."""
    named = flag & (GIVEN | SURNAME)
    if flag & TITLE and not named and form not in _ALSO_ROLES:
        return Kind.TITLE
    if flag & PARTICLE and not named:
        return Kind.PARTICLE
    if (
        not like_word
        or (len(raw) > 2 and len(set(form)) == 1)
        or (raw.isupper() and len(raw) < 6 and form in ABBREVIATIONS)
    ):
        return Kind.NONE
    if named:
        if flag & (ORDINARY | NEVER | SMALL | JOB | KIN):
            return Kind.EITHER
        if flag & (PLACE | ORGANISATION | STREET):
            return Kind.EITHER_PLACE
        return Kind.GIVEN if flag & GIVEN else Kind.SURNAME
    if flag & (SMALL | NEVER | ORGANISATION | STREET):
        return Kind.NONE
    if flag & PLACE:
        return Kind.ORDINARY if flag & ORDINARY else Kind.PLACE
    if flag & (ORDINARY | JOB | KIN) or form in ROLE_WORDS:
        return Kind.ORDINARY
    if len(raw) <= 3 and raw.isupper():
        return Kind.NONE if form in ABBREVIATIONS else Kind.INITIAL
    short = len(raw) > 2 and raw[1:].islower() and raw[0].isupper() and _VOWELS.isdisjoint(form)
    return Kind.NONE if short or (_TRADE.search(raw) and not _MAC.match(raw)) else Kind.UNKNOWN


def _kind_in_place(words: Words, number: int) -> Kind:
    """What a word may be in a name that its neighbours have a say in."""
    form, flag = words.form[number], words.flag[number]
    if form == "st" and words.capital[number] and words.gap[number] in (" ", ". "):
        return Kind.PARTICLE
    named = flag & (GIVEN | SURNAME)
    if flag & TITLE and form not in _ALSO_ROLES and not (named and _stands_alone(words, number)):
        return Kind.TITLE
    return _single(words, number) if len(words.raw[number]) == 1 else words.kind[number]


def _stands_alone(words: Words, number: int) -> bool:
    """Whether no name follows, so that what may be a title is a name itself: 'the driver was Major'."""
    return number + 1 >= len(words) or not words.capital[number + 1] or words.gap[number] not in (" ", ". ", ".", "  ")


def _single(words: Words, number: int) -> Kind:
    """A letter by itself is an initial, but for the pronoun and the article."""
    if not words.raw[number].isalpha():
        return Kind.NONE
    if (
        words.raw[number] == "A"
        and number
        and words.gap[number - 1] == " "
        and words.flag[number - 1] & (GIVEN | SURNAME)
    ):
        return Kind.INITIAL
    if words.form[number] in "ia" and words.gap[number][:1] == " ":
        after = number + 1
        follows = after < len(words) and words.capital[after] and not words.flag[after] & SMALL
        return Kind.INITIAL if follows and words.raw[number].isupper() else Kind.NONE
    return Kind.INITIAL


def _read_any(raw: str) -> Word:
    """A word as `_read` reads it, or one that is too long to be looked up."""
    if len(raw) <= _LONGEST:
        return _read(raw)
    return Word(raw, raw.lower(), 0, raw[0].isupper(), raw.isupper(), like_word=False, kind=Kind.NONE, placed=False)


@lru_cache(maxsize=20_000)
def _read(raw: str) -> Word:
    """A word without its possessive ending, and what it is."""
    if "'" in raw or "’" in raw:
        raw = _ENDING.sub("", raw)
    form, flag = _looked_up(raw)
    capital = raw[0].isupper() or (raw[0].isdigit() and len(raw) > 2 and form[0].isalpha())
    like_word = form[0].isalpha() and len(form) <= _LONGEST and form.replace("-", "").replace("'", "").isalpha()
    what = _kind(raw, form, flag, like_word=like_word) if len(raw) > 1 else Kind.NONE
    placed = len(raw) == 1 or (form == "st" and capital) or bool(flag & TITLE)
    return Word(raw, form, flag, capital, len(raw) > 1 and raw.isupper(), like_word, what, placed)


def _looked_up(raw: str) -> tuple[str, int]:
    """The plain form of a word, and what the lists say of it."""
    if raw.isascii():
        form = raw if raw.islower() else raw.lower()
    else:
        form = fold(raw)
    known = lexicon()
    flag = known.get(form, 0)
    if flag:
        return form, flag
    if form.isalpha():
        upright = known.get("i" + form[1:], 0) if raw[0] == "l" and len(form) > 3 else 0
        if upright & GIVEN and not upright & ORDINARY:
            return "i" + form[1:], upright
        return form, _derived(form, known)
    return _otherwise(form, known)


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
