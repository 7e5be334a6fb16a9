"""Learners on qualifications: the list for those who may see them, enrolling, and one enrolment in whole."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portfolio import clock
from portfolio.accounts import people_queries
from portfolio.accounts import queries as accounts
from portfolio.accounts.models import Person
from portfolio.accounts.queries import MemberRow
from portfolio.accounts.rules import PersonState, Role
from portfolio.assessment import queries as coverage
from portfolio.centres.models import Centre
from portfolio.criteria import queries as criteria
from portfolio.criteria.combination import check
from portfolio.enrolment import actions, cohort_queries, list_queries, queries
from portfolio.enrolment.list_queries import NOBODY, EnrolmentOrder, Wanted
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.queries import OfferedUnit
from portfolio.enrolment.rules import Duty, EnrolmentState
from portfolio.errors import NotFound, Rejected
from portfolio.policy.checks import can, visible
from portfolio.policy.permissions import Permission
from portfolio.web import paging
from portfolio.web.access import MISSING, load, requires
from portfolio.web.enrolment.forms import AllocateForm, EnrolForm, GrantForm, LearnerFilter, ListFilter, described
from portfolio.web.forms import chosen_id, refuse, status
from portfolio.web.session import actor, commit, database_session
from portfolio.web.terms import term

blueprint = Blueprint("enrolment", __name__)

LEARNERS_MOST = 200
"""How many learners stand in one list to choose from; more are found by their name."""


@blueprint.get("/enrolments")
@requires(Permission.CENTRE_SEE_COVERAGE)
def index() -> str:
    """The learners that I may see, as the filters in the address want them."""
    session, within = database_session(), visible(actor(), Permission.ENROLMENT_SEE)
    form = ListFilter(request.args)
    wanted, asked = wanted_by(form)
    order = EnrolmentOrder(form.sort.data) if form.sort.data in set(EnrolmentOrder) else EnrolmentOrder.NAME
    found = list_queries.rows(session, within, wanted, order=order, offset=paging.offset(), limit=paging.ROWS + 1)
    page = paging.page_of(found, {**asked, "sort": "" if order is EnrolmentOrder.NAME else order})
    return render_template(
        "enrolment/index.html",
        form=form,
        page=page,
        tallies=coverage.tallies(session, [row.id for row in page.rows]),
        is_filtered=not wanted.is_all,
        may_enrol=Role.ADMINISTRATOR in actor().roles,
    )


def wanted_by(form: ListFilter) -> tuple[Wanted, dict[str, str]]:
    """What a filter asks for, and the same for an address. It offers what somebody sees; the rest is not asked."""
    session, within = database_session(), visible(actor(), Permission.ENROLMENT_SEE)
    qualifications = dict(list_queries.qualifications_among(session, within))
    assessors = _by_id(list_queries.assessors_among(session, within))
    cohorts = _by_id(list_queries.cohorts_among(session, within))
    form.qualification.choices = {"": "All qualifications", **qualifications}
    form.assessor.choices = {"": f"All {term('assessors')}", **assessors}
    form.cohort.choices = {"": f"All {term('cohorts')}", **cohorts}
    words = (form.q.data or "")[:100]
    state = EnrolmentState(form.state.data) if form.state.data in set(EnrolmentState) else None
    reference = form.qualification.data if form.qualification.data in qualifications else ""
    assessor = form.assessor.data if form.assessor.data in assessors else ""
    cohort = form.cohort.data if form.cohort.data in cohorts else ""
    wanted = Wanted(words, state, reference, _chosen(assessor), _chosen(cohort))
    return wanted, {
        "q": words, "state": state or "", "qualification": reference, "assessor": assessor, "cohort": cohort
    }  # fmt: skip


NONE = "none"
"""In an address: those who have no assessor, or no cohort."""


def _by_id(rows: list[tuple[int, str]]) -> dict[str, str]:
    return {NONE: "None", **{str(id_): name for id_, name in rows}}


def _chosen(text: str) -> int | None:
    return NOBODY if text == NONE else chosen_id(text)


@blueprint.route("/enrolments/new", methods=["GET", "POST"])
@requires(Permission.CENTRE_MANAGE_PEOPLE)
def new() -> ResponseReturnValue:
    """Enrol a learner, and allocate an assessor at once."""
    session, centre_id = database_session(), actor().centre_id
    finding = LearnerFilter(request.args)
    learners, has_more = _learners(centre_id, (finding.find.data or "")[:100])
    assessors = accounts.people_with(session, centre_id, Role.ASSESSOR)
    offered = {version.id: version for version in criteria.qualifications_in(session, centre_id)}
    form = EnrolForm(learner=request.args.get("learner", type=int))
    form.learner.choices = {"": f"Choose {term('a learner')}", **learners}
    form.qualification.choices = {"": "Choose a qualification"} | {
        str(version.id): described(version, clock.today()) for version in offered.values()
    }
    form.assessor.choices = {"": "Nobody yet", **listed(assessors)}
    open_cohorts = cohort_queries.open_in(session, centre_id)
    form.cohort.choices = {"": "None", **{str(id_): name for id_, name in open_cohorts.items()}}
    if form.validate_on_submit():
        try:
            enrolment = actions.enrol(
                session,
                actor(),
                session.get_one(Centre, centre_id),
                learner=person_named(form.learner.data),
                qualification=offered[form.qualification.data],
                started_on=form.started_on.data or clock.today(),
                due_on=form.due_on.data,
                registration_number=form.registration_number.data or "",
                assessor=person_named(form.assessor.data) if form.assessor.data else None,
                cohort=cohort_queries.cohort_in(session, centre_id, form.cohort.data) if form.cohort.data else None,
            )
            commit()
            flash(f"{enrolment.learner.name} is enrolled.", "met")
            return redirect(url_for("enrolment.show", enrolment_id=enrolment.id), 303)
        except Rejected as refused:
            refuse(form, refused)
    page = render_template(
        "enrolment/new.html",
        form=form,
        finding=finding,
        has_more=has_more or bool(finding.find.data),
        has_learners=bool(learners) or bool(finding.find.data),
        offered=offered,
    )
    return page, status(form)


def _learners(centre_id: int, words: str) -> tuple[dict[str, str], bool]:
    """The first learners by name to choose from, and whether there are more; whoever was chosen is among them."""
    session = database_session()
    found = people_queries.people(session, centre_id, role=Role.LEARNER, search=words, limit=LEARNERS_MOST + 1)
    shown = {
        str(row.id): f"{row.name}, {row.email}"
        for row in found[:LEARNERS_MOST]
        if row.state is not PersonState.DISABLED
    }
    asked = request.form.get("learner") or request.args.get("learner", "")
    person = accounts.person_in(session, centre_id, int(asked)) if asked.isascii() and asked.isdigit() else None
    if person is not None and person.disabled_at is None:
        shown.setdefault(str(person.id), f"{person.name}, {person.email}")
    return shown, len(found) > LEARNERS_MOST


@blueprint.get("/enrolments/<int:enrolment_id>")
@load(Enrolment, Permission.ENROLMENT_SEE)
def show(enrolment: Enrolment) -> ResponseReturnValue:
    """The facts, the units, and who is allocated."""
    return whole_page(enrolment, AllocateForm(prefix="allocate"), GrantForm(prefix="grant"))


def whole_page(enrolment: Enrolment, allocating: AllocateForm, granting: GrantForm) -> ResponseReturnValue:
    """The page of an enrolment, with its two forms as they stand."""
    session = database_session()
    enrolment = queries.whole(session, enrolment.id)
    may_allocate = can(actor(), Permission.ENROLMENT_ALLOCATE, enrolment)
    may_change = can(actor(), Permission.ENROLMENT_CHANGE, enrolment)
    allocations = queries.allocations_in(session, enrolment)
    today = [line for line in allocations if line.is_open and line.has_role]
    rules = queries.rules_of(enrolment)
    taken = [row for row in queries.units_offered(session, enrolment) if row.enrolment_unit_id is not None]
    if may_allocate:
        offer(enrolment, allocating, granting, taken)
    page = render_template(
        "enrolment/show.html",
        enrolment=enrolment,
        units=coverage.coverage_of(session, enrolment.id),
        groups={group.code: group.title for group in rules.groups},
        report=check(rules, [row.choice for row in taken]),
        newer=queries.newer_units(session, enrolment) if enrolment.state is EnrolmentState.ACTIVE else {},
        may_choose=can(actor(), Permission.ENROLMENT_CHOOSE_UNITS, enrolment),
        allocations=allocations,
        grants=queries.grants_in(session, enrolment.id),
        has_assessor=any(line.duty is Duty.ASSESS for line in today),
        only_by_unit=bool(today) and not any(line.duty is Duty.ASSESS and not line.unit_title for line in today),
        lacks_countersigner=any(line.duty is Duty.ASSESS and line.is_trainee for line in today)
        and not any(line.duty is Duty.COUNTERSIGN for line in today),
        may_allocate=may_allocate,
        may_change=may_change,
        reason=queries.reason_for_leaving(session, enrolment) if may_change else "",
        allocating=allocating,
        granting=granting,
        is_own=enrolment.learner_id == actor().person_id,
    )
    return page, max(status(allocating), status(granting))


def offer(enrolment: Enrolment, allocating: AllocateForm, granting: GrantForm, taken: Sequence[OfferedUnit]) -> None:
    """Give the forms of an enrolment what can be chosen in them."""
    staff = accounts.people_with(database_session(), enrolment.centre_id, Role.ASSESSOR, Role.IQA, Role.EQA)
    inside = [row for row in staff if row.role is not Role.EQA and row.person_id != enrolment.learner_id]
    allocating.person.choices = {"": "Choose somebody", **listed(inside, with_roles=True)}
    allocating.unit.choices = {"": f"All {term('units')}"} | {str(row.enrolment_unit_id): row.title for row in taken}
    granting.person.choices = {"": "Choose somebody", **listed([row for row in staff if row.role is Role.EQA])}


def listed(members: list[MemberRow], *, with_roles: bool = False) -> dict[str, str]:
    """A line for each person, to choose from: the name, what tells two of the same name apart, the roles."""
    words: dict[int, list[str]] = {}
    for row in members:
        line = words.setdefault(row.person_id, [row.name, row.email])
        if with_roles or (row.role is Role.ASSESSOR and not row.is_qualified):
            line.append(term(row.role_word))
    return {str(person_id): ", ".join(line) for person_id, line in words.items()}


def person_named(person_id: int) -> Person:
    """Somebody with a role at the centre today; anybody else is not there."""
    person = accounts.person_in(database_session(), actor().centre_id, person_id)
    if person is None:
        raise NotFound(MISSING)
    return person


def back(enrolment: Enrolment) -> ResponseReturnValue:
    """To the page of the enrolment."""
    return redirect(url_for("enrolment.show", enrolment_id=enrolment.id), 303)
