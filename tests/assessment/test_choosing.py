"""Choosing a learner's units: what is begun with, what may be added and dropped, and what the rules say to it."""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.models import Person
from portfolio.assessment.choosing import Changed, choose_units
from portfolio.audit.events import System
from portfolio.audit.models import AuditEvent, AuditText
from portfolio.centres.models import Centre
from portfolio.criteria.actions import load_pack
from portfolio.criteria.combination import check
from portfolio.enrolment import actions as enrolment_actions
from portfolio.enrolment.models import Allocation, Enrolment
from portfolio.enrolment.queries import rules_of, units_offered
from portfolio.enrolment.rules import Duty, EnrolmentState
from portfolio.errors import InvalidState, Rejected
from portfolio.mapping import actions as mapping
from tests.assessment.packs import diploma
from tests.cast import Cast, wanted, write


@pytest.fixture
def enrolment(cast: Cast, session: Session) -> Enrolment:
    """Ben is on the diploma too."""
    version = load_pack(session, cast.actor("ada", session), diploma())
    centre = session.get_one(Centre, cast.homes["ada"])
    ben = session.get_one(Person, cast.people["ben"])
    made = enrolment_actions.enrol(
        session, System(), centre, learner=ben, qualification=version, started_on=clock.today() - timedelta(days=1)
    )
    cast.enrolments["ben"] = made.id
    session.commit()
    return made


def choose(session: Session, cast: Cast, enrolment: Enrolment, codes: Collection[str]) -> Changed:
    """Ada chooses these."""
    ids = [unit.unit_version_id for unit in units_offered(session, enrolment) if unit.code in codes]
    return choose_units(session, cast.actor("ada", session), enrolment, unit_version_ids=ids)


def codes_of(session: Session, enrolment: Enrolment) -> list[tuple[str, str]]:
    """Code and group of each unit that the learner takes."""
    session.expire_all()
    return [(unit.unit_code, unit.group_code) for unit in session.get_one(Enrolment, enrolment.id).units]


def shortfalls(session: Session, enrolment: Enrolment) -> tuple[str, ...]:
    """What the choice is short of."""
    taken = [unit.choice for unit in units_offered(session, enrolment) if unit.enrolment_unit_id is not None]
    return check(rules_of(enrolment), taken).shortfalls


def test_where_the_rules_are_known_a_learner_begins_with_what_is_mandatory(
    session: Session, enrolment: Enrolment
) -> None:
    """Also with what is known in outline only; the rest is chosen."""
    assert codes_of(session, enrolment) == [("HRCC", "A"), ("A-2", "A")]
    assert shortfalls(session, enrolment) == ("Short by 7 credits in group B", "Short by 7 credits in all")


def test_where_the_rules_are_not_known_a_learner_begins_with_what_is_known_in_full(
    cast: Cast, session: Session
) -> None:
    """And nothing is checked."""
    loose = replace(diploma(), credits_min=None, barred=(), reference="T/600/9")
    version = load_pack(session, cast.actor("ada", session), loose)
    centre, ben = session.get_one(Centre, cast.homes["ada"]), session.get_one(Person, cast.people["ben"])
    made = enrolment_actions.enrol(
        session, System(), centre, learner=ben, qualification=version, started_on=clock.today()
    )
    assert codes_of(session, made) == [("HRCC", "A")]
    assert choose(session, cast, made, {"HRCC", "B-1", "B-3"}) == Changed(("B-1", "B-3"), ())
    assert shortfalls(session, made) == ()


def test_units_are_chosen_until_the_rules_are_met(cast: Cast, session: Session, enrolment: Enrolment) -> None:
    assert choose(session, cast, enrolment, {"HRCC", "A-2", "B-1"}) == Changed(("B-1",), ())
    assert shortfalls(session, enrolment) == ("Short by 3 credits in group B", "Short by 3 credits in all")
    assert choose(session, cast, enrolment, {"HRCC", "A-2", "B-1", "B-2"}) == Changed(("B-2",), ())
    assert shortfalls(session, enrolment) == ()
    assert codes_of(session, enrolment) == [("HRCC", "A"), ("A-2", "A"), ("B-1", "B"), ("B-2", "B")]


def test_a_choice_is_one_event_and_the_same_choice_none(cast: Cast, session: Session, enrolment: Enrolment) -> None:
    choose(session, cast, enrolment, {"HRCC", "B-1", "B-2"})
    session.commit()
    before = session.get_one(Enrolment, enrolment.id).version
    assert choose(session, cast, enrolment, {"HRCC", "B-1", "B-2"}) == Changed((), ())
    session.commit()
    assert session.get_one(Enrolment, enrolment.id).version == before
    events = session.scalars(
        select(AuditEvent).where(AuditEvent.stream_id == enrolment.stream_id).order_by(AuditEvent.seq)
    ).all()
    assert [event.verb for event in events] == ["enrolment.enrol", "enrolment.choose_units"]
    assert session.get_one(AuditText, events[1].id).text == {"added": ["B-1", "B-2"], "removed": ["A-2"]}


def test_a_barred_pair_is_refused(cast: Cast, session: Session, enrolment: Enrolment) -> None:
    with pytest.raises(Rejected, match="cannot be taken together") as refusal:
        choose(session, cast, enrolment, {"HRCC", "B-1", "B-3"})
    assert refusal.value.field == "units"


def test_a_unit_that_is_not_offered_is_refused(cast: Cast, session: Session, enrolment: Enrolment) -> None:
    """Not one of another qualification, and none that is not there."""
    other = session.get_one(Enrolment, cast.enrolments["amina"]).units[0].unit_version_id
    offered = {unit.unit_version_id for unit in units_offered(session, enrolment)}
    for foreign in {other, 999_999} - offered:
        with pytest.raises(Rejected, match="not offered"):
            choose_units(session, cast.actor("ada", session), enrolment, unit_version_ids=[foreign])


def test_a_unit_with_evidence_stays(cast: Cast, session: Session, enrolment: Enrolment) -> None:
    """Also when it is only a draft that is mapped to it; once it is mapped no more, the unit may go."""
    draft = write(session, cast.installation, cast, "ben", "A start", "I listened.")
    mapped = wanted(session, enrolment, {"1.1": "I listened."})
    mapping.map_to(session, cast.actor("ben", session), draft, wanted=mapped)
    with pytest.raises(Rejected, match="a draft is mapped to it") as refusal:
        choose(session, cast, enrolment, {"A-2"})
    assert refusal.value.field == "units"
    session.commit()
    mapping.map_to(session, cast.actor("ben", session), draft, wanted=[])
    assert choose(session, cast, enrolment, {"A-2"}).removed == ("HRCC",)


def test_a_unit_to_which_somebody_is_allocated_stays(cast: Cast, session: Session, enrolment: Enrolment) -> None:
    session.add(
        Allocation(
            enrolment_id=enrolment.id,
            enrolment_unit_id=enrolment.units[1].id,
            person_id=cast.people["marguerite"],
            duty=Duty.ASSESS,
            since=clock.today(),
        )
    )
    session.flush()
    with pytest.raises(Rejected, match="somebody is allocated to it"):
        choose(session, cast, enrolment, {"HRCC"})


def test_nothing_is_chosen_once_the_enrolment_is_over(cast: Cast, session: Session, enrolment: Enrolment) -> None:
    enrolment.state = EnrolmentState.COMPLETED
    session.flush()
    with pytest.raises(InvalidState, match="over"):
        choose(session, cast, enrolment, {"HRCC"})
