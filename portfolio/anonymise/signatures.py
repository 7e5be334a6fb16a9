"""Names that sign a message: under 'Kind regards', at its end, above a phone number or address. Pure."""

import itertools
from collections.abc import Iterator, Sequence

from portfolio.anonymise.cues import NOBODY, SIGN_OFFS, THING_NOUNS
from portfolio.anonymise.findings import Candidate, Label
from portfolio.anonymise.shapes import Name, initialled, is_placeholder, is_role, run_end, worth
from portfolio.anonymise.words import NEVER, ORGANISATION, SMALL, Kind, Words

_SIGN_OFF_WORDS = max(phrase.count(" ") for phrase in SIGN_OFFS) + 1
_SIGN_OFFS = frozenset(tuple(phrase.split()) for phrase in SIGN_OFFS)
_REACHED = frozenset({Label.PHONE, Label.EMAIL, Label.ADDRESS, Label.POSTCODE})


class Lines:
    """The lines of a text by the numbers of their words: `first` and `last` (less than `first` on an empty line)."""

    def __init__(self, words: Words) -> None:
        self.first: list[int] = []
        self.last: list[int] = []
        start, text = 0, words.text
        while start <= len(text):
            end = text.find("\n", start)
            end = len(text) if end < 0 else end
            self.first.append(words.at(start))
            self.last.append(words.at(end) - 1)
            start = end + 1


def in_signatures(words: Words, structured: Sequence[Candidate]) -> list[Name]:
    """The names under 'Kind regards' and the like, on the same line, and alone on a line at the end of a message."""
    found: list[Name] = []
    lines = Lines(words)
    total = len(lines.first)
    filled = [number for number in range(total) if lines.last[number] >= lines.first[number]]
    closing = {*filled[-4:], *_before_quotes(words, lines, filled)}
    reached = {words.at(one.start) for one in structured if one.label in _REACHED}
    closing.update(
        number
        for number, after in itertools.pairwise(filled)
        if lines.first[after] in reached or lines.first[after] + 1 in reached
    )
    for place, number in enumerate(filled):
        first, last = lines.first[number], lines.last[number]
        length = _sign_off_length(words, first, last)
        if length and first + length > last:
            found += _under(words, lines, filled[place + 1 : place + 4])
        elif length and last - first - length < 4:
            found += _whole_line(words, first + length, last, "signs the message", sure=False)
        elif last - first < 4 and number in closing:
            before = words.text[words.end[first - 1] : words.start[first]] if first else "\n"
            if "\n" in before:
                found += _whole_line(words, first, last, "stands alone at the end of the message", sure=False)
    return found


def _before_quotes(words: Words, lines: Lines, filled: list[int]) -> Iterator[int]:
    """The last lines of messages within a text: those before a line that opens the message they answer."""
    for number, after in itertools.pairwise(filled):
        between = words.text[words.end[lines.last[number]] : words.start[lines.first[after]]]
        if (
            "--" in between
            or "__" in between
            or ">" in between
            or words.form[lines.first[after]] in ("from", "sent", "begin")
        ):
            yield number


def _sign_off_length(words: Words, first: int, last: int) -> int:
    for length in range(min(_SIGN_OFF_WORDS, last - first + 1), 0, -1):
        if tuple(words.form[first : first + length]) in _SIGN_OFFS:
            gap = words.gap[first + length - 1]
            if first + length - 1 == last or gap.strip(" ") != "" or words.form[first] == "signed":
                return length
    return 0


def _under(words: Words, lines: Lines, following: list[int]) -> list[Name]:
    """The names on the lines under a sign-off: the first filled line, and a second that prints the first in full."""
    found: list[Name] = []
    for number in following:
        more = _whole_line(words, lines.first[number], lines.last[number], "signs the message", sure=not found)
        if not more:
            break
        if found and worth(words, more[0].first, more[0].last) < 60:
            break
        found += more
    return found


def _whole_line(words: Words, first: int, last: int, reason: str, *, sure: bool) -> list[Name]:
    """The name that a line consists of, apart from what stands after a comma, a bracket or a dash."""
    if is_placeholder(words, first) or words.form[first] in NOBODY or words.form[first] == "sent":
        return []
    end = run_end(words, first, min(last, first + 5), any_case=True)
    if end < first and sure and last - first < 2 and not is_role(words, first) and words.like_word[first]:
        end = (
            first
            if not words.flag[first] & (SMALL | NEVER | ORGANISATION) and (first == last or _broken(words, first))
            else end
        )
    if end < first or any(
        is_role(words, number) and words.kind[number] is not Kind.EITHER for number in range(first, end + 1)
    ):
        return []
    if end < last and not _broken(words, end) and not _kisses(words, end + 1, last):
        return [Name(first, end, 80, reason)] if worth(words, first, end) >= 85 else []
    value = worth(words, first, end)
    if value == 25 and words.form[first] in THING_NOUNS:
        return []
    if sure:
        return [Name(first, end, 94, reason)] if value >= 25 or initialled(words, first, end) else []
    return (
        [Name(first, end, 85, reason)]
        if value >= 60
        or (words.capital[first] and (value >= 40 or (value >= 25 and first == end)))
        or initialled(words, first, end)
        else []
    )


def _broken(words: Words, number: int) -> bool:
    gap = words.gap[number]
    if gap.startswith("   "):
        return True
    mark = gap.lstrip(" .")[:1]
    return mark in (",", "(", "-", "–", "—", "|", "\n", "/", "<", "[", "*") if mark else not gap or gap.endswith("\n")


def _kisses(words: Words, first: int, last: int) -> bool:
    return all(set(words.form[number]) == {"x"} for number in range(first, last + 1))
