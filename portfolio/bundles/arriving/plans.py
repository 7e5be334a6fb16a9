"""What bringing a bundle in would do, before anybody decides: what each portfolio holds, who is who here, what stops it
and what will be different from how it was. Pure.
"""

from dataclasses import dataclass


def quoted(words: str) -> str:
    """What somebody else wrote as it stands in a sentence of ours, where braces hold words that a centre may rename."""
    return words.replace("{", "(").replace("}", ")")


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a portfolio holds. `decisions` are judgements, `entries` those of its history."""

    items: int
    files: int
    bytes: int
    claims: int
    decisions: int
    signatures: int
    entries: int


@dataclass(frozen=True, slots=True)
class PackPlan:
    """The criteria of a qualification or of a unit. `fate` is `here` when they are here word for word, and `load` when
    they come with the bundle and stand beside what is here.
    """

    reference: str
    title: str
    fate: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """Somebody of this centre who has the same name."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class PersonPlan:
    """Somebody whom the bundle names, once over all its portfolios. `email` is the address of the person of this centre
    that they are said to be, empty for nobody: then they are known here by name alone.
    """

    uid: str
    name: str
    duties: tuple[str, ...]
    is_learner: bool
    email: str = ""
    local_name: str = ""
    proposals: tuple[Proposal, ...] = ()


@dataclass(frozen=True, slots=True)
class PortfolioPlan:
    """One portfolio. `name` is its folder in the bundle; `faults` are what stops it, `notes` what will be different."""

    name: str
    learner_uid: str
    learner_name: str
    title: str
    extent: str
    is_here: bool
    counts: Counts
    packs: tuple[PackPlan, ...]
    faults: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A bundle as it would be brought in as things stand. `faults` and `notes` are those of the whole."""

    portfolios: tuple[PortfolioPlan, ...]
    people: tuple[PersonPlan, ...]
    faults: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        """Whether nothing stops it."""
        return not self.faults and not any(one.faults for one in self.portfolios)

    @property
    def matches(self) -> dict[str, str]:
        """The addresses of those who are somebody here, by their uid there."""
        return {one.uid: one.email for one in self.people if one.email}
