"""What anybody may read about the product."""

from flask import Blueprint, g, render_template

from portfolio.accounts.actors import Actor
from portfolio.accounts.rules import Role
from portfolio.centres.settings import CentreSettings
from portfolio.documents.wordbook.glossary import GLOSSARY
from portfolio.errors import NotFound
from portfolio.web.about.glossary import ANCHORS, MORE
from portfolio.web.access import MISSING, public
from portfolio.web.terms import worded

blueprint = Blueprint("about", __name__)

READERS: dict[str, str] = {
    "learner": "learners",
    "assessor": "assessors",
    "iqa": "internal quality assurers",
    "eqa": "external quality assurers",
    "administrator": "centre administrators",
}
"""For whom there is a page of help, in the order of the way that work takes."""


@blueprint.get("/about/assessment")
@public
def assessment() -> str:
    """How NVQ assessment works here."""
    return render_template("about/assessment.html")


@blueprint.get("/about/help")
@public
def help_index() -> str:
    """The pages of help; those for whoever is asking come first."""
    actor: Actor | None = g.actor
    own = [role.value for role in Role if actor is not None and role in actor.roles]
    return render_template("about/help.html", own=own, others=[role for role in READERS if role not in own])


@blueprint.get("/about/help/<role>")
@public
def help_for(role: str) -> str:
    """What to do first, the usual day, and what happens to what one writes."""
    if role not in READERS:
        raise NotFound(MISSING)
    return render_template(f"about/help_{role}.html", role=role)


@blueprint.get("/about/glossary")
@public
def glossary() -> str:
    """The words of the field, a sentence or two each."""
    said = [(worded(term.word), worded(term.meaning), ANCHORS[term.word]) for term in (*GLOSSARY, *MORE)]
    return render_template("about/glossary.html", terms=sorted(said, key=lambda one: one[0].casefold()))


@blueprint.get("/about/privacy")
@public
def privacy() -> str:
    """What is kept, why and for how long, who sees it, and how to complain. In a centre, with what it chose."""
    actor: Actor | None = g.actor
    return render_template("about/privacy.html", settings=actor.settings if actor is not None else CentreSettings())


@blueprint.get("/about/accessibility")
@public
def accessibility() -> str:
    """What works for whom, and how to say when it does not."""
    return render_template("about/accessibility.html")
