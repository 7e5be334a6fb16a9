"""Reads a YAML file as a tree whose nodes know their lines, and collects every fault instead of stopping at the first.

Only what a pack needs is understood: mappings, lists and plain values. Tags, anchors and aliases, a second document,
deep nesting and files over 1 MB are faults, so that a hostile file can neither build objects nor grow in memory.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import yaml

from portfolio.errors import Rejected

MAX_BYTES = 1_000_000
MAX_DEPTH = 12
MOST_SAID = 200
MOST_NOTED = 1_000

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
KINDS: dict[str, list[tuple[str, re.Pattern[str]]]] = yaml.resolver.Resolver.yaml_implicit_resolvers
"""What YAML takes an unquoted value for, by its first character: pairs of tag and pattern."""
REFUSED = "refused"
"""The kind of a value whose fault is noted already; nothing more need be said of it."""

NOT_TEXT = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong in one file; `line` counts from 1."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


def note(found: list[Fault], fault: Fault) -> None:
    """Add a fault to those of one file, up to MOST_NOTED: whoever mends those looks again."""
    if len(found) < MOST_NOTED:
        found.append(fault)


class PackFaults(Rejected):
    """A pack that cannot be taken, with everything that is wrong with it in order of file and line.

    The message stays readable: it lists the first MOST_SAID and counts the rest.
    """

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = tuple(sorted(set(faults)))
        said = [str(fault) for fault in self.faults[:MOST_SAID]]
        if rest := len(self.faults) - len(said):
            said.append(f"and {rest} more")
        super().__init__("\n".join(said))


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value as written. `kind` is what YAML takes it for: str, int, float, bool, null, timestamp..."""

    line: int
    value: str
    kind: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    line: int
    items: "list[Node]" = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values in the order of the file, with the line of each key; the first of a repeated key is kept."""

    line: int
    entries: "dict[str, Node]" = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)


Node: TypeAlias = Scalar | Sequence | Mapping


def read_tree(path: Path) -> tuple[Node | None, list[Fault]]:
    """The tree of one file, as far as it can be read, and what was wrong with it."""
    name = path.as_posix()
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError:
        return None, [Fault(name, 1, "the file cannot be read")]
    return tree_of(name, data)


def tree_of(name: str, data: bytes) -> tuple[Node | None, list[Fault]]:
    """The tree of what a file of that name holds, as far as it can be read, and what was wrong with it."""
    if len(data) > MAX_BYTES:
        return None, [Fault(name, 1, "the file is larger than 1 MB")]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return None, [Fault(name, data.count(b"\n", 0, error.start) + 1, "the file is not UTF-8 text")]
    if found := NOT_TEXT.search(text):
        return None, [Fault(name, text.count("\n", 0, found.start()) + 1, "a control character is not text")]
    builder = _Builder(name, text)
    return builder.build(), builder.faults


class _TooDeep(Exception):
    """Raised inside this module to leave a file that nests without end."""


class _Builder:
    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.faults: list[Fault] = []
        self.line = 1
        self.events: Iterator[yaml.Event] = yaml.parse(text, Loader=LOADER)

    def build(self) -> Node | None:
        try:
            return self._documents()
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self._fault(mark.line + 1 if mark else self.line, f"not valid YAML: {error.problem or error.context}")
        except (yaml.YAMLError, ValueError, OverflowError):
            self._fault(self.line, "not valid YAML")
        except _TooDeep:
            self._fault(self.line, f"nested more than {MAX_DEPTH} deep")
        return None

    def _documents(self) -> Node | None:
        root: Node | None = None
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents == 2:
                    self._fault(_line_of(event), "a second document in the same file")
            elif isinstance(event, yaml.NodeEvent):
                node = self._node(event, depth=1)
                root = root or node
        if root is None:
            self._fault(1, "the file is empty")
        return root

    def _node(self, event: yaml.Event, *, depth: int) -> Node:
        self.line = line = _line_of(event)
        if depth > MAX_DEPTH:
            raise _TooDeep
        if not isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
            self._fault(line, "an alias is not allowed: write the value out")
            return Scalar(line, "", REFUSED)
        if event.anchor is not None:
            self._fault(line, f"the anchor &{event.anchor} is not allowed")
        if event.tag is not None:
            self._fault(line, f"the tag {event.tag} is not allowed")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(line, event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(line, depth)
        return self._mapping(line, depth)

    def _scalar(self, line: int, event: yaml.ScalarEvent) -> Scalar:
        value = event.value
        if any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in value if sign not in "\n\t"):
            self._fault(line, "a control character is not text")
            return Scalar(line, "", REFUSED)
        is_plain = event.tag is None and event.implicit[0]
        return Scalar(line, value, _kind_of(value) if is_plain else "str")

    def _sequence(self, line: int, depth: int) -> Sequence:
        node = Sequence(line)
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            node.items.append(self._node(event, depth=depth + 1))
        return node

    def _mapping(self, line: int, depth: int) -> Mapping:
        node = Mapping(line)
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._node(event, depth=depth + 1)
            value = self._node(next(self.events), depth=depth + 1)
            if not isinstance(key, Scalar):
                self._fault(key.line, "a key must be a single word")
            elif key.value in node.entries:
                self._fault(key.line, f"the key “{key.value}” stands here twice")
            else:
                node.entries[key.value] = value
                node.lines[key.value] = key.line
        return node

    def _fault(self, line: int, message: str) -> None:
        note(self.faults, Fault(self.name, line, message))


def _line_of(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _kind_of(value: str) -> str:
    tags = (tag for tag, pattern in KINDS.get(value[:1], []) if pattern.match(value))
    return next(tags, "str").rpartition(":")[2]
