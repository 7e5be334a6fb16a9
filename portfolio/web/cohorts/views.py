"""Cohorts, for whoever runs the centre."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portfolio.centres.models import Centre
from portfolio.enrolment import cohort_queries, cohorts
from portfolio.enrolment.models import Cohort
from portfolio.errors import Conflict, Rejected
from portfolio.policy.checks import visible
from portfolio.policy.permissions import Permission
from portfolio.web import paging
from portfolio.web.access import load, requires
from portfolio.web.cohorts.forms import SORTS, CohortFilter, CohortForm
from portfolio.web.forms import CONFLICT, refuse, status
from portfolio.web.session import actor, commit, database_session

blueprint = Blueprint("cohorts", __name__)

STANDARD_SORT = "start"


@blueprint.get("/cohorts")
@requires(Permission.CENTRE_MANAGE_COHORTS)
def index() -> str:
    """Every cohort of the centre."""
    form = CohortFilter(request.args)
    words = (form.q.data or "")[:100]
    order = form.sort.data if form.sort.data in SORTS else STANDARD_SORT
    found = cohort_queries.rows(
        database_session(),
        visible(actor(), Permission.COHORT_MANAGE),
        search=words,
        order=order,
        offset=paging.offset(),
        limit=paging.ROWS + 1,
    )
    page = paging.page_of(found, {"q": words, "sort": "" if order == STANDARD_SORT else order})
    return render_template("cohorts/index.html", form=form, page=page, is_filtered=bool(words))


@blueprint.route("/cohorts/new", methods=["GET", "POST"])
@requires(Permission.CENTRE_MANAGE_COHORTS)
def new() -> ResponseReturnValue:
    """Open a cohort."""
    form = CohortForm()
    if form.validate_on_submit():
        session = database_session()
        try:
            centre = session.get_one(Centre, actor().centre_id)
            cohort = cohorts.open_cohort(
                session, actor(), centre, name=form.name.data or "", starts_on=form.starts_on.data
            )
            commit()
            flash(f"{cohort.name} is open.", "met")
            return redirect(url_for("cohorts.show", cohort_id=cohort.id), 303)
        except Rejected as refused:
            refuse(form, refused)
    return render_template("cohorts/new.html", form=form), status(form)


@blueprint.get("/cohorts/<int:cohort_id>")
@load(Cohort, Permission.COHORT_MANAGE)
def show(cohort: Cohort) -> str:
    """Who is in it."""
    found = cohort_queries.learners_in(
        database_session(),
        visible(actor(), Permission.ENROLMENT_SEE),
        cohort.id,
        offset=paging.offset(),
        limit=paging.ROWS + 1,
    )
    return render_template("cohorts/show.html", cohort=cohort, page=paging.page_of(found, {}))


@blueprint.route("/cohorts/<int:cohort_id>/edit", methods=["GET", "POST"])
@load(Cohort, Permission.COHORT_MANAGE)
def edit(cohort: Cohort) -> ResponseReturnValue:
    """Another name or first day."""
    form = CohortForm(obj=cohort)
    conflict = None
    if form.validate_on_submit():
        try:
            cohorts.change_cohort(
                database_session(),
                actor(),
                cohort,
                name=form.name.data or "",
                starts_on=form.starts_on.data,
                rev=form.rev.number,
            )
            commit()
            flash("It is saved.", "met")
            return redirect(url_for("cohorts.show", cohort_id=cohort.id), 303)
        except Conflict as found:
            form.rev.data, conflict = str(cohort.rev), found
        except Rejected as refused:
            refuse(form, refused)
    page = render_template("cohorts/edit.html", form=form, cohort=cohort, conflict=conflict)
    return page, CONFLICT if conflict else status(form)


@blueprint.post("/cohorts/<int:cohort_id>/close")
@load(Cohort, Permission.COHORT_MANAGE)
def close(cohort: Cohort) -> ResponseReturnValue:
    """Nobody new comes into it."""
    cohorts.close_cohort(database_session(), actor(), cohort)
    commit()
    flash(f"{cohort.name} is closed. Whoever is in it stays in it.", "met")
    return redirect(url_for("cohorts.show", cohort_id=cohort.id), 303)
