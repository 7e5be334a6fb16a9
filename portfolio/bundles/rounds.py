"""A bundle that is written portfolio by portfolio, in rounds: one that changed after it was written is taken out of the
archive and written again, a few times; then it is held back. The others stand.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from portfolio.bundles.archive import Archive, Names
from portfolio.bundles.outcome import CHANGED, MISSING, Bundle, Held, Made, NotThere, Read, Tell
from portfolio.bundles.packed import Record
from portfolio.export.rules import Choice

TRIES = 3
"""How often a portfolio is written that changes each time."""


class Hands(Protocol):
    """What reads a portfolio and writes it."""

    def read(self, enrolment_id: int, choice: Choice, report: Tell) -> Read:
        """One portfolio at one moment. Raises NotThere."""

    def write(self, archive: Archive, folder: str, read: Read, report: Tell) -> Record:
        """Its folder; answers how the list of the bundle names it. Raises FileNotFoundError."""


@dataclass(slots=True)
class _Written:
    """A portfolio in the archive, from one mark to another."""

    begin: int
    end: int
    listed: Record
    made: Made


class Writing:
    """The portfolios of one bundle: which are written, and which are held back."""

    def __init__(self, archive: Archive, hands: Hands, choices: Mapping[int, Choice], tell: Tell) -> None:
        self._archive, self._hands, self._choices, self._tell = archive, hands, choices, tell
        self._names, self._folders = Names(), dict[int, str]()
        self._tries = Counter[int]()
        self._there: dict[int, _Written] = {}
        self._held: dict[int, Held] = {}

    @property
    def listed(self) -> list[Record]:
        """What the list of the bundle says of those that are written."""
        return [one.listed for one in self._there.values()]

    @property
    def bundle(self) -> Bundle:
        """What came of it so far."""
        made = [self._there[id_].made for id_ in self._choices if id_ in self._there]
        return Bundle(tuple(made), tuple(self._held[id_] for id_ in self._choices if id_ in self._held))

    def write(self, ids: Sequence[int]) -> None:
        """Read and write these, one after the other."""
        for number, enrolment_id in enumerate(ids):
            report = self._tell if len(self._choices) == 1 else partial(self._of_several, number, len(ids))
            report(0, 0, "")
            try:
                self._one(enrolment_id, report)
            except NotThere as gone:
                if len(self._choices) == 1:
                    raise
                self._held[enrolment_id] = Held(enrolment_id, gone.learner, gone.message)

    def _of_several(self, number: int, total: int, _done: int, _total: int, message: str) -> None:
        told = f"Portfolio {number + 1} of {total}"
        self._tell(number, total, f"{told}: {message}" if message else told)

    def _one(self, enrolment_id: int, report: Tell) -> None:
        self._tries[enrolment_id] += 1
        read = self._hands.read(enrolment_id, self._choices[enrolment_id], report)
        if read.looked.held:
            self._held[enrolment_id] = Held.of(enrolment_id, read)
            return
        if enrolment_id not in self._folders:
            self._folders[enrolment_id] = self._names.name(read.learner)
        begin = self._archive.mark()
        try:
            listed = self._hands.write(self._archive, self._folders[enrolment_id], read, report)
        except FileNotFoundError:
            self._archive.cut(begin, self._archive.mark())
            self._held[enrolment_id] = Held(enrolment_id, read.learner, MISSING)
            return
        made = Made.of(enrolment_id, read)
        self._there[enrolment_id] = _Written(begin, self._archive.mark(), listed, made)

    def take_out(self, changed: Collection[int]) -> list[int]:
        """Take those out that changed; answers which are to be written again, and holds the others back."""
        for id_ in changed:
            gone = self._there.pop(id_)
            self._archive.cut(gone.begin, gone.end)
            for one in self._there.values():
                if one.begin >= gone.end:
                    one.begin, one.end = one.begin - (gone.end - gone.begin), one.end - (gone.end - gone.begin)
            if self._tries[id_] >= TRIES:
                self._held[id_] = Held(id_, gone.made.learner, CHANGED)
        return [id_ for id_ in changed if id_ not in self._held]
