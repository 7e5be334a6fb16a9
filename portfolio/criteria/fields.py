"""Typed reads from a tree of nodes: each fault is noted with its line and a harmless value stands in, so that one run
finds everything. Nothing read this way may leave its caller while a fault is noted.
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from enum import StrEnum
from typing import TypeVar

from portfolio.criteria.tree import REFUSED, Fault, Mapping, Node, Scalar, Sequence, note

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9./-]{0,39}")
STEM = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NUMBER = re.compile(r"0|[1-9][0-9]{0,3}")
MAX_TEXT = 2_000
MAX_ITEMS = 1_000

Word = TypeVar("Word", bound=StrEnum)


class Faults:
    """What is wrong with one file so far."""

    def __init__(self, file: str, found: Iterable[Fault] = ()) -> None:
        self.file = file
        self.found = list(found)

    def add(self, line: int, message: str) -> None:
        """Note a fault of this file."""
        note(self.found, Fault(self.file, line, message))

    def refuse(self, node: Node, message: str) -> None:
        """Note a fault, unless the reading of the node noted one already."""
        if not (isinstance(node, Scalar) and node.kind == REFUSED):
            self.add(node.line, message)


class Unique:
    """Codes seen so far in one place; a second use is a fault."""

    def __init__(self, faults: Faults, what: str) -> None:
        self._faults, self._what = faults, what
        self._lines: dict[str, int] = {}
        self._places: dict[str, int] = {}

    def __contains__(self, code: str) -> bool:
        return code in self._lines

    def add(self, code: str, line: int) -> None:
        """Note the use of a code at a line."""
        if code and code in self._lines:
            self._faults.add(line, f"the {self._what} “{code}” is already used on line {self._lines[code]}")
        self._lines.setdefault(code, line)
        self._places.setdefault(code, len(self._places))

    def place(self, code: str) -> int:
        """Where a code stands in the order in which they were seen; unknown ones come last."""
        return self._places.get(code, len(self._places))


class Fields:
    """The fields of one mapping; unknown keys and missing fields are noted at once. No node at all reads as no fields,
    whose absence the part above has noted.
    """

    def __init__(
        self, faults: Faults, node: Node | None, what: str, *, required: tuple[str, ...], optional: tuple[str, ...] = ()
    ) -> None:
        self.faults = faults
        self.line = node.line if node else 1
        self._nodes: dict[str, Node] = {}
        if node is None:
            return
        if not isinstance(node, Mapping):
            faults.refuse(node, f"the {what} must be made of fields, “key: value”")
            return
        for key, value in node.entries.items():
            if key in required or key in optional:
                self._nodes[key] = value
            else:
                faults.add(node.lines[key], f"the {what} has an unknown key “{key}”")
        for key in required:
            if key not in node.entries:
                faults.add(node.line, f"the {what} has no “{key}”")

    def node(self, key: str) -> Node | None:
        """The node of a field, if it is there."""
        return self._nodes.get(key)

    def line_of(self, key: str) -> int:
        """The line on which the value of a field begins."""
        return self._nodes[key].line if key in self._nodes else self.line

    def text(self, key: str, *, most: int = MAX_TEXT) -> str:
        """Words of at most so many characters, with every run of white space made one space."""
        node = self._nodes.get(key)
        return "" if node is None else read_text(self.faults, node, f"“{key}”", most=most)

    def code(self, key: str) -> str:
        """A code or identifier, kept exactly as written."""
        node = self._nodes.get(key)
        return "" if node is None else read_code(self.faults, node, f"“{key}”")

    def number(self, key: str, low: int, high: int) -> int:
        """A whole number within bounds."""
        node = self._nodes.get(key)
        if node is None:
            return low
        if not (isinstance(node, Scalar) and node.kind == "int" and NUMBER.fullmatch(node.value)):
            self.faults.refuse(node, f"“{key}” must be a whole number")
        elif low <= int(node.value) <= high:
            return int(node.value)
        else:
            self.faults.add(node.line, f"“{key}” must lie between {low} and {high}")
        return low

    def number_if_given(self, key: str, low: int, high: int) -> int | None:
        """A whole number within bounds, of a field that may be missing."""
        return self.number(key, low, high) if key in self._nodes else None

    def day_if_given(self, key: str) -> date | None:
        """A day of the calendar, as year, month and day, of a field that may be missing."""
        node = self._nodes.get(key)
        if node is None:
            return None
        if isinstance(node, Scalar) and DAY.fullmatch(node.value):
            with suppress(ValueError):
                return date.fromisoformat(node.value)
        self.faults.refuse(node, f"“{key}” must be a date such as 2020-12-31")
        return None

    def word(self, key: str, words: type[Word]) -> Word:
        """One of a fixed set of words."""
        node = self._nodes.get(key)
        given = None if node is None else read_word(self.faults, node, key, words)
        return given or next(iter(words))

    def items(self, key: str, *, may_be_empty: bool = False) -> list[Node]:
        """The nodes of a list."""
        node = self._nodes.get(key)
        if node is None:
            return []
        if not isinstance(node, Sequence):
            self.faults.refuse(node, f"“{key}” must be a list")
            return []
        if not node.items and not may_be_empty:
            self.faults.add(node.line, f"“{key}” is empty")
        if len(node.items) > MAX_ITEMS:
            self.faults.add(node.items[MAX_ITEMS].line, f"“{key}” has more than {MAX_ITEMS} entries")
        return node.items[:MAX_ITEMS]


def read_text(faults: Faults, node: Node, what: str, *, most: int) -> str:
    """Words from a value: text, not empty, not too long."""
    if not isinstance(node, Scalar) or node.kind != "str":
        faults.refuse(node, f"{what} must be text")
        return ""
    words = " ".join(node.value.split())
    if not words:
        faults.add(node.line, f"{what} is empty")
    elif len(words) > most:
        faults.add(node.line, f"{what} is longer than {most} characters")
    return words


def read_code(faults: Faults, node: Node, what: str) -> str:
    """A code from a value. One that YAML takes for a number is refused, since 1.10 would become 1.1."""
    if not isinstance(node, Scalar):
        faults.refuse(node, f"{what} must be a code")
        return ""
    if node.kind != "str":
        faults.refuse(node, f"{what} is not text: write it in quotes, “{node.value}”")
    elif not CODE.fullmatch(node.value):
        faults.add(node.line, f"{what} must be a code of letters, digits, dots, dashes and strokes")
    return node.value


def read_stem(faults: Faults, node: Node, what: str) -> str:
    """The stem of a file name in small letters, digits and dashes."""
    if not (isinstance(node, Scalar) and node.kind == "str" and STEM.fullmatch(node.value)):
        faults.refuse(node, f"{what} must be a name of small letters, digits and dashes")
        return ""
    return node.value


def read_word(faults: Faults, node: Node, what: str, words: type[Word]) -> Word | None:
    """One of a fixed set of words from a value."""
    if isinstance(node, Scalar) and node.kind == "str" and node.value in set(words):
        return words(node.value)
    given = f" “{node.value}”" if isinstance(node, Scalar) else ""
    faults.refuse(node, f"unknown {what}{given}: one of {', '.join(words)}")
    return None
