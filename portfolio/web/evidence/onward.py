"""Where one goes from a new item."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portfolio.evidence.models import Evidence
from portfolio.evidence.rules import BY_ASSESSOR
from portfolio.web.session import commit


def on_to_mapping(evidence: Evidence) -> ResponseReturnValue:
    """On to mapping the new item, with the criterion ticked that it was added for, if it was for one."""
    commit()
    until = "put it on record" if evidence.method in BY_ASSESSOR else "hand it in"
    flash(f"{evidence.ref} is added as a draft. Only you can see it until you {until}.", "met")
    ticked = request.args.get("criterion", type=int)
    return redirect(url_for("mapping.edit", evidence_id=evidence.id, criterion=ticked), 303)
