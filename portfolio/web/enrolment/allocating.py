"""Who does what for a learner and on which days, and handing somebody's learners to somebody else."""

from collections.abc import Sequence
from datetime import date
from typing import TypedDict

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portfolio import clock
from portfolio.accounts import queries as accounts
from portfolio.accounts.models import Person
from portfolio.centres.models import Centre
from portfolio.enrolment import actions, list_queries, queries
from portfolio.enrolment.allocating import BATCH_MOST, Handover, change_allocation, handovers, reallocate
from portfolio.enrolment.list_queries import DutyRow
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.queries import AllocationRow
from portfolio.enrolment.rules import Duty, role_for
from portfolio.errors import InvalidState, NotFound, Rejected
from portfolio.policy.permissions import Permission
from portfolio.web.access import MISSING, load, requires
from portfolio.web.enrolment.forms import AllocateForm, DaysForm, GrantForm, HandOverFilter, HandOverForm
from portfolio.web.enrolment.views import back, blueprint, listed, offer, person_named, whole_page
from portfolio.web.forms import refuse, status
from portfolio.web.session import actor, commit, database_session

DO, CHANGE = "do", "change"
"""The buttons under a preview: to do it, and to go back to what was chosen."""


@blueprint.post("/enrolments/<int:enrolment_id>/allocate")
@load(Enrolment, Permission.ENROLMENT_ALLOCATE)
def allocate(enrolment: Enrolment) -> ResponseReturnValue:
    """Somebody has a duty towards the learner, or towards one unit."""
    session = database_session()
    form, other = AllocateForm(prefix="allocate"), GrantForm(None, prefix="grant")
    taken = [row for row in queries.units_offered(session, enrolment) if row.enrolment_unit_id is not None]
    offer(enrolment, form, other, taken)
    if form.validate_on_submit():
        try:
            person = person_named(form.person.data)
            unit = queries.unit_in(session, enrolment.id, form.unit.data) if form.unit.data else None
            since = form.since.data or clock.today()
            actions.allocate(
                session,
                actor(),
                enrolment,
                person=person,
                duty=Duty(form.duty.data),
                since=since,
                until=form.until,
                unit=unit,
            )
            commit()
            flash(f"{person.name} is allocated{' from today' if since == clock.today() else ''}.", "met")
            return back(enrolment)
        except Rejected as refused:
            refuse(form, refused)
    return whole_page(enrolment, form, other)


@blueprint.route("/enrolments/<int:enrolment_id>/allocations/<int:allocation_id>", methods=["GET", "POST"])
@load(Enrolment, Permission.ENROLMENT_ALLOCATE)
def change(enrolment: Enrolment, allocation_id: int) -> ResponseReturnValue:
    """Other days for an allocation that has not ended."""
    line = _allocation(enrolment, allocation_id)
    form = DaysForm(since=line.since, last=line.last)
    if form.validate_on_submit():
        try:
            change_allocation(
                database_session(),
                actor(),
                enrolment,
                allocation_id,
                since=form.since.data or line.since,
                until=form.until,
            )
            commit()
            flash(f"The days of {line.person_name} are changed.", "met")
            return back(enrolment)
        except Rejected as refused:
            refuse(form, refused)
    return render_template("enrolment/allocation.html", enrolment=enrolment, line=line, form=form), status(form)


def _allocation(enrolment: Enrolment, allocation_id: int) -> AllocationRow:
    lines = queries.allocations_in(database_session(), enrolment)
    line = next((line for line in lines if line.id == allocation_id), None)
    if line is None:
        raise NotFound(MISSING)
    if line.is_over:
        raise InvalidState("This allocation has ended already.")
    return line


@blueprint.post("/enrolments/<int:enrolment_id>/allocations/<int:allocation_id>/end")
@load(Enrolment, Permission.ENROLMENT_ALLOCATE)
def end_allocation(enrolment: Enrolment, allocation_id: int) -> ResponseReturnValue:
    """A duty ends today, or never begins."""
    actions.end_allocation(database_session(), actor(), enrolment, allocation_id)
    commit()
    flash("The allocation ends today. What was decided stays.", "met")
    return back(enrolment)


@blueprint.route("/enrolments/hand-over", methods=["GET", "POST"])
@requires(Permission.CENTRE_MANAGE_PEOPLE)
def hand_over() -> ResponseReturnValue:
    """Somebody's learners go to somebody else: chosen, looked at, then done."""
    session, centre_id = database_session(), actor().centre_id
    asking = HandOverFilter(request.values)
    busy = list_queries.allocated_people(session, centre_id)
    asking.source.choices = {"": "Choose somebody", **{str(id_): name for id_, name in busy}}
    source = next((session.get(Person, id_) for id_, _name in busy if str(id_) == asking.source.data), None)
    duty = Duty(asking.duty.data) if asking.duty.data in set(Duty) else Duty.ASSESS
    asking.duty.data = duty.value
    lines = list_queries.duties_of(session, centre_id, source.id, duty=duty, limit=BATCH_MOST) if source else []
    form = HandOverForm(learners=[line.enrolment_id for line in lines])
    _offer_handover(form, lines, source, duty)
    step, preview = request.form.get("step", ""), None
    if source is not None and lines and step != CHANGE and form.validate_on_submit():
        try:
            if step == DO:
                return _handed_over(source, duty, form)
            found = handovers(session, _centre(), **_chosen(source, duty, form))
            preview = sorted(found, key=lambda line: line.learner_name)
        except Rejected as refused:
            refuse(form, refused)
    page = render_template(
        "enrolment/hand_over.html",
        asking=asking,
        source=source,
        duty=duty,
        lines=lines,
        form=form,
        ticked=set(form.learners.data or []),
        preview=preview,
        target=accounts.person_in(session, centre_id, form.target.data) if preview else None,
        is_faulty=any(line.fault for line in preview or ()),
    )
    return page, status(form)


def _offer_handover(form: HandOverForm, lines: Sequence[DutyRow], source: Person | None, duty: Duty) -> None:
    staff = accounts.people_with(database_session(), actor().centre_id, role_for(duty))
    others = [row for row in staff if source is None or row.person_id != source.id]
    form.target.choices = {"": "Choose somebody", **listed(others)}
    form.learners.choices = [(line.enrolment_id, line.learner_name) for line in lines]


class _Chosen(TypedDict):
    source: Person
    target: Person
    since: date
    until: date | None
    duty: Duty
    enrolment_ids: set[int]


def _chosen(source: Person, duty: Duty, form: HandOverForm) -> _Chosen:
    return {
        "source": source,
        "target": person_named(form.target.data),
        "since": form.since.data or clock.today(),
        "until": form.until,
        "duty": duty,
        "enrolment_ids": set(form.learners.data or []),
    }


def _handed_over(source: Person, duty: Duty, form: HandOverForm) -> ResponseReturnValue:
    done: list[Handover] = reallocate(database_session(), actor(), _centre(), **_chosen(source, duty, form))
    commit()
    count = len({line.enrolment_id for line in done})
    name = person_named(form.target.data).name
    flash(f"{name} takes over from {source.name} with {count} {'learner' if count == 1 else 'learners'}.", "met")
    return redirect(url_for("enrolment.index", assessor=form.target.data if duty is Duty.ASSESS else None), 303)


def _centre() -> Centre:
    return database_session().get_one(Centre, actor().centre_id)
