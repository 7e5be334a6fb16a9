"""The coverage audit: the learners that a person may see, against the criteria of one unit."""

from collections.abc import Sequence

from flask import Blueprint, render_template, request, url_for

from portfolio.assessment import coverage_queries
from portfolio.assessment.coverage_queries import Audit, Filters, UnitChoice
from portfolio.mapping.coverage import STATE_WORDS, State
from portfolio.policy.checks import visible
from portfolio.policy.permissions import Permission
from portfolio.web.access import requires
from portfolio.web.coverage.forms import STATE_CHOICES, AuditFilter
from portfolio.web.session import actor, database_session

blueprint = Blueprint("coverage", __name__)

LEARNERS = 50


@blueprint.get("/coverage")
@requires(Permission.CENTRE_SEE_COVERAGE)
def show() -> str:
    """One unit, learners by criteria; the filters are in the address."""
    session, within = database_session(), visible(actor(), Permission.ENROLMENT_SEE)
    units = coverage_queries.units_in(session, within)
    if not units:
        return render_template("coverage/show.html", unit=None)
    assessors = coverage_queries.assessors_in(session, within)
    form = AuditFilter(request.args)
    unit, filters = _asked(form, units, assessors)
    audit = coverage_queries.audit(
        session,
        within,
        filters,
        limit=LEARNERS,
        after=request.args.get("after", type=int),
        before=request.args.get("before", type=int),
    )
    return render_template(
        "coverage/show.html",
        form=form,
        unit=unit,
        audit=audit,
        chosen=_chosen(filters, assessors),
        clear_url=_address(Filters(filters.unit_code)),
        previous_url=_address(filters, before=audit.rows[0].enrolment_id)
        if audit.has_previous and audit.rows
        else None,
        next_url=_address(filters, after=audit.rows[-1].enrolment_id) if audit.has_next and audit.rows else None,
        links=_links(audit),
        words=STATE_WORDS,
    )


def _asked(
    form: AuditFilter, units: Sequence[UnitChoice], assessors: Sequence[tuple[int, str]]
) -> tuple[UnitChoice, Filters]:
    """What the address asks for; whatever it names that is not there counts as not asked."""
    form.unit.choices = {unit.code: unit.title for unit in units}
    form.assessor.choices = {"": "All assessors"} | {str(id_): name for id_, name in assessors}
    unit = next((unit for unit in units if unit.code == form.unit.data), units[0])
    assessor_id = next((id_ for id_, _name in assessors if str(id_) == form.assessor.data), None)
    state = next((state for state in STATE_CHOICES if state.value == form.state.data), None)
    name = (form.q.data or "")[:100]
    form.unit.data, form.assessor.data, form.state.data = unit.code, str(assessor_id or ""), state or ""
    return unit, Filters(unit.code, assessor_id, state, name)


def _address(filters: Filters, *, after: int | None = None, before: int | None = None) -> str:
    return url_for(
        "coverage.show",
        unit=filters.unit_code,
        assessor=filters.assessor_id,
        state=filters.state,
        q=filters.name or None,
        after=after,
        before=before,
    )


def _chosen(filters: Filters, assessors: Sequence[tuple[int, str]]) -> list[tuple[str, str]]:
    """Each filter in words, with the address that does without it."""
    unit, assessor_id, state, name = filters.unit_code, filters.assessor_id, filters.state, filters.name
    chosen = []
    if assessor_id is not None:
        chosen.append((dict(assessors)[assessor_id], _address(Filters(unit, None, state, name))))
    if state is not None:
        chosen.append((STATE_CHOICES[State(state)], _address(Filters(unit, assessor_id, None, name))))
    if name:
        chosen.append((f"Name has “{name}”", _address(Filters(unit, assessor_id, state))))
    return chosen


def _links(audit: Audit) -> dict[int, str]:
    """The address of each learner's unit, by enrolment."""
    return {
        row.enrolment_id: url_for("units.show", enrolment_id=row.enrolment_id, enrolment_unit_id=row.enrolment_unit_id)
        for row in audit.rows
    }
