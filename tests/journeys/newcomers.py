"""Everybody of one journey: a centre that no other journey enters, with people and work made by the product's own
actions, so that journeys can run in any order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count

from sqlalchemy.orm import Session

from portfolio.accounts.models import Person
from portfolio.accounts.rules import Role
from portfolio.assessment.models import SubmissionItem
from portfolio.audit.events import System
from portfolio.centres.actions import open_centre
from portfolio.centres.models import Centre
from portfolio.criteria.actions import load_pack
from portfolio.criteria.contents import Pack
from portfolio.criteria.models import QualificationVersion
from portfolio.criteria.packs import read_pack
from portfolio.enrolment.actions import allocate
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.rules import Duty
from portfolio.evidence.actions import Details
from portfolio.mapping.actions import map_to
from portfolio.storage.arriving import Upload
from tests.cast import PACK, Cast, add_files, add_person, enrol, hand_in, wanted, write

NUMBERS = count(70101)
"""The centres' numbers; the people of each have it in their names."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """Who signs in. `name` is what the cast calls them, and what their address begins with."""

    name: str
    full_name: str

    @property
    def email(self) -> str:
        """Their address."""
        return f"{self.name}@example.org"


@dataclass(frozen=True, slots=True)
class Learner(Somebody):
    """A learner with one unit, under one assessor."""

    enrolment_id: int


@dataclass(frozen=True, slots=True)
class Party:
    """A centre of a journey's own. The learner is just beginning."""

    centre_id: int
    centre: str
    administrator: Somebody
    assessor: Somebody
    learner: Learner


@cache
def pack() -> Pack:
    """What everybody learns for, read once."""
    return read_pack(PACK)


def gather(session: Session, cast: Cast) -> Party:
    """Open a centre and bring everybody there."""
    number = str(next(NUMBERS))
    centre = open_centre(session, System(), name=f"Wharfside Training {number}", number=number)
    administrator = join(session, cast, centre.id, "Cora Vance", Role.ADMINISTRATOR)
    assessor = join(session, cast, centre.id, "Petra Lindgren", Role.ASSESSOR)
    qualification = load_pack(session, cast.actor(administrator.name, session), pack())
    learner = begin(session, cast, centre.id, "Lena Marlow", qualification, assessor)
    return Party(centre.id, centre.name, administrator, assessor, learner)


def another_learner(session: Session, cast: Cast, party: Party) -> Learner:
    """One more, who begins the same under the same assessor."""
    begun = session.get_one(Enrolment, party.learner.enrolment_id)
    return begin(session, cast, party.centre_id, "Bram Otieno", begun.qualification, party.assessor)


def colleague(
    session: Session, cast: Cast, party: Party, full_name: str, duty: Duty, *, qualified: bool = True
) -> Somebody:
    """One more assessor, with a duty to the learner."""
    who = join(session, cast, party.centre_id, full_name, Role.ASSESSOR, qualified=qualified)
    allocated(session, cast, party.learner.enrolment_id, who, duty)
    return who


def join(
    session: Session, cast: Cast, centre_id: int, full_name: str, role: Role, *, qualified: bool = True
) -> Somebody:
    """Somebody more at a centre, with a password, in one role."""
    centre = session.get_one(Centre, centre_id)
    who = Somebody(f"{full_name.partition(' ')[0].lower()}-{centre.number}", f"{full_name} {centre.number}")
    add_person(session, cast.installation, cast, centre, who.name, role, qualified=qualified, full_name=who.full_name)
    return who


def begin(
    session: Session, cast: Cast, centre_id: int, full_name: str, what: QualificationVersion, assessor: Somebody
) -> Learner:
    """A learner at the beginning of a qualification, under an assessor."""
    who = join(session, cast, centre_id, full_name, Role.LEARNER)
    person = session.get_one(Person, cast.people[who.name])
    enrolment = enrol(session, session.get_one(Centre, centre_id), person, what, cast, who.name)
    allocated(session, cast, enrolment.id, assessor, Duty.ASSESS)
    return Learner(who.name, who.full_name, enrolment.id)


def allocated(session: Session, cast: Cast, enrolment_id: int, who: Somebody, duty: Duty) -> None:
    """Give somebody a duty to a learner."""
    enrolment = session.get_one(Enrolment, enrolment_id)
    allocate(session, System(), enrolment, person=session.get_one(Person, cast.people[who.name]), duty=duty)


def draft_of_files(session: Session, cast: Cast, learner: Learner, title: str, uploads: Sequence[Upload]) -> int:
    """An item of files that claims nothing yet; answers its id."""
    return add_files(session, cast.installation, cast, learner.name, Details(title), list(uploads)).id


def account_handed_in(
    session: Session, cast: Cast, learner: Learner, title: str, claims: dict[str, str]
) -> SubmissionItem:
    """A written item with what it says of each criterion, handed in."""
    account = write(session, cast.installation, cast, learner.name, title, "I rang her back.")
    enrolment, actor = session.get_one(Enrolment, learner.enrolment_id), cast.actor(learner.name, session)
    map_to(session, actor, account, wanted=wanted(session, enrolment, claims))
    return hand_in(session, cast, learner.name, account, account.ref).items[0]
