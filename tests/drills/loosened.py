"""A pytest plugin that takes one guard out of the product while tests run: `pytest -p tests.drills.loosened`.

Which one is said by the environment variable DRILL_LOOSEN (see `Guard`); without it nothing is touched. No file is ever
changed: what is taken out is replaced in memory, before the product's pages are made.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import Flask, g
from sqlalchemy import true

from portfolio.db import Base
from portfolio.errors import NotFound
from portfolio.policy import facts
from portfolio.policy.rule import Rule

VARIABLE = "DRILL_LOOSEN"


class Kind(StrEnum):
    """What is taken out."""

    FACT = "fact"
    """A fact that permissions are made of holds for everybody."""
    RULE = "rule"
    """A permission is held by everybody on everything."""
    DECORATOR = "decorator"
    """A route lets everybody in who is signed in, and finds every row; one that asks for no more lets strangers in."""
    SEEING = "seeing"
    """A route finds rows that the person may not see."""
    DOING = "doing"
    """A route lets everybody do it who may see the row."""
    DOOR = "door"
    """What stands before every view: hosts, forgery tokens, and reading again who is asking."""


@dataclass(frozen=True, slots=True)
class Guard:
    """One guard by its kind and its name: a fact, a permission or an endpoint."""

    kind: Kind
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


def always(model: type[Base]) -> Rule:
    """A rule that holds for everybody, with both faces."""
    return Rule(model, lambda _actor, _row: True, lambda _actor: true())


def loosen(guard: Guard) -> None:
    """Take the guard out of this process, before any page is made."""
    if guard.kind is Kind.FACT:
        setattr(facts, guard.name, always(getattr(facts, guard.name).model))
        return
    # What follows builds on the facts, so it is imported only when they are to stay as they are.
    from portfolio.policy import table  # noqa: PLC0415
    from portfolio.web import access, security  # noqa: PLC0415

    if guard.kind is Kind.RULE:
        permission = next(each for each in table.TABLE if each.value == guard.name)
        table.TABLE[permission] = always(table.TABLE[permission].model)
    elif guard.kind is Kind.DOOR and guard.name == "refreshed":
        access.refreshed = lambda seen: seen  # type: ignore[attr-defined]
    elif guard.kind is Kind.DOOR:
        setattr(security, guard.name, lambda: None)
    else:
        check = access.check_declared

        def loosened(app: Flask) -> None:
            app.view_functions[guard.name] = without(app.view_functions[guard.name], guard.kind)
            check(app)

        access.check_declared = loosened


def without(view: Callable[..., Any], kind: Kind) -> Callable[..., Any]:
    """The view without its decorator, or without one half of it."""
    from portfolio.policy.checks import require  # noqa: PLC0415
    from portfolio.web import access  # noqa: PLC0415
    from portfolio.web.session import database_session  # noqa: PLC0415

    declared, bare = view.access, view.__wrapped__  # type: ignore[attr-defined]
    if declared.kind != "load":
        return access.public(bare) if declared.kind == "signed_in" else access.signed_in(bare)

    def loosened(**arguments: Any) -> Any:
        turned_away = access._enter(first=(lambda: None) if declared.takes_files else None)
        if turned_away is not None:
            return turned_away
        row_id = arguments.pop(f"{declared.model.__tablename__}_id")
        if kind is Kind.DOING:
            row = access._row(declared.model, row_id)
        else:
            row = database_session().get(declared.model, row_id)
        if row is None:
            raise NotFound(access.MISSING)
        if kind is Kind.SEEING:
            require(g.actor, declared.permission, row)
        access._log_reading(g.actor, row)
        return bare(row, **arguments)

    return access._declare(loosened, declared)


if said := os.environ.get(VARIABLE):
    loosen(Guard(Kind(said.partition(" ")[0]), said.partition(" ")[2]))
