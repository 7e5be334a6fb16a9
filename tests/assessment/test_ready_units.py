"""The list of units that are ready to be signed off: it names exactly what the rules let an assessor sign."""

from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from portfolio.assessment import choosing, progress
from portfolio.assessment.ready_queries import is_ready, ready_among
from portfolio.evidence import amending
from portfolio.mapping.rules import Outcome
from portfolio.policy.checks import visible_joined
from portfolio.policy.permissions import Permission
from tests.assessment import desk, signing
from tests.assessment.packs import changed_pack, load_changed
from tests.cast import Cast


def ready(session: Session, cast: Cast, name: str = "marguerite") -> list[tuple[int, str]]:
    """The units that somebody is told of, with their learners."""
    progress.settle(session)
    actor = cast.actor(name, session)
    within = visible_joined(actor, Permission.ENROLMENT_UNIT_SIGN_OFF)
    return [(row.enrolment_unit_id, row.learner) for row in ready_among(session, within)]


def test_what_is_ready_is_what_nothing_lacks_of(cast: Cast, session: Session) -> None:
    """At each step what is listed is what may be signed off."""
    waiting = signing.all_handed_in(session, cast, but=("4.4",))
    unit = signing.unit_of(session, cast)
    said = [(unit.id, unit.enrolment.learner.name)]

    def is_listed() -> bool:
        assert ready(session, cast) in ([], said)
        assert bool(ready(session, cast)) is not bool(signing.found(session, unit).lacks)
        assert is_ready(session, unit.id) is bool(ready(session, cast))
        return bool(ready(session, cast))

    assert not is_listed()
    signing.decided(session, cast, waiting)
    assert not is_listed()
    signing.decided(session, cast, desk.handed_in_by(session, cast, "ben", "The last", {"4.4": "Here."}))
    assert is_listed()
    more = desk.handed_in_by(session, cast, "ben", "One more", {"4.4": "Again."})
    assert not is_listed()
    signing.decided(session, cast, more, Outcome.NOT_YET_MET)
    assert is_listed()
    amending.hide(session, cast.actor("iris", session), waiting.version.evidence, words="A name on page 1")
    assert not is_listed()
    amending.show_again(session, cast.actor("iris", session), waiting.version.evidence, reason="None was there")
    assert is_listed()
    signing.sign(session, cast, unit)
    assert not is_listed()
    signing.reopened(session, cast, unit)
    assert is_listed()
    newer = load_changed(session, cast.actor("ada", session), unit.enrolment, changed_pack(reworded=("1.1",)))
    choosing.move_unit(session, cast.actor("ada", session), unit, to=newer)
    assert not is_listed()


@pytest.mark.parametrize("name", ["ben", "tobias", "dafydd", "iris", "ada"])
def test_nobody_else_is_told_that_it_is_ready(cast: Cast, session: Session, name: str) -> None:
    signing.all_met(session, cast)
    desk.allocate_row(session, cast, "tobias", "ben")
    desk.allocate_row(session, cast, "dafydd", "ben", unit_id=signing.unit_of(session, cast, "amina").id)
    assert ready(session, cast, name) == []


def test_the_list_begins_with_the_few_units_that_are_met_throughout(cast: Cast, session: Session) -> None:
    """It finds them by their index; whoever assesses hundreds would else pay for each of them on every page."""
    asked: list[tuple[str, Any]] = []
    connection = session.connection()

    def note(_connection: Any, _cursor: Any, sql: str, values: Any, *_rest: Any) -> None:
        asked.append((sql, values))

    within = visible_joined(cast.actor("marguerite", session), Permission.ENROLMENT_UNIT_SIGN_OFF)
    event.listen(connection.engine, "before_cursor_execute", note)
    try:
        ready_among(session, within)
    finally:
        event.remove(connection.engine, "before_cursor_execute", note)
    ((sql, values),) = [one for one in asked if "unit_progress" in one[0]]
    explain = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    if connection.dialect.name != "sqlite":
        session.execute(text("SET LOCAL enable_seqscan = off"))  # small tables are read whole otherwise
    plan = connection.exec_driver_sql(f"{explain} {sql}", values).all()
    assert "ix_unit_progress_complete" in str(plan)
