"""Evidence that stays where it is: describing it, changing its draft, and saying that one has seen it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portfolio import clock
from portfolio.criteria.rules import Method
from portfolio.enrolment.models import Enrolment
from portfolio.errors import Conflict, Rejected
from portfolio.evidence import actions, sighting
from portfolio.evidence.models import Evidence
from portfolio.evidence.rules import Carrier
from portfolio.policy.permissions import Permission
from portfolio.web.access import load
from portfolio.web.evidence.blueprint import blueprint
from portfolio.web.evidence.elsewhere_forms import AddElsewhereForm, ChangeElsewhereForm, SightingForm, held_by
from portfolio.web.evidence.forms import METHOD_HINTS, give_rev
from portfolio.web.evidence.looking import points_for_new
from portfolio.web.evidence.onward import meant, on_to_mapping
from portfolio.web.evidence.saving import change, saved
from portfolio.web.forms import CONFLICT, refuse, status
from portfolio.web.pointing import points_on
from portfolio.web.session import SAFE, actor, commit, database_session, installation


@blueprint.route("/enrolments/<int:enrolment_id>/evidence/elsewhere", methods=["GET", "POST"])
@load(Enrolment, Permission.ENROLMENT_ADD_EVIDENCE)
def elsewhere(enrolment: Enrolment) -> ResponseReturnValue:
    """A new item that is held elsewhere; then on to mapping it."""
    form = AddElsewhereForm()
    if form.validate_on_submit():
        try:
            evidence = actions.add(
                database_session(),
                actor(),
                enrolment,
                installation().store,
                method=Method(form.method.data),
                carrier=Carrier.ELSEWHERE,
                details=form.details,
            )
        except Rejected as refused:
            refuse(form, refused)
        else:
            return on_to_mapping(evidence)
    page = render_template(
        "evidence/elsewhere.html",
        form=form,
        enrolment=enrolment,
        meant=meant(enrolment),
        evidence=None,
        conflict=None,
        hints=METHOD_HINTS,
        points=points_for_new(enrolment),
    )
    return page, status(form)


def change_page(evidence: Evidence) -> ResponseReturnValue:
    """Change the draft of an item that is held elsewhere. When it changed meanwhile, both versions are shown."""
    draft = actions.draft_of(evidence)
    form = ChangeElsewhereForm(data=held_by(draft))
    conflict = None
    if form.validate_on_submit():
        try:
            change(form, evidence, draft)
            return saved(evidence)
        except Rejected as refused:
            refuse(form, refused)
        except Conflict as found:
            conflict = found
            give_rev(form, draft)
    page = render_template(
        "evidence/elsewhere.html",
        form=form,
        enrolment=evidence.enrolment,
        evidence=evidence,
        draft=draft,
        conflict=conflict,
        hints=METHOD_HINTS,
        points=points_on(database_session(), evidence, is_typed=request.method not in SAFE),
    )
    return page, CONFLICT if conflict else status(form)


@blueprint.route("/evidence/<int:evidence_id>/sighting", methods=["GET", "POST"])
@load(Evidence, Permission.EVIDENCE_SIGHT)
def sight(evidence: Evidence) -> ResponseReturnValue:
    """Put on record that one has seen what is held elsewhere."""
    version = sighting.held_elsewhere(evidence)
    form = SightingForm()
    if form.validate_on_submit():
        try:
            sighting.sight(
                database_session(),
                actor(),
                evidence,
                seen_on=form.seen_on.data or clock.today(),
                note=form.note.data or "",
            )
        except Rejected as refused:
            refuse(form, refused)
        else:
            commit()
            flash(f"It is on record that you have seen {evidence.ref}.", "met")
            return redirect(url_for("evidence.show", evidence_id=evidence.id, _anchor="custody-h"), 303)
    page = render_template("evidence/sight.html", form=form, evidence=evidence, version=version)
    return page, status(form)
