"""Which findings are the same person or thing. Names are one person's when nothing in them differs: a fuller name takes
in its parts, initials, nicknames and slips of spelling. Anything else is one thing when letters and digits are equal.
Pure.
"""

import re
from collections import deque
from collections.abc import Sequence

from portfolio.anonymise import alike
from portfolio.anonymise.alike import Read
from portfolio.anonymise.findings import Candidate, Label

_ALIAS = re.compile(r"\s*\(\s*(?:aka|known as|called|or|preferred|prefers|goes by)?\s*", re.IGNORECASE)
_SURNAME_ASKED = re.compile(
    r"\b(?:sur|last |second |family )name\b[^\n]{0,80}\?[^\n]{0,40}\n[^\n]{0,40}$", re.IGNORECASE
)
_MARKS = re.compile(r"[\W_]")
_LETTERS = re.compile(r"[^\W_]")
_NEAR = 400
_COMPARED = 16
"""With how many people, and with how many of their mentions, one mention is compared at most by each key."""


def entities(text: str, found: Sequence[Candidate]) -> list[str]:
    """The name of the person or thing of each finding, in their order: 'person-1', 'phone-2'."""
    named = [""] * len(found)
    people = [number for number, one in enumerate(found) if one.label is Label.PERSON]
    for number, person in zip(people, _people(text, [found[number] for number in people]), strict=True):
        named[number] = f"person-{person}"
    things: dict[tuple[Label, str], int] = {}
    counts: dict[Label, int] = {}
    before: int | None = None
    for number, one in enumerate(found):
        if one.label is Label.PERSON:
            continue
        key = (one.label, _key(one.label, text[one.start : one.end]))
        if one.label is Label.ADDRESS and before is not None and _runs_on(text, found[before], one):
            named[number] = named[before]
        else:
            if key not in things:
                counts[one.label] = counts.get(one.label, 0) + 1
                things[key] = counts[one.label]
            named[number] = f"{one.label.value.lower()}-{things[key]}"
        before = number if one.label is Label.ADDRESS else before
    return named


def _runs_on(text: str, one: Candidate, other: Candidate) -> bool:
    """Whether two lines of an address follow one another with no other words between."""
    between = text[one.end : other.start]
    return len(between) < 24 and not _LETTERS.search(between)


def _key(label: Label, value: str) -> str:
    """What two ways of writing one thing have in common."""
    if label is Label.PHONE:
        digits = re.sub(r"\D", "", value.replace("(0)", ""))
        return digits[-10:] if len(digits) >= 10 else digits or value.lower()
    return _MARKS.sub("", value).lower()


def _people(text: str, found: Sequence[Candidate]) -> list[int]:
    """The number of the person of each mention. Fuller mentions are placed first, so that parts find their whole."""
    values = [text[one.start : one.end] for one in found]
    by_value = {value: alike.read(value) for value in set(values)}
    reads = [by_value[value] for value in values]
    order = sorted(range(len(found)), key=lambda number: (-reads[number].fullness, found[number].start))
    everybody = _Everybody()
    placed = [0] * len(found)
    seen: dict[tuple[str, str, str], int] = {}
    for number in order:
        one = reads[number]
        key = (" ".join(one.given), one.surname + "/" + one.single, one.initials + "/" + one.sex)
        if key not in seen:
            seen[key] = everybody.place(one)
        placed[number] = seen[key]
    _same_by_place(text, found, reads, placed)
    first: dict[int, int] = {}
    return [first.setdefault(number, len(first) + 1) for number in placed]


class _Everybody:
    """The people of a text so far, to be found by the parts of their names; a mention is compared with those who have a
    part of it, and with the latest whose names begin alike.
    """

    def __init__(self) -> None:
        self.people: list[list[Read]] = []
        self.by_part: dict[str, list[int]] = {}
        self.by_letter: dict[str, deque[int]] = {}

    def place(self, one: Read) -> int:
        """The person whom a mention names: the best of those whom nothing in it contradicts, or a new one."""
        best, most = -1, 0
        keys = alike.keys(one)
        for number in sorted(self._near(one, keys)):
            mentions = self.people[number]
            scores = [alike.fits(one, other) for other in mentions]
            if max(scores) == alike.BY_INITIAL and any(other.given for other in mentions):
                continue
            if min(scores) >= 0 and max(scores) > most:
                best, most = number, max(scores)
        if best < 0:
            best = len(self.people)
            self.people.append([])
        self._keep(one, keys, best)
        return best + 1

    def _near(self, one: Read, keys: set[str]) -> set[int]:
        found: set[int] = set()
        for part in keys:
            found.update(self.by_part.get(part, ())[-_COMPARED:])
            found.update(self.by_letter.get(part[0], ()))
        for letter in one.initials:
            found.update(self.by_letter.get(letter, ()))
        return found

    def _keep(self, one: Read, keys: set[str], person: int) -> None:
        mentions = self.people[person]
        if len(mentions) < _COMPARED:
            mentions.append(one)
        for part in keys:
            known = self.by_part.setdefault(part, [])
            if not known or known[-1] != person:
                known.append(person)
        for letter in {part[0] for part in keys} | set(one.initials):
            self.by_letter.setdefault(letter, deque(maxlen=_COMPARED)).append(person)


def _same_by_place(text: str, found: Sequence[Candidate], reads: Sequence[Read], placed: list[int]) -> None:
    """Two persons become one where the text puts one name for the other: in brackets, or as the surname asked for."""
    for number in range(1, len(found)):
        before = number - 1
        one, other = reads[before], reads[number]
        if placed[before] == placed[number] or not (one.single or one.surname):
            continue
        between = text[found[before].end : found[number].start]
        if between == " (" and _closed(text, found[number].end) and _lettered(one, other):
            old, new = placed[number], placed[before]
            placed[:] = [new if person == old else person for person in placed]
            continue
        if not other.single:
            continue
        alias = bool(_ALIAS.fullmatch(between)) and len(between) < 24 and _closed(text, found[number].end)
        asked = (
            bool(one.single)
            and len(between) < _NEAR
            and placed[number] not in placed[:number]
            and text[found[before].end : found[before].end + 1] != ":"
            and bool(_SURNAME_ASKED.search(between, max(0, len(between) - 160)))
        )
        if (alias and not _contradicts(one, other)) or asked:
            old, new = placed[number], placed[before]
            placed[:] = [new if person == old else person for person in placed]


def _lettered(one: Read, other: Read) -> bool:
    """Whether initials in brackets may be those of a surname before them: 'Cllr Hobday (LH)'."""
    return not one.given and not other.fullness and other.initials[-1:] == (one.surname or one.single)[0]


def _closed(text: str, end: int) -> bool:
    return text[end : end + 1] == ")"


def _contradicts(one: Read, other: Read) -> bool:
    return bool(one.initials and not one.given) and other.single[0] not in one.initials
