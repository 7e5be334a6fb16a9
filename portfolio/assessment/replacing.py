"""What a new version puts at stake: the criteria that stand met by the version before it alone. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from portfolio.assessment.queries import UnitCoverage
from portfolio.mapping.queries import Drafted
from portfolio.mapping.rules import Coded, Outcome, in_codes

Place = tuple[int, int, int]
"""(evidence id, enrolment unit id, criterion id)."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """Criteria that only the version before has met. Once the new one is handed in, those that it claims `again` wait
    to be decided anew, and those that were `dropped` no longer count.
    """

    again: tuple[str, ...]
    dropped: tuple[str, ...]


def replaced_by(units: Sequence[UnitCoverage], drafts: Sequence[Drafted]) -> dict[int, Replaced]:
    """What the drafts of new versions replace, by item; an item without anything at stake is left out.

    A new version that is mapped to nothing yet cannot be handed in, and is left out too, as are further claims on what
    was handed in: they replace nothing.
    """
    newer = {draft.evidence_id for draft in drafts if not draft.is_further}
    at_stake: dict[int, list[tuple[Coded, Place]]] = {}
    for unit in units:
        for covered in unit.criteria:
            for claim in covered.claims:
                if claim.decision is not Outcome.MET or claim.evidence_id not in newer:
                    continue
                others = [other for other in covered.claims if other.evidence_id != claim.evidence_id]
                if not any(other.decision is Outcome.MET for other in others):
                    place = claim.evidence_id, unit.enrolment_unit_id, covered.criterion.id
                    coded = Coded(unit.enrolment_unit_id, covered.criterion.code)
                    at_stake.setdefault(claim.evidence_id, []).append((coded, place))
    if not at_stake:
        return {}
    claimed = {(one.evidence_id, one.enrolment_unit_id, one.criterion_id) for one in drafts if not one.is_further}
    titles = {unit.enrolment_unit_id: unit.title for unit in units}
    found = {}
    for id_, lost in at_stake.items():
        whole = [coded for coded, _place in lost] + [one.coded for one in drafts if one.evidence_id == id_]
        named = [(in_codes([coded], titles, among=whole), place in claimed) for coded, place in lost]
        again, dropped = ([name for name, is_claimed in named if is_claimed is wanted] for wanted in (True, False))
        found[id_] = Replaced(tuple(again), tuple(dropped))
    return found
