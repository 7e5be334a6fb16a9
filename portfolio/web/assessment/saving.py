"""Keeping what an assessor notes: as it is typed, by a script or a button, or together with its release.

Whatever is refused comes back: on the page as it was typed, to a script with what is saved beside what was sent.
"""

from collections.abc import Mapping
from typing import Any

from flask import flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portfolio.accounts.actors import Actor
from portfolio.assessment import marking
from portfolio.assessment.item_view import ItemView, ReviewView
from portfolio.assessment.models import ItemReview, SubmissionItem
from portfolio.assessment.rules import ItemState, faults_in, too_long_in, undecided_in
from portfolio.errors import Conflict, InvalidState, Rejected
from portfolio.policy.checks import require
from portfolio.policy.permissions import Permission
from portfolio.web.access import load
from portfolio.web.assessment.blueprint import blueprint
from portfolio.web.assessment.desk import (
    TO_JUDGE,
    Refused,
    asks_of,
    desk_at,
    gone_on,
    onwards,
    others_at,
    page,
    queue_beside,
    released_words,
    when,
)
from portfolio.web.assessment.forms import Sheet, sheet_in
from portfolio.web.assessment.pointing import feedback_notes
from portfolio.web.forms import CONFLICT, UNPROCESSABLE
from portfolio.web.session import actor, commit, database_session, installation, is_for_script
from portfolio.web.terms import told, worded


@blueprint.post("/marking/<int:submission_item_id>")
@load(SubmissionItem, Permission.ITEM_SEE)
def save(item: SubmissionItem) -> ResponseReturnValue:
    """Keep what was noted, finished or not; with `then`, release or countersign it too."""
    session, asker = database_session(), actor()
    require(asker, TO_JUDGE[item.state], item)
    codes = marking.names_of(marking.claims_on(session, item))
    sheet, then = sheet_in(request.form, list(codes)), request.form.get("then", "")
    refused = Refused(UNPROCESSABLE, _faults(sheet, codes, then))
    if not refused.faults:
        try:
            return _keep(item, sheet, codes, then)
        except Rejected as fault:
            refused = Refused(UNPROCESSABLE, [fault])
        except (Conflict, InvalidState) as why:
            refused = Refused(CONFLICT, sentence=told(why))
        session.rollback()
    return _refuse(item, sheet, refused)


def _faults(sheet: Sheet, codes: dict[int, str], then: str) -> list[Rejected]:
    marks = list(sheet.marks.values())
    faults = too_long_in(sheet.feedback, marks, codes)
    return [*faults, *faults_in(sheet.varc, marks, codes), *undecided_in(marks, codes)] if then else faults


def _keep(item: SubmissionItem, sheet: Sheet, codes: dict[int, str], then: str) -> ResponseReturnValue:
    session, asker = database_session(), actor()
    state = ItemState.COUNTERSIGN if item.state is ItemState.COUNTERSIGN else ItemState.WAITING
    beside = queue_beside(item.id, state) if then else None
    marks = list(sheet.marks.values())
    review = marking.save_review(
        session, asker, item, varc=sheet.varc, marks=marks, feedback=sheet.feedback, rev=sheet.rev
    )
    if then == "release":
        marking.release(session, asker, item)
    elif then == "countersign":
        marking.countersign(session, asker, item)
    said = released_words(asker, item) if then else _saved_words(asker, item)
    enrolment_id = item.submission.enrolment_id
    commit()
    if beside is not None:
        return gone_on(said, onwards(beside))
    if is_for_script():
        with installation().database.reading() as database:
            points = feedback_notes(database, enrolment_id, sheet)
        return jsonify(_standing(review, sheet, codes) | {"points": points})
    flash(said, "met")
    return redirect(url_for("assessment.mark", submission_item_id=item.id), 303)


def _saved_words(asker: Actor, item: SubmissionItem) -> str:
    if item.state is ItemState.COUNTERSIGN:
        return worded("Saved. The {learner} sees nothing of it until you countersign.")
    if asker.is_trainee:
        return worded("Saved. Hand it over when you are done; the {learner} sees it after its countersignature.")
    return worded("Saved. The {learner} sees nothing of it until you release it.")


def _standing(review: ItemReview, sheet: Sheet, codes: dict[int, str]) -> dict[str, Any]:
    """What a script is told of what it has saved: how far it is, and what a release would still ask for."""
    undecided = [codes[claim_id] for claim_id, mark in sheet.marks.items() if mark.outcome is None]
    return {
        "rev": review.rev,
        "saved": when(review.saved_at),
        "decided": sheet.decided,
        "total": len(codes),
        "undecided": undecided,
        "asks": asks_of(sheet, codes),
    }


def _refuse(item: SubmissionItem, sheet: Sheet, refused: Refused) -> ResponseReturnValue:
    desk = desk_at(item)
    if not is_for_script():
        return page(desk, sheet, refused)
    if refused.faults:
        return jsonify(faults={fault.field or "": told(fault) for fault in refused.faults}), refused.status
    return jsonify(message=refused.sentence, saved=_saved(desk.view), sent=sheet.fields), refused.status


def _saved(view: ItemView) -> Mapping[str, Any] | None:
    """What stands now: what was released, or is handed over for countersignature, or else my own review."""
    own = view.review_by(actor().person_id)
    review = view.released or (view.handed_over if own is None or own.released_at else own)
    return None if review is None else _told(review)


def _told(review: ReviewView) -> dict[str, Any]:
    sheet = Sheet(review.varc, review.feedback, review.marks, review.rev)
    return {
        "by": review.assessor,
        "when": when(review.released_at or review.saved_at),
        "is_final": review.released_at is not None,
        "rev": review.rev,
        "fields": sheet.fields,
    }


@blueprint.post("/marking/<int:submission_item_id>/here")
@load(SubmissionItem, Permission.ITEM_SEE)
def here(item: SubmissionItem) -> ResponseReturnValue:
    """I have the item open to mark it; answers who else is at work on it."""
    session, asker = database_session(), actor()
    require(asker, TO_JUDGE[item.state], item)
    marking.be_here(session, asker, item)
    commit()
    reviews = [review for review in item.reviews if review.assessor_id != asker.person_id]
    return jsonify(others=others_at(item.id, [one.assessor.name for one in reviews if one.released_at is None]))
