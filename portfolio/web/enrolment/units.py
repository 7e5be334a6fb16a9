"""Which units a learner takes, and moving one of them to newer criteria: first shown, then done."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portfolio.assessment.choosing import Changed, choose_units, move_unit
from portfolio.assessment.moving import consequences, mapped_to
from portfolio.criteria.combination import Report, check
from portfolio.criteria.differences import changes_of_unit
from portfolio.criteria.pack_queries import stored_units
from portfolio.enrolment import queries
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.queries import OfferedUnit
from portfolio.enrolment.rules import EnrolmentState
from portfolio.errors import InvalidState, NotFound, Rejected
from portfolio.policy.permissions import Permission
from portfolio.web.access import MISSING, load
from portfolio.web.enrolment.forms import CHECK, MoveForm, UnitsForm
from portfolio.web.enrolment.views import blueprint
from portfolio.web.forms import refuse, status
from portfolio.web.session import actor, commit, database_session
from portfolio.web.terms import term, worded


@blueprint.route("/enrolments/<int:enrolment_id>/units/choose", methods=["GET", "POST"])
@load(Enrolment, Permission.ENROLMENT_CHOOSE_UNITS)
def units(enrolment: Enrolment) -> ResponseReturnValue:
    """Tick units group by group; what the rules say to it is told before and after it is saved."""
    session = database_session()
    offered = queries.units_offered(session, enrolment)
    form = UnitsForm(units=[unit.unit_version_id for unit in offered if unit.enrolment_unit_id is not None])
    form.units.choices = [(unit.unit_version_id, unit.title) for unit in offered]
    if form.validate_on_submit() and request.form.get("step") != CHECK:
        try:
            changed = choose_units(session, actor(), enrolment, unit_version_ids=form.units.data or [])
            commit()
            flash(*_told(changed, _report(enrolment, queries.units_offered(session, enrolment), form)))
            return redirect(url_for("enrolment.show", enrolment_id=enrolment.id), 303)
        except Rejected as refused:
            refuse(form, refused)
    taken = [unit.enrolment_unit_id for unit in offered if unit.enrolment_unit_id is not None]
    rules, report = queries.rules_of(enrolment), _report(enrolment, offered, form)
    page = render_template(
        "enrolment/units.html",
        enrolment=enrolment,
        form=form,
        ticked=set(form.units.data or []),
        groups=[
            (group, line, [unit for unit in offered if unit.group_code == group.code])
            for group, line in zip(rules.groups, report.groups, strict=True)
        ],
        report=report,
        mapped=mapped_to(session, taken),
        is_over=enrolment.state is not EnrolmentState.ACTIVE,
    )
    return page, status(form)


def _report(enrolment: Enrolment, offered: list[OfferedUnit], form: UnitsForm) -> Report:
    ticked = set(form.units.data or [])
    return check(queries.rules_of(enrolment), [unit.choice for unit in offered if unit.unit_version_id in ticked])


def _told(changed: Changed, report: Report) -> tuple[str, str]:
    """What was saved, and how the choice stands."""
    counts = ((len(changed.added), "taken up"), (len(changed.removed), "dropped"))
    did = " and ".join(f"{count} {term('unit' if count == 1 else 'units')} {word}" for count, word in counts if count)
    said = f"{did or worded('No {unit} was changed')}."
    if report.shortfalls:
        return f"{said} {worded('. '.join(report.shortfalls))}.", "more"
    return f"{said} {worded(report.sentence)}." if report.is_known else said, "met"


@blueprint.route("/enrolments/<int:enrolment_id>/units/<int:enrolment_unit_id>/move", methods=["GET", "POST"])
@load(Enrolment, Permission.ENROLMENT_CHOOSE_UNITS)
def move(enrolment: Enrolment, enrolment_unit_id: int) -> ResponseReturnValue:
    """What the newer criteria change, word for word and for what was handed in; then move the unit to them."""
    session = database_session()
    unit = queries.unit_in(session, enrolment.id, enrolment_unit_id)
    if unit is None:
        raise NotFound(MISSING)
    to = queries.newer_units(session, queries.whole(session, enrolment.id)).get(unit.id)
    form = MoveForm(to=to.id if to else None)
    if form.validate_on_submit():
        if to is None:
            raise InvalidState("This {unit} is on its newest criteria already.")
        if form.to.data != str(to.id):
            raise InvalidState("Newer criteria were loaded meanwhile. Look at what they change first.")
        move_unit(session, actor(), unit, to=to)
        commit()
        flash(f"{to.title} is on its newer criteria.", "met")
        return redirect(url_for("enrolment.show", enrolment_id=enrolment.id), 303)
    stored = stored_units(session, [unit.unit, to]) if to else {}
    return render_template(
        "enrolment/move.html",
        enrolment=enrolment,
        unit=unit.unit,
        to=to,
        form=form,
        changes=changes_of_unit(stored[unit.unit.id], stored[to.id]) if to else None,
        found=consequences(session, unit, stored[to.id].wording) if to else None,
        is_over=enrolment.state is not EnrolmentState.ACTIVE,
    )
