"""What an opened bundle holds, once everything in it is known to be as it was sent out. Pure.

Every uid, digest, time and reference in it has been checked; who made it is not known until somebody compares the
fingerprint of its key.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from portfolio.criteria.contents import Pack, PackUnit

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a bundle may be. Sizes are in bytes; `ratio` is how many times larger than the archive what comes out
    of it may be once that is more than `ratio_from`; `depth` is how deep lists and objects may stand in each other.
    """

    archive: int = 20 * 1024**3
    members: int = 50_000
    unpacked: int = 40 * 1024**3
    file: int = 4 * 1024**3
    json: int = 64 * 1024**2
    pack: int = 1024**2
    portfolios: int = 200
    ratio: int = 200
    ratio_from: int = 64 * 1024**2
    depth: int = 24


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Foreign:
    """Somebody whom a portfolio names. `duties` are what they were allocated for there, or `learner`."""

    uid: str
    name: str
    duties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """The signed end of a history."""

    seq: int
    hash: str
    signature: str


@dataclass(frozen=True, slots=True)
class Packs:
    """The criteria that a portfolio stands on: its qualification whole, and each wording of a unit by content sha,
    those of the qualification and older ones among them. Loading any of them gives the same content sha.
    """

    qualification: Pack
    units: Mapping[str, PackUnit]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A history that came with a portfolio which had itself come from elsewhere: as `history-elsewhere-N.json` has it.
    `arrival` is its record in `arrivals`.
    """

    arrival: Record
    history: list[Record]


@dataclass(frozen=True, slots=True)
class Portfolio:
    """One portfolio of a bundle. `folder` is where it was unpacked, `name` what that is called in the bundle; `records`
    and `history` are as in its files.
    """

    folder: Path
    name: str
    learner_name: str
    qualification_title: str
    extent: str
    stream: str
    head: Head
    records: Record
    history: list[Record]
    packs: Packs
    earlier: tuple[Elsewhere, ...] = ()

    @property
    def people(self) -> tuple[Foreign, ...]:
        """Everybody whom it names, the learner first."""
        learner = self.records["enrolment"]["learner"]
        duties: dict[int, dict[str, None]] = {one["id"]: {} for one in self.records["people"]}
        duties[learner]["learner"] = None
        for allocation in self.records["allocations"]:
            duties[allocation["person"]][allocation["duty"]] = None
        found = sorted(self.records["people"], key=lambda one: one["id"] != learner)
        return tuple(Foreign(one["uid"], one["name"], tuple(duties[one["id"]])) for one in found)

    @property
    def learner_uid(self) -> str:
        """The uid that its learner has where it was made."""
        return self.people[0].uid

    def file(self, path: str) -> Path:
        """Where a file is that `records["files"]` names by this path."""
        return self.folder / path


@dataclass(frozen=True, slots=True)
class Incoming:
    """A bundle that was opened. `fingerprint` is what people compare of its key; `sha256` is that of the archive."""

    made_at: datetime
    centre_uid: str
    centre_name: str
    centre_number: str
    public_key: str
    fingerprint: str
    sha256: str
    portfolios: tuple[Portfolio, ...]
