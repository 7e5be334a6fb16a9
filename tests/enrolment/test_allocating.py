"""Allocations with days: begun, changed and ended on chosen days, for one unit, and handed over to somebody."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.models import Person
from portfolio.audit.events import facts_digest
from portfolio.audit.models import AuditEvent, AuditText
from portfolio.centres.models import Centre
from portfolio.enrolment import actions, leaving
from portfolio.enrolment.allocating import Handover, change_allocation, handovers, reallocate
from portfolio.enrolment.models import Allocation, Enrolment
from portfolio.enrolment.queries import allocations_in
from portfolio.enrolment.rules import Duty
from portfolio.errors import InvalidState, Rejected
from portfolio.policy.checks import visible
from portfolio.policy.permissions import Permission
from tests.cast import FULL_NAMES, Cast


def enrolment(session: Session, cast: Cast, name: str) -> Enrolment:
    """One of the cast's."""
    return session.get_one(Enrolment, cast.enrolments[name])


def person(session: Session, cast: Cast, name: str) -> Person:
    """One of the cast."""
    return session.get_one(Person, cast.people[name])


def said(session: Session, stream_id: int, verb: str) -> list[dict[str, object]]:
    """What the entries of a kind say."""
    query = (
        select(AuditText.text)
        .join(AuditEvent, AuditEvent.id == AuditText.event_id)
        .where(AuditEvent.stream_id == stream_id, AuditEvent.verb == verb)
        .order_by(AuditEvent.seq)
    )
    return list(session.scalars(query))


def in_days(days: int) -> date:
    """A day from today."""
    return clock.today() + timedelta(days=days)


def at(day: date) -> datetime:
    """Noon of a day."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def sees(session: Session, cast: Cast, name: str, day: date) -> set[int]:
    """The enrolments that somebody sees on a day."""
    with clock.fixed(at(day)):
        return {row.id for row in session.scalars(visible(cast.actor(name, session), Permission.ENROLMENT_SEE))}


def test_an_allocation_holds_on_its_days_and_on_no_other(cast: Cast, session: Session) -> None:
    """Both begin and end may lie ahead; the day named by `until` is the first without it."""
    ben, ada = enrolment(session, cast, "ben"), cast.actor("ada", session)
    tobias = person(session, cast, "tobias")
    row = actions.allocate(session, ada, ben, person=tobias, duty=Duty.ASSESS, since=in_days(3), until=in_days(5))
    days = {day: ben.id in sees(session, cast, "tobias", in_days(day)) for day in (0, 2, 3, 4, 5)}
    assert days == {0: False, 2: False, 3: True, 4: True, 5: False}
    [told] = said(session, ben.stream_id, "allocation.begin")[-1:]
    assert (told["since"], told["until"]) == (in_days(3).isoformat(), in_days(5).isoformat())
    line = next(line for line in allocations_in(session, ben) if line.id == row.id)
    assert (line.is_open, line.is_over, line.last) == (False, False, in_days(4))


@pytest.mark.parametrize(
    ("since", "until", "field"),
    [(-31, None, "since"), (2, 2, "last"), (2, 1, "last"), (0, None, "person"), (5, 9, "person")],
)
def test_days_that_do_not_fit_are_refused(
    cast: Cast, session: Session, since: int, until: int | None, field: str
) -> None:
    """Before the start, backwards, or on days on which the same person does the same already."""
    ben = enrolment(session, cast, "ben")
    with pytest.raises(Rejected) as refusal:
        actions.allocate(
            session,
            cast.actor("ada", session),
            ben,
            person=person(session, cast, "marguerite"),
            duty=Duty.ASSESS,
            since=in_days(since),
            until=in_days(until) if until is not None else None,
        )
    assert refusal.value.field == field


def test_the_same_person_may_come_back_later(cast: Cast, session: Session) -> None:
    """Once the earlier allocation has an end."""
    ben, ada = enrolment(session, cast, "ben"), cast.actor("ada", session)
    actions.end_allocation(session, ada, ben, ben.allocations[0].id, on=in_days(4))
    marguerite = person(session, cast, "marguerite")
    actions.allocate(session, ada, ben, person=marguerite, duty=Duty.ASSESS, since=in_days(10))
    seen = {day: ben.id in sees(session, cast, "marguerite", in_days(day)) for day in (3, 4, 10)}
    assert seen == {3: True, 4: False, 10: True}
    assert said(session, ben.stream_id, "allocation.end")[-1]["until"] == in_days(4).isoformat()


def test_one_unit_can_be_allocated_beside_the_others(cast: Cast, session: Session) -> None:
    """Whoever has all of them needs no unit; a unit of somebody else's is refused."""
    ben, ada = enrolment(session, cast, "ben"), cast.actor("ada", session)
    tobias, unit = person(session, cast, "tobias"), ben.units[0]
    row = actions.allocate(session, ada, ben, person=tobias, duty=Duty.ASSESS, unit=unit)
    assert row.enrolment_unit_id == unit.id
    assert said(session, ben.stream_id, "allocation.begin")[-1]["unit"] == unit.unit_code
    with pytest.raises(Rejected, match="already"):
        actions.allocate(session, ada, ben, person=tobias, duty=Duty.ASSESS, unit=unit)
    with pytest.raises(Rejected, match="already"):
        actions.allocate(session, ada, ben, person=person(session, cast, "marguerite"), duty=Duty.ASSESS, unit=unit)
    foreign = enrolment(session, cast, "amina").units[0]
    with pytest.raises(Rejected) as refusal:
        actions.allocate(session, ada, ben, person=person(session, cast, "dafydd"), duty=Duty.ASSESS, unit=foreign)
    assert refusal.value.field == "unit"
    actions.allocate(session, ada, ben, person=tobias, duty=Duty.ASSESS)


def test_an_allocation_does_not_end_in_the_past(cast: Cast, session: Session) -> None:
    """One that lies ahead is taken back and never begins; one that has ended stays ended, also when all is over."""
    ben, ada = enrolment(session, cast, "ben"), cast.actor("ada", session)
    with pytest.raises(Rejected) as refusal:
        actions.end_allocation(session, ada, ben, ben.allocations[0].id, on=in_days(-1))
    assert refusal.value.field == "last"
    later = actions.allocate(
        session, ada, ben, person=person(session, cast, "tobias"), duty=Duty.ASSESS, since=in_days(3)
    )
    leaving.finish(session, ada, ben, on=clock.today())
    actions.end_allocation(session, ada, ben, later.id)
    assert (later.since, later.until) == (in_days(3), in_days(3))
    assert ben.id not in sees(session, cast, "tobias", in_days(3))
    with pytest.raises(InvalidState, match="ended"):
        actions.end_allocation(session, ada, ben, later.id)


def test_days_are_changed_while_they_lie_ahead(cast: Cast, session: Session) -> None:
    """The first day of what has begun stays; the event says how it was."""
    ben, ada = enrolment(session, cast, "ben"), cast.actor("ada", session)
    row = ben.allocations[0]
    change_allocation(session, ada, ben, row.id, since=row.since, until=in_days(7))
    assert row.until == in_days(7)
    [told] = said(session, ben.stream_id, "allocation.change")
    assert told["was"] == {"since": row.since.isoformat(), "until": ""}
    change_allocation(session, ada, ben, row.id, since=row.since, until=None)
    later = actions.allocate(
        session, ada, ben, person=person(session, cast, "tobias"), duty=Duty.ASSESS, since=in_days(3)
    )
    change_allocation(session, ada, ben, later.id, since=in_days(1), until=in_days(2))
    assert (later.since, later.until) == (in_days(1), in_days(2))


@pytest.mark.parametrize(
    ("name", "since", "until", "field"),
    [
        ("marguerite", 1, None, "since"),
        ("marguerite", 0, None, "last"),
        ("marguerite", 0, 0, "last"),
        ("tobias", -1, None, "since"),
        ("tobias", 3, 3, "last"),
    ],
)
def test_days_are_not_changed_to_anything(
    cast: Cast, session: Session, name: str, since: int, until: int | None, field: str
) -> None:
    """What has begun does not begin otherwise; nothing ends before it begins; what is so already is told."""
    ben, ada = enrolment(session, cast, "ben"), cast.actor("ada", session)
    actions.allocate(session, ada, ben, person=person(session, cast, "tobias"), duty=Duty.ASSESS, since=in_days(3))
    row = next(row for row in ben.allocations if row.person_id == cast.people[name])
    with pytest.raises(Rejected) as refusal:
        change_allocation(
            session, ada, ben, row.id, since=in_days(since), until=in_days(until) if until is not None else None
        )
    assert refusal.value.field == field


def test_days_of_somebody_do_not_come_to_overlap(cast: Cast, session: Session) -> None:
    """The same person does the same once on a day."""
    ben, ada = enrolment(session, cast, "ben"), cast.actor("ada", session)
    first = ben.allocations[0]
    actions.end_allocation(session, ada, ben, first.id, on=in_days(4))
    marguerite = person(session, cast, "marguerite")
    actions.allocate(session, ada, ben, person=marguerite, duty=Duty.ASSESS, since=in_days(10))
    with pytest.raises(Rejected, match="already does this"):
        change_allocation(session, ada, ben, first.id, since=first.since, until=in_days(11))
    amina = enrolment(session, cast, "amina")
    with pytest.raises(InvalidState):
        change_allocation(session, ada, ben, amina.allocations[0].id, since=clock.today(), until=None)


def hand_over(
    session: Session, cast: Cast, source: str, target: str, *, until: date | None = None, duty: Duty = Duty.ASSESS
) -> list[Handover]:
    """All learners of one go to another, from the day after tomorrow."""
    ada = cast.actor("ada", session)
    return reallocate(
        session,
        ada,
        session.get_one(Centre, ada.centre_id),
        source=person(session, cast, source),
        target=person(session, cast, target),
        since=in_days(2),
        until=until,
        duty=duty,
    )


def test_all_learners_of_somebody_go_to_somebody_else_for_good(cast: Cast, session: Session) -> None:
    """From the day on; until then nothing changes. One event each, and one for the centre with count and digest."""
    done = hand_over(session, cast, "marguerite", "dafydd")
    assert [(line.learner_name, line.ends, line.begins) for line in done] == [
        (FULL_NAMES["amina"], True, True),
        (FULL_NAMES["ben"], True, True),
    ]
    ben = enrolment(session, cast, "ben")
    assert ben.id in sees(session, cast, "marguerite", in_days(1))
    assert ben.id not in sees(session, cast, "marguerite", in_days(2))
    assert ben.id not in sees(session, cast, "dafydd", in_days(1))
    assert ben.id in sees(session, cast, "dafydd", in_days(2))
    told = [
        {"enrolment": row.uid, **said(session, row.stream_id, "allocation.hand_over")[0]}
        for row in (enrolment(session, cast, "amina"), ben)
    ]
    centre = session.get_one(Centre, cast.homes["ada"])
    [batch] = said(session, centre.stream_id, "allocation.hand_over")
    assert (batch["count"], batch["digest"]) == (2, facts_digest({"handed_over": told}))
    assert (told[1]["person"], told[1]["from"]) == (FULL_NAMES["dafydd"], FULL_NAMES["marguerite"])


def test_a_stand_in_works_beside_and_stops_by_themselves(cast: Cast, session: Session) -> None:
    """For an absence the other stays allocated; nobody stands in for longer than the other would have gone on."""
    ada, ben = cast.actor("ada", session), enrolment(session, cast, "ben")
    actions.end_allocation(session, ada, ben, ben.allocations[0].id, on=in_days(4))
    hand_over(session, cast, "marguerite", "dafydd", until=in_days(9))
    amina = enrolment(session, cast, "amina")
    stands_in = {row.enrolment_id: row.until for row in session.scalars(select(Allocation)) if row.since == in_days(2)}
    assert stands_in == {amina.id: in_days(9), ben.id: in_days(4)}
    assert amina.id in sees(session, cast, "marguerite", in_days(5))
    assert said(session, amina.stream_id, "allocation.hand_over")[0]["for"] == "an absence"


def test_only_chosen_learners_go_and_a_unit_stays_a_unit(cast: Cast, session: Session) -> None:
    """Who takes over one unit has that unit; the others stay where they are."""
    ada, ben = cast.actor("ada", session), enrolment(session, cast, "ben")
    centre, tobias = session.get_one(Centre, ada.centre_id), person(session, cast, "tobias")
    actions.allocate(session, ada, ben, person=tobias, duty=Duty.ASSESS, unit=ben.units[0])
    [done] = reallocate(
        session,
        ada,
        centre,
        source=tobias,
        target=person(session, cast, "dafydd"),
        since=clock.today(),
        duty=Duty.ASSESS,
        enrolment_ids={ben.id},
    )
    assert done.unit_code == ben.units[0].unit_code
    assert [(row.person_id, row.enrolment_unit_id) for row in ben.allocations if row.is_open(clock.today())] == [
        (cast.people["marguerite"], None),
        (cast.people["dafydd"], ben.units[0].id),
    ]
    assert enrolment(session, cast, "amina").id in sees(session, cast, "tobias", clock.today())


def test_who_does_it_already_is_not_allocated_twice(cast: Cast, session: Session) -> None:
    """The other one's allocation only ends."""
    done = hand_over(session, cast, "tobias", "marguerite")
    assert [(line.ends, line.begins) for line in done] == [(True, False)]
    amina = enrolment(session, cast, "amina")
    assert [row.person_id for row in amina.allocations if row.duty is Duty.ASSESS and row.until is None] == [
        cast.people["marguerite"]
    ]


def test_all_of_a_hand_over_happens_or_nothing(cast: Cast, session: Session) -> None:
    """Each learner with whom it cannot be is named."""
    ada, ben = cast.actor("ada", session), enrolment(session, cast, "ben")
    tobias = person(session, cast, "tobias")
    actions.allocate(session, ada, ben, person=tobias, duty=Duty.ASSESS, since=in_days(5), until=in_days(8))
    before = session.query(Allocation).count()
    with pytest.raises(Rejected) as refusal:
        hand_over(session, cast, "marguerite", "tobias")
    assert refusal.value.field == "learners"
    assert refusal.value.message.startswith(f"{FULL_NAMES['ben']}: ")
    assert FULL_NAMES["amina"] not in refusal.value.message
    assert session.query(Allocation).count() == before
    assert said(session, ben.stream_id, "allocation.hand_over") == []


@pytest.mark.parametrize(
    ("source", "target", "duty", "field"),
    [
        ("marguerite", "marguerite", Duty.ASSESS, "target"),
        ("marguerite", "iris", Duty.ASSESS, "target"),
        ("marguerite", "oscar", Duty.ASSESS, "target"),
        ("dafydd", "tobias", Duty.COUNTERSIGN, "target"),
        ("iris", "dafydd", Duty.ASSESS, "learners"),
    ],
)
def test_a_hand_over_needs_somebody_who_can(
    cast: Cast, session: Session, source: str, target: str, duty: Duty, field: str
) -> None:
    """Somebody else, with the role, here; and somebody who has learners."""
    with pytest.raises(Rejected) as refusal:
        hand_over(session, cast, source, target, duty=duty)
    assert refusal.value.field == field


@pytest.mark.parametrize(("since", "until", "field"), [(-1, None, "since"), (3, 3, "last")])
def test_a_hand_over_needs_days_that_fit(
    cast: Cast, session: Session, since: int, until: int | None, field: str
) -> None:
    """Today or later, and forwards."""
    ada = cast.actor("ada", session)
    with pytest.raises(Rejected) as refusal:
        handovers(
            session,
            session.get_one(Centre, ada.centre_id),
            source=person(session, cast, "marguerite"),
            target=person(session, cast, "dafydd"),
            since=in_days(since),
            until=in_days(until) if until is not None else None,
            duty=Duty.ASSESS,
        )
    assert refusal.value.field == field


def test_a_hand_over_leaves_what_is_over_and_what_is_not_theirs(cast: Cast, session: Session) -> None:
    """A learner who has finished stays; one of the other centre is as good as not there."""
    ada = cast.actor("ada", session)
    centre = session.get_one(Centre, ada.centre_id)
    leaving.finish(session, ada, enrolment(session, cast, "ben"), on=clock.today())
    assert [line.learner_name for line in hand_over(session, cast, "marguerite", "dafydd")] == [FULL_NAMES["amina"]]
    with pytest.raises(Rejected, match="not allocated to all"):
        handovers(
            session,
            centre,
            source=person(session, cast, "marguerite"),
            target=person(session, cast, "dafydd"),
            since=clock.today(),
            duty=Duty.ASSESS,
            enrolment_ids={cast.enrolments["olga"]},
        )
