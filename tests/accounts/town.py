"""A centre with three people, smaller than the cast: what the tests of signing in and of links need."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts import actions, queries
from portfolio.accounts.actors import Actor
from portfolio.accounts.models import Person
from portfolio.accounts.rules import Role
from portfolio.audit.events import System
from portfolio.centres.actions import open_centre
from portfolio.centres.models import Centre
from portfolio.installation import Installation
from tests.cast import PASSWORD

NOON = datetime.combine(clock.today() + timedelta(days=1), time(12), UTC)
"""A moment that can be held: roles begin on the day on which the town is made, which is today."""


@dataclass(frozen=True)
class Town:
    """Ids of the centre and its people: `ada` administers, `lena` learns, `newcomer` has no password yet."""

    installation: Installation
    centre_id: int
    ada: int
    lena: int
    newcomer: int
    newcomer_link: str

    def actor(self, person_id: int) -> Actor:
        """The person as they are now."""
        with self.installation.database.reading() as session:
            found = queries.actor(session, person_id=person_id, centre_id=self.centre_id)
        assert found is not None
        return found


def join(session: Session, installation: Installation, centre: Centre, name: str, role: Role) -> Person:
    """Somebody with a password and one role."""
    membership, _link = actions.invite(
        session, System(), centre, email=f"{name}@example.org", name=name.title(), role=role
    )
    person = session.get_one(Person, membership.person_id)
    actions.set_password(session, System(), installation.passwords, person, PASSWORD, centre)
    return person


def build(installation: Installation) -> Town:
    """Make it."""
    with installation.database.writing() as session:
        centre = open_centre(session, System(), name="Small Town College", number="1")
        ada = join(session, installation, centre, "ada", Role.ADMINISTRATOR)
        lena = join(session, installation, centre, "lena", Role.LEARNER)
        invited, link = actions.invite(
            session, System(), centre, email="New@Example.org ", name=" Nora Newcomer ", role=Role.LEARNER
        )
        session.commit()
        return Town(installation, centre.id, ada.id, lena.id, invited.person_id, link)
