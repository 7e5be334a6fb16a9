"""Handing in, and taking back what nobody has opened."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portfolio.assessment import submitting
from portfolio.assessment.handing_queries import questions_for
from portfolio.assessment.learner_queries import people_beside
from portfolio.assessment.models import Submission, SubmissionItem
from portfolio.assessment.queries import UnitCoverage, coverage_of
from portfolio.assessment.replacing import replaced_by
from portfolio.assessment.self_check import ANSWER_WORDS, Question
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.rules import Duty
from portfolio.errors import Rejected
from portfolio.evidence.queries import ItemRow, items_of
from portfolio.mapping.queries import DraftClaim, draft_claims
from portfolio.policy.permissions import Permission
from portfolio.screening.queries import standings_of
from portfolio.web.access import load
from portfolio.web.forms import CONFLICT, refuse, status
from portfolio.web.pointing import Stand, look_again, stand_of
from portfolio.web.session import actor, commit, database_session
from portfolio.web.submissions.forms import HandInForm, answers_in
from portfolio.web.submissions.rows import Row, rows_of
from portfolio.web.terms import term

blueprint = Blueprint("submissions", __name__)

PERSONAL_DATA, MAPPING, HANDING_IN = 2, 3, 4
"""The steps of the way of an item."""
HANDED_IN = "What you chose has been handed in meanwhile. Look through what is left."


@blueprint.route("/enrolments/<int:enrolment_id>/hand-in", methods=["GET", "POST"])
@load(Enrolment, Permission.ENROLMENT_SUBMIT)
def new(enrolment: Enrolment) -> ResponseReturnValue:
    """Choose among what is ready, answer what assessors often ask, declare, hand in. What the others lack is said."""
    database, me = database_session(), actor().person_id
    claims = draft_claims(database, enrolment.id, me)
    questions = questions_for(database, claims)
    items = items_of(database, enrolment.id, drafts_of=me)
    units = coverage_of(database, enrolment.id)
    titles = {unit.enrolment_unit_id: unit.title for unit in units}
    rows = rows_of(items, claims, questions, titles, _stands(items, claims))
    form, answers = HandInForm(), answers_in(request.form)
    form.items.choices = {str(row.item.evidence_id): f"{row.item.ref} {row.item.title}" for row in rows if row.is_said}
    handed_in = {str(item.evidence_id) for item in items} - {str(row.item.evidence_id) for row in rows}
    is_late = not handed_in.isdisjoint(request.form.getlist("items"))
    if form.validate_on_submit():
        try:
            submission = submitting.submit(
                database,
                actor(),
                enrolment,
                evidence_ids=form.items.data or [],
                declared=form.declared,
                answers=answers,
            )
        except Rejected as refused:
            refuse(form, refused)
            look_again(form.items.data or [])
            rows = rows_of(items, claims, questions, titles, _stands(items, claims))
        else:
            return _handed_in(submission)
    ready = [row for row in rows if row.is_ready]
    asked, ids = request.args.get("item", type=int), [row.item.evidence_id for row in ready]
    if request.method != "POST":
        form.items.data = [asked] if asked in ids else ([] if asked else ids)
    if is_late:
        form.items.errors = [HANDED_IN]
    page = render_template(
        "submissions/new.html",
        form=form,
        enrolment=enrolment,
        ready=ready,
        unready=[row for row in rows if not row.is_ready],
        of_units=_of_units(units, [question for question in questions if not question.item_id], ready),
        answers=answers,
        words=ANSWER_WORDS,
        replaced=replaced_by(units, claims),
        step=_step([row for row in rows if asked in {None, row.item.evidence_id}]),
        asked_stand=next((row.stand for row in rows if row.item.evidence_id == asked), None),
        assessors=people_beside(database, enrolment.id)[Duty.ASSESS],
    )
    return page, CONFLICT if is_late else status(form)


def _stands(items: Sequence[ItemRow], claims: Sequence[DraftClaim]) -> dict[int, Stand]:
    """How each item stands that may go in and was looked through."""
    unsent = {item.evidence_id for item in items if item.is_draft} | {claim.evidence_id for claim in claims}
    found = standings_of(database_session(), list(unsent)) if unsent else {}
    return {id_: stand_of(one, id_) for id_, one in found.items()}


def _step(rows: Sequence[Row]) -> int:
    """How far these items are on their way, by the one that is furthest."""
    if any(row.is_ready for row in rows):
        return HANDING_IN
    return PERSONAL_DATA if any(row.is_said for row in rows) else MAPPING


def _of_units(
    units: Sequence[UnitCoverage], questions: Sequence[Question], ready: Sequence[Row]
) -> list[tuple[str, list[Question]]]:
    """What is asked of everything that goes in for a unit, with the unit's title."""
    asked = [(unit.title, [q for q in questions if q.unit_id == unit.enrolment_unit_id]) for unit in units]
    return [(title, found) for title, found in asked if found and ready]


def _handed_in(submission: Submission) -> ResponseReturnValue:
    refs = " and ".join(_said_of(item) for item in submission.items)
    enrolment_id = submission.enrolment_id
    commit()
    flash(f"Handed in: {refs}. You can take this back until your {term('assessor')} opens it.", "met")
    return redirect(url_for("home.portfolio", enrolment=enrolment_id), 303)


def _said_of(item: SubmissionItem) -> str:
    ref = item.version.evidence.ref
    return f"further criteria of {ref}" if item.is_further else ref


@blueprint.post("/submissions/<int:submission_id>/withdraw")
@load(Submission, Permission.SUBMISSION_WITHDRAW)
def withdraw(submission: Submission) -> ResponseReturnValue:
    """Each item of it becomes a draft again; what was handed in stays on record."""
    enrolment_id = submission.enrolment_id
    submitting.withdraw(database_session(), actor(), submission)
    refs = " and ".join(_said_of(item) for item in submission.items)
    is_further = all(item.is_further for item in submission.items)
    commit()
    can_be = "They can be changed again" if is_further else "It is a draft again, so that you can change it"
    flash(f"Taken back: {refs}. {can_be}.", "info")
    return redirect(url_for("evidence.index", enrolment_id=enrolment_id), 303)
