"""What is known of a portfolio while a bundle is made, and what came of the making. Values only."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from portfolio.bundles.packed import Packed, Record
from portfolio.bundles.packs import paths_of
from portfolio.bundles.records import Records
from portfolio.errors import Rejected
from portfolio.export import gate
from portfolio.export.gate_queries import Looked
from portfolio.export.queries import Source

Tell = Callable[[int, int, str], None]
"""Told how far it is: done, total and what is at hand. Ends the making by raising."""

CHANGED = "It changed each time while it was being written. Have it made again in a while."
MISSING = "A file of it is missing from the store."


class NotThere(Rejected):
    """A portfolio does not have (any more) what was chosen of it."""

    def __init__(self, learner: str, refused: Rejected) -> None:
        super().__init__(refused.sentence, refused.field)
        self.learner = learner


@dataclass(frozen=True, slots=True)
class Read:
    """One portfolio as it was at one moment, and what came of looking through it."""

    source: Source
    records: Records
    history: Packed
    earlier: Mapping[str, Packed]
    """The histories that it had elsewhere, by the name of their file."""
    looked: Looked

    @property
    def end(self) -> Record:
        """The last entry of its history."""
        return self.history.last or {}

    @property
    def learner(self) -> str:
        """Whose it is."""
        return self.source.enrolment.learner.name


@dataclass(frozen=True, slots=True)
class Held:
    """A portfolio that is not in the bundle, and why; `spots` are the places in it that somebody has to decide."""

    enrolment_id: int
    learner: str
    reason: str
    spots: tuple[gate.Held, ...] = ()

    @property
    def places(self) -> tuple[str, ...]:
        """Where these are, each once, without a word of what was found."""
        return tuple(dict.fromkeys(f"{one.ref}: {one.where.lower()}" for one in self.spots))

    @classmethod
    def of(cls, enrolment_id: int, read: Read) -> "Held":
        """One that may show a real person."""
        return cls(enrolment_id, read.learner, gate.sentence(read.looked.held), read.looked.held)


@dataclass(frozen=True, slots=True)
class Made:
    """What has to be known of a portfolio when all are written."""

    enrolment_id: int
    learner: str
    as_of: datetime
    looked: Looked
    head_seq: int
    items: int
    files: int
    packs: Mapping[str, str] = field(default_factory=dict)
    """The files of criteria that it stands on, where they go with it: content shas by path."""

    @classmethod
    def of(cls, enrolment_id: int, read: Read) -> "Made":
        """Of one that was written."""
        records, seq = read.records, read.end["seq"]
        counts = len(records.items), len(records.files)
        packs = paths_of(records.qualification, records.packs)
        return cls(enrolment_id, read.learner, read.source.as_of, read.looked, seq, *counts, packs)


@dataclass(frozen=True, slots=True)
class Bundle:
    """What was made: how many portfolios, items and files; and those that were held back."""

    made: tuple[Made, ...]
    held: tuple[Held, ...]

    @property
    def portfolios(self) -> int:
        """How many are in it."""
        return len(self.made)

    @property
    def items(self) -> int:
        """How many items they have together."""
        return sum(one.items for one in self.made)

    @property
    def files(self) -> int:
        """And files."""
        return sum(one.files for one in self.made)
