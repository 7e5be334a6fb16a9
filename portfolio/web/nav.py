"""The main navigation: what a person may open, in the order of their day."""

from flask import url_for
from markupsafe import Markup

from portfolio.accounts.rules import Role
from portfolio.web.terms import worded

ITEMS: tuple[tuple[str, str, frozenset[Role]], ...] = (
    ("Your {portfolio}", "home.portfolio", frozenset({Role.LEARNER})),
    ("{Evidence}", "evidence.mine", frozenset({Role.LEARNER})),
    ("Marking", "assessment.queue", frozenset({Role.ASSESSOR})),
    ("Coverage", "coverage.show", frozenset({Role.ASSESSOR, Role.IQA, Role.EQA, Role.ADMINISTRATOR})),
    ("Criteria", "criteria.index", frozenset({Role.ASSESSOR, Role.IQA, Role.EQA, Role.ADMINISTRATOR})),
    ("People", "people.index", frozenset({Role.ADMINISTRATOR})),
    ("Enrolments", "enrolment.index", frozenset({Role.ADMINISTRATOR})),
    ("Centre", "centre.show", frozenset({Role.ADMINISTRATOR})),
    ("Trail", "trail.centre", frozenset({Role.IQA})),
    ("Bundles", "bundles.index", frozenset({Role.IQA, Role.EQA})),
    ("Account", "accounts.show", frozenset(Role)),
)

BELONGS = {
    "arriving": "centre",
    "bundles.show": "home",
    "cohorts": "centre",
    "imports": "centre",
    "trail": "centre",
    "trail.show": "home",
    "units": "home",
    "export": "home",
    "mapping": "evidence",
    "redaction": "evidence",
    "screening": "evidence",
    "screening.answer": "centre",
    "screening.asked": "centre",
    "screening.centre": "centre",
    "screening.forget": "home",
    "screening.own": "home",
    "submissions": "evidence",
}
"""Subjects, and single pages, that have no link of their own, by the subject whose link stands for them."""

OTHERWISE = {"bundles": "centre"}
"""The same for those who have no link to the subject."""

LINK = Markup('<li><a href="{}"{}>{}</a></li>')
CURRENT = Markup(' aria-current="page"')


def section_of(endpoint: str) -> str:
    """The subject whose link is marked while a page is open."""
    subject = endpoint.partition(".")[0]
    return BELONGS.get(endpoint) or BELONGS.get(subject, subject)


def links_for(roles: frozenset[Role], here: str) -> Markup:
    """The links of everybody with these roles as items of a list, the subject that is open marked."""
    own = [(label, endpoint) for label, endpoint, wanted in ITEMS if wanted & roles]
    if here in OTHERWISE and here not in {section_of(endpoint) for _label, endpoint in own}:
        here = OTHERWISE[here]
    return Markup("").join(
        LINK.format(url_for(endpoint), CURRENT if section_of(endpoint) == here else "", worded(label))
        for label, endpoint in own
    )
