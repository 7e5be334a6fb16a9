"""Somebody on a qualification with rules, beside the cast's own; and newer criteria for the cast's unit."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import select

from portfolio import clock
from portfolio.accounts.models import Person
from portfolio.assessment.choosing import move_unit
from portfolio.audit.events import System
from portfolio.centres.models import Centre
from portfolio.config import ROOT
from portfolio.criteria.actions import load_pack
from portfolio.criteria.models import QualificationUnit, UnitVersion
from portfolio.criteria.packs import read_pack
from portfolio.enrolment import actions
from portfolio.enrolment.models import Enrolment, EnrolmentUnit
from portfolio.enrolment.queries import units_offered
from portfolio.enrolment.rules import Duty
from tests.assessment.packs import changed_pack, diploma, load_changed
from tests.cast import Cast


def on_diploma(cast: Cast, name: str = "ben") -> int:
    """A learner begins the diploma, under marguerite; answers the enrolment's id, also as `<name> diploma`."""
    with cast.installation.database.writing() as session:
        made = actions.enrol(
            session,
            System(),
            session.get_one(Centre, cast.homes["ada"]),
            learner=session.get_one(Person, cast.people[name]),
            qualification=load_pack(session, cast.actor("ada", session), diploma()),
            started_on=clock.today() - timedelta(days=1),
        )
        marguerite = session.get_one(Person, cast.people["marguerite"])
        actions.allocate(session, System(), made, person=marguerite, duty=Duty.ASSESS)
        session.commit()
        cast.enrolments[f"{name} diploma"] = made.id
        return made.id


def ids_of(cast: Cast, enrolment_id: int, codes: Collection[str]) -> list[int]:
    """The ids under which the units of these codes are offered."""
    with cast.installation.database.reading() as session:
        offered = units_offered(session, session.get_one(Enrolment, enrolment_id))
        return [unit.unit_version_id for unit in offered if unit.code in codes]


def taken(cast: Cast, enrolment_id: int) -> list[str]:
    """The codes of the learner's units."""
    with cast.installation.database.reading() as session:
        return [unit.unit_code for unit in session.get_one(Enrolment, enrolment_id).units]


def newer_for(cast: Cast, name: str = "amina", *, reworded: tuple[str, ...] = (), gone: tuple[str, ...] = ()) -> int:
    """Newer criteria are loaded for the learner's centre; answers the id of their unit."""
    with cast.installation.database.writing() as session:
        enrolment = session.get_one(Enrolment, cast.enrolments[name])
        pack = changed_pack(reworded=reworded, gone=gone, added="4.99")
        unit_id = load_changed(session, cast.actor("ada", session), enrolment, pack).id
        session.commit()
        return unit_id


def moved(cast: Cast, name: str = "amina", *, reworded: tuple[str, ...] = (), gone: tuple[str, ...] = ()) -> None:
    """Newer criteria are loaded, and the learner's first unit is moved to them."""
    to = newer_for(cast, name, reworded=reworded, gone=gone)
    with cast.installation.database.writing() as session:
        unit = session.get_one(Enrolment, cast.enrolments[name]).units[0]
        move_unit(session, cast.actor("ada", session), unit, to=session.get_one(UnitVersion, to))
        session.commit()


def add_unit(cast: Cast, name: str = "amina") -> int:
    """A learner takes a further unit, from another qualification; answers its id in their enrolment."""
    with cast.installation.database.writing() as session:
        pack = read_pack(ROOT / "criteria" / "qs-l3-customer-service.yaml")
        qualification = load_pack(session, cast.actor("ada", session), pack)
        offered = select(QualificationUnit.unit_version_id).where(
            QualificationUnit.qualification_version_id == qualification.id
        )
        in_full = select(UnitVersion).where(UnitVersion.id.in_(offered), UnitVersion.is_outline.is_(False))
        unit = session.scalars(in_full).all()[0]
        chosen = EnrolmentUnit(
            enrolment_id=cast.enrolments[name], unit_version_id=unit.id, unit_code=unit.code, position=9
        )
        session.add(chosen)
        session.commit()
        return chosen.id
