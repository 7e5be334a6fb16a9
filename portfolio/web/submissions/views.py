"""Handing in, and taking back what nobody has opened."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portfolio.assessment import submitting
from portfolio.assessment.learner_queries import people_beside
from portfolio.assessment.models import Submission
from portfolio.assessment.queries import coverage_of
from portfolio.assessment.replacing import replaced_by
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.rules import Duty
from portfolio.errors import Rejected
from portfolio.evidence.queries import items_of
from portfolio.mapping.queries import draft_claims, mapped
from portfolio.policy.permissions import Permission
from portfolio.web.access import load
from portfolio.web.forms import refuse, status
from portfolio.web.session import actor, commit, database_session
from portfolio.web.submissions.forms import HandInForm

blueprint = Blueprint("submissions", __name__)


@blueprint.route("/enrolments/<int:enrolment_id>/hand-in", methods=["GET", "POST"])
@load(Enrolment, Permission.ENROLMENT_SUBMIT)
def new(enrolment: Enrolment) -> ResponseReturnValue:
    """Choose among the drafts that are ready, declare, hand in. What the others lack is said."""
    database, me = database_session(), actor().person_id
    items = items_of(database, enrolment.id, drafts_of=me)
    drafts = [item for item in items if item.is_draft and not item.is_hidden]
    texts = mapped(database, {item.version_id for item in drafts})
    ready = [i for i in drafts if texts[i.version_id].codes and not texts[i.version_id].unexplained]
    form = HandInForm()
    form.items.choices = {str(item.evidence_id): f"{item.ref} {item.title}" for item in ready}
    if form.validate_on_submit():
        try:
            submission = submitting.submit(
                database, actor(), enrolment, evidence_ids=form.items.data or [], declared=form.declared
            )
        except Rejected as refused:
            refuse(form, refused)
        else:
            return _handed_in(submission)
    asked, ids = request.args.get("item", type=int), [item.evidence_id for item in ready]
    if request.method != "POST":
        form.items.data = [asked] if asked in ids else ([] if asked else ids)
    page = render_template(
        "submissions/new.html",
        form=form,
        enrolment=enrolment,
        ready=ready,
        unready=[item for item in drafts if item not in ready],
        mapped=texts,
        replaced=replaced_by(coverage_of(database, enrolment.id), draft_claims(database, enrolment.id, me)),
        is_mapped=asked in ids if asked else bool(ready),
        assessors=people_beside(database, enrolment.id)[Duty.ASSESS],
    )
    return page, status(form)


def _handed_in(submission: Submission) -> ResponseReturnValue:
    refs = " and ".join(item.version.evidence.ref for item in submission.items)
    enrolment_id = submission.enrolment_id
    commit()
    flash(f"Handed in: {refs}. You can take this back until your assessor opens it.", "met")
    return redirect(url_for("home.portfolio", enrolment=enrolment_id), 303)


@blueprint.post("/submissions/<int:submission_id>/withdraw")
@load(Submission, Permission.SUBMISSION_WITHDRAW)
def withdraw(submission: Submission) -> ResponseReturnValue:
    """Each item of it becomes a draft again; what was handed in stays on record."""
    enrolment_id = submission.enrolment_id
    submitting.withdraw(database_session(), actor(), submission)
    refs = " and ".join(item.version.evidence.ref for item in submission.items)
    commit()
    flash(f"Taken back: {refs}. It is a draft again, so that you can change it.", "info")
    return redirect(url_for("evidence.index", enrolment_id=enrolment_id), 303)
