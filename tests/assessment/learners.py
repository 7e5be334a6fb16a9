"""Learners of an assessor, and whom somebody sees."""

from sqlalchemy.orm import Session

from portfolio.accounts.models import Person
from portfolio.accounts.rules import Role
from portfolio.assessment.coverage_filters import Scope
from portfolio.audit.events import System
from portfolio.centres.models import Centre
from portfolio.enrolment import actions as enrolment_actions
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.rules import Duty
from portfolio.policy.checks import visible_joined
from portfolio.policy.permissions import Permission
from tests.cast import Cast, add_person, enrol

UNIT = "HRCC"


def scope_of(session: Session, cast: Cast, name: str) -> Scope:
    """The learners whom somebody sees, one by one."""
    actor = cast.actor(name, session)
    return Scope(actor.centre_id, visible_joined(actor, Permission.ENROLMENT_SEE))


def several(session: Session, cast: Cast, names: list[str]) -> list[int]:
    """Enrolments of new learners with these names, whom Marguerite assesses."""
    centre = session.get_one(Centre, cast.homes["ada"])
    qualification = session.get_one(Enrolment, cast.enrolments["ben"]).qualification
    found = []
    for number, name in enumerate(names):
        person = add_person(session, cast.installation, cast, centre, f"new{number}", Role.LEARNER, full_name="New")
        person.name = name
        found.append(enrol(session, centre, person, qualification, cast, f"new{number}").id)
        enrolment = session.get_one(Enrolment, found[-1])
        assessor = session.get_one(Person, cast.people["marguerite"])
        enrolment_actions.allocate(session, System(), enrolment, person=assessor, duty=Duty.ASSESS)
    session.commit()
    return found
