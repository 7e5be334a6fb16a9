"""Whoever sees the whole centre sees each of its enrolments, and nobody else is taken for them."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portfolio.enrolment.models import Enrolment
from portfolio.policy.checks import sees_whole_centre, visible
from portfolio.policy.permissions import Permission
from tests.cast import Cast

WHOLE = {"ada", "iris", "odette"}


@pytest.mark.parametrize(
    "name", ["amina", "ben", "marguerite", "tobias", "dafydd", "iris", "ewan", "ada", "olga", "oscar", "odette"]
)
def test_it_is_what_the_table_says(cast: Cast, session: Session, name: str) -> None:
    actor = cast.actor(name, session)
    assert sees_whole_centre(actor) is (name in WHOLE)
    seen = session.scalars(visible(actor, Permission.ENROLMENT_SEE)).all()
    everybody = session.scalar(
        select(func.count()).select_from(Enrolment).where(Enrolment.centre_id == actor.centre_id)
    )
    assert {one.centre_id for one in seen} == {actor.centre_id}
    assert not sees_whole_centre(actor) or len(seen) == everybody
