"""Putting a learner into a cohort, moving them to another, or taking them out."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portfolio.enrolment import cohort_queries, cohorts
from portfolio.enrolment.models import Enrolment
from portfolio.errors import Rejected
from portfolio.policy.permissions import Permission
from portfolio.web.access import load
from portfolio.web.enrolment.forms import CohortForm
from portfolio.web.enrolment.views import blueprint
from portfolio.web.forms import refuse, status
from portfolio.web.session import actor, commit, database_session
from portfolio.web.terms import term


@blueprint.route("/enrolments/<int:enrolment_id>/cohort", methods=["GET", "POST"])
@load(Enrolment, Permission.ENROLMENT_PUT_IN_COHORT)
def cohort(enrolment: Enrolment) -> ResponseReturnValue:
    """With whom the learner goes through from now on."""
    session = database_session()
    choices = cohort_queries.open_in(session, enrolment.centre_id)
    if enrolment.cohort is not None:
        choices = {enrolment.cohort.id: enrolment.cohort.name} | choices
    form = CohortForm(data={"cohort": enrolment.cohort_id})
    form.cohort.choices = {"": "None", **{str(id_): name for id_, name in choices.items()}}
    if form.validate_on_submit():
        try:
            chosen = cohort_queries.cohort_in(session, enrolment.centre_id, form.cohort.data or 0)
            cohorts.put_in_cohort(session, actor(), enrolment, chosen)
            commit()
            name = enrolment.learner.name
            flash(f"{name} is in {chosen.name} now." if chosen else f"{name} is in no {term('cohort')} now.", "met")
            return redirect(url_for("enrolment.show", enrolment_id=enrolment.id), 303)
        except Rejected as refused:
            refuse(form, refused)
    return render_template("enrolment/cohort.html", enrolment=enrolment, form=form), status(form)
