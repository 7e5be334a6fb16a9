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


@dataclass(frozen=True, slots=True)
class Judged:
    """One judgement on a claim: its number in order, and whether it is effective (a trainee's is not)."""

    no: int
    outcome: Outcome
    is_effective: bool


@dataclass(frozen=True, slots=True)
class Claimed:
    """One claim on a criterion. `is_live`: handed in, not withdrawn, and on its item's current version."""

    item: int
    is_live: bool
    judged: tuple[Judged, ...] = ()

    @property
    def decided(self) -> Outcome | None:
        """The newest effective judgement's outcome."""
        effective = [j for j in self.judged if j.is_effective]
        return max(effective, key=lambda j: j.no).outcome if effective else None


@dataclass(frozen=True, slots=True)
class Standing:
    """A criterion's state, and whether what carries it is a single item."""

    state: State
    is_single_source: bool = False


GAP = Standing(State.GAP)


def standing_of(claims: Iterable[Claimed]) -> Standing:
    """Met: some live claim's newest effective judgement is met. Needs more: none is, and one is not yet met or
    insufficient. Claimed: handed in and undecided. Gap: otherwise. Single source: one item alone carries the state.
    """
    live = [claim for claim in claims if claim.is_live]
    met = {claim.item for claim in live if claim.decided is Outcome.MET}
    if met:
        return Standing(State.MET, len(met) == 1)
    if any(claim.decided is not None for claim in live):
        return Standing(State.MORE)
    if live:
        return Standing(State.CLAIMED, len({claim.item for claim in live}) == 1)
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


def tally_of(standings: Sequence[Standing]) -> Tally:
    """The count of each state."""
    counts = {state: sum(1 for s in standings if s.state is state) for state in State}
    return Tally(counts[State.MET], counts[State.MORE], counts[State.CLAIMED], counts[State.GAP])
