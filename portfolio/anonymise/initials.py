"""People by letters alone: initials of somebody in the text, letters that act as people do, names spelt out. Pure."""

from collections.abc import Sequence

from portfolio.anonymise.cues import ABBREVIATIONS, DOES, SAYS, TO_DO, spaced
from portfolio.anonymise.shapes import NAMELIKE, Name, joined, opens_sentence
from portfolio.anonymise.words import GIVEN, SMALL, SURNAME, TITLE, Kind, Words, lexicon

_NOBODY = spaced(
    "ok uk us eu it hr tv pm am ni ps id nb uc cv re na tb dr mr ms st no so up do go if in is on or to we"
)
"""Pairs of capitals that are never somebody's initials at the end of a note."""

_NOTE_ENDS = frozenset({". ", " - ", " – ", "; ", ".  ", "! ", "? "})
_LONGEST = 20
"""Letters of a name that is spelt out; a longer row is something else."""
_SIGNED_BY = frozenset({"by", "rec", "rec'd", "recd", "received", "initials", "initialled", "was", "signed"})


def of_people(words: Words, names: Sequence[Name], taken: set[int]) -> list[Name]:
    """Initials of a person whose full name the text has: KB, J-PB, K.B., Mrs B; and letters that act: 'JT asked'."""
    whole, last_letters = _initials_of(words, names)
    letters = [number for number, raw in enumerate(words.raw) if len(raw) < 6 and raw.isupper() and number not in taken]
    placed = {words.raw[number] for number in letters if words.raw[number] in whole and _placed(words, number)}
    acting = {words.raw[number] for number in letters if _acts(words, number)}
    acting |= _in_brackets(words, names)
    acting |= {words.raw[one.first] for one in names if one.first == one.last and one.reason.startswith("signs after")}
    found = []
    for number in letters:
        raw = words.raw[number]
        if len(raw) > 1:
            known = (
                raw.replace("-", "") in whole and raw.lower() not in ABBREVIATIONS and not words.flag[number] & SMALL
            )
            if known or raw in placed or raw in acting:
                found.append(Name(number, number, 78, "has the initials of somebody in the text"))
        elif number and words.flag[number - 1] & TITLE and joined(words, number - 1) and raw in last_letters:
            found.append(Name(number - 1, number, 78, "has the initial of somebody in the text"))
        elif _dotted(words, number) and (raw + words.raw[number + 1] in whole or _dotted_acts(words, number)):
            found.append(Name(number, number + 1, 78, "has the initials of somebody in the text"))
    return found


def _in_brackets(words: Words, names: Sequence[Name]) -> set[str]:
    """Initials right after a surname alone, where the given name is not told: 'Cllr Hobday (LH)'."""
    found = set()
    for name in names:
        after = name.last + 1
        if after >= len(words) or words.gap[name.last] != " (" or words.gap[after][:1] != ")":
            continue
        raw = words.raw[after]
        if raw.lower() in ABBREVIATIONS and not words.flag[name.first] & TITLE:
            continue
        if 1 < len(raw) < 4 and raw.isalpha() and raw.isupper() and raw[-1] == words.raw[name.last][0].upper():
            found.add(raw)
    return found


def after_carets(words: Words) -> list[Name]:
    """Who answers for a firm on a network: '^KM' or '^Jo' at the end of what is said."""
    return [
        Name(number, number, 88, "signs after '^'")
        for number, raw in enumerate(words.raw)
        if words.text[words.start[number] - 1 : words.start[number]] == "^"
        and raw[0].isupper()
        and (1 < len(raw) < 4 or words.flag[number] & GIVEN)
        and words.gap[number].strip(" .)\"'")[:1] in ("", "\n")
    ]


def _dotted(words: Words, number: int) -> bool:
    after = number + 1
    return after < len(words) and words.gap[number] in (".", ". ") and len(words.raw[after]) == 1


def _dotted_acts(words: Words, number: int) -> bool:
    """Whether initials with full stops speak: 'D.K. says'."""
    last = number + 1
    if last + 1 >= len(words) or (words.raw[number] + words.raw[last]).lower() in ABBREVIATIONS:
        return False
    if words.raw[last] == "I" and words.gap[number] == ". " and words.gap[last] == " ":
        return False
    speaks = words.gap[last] in (". ", " ") and words.form[last + 1] in SAYS
    return speaks and words.raw[last].isupper() and not words.capital[last + 1]


def _initials_of(words: Words, names: Sequence[Name]) -> tuple[set[str], set[str]]:
    """The initials of whole names, and the letters that last names begin with."""
    whole: set[str] = set()
    last_letters: set[str] = set()
    for name in names:
        pieces = [
            words.raw[number].upper()
            for number in range(name.first, name.last + 1)
            if words.kind[number] not in (Kind.TITLE, Kind.PARTICLE)
        ]
        if not pieces:
            continue
        last_letters.add(pieces[-1][0])
        whole.add("".join([piece[0] for piece in pieces]))
        whole.add("".join([part[0] for piece in pieces for part in piece.split("-") if part]))
        if len(pieces) > 1:
            whole.add(pieces[0][0] + pieces[-1][0])
    return {one for one in whole if len(one) > 1}, last_letters


def _acts(words: Words, number: int) -> bool:
    """Whether two letters in capitals do what a person does: 'JT will ring', 'KM: agreed', 'taken by RS'."""
    after = number + 1
    if len(words.raw[number]) != 2 or words.form[number] in _NOBODY or not words.raw[number].isalpha():
        return False
    if after >= len(words):
        return number > 0 and words.gap[number - 1] in _NOTE_ENDS and not words.shouted[number - 1]
    if words.shouted[after] or (number and words.shouted[number - 1]):
        return False
    gap, form = words.gap[number], words.form[after]
    if number and words.gap[number - 1] in _NOTE_ENDS and gap.lstrip(" .)")[:1] == "\n":
        return True
    if number and words.form[number - 1] == "w" and words.gap[number - 1] in ("/ ", "/"):
        return words.form[number] not in ABBREVIATIONS and gap[:1] in (".", ",", "\n", ")", ";")
    to_do = form == "to" and opens_sentence(words, number) and words.form[number] not in ABBREVIATIONS
    if words.kind[number] is not Kind.INITIAL and form != "dealt" and not to_do:
        return False
    if gap == " " and opens_sentence(words, number) and _subject(words, number):
        return True
    signs = number > 0 and words.form[number - 1] in _SIGNED_BY and words.gap[number - 1] == " "
    return (gap == " " and form in SAYS) or (signs and (gap[:1] in (",", ".", "\n", ")", ";") or form[0].isdigit()))


def _subject(words: Words, number: int) -> bool:
    """Whether what follows is what a person does, or the day on which they wrote: 'JT rang', 'JT to ring', 'JT 3/5'."""
    after = number + 1
    form = words.form[after]
    if form == "to":
        return after + 1 < len(words) and words.form[after + 1] in TO_DO
    return form in DOES or (form[0].isdigit() and words.gap[after][:1] == "/")


def _placed(words: Words, number: int) -> bool:
    """Whether letters that usually mean something else stand for a person: 'PA: agreed', 'MS to ring', after a name."""
    before = words.text[max(0, words.start[number] - 3) : words.start[number]]
    after = words.text[words.end[number] : words.end[number] + 4]
    if before.endswith("(") and after.startswith(")"):
        return True
    opens = not before.strip(" \t>*[(-•0123456789.") or "\n" in before or before.endswith((". ", "; ", ", "))
    if opens and after.startswith((":", " to ")):
        return True
    beside = number > 0 and words.gap[number - 1] in (" ", " (") and words.capital[number - 1]
    return beside and after[:1] in (",", ")", "\n", "") and words.kind[number - 1] in NAMELIKE


def spelt_out(words: Words, wanted: set[str]) -> list[Name]:
    """Names given letter by letter: 'U double D I N'."""
    known = lexicon()
    found = []
    number, size = 0, len(words)
    for first in [place for place, raw in enumerate(words.raw) if len(raw) == 1]:
        if first < number:
            continue
        number, letters, times = first, "", 1
        while number < size and (len(words.raw[number]) == 1 or words.form[number] == "double"):
            if words.form[number] == "double":
                times = 2
            else:
                letters, times = (letters + words.form[number] * times)[:_LONGEST], 1
            gap = words.gap[number]
            number += 1
            if len(gap) > 3 or gap.strip(" -,."):
                break
        if 3 < len(letters) < _LONGEST and (letters in wanted or known.get(letters, 0) & (GIVEN | SURNAME)):
            found.append(Name(first, number - 1, 84, "spells a name letter by letter"))
    return found
