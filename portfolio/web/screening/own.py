"""A learner's own words that are known beforehand, and forgetting who is who in their portfolio."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField
from wtforms.validators import DataRequired

from portfolio.enrolment.models import Enrolment
from portfolio.errors import Conflict
from portfolio.policy.permissions import Permission
from portfolio.screening import forgetting
from portfolio.screening.forgetting import keys_counted
from portfolio.screening.known import LEARNER_LINES, lists_of, save_lists
from portfolio.web.access import load
from portfolio.web.forms import CONFLICT, BaseForm, status
from portfolio.web.screening.blueprint import blueprint
from portfolio.web.screening.lists import lists_form, theirs, typed
from portfolio.web.session import actor, commit, database_session


class ForgetForm(BaseForm):
    """Said once more, because it cannot be taken back."""

    sure = BooleanField(
        "I understand that this cannot be taken back", [DataRequired("Tick this if you want it to be forgotten.")]
    )


@blueprint.route("/enrolments/<int:enrolment_id>/personal-data", methods=["GET", "POST"])
@load(Enrolment, Permission.ENROLMENT_ADD_EVIDENCE)
def own(enrolment: Enrolment) -> ResponseReturnValue:
    """My regular customers and colleagues, and words that are nobody's."""
    session, conflict = database_session(), None
    form = lists_form(lists_of(session, enrolment.centre, enrolment))
    known = typed(form, most=LEARNER_LINES) if form.validate_on_submit() else None
    if known is not None:
        try:
            rev = form.rev.number
            is_changed = save_lists(session, actor(), enrolment.centre, known, rev=rev, enrolment=enrolment)
            commit()
            flash("Your words are saved." if is_changed else "Nothing was changed.", "met" if is_changed else "info")
            return redirect(url_for("screening.own", enrolment_id=enrolment.id), 303)
        except Conflict as found:
            form.rev.data, conflict = str(lists_of(session, enrolment.centre, enrolment).rev), found
    page = render_template(
        "screening/own.html",
        enrolment=enrolment,
        form=form,
        most=LEARNER_LINES,
        conflict=conflict,
        theirs=theirs(conflict),
        keys=keys_counted(session, enrolment),
    )
    return page, CONFLICT if conflict else status(form)


@blueprint.route("/enrolments/<int:enrolment_id>/personal-data/forget", methods=["GET", "POST"])
@load(Enrolment, Permission.ENROLMENT_ADD_EVIDENCE)
def forget(enrolment: Enrolment) -> ResponseReturnValue:
    """Which real name a pseudonym stands for is known nowhere any more."""
    form = ForgetForm()
    if form.validate_on_submit():
        forgetting.forget(database_session(), actor(), enrolment)
        commit()
        flash("It is forgotten who is who. The names that were put in place of real ones stay.", "met")
        return redirect(url_for("screening.own", enrolment_id=enrolment.id), 303)
    keys = keys_counted(database_session(), enrolment)
    return render_template("screening/forget.html", enrolment=enrolment, form=form, keys=keys), status(form)
