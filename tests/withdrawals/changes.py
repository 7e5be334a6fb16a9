"""What may be taken from somebody, and given back: by the product's own actions, or noted in the trail."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts import actions as accounts
from portfolio.accounts import sessions
from portfolio.accounts.models import Grant, Membership, Person
from portfolio.accounts.rules import Role
from portfolio.audit.events import System
from portfolio.centres.models import Centre
from portfolio.db import Database
from portfolio.enrolment import actions as enrolment_actions
from portfolio.enrolment.models import Allocation, Enrolment
from portfolio.enrolment.rules import Duty
from tests.cast import Cast

Change = Callable[[Session, Cast, str], None]


def make(database: Database, cast: Cast, change: Change, name: str) -> None:
    """Somebody else changes something about a person, and it is committed."""
    with database.writing() as session:
        change(session, cast, name)
        session.commit()


def withdraw_role(session: Session, cast: Cast, name: str) -> None:
    """The person's only role at home ends."""
    open_row = Membership.person_id == cast.people[name], Membership.until.is_(None)
    row = session.scalars(select(Membership).where(*open_row)).one()
    accounts.withdraw_role(session, cast.actor("ada", session), row)


def give_role_back(session: Session, cast: Cast, name: str) -> None:
    """They are an assessor again."""
    centre = session.get_one(Centre, cast.homes[name])
    accounts.invite(session, System(), centre, email=cast.email(name), name=name, role=Role.ASSESSOR)


def end_allocation(session: Session, cast: Cast, name: str) -> None:
    """The person no longer assesses amina."""
    enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
    present = Allocation.person_id == cast.people[name], Allocation.until.is_(None)
    row = session.scalars(select(Allocation).where(Allocation.enrolment_id == enrolment.id, *present)).one()
    enrolment_actions.end_allocation(session, cast.actor("ada", session), enrolment, row.id)


def allocate_again(session: Session, cast: Cast, name: str) -> None:
    """They do again."""
    enrolment = session.get_one(Enrolment, cast.enrolments["amina"])
    person = session.get_one(Person, cast.people[name])
    enrolment_actions.allocate(session, System(), enrolment, person=person, duty=Duty.ASSESS)


def end_grant(session: Session, _cast: Cast, _name: str) -> None:
    """What was granted was granted until yesterday."""
    for row in session.scalars(select(Grant)):
        row.until = clock.today() - timedelta(days=1)
    _note(session)


def grant_again(session: Session, _cast: Cast, _name: str) -> None:
    """And until today again."""
    for row in session.scalars(select(Grant)):
        row.until = clock.today()
    _note(session)


def disable(session: Session, cast: Cast, name: str) -> None:
    """Nobody can sign in as the person any more."""
    person, centre = session.get_one(Person, cast.people[name]), session.get_one(Centre, cast.homes[name])
    accounts.disable(session, System(), person, centre)


def enable(session: Session, cast: Cast, name: str) -> None:
    """They can again."""
    session.get_one(Person, cast.people[name]).disabled_at = None
    _note(session)


def end_sessions(session: Session, cast: Cast, name: str) -> None:
    """The person signs out everywhere, from another device."""
    sessions.end_sessions(session, cast.people[name])


def nothing(_session: Session, _cast: Cast, _name: str) -> None:
    """There is nothing to give back: the person signs in again."""


def _note(session: Session) -> None:
    """Something in the trail, for a change that no action makes."""
    accounts.new_link(session, System(), email="ada@example.org")


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Whose what is taken, which page then answers with which status (303: sent to sign in), and how it is given back.

    `amina` in the page's address stands for her enrolment.
    """

    name: str
    page: str
    take: Change
    give: Change
    status: int


WITHDRAWALS = {
    "the role removed": Withdrawal("marguerite", "/marking", withdraw_role, give_role_back, 303),
    "the allocation ended": Withdrawal("marguerite", "/enrolments/{amina}", end_allocation, allocate_again, 404),
    "the grant ended": Withdrawal("ewan", "/enrolments/{amina}", end_grant, grant_again, 404),
    "the account disabled": Withdrawal("iris", "/account", disable, enable, 303),
    "the centre left": Withdrawal("tobias", "/account", withdraw_role, give_role_back, 303),
    "the session ended": Withdrawal("amina", "/portfolio", end_sessions, nothing, 303),
}
