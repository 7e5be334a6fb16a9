"""What the coverage audit needs of one learner, as two short texts: what narrows it, and where each unit stands.

Pure: takes values, knows no database and no clock. Many learners are read by it at once, so that each costs little.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple, TypeAlias

PLACES_KEPT, UNITS_KEPT = 5_000, 1_000

Line: TypeAlias = tuple[str, str, str]
"""A learner's unit: the id of its version, as it is written, a letter for each criterion, and its own id as well."""


class Assessing(NamedTuple):
    """Somebody assesses the learner, or one unit of the learner's, from a day until the day before `until`."""

    person_id: int
    unit_id: int | None
    since: date
    until: date | None

    def is_open(self, on: date) -> bool:
        """Whether it holds on a day."""
        return self.since <= on and (self.until is None or on < self.until)

    def is_of(self, unit_id: int) -> bool:
        """Whether it is of this unit, or of the learner as a whole."""
        return self.unit_id is None or self.unit_id == unit_id


@dataclass(frozen=True, slots=True)
class Place:
    """What a learner can be found by. `unit_versions` are those that have criteria, `bare_versions` those without."""

    cohort_id: int | None
    qualification_version_id: int
    unit_versions: frozenset[int]
    bare_versions: frozenset[int]
    assessing: tuple[Assessing, ...]


class Packed(NamedTuple):
    """Both texts of a learner. `place` has cohort, qualification, versions of units with criteria, and of those
    without, and then a line for each allocation in order; `units` has a line for each unit: version, letters, own id.
    """

    place: str
    units: str

    @classmethod
    def of(
        cls,
        cohort_id: int | None,
        qualification_version_id: int,
        assessing: Sequence[Assessing],
        units: Sequence[tuple[int, int, str]],
    ) -> "Packed":
        """From plain values; each of `units` is the id of its version, its own, and a letter for each criterion."""
        versions, bare = (
            ",".join([str(version_id) for version_id, _unit_id, letters in units if bool(letters) is has_criteria])
            for has_criteria in (True, False)
        )
        head = f"{cohort_id or ''}:{qualification_version_id}:{versions}:{bare}"
        lines = [f"{one.person_id}:{one.unit_id or ''}:{one.since}:{one.until or ''}" for one in assessing]
        stands = [f"{version_id}:{letters}:{unit_id}\n" for version_id, unit_id, letters in units]
        return cls("\n".join([head, *lines]), "".join(["\n", *stands]))


@lru_cache(maxsize=PLACES_KEPT)
def place_in(text: str) -> Place:
    """What `Packed.place` says."""
    head, *lines = text.split("\n")
    cohort, qualification, versions, bare = head.split(":")
    return Place(
        int(cohort) if cohort else None,
        int(qualification),
        _ids(versions),
        _ids(bare),
        tuple(map(_assessing, lines)),
    )


def _ids(text: str) -> frozenset[int]:
    return frozenset(map(int, text.split(","))) if text else frozenset()


def _assessing(line: str) -> Assessing:
    person, unit, since, until = line.split(":")
    return Assessing(
        int(person),
        int(unit) if unit else None,
        date.fromisoformat(since),
        date.fromisoformat(until) if until else None,
    )


class UnitLines:
    """Finds the lines of one unit, in any of some versions, in `Packed.units`. A learner takes it once or never."""

    __slots__ = ("_letters", "_line", "_marks")

    def __init__(self, versions: frozenset[int]) -> None:
        any_of = "|".join(map(str, sorted(versions)))
        self._marks = [f"\n{version_id}:" for version_id in sorted(versions)]
        self._letters = re.compile(f"\n(?:{any_of}):([^:]*)")
        self._line = re.compile(f"\n({any_of}):([^:]*):([0-9]+)")

    def takers(self, numbers: Iterable[int], units: Sequence[str]) -> Iterator[int]:
        """Those of these numbers whose text in `units` has it."""
        if len(self._marks) == 1:
            [mark] = self._marks
            return (number for number in numbers if mark in units[number])
        return (number for number in numbers if any(mark in units[number] for mark in self._marks))

    def letters(self, units: str) -> list[str]:
        """The letters of everybody who takes it, in the texts of many learners one after the other."""
        return self._letters.findall(units)

    def lines(self, units: Sequence[str]) -> list[Line]:
        """The lines in the texts of learners who take it, one of each."""
        return self._line.findall("".join(units))


@lru_cache(maxsize=UNITS_KEPT)
def lines_of(versions: frozenset[int]) -> UnitLines:
    """How the unit with these versions is found."""
    return UnitLines(versions)
