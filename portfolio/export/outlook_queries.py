"""How things stand for a Word portfolio that is made now: what it would hold, and what still holds it back."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from portfolio.assessment.queries import UnitCoverage, coverage_of
from portfolio.evidence.queries import items_of
from portfolio.evidence.rules import EvidenceState
from portfolio.mapping.coverage import Tally


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a book made now would hold, and what still holds it back. `drafts` counts what only they see who ask."""

    units: tuple[UnitCoverage, ...]
    items: int
    awaiting: int
    drafts: int

    @property
    def tally(self) -> Tally:
        """How many criteria of all units stand in each state."""
        return sum((unit.tally for unit in self.units), Tally())


def outlook_of(session: Session, enrolment_id: int, *, drafts_of: int) -> Outlook:
    """How things stand for a book of this enrolment, with the drafts of the person who asks."""
    items = items_of(session, enrolment_id, drafts_of=drafts_of)
    return Outlook(
        units=tuple(coverage_of(session, enrolment_id)),
        items=sum(1 for item in items if item.state is not EvidenceState.DRAFT),
        awaiting=sum(1 for item in items if item.state is EvidenceState.SUBMITTED),
        drafts=sum(1 for item in items if item.is_draft),
    )
