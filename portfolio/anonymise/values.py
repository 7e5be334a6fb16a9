"""The names in a place that holds names: the value of a field, a cell of a column, a list of people. Pure."""

from portfolio.anonymise.cues import ABBREVIATIONS, NOBODY
from portfolio.anonymise.shapes import NAMELIKE, Name, is_placeholder, is_role, joined, surname_of_word, worth
from portfolio.anonymise.words import NEVER, ORGANISATION, SMALL, TITLE, Kind, Words

_MOST = 6
_APART = (",", ";", "/", "&", "and", "+", "|", "or", "\n")


def names_in(words: Words, start: int, end: int, reason: str, *, sure: bool, listed: bool = False) -> list[Name]:
    """The names in text[start:end], which is meant for names. Where it is `sure`, any word may be one; where people are
    `listed`, each part between commas stands for somebody.
    """
    found: list[Name] = []
    number, last = words.at(start), words.at(end) - 1
    while number <= last:
        while number <= last and not is_placeholder(words, number) and _leads(words, number, last):
            number += 1
        if number > last or is_placeholder(words, number):
            return found
        stop = _run(words, number, last, sure=sure)
        if stop < number:
            if not (listed or found):
                return found
            number = _next_part(words, number, last)
            continue
        stop = _turned_round(words, number, stop, last) if not listed or words.shouted[number] else stop
        if not _believed(words, number, stop, end, sure=sure, listed=listed):
            return found
        found.append(Name(number, stop, 96 if sure else 90, reason))
        number = _next_part(words, stop, last)
        if not listed and number <= last and not _another(words, stop, number):
            return found
    return found


def _leads(words: Words, number: int, last: int) -> bool:
    """A word before the name that says whose it is: 'driver Fergal', 'to Sarah', 'the customer'."""
    return (
        number < last
        and joined(words, number)
        and words.kind[number] in (Kind.ORDINARY, Kind.NONE)
        and (is_role(words, number) or words.form[number] in ("the", "to", "by", "from", "our", "my", "w", "with"))
    )


def _run(words: Words, first: int, last: int, *, sure: bool) -> int:
    end, number = first - 1, first
    while number <= last and number - first < _MOST:
        what = words.kind[number]
        if what is Kind.NONE or (what is Kind.ORDINARY and (not sure or is_role(words, number))):
            if what is Kind.ORDINARY and (surname_of_word(words, number, first) or _given_of_word(words, number, last)):
                end = number
                if number == first and joined(words, number):
                    number += 1
                    continue
            break
        if what is Kind.EITHER and words.flag[number] & SMALL and not words.capital[number]:
            break
        if what is not Kind.PARTICLE:
            end = number
        if number == last or not (joined(words, number) or _nickname_next(words, number)):
            break
        number += 1
    return end


def _given_of_word(words: Words, number: int, last: int) -> bool:
    """Whether an ordinary word is somebody's first name: with a capital, right before a surname that ends the value."""
    after = number + 1
    if (
        after > last
        or (after < last and joined(words, after))
        or not words.capital[number]
        or is_role(words, number)
        or not joined(words, number)
    ):
        return False
    return words.capital[after] and words.kind[after] in (Kind.SURNAME, Kind.UNKNOWN) and not words.shouted[number]


def _nickname_next(words: Words, number: int) -> bool:
    """A nickname in quotes or brackets between two names, or the name after it."""
    gap = words.gap[number]
    return gap in (' "', '" ', " '", "' ", " “", "” ", " ‘", "’ ", ' ("', '") ')


def _turned_round(words: Words, first: int, end: int, last: int) -> int:
    """The end of a name that is written surname first with a comma: TRANTER, FERGAL P (MR)."""
    after = end + 1
    if first != end or after > last or words.gap[end].strip(" ") != ",":
        return end
    what = words.kind[after]
    if what in (Kind.TITLE, Kind.GIVEN, Kind.INITIAL) or (what in NAMELIKE and words.kind[first] is not Kind.GIVEN):
        return max(end, _run(words, after, last, sure=False))
    return end


def _believed(words: Words, first: int, end: int, region_end: int, *, sure: bool, listed: bool) -> bool:
    """Whether a run in such a place is a name: by itself, or because nothing else stands with it."""
    value = worth(words, first, end)
    never = any(
        words.flag[number] & (ORGANISATION | NEVER) and not words.flag[number] & TITLE
        for number in range(first, end + 1)
    )
    if words.form[first] in NOBODY or (never and value < 60):
        return False
    alone = _alone(words, end, region_end)
    if value == 25 and alone and words.capital[first]:
        return True
    if value <= 30:
        return _initials(words, first, end, region_end) or (sure and value < 30 and alone and len(words.raw[end]) > 1)
    if alone:
        return value >= 40 or sure or listed or words.capital[first]
    return value >= (40 if sure or listed else 65)


def _initials(words: Words, first: int, end: int, region_end: int) -> bool:
    raw = words.raw[first]
    letters = "".join(words.raw[first : end + 1])
    return (
        letters.isupper()
        and 2 <= len(letters) <= 4
        and raw.lower() not in ABBREVIATIONS
        and words.kind[first] is Kind.INITIAL
        and _alone(words, end, region_end)
    )


def _alone(words: Words, end: int, region_end: int) -> bool:
    """Whether nothing stands after the run but an end, a bracket or a mark between people."""
    rest = words.text[words.end[end] : min(region_end, words.end[end] + 12)].lstrip(" .\"'*”’")
    if words.text[words.end[end] : words.end[end] + 2] == ". " and words.capital[end] and rest[:1].isdigit():
        return True
    if rest.split(" ")[0].rstrip(",.;") in ("party", "family", "household", "group", "couple"):
        return True
    return not rest or rest[0] in ",;/&+|()[]<>{}\n\r\t-–—:" or rest.startswith(("and ", "or "))


def _next_part(words: Words, number: int, last: int) -> int:
    """The number of the word after the next mark between people."""
    while number <= last:
        gap = words.gap[number].strip(" \"'.)(]")
        number += 1
        if gap and gap[0] in ",;/&+|\n:-–—)":
            return number
        if number <= last and words.form[number] in ("and", "or"):
            return number + 1
    return number


def _another(words: Words, stop: int, number: int) -> bool:
    """Whether a second name may follow in a field that is meant for one."""
    between = words.text[words.end[stop] : words.start[number]]
    return len(between) < 8 and any(mark in between for mark in _APART)
