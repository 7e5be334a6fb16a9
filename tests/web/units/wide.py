"""A learner whose one unit has 300 criteria, and what twenty items with thirty claims each say in it."""

from portfolio import clock
from portfolio.accounts.models import Person
from portfolio.assessment.matrix_queries import AWAITING, CLAIMED, ItemBehind, Said
from portfolio.audit.events import System
from portfolio.centres.models import Centre
from portfolio.criteria.actions import load_pack
from portfolio.criteria.rules import Method
from portfolio.enrolment import actions
from portfolio.mapping.rules import Outcome
from tests.bench.school import wide_pack
from tests.cast import Cast

ITEMS, CLAIMS_EACH = 20, 30
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


def items_claimed() -> list[ItemBehind]:
    """Twenty items of a learner."""
    return [
        ItemBehind(
            version_id=1_000 + n,
            evidence_id=1_000 + n,
            ref=f"E{n:03d}",
            title=f"Complaint letter and reply, customer {n}",
            method=list(Method)[n % 4],
            recorded_by="",
            is_hidden=False,
            is_current=True,
            is_own=True,
        )
        for n in range(ITEMS)
    ]


def claims_made(criterion_ids: list[int]) -> list[Said]:
    """Six hundred claims, each with a place."""
    return [
        (1_000 + item, criterion_ids[(item * CLAIMS_EACH + n) % len(criterion_ids)], f"page {n}", SAID[n % len(SAID)])
        for item in range(ITEMS)
        for n in range(CLAIMS_EACH)
    ]
