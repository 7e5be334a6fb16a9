"""What is in an item's way before it may be handed in.

It believes no scan of words that are others by now, and none by an older release or with other lists than today's: an
item's own words are looked through at once, and the contents of its files wait for that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.anonymise.findings import Label
from portfolio.errors import Rejected
from portfolio.evidence.models import Evidence
from portfolio.screening.queries import standings_of
from portfolio.screening.scanning import look_again

UNKNOWN = (
    "has words that could not be looked through (shorten them or write them anew, and tell your centre if that does "
    "not help)"
)


@dataclass(frozen=True, slots=True)
class InTheWay:
    """What must be decided first, of one item: findings by label, contents that wait or that nobody could read.

    `is_unknown`: its own words could not be looked through.
    """

    evidence_uid: str
    ref: str
    findings: Mapping[Label, int]
    waiting: int
    unreadable: int
    is_unknown: bool = False

    @property
    def sentence(self) -> str:
        """“E001 may point to real people in 3 places. Decide each one first.”"""
        parts = []
        if count := sum(self.findings.values()):
            parts.append(f"may point to a real person in {count} {'place' if count == 1 else 'places'}")
        if self.unreadable:
            parts.append(f"has {_files(self.unreadable)} that nobody could read for you, to be checked by yourself")
        if self.waiting:
            parts.append(f"has {_files(self.waiting)} still being looked through for personal data")
        if self.is_unknown:
            parts.append(UNKNOWN)
        return f"{self.ref} {', and '.join(parts)}. Decide about its personal data before it goes in."


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"


def in_the_way(session: Session, evidence_ids: Sequence[int]) -> dict[int, InTheWay]:
    """What is in the way of each of these items, by its id; an item that is clear is not in it.

    In a session that writes; what was not looked through as it would be today is, or waits to be.
    """
    rows = session.scalars(select(Evidence).where(Evidence.id.in_(evidence_ids)).order_by(Evidence.id)).all()
    look_again(session, rows)
    standings = standings_of(session, [row.id for row in rows])
    found = {}
    for row in rows:
        stands = standings[row.id]
        if not stands.is_clear:
            found[row.id] = InTheWay(
                row.uid, row.ref, dict(stands.labels), stands.waiting, stands.unreadable, not stands.is_known
            )
    return found


def check_clear(session: Session, evidence_ids: Sequence[int]) -> None:
    """Raises Rejected, naming each item and what is in its way. The caller holds the enrolment."""
    found = in_the_way(session, evidence_ids)
    if found:
        raise Rejected(" ".join(one.sentence for one in found.values()), "items")
