"""What anybody may read about the product, and whether it is well."""

from flask import Blueprint, Response, render_template

from portfolio.web.access import public
from portfolio.web.session import installation

blueprint = Blueprint("about", __name__)


@blueprint.get("/about/assessment")
@public
def assessment() -> str:
    """How NVQ assessment works here."""
    return render_template("about/assessment.html")


@blueprint.get("/about/privacy")
@public
def privacy() -> str:
    """What is kept, and who sees it."""
    return render_template("about/privacy.html")


@blueprint.get("/about/accessibility")
@public
def accessibility() -> str:
    """What works for whom, and how to say when it does not."""
    return render_template("about/accessibility.html")


@blueprint.get("/healthz")
@public
def health() -> Response:
    """`ok` when the database answers; 503 otherwise."""
    is_well = installation().database.is_reachable()
    words, status = ("ok\n", 200) if is_well else ("the database does not answer\n", 503)
    return Response(words, status, mimetype="text/plain")
