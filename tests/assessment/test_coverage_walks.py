"""A whole centre gone through by name says what the database says when it is asked for the same."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio import clock
from portfolio.accounts.models import Membership, Person
from portfolio.accounts.rules import Role
from portfolio.assessment import progress
from portfolio.assessment.coverage_filters import Filters, Scope
from portfolio.assessment.coverage_options import whole_options
from portfolio.assessment.coverage_queries import UnitAudit, unit_audit
from portfolio.assessment.coverage_walks import walked_audit
from portfolio.criteria.models import UnitVersion
from portfolio.enrolment import leaving
from portfolio.enrolment.models import Enrolment
from tests.assessment.learners import UNIT, several
from tests.cast import Cast


def walked(session: Session, cast: Cast, limit: int = 9, **edge: int) -> UnitAudit:
    """The unit's audit in the first centre, as the database also says it."""
    centre_id = cast.homes["ada"]
    found = walked_audit(session, centre_id, whole_options(session, centre_id), UNIT, limit=limit, **edge)
    asked = unit_audit(session, Scope(centre_id), Filters(UNIT), limit=limit, **edge)
    assert (found.rows, found.learners, found.tally, found.single_source, found.has_previous, found.has_next) == (
        asked.rows, asked.learners, asked.tally, asked.single_source, asked.has_previous, asked.has_next,
    )  # fmt: skip
    assert found.grid.columns == asked.grid.columns
    return found


@pytest.mark.parametrize("strange", ["", "Ann\x1eBea"])
def test_it_says_what_the_database_says_on_every_page(cast: Cast, session: Session, strange: str) -> None:
    several(session, cast, ["ann", "\u00c1nna", "Zo\u00eb", "ann", "\u674e \u5a1c", "a", "Ann", strange])
    everybody = [row.enrolment_id for row in walked(session, cast, 99).rows]
    assert len(everybody) == 10
    elsewhere = [cast.enrolments["olga"], 0, 99_999]
    for limit in (1, 4, 99):
        for edge in ({}, *({way: id_} for id_ in [*everybody, *elsewhere] for way in ("after", "before"))):
            walked(session, cast, limit, **edge)


def test_a_unit_that_nobody_takes_has_nobody(cast: Cast, session: Session) -> None:
    centre_id = cast.homes["ada"]
    audit = walked_audit(session, centre_id, whole_options(session, centre_id), "another", limit=9)
    assert (audit.rows, audit.learners, audit.tally.total) == ((), 0, 0)


def test_who_leaves_is_not_in_it(cast: Cast, session: Session) -> None:
    ben = session.get_one(Enrolment, cast.enrolments["ben"])
    leaving.leave(session, cast.actor("ada", session), ben, on=clock.today(), reason="Moved away.")
    session.commit()
    assert [row.enrolment_id for row in walked(session, cast).rows] == [cast.enrolments["amina"]]


def test_whoever_still_assesses_is_named_though_no_assessor_any_more(cast: Cast, session: Session) -> None:
    tobias = session.get_one(Person, cast.people["tobias"])
    [membership] = session.scalars(
        select(Membership).where(Membership.person_id == tobias.id, Membership.role == Role.ASSESSOR)
    )
    membership.until = clock.today() - timedelta(days=1)
    session.flush()
    assert tobias.id not in whole_options(session, cast.homes["ada"]).assessors
    assert tobias.name in {name for row in walked(session, cast).rows for name in row.assessors}


def test_an_outline_of_the_unit_is_a_version_of_it_too(cast: Cast, session: Session) -> None:
    ben = session.get_one(Enrolment, cast.enrolments["ben"])
    [unit] = ben.units
    of = unit.unit
    outline = UnitVersion(
        code=UNIT, title=of.title, level=3, credit=1, glh=0, is_outline=True, figures=of.figures, status=of.status,
        source="Made up for tests.", content_sha="outline",
    )  # fmt: skip
    session.add(outline)
    session.flush()
    options = whole_options(session, ben.centre_id)
    assert options.versions[UNIT].keys() == {of.id, outline.id}
    assert list(options.units) == [UNIT]
    unit.unit_version_id = outline.id
    session.flush()
    progress.put(session, [ben.id])
    assert {row.enrolment_id: row.letters for row in walked(session, cast).rows}[ben.id] == ""
