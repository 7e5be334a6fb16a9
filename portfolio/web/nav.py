"""The main navigation: what a person may open, in the order of their day."""

from dataclasses import dataclass

from flask import request, url_for

from portfolio.accounts.actors import Actor
from portfolio.accounts.rules import Role


@dataclass(frozen=True, slots=True)
class NavItem:
    """One link; `is_current` when the page belongs to its subject."""

    label: str
    url: str
    is_current: bool


ITEMS: tuple[tuple[str, str, frozenset[Role]], ...] = (
    ("Your portfolio", "home.portfolio", frozenset({Role.LEARNER})),
    ("Evidence", "evidence.mine", frozenset({Role.LEARNER})),
    ("Marking", "assessment.queue", frozenset({Role.ASSESSOR})),
    ("Coverage", "coverage.show", frozenset({Role.ASSESSOR, Role.IQA, Role.EQA, Role.ADMINISTRATOR})),
    ("Criteria", "criteria.index", frozenset({Role.ASSESSOR, Role.IQA, Role.EQA, Role.ADMINISTRATOR})),
    ("People", "people.index", frozenset({Role.ADMINISTRATOR})),
    ("Enrolments", "enrolment.index", frozenset({Role.ADMINISTRATOR})),
    ("Account", "accounts.show", frozenset(Role)),
)

BELONGS = {"units": "home", "export": "home", "mapping": "evidence", "submissions": "evidence"}
"""Subjects that have no link of their own, by the subject whose link stands for them."""


def items_for(actor: Actor | None) -> list[NavItem]:
    """The links of a person; none for a stranger."""
    if actor is None:
        return []
    subject = (request.endpoint or "").partition(".")[0]
    here = BELONGS.get(subject, subject)
    return [
        NavItem(label, url_for(endpoint), endpoint.partition(".")[0] == here)
        for label, endpoint, roles in ITEMS
        if roles & actor.roles
    ]
