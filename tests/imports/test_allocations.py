"""Lists of allocations: which duties are given, which end on another day, and what is wrong by its column."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock, proof
from portfolio.accounts.models import Person
from portfolio.audit.events import System
from portfolio.centres.models import Centre
from portfolio.criteria.models import QualificationVersion
from portfolio.enrolment.enrolling import Beginning, Wanted, allocate_all, enrol_all
from portfolio.enrolment.leaving import leave
from portfolio.enrolment.models import Allocation, Cohort, Enrolment
from portfolio.enrolment.rules import Duty
from portfolio.errors import InvalidState, Rejected
from portfolio.imports.rules import Fate, ImportKind
from tests.cast import Cast
from tests.imports.lists import done, fates, faults, planned

ALLOCATIONS = ImportKind.ALLOCATIONS
HEAD = "Learner,Staff email,Duty,First day,Last day,Unit,Qualification\n"


def test_duties_are_given_changed_or_left(session: Session, cast: Cast) -> None:
    rows = (
        "ben@example.org,dafydd@example.org,,,31/12/2099,,\n"
        "ben@example.org,iris@example.org,IQA,,,hrcc,ICQ-L3-CCO\n"
        "ben@example.org,marguerite@example.org,Assessor,,31/12/2099,,\n"
        "amina@example.org,dafydd@example.org,countersigner,,,,\n"
    )
    plan = done(session, cast, ALLOCATIONS, HEAD + rows)
    assert fates(plan) == [Fate.NEW, Fate.NEW, Fate.CHANGE, Fate.SAME]
    assert "until 31 December 2099" in plan.lines[0].said
    assert plan.lines[1].said.endswith("for {unit} HRCC alone")
    assert plan.lines[2].said == "Marguerite Okonkwo-Lindqvist does this already, and stops after 31 December 2099"
    found = session.scalars(
        select(Allocation).where(Allocation.enrolment_id == cast.enrolments["ben"]).order_by(Allocation.id)
    ).all()
    ends = date(2100, 1, 1)
    assert [(row.person.name.split()[0], row.duty, row.until, row.enrolment_unit_id is None) for row in found] == [
        ("Marguerite", Duty.ASSESS, ends, True),
        ("Dafydd", Duty.ASSESS, ends, True),
        ("Iris", Duty.QUALITY_ASSURE, None, False),
    ]
    again = planned(session, cast, ALLOCATIONS, HEAD + rows)
    assert fates(again) == [Fate.SAME] * 4
    assert proof.verify(cast.installation.database, cast.installation.store).faults == ()


def test_what_is_wrong_is_named(session: Session, cast: Cast) -> None:
    today = f"{clock.today():%d/%m/%Y}"
    rows = (
        "olga@example.org,marguerite@example.org,,,,,\n"
        "drew@example.org,marguerite@example.org,,,,,\n"
        "ben@example.org,oscar@example.org,,,,,\n"
        "ben@example.org,dafydd@example.org,IQA,,,,\n"
        "ben@example.org,tobias@example.org,countersign,,,,\n"
        "ben@example.org,dafydd@example.org,sleeps,,,,\n"
        "ben@example.org,dafydd@example.org,,,,X9,\n"
        "ben@example.org,dafydd@example.org,,01/01/2001,,,\n"
        f"ben@example.org,dafydd@example.org,,{today},01/01/2001,,\n"
        "ben@example.org,dafydd@example.org,,,,,\n"
        "ben@example.org,dafydd@example.org,assess,,,HRCC,\n"
        "ben@example.org,,,,,,Cookery\n"
    )
    found = [faults(line) for line in planned(session, cast, ALLOCATIONS, HEAD + rows).lines]
    assert found[0] == ["Learner: Nobody with this address is a learner here. Invite or import them first."]
    assert found[1] == ["Learner: The learner is on no qualification. Enrol them first."]
    assert found[2] == ["Staff email: Nobody with this address is an assessor here. Invite or import them first."]
    assert found[3] == [
        "Staff email: Nobody with this address is an internal quality assurer here. Invite or import them first."
    ]
    assert found[4] == ["Staff email: Only a qualified assessor can countersign."]
    assert found[5] == ["Duty: “sleeps” is no duty. Write assessor, countersigner or internal quality assurer."]
    assert found[6] == ["Unit: The learner does not take a unit “X9”."]
    assert found[7][0].startswith("First day: The first day comes before the learner's start")
    assert found[8] == ["Last day: The last day comes before the first."]
    assert found[9] == []
    assert found[10] == ["Staff email: Line 11 gives them this already. Take one of the two out."]
    assert found[11] == [
        "Qualification: “Cookery” is no qualification of this centre. Look under Criteria.",
        "Staff email: There is no address. Fill it in.",
    ]


@pytest.mark.parametrize("fault", ["role", "own", "twice", "there", "over"])
def test_the_action_itself_refuses_what_cannot_be(session: Session, cast: Cast, fault: str) -> None:
    """Whoever calls it without a list in between."""
    centre = session.get_one(Centre, cast.homes["ada"])
    enrolment = session.get_one(Enrolment, cast.enrolments["ben"])
    people = {name: session.get_one(Person, cast.people[name]) for name in ("ben", "iris", "dafydd", "marguerite")}
    one = Wanted(enrolment, people["dafydd"], Duty.ASSESS, clock.today())
    wanted = {
        "role": [Wanted(enrolment, people["iris"], Duty.ASSESS, clock.today())],
        "own": [Wanted(enrolment, people["ben"], Duty.ASSESS, clock.today())],
        "twice": [one, one],
        "there": [Wanted(enrolment, people["marguerite"], Duty.ASSESS, clock.today() + timedelta(days=9))],
        "over": [one],
    }[fault]
    if fault == "over":
        leave(session, cast.actor("ada", session), enrolment, on=clock.today(), reason="Moved away")
    with pytest.raises((Rejected, InvalidState)):
        allocate_all(session, System(), centre, wanted)


@pytest.mark.parametrize("fault", ["role", "running", "twice", "cohort", "dates"])
def test_nobody_begins_who_cannot(session: Session, cast: Cast, fault: str) -> None:
    centre = session.get_one(Centre, cast.homes["ada"])
    version = session.scalars(select(QualificationVersion).order_by(QualificationVersion.id)).first()
    assert version is not None
    drew, ben, iris = (session.get_one(Person, cast.people[name]) for name in ("drew", "ben", "iris"))
    other = Cohort(centre_id=cast.homes["odette"], name="Theirs")
    session.add(other)
    session.flush()
    first = date(2026, 9, 1)
    beginnings = {
        "role": [Beginning(iris, version, first)],
        "running": [Beginning(ben, version, first)],
        "twice": [Beginning(drew, version, first), Beginning(drew, version, first)],
        "cohort": [Beginning(drew, version, first, cohort=other)],
        "dates": [Beginning(drew, version, first, due_on=first)],
    }[fault]
    with pytest.raises(Rejected):
        enrol_all(session, System(), centre, beginnings)
