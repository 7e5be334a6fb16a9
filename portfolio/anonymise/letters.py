"""Names by the shape of a message: titles, greetings, headings, and who speaks in a chat. Pure."""

import re
from collections import Counter

from portfolio.anonymise.anchors import in_lines
from portfolio.anonymise.cues import GREETINGS, NOBODY, PLACEHOLDERS, THANKS, spaced
from portfolio.anonymise.shapes import (
    LISTED,
    NAMELIKE,
    Name,
    initialled,
    is_placeholder,
    is_role,
    joined,
    opens_sentence,
    run_end,
    worth,
)
from portfolio.anonymise.words import GIVEN, NEVER, ORDINARY, ORGANISATION, SMALL, SURNAME, TITLE, Kind, Words, lexicon

_LOW_TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "cllr", "mister", "missus"})
_TITLES_PAIRED = re.compile(r"\.?\s*(?:&|and|\+)\s*", re.IGNORECASE)
_SPEAKER = re.compile(
    r"^[ \t>*\[(]{0,6}(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? )?[\d:./ ,-]{0,20}(?:[ap]m)?[\])]?"
    r"[ \t]{0,4}[-–—<>]?[ \t]{0,4}"
    r"(?P<who>[^\W\d][^\n:>\[\]()<]{0,38}?)[ \t]{0,4}(?:\([^()\n]{0,40}\))?[ \t]{0,4}(?:[:>]|[-–—] )",
    re.MULTILINE | re.IGNORECASE,
)
_NO_SPEAKER = spaced("bot virtual system assistant automated auto chatbot")


def after_titles(words: Words) -> list[Name]:
    """The names that follow Mr, Mrs, Dr and the like, titles included."""
    found: list[Name] = []
    number, size = 0, len(words)
    while number < size:
        if not words.flag[number] & TITLE or not _as_title(words, number):
            number += 1
            continue
        last = number
        while last + 1 < size and (_titles_joined(words, last)):
            last += 1
        end = _titled_end(words, last)
        behind = end == last and number > 1 and words.shouted[number] and words.gap[number - 2] == "/"
        if behind and joined(words, number - 1):
            found.append(Name(number - 2, number, 95, f"stands before '{words.raw[number]}'"))
        if end > last:
            found.append(Name(number, end, 97, f"follows '{words.raw[last]}'"))
        number = max(end, last) + 1
    return found


def _as_title(words: Words, number: int) -> bool:
    return words.capital[number] or words.form[number] in _LOW_TITLES


def _titles_joined(words: Words, number: int) -> bool:
    """Whether another title follows: 'Mr & Mrs', 'Councillor Mrs', 'Rev. Dr'."""
    if not words.flag[number + 1] & TITLE or not _as_title(words, number + 1):
        return False
    return joined(words, number) or bool(_TITLES_PAIRED.fullmatch(words.gap[number]))


def _titled_end(words: Words, title: int) -> int:
    """The last word of the name after a title; the title itself where none follows."""
    first = title + 1
    if (
        first + 1 < len(words)
        and words.raw[first] in ("s", "rs")
        and words.gap[title] == " "
        and words.capital[first + 1]
    ):
        first += 1
    if first >= len(words) or not (joined(words, title) or words.gap[title].strip(" .>|") == "\n"):
        return title
    if words.raw[title] == "miss" and words.flag[first] & SMALL and words.raw[first].islower():
        return title
    if not _may_follow_title(words, title, first):
        return title
    if "\n" in words.gap[title] and (words.kind[first] not in NAMELIKE or opens_sentence(words, title)):
        return title
    if _torn(words, first):
        return max(first + 1, run_end(words, first + 2, min(len(words) - 1, first + 5), any_case=False))
    end = run_end(words, first, min(len(words) - 1, first + 5), any_case=not words.capital[first])
    end = max(end, first)
    while end > first and not words.capital[first] and words.kind[end] not in (Kind.GIVEN, Kind.SURNAME, Kind.UNKNOWN):
        end -= 1
    return end


def _torn(words: Words, first: int) -> bool:
    """Whether scanning has torn a name in two: 'Pa trice'."""
    after = first + 1
    if after >= len(words) or not words.capital[first] or words.capital[after] or words.gap[first] != " ":
        return False
    whole = lexicon().get(words.form[first] + words.form[after], 0)
    return (
        bool(whole & (GIVEN | SURNAME)) and not words.flag[first] & (GIVEN | SURNAME) and not words.flag[after] & SMALL
    )


def _may_follow_title(words: Words, title: int, first: int) -> bool:
    raw, flag = words.raw[first], words.flag[first]
    if words.raw[title] == "ms" and title and words.raw[title - 1].isdigit() and words.gap[title] != " ":
        return False  # so many milliseconds
    if len(raw) == 1 or not words.like_word[first]:
        return (
            len(raw) == 1
            and raw.isupper()
            and first + 1 < len(words)
            and joined(words, first)
            and (words.capital[first + 1] and words.kind[first + 1] in NAMELIKE | {Kind.INITIAL, Kind.ORDINARY})
        )
    if words.capital[first]:
        return not (
            words.form[title] not in _LOW_TITLES and flag & (SMALL | NEVER | ORGANISATION) and not flag & SURNAME
        ) and (
            not is_role(words, first) or bool(flag & SURNAME) or words.form[title] in ("mr", "mrs", "ms", "miss", "mx")
        )
    if words.capital[title] and words.form[title] not in _LOW_TITLES:
        return False
    if words.kind[first] is Kind.PARTICLE:
        return first + 1 < len(words) and joined(words, first)
    if flag & (SMALL | NEVER) or words.form[title] in ("miss", "sir"):
        return words.kind[first] in (Kind.GIVEN, Kind.SURNAME) or (
            words.form[title] == "miss" and words.kind[first] is Kind.UNKNOWN
        )
    return not flag & ORDINARY or bool(flag & SURNAME)


def in_greetings(words: Words) -> list[Name]:
    """The names after 'Dear', 'Hi', 'Good morning', 'Thanks' and the like."""
    found: list[Name] = []
    for form in sorted(GREETINGS | THANKS):
        for number in words.numbers.get(form.split()[-1], ()):
            first = number + 1
            if first < len(words) and _greets(words, number):
                found += _greeted(words, number, first)
    return found


def _greets(words: Words, number: int) -> bool:
    """Whether a word greets here: 'you' only after 'thank', and with a space or comma before the name."""
    if words.form[number] == "you" and not (number and words.form[number - 1] == "thank"):
        return False
    return words.gap[number].strip(" ") in ("", ",") and len(words.gap[number]) < 6


def _greeted(words: Words, greeting: int, first: int) -> list[Name]:
    form = words.form[greeting]
    if words.form[first] in NOBODY or is_placeholder(words, first):
        return []
    formal = form in ("dear", "dearest")
    end = run_end(words, first, min(len(words) - 1, first + 5), any_case=True)
    if end < first:
        end = _any_word_greeted(words, first) if formal else first - 1
        if end < first:
            return []
    ends = words.gap[end][:2].strip(" ")[:1] in (",", "!", ".", "\n", "-", "–", "—", "", ":", "?", ";", "&", "(") and (
        words.gap[end][:1] != " " or end + 1 == len(words) or words.gap[end].strip(" ") != ""
    )
    kinds = {*words.kind[first : end + 1]}
    if end + 1 < len(words) and joined(words, end) and words.capital[end + 1] and not {Kind.GIVEN, Kind.TITLE} & kinds:
        return []
    thanks = form in THANKS or form == "you"
    if Kind.GIVEN not in kinds and thanks and ("," in words.gap[greeting] or not words.capital[first]):
        return []
    if not _greeting_holds(words, first, formal=formal, ends=ends, kinds=kinds):
        return []
    found = [Name(first, end, 95, f"follows '{words.raw[greeting]}'")]
    second = end + 1
    if second < len(words) and (words.form[second] == "and" or words.gap[end].strip(" ") in ("&", ",", "/")):
        second += words.form[second] == "and"
        last = run_end(words, second, min(len(words) - 1, second + 3), any_case=True) if second < len(words) else -1
        if (
            last >= second
            and words.form[second] not in NOBODY
            and (
                LISTED & {*words.kind[second : last + 1]}
                and (words.capital[second] or not words.flag[second] & SMALL)
                and (formal or words.gap[end].strip(" ") != ",")
            )
        ):
            found.append(Name(second, last, 92, f"follows '{words.raw[greeting]}'"))
    return found


def _greeting_holds(words: Words, first: int, *, formal: bool, ends: bool, kinds: set[Kind]) -> bool:
    if kinds == {Kind.TITLE}:
        return False
    if words.capital[first] and (Kind.TITLE in kinds or (formal and ends)):
        return True
    if {Kind.GIVEN, Kind.SURNAME} & kinds:
        return True
    if words.capital[first]:
        return bool(kinds & NAMELIKE) and (ends or Kind.UNKNOWN in kinds)
    return ends and bool(kinds & NAMELIKE) and not words.flag[first] & SMALL


def _any_word_greeted(words: Words, first: int) -> int:
    """A single capital word after 'Dear' and before a comma or a new line is a name, whatever it means, but no role."""
    gap = words.gap[first]
    if words.shouted[first] and not words.flag[first] & (SURNAME | GIVEN):
        return first - 1
    if not words.capital[first] or is_role(words, first) or words.flag[first] & (NEVER | ORGANISATION):
        return first - 1
    return first if words.like_word[first] and (gap.startswith((",", "\n")) or not gap.strip()) else first - 1


def in_headings(words: Words) -> list[Name]:
    """The name that ends the first line after a dash: 'Reflective diary - Nerys'."""
    start = len(words.text) - len(words.text.lstrip())
    end = words.text.find("\n", start)
    last = words.at(end if end >= 0 else len(words.text)) - 1
    for number in range(max(1, last - 2), last + 1):
        if words.gap[number - 1] in (" - ", " – ", " — ") and words.capital[number]:
            stop = run_end(words, number, last, any_case=False)
            if stop == last and worth(words, number, last) >= 25 and words.flag[number] & (GIVEN | SURNAME):
                return [Name(number, last, 75, "stands after a dash in the heading")]
    return []


def surname_first(words: Words) -> list[Name]:
    """Names written in capitals with the surname first: 'OKONKWO, Ngozi Ada'."""
    found = []
    for number in range(len(words) - 1):
        after = number + 1
        if not words.shouted[number] or words.gap[number] != ", " or not words.capital[after]:
            continue
        listed = number > 0 and words.gap[number - 1].strip(" ") == ","
        if words.kind[after] is Kind.GIVEN and words.kind[number] in NAMELIKE and not listed:
            end = run_end(words, after, min(len(words) - 1, after + 3), any_case=False)
            if words.gap[end][:1] != ",":
                found.append(Name(number, end, 88, "is written surname first"))
    return found


def speakers(words: Words) -> list[Name]:
    """Who speaks, by the name before a colon at the start of several lines."""
    seen: list[tuple[int, int]] = []
    for match in in_lines(_SPEAKER, words.text):
        first, last = words.at(match.start("who")), words.at(match.end("who")) - 1
        if first <= last and last - first < 4 and not _no_speaker(words, match.group(), first):
            seen.append((first, last))
    counted = Counter(" ".join(words.form[first : last + 1]) for first, last in seen)
    return [
        Name(first, last, 93, "speaks in the conversation")
        for first, last in seen
        if _speaks(words, first, last, counted[" ".join(words.form[first : last + 1])])
    ]


def _no_speaker(words: Words, line: str, first: int) -> bool:
    low = line.lower()
    return any(word in low for word in _NO_SPEAKER) or words.form[first] in PLACEHOLDERS or is_placeholder(words, first)


def _speaks(words: Words, first: int, last: int, times: int) -> bool:
    kinds = words.kind[first : last + 1]
    if any(one in (Kind.NONE, Kind.ORDINARY) for one in kinds) or not words.capital[first]:
        return False
    value = worth(words, first, last)
    if value >= 65:
        return True
    return times > 1 and (value >= 25 or initialled(words, first, last))
