"""Building the demo centre in one transaction, in the order of the story's times, and saying whom to sign in as."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock, opening
from portfolio.accounts import actions as accounts
from portfolio.centres import queries as centres
from portfolio.centres.models import Centre
from portfolio.criteria.models import QualificationVersion
from portfolio.demo.amina import AMINA
from portfolio.demo.beginners import GETHIN, HAMISH, PRECIOUS
from portfolio.demo.dates import Ago, Dates
from portfolio.demo.farida import FARIDA
from portfolio.demo.jonah import JONAH
from portfolio.demo.kwabena import KWABENA
from portfolio.demo.li_na import LI_NA
from portfolio.demo.people import ADMINISTRATOR, CENTRE, COHORTS, PEOPLE, Someone
from portfolio.demo.rosalind import ROSALIND
from portfolio.demo.scene import Scene
from portfolio.demo.screening_steps import look_through
from portfolio.demo.siobhan import SIOBHAN
from portfolio.demo.story import Allocated, Story
from portfolio.demo.tomasz import TOMASZ
from portfolio.enrolment import actions as enrolment
from portfolio.enrolment import cohorts
from portfolio.enrolment.rules import Duty
from portfolio.errors import InvalidState
from portfolio.installation import Installation

GRANTED_FOR = timedelta(days=14)
PLANNED_FOR = timedelta(days=365)
TAKEN_UP_AFTER = timedelta(hours=3, minutes=10)

BEN = Story(
    learner="ben",
    registration_number="HD-26-0119",
    enrolled=Ago(6, "10:15"),
    allocated=(
        Allocated(Ago(6, "10:20"), "marguerite", Duty.ASSESS),
        Allocated(Ago(6, "10:21"), "iris", Duty.QUALITY_ASSURE),
    ),
)
STORIES = (
    AMINA, BEN, LI_NA, SIOBHAN, KWABENA, JONAH, ROSALIND, TOMASZ, FARIDA, PRECIOUS, HAMISH, GETHIN,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Happening:
    """Something to be done with the clock held at a moment."""

    at: datetime
    do: Callable[[], None]


def build(installation: Installation) -> None:
    """Make the demo centre, unless it is there. Raises InvalidState beside another centre: its passwords are public."""
    with installation.database.reading() as session:
        names = centres.names(session).values()
    if CENTRE[0] in names:
        return
    if names:
        raise InvalidState("There is a centre here already. Build the demo in a home folder of its own.")
    with installation.database.writing() as session:
        dates = Dates(clock.today())
        scene = _opened(installation, session, dates)
        for happening in sorted(_happenings(scene), key=lambda each: each.at):
            with clock.fixed(happening.at):
                happening.do()
                look_through(scene)
        session.commit()


def _opened(installation: Installation, session: Session, dates: Dates) -> Scene:
    with clock.fixed(dates.moment(ADMINISTRATOR.invited)):
        link = opening.open_centre_with_packs(
            session,
            name=CENTRE[0],
            number=CENTRE[1],
            administrator=(ADMINISTRATOR.email, ADMINISTRATOR.name),
            packs=[opening.SHIPPED],
        )
        scene = Scene(installation, session, dates, session.scalars(select(Centre)).one())
        _join(scene, ADMINISTRATOR, {ADMINISTRATOR.key: link})
    return scene


def _happenings(scene: Scene) -> list[Happening]:
    dates, links = scene.dates, dict[str, str]()
    found = [Happening(dates.moment(at), partial(_open_cohort, scene, name)) for name, at in COHORTS.items()]
    for someone in PEOPLE:
        if someone is not ADMINISTRATOR:
            invited = dates.moment(someone.invited)
            found.append(Happening(invited, partial(_invite, scene, someone, links)))
            found.append(Happening(invited + TAKEN_UP_AFTER, partial(_join, scene, someone, links)))
    for story in STORIES:
        found.append(Happening(dates.moment(story.enrolled), partial(_enrol, scene, story)))
        found += [Happening(dates.moment(a.at), partial(_allocate, scene, story, a)) for a in story.allocated]
        if story.granted:
            found.append(Happening(dates.moment(story.granted), partial(_grant, scene, story)))
        found += [Happening(dates.moment(step.at), partial(step.take, scene, story.learner)) for step in story.steps]
    return found


def _invite(scene: Scene, someone: Someone, links: dict[str, str]) -> None:
    _membership, links[someone.key] = accounts.invite(
        scene.session,
        scene.actor(ADMINISTRATOR.key),
        scene.centre,
        email=someone.email,
        name=someone.name,
        role=someone.role,
        qualified=someone.qualified,
    )


def _join(scene: Scene, someone: Someone, links: dict[str, str]) -> None:
    passwords = scene.installation.passwords
    scene.people[someone.key] = accounts.use_link(
        scene.session, passwords, links[someone.key], password=someone.password
    )


def _open_cohort(scene: Scene, name: str) -> None:
    scene.cohorts[name] = cohorts.open_cohort(scene.session, scene.actor(ADMINISTRATOR.key), scene.centre, name=name)


def _enrol(scene: Scene, story: Story) -> None:
    qualification = scene.session.scalars(
        select(QualificationVersion).where(QualificationVersion.reference == story.qualification)
    ).one()
    scene.enrolments[story.learner] = enrolment.enrol(
        scene.session,
        scene.actor(ADMINISTRATOR.key),
        scene.centre,
        learner=scene.people[story.learner],
        qualification=qualification,
        started_on=clock.today(),
        due_on=clock.today() + PLANNED_FOR,
        registration_number=story.registration_number,
        cohort=scene.cohorts[story.cohort],
    )


def _allocate(scene: Scene, story: Story, allocated: Allocated) -> None:
    enrolment.allocate(
        scene.session,
        scene.actor(ADMINISTRATOR.key),
        scene.enrolments[story.learner],
        person=scene.people[allocated.person],
        duty=allocated.duty,
    )


def _grant(scene: Scene, story: Story) -> None:
    enrolment.grant(
        scene.session,
        scene.actor(ADMINISTRATOR.key),
        scene.enrolments[story.learner],
        person=scene.people["ewan"],
        until=scene.dates.today + GRANTED_FOR,
    )
