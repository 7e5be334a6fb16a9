"""What an external quality assurer may see: given, changed, withdrawn, and given for many learners at once."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portfolio import clock
from portfolio.accounts import queries as accounts
from portfolio.accounts.rules import Role
from portfolio.centres.models import Centre
from portfolio.enrolment import actions, granting, list_queries, queries
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.queries import GrantRow
from portfolio.errors import InvalidState, NotFound, Rejected
from portfolio.policy.checks import visible
from portfolio.policy.permissions import Permission
from portfolio.web.access import MISSING, load, requires
from portfolio.web.enrolment.forms import AllocateForm, GrantForm, GrantManyForm, ListFilter, UntilForm
from portfolio.web.enrolment.views import back, blueprint, listed, offer, person_named, wanted_by, whole_page
from portfolio.web.forms import refuse, status
from portfolio.web.session import actor, commit, database_session
from portfolio.web.terms import term

LISTED = 200
"""How many learners stand on the page for many at once; the filters find the others."""


@blueprint.post("/enrolments/<int:enrolment_id>/grant")
@load(Enrolment, Permission.ENROLMENT_ALLOCATE)
def grant(enrolment: Enrolment) -> ResponseReturnValue:
    """An external quality assurer may look, up to and including a day."""
    other, form = AllocateForm(None, prefix="allocate"), GrantForm(prefix="grant")
    offer(enrolment, other, form, [])
    if form.validate_on_submit():
        try:
            person = person_named(form.person.data)
            actions.grant(database_session(), actor(), enrolment, person=person, until=form.until.data or clock.today())
            commit()
            flash(f"{person.name} may see this {term('portfolio')} until that day.", "met")
            return back(enrolment)
        except Rejected as refused:
            refuse(form, refused)
    return whole_page(enrolment, other, form)


@blueprint.route("/enrolments/<int:enrolment_id>/grants/<int:grant_id>", methods=["GET", "POST"])
@load(Enrolment, Permission.ENROLMENT_ALLOCATE)
def change_grant(enrolment: Enrolment, grant_id: int) -> ResponseReturnValue:
    """Another last day of access."""
    line = _grant(enrolment, grant_id)
    form = UntilForm(until=line.until)
    if form.validate_on_submit():
        try:
            granting.change_grant(database_session(), actor(), enrolment, grant_id, until=form.until.data or line.until)
            commit()
            flash(f"The access of {line.person_name} ends on another day.", "met")
            return back(enrolment)
        except Rejected as refused:
            refuse(form, refused)
    return render_template("enrolment/grant.html", enrolment=enrolment, line=line, form=form), status(form)


def _grant(enrolment: Enrolment, grant_id: int) -> GrantRow:
    line = next((line for line in queries.grants_in(database_session(), enrolment.id) if line.id == grant_id), None)
    if line is None:
        raise NotFound(MISSING)
    if not line.is_open:
        raise InvalidState("This access has ended already.")
    return line


@blueprint.post("/enrolments/<int:enrolment_id>/grants/<int:grant_id>/withdraw")
@load(Enrolment, Permission.ENROLMENT_ALLOCATE)
def withdraw_grant(enrolment: Enrolment, grant_id: int) -> ResponseReturnValue:
    """An external quality assurer no longer sees the enrolment."""
    granting.withdraw_grant(database_session(), actor(), enrolment, grant_id)
    commit()
    flash("The access is withdrawn, from the next click on.", "met")
    return back(enrolment)


@blueprint.route("/enrolments/grants", methods=["GET", "POST"])
@requires(Permission.CENTRE_MANAGE_PEOPLE)
def grant_many() -> ResponseReturnValue:
    """The same access to several learners, found by the filters."""
    session, centre_id = database_session(), actor().centre_id
    filters = ListFilter(request.args)
    wanted, _asked = wanted_by(filters)
    rows = list_queries.rows(session, visible(actor(), Permission.ENROLMENT_ALLOCATE), wanted, limit=LISTED + 1)
    form = GrantManyForm(person=request.args.get("person", type=int))
    form.person.choices = {"": "Choose somebody", **listed(accounts.people_with(session, centre_id, Role.EQA))}
    form.learners.choices = [(row.id, row.learner_name) for row in rows[:LISTED]]
    if form.validate_on_submit():
        try:
            person = person_named(form.person.data)
            count = granting.grant_many(
                session,
                actor(),
                session.get_one(Centre, centre_id),
                person=person,
                enrolment_ids=set(form.learners.data or []),
                until=form.until.data or clock.today(),
            )
            commit()
            whom = term("learner") if count == 1 else term("learners")
            flash(f"{person.name} may see {count} {whom} until that day.", "met")
            return redirect(url_for("people.show", person_id=person.id), 303)
        except Rejected as refused:
            refuse(form, refused)
    page = render_template(
        "enrolment/grant_many.html",
        filters=filters,
        is_filtered=not wanted.is_all,
        form=form,
        rows=rows[:LISTED],
        has_more=len(rows) > LISTED,
        ticked=set(form.learners.data or []),
        has_people=len(form.person.choices) > 1,
    )
    return page, status(form)
