"""The lines of a record: when it was, what was asked, what was seen or said, and which criteria that is about. Pure.

A time is that of the day in an observation, and how far into it in a discussion; questions have none.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portfolio.criteria.rules import Method
from portfolio.errors import Rejected

NOTES_MOST, SAID_MOST, ASK_MOST, CODES_MOST = 200, 2_000, 500, 30
OF_DAY = re.compile(r"([01]?[0-9]|2[0-3])[:.]?([0-5][0-9])")
HOW_FAR = re.compile(r"(?:([0-9]{1,2})[:.])?([0-9]{1,3})[:.]([0-5][0-9])")
MISSING = {
    Method.OBSERVATION: "Write what you saw, or remove the line.",
    Method.DISCUSSION: "Write what was said, or remove the line.",
    Method.QUESTIONS: "Write the question, or remove the line.",
}
"""The kinds of record that have lines, with what is asked for when one says nothing."""
WRONG_TIME = {
    Method.OBSERVATION: "Give the time of the day, such as 10:42.",
    Method.DISCUSSION: "Give how far in it was, in minutes and seconds, such as 1:23.",
}

Pair = tuple[str, str]
"""A unit's and a criterion's code."""


@dataclass(frozen=True, slots=True)
class Note:
    """One line of a record."""

    at: str = ""
    ask: str = ""
    said: str = ""
    criteria: tuple[Pair, ...] = ()

    @property
    def stored(self) -> dict[str, Any]:
        """As a version keeps it."""
        return {"at": self.at, "ask": self.ask, "said": self.said, "criteria": [list(pair) for pair in self.criteria]}

    @property
    def words(self) -> str:
        """All of it on one line."""
        asked = f"{self.ask} – " if self.ask else ""
        codes = f" ({', '.join(code for _unit, code in self.criteria)})" if self.criteria else ""
        return f"{f'{self.at} ' if self.at else ''}{' '.join((asked + self.said).split())}{codes}"


def notes_of(stored: Iterable[Mapping[str, Any]]) -> list[Note]:
    """The lines as a version keeps them."""
    return [
        Note(one["at"], one["ask"], one["said"], tuple((unit, code) for unit, code in one["criteria"]))
        for one in stored
    ]


def told(stored: Iterable[Mapping[str, Any]]) -> str:
    """The lines as a text, a paragraph each."""
    return "\n".join(note.words for note in notes_of(stored))


def time_in(method: Method, text: str) -> str:
    """The time as it is kept: 9.42 is 09:42 of the day, 01:23 is 1:23 into it. Raises Rejected for anything else."""
    text = text.strip()
    if not text or method is Method.QUESTIONS:
        return ""
    found = (OF_DAY if method is Method.OBSERVATION else HOW_FAR).fullmatch(text)
    if found is None:
        raise Rejected(WRONG_TIME[method])
    if method is Method.OBSERVATION:
        return f"{int(found[1]):02d}:{found[2]}"
    minutes = 60 * int(found[1] or 0) + int(found[2])
    return f"{minutes // 60}:{minutes % 60:02d}:{found[3]}" if minutes >= 60 else f"{minutes}:{found[3]}"


def seconds_in(at: str) -> int:
    """How late a kept time is, to be compared with others of the same record."""
    total = 0
    for part in at.split(":"):
        total = 60 * total + int(part)
    return total


def in_order(notes: Sequence[Note]) -> list[Note]:
    """The lines by their times; one without a time stays behind the line that it follows."""
    latest, keyed = 0, []
    for place, note in enumerate(notes):
        latest = seconds_in(note.at) if note.at else latest
        keyed.append((latest, place, note))
    return [note for _at, _place, note in sorted(keyed, key=lambda one: one[:2])]


def faults(method: Method, note: Note) -> list[tuple[str, str]]:
    """What is wrong with one line, each with the part of it (`at`, `ask`, `said` or `criteria`) and a sentence."""
    found = []
    try:
        if time_in(method, note.at) != note.at:
            found.append(("at", WRONG_TIME.get(method, "Questions have no times.")))
    except Rejected as refused:
        found.append(("at", refused.message))
    if method is Method.QUESTIONS and not note.ask.strip():
        found.append(("ask", "An answer needs its question." if note.said.strip() else MISSING[method]))
    elif method is not Method.QUESTIONS and note.ask.strip():
        found.append(("ask", "Only a record of questions has these."))
    elif method is not Method.QUESTIONS and not note.said.strip():
        found.append(("said", MISSING[method]))
    for part, text, most in (("ask", note.ask, ASK_MOST), ("said", note.said, SAID_MOST)):
        if len(text) > most:
            found.append((part, f"Keep this to {most} characters; it has {len(text)}."))
    if len(note.criteria) > CODES_MOST or len(set(note.criteria)) != len(note.criteria):
        found.append(("criteria", f"Name each criterion once, and at most {CODES_MOST} of them."))
    return found


def check_answered(stored: Sequence[Mapping[str, Any]]) -> None:
    """Every question that was asked has its answer. Raises Rejected naming the first line without."""
    for number, note in enumerate(notes_of(stored), start=1):
        if note.ask and not note.said:
            raise Rejected(f"Line {number} has no answer yet. Write it down, or remove the line.")


def check_notes(method: Method, stored: Sequence[Mapping[str, Any]]) -> None:
    """Only a record of an assessor's has lines, and not too many. Raises Rejected naming the first line at fault."""
    if stored and method not in MISSING:
        raise Rejected("Only a record of an observation, a discussion or questions has notes.", "notes")
    if len(stored) > NOTES_MOST:
        raise Rejected(f"A record takes at most {NOTES_MOST} lines. Begin a second one.", "notes")
    for number, note in enumerate(notes_of(stored), start=1):
        for _part, sentence in faults(method, note):
            raise Rejected(f"Line {number}: {sentence}", "notes")
