"""A pack's tree made from a file that is no YAML. Each node remembers where its words stood, and the pack's own checker
says what is wrong with them, so that a fault names a cell, a line or a path.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portfolio.criteria import tree
from portfolio.criteria.contents import Pack
from portfolio.criteria.packs import UnitFiles, read_opened_pack
from portfolio.criteria.tree import MOST_NOTED, MOST_SAID, NOT_TEXT, REFUSED, Fault, Node, PackFaults
from portfolio.errors import Rejected

_OUTSIDE = re.compile(r"[^0-9!,\[]*")
_NUMBER = re.compile(r"[0-9]{1,9}")
_WHOLE = re.compile(r"[0-9]{1,9}")
_ON_LINE = re.compile(r"is already used on line ([0-9]+)$")
_KEY = re.compile(r"“([a-z_]+)”")
_KEYS = {
    "reference": "Reference",
    "reference_note": "Note on the code",
    "awarding_organisation": "Awarding organisation",
    "spec_version": "Specification",
    "operational_end": "New learners until",
    "certification_end": "Certificates until",
    "credits_min": "Credits at least",
    "credits_max": "Credits at most",
    "code_note": "Note on the code",
    "glh": "Guided learning hours",
    "at_least": "At least",
    "level": "Level",
    "credit": "Credit",
    "id": "Code",
    "code": "Code",
    "title": "Title or wording",
    "text": "Title or wording",
    "methods": "Methods",
    "source": "Source",
    "sources": "Source",
    "criteria": "criteria",
}
"""What the fields of a pack are called where people fill them in."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing wrong at one place of a file: a cell, a line or a path."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class NotTaken(Rejected):
    """A file that cannot be taken, with everything that is wrong with it in the order of the file."""

    def __init__(self, troubles: Iterable[Trouble]) -> None:
        self.troubles = tuple(dict.fromkeys(troubles))[:MOST_NOTED]
        said = [str(trouble) for trouble in self.troubles[:MOST_SAID]]
        if rest := len(self.troubles) - len(said):
            said.append(f"and {rest} more")
        super().__init__("\n".join(said))


def refusal(place: str, message: str) -> NotTaken:
    """One thing that is wrong with the whole of a file."""
    return NotTaken([Trouble(place, message)])


class Places:
    """Makes nodes whose lines are numbers of places."""

    def __init__(self) -> None:
        self._places: list[str] = []
        self._numbers: dict[str, int] = {}
        self._faults: list[Fault] = []

    def fault(self, place: str, message: str) -> None:
        """Note something that is wrong."""
        tree.note(self._faults, Fault("", self._number(place), message))

    def _number(self, place: str) -> int:
        if place not in self._numbers:
            self._places.append(place)
            self._numbers[place] = len(self._places)
        return self._numbers[place]

    def text(self, place: str, words: str) -> Node:
        """Words, or a code."""
        if NOT_TEXT.search(words):
            self.fault(place, "a control character is not text")
            return tree.Scalar(self._number(place), "", REFUSED)
        return tree.Scalar(self._number(place), words, "str")

    def number(self, place: str, figure: str) -> Node:
        """A whole number, if it is one."""
        bare = figure.strip()
        if not _WHOLE.fullmatch(bare):
            return self.text(place, figure)
        return tree.Scalar(self._number(place), str(int(bare)), "int")

    def listed(self, place: str, nodes: Iterable[Node]) -> Node:
        """A list."""
        return tree.Sequence(self._number(place), list(nodes))

    def fields(self, place: str, entries: Mapping[str, Node | None]) -> Node:
        """Fields with their values; those without one are left out."""
        given = {key: node for key, node in entries.items() if node is not None}
        number = self._number(place)
        return tree.Mapping(number, given, dict.fromkeys(given, number))

    def pack(self, root: Node) -> Pack:
        """The pack that the nodes make, by its own checker. Raises NotTaken with everything that is wrong."""
        try:
            return read_opened_pack(("", root, self._faults), UnitFiles(lambda _stem: None))
        except PackFaults as refused:
            raise NotTaken(sorted(map(self._trouble, refused.faults), key=_in_file)) from refused

    def _trouble(self, fault: Fault) -> Trouble:
        at = _ON_LINE.sub(lambda found: f"is already used at {self._places[int(found[1]) - 1]}", fault.message)
        said = _KEY.sub(lambda found: f"“{_KEYS[found[1]]}”" if found[1] in _KEYS else found[0], at)
        return Trouble(self._places[fault.line - 1], said)


def _in_file(trouble: Trouble) -> tuple[str, list[int], str]:
    """Where a place stands in its file: by what it is a part of, then by row, line or index."""
    found = _OUTSIDE.match(trouble.place)
    return found[0] if found else "", [int(number) for number in _NUMBER.findall(trouble.place)], trouble.place
