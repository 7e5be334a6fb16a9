"""What a run of words looks like as a name, wherever it stands. Pure."""

from typing import NamedTuple

from portfolio.anonymise.cues import DOES, KIN_WORDS, PLACEHOLDERS, ROLE_WORDS, THING_NOUNS
from portfolio.anonymise.words import (
    GIVEN,
    JOB,
    KIN,
    SURNAME,
    TITLE,
    Kind,
    Words,
)

_COLOURS = frozenset("gold green brown grey gray white black pink blue red silver".split())  # noqa: SIM905 - words
_SENTENCE_ENDS = frozenset('.!?:;•*->"“”[|\n{=')
LISTED = frozenset({Kind.GIVEN, Kind.SURNAME, Kind.EITHER, Kind.EITHER_PLACE})
NAMELIKE = LISTED | {Kind.UNKNOWN}


class Name(NamedTuple):
    """A name by the numbers of its first and last words, how sure it is out of 100, and why."""

    first: int
    last: int
    score: int
    reason: str


def joined(words: Words, number: int) -> bool:
    """Whether a word and the next stand in one run: only spaces between, or the full stop of an initial or title."""
    gap = words.gap[number]
    if gap == " ":
        return True
    if words.raw[number] == "O" and gap in ("' ", "’ "):
        return True
    if gap.strip(" ") == "":
        return 0 < len(gap) <= 3
    if len(words.raw[number]) == 1 and gap.strip(" ") == "." and len(gap) < 6:
        return True
    if gap[0] == "." and words.form[number] != "miss" and gap[1:].strip(" ") == "" and len(gap) <= 3:
        raw = words.raw[number]
        return len(raw) == 1 or raw == "St" or bool(words.flag[number] & TITLE) or (len(raw) == 2 and raw.isupper())
    return False


def opens_sentence(words: Words, number: int) -> bool:
    """Whether a word has its capital because a sentence, line or quotation begins with it."""
    start = words.start[number]
    before = words.text[max(0, start - 6) : start].rstrip(" \t")
    if not before:
        return start <= 6
    return before[-1] in _SENTENCE_ENDS


def is_placeholder(words: Words, number: int) -> bool:
    """Whether a word and the letter or number after it already stand for somebody, as in Customer A."""
    after = number + 1
    if after >= len(words) or words.form[number].rstrip("s") not in PLACEHOLDERS or words.gap[number].strip(" -") != "":
        return False
    raw = words.raw[after]
    return (len(raw) == 1 and (raw.isupper() or raw.isdigit())) or (raw.isdigit() and len(raw) < 4)


def run_end(words: Words, first: int, last: int, *, any_case: bool) -> int:
    """The number of the last word of the name that starts at `first`, at most `last`; `first` - 1 where there is none.

    The run takes titles, initials, particles and words that may be names, and stops at the first that cannot.
    """
    end = first - 1
    number = first
    while number <= last and number - first < 8:
        what = words.kind[number]
        if what in (Kind.NONE, Kind.ORDINARY) or (
            what is Kind.PLACE and number > first and not _after_given(words, number)
        ):
            if what is Kind.ORDINARY and surname_of_word(words, number, first):
                end = number
            break
        if what is Kind.PARTICLE and number == last:
            break
        if what is not Kind.PARTICLE and not any_case and not words.capital[number]:
            break
        if what is not Kind.PARTICLE:
            end = number
        if number == last or not joined(words, number):
            break
        number += 1
    return end


def _after_given(words: Words, number: int) -> bool:
    return words.kind[number - 1] in (Kind.GIVEN, Kind.INITIAL, Kind.TITLE) and words.capital[number]


def surname_of_word(words: Words, number: int, first: int) -> bool:
    """Whether an ordinary word is somebody's surname: with a capital right after a given name, and no third word."""
    if number == first or not words.capital[number] or words.shouted[number] or is_role(words, number):
        return False
    before = words.kind[number - 1]
    titled = words.kind[first] is Kind.TITLE and before is Kind.UNKNOWN
    if not (titled or before in (Kind.GIVEN, Kind.INITIAL)) or words.form[number] in DOES:
        return False
    after = number + 1
    return after >= len(words) or not (joined(words, number) and words.capital[after]) or words.shouted[after]


def worth(words: Words, first: int, last: int) -> int:
    """How much a run looks like a name, out of 100, by its own words alone."""
    kinds = words.kind[first : last + 1]
    core = [one for one in kinds if one not in (Kind.TITLE, Kind.PARTICLE)]
    full = [one for one in core if one is not Kind.INITIAL]
    if not full:
        return 30 if kinds[0] is Kind.TITLE else 10
    points = max(_POINTS[one] for one in full)
    if full[-1] is Kind.ORDINARY and len(full) > 1:
        full = full[:-1]
    if len(full) > 1:
        both = (
            words.flag[last] & (GIVEN | SURNAME) and words.flag[last - 1] & GIVEN and words.form[last] not in _COLOURS
        )
        points += 35 if Kind.GIVEN in full else 30 if both else 20
    elif Kind.INITIAL in core and full[0] is not Kind.ORDINARY:
        points += 30
    if kinds[0] is Kind.TITLE:
        points += 60
    return min(points, 100)


_POINTS = {
    Kind.GIVEN: 65,
    Kind.SURNAME: 60,
    Kind.EITHER_PLACE: 35,
    Kind.EITHER: 25,
    Kind.PLACE: 15,
    Kind.UNKNOWN: 60,
    Kind.ORDINARY: 0,
    Kind.NONE: 0,
    Kind.TITLE: 0,
    Kind.PARTICLE: 0,
    Kind.INITIAL: 0,
}


def is_role(words: Words, number: int) -> bool:
    """Whether a word says what somebody does, or what a thing is, and not who somebody is."""
    form, flag = words.form[number], words.flag[number]
    return form in ROLE_WORDS or form in THING_NOUNS or bool(flag & (JOB | KIN) and not flag & GIVEN)


def is_part(words: Words, number: int) -> bool:
    """Whether a word says what part somebody plays: a job, a relation."""
    form, flag = words.form[number], words.flag[number]
    return form in ROLE_WORDS or form in KIN_WORDS or bool(flag & (JOB | KIN))


def initialled(words: Words, first: int, end: int) -> bool:
    """Whether a run is only initials, in capitals."""
    letters = "".join(words.raw[first : end + 1])
    return (
        letters.isupper()
        and 2 <= len(letters) <= 4
        and all(words.kind[one] is Kind.INITIAL for one in range(first, end + 1))
    )
