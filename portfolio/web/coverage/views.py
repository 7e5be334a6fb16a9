"""The coverage audit: the learners that a person may see, against the criteria of one unit."""

from collections.abc import Sequence

from flask import Blueprint, render_template, request, url_for

from portfolio.assessment import coverage_queries
from portfolio.assessment.coverage_queries import Filters, UnitChoice
from portfolio.mapping.coverage import State
from portfolio.policy.checks import visible
from portfolio.policy.permissions import Permission
from portfolio.web.access import requires
from portfolio.web.coverage.heat import heat
from portfolio.web.forms import one_line
from portfolio.web.session import actor, database_session

blueprint = Blueprint("coverage", __name__)

LEARNERS, NAME_MOST = 50, 100
STATE_CHOICES = {
    State.GAP: "With gaps",
    State.CLAIMED: "With claims to be marked",
    State.MORE: "With criteria that need more",
    State.MET: "With criteria met",
}


@blueprint.get("/coverage")
@requires(Permission.CENTRE_SEE_COVERAGE)
def show() -> str:
    """One unit, learners by criteria; the filters are in the address."""
    session, within = database_session(), visible(actor(), Permission.ENROLMENT_SEE)
    units = coverage_queries.units_in(session, within)
    if not units:
        return render_template("coverage/show.html", unit=None)
    assessors = coverage_queries.assessors_in(session, within)
    unit, filters = _asked(units, assessors)
    audit = coverage_queries.audit(
        session,
        within,
        filters,
        limit=LEARNERS,
        after=request.args.get("after", type=int),
        before=request.args.get("before", type=int),
    )
    is_before, is_after = audit.has_previous and bool(audit.rows), audit.has_next and bool(audit.rows)
    return render_template(
        "coverage/show.html",
        unit=unit,
        units=units,
        assessors=assessors,
        states=STATE_CHOICES,
        filters=filters,
        audit=audit,
        heat=heat(audit.columns, audit.rows),
        chosen=_chosen(filters, assessors),
        clear_url=_address(Filters(filters.unit_code)),
        previous_url=_address(filters, before=audit.rows[0].enrolment_id) if is_before else None,
        next_url=_address(filters, after=audit.rows[-1].enrolment_id) if is_after else None,
    )


def _asked(units: Sequence[UnitChoice], assessors: Sequence[tuple[int, str]]) -> tuple[UnitChoice, Filters]:
    """What the address asks for; whatever it names that is not there counts as not asked."""
    asked = request.args.get
    unit = next((unit for unit in units if unit.code == asked("unit")), units[0])
    assessor_id = next((id_ for id_, _name in assessors if str(id_) == asked("assessor")), None)
    state = next((state for state in STATE_CHOICES if state.value == asked("state")), None)
    return unit, Filters(unit.code, assessor_id, state, (one_line(asked("q")) or "")[:NAME_MOST])


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
        chosen.append((STATE_CHOICES[state], _address(Filters(unit, assessor_id, None, name))))
    if name:
        chosen.append((f"Name has “{name}”", _address(Filters(unit, assessor_id, state))))
    return chosen
