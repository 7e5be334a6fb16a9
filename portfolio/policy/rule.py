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
    """A fact about an actor and a row of `model`, in Python and as a SQL condition.

    `joined` is the condition again, for a query that joins the rows to what `links` lead to. For many rows that costs
    less than looking for each of these row by row, as `where` does.
    """

    model: type[Base]
    holds: Callable[[Actor, Any], bool]
    where: Callable[[Actor], ColumnElement[bool]]
    links: tuple[InstrumentedAttribute[Any], ...] = ()
    joined: Callable[[Actor], ColumnElement[bool]] | None = None

    def among_joined(self, actor: Actor) -> ColumnElement[bool]:
        """The condition for a query that follows `links`."""
        return (self.joined or self.where)(actor)

    def __or__(self, other: "Rule") -> "Rule":
        """Either."""
        return Rule(
            self.model,
            lambda actor, row: self.holds(actor, row) or other.holds(actor, row),
            lambda actor: or_(self.where(actor), other.where(actor)),
            self._links_with(other),
            lambda actor: or_(self.among_joined(actor), other.among_joined(actor)),
        )

    def __and__(self, other: "Rule") -> "Rule":
        """Both."""
        return Rule(
            self.model,
            lambda actor, row: self.holds(actor, row) and other.holds(actor, row),
            lambda actor: and_(self.where(actor), other.where(actor)),
            self._links_with(other),
            lambda actor: and_(self.among_joined(actor), other.among_joined(actor)),
        )

    def _links_with(self, other: "Rule") -> tuple[InstrumentedAttribute[Any], ...]:
        return tuple(dict.fromkeys((*self.links, *other.links)))


def via(model: type[Base], link: InstrumentedAttribute[Any], rule: Rule) -> Rule:
    """The rule of the row that `link` leads to: what holds for an enrolment holds for what belongs to it.

    There is exactly one such row for each.
    """
    return Rule(
        model,
        lambda actor, row: rule.holds(actor, getattr(row, link.key)),
        lambda actor: link.has(rule.where(actor)),
        (link, *rule.links),
        rule.among_joined,
    )
