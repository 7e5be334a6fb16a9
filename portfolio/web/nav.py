"""The main navigation: what a person may open, in the order of their day, and how many notices are new."""

from functools import lru_cache

from flask import g, request, url_for
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError

from portfolio.accounts.actors import Actor
from portfolio.accounts.rules import Role
from portfolio.notices.queries import unread_count
from portfolio.web.session import SAFE, database_session, installation

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


LINK = Markup('<li><a href="{}"{}>{}</a></li>')
CURRENT = Markup(' aria-current="page"')


def links_for(actor: Actor | None) -> Markup:
    """The links of a person as items of a list, the one whose subject is open marked; empty for a stranger."""
    if actor is None:
        return Markup("")
    subject = (request.endpoint or "").partition(".")[0]
    return _links(actor.roles, BELONGS.get(subject, subject))


@lru_cache(maxsize=500)
def _links(roles: frozenset[Role], here: str) -> Markup:
    """What everybody with these roles is shown while this subject is open."""
    return Markup("").join(
        LINK.format(url_for(endpoint), CURRENT if endpoint.partition(".")[0] == here else "", label)
        for label, endpoint, wanted in ITEMS
        if wanted & roles
    )


def unread_notices() -> int:
    """How many notices are new to whoever is asking: one statement, and only on a page that shows it.

    A form that comes back has written perhaps, or failed to, so that this is read beside it. Where the database does
    not answer, the page has something else to tell.
    """
    actor: Actor | None = g.get("actor")
    if actor is None:
        return 0
    if "unread_notices" not in g:
        try:
            g.unread_notices = _counted(actor)
        except SQLAlchemyError:
            g.unread_notices = 0
    return int(g.unread_notices)


def _counted(actor: Actor) -> int:
    if request.method in SAFE:
        return unread_count(database_session(), person_id=actor.person_id, centre_id=actor.centre_id)
    with installation().database.reading() as session:
        return unread_count(session, person_id=actor.person_id, centre_id=actor.centre_id)
