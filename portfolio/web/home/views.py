"""The first page: a learner's portfolio, or the page of whatever else somebody is here for."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import escape

from portfolio import clock
from portfolio.accounts.rules import Role
from portfolio.assessment.learner_queries import EnrolmentRow, Portfolio, own_enrolments, people_beside, portfolio_of
from portfolio.assessment.sign_off_queries import SignedUnit, signed_among
from portfolio.drafts.queries import begun
from portfolio.enrolment.rules import Duty
from portfolio.evidence.rules import place_of_writing
from portfolio.policy.checks import visible
from portfolio.policy.permissions import Permission
from portfolio.web.access import public, signed_in
from portfolio.web.frames import framed
from portfolio.web.home import lines
from portfolio.web.home.page import (
    Task,
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


def _portfolio() -> str | bytes:
    database = database_session()
    enrolments = own_enrolments(database, within=visible(actor(), Permission.ENROLMENT_ADD_EVIDENCE))
    if not enrolments:
        return render_template("home/not_enrolled.html")
    asked = request.args.get("enrolment", type=int) if request.query_string else None
    chosen = next((row for row in enrolments if row.id == asked), enrolments[0])
    seen = portfolio_of(database, chosen.id, actor().person_id)
    people = people_beside(database, chosen.id)
    evidence_url = f"/enrolments/{chosen.id}/evidence"
    waiting, recorded = waiting_in(seen)
    tasks, gaps = tasks_of(seen, chosen.id), gaps_by_unit(seen, chosen.id) if chosen.is_active else []
    first = next_of(seen, tasks, chosen.id)
    drawn = {
        "stand": escape(stand_of(seen, waiting)),
        "todo": _todo(chosen, tasks, f"{evidence_url}/write"),
        "gaps": lines.gap_lists(gaps, f"{evidence_url}/add-files", is_named=has_units(seen)),
        "recorded": lines.waiting_lines(recorded.items, is_record=True),
        "waiting": lines.waiting_lines(waiting.items, is_record=False),
        "units": lines.unit_items(unit_lines(seen, chosen.id), _signed(seen)),
        "feedback": lines.feedback_notes(feedback_of(seen)),
        **(lines.first_step(first) if first else {}),
    }
    return framed(
        "home/show.html",
        {name: (markup.encode(),) for name, markup in drawn.items() if markup},
        enrolment=chosen,
        others=tuple([row for row in enrolments if row.id != chosen.id]),
        day_no=_day_no(chosen),
        evidence_url=evidence_url,
        items=len(seen.items),
        drafts=sum(1 for item in seen.items if item.is_draft),
        left=len(seen.work.items) - 1 if tasks else 0,
        is_all_told=len(seen.work.items) == len(tasks),
        gap_count=len(seen.work.gaps),
        recorded_count=recorded.count,
        is_more_recorded=recorded.more > 0,
        waiting_count=waiting.count,
        is_more_waiting=waiting.more > 0,
        assessors=tuple(people[Duty.ASSESS]),
        countersigners=tuple(people[Duty.COUNTERSIGN]),
    )


def _todo(chosen: EnrolmentRow, tasks: Sequence[Task], write_url: str) -> str:
    """What there is to do after the first thing; nothing once the enrolment is over."""
    if not chosen.is_active:
        return ""
    writing = begun(database_session(), actor().person_id, place_of_writing(chosen.id))
    return (lines.begun_line(writing, write_url) if writing else "") + lines.task_lines(tasks[1:])


def _signed(seen: Portfolio) -> Mapping[int, SignedUnit]:
    complete = [unit.enrolment_unit_id for unit in seen.units if 0 < unit.tally.met == unit.tally.total]
    return signed_among(database_session(), complete) if complete else {}


def _day_no(row: EnrolmentRow) -> str:
    """How far the planned time has run, in words."""
    today = clock.today()
    if row.due_on is None or not row.started_on <= today <= row.due_on:
        return ""
    return f"Day {(today - row.started_on).days + 1} of {(row.due_on - row.started_on).days + 1}"
