"""What a new item is added for, and where one goes from it."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.queries import OwnCriterion, criterion_in
from portfolio.evidence.models import Evidence
from portfolio.evidence.rules import BY_ASSESSOR
from portfolio.web.session import commit, database_session


def meant(enrolment: Enrolment) -> OwnCriterion | None:
    """The criterion that the new item is for, when the address names one of the learner's."""
    asked = request.args.get("criterion", type=int)
    return criterion_in(database_session(), enrolment.id, asked) if asked is not None else None


def on_to_mapping(evidence: Evidence) -> ResponseReturnValue:
    """On to mapping the new item, with the criterion ticked that it was added for, if it was for one."""
    commit()
    until = "put it on record" if evidence.method in BY_ASSESSOR else "hand it in"
    flash(f"{evidence.ref} is added as a draft. Only you can see it until you {until}.", "met")
    ticked = request.args.get("criterion", type=int)
    row = f"annotation-{ticked}" if ticked is not None else None
    return redirect(url_for("mapping.edit", evidence_id=evidence.id, criterion=ticked, _anchor=row), 303)
