"""Roles and things as the centre calls them, for pages and forms: whoever is asking hears their own centre's words."""

from flask import g

from portfolio.accounts.actors import Actor
from portfolio.centres import terms
from portfolio.errors import DomainError


def term(words: str) -> str:
    """The centre's words for standard ones, as `portfolio.centres.terms` has them: `learner`, `Learners`, `a unit`."""
    return terms.term(_own_words(), words)


def worded(sentence: str) -> str:
    """A sentence whose standard words stand in braces: `Choose the {learner}.`"""
    return terms.filled(_own_words(), sentence)


def told(error: DomainError) -> str:
    """What an error says, in the centre's words."""
    return worded(error.sentence)


def _own_words() -> str:
    actor: Actor | None = g.get("actor")
    return actor.own_words if actor is not None else terms.NONE
