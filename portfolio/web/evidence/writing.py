"""Accounts that are written here: a new one, and changing the draft of one."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portfolio.criteria.rules import Method
from portfolio.enrolment.models import Enrolment
from portfolio.errors import Conflict, Rejected
from portfolio.evidence import actions
from portfolio.evidence.models import Evidence
from portfolio.evidence.rules import Carrier
from portfolio.policy.permissions import Permission
from portfolio.web.access import load
from portfolio.web.evidence.blueprint import blueprint
from portfolio.web.evidence.forms import RewriteForm, WriteForm, give_rev, said_by
from portfolio.web.evidence.onward import on_to_mapping
from portfolio.web.forms import refuse, status
from portfolio.web.session import actor, commit, database_session, installation


@blueprint.route("/enrolments/<int:enrolment_id>/evidence/write", methods=["GET", "POST"])
@load(Enrolment, Permission.ENROLMENT_ADD_EVIDENCE, takes_files=True)
def write(enrolment: Enrolment) -> ResponseReturnValue:
    """A new account, written here; a preview on request, and then on to mapping it."""
    form = WriteForm()
    is_preview = "preview" in request.form
    if not is_preview and form.validate_on_submit():
        try:
            evidence = actions.add(
                database_session(),
                actor(),
                enrolment,
                installation().store,
                method=Method(form.method.data),
                carrier=Carrier.WRITTEN,
                details=form.details,
            )
        except Rejected as refused:
            refuse(form, refused)
        else:
            return on_to_mapping(evidence)
    return render_template("evidence/write.html", form=form, enrolment=enrolment, is_preview=is_preview), status(form)


def change_page(evidence: Evidence) -> ResponseReturnValue:
    """Change the draft of an account. When it changed meanwhile, both versions are shown and nothing is lost."""
    draft = actions.draft_of(evidence)
    form = RewriteForm(data=said_by(draft))
    is_preview, conflict = "preview" in request.form, None
    if not is_preview and form.validate_on_submit():
        try:
            actions.change(
                database_session(),
                actor(),
                evidence,
                installation().store,
                details=form.details_beside(draft),
                rev=form.rev.data or 0,
            )
        except Rejected as refused:
            refuse(form, refused)
        except Conflict as found:
            conflict = found
            give_rev(form, draft)
        else:
            commit()
            flash(f"{evidence.ref} is saved.", "met")
            return redirect(url_for("evidence.show", evidence_id=evidence.id), 303)
    page = render_template(
        "evidence/edit.html",
        form=form,
        evidence=evidence,
        draft=draft,
        conflict=conflict,
        files=[],
        is_preview=is_preview,
        most=0,
    )
    return page, 409 if conflict else status(form)
