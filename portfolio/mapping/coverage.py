"""The state of a criterion, and of a unit. The one place where coverage is decided; everything that shows it asks here.

Pure: takes values, knows no database and no clock.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portfolio.mapping.rules import Outcome


class State(StrEnum):
    """Where a criterion stands."""

    MET = "met"
    MORE = "needs_more"
    CLAIMED = "claimed"
    GAP = "gap"


STATE_WORDS = {State.MET: "Met", State.MORE: "Needs more", State.CLAIMED: "Claimed", State.GAP: "Gap"}


@dataclass(slots=True)
class Judged:
    """One judgement on a claim: its number in order, and whether it is effective (a trainee's is not)."""

    no: int
    outcome: Outcome
    is_effective: bool


@dataclass(slots=True)
class Claimed:
    """One claim on a criterion. `is_live`: handed in, not withdrawn, and on its item's current version."""

    item: int
    is_live: bool
    judged: tuple[Judged, ...] = ()

    @property
    def decided(self) -> Outcome | None:
        """The newest effective judgement's outcome."""
        newest = None
        for one in self.judged:
            if one.is_effective and (newest is None or one.no > newest.no):
                newest = one
        return newest.outcome if newest else None


@dataclass(frozen=True, slots=True)
class Standing:
    """A criterion's state, and whether what carries it is a single item."""

    state: State
    is_single_source: bool = False


GAP = Standing(State.GAP)

STANDINGS = {
    "M": Standing(State.MET),
    "m": Standing(State.MET, is_single_source=True),
    "N": Standing(State.MORE),
    "C": Standing(State.CLAIMED),
    "c": Standing(State.CLAIMED, is_single_source=True),
    "G": GAP,
}
"""Each standing by its letter, as many of them are kept: in small where a single item carries it."""
LETTERS = {standing: letter for letter, standing in STANDINGS.items()}


def standing_of(claims: Iterable[Claimed]) -> Standing:
    """Met: some live claim's newest effective judgement is met. Needs more: none is, and one is not yet met or
    insufficient. Claimed: handed in and undecided. Gap: otherwise. Single source: one item alone carries the state.
    """
    live = [(claim.item, claim.decided) for claim in claims if claim.is_live]
    met = {item for item, decided in live if decided is Outcome.MET}
    if met:
        return Standing(State.MET, len(met) == 1)
    if any(decided is not None for _item, decided in live):
        return Standing(State.MORE)
    if live:
        return Standing(State.CLAIMED, len({item for item, _decided in live}) == 1)
    return GAP


@dataclass(frozen=True, slots=True)
class Tally:
    """How many criteria stand in each state."""

    met: int = 0
    needs_more: int = 0
    claimed: int = 0
    gap: int = 0

    @property
    def total(self) -> int:
        """All criteria."""
        return self.met + self.needs_more + self.claimed + self.gap

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.met + other.met, self.needs_more + other.needs_more, self.claimed + other.claimed, self.gap + other.gap
        )


def tally_in(letters: str) -> Tally:
    """The same of standings by their letters."""
    count = letters.upper().count
    return Tally(count("M"), count("N"), count("C"), count("G"))


def tally_of(standings: Sequence[Standing]) -> Tally:
    """The count of each state."""
    states = [standing.state for standing in standings]
    return Tally(*map(states.count, (State.MET, State.MORE, State.CLAIMED, State.GAP)))
