"""Every rule's two faces agree: what `can` allows for each row is what `visible` selects, joined or not."""

from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portfolio.accounts import queries as accounts
from portfolio.accounts.models import Person
from portfolio.centres.models import Centre
from portfolio.policy.checks import can, visible, visible_joined
from portfolio.policy.permissions import Permission
from portfolio.policy.table import SEEING, TABLE
from tests.policy import worlds


@pytest.mark.parametrize("seed", range(12))
def test_can_and_visible_agree_for_every_actor_and_row(session: Session, seed: int) -> None:
    worlds.make(session, Random(seed))
    compared = 0
    every = {rule.model: session.scalars(select(rule.model)).all() for rule in TABLE.values()}
    for person in session.scalars(select(Person)):
        for centre in session.scalars(select(Centre)):
            actor = accounts.actor(session, person_id=person.id, centre_id=centre.id)
            if actor is None:
                continue
            for permission, rule in TABLE.items():
                rows = every[rule.model]
                allowed = {row.id for row in rows if can(actor, permission, row)}  # type: ignore[attr-defined]
                selected = {row.id for row in session.scalars(visible(actor, permission))}
                assert allowed == selected, f"seed {seed}: {permission} for {actor.roles}"
                joined = [row.id for row in session.scalars(visible_joined(actor, permission))]
                assert sorted(joined) == sorted(selected), f"seed {seed}: {permission}, joined, for {actor.roles}"
                compared += len(rows)
    assert compared > 50, "the world was too small to say anything"


def test_every_permission_has_a_rule_and_a_sentence() -> None:
    assert set(TABLE) == set(Permission)
    assert all(permission.sentence.endswith(".") for permission in Permission)


def test_what_is_seen_is_seen_by_its_own_permission() -> None:
    assert all(TABLE[permission].model is model for model, permission in SEEING.items())


def test_a_row_of_another_kind_is_never_allowed(session: Session) -> None:
    worlds.make(session, Random(1))
    actors = [accounts.actor(session, person_id=person.id, centre_id=1) for person in session.scalars(select(Person))]
    assert any(actors)
    for actor in filter(None, actors):
        assert not any(can(actor, permission, object()) for permission in Permission)
