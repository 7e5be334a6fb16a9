"""The first page: a learner's portfolio, or the page of whatever else somebody is here for."""

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portfolio import clock
from portfolio.accounts.rules import Role
from portfolio.assessment.learner_queries import EnrolmentRow, own_enrolments, people_beside, portfolio_of
from portfolio.assessment.sign_off_queries import signed_among
from portfolio.drafts.queries import begun
from portfolio.enrolment.rules import Duty
from portfolio.evidence.rules import place_of_writing
from portfolio.policy.checks import visible
from portfolio.policy.permissions import Permission
from portfolio.web.access import public, signed_in
from portfolio.web.home.page import (
    feedback_of,
    gaps_by_unit,
    has_units,
    next_of,
    stand_of,
    tasks_of,
    unit_lines,
    waiting_in,
)
from portfolio.web.session import actor, database_session

blueprint = Blueprint("home", __name__)

WORKPLACES = (
    (Role.ASSESSOR, "assessment.queue"),
    (Role.ADMINISTRATOR, "enrolment.index"),
    (Role.IQA, "coverage.show"),
    (Role.EQA, "coverage.show"),
)
"""Where each kind of staff begins, in the order in which one person's roles are asked."""


@blueprint.get("/")
@public
def show() -> ResponseReturnValue:
    """To sign in, to one's work, or one's own portfolio."""
    if g.actor is None:
        return redirect(url_for("accounts.sign_in"), 303)
    workplace = next((endpoint for role, endpoint in WORKPLACES if role in g.actor.roles), None)
    return redirect(url_for(workplace), 303) if workplace else _portfolio()


@blueprint.get("/portfolio")
@signed_in
def portfolio() -> ResponseReturnValue:
    """One's own portfolio, also for a learner who has other roles besides."""
    return _portfolio()


def _portfolio() -> ResponseReturnValue:
    database = database_session()
    enrolments = own_enrolments(database, within=visible(actor(), Permission.ENROLMENT_ADD_EVIDENCE))
    if not enrolments:
        return render_template("home/not_enrolled.html")
    asked = request.args.get("enrolment", type=int) if request.query_string else None
    chosen = next((row for row in enrolments if row.id == asked), enrolments[0])
    seen = portfolio_of(database, chosen.id, actor().person_id)
    people = people_beside(database, chosen.id)
    waiting, recorded = waiting_in(seen)
    tasks = tasks_of(seen, chosen.id)
    complete = [unit.enrolment_unit_id for unit in seen.units if 0 < unit.tally.met == unit.tally.total]
    return render_template(
        "home/show.html",
        enrolment=chosen,
        others=[row for row in enrolments if row.id != chosen.id],
        day_no=_day_no(chosen),
        seen=seen,
        stand=stand_of(seen, waiting),
        feedback=feedback_of(seen),
        evidence_url=f"/enrolments/{chosen.id}/evidence",
        writing=begun(database, actor().person_id, place_of_writing(chosen.id)) if chosen.is_active else None,
        drafts=sum(1 for item in seen.items if item.is_draft),
        first=next_of(seen, tasks, chosen.id),
        tasks=tasks,
        units=unit_lines(seen, chosen.id),
        has_units=has_units(seen),
        signed=signed_among(database, complete) if complete else {},
        gaps=gaps_by_unit(seen, chosen.id) if chosen.is_active else [],
        waiting=waiting,
        recorded=recorded,
        assessors=people[Duty.ASSESS],
        countersigners=people[Duty.COUNTERSIGN],
    )


def _day_no(row: EnrolmentRow) -> str:
    """How far the planned time has run, in words."""
    today = clock.today()
    if row.due_on is None or not row.started_on <= today <= row.due_on:
        return ""
    return f"Day {(today - row.started_on).days + 1} of {(row.due_on - row.started_on).days + 1}"
