"""Correcting an enrolment's dates; a learner who finishes, leaves or comes back."""

import json

from flask import flash, render_template
from flask.typing import ResponseReturnValue

from portfolio import clock
from portfolio.assessment.sign_off_queries import signed_among
from portfolio.enrolment import leaving
from portfolio.enrolment.changing import change_terms, terms_of
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.rules import EnrolmentState
from portfolio.errors import Conflict, InvalidState, Rejected
from portfolio.policy.permissions import Permission
from portfolio.web.access import load
from portfolio.web.enrolment.forms import LeaveForm, TermsForm
from portfolio.web.enrolment.views import back, blueprint
from portfolio.web.forms import CONFLICT, refuse, status
from portfolio.web.session import actor, commit, database_session

OVER = "This enrolment is over, so its {portfolio} can no longer be changed."


@blueprint.route("/enrolments/<int:enrolment_id>/terms", methods=["GET", "POST"])
@load(Enrolment, Permission.ENROLMENT_CHANGE)
def terms(enrolment: Enrolment) -> ResponseReturnValue:
    """Other dates, or another registration number."""
    _check_running(enrolment)
    form = TermsForm(obj=enrolment, seen=json.dumps(terms_of(enrolment)))
    conflict = None
    if form.validate_on_submit():
        try:
            change_terms(
                database_session(),
                actor(),
                enrolment,
                started_on=form.started_on.data or enrolment.started_on,
                due_on=form.due_on.data,
                registration_number=form.registration_number.data or "",
                seen=_seen(form),
            )
            commit()
            flash("It is saved.", "met")
            return back(enrolment)
        except Conflict as found:
            form.seen.data, conflict = json.dumps(terms_of(enrolment)), found
        except Rejected as refused:
            refuse(form, refused)
    page = render_template("enrolment/terms.html", enrolment=enrolment, form=form, conflict=conflict)
    return page, CONFLICT if conflict else status(form)


def _seen(form: TermsForm) -> dict[str, str]:
    """What the page showed; nothing, which never stands there, for what cannot be read."""
    try:
        seen = json.loads(form.seen.data or "")
    except ValueError:
        return {}
    return seen if isinstance(seen, dict) else {}


@blueprint.route("/enrolments/<int:enrolment_id>/leave", methods=["GET", "POST"])
@load(Enrolment, Permission.ENROLMENT_CHANGE)
def leave(enrolment: Enrolment) -> ResponseReturnValue:
    """The learner has finished, or leaves before the end."""
    _check_running(enrolment)
    session, form = database_session(), LeaveForm()
    if form.validate_on_submit():
        on = form.on.data or clock.today()
        try:
            if form.how.data == EnrolmentState.COMPLETED:
                leaving.finish(session, actor(), enrolment, on=on)
            else:
                leaving.leave(session, actor(), enrolment, on=on, reason=form.reason.data or "")
            commit()
            flash("The enrolment is over. Everything in it can still be read.", "met")
            return back(enrolment)
        except Rejected as refused:
            refuse(form, refused)
    units = [unit.id for unit in enrolment.units]
    page = render_template(
        "enrolment/leave.html",
        enrolment=enrolment,
        form=form,
        units=len(units),
        signed=len(signed_among(session, units)),
    )
    return page, status(form)


@blueprint.post("/enrolments/<int:enrolment_id>/return")
@load(Enrolment, Permission.ENROLMENT_CHANGE)
def return_to(enrolment: Enrolment) -> ResponseReturnValue:
    """A learner who finished or left goes on."""
    try:
        leaving.return_to(database_session(), actor(), enrolment)
    except Rejected as refused:
        raise InvalidState(refused.sentence) from refused
    commit()
    flash("The enrolment is open again, with everything as it was.", "met")
    return back(enrolment)


def _check_running(enrolment: Enrolment) -> None:
    if enrolment.state is not EnrolmentState.ACTIVE:
        raise InvalidState(OVER)
