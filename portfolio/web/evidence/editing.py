"""Changing a draft, whatever carries it."""

from collections.abc import Callable

from flask.typing import ResponseReturnValue

from portfolio.evidence.models import Evidence
from portfolio.evidence.rules import BY_ASSESSOR, Carrier
from portfolio.policy.permissions import Permission
from portfolio.web.access import load
from portfolio.web.evidence import adding, elsewhere, records, writing
from portfolio.web.evidence.blueprint import blueprint

PAGES: dict[Carrier, Callable[[Evidence], ResponseReturnValue]] = {
    Carrier.FILES: adding.change_page,
    Carrier.RECORDING: adding.change_page,
    Carrier.WRITTEN: writing.change_page,
    Carrier.ELSEWHERE: elsewhere.change_page,
}


@blueprint.route("/evidence/<int:evidence_id>/edit", methods=["GET", "POST"])
@load(Evidence, Permission.EVIDENCE_CHANGE, takes_files=True)
def edit(evidence: Evidence) -> ResponseReturnValue:
    """The page that fits what carries the item, or that of an assessor's record."""
    page = records.change_page if evidence.method in BY_ASSESSOR else PAGES[evidence.carrier]
    return page(evidence)
