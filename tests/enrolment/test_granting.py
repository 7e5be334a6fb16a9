"""What an external quality assurer may see: longer, shorter, no more, and for many at once."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.models import Grant, Person
from portfolio.audit.streams import words_in
from portfolio.centres.models import Centre
from portfolio.enrolment import leaving
from portfolio.enrolment.granting import change_grant, grant_many, withdraw_grant
from portfolio.enrolment.models import Enrolment
from portfolio.errors import InvalidState, Rejected
from tests.cast import FULL_NAMES, Cast


def given(session: Session, cast: Cast) -> tuple[Enrolment, Grant]:
    """Amina's enrolment, which was granted to ewan."""
    enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
    return enrolment, session.scalars(select(Grant).where(Grant.enrolment_id == enrolment.id)).one()


def test_a_grant_gets_another_last_day(cast: Cast, session: Session) -> None:
    """Today at the soonest; the event says how it was. What is over may be looked at too."""
    enrolment, row = given(session, cast)
    ada, was = cast.actor("ada", session), row.until
    leaving.finish(session, ada, enrolment, on=clock.today())
    change_grant(session, ada, enrolment, row.id, until=clock.today())
    assert enrolment.id in cast.actor("ewan", session).grants
    told = words_in(session, enrolment.stream_id)[-1].text
    assert told == {
        "person": FULL_NAMES["ewan"], "until": clock.today().isoformat(), "was": was.isoformat()
    }  # fmt: skip
    for until in (clock.today(), clock.today() - timedelta(days=1)):
        with pytest.raises(Rejected) as refusal:
            change_grant(session, ada, enrolment, row.id, until=until)
        assert refusal.value.field == "until"


def test_a_grant_is_withdrawn_at_once_and_once(cast: Cast, session: Session) -> None:
    """The next time that anybody asks, it is gone; one of another enrolment is not found here."""
    enrolment, row = given(session, cast)
    ada = cast.actor("ada", session)
    with pytest.raises(InvalidState):
        withdraw_grant(session, ada, session.get_one(Enrolment, cast.enrolments["ben"]), row.id)
    withdraw_grant(session, ada, enrolment, row.id)
    assert cast.actor("ewan", session).grants == frozenset()
    assert words_in(session, enrolment.stream_id)[-1].verb == "grant.withdraw"
    with pytest.raises(InvalidState, match="ended"):
        withdraw_grant(session, ada, enrolment, row.id)
    with pytest.raises(InvalidState, match="ended"):
        change_grant(session, ada, enrolment, row.id, until=clock.today())


def test_many_are_granted_at_once(cast: Cast, session: Session) -> None:
    """Who has it for as long already keeps it; one event each, and one for the centre with count and digest."""
    ada = cast.actor("ada", session)
    centre = session.get_one(Centre, ada.centre_id)
    ewan = session.get_one(Person, cast.people["ewan"])
    both = {cast.enrolments["amina"], cast.enrolments["ben"]}
    soon = clock.today() + timedelta(days=3)
    assert grant_many(session, ada, centre, person=ewan, enrolment_ids=both, until=soon) == 1
    assert cast.actor("ewan", session).grants == both
    ben = session.get_one(Enrolment, cast.enrolments["ben"])
    assert words_in(session, ben.stream_id)[-1].verb == "grant.give"
    last = words_in(session, centre.stream_id)[-1]
    assert (last.verb, last.text["count"], len(last.text["digest"])) == ("grant.give_many", 1, 64)
    with pytest.raises(Rejected, match="already"):
        grant_many(session, ada, centre, person=ewan, enrolment_ids=both, until=soon)
    assert grant_many(session, ada, centre, person=ewan, enrolment_ids=both, until=soon + timedelta(days=30)) == 2


@pytest.mark.parametrize(
    ("name", "learners", "days", "field"),
    [
        ("iris", ["ben"], 3, "person"),
        ("ewan", ["ben"], -1, "until"),
        ("ewan", [], 3, "learners"),
        ("ewan", ["ben", "olga"], 3, "learners"),
    ],
)
def test_all_of_many_are_granted_or_none(
    cast: Cast, session: Session, name: str, learners: list[str], days: int, field: str
) -> None:
    """Somebody without the role, a day that is past, nobody, and a learner of another centre."""
    ada = cast.actor("ada", session)
    with pytest.raises(Rejected) as refusal:
        grant_many(
            session,
            ada,
            session.get_one(Centre, ada.centre_id),
            person=session.get_one(Person, cast.people[name]),
            enrolment_ids={cast.enrolments[learner] for learner in learners},
            until=clock.today() + timedelta(days=days),
        )
    assert refusal.value.field == field
    assert len(session.scalars(select(Grant)).all()) == 1
