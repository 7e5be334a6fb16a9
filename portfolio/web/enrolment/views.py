"""Learners on qualifications: for those who may see them; enrolling and allocating for administrators."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portfolio import clock
from portfolio.accounts import queries as accounts
from portfolio.accounts.models import Person
from portfolio.accounts.queries import MemberRow
from portfolio.accounts.rules import Role
from portfolio.assessment import queries as coverage
from portfolio.centres.models import Centre
from portfolio.criteria import queries as criteria
from portfolio.criteria.combination import check
from portfolio.enrolment import actions, queries
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.rules import Duty
from portfolio.errors import NotFound, Rejected
from portfolio.policy.checks import can, visible
from portfolio.policy.permissions import Permission
from portfolio.web import paging
from portfolio.web.access import MISSING, load, requires
from portfolio.web.enrolment.forms import AllocateForm, EnrolForm, GrantForm, LearnerFilter, described
from portfolio.web.forms import refuse, status
from portfolio.web.session import actor, commit, database_session

blueprint = Blueprint("enrolment", __name__)


@blueprint.get("/enrolments")
@requires(Permission.CENTRE_SEE_COVERAGE)
def index() -> str:
    """The learners that I may see."""
    form = LearnerFilter(request.args)
    words = (form.q.data or "")[:100]
    found = queries.rows(
        database_session(),
        visible(actor(), Permission.ENROLMENT_SEE),
        search=words,
        offset=paging.offset(),
        limit=paging.ROWS + 1,
    )
    page = paging.page_of(found, {"q": words})
    return render_template(
        "enrolment/index.html",
        form=form,
        page=page,
        tallies=coverage.tallies(database_session(), [row.id for row in page.rows]),
        is_filtered=bool(words),
        may_enrol=Role.ADMINISTRATOR in actor().roles,
    )


@blueprint.route("/enrolments/new", methods=["GET", "POST"])
@requires(Permission.CENTRE_MANAGE_PEOPLE)
def new() -> ResponseReturnValue:
    """Enrol a learner, and allocate an assessor at once."""
    session, centre_id = database_session(), actor().centre_id
    learners = accounts.people_with(session, centre_id, Role.LEARNER)
    assessors = accounts.people_with(session, centre_id, Role.ASSESSOR)
    offered = {version.id: version for version in criteria.qualifications_in(session, centre_id)}
    form = EnrolForm()
    form.learner.choices = {"": "Choose a learner", **_people(learners)}
    form.qualification.choices = {"": "Choose a qualification"} | {
        str(version.id): described(version, clock.today()) for version in offered.values()
    }
    form.assessor.choices = {"": "Nobody yet", **_people(assessors)}
    if form.validate_on_submit():
        try:
            enrolment = actions.enrol(
                session,
                actor(),
                session.get_one(Centre, centre_id),
                learner=_person(form.learner.data),
                qualification=offered[form.qualification.data],
                started_on=form.started_on.data or clock.today(),
                due_on=form.due_on.data,
                registration_number=form.registration_number.data or "",
                assessor=_person(form.assessor.data) if form.assessor.data else None,
            )
            commit()
            flash(f"{enrolment.learner.name} is enrolled.", "met")
            return redirect(url_for("enrolment.show", enrolment_id=enrolment.id), 303)
        except Rejected as refused:
            refuse(form, refused)
    return render_template("enrolment/new.html", form=form, has_learners=bool(learners), offered=offered), status(form)


@blueprint.get("/enrolments/<int:enrolment_id>")
@load(Enrolment, Permission.ENROLMENT_SEE)
def show(enrolment: Enrolment) -> ResponseReturnValue:
    """The facts, the units, and who is allocated."""
    return _page(enrolment, AllocateForm(prefix="allocate"), GrantForm(prefix="grant"))


def _page(enrolment: Enrolment, allocating: AllocateForm, granting: GrantForm) -> ResponseReturnValue:
    session = database_session()
    may_allocate = can(actor(), Permission.ENROLMENT_ALLOCATE, enrolment)
    allocations = queries.allocations_in(session, enrolment)
    today = [line for line in allocations if line.is_open and line.has_role]
    if may_allocate:
        _offer(enrolment, allocating, granting)
    rules = queries.rules_of(enrolment)
    taken = [row.choice for row in queries.units_offered(session, enrolment) if row.enrolment_unit_id is not None]
    page = render_template(
        "enrolment/show.html",
        enrolment=enrolment,
        units=coverage.coverage_of(session, enrolment.id),
        groups={group.code: group.title for group in rules.groups},
        report=check(rules, taken),
        newer=queries.newer_units(session, enrolment),
        may_choose=can(actor(), Permission.ENROLMENT_CHOOSE_UNITS, enrolment),
        allocations=allocations,
        grants=queries.grants_in(session, enrolment.id),
        has_assessor=any(line.duty is Duty.ASSESS for line in today),
        lacks_countersigner=any(line.duty is Duty.ASSESS and line.is_trainee for line in today)
        and not any(line.duty is Duty.COUNTERSIGN for line in today),
        may_allocate=may_allocate,
        allocating=allocating,
        granting=granting,
        is_own=enrolment.learner_id == actor().person_id,
    )
    return page, max(status(allocating), status(granting))


def _offer(enrolment: Enrolment, allocating: AllocateForm, granting: GrantForm) -> None:
    session, centre_id = database_session(), enrolment.centre_id
    staff = accounts.people_with(session, centre_id, Role.ASSESSOR, Role.IQA, Role.EQA)
    inside = [row for row in staff if row.role is not Role.EQA and row.person_id != enrolment.learner_id]
    allocating.person.choices = {"": "Choose somebody", **_people(inside, with_roles=True)}
    granting.person.choices = {"": "Choose somebody", **_people([row for row in staff if row.role is Role.EQA])}


@blueprint.post("/enrolments/<int:enrolment_id>/allocate")
@load(Enrolment, Permission.ENROLMENT_ALLOCATE)
def allocate(enrolment: Enrolment) -> ResponseReturnValue:
    """Somebody has a duty towards the learner from today."""
    form, other = AllocateForm(prefix="allocate"), GrantForm(None, prefix="grant")
    _offer(enrolment, form, other)
    if form.validate_on_submit():
        try:
            person = _person(form.person.data)
            actions.allocate(database_session(), actor(), enrolment, person=person, duty=Duty(form.duty.data))
            commit()
            flash(f"{person.name} is allocated from today.", "met")
            return _back(enrolment)
        except Rejected as refused:
            refuse(form, refused)
    return _page(enrolment, form, other)


@blueprint.post("/enrolments/<int:enrolment_id>/allocations/<int:allocation_id>/end")
@load(Enrolment, Permission.ENROLMENT_ALLOCATE)
def end_allocation(enrolment: Enrolment, allocation_id: int) -> ResponseReturnValue:
    """A duty ends today."""
    actions.end_allocation(database_session(), actor(), enrolment, allocation_id)
    commit()
    flash("The allocation ends today. What was decided stays.", "met")
    return _back(enrolment)


@blueprint.post("/enrolments/<int:enrolment_id>/grant")
@load(Enrolment, Permission.ENROLMENT_ALLOCATE)
def grant(enrolment: Enrolment) -> ResponseReturnValue:
    """An external quality assurer may look, up to and including a day."""
    other, form = AllocateForm(None, prefix="allocate"), GrantForm(prefix="grant")
    _offer(enrolment, other, form)
    if form.validate_on_submit():
        try:
            person = _person(form.person.data)
            actions.grant(database_session(), actor(), enrolment, person=person, until=form.until.data or clock.today())
            commit()
            flash(f"{person.name} may see this portfolio until that day.", "met")
            return _back(enrolment)
        except Rejected as refused:
            refuse(form, refused)
    return _page(enrolment, other, form)


def _people(members: list[MemberRow], *, with_roles: bool = False) -> dict[str, str]:
    """A line for each person, to choose from: the name, what tells two of the same name apart, the roles."""
    words: dict[int, list[str]] = {}
    for row in members:
        line = words.setdefault(row.person_id, [row.name, row.email])
        if with_roles or (row.role is Role.ASSESSOR and not row.is_qualified):
            line.append(row.role_word)
    return {str(person_id): ", ".join(line) for person_id, line in words.items()}


def _person(person_id: int) -> Person:
    person = accounts.person_in(database_session(), actor().centre_id, person_id)
    if person is None:
        raise NotFound(MISSING)
    return person


def _back(enrolment: Enrolment) -> ResponseReturnValue:
    return redirect(url_for("enrolment.show", enrolment_id=enrolment.id), 303)
