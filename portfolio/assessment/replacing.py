"""What a new version puts at stake: the criteria that stand met by the version before it alone. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from portfolio.assessment.queries import UnitCoverage
from portfolio.mapping.queries import DraftClaim
from portfolio.mapping.rules import Outcome


@dataclass(frozen=True, slots=True)
class Replaced:
    """Codes that only the version before has met. Once the new one is handed in, those that it claims `again` wait to
    be decided anew, and those that were `dropped` no longer count.
    """

    again: tuple[str, ...]
    dropped: tuple[str, ...]


def replaced_by(units: Sequence[UnitCoverage], drafts: Sequence[DraftClaim]) -> dict[int, Replaced]:
    """What the drafts of new versions replace, by item; an item without anything at stake is left out.

    A new version that is mapped to nothing yet cannot be handed in, and is left out too.
    """
    claimed = {(draft.evidence_id, draft.enrolment_unit_id, draft.criterion_id) for draft in drafts}
    at_stake: dict[int, list[tuple[str, bool]]] = {draft.evidence_id: [] for draft in drafts}
    for unit in units:
        for covered in unit.criteria:
            for claim in covered.claims:
                if claim.decision is not Outcome.MET or claim.evidence_id not in at_stake:
                    continue
                others = [other.claimed for other in covered.claims if other.evidence_id != claim.evidence_id]
                if Outcome.MET in {other.decided for other in others}:
                    continue
                is_again = (claim.evidence_id, unit.enrolment_unit_id, covered.criterion.id) in claimed
                at_stake[claim.evidence_id].append((covered.criterion.code, is_again))
    return {
        id_: Replaced(
            tuple(code for code, is_again in codes if is_again),
            tuple(code for code, is_again in codes if not is_again),
        )
        for id_, codes in at_stake.items()
        if codes
    }
