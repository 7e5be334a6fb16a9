"""A rule with two faces that cannot disagree: may this person (`holds`), and which rows may they (`where`)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

from portfolio.accounts.actors import Actor
from portfolio.db import Base


@dataclass(frozen=True, slots=True)
class Rule:
    """A fact about an actor and a row of `model`, in Python and as a SQL condition."""

    model: type[Base]
    holds: Callable[[Actor, Any], bool]
    where: Callable[[Actor], ColumnElement[bool]]

    def __or__(self, other: "Rule") -> "Rule":
        """Either."""
        return Rule(
            self.model,
            lambda actor, row: self.holds(actor, row) or other.holds(actor, row),
            lambda actor: or_(self.where(actor), other.where(actor)),
        )

    def __and__(self, other: "Rule") -> "Rule":
        """Both."""
        return Rule(
            self.model,
            lambda actor, row: self.holds(actor, row) and other.holds(actor, row),
            lambda actor: and_(self.where(actor), other.where(actor)),
        )


def via(model: type[Base], link: InstrumentedAttribute[Any], rule: Rule) -> Rule:
    """The rule of the row that `link` leads to: what holds for an enrolment holds for what belongs to it."""
    return Rule(
        model,
        lambda actor, row: rule.holds(actor, getattr(row, link.key)),
        lambda actor: link.has(rule.where(actor)),
    )
