"""A roll says what the database would, page by page, and what was changed a moment ago shows in it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts import managing
from portfolio.accounts.models import Person
from portfolio.assessment import choosing, coverage_rolls, progress
from portfolio.assessment.coverage_filters import NOTHING, Filters, Scope, Sort
from portfolio.assessment.coverage_queries import UnitAudit, unit_audit
from portfolio.assessment.coverage_rolls import Columns, Roll, is_answered, roll_of, unit_audit_of
from portfolio.assessment.models import CoverageRow
from portfolio.centres.models import Centre
from portfolio.enrolment import actions as enrolment_actions
from portfolio.enrolment import allocating, leaving
from portfolio.enrolment.models import Allocation, Enrolment
from portfolio.enrolment.rules import Duty
from portfolio.policy.checks import visible
from portfolio.policy.permissions import Permission
from tests.assessment.learners import UNIT, scope_of, several
from tests.cast import Cast


def rolled(session: Session, cast: Cast, name: str, **edge: int) -> UnitAudit:
    """The audit of the unit by that person's roll."""
    return unit_audit_of(session, roll_of(session, scope_of(session, cast, name)), UNIT, limit=9, **edge)


@pytest.mark.parametrize("name", ["iris", "ada", "marguerite", "tobias", "dafydd", "ewan", "oscar"])
def test_it_says_what_the_database_says(cast: Cast, session: Session, name: str) -> None:
    scope = scope_of(session, cast, name)
    by_row = Scope(scope.centre_id, visible(cast.actor(name, session), Permission.ENROLMENT_SEE))
    roll = roll_of(session, scope)
    ids = [*map(int, roll.columns.enrolments), 99_999]
    for limit in (1, 2, 9):
        for edge in ({}, *({way: id_} for id_ in ids for way in ("after", "before"))):
            found = unit_audit_of(session, roll, UNIT, limit=limit, **edge)
            for asked in (scope, by_row):
                assert found == unit_audit(session, asked, Filters(UNIT), limit=limit, **edge), (limit, edge)


def test_it_answers_for_all_learners_of_a_unit_by_name(cast: Cast, session: Session) -> None:
    assert is_answered(Filters(UNIT))
    for other in (NOTHING, Filters(UNIT, sort=Sort.MET), Filters(UNIT, cohort=0), Filters(UNIT, name="a")):
        assert not is_answered(other)
    with pytest.raises(TypeError):
        roll_of(session, Scope(cast.actor("iris", session).centre_id))


def test_a_unit_that_nobody_takes_is_nobodys(cast: Cast, session: Session) -> None:
    roll = roll_of(session, scope_of(session, cast, "marguerite"))
    audit = unit_audit_of(session, roll, "another", limit=9)
    assert (audit.rows, audit.learners, audit.tally.total) == ((), 0, 0)
    empty = replace(roll, columns=Columns([], [], [], []))
    assert unit_audit_of(session, empty, UNIT, limit=9).rows == ()


def test_whoever_assesses_one_unit_is_named_for_that_unit(cast: Cast, session: Session) -> None:
    ben, ada = session.get_one(Enrolment, cast.enrolments["ben"]), cast.actor("ada", session)
    dafydd = session.get_one(Person, cast.people["dafydd"])
    assert [dafydd.name in row.assessors for row in rolled(session, cast, "dafydd").rows] == [False]
    enrolment_actions.allocate(session, ada, ben, person=dafydd, duty=Duty.ASSESS, unit=ben.units[0])
    session.commit()
    assert {row.enrolment_id: dafydd.name in row.assessors for row in rolled(session, cast, "dafydd").rows} == {
        cast.enrolments["amina"]: False,
        ben.id: True,
    }


def test_an_allocation_that_ends_or_begins_another_day_counts_from_that_day(cast: Cast, session: Session) -> None:
    ada, ben = cast.actor("ada", session), session.get_one(Enrolment, cast.enrolments["ben"])
    tobias = session.get_one(Person, cast.people["tobias"])
    tomorrow = clock.today() + timedelta(days=1)
    enrolment_actions.allocate(session, ada, ben, person=tobias, duty=Duty.ASSESS, since=tomorrow)
    session.commit()
    audit = rolled(session, cast, "marguerite")
    assert {row.enrolment_id: tobias.name in row.assessors for row in audit.rows}[ben.id] is False
    row = session.scalars(
        select(Allocation).where(Allocation.enrolment_id == ben.id, Allocation.person_id == tobias.id)
    ).one()
    assert f"{tobias.id}::{tomorrow}:" in session.get_one(CoverageRow, ben.id, populate_existing=True).place
    allocating.change_allocation(session, ada, ben, row.id, since=tomorrow, until=tomorrow + timedelta(days=3))
    session.commit()
    assert f"{tomorrow + timedelta(days=3)}" in session.get_one(CoverageRow, ben.id, populate_existing=True).place
    assert progress.differences(session) == []


def test_who_leaves_is_not_in_it_and_who_returns_is(cast: Cast, session: Session) -> None:
    ada, ben = cast.actor("ada", session), session.get_one(Enrolment, cast.enrolments["ben"])
    leaving.leave(session, ada, ben, on=clock.today(), reason="Moved away.")
    session.commit()
    assert session.get(CoverageRow, ben.id) is None
    assert [row.enrolment_id for row in rolled(session, cast, "marguerite").rows] == [cast.enrolments["amina"]]
    leaving.return_to(session, ada, ben)
    session.commit()
    assert ben.id in {row.enrolment_id for row in rolled(session, cast, "marguerite").rows}
    assert progress.differences(session) == []


def test_a_new_name_shows_at_once(cast: Cast, session: Session) -> None:
    ada, centre = cast.actor("ada", session), session.get_one(Centre, cast.homes["ada"])
    for name in ("ben", "tobias"):
        person = session.get_one(Person, cast.people[name])
        managing.rename(session, ada, person, centre, name=f"Another {name.title()}")
    session.commit()
    rows = rolled(session, cast, "marguerite").rows
    assert "Another Ben" in {row.learner for row in rows}
    assert any("Another Tobias" in row.assessors for row in rows)


def test_a_learner_without_units_is_in_no_unit(cast: Cast, session: Session) -> None:
    ben = session.get_one(Enrolment, cast.enrolments["ben"])
    choosing.choose_units(session, cast.actor("ada", session), ben, unit_version_ids=set())
    session.commit()
    roll = roll_of(session, scope_of(session, cast, "marguerite"))
    assert ben.id in set(map(int, roll.columns.enrolments))
    assert ben.id not in {row.enrolment_id for row in rolled(session, cast, "marguerite").rows}


@pytest.mark.parametrize("strange", ["", "Ann\x1eBea", "\x1e"])
def test_names_of_any_kind_are_theirs_and_in_the_databases_order(cast: Cast, session: Session, strange: str) -> None:
    new = several(session, cast, ["ann", "\u00c1nna", "Zo\u00eb", "ann", "\u674e \u5a1c", "a", "Ann", strange])
    scope = scope_of(session, cast, "marguerite")
    roll = roll_of(session, scope)
    for edge in ({}, *({way: id_} for id_ in new for way in ("after", "before"))):
        found = unit_audit_of(session, roll, UNIT, limit=4, **edge)
        assert found == unit_audit(session, scope, Filters(UNIT), limit=4, **edge), edge
    everybody = unit_audit_of(session, roll, UNIT, limit=99).rows
    assert len(everybody) == len(new) + 2
    assert all(session.get_one(Enrolment, row.enrolment_id).learner.name == row.learner for row in everybody)


def test_it_is_the_same_object_while_the_same_is_read(cast: Cast, session: Session) -> None:
    def read() -> tuple[Roll, UnitAudit]:
        roll = roll_of(session, scope_of(session, cast, "marguerite"))
        return roll, unit_audit_of(session, roll, UNIT, limit=9)

    (roll, audit), again = read(), read()
    assert again == (roll, audit)
    assert again[1] is audit
    managing.rename(
        session,
        cast.actor("ada", session),
        session.get_one(Person, cast.people["tobias"]),
        session.get_one(Centre, cast.homes["ada"]),
        name="Another Tobias",
    )
    session.flush()
    assert read()[0] is not roll
    with clock.fixed(clock.now() + timedelta(days=1)):
        tomorrow = read()[0]
    assert (tomorrow.today, tomorrow.columns.names) == (roll.today + timedelta(days=1), roll.columns.names)


def test_more_learners_than_are_kept_are_told_apart_all_the_same(
    cast: Cast, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = rolled(session, cast, "marguerite")
    monkeypatch.setattr(coverage_rolls, "LENGTH_KEPT", 10)
    assert rolled(session, cast, "marguerite") == kept
    assert rolled(session, cast, "marguerite") is not kept


def test_a_name_without_anything_may_be_the_only_one(cast: Cast, session: Session) -> None:
    session.get_one(Person, cast.people["amina"]).name = ""
    assert [row.learner for row in rolled(session, cast, "tobias").rows] == [""]
