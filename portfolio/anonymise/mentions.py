"""Every further mention of a person already found: by a part of the name, misspelt, short or by initials. Pure."""

import re
from collections.abc import Iterable, Sequence

from portfolio.anonymise import gazetteers, initials
from portfolio.anonymise.cues import KIN_WORDS, SAYS, THING_NOUNS
from portfolio.anonymise.findings import Candidate, Known, Label
from portfolio.anonymise.shapes import Name, is_role, opens_sentence
from portfolio.anonymise.words import GIVEN, KIN, NEVER, ORDINARY, PLACE, SMALL, SURNAME, TITLE, Kind, Words, lexicon

_PARTS = frozenset({Kind.GIVEN, Kind.SURNAME, Kind.UNKNOWN, Kind.EITHER_PLACE})
_LEAST = 3
_MOST_COMPARED = 400


def parts(words: Words, name: Name) -> list[int]:
    """The numbers of the words of a name that are the person's own: no title, initial or particle."""
    return [
        number
        for number in range(name.first, name.last + 1)
        if len(words.raw[number]) > 1 and words.kind[number] not in (Kind.TITLE, Kind.INITIAL, Kind.PARTICLE)
    ]


def forms(words: Words, names: Iterable[Name], known: Known, structured: Sequence[Candidate]) -> dict[str, int]:
    """What each plain form adds to the weight of a word, since a person of that name is in the text."""
    found: dict[str, int] = {}
    nicknames = gazetteers.nicknames()
    for name in names:
        for number in parts(words, name):
            form = words.form[number]
            weak = words.kind[number] is Kind.EITHER and not words.flag[number] & GIVEN
            found[form] = max(found.get(form, 0), 20 if weak else 40)
            for other in nicknames.get(form, ()):
                found.setdefault(other, 20)
    for one in structured:
        if one.label in (Label.EMAIL, Label.USERNAME):
            for piece in re.split(r"[^a-z]+", words.text[one.start : one.end].partition("@")[0].lower()):
                if len(piece) > _LEAST:
                    found.setdefault(piece, 20)
    for entry in known.people:
        for form in Words(entry).form:
            found[form] = 60
    return found


def further(words: Words, names: Sequence[Name], blocked: frozenset[int]) -> list[Name]:
    """The places that name again, in any case, somebody whom `names` has."""
    taken = {number for name in names for number in range(name.first, name.last + 1)}
    taken.update(blocked)
    wanted = _own_forms(words, names)
    found = [
        Name(number, number, 82, "is named elsewhere in the text")
        for form in wanted
        for number in words.numbers.get(form, ())
        if number not in taken and _stands(words, number)
    ]
    taken.update(one.first for one in found)
    found += _of_words(words, names, taken)
    found += _torn(words, wanted, taken, {name.last for name in names})
    found += _misspelt(words, wanted, taken)
    found += _shortened(words, names, taken)
    found += _coordinated(words, [*names, *found], taken)
    found += initials.of_people(words, names, taken)
    found += initials.spelt_out(words, wanted)
    return found


def _own_forms(words: Words, names: Sequence[Name]) -> set[str]:
    """The forms that are nobody else's and no ordinary word, so that they are the person wherever they stand."""
    return {
        words.form[number]
        for name in names
        for number in parts(words, name)
        if words.kind[number] in _PARTS and len(words.form[number]) >= _LEAST
    }


def _of_words(words: Words, names: Sequence[Name], taken: set[int]) -> list[Name]:
    """Names that are ordinary words as well: again with a capital inside a sentence, or before a verb of speaking."""
    own = {
        number for name in names for number in parts(words, name) if words.kind[number] in (Kind.EITHER, Kind.ORDINARY)
    }
    found = []
    for form in {words.form[number] for number in own}:
        for number in words.numbers[form]:
            if number in taken or number in own or not _stands(words, number):
                continue
            speaks = words.form[number + 1 : number + 2] and words.form[number + 1] in SAYS and words.gap[number] == " "
            inside = words.text[words.start[number] - 1] == " " and not opens_sentence(words, number)
            if (words.capital[number] and not words.shouted[number] and inside) or speaks:
                found.append(Name(number, number, 70, "is named elsewhere in the text"))
    taken.update(one.first for one in found)
    return found


def _stands(words: Words, number: int) -> bool:
    """Whether a part of somebody's name is not here the name of a street, a firm or a thing."""
    after = number + 1
    if after < len(words) and words.gap[number] == " & " and words.form[after] in ("co", "sons", "son"):
        return False
    if after < len(words) and words.gap[number] == " " and words.form[after] in THING_NOUNS:
        return not (words.capital[number] and words.capital[after])
    return True


def _torn(words: Words, wanted: set[str], taken: set[int], owned: set[int]) -> list[Name]:
    """Names that scanning has torn in two: 'Th eresa', 'Fer gal'."""
    known = lexicon()
    found = []
    for number in range(len(words) - 1):
        after = number + 1
        if not words.capital[number] or words.capital[after] or after in taken or words.gap[number] != " ":
            continue
        tail = words.raw[after]
        if number in owned and len(tail) < 4 and tail.islower() and not tail.isalpha() and words.form[after].isalpha():
            found.append(Name(after, after, 78, "belongs to the name before it, torn by scanning"))
            continue
        form = words.form[number] + words.form[after]
        both = words.flag[after] and words.flag[number]
        whole = known.get(form, 0) & GIVEN and not words.flag[after] & (ORDINARY | SMALL)
        if (both and not whole) or len(words.form[after]) < 3 or not words.like_word[after]:
            continue
        if form in wanted or known.get(form, 0) & (GIVEN | SURNAME):
            found.append(Name(number, after, 80, "matches a name list but for a space in it"))
    taken.update(number for one in found for number in (one.first, one.last))
    return found


def _shortened(words: Words, names: Sequence[Name], taken: set[int]) -> list[Name]:
    """Short forms that no list has: 'Debs' for Deborah; and the plural of a family's name."""
    given = {words.form[number] for name in names for number in parts(words, name) if words.kind[number] in _PARTS}
    by_start: dict[str, list[str]] = {}
    for form in given:
        if len(form) > 4:
            by_start.setdefault(form[:3], []).append(form)
    found = []
    for form, numbers in _unlisted(words, ORDINARY | SMALL | NEVER | TITLE | KIN | PLACE):
        if not 2 < len(form) < 16 or (form[:3] not in by_start and form[:-1] not in given):
            continue
        short = any(other.startswith(_STEM.sub("", form)) for other in by_start.get(form[:3], ())) and len(form) < 9
        if short or (form[-1] == "s" and form[:-1] in given):
            found += [
                Name(number, number, 76, "is short for a name that the text has elsewhere")
                for number in numbers
                if number not in taken and words.capital[number] and words.like_word[number] and _stands(words, number)
            ]
    taken.update(one.first for one in found)
    return found


def _unlisted(words: Words, flags: int) -> list[tuple[str, list[int]]]:
    """The plain forms of which no list says any of this, with the numbers of their words."""
    flag = words.flag
    return [(form, numbers) for form, numbers in words.numbers.items() if not flag[numbers[0]] & flags]


_STEM = re.compile(r"(?:ie|y|s|o|z|zza|a|er|ers|sy|bsy|sie|bsie|cy|cie|kins)$")


def _misspelt(words: Words, wanted: set[str], taken: set[int]) -> list[Name]:
    """Words that no list has and that differ by a letter or two from a name of the text."""
    compared = sorted(form for form in wanted if len(form) > 4)[:_MOST_COMPARED]
    by_start: dict[str, list[str]] = {}
    for form in compared:
        by_start.setdefault(form[0], []).append(form)
    found = []
    for form, numbers in _unlisted(words, ORDINARY | SMALL | NEVER | TITLE | KIN):
        if len(form) < 4 or len(form) > 24 or form in wanted or form[0] not in by_start:
            continue
        near = next((other for other in by_start[form[0]] if _alike(form, other)), None)
        if near:
            found += [
                Name(number, number, 76, "is nearly a name that the text has elsewhere")
                for number in numbers
                if number not in taken and words.like_word[number] and _stands(words, number)
            ]
    taken.update(one.first for one in found)
    return found


def _alike(form: str, other: str) -> bool:
    allowed = 1 if min(len(form), len(other)) < 7 else 2
    return distance(form, other, allowed) <= allowed


def distance(one: str, other: str, most: int) -> int:
    """How many letters to change, add, leave out or swap with the next to make one word the other; `most` + 1 stands
    for anything more.
    """
    if abs(len(one) - len(other)) > most or len({*one} - {*other}) > most or len({*other} - {*one}) > most:
        return most + 1
    earlier: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        above, row = row, [i]
        for j, against in enumerate(other, 1):
            if letter == against:
                cost = above[j - 1]
            else:
                cost = 1 + min(above[j], row[j - 1], above[j - 1])
                if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                    cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        earlier = above
    return min(row[-1], most + 1)


def _coordinated(words: Words, names: Sequence[Name], taken: set[int]) -> list[Name]:
    """A capital word joined to somebody's name by 'and', or standing next to it in a list."""
    found: list[Name] = []
    waiting = sorted(names)
    while waiting:
        name = waiting.pop()
        for first, reason in (_next_in_list(words, name), _before_in_list(words, name)):
            if 0 <= first < len(words) and first not in taken and _may_be_listed(words, first):
                found.append(Name(first, first, 70, reason))
                taken.add(first)
                waiting.append(found[-1])
    return found


def _next_in_list(words: Words, name: Name) -> tuple[int, str]:
    link = name.last + 1
    if link >= len(words):
        return -1, ""
    gap = words.gap[name.last]
    if words.form[link] in ("and", "or") and gap in (" ", ", ") and words.gap[link] == " ":
        return link + 1, "is joined to a name by 'and'"
    if gap in (" & ", " + ", "/", " / ") or (
        gap == ", " and words.gap[link][:1] in (",", "\n") and _in_list(words, link)
    ):
        return link, "stands in a list of names"
    return -1, ""


def _in_list(words: Words, number: int) -> bool:
    """Whether a word after a comma is one of three or more, and no town after a name or subject of what follows."""
    after = words.gap[number]
    return after == ", " and number + 1 < len(words) and words.capital[number + 1]


def _before_in_list(words: Words, name: Name) -> tuple[int, str]:
    before = name.first - 1
    if before < 1:
        return -1, ""
    gap = words.gap[before]
    if words.form[before] in ("and", "or") and gap == " " and words.gap[before - 1] == " ":
        return before - 1, "is joined to a name by 'and'"
    opens = words.gap[before - 1][-1:] == "(" or words.gap[before - 1] == ": "
    return (before, "stands in a list of names") if gap in (" & ", " + ") or (opens and gap == ", ") else (-1, "")


def _may_be_listed(words: Words, number: int) -> bool:
    if not words.capital[number] or not _stands(words, number):
        return False
    if words.kind[number] is Kind.EITHER and opens_sentence(words, number):
        return False
    if words.kind[number] is Kind.ORDINARY:
        if words.gap[number - 1][-1:] == "(" and words.gap[number] == ", ":
            return not is_role(words, number)
        children = any(form in KIN_WORDS for form in words.form[max(0, number - 7) : number])
        return children and words.gap[number][:1] in (",", ".", ")", "\n", " ") and not is_role(words, number)
    return words.kind[number] in _PARTS or (words.kind[number] is Kind.EITHER and bool(words.flag[number] & GIVEN))


def listed_beforehand(text: str, known: Known) -> list[Candidate]:
    """The people and organisations that a centre or learner asks to find, wherever they stand, in any case."""
    found = []
    for entries, reason in (
        (known.people, "is on your list of people"),
        (known.organisations, "is on your list of organisations"),
    ):
        for entry in entries:
            pattern = r"\s+".join(re.escape(piece) for piece in entry.split())
            if pattern:
                found += [
                    Candidate(match.start(), match.end(), Label.PERSON, 0.99, reason)
                    for match in re.finditer(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE)
                ]
    return found
