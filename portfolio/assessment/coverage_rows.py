"""What the coverage audit needs of one learner, as two short texts: what narrows it, and where each unit stands.

Pure: takes values, knows no database and no clock. Many learners are read by it at once, so that each costs little.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple, TypeAlias

PLACES_KEPT, UNITS_KEPT = 5_000, 1_000

Learner: TypeAlias = tuple[int, str, str, str]
"""Enrolment, name, and both texts of `Packed`."""


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
    """Finds the lines of one unit, in any of some versions, in `Packed.units`."""

    __slots__ = ("_marks",)

    def __init__(self, versions: frozenset[int]) -> None:
        self._marks = [(version_id, f"\n{version_id}:") for version_id in sorted(versions)]

    def takers(self, learners: Sequence[Learner]) -> list[Learner]:
        """The learners who take it, in their order."""
        if len(self._marks) == 1:
            [(_version_id, mark)] = self._marks
            return [learner for learner in learners if mark in learner[3]]
        return [learner for learner in learners if any(mark in learner[3] for _version_id, mark in self._marks)]

    def letters(self, takers: Sequence[Learner]) -> list[str]:
        """The letters of each of these, in any order."""
        text = "".join([learner[3] for learner in takers])
        return [line.partition(":")[0] for _version_id, mark in self._marks for line in text.split(mark)[1:]]

    def line(self, units: str) -> tuple[int, str, int]:
        """Version, letters and own id of the unit of a learner who takes it. Raises LookupError for another."""
        for version_id, mark in self._marks:
            _before, found, rest = units.partition(mark)
            if found:
                letters, _, rest = rest.partition(":")
                return version_id, letters, int(rest[: rest.index("\n")])
        raise LookupError("this learner does not take the unit")


@lru_cache(maxsize=UNITS_KEPT)
def lines_of(versions: frozenset[int]) -> UnitLines:
    """How the unit with these versions is found."""
    return UnitLines(versions)
