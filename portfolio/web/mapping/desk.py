"""What lies on the mapping page: one version of an item, the learner's units, and what the one says to the other."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from portfolio.assessment.learner_queries import decided_on
from portfolio.assessment.queries import UnitCoverage, coverage_of
from portfolio.criteria.queries import guidance_for_units
from portfolio.evidence.actions import claimable_of
from portfolio.evidence.models import Evidence, EvidenceVersion
from portfolio.mapping.queries import ClaimText, Locked, claims_of, locked_on, rev_of
from portfolio.mapping.rules import Coded, in_codes
from portfolio.web.mapping.rows import UnitRows, unit_rows
from portfolio.web.session import database_session


@dataclass(frozen=True, slots=True)
class Desk:
    """`kept` is what can still be changed, and `locked` what the version was handed in with, both by criterion id.

    `criteria` are all there are, and `titles` those of the units that have any, both in the order of the units.
    """

    evidence: Evidence
    version: EvidenceVersion
    units: Sequence[UnitCoverage]
    unit_of: Mapping[int, int]
    criteria: Mapping[int, Coded]
    titles: Mapping[int, str]
    kept: Mapping[int, ClaimText]
    locked: Mapping[int, Locked]

    @property
    def rev(self) -> int:
        """The number of the mapping that is kept."""
        return rev_of(self.version.id, self.kept)

    @property
    def names(self) -> dict[int, str]:
        """What each criterion is called away from its unit: its code, with the unit where the page has several."""
        return {id_: self.named([id_]) for id_ in self.criteria}

    def named(self, ids: Iterable[int]) -> str:
        """These criteria in words."""
        among = [Coded(unit_id, "") for unit_id in self.titles]
        return in_codes([self.criteria[id_] for id_ in ids], self.titles, among=among)

    def rows(self, chosen: Mapping[int, ClaimText]) -> list[UnitRows]:
        """Everything there is to tick, with what stands ticked."""
        database, current = database_session(), self.evidence.current
        return unit_rows(
            self.units,
            self.names,
            guidance_for_units(database, {unit.unit_version_id for unit in self.units}),
            evidence_id=self.evidence.id,
            chosen=chosen,
            locked=self.locked,
            decided=decided_on(database, current.id) if current else {},
        )


def desk_of(evidence: Evidence) -> Desk:
    """The draft of an item, or what was handed in, to claim further criteria. Raises InvalidState as `claimable_of`."""
    database, version = database_session(), claimable_of(evidence)
    units = coverage_of(database, evidence.enrolment_id)
    return Desk(
        evidence,
        version,
        units,
        unit_of={covered.criterion.id: unit.enrolment_unit_id for unit in units for covered in unit.criteria},
        criteria={
            covered.criterion.id: Coded(unit.enrolment_unit_id, covered.criterion.code)
            for unit in units
            for covered in unit.criteria
        },
        titles={unit.enrolment_unit_id: unit.title for unit in units if unit.criteria},
        kept=claims_of(database, version.id),
        locked={} if version.is_draft else locked_on(database, version.id),
    )


@dataclass(frozen=True, slots=True)
class Apart:
    """A criterion on which two versions of a mapping differ, as the other one has it; None where it is not ticked."""

    name: str
    text: ClaimText | None


def apart(mine: Mapping[int, ClaimText], theirs: Mapping[int, ClaimText], names: Mapping[int, str]) -> list[Apart]:
    """Where the other version differs, in the order of the criteria."""
    said = {id_: ClaimText(text.annotation.strip(), text.place) for id_, text in mine.items()}
    return [Apart(name, theirs.get(id_)) for id_, name in names.items() if said.get(id_) != theirs.get(id_)]


@dataclass(frozen=True, slots=True)
class SharedNote:
    """Words that several criteria have in common."""

    text: str
    ids: tuple[int, ...]
    criteria: str


def shared_notes(chosen: Mapping[int, ClaimText], desk: Desk) -> list[SharedNote]:
    """The notes that more than one criterion has, in the order of the criteria."""
    found: dict[str, list[int]] = {}
    for id_ in desk.criteria:
        if (text := chosen.get(id_)) and text.annotation:
            found.setdefault(text.annotation, []).append(id_)
    return [SharedNote(text, tuple(ids), desk.named(ids)) for text, ids in found.items() if len(ids) > 1]
