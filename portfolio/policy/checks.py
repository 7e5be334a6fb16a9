"""Asking the table: may this person do this to that, and which rows may they."""

from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, select

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.enrolment.models import Enrolment
from portfolio.errors import Forbidden
from portfolio.policy.permissions import Permission
from portfolio.policy.table import TABLE


def can(actor: Actor, permission: Permission, row: Any) -> bool:
    """Whether the actor may do this to the row; False for a row of another kind than the permission's."""
    rule = TABLE[permission]
    return isinstance(row, rule.model) and rule.holds(actor, row)


def require(actor: Actor, permission: Permission, row: Any) -> None:
    """Raises Forbidden when the actor may not."""
    if not can(actor, permission, row):
        raise Forbidden("You may not do this. Somebody with another role can.")


def visible(actor: Actor, permission: Permission) -> Select[Any]:
    """The rows for which the actor holds the permission, as a query to build on: one object for as long as it holds."""
    return _visible(actor, permission, clock.today())


@lru_cache(maxsize=2_000)
def _visible(actor: Actor, permission: Permission, _today: date) -> Select[Any]:
    """Making a query costs more than running it. Rules may look at the actor and at the day, and at nothing else."""
    rule = TABLE[permission]
    return select(rule.model).where(rule.where(actor))


def sees_whole_centre(actor: Actor) -> bool:
    """Whether the actor may see whatever enrolment there is in the centre: also one that nobody is allocated to."""
    return _sees_whole_centre(actor, clock.today())


@lru_cache(maxsize=2_000)
def _sees_whole_centre(actor: Actor, _today: date) -> bool:
    return can(actor, Permission.ENROLMENT_SEE, Enrolment(centre_id=actor.centre_id))


def visible_joined(actor: Actor, permission: Permission) -> Select[Any]:
    """The same rows, joined to those that the rule looks at: for lists. Such a query joins nothing of that again."""
    return _visible_joined(actor, permission, clock.today())


@lru_cache(maxsize=2_000)
def _visible_joined(actor: Actor, permission: Permission, _today: date) -> Select[Any]:
    rule = TABLE[permission]
    query = select(rule.model)
    for link in rule.links:
        query = query.join(link)
    return query.where(rule.among_joined(actor))
