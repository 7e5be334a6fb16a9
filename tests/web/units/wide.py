"""A learner whose one unit has 300 criteria, and what twenty items with thirty claims each say in it."""

from collections.abc import Mapping, Sequence
from typing import Any

from portfolio import clock
from portfolio.accounts.models import Person
from portfolio.assessment.claim_queries import claims_of
from portfolio.assessment.matrix_queries import AWAITING, CLAIMED, Packed, unpacked
from portfolio.audit.events import System
from portfolio.centres.models import Centre
from portfolio.criteria.actions import load_pack
from portfolio.criteria.rules import Method
from portfolio.enrolment import actions
from portfolio.mapping.rules import Outcome
from tests.bench.school import wide_pack
from tests.cast import Cast

CRITERIA, ITEMS, CLAIMS_EACH = 300, 20, 30
SAID = (Outcome.MET, Outcome.INSUFFICIENT, Outcome.NOT_YET_MET, CLAIMED, AWAITING)


def widely(cast: Cast, name: str) -> int:
    """Somebody begins a qualification whose one unit has 300 criteria; answers the enrolment's id."""
    with cast.installation.database.writing() as session:
        made = actions.enrol(
            session,
            System(),
            session.get_one(Centre, cast.homes[name]),
            learner=session.get_one(Person, cast.people[name]),
            qualification=load_pack(session, cast.actor("ada", session), wide_pack()),
            started_on=clock.today(),
        )
        session.commit()
        return made.id


def packed_of(
    criteria: Sequence[int], claims: Sequence[tuple[Any, ...]], earlier: Mapping[tuple[int, int], str] | None = None
) -> Packed:
    """What is kept of one unit. Each claim with its unit, criterion, what is said of it, its place, and its item; and
    what counts meanwhile of those that await a countersignature, by criterion and item.
    """
    counting = earlier or {}
    at = "2026-09-01 09:00:00.000000"
    versions = {item[0]: (item[0], True, True, *item) for item in [one[4:] for one in claims]}
    rows = [
        (unit_id, item_id, criterion_id, said, counting.get((criterion_id, item_id)), place, 1, at)
        for unit_id, criterion_id, said, place, item_id, *_item in claims
    ]
    found = claims_of(criteria, versions, {1: at}, rows)
    return unpacked(found.packed if found else None, len(criteria))


def packed() -> Packed:
    """Six hundred claims by twenty items of a learner, each with a place."""
    return packed_of(
        range(CRITERIA),
        [
            (1, (item * CLAIMS_EACH + n) % CRITERIA, SAID[n % len(SAID)], f"page {n}", 1_000 + item, f"E{item:03d}",
             f"Complaint letter and reply, customer {item}", list(Method)[item % 4].value, 1, False)
            for item in range(ITEMS)
            for n in range(CLAIMS_EACH)
        ],
    )  # fmt: skip
