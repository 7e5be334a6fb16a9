"""Which column of a list means what: guessed from the words of its heading, then as the administrator says. Pure."""

import re
from collections.abc import Mapping, Sequence

from portfolio.centres.terms import NONE, filled
from portfolio.imports.rules import COLUMNS, NAMES_NEEDED, ImportKind

Matching = Mapping[str, int]
"""For each of our columns that the list has, where it stands in a row."""

FILLERS = frozenset(
    {"learner", "learners", "student", "students", "candidate", "person", "the", "of", "s", "work", "dd", "mm", "yyyy"}
    | {"uk", "required", "optional"}
)
"""Words beside those that count."""

_LETTERS = re.compile(r"[^a-z0-9]+")


def plain(text: str) -> str:
    """Words in small letters, without what stands between them; an e-mail is an email."""
    words = _LETTERS.sub(" ", text.casefold().replace("’", "'").replace("'s", " ")).strip()
    return re.sub(r"\be mails?\b", "email", words)


def guess(kind: ImportKind, headings: Sequence[str]) -> dict[str, int]:
    """Where each of our columns seems to stand. Exact words come before words with something beside them, and of two
    headings that say the same the first is taken.
    """
    found: dict[str, int] = {}
    for said in ([plain(heading) for heading in headings], [_bare(plain(heading)) for heading in headings]):
        for column in COLUMNS[kind]:
            if column.name in found:
                continue
            places = [number for number, words in enumerate(said) if words and number not in found.values()]
            known = next((n for word in column.known_as for n in places if said[n] == word), None)
            if known is not None:
                found[column.name] = known
    return _without_halves(found)


def _bare(words: str) -> str:
    return " ".join(word for word in words.split() if word not in FILLERS)


def _without_halves(found: dict[str, int]) -> dict[str, int]:
    """The whole name is not looked for where it stands in two columns, and half a name is not taken for it."""
    if {"first_name", "surname"} <= found.keys():
        found.pop("name", None)
    elif "name" in found:
        found.pop("first_name", None)
        found.pop("surname", None)
    return found


def labels_of(kind: ImportKind) -> dict[str, str]:
    """What each column is called; the standard words for roles and things stand in braces."""
    return {column.name: column.label for column in COLUMNS[kind]}


def lacking(kind: ImportKind, matching: Matching) -> list[tuple[str, str]]:
    """What must be chosen before the list can be looked at: (column, sentence)."""
    labels = labels_of(kind)
    missing = [
        (column.name, f"Choose the column that holds this: {labels[column.name]}.")
        for column in COLUMNS[kind]
        if column.is_needed and column.name not in matching
    ]
    if kind is ImportKind.PEOPLE and "name" not in matching and not {"first_name", "surname"} <= matching.keys():
        missing.append(("name", NAMES_NEEDED))
    return missing


def twice(kind: ImportKind, matching: Matching) -> list[tuple[str, str]]:
    """What was said of one column twice: (column, sentence)."""
    labels = labels_of(kind)
    first: dict[int, str] = {}
    faults = []
    for name, place in matching.items():
        other = first.setdefault(place, name)
        if other != name:
            faults.append((name, f"This column is chosen for “{labels[other]}” already."))
    return faults


def alike(headings: Sequence[str]) -> list[str]:
    """Headings that stand over more than one column."""
    said = [heading.casefold() for heading in headings]
    return list(dict.fromkeys(heading for heading in headings if said.count(heading.casefold()) > 1))


def template_of(kind: ImportKind) -> list[str]:
    """The headings of an empty list to fill in, in the standard words."""
    labels = labels_of(kind)
    return [filled(NONE, label) for name, label in labels.items() if name != "name" or kind is not ImportKind.PEOPLE]
