"""A learner whose one unit has 300 criteria, and what twenty items with thirty claims each say in it."""

from portfolio import clock
from portfolio.accounts.models import Person
from portfolio.assessment.matrix_queries import AWAITING, CLAIMED, Packed, packed_of
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
