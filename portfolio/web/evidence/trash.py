"""Throwing a draft away, seeing what lies in the trash, taking it out again, and removing it for good."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portfolio.criteria.rules import METHOD_WORDS
from portfolio.drafts import actions as drafts
from portfolio.enrolment.models import Enrolment
from portfolio.errors import InvalidState
from portfolio.evidence import queries, trashing
from portfolio.evidence.models import Evidence
from portfolio.evidence.rules import TRASH_LIFE
from portfolio.mapping import actions as mapping_actions
from portfolio.policy.checks import can
from portfolio.policy.permissions import Permission
from portfolio.web.access import load
from portfolio.web.evidence.blueprint import blueprint
from portfolio.web.evidence.writing_forms import place_of
from portfolio.web.session import actor, commit, database_session


@blueprint.get("/enrolments/<int:enrolment_id>/evidence/trash")
@load(Enrolment, Permission.ENROLMENT_SEE)
def trash(enrolment: Enrolment) -> ResponseReturnValue:
    """The drafts that one threw away oneself, with the day on which each goes for good."""
    return render_template(
        "evidence/trash.html",
        enrolment=enrolment,
        is_owner=can(actor(), Permission.ENROLMENT_ADD_EVIDENCE, enrolment),
        items=queries.trashed_by(database_session(), enrolment.id, actor().person_id),
        words=METHOD_WORDS,
        life=TRASH_LIFE,
    )


@blueprint.post("/evidence/<int:evidence_id>/discard")
@load(Evidence, Permission.EVIDENCE_CHANGE)
def discard(evidence: Evidence) -> ResponseReturnValue:
    """Throw a draft away: into the trash when it was never handed in, else only the new version of what was marked."""
    if evidence.current is None:
        trashing.trash(database_session(), actor(), evidence)
        commit()
        address = url_for("evidence.index", enrolment_id=evidence.enrolment_id, trashed=evidence.id)
        return redirect(address, 303)
    drafts.clear(database_session(), actor().person_id, place_of(evidence.latest))
    mapping_actions.discard(database_session(), actor(), evidence)
    commit()
    flash(f"The new version of {evidence.ref} is discarded. What was marked stays as it was.", "info")
    return redirect(url_for("evidence.show", evidence_id=evidence.id), 303)


@blueprint.post("/evidence/<int:evidence_id>/restore")
@load(Evidence, Permission.EVIDENCE_CHANGE)
def restore(evidence: Evidence) -> ResponseReturnValue:
    """Take a draft out of the trash."""
    trashing.restore(database_session(), actor(), evidence)
    commit()
    flash(f"{evidence.ref} is back, as it was.", "met")
    return redirect(url_for("evidence.show", evidence_id=evidence.id), 303)


@blueprint.post("/evidence/<int:evidence_id>/delete")
@load(Evidence, Permission.EVIDENCE_CHANGE)
def delete(evidence: Evidence) -> ResponseReturnValue:
    """Remove for good what lies in the trash."""
    ref, enrolment_id = evidence.ref, evidence.enrolment_id
    if evidence.trashed_at is None:
        raise InvalidState("Put this item into the trash first.")
    drafts.clear(database_session(), actor().person_id, place_of(evidence.latest))
    mapping_actions.discard(database_session(), actor(), evidence)
    commit()
    flash(f"{ref} is deleted for good.", "info")
    return redirect(url_for("evidence.trash", enrolment_id=enrolment_id), 303)
