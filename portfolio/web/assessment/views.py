"""The assessor's path: the queue, one item with its evidence and criteria, release and countersignature."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.assessment import marking, marking_queries, queue_queries
from portfolio.assessment.breach_queries import amended_lately
from portfolio.assessment.item_view import ItemView, ReviewView
from portfolio.assessment.models import SubmissionItem
from portfolio.assessment.queue_queries import Beside
from portfolio.assessment.rules import ItemState, Mark, SubmissionState, faults_in, undecided_in
from portfolio.criteria.rules import METHOD_WORDS
from portfolio.errors import Conflict, InvalidState, Rejected
from portfolio.evidence.breach_queries import amendments_of, hidden_in
from portfolio.policy.checks import can, require, visible
from portfolio.policy.permissions import Permission
from portfolio.web.access import load, requires
from portfolio.web.assessment.forms import ReviewForm, marks_in
from portfolio.web.forms import UNPROCESSABLE
from portfolio.web.previews import shown
from portfolio.web.session import actor, commit, database_session

blueprint = Blueprint("assessment", __name__)

ROWS, RELEASED_ROWS, CONFLICT = 30, 10, 409
TO_JUDGE = {
    ItemState.WAITING: Permission.ITEM_MARK,
    ItemState.COUNTERSIGN: Permission.ITEM_COUNTERSIGN,
    ItemState.RELEASED: Permission.ITEM_MARK,
}


class Turn(StrEnum):
    """What the person asking may do with an item now."""

    START = "start"
    MARK = "mark"
    COUNTERSIGN = "countersign"
    READ = "read"


def _turn(asker: Actor, item: SubmissionItem, view: ItemView) -> Turn:
    if item.state is ItemState.WAITING and can(asker, Permission.ITEM_MARK, item):
        return Turn.MARK if view.is_opened else Turn.START
    handed_over = view.handed_over
    is_anothers = handed_over is not None and handed_over.assessor_id != asker.person_id
    if item.state is ItemState.COUNTERSIGN and is_anothers and can(asker, Permission.ITEM_COUNTERSIGN, item):
        return Turn.COUNTERSIGN
    return Turn.READ


@blueprint.get("/marking")
@requires(Permission.CENTRE_MARK)
def queue() -> str:
    """What waits for me, oldest first; what I may countersign; what I have released."""
    session, asker = database_session(), actor()
    to_mark, to_see = visible(asker, Permission.ITEM_MARK), visible(asker, Permission.ITEM_SEE)
    after, before = request.args.get("after", type=int), request.args.get("before", type=int)
    waiting = queue_queries.waiting(
        session, asker, to_mark, state=ItemState.WAITING, limit=ROWS, after=after, before=before
    )
    to_countersign = visible(asker, Permission.ITEM_COUNTERSIGN)
    countersigning = queue_queries.waiting(session, asker, to_countersign, state=ItemState.COUNTERSIGN, limit=ROWS)
    seen = visible(asker, Permission.EVIDENCE_SEE)
    return render_template(
        "assessment/queue.html",
        waiting=waiting,
        countersigning=countersigning,
        handed_over=queue_queries.released(session, asker, to_see, state=ItemState.COUNTERSIGN, limit=RELEASED_ROWS),
        released=queue_queries.released(session, asker, to_see, state=ItemState.RELEASED, limit=RELEASED_ROWS),
        hidden=hidden_in(session, visible(asker, Permission.ENROLMENT_ADD_RECORD), asker.person_id),
        amended=amended_lately(session, asker, seen=seen, to_mark=to_mark, to_countersign=to_countersign),
        base=url_for("assessment.queue"),
        previous_url=url_for("assessment.queue", before=waiting.rows[0].item_id)
        if waiting.has_previous and waiting.rows
        else None,
        next_url=url_for("assessment.queue", after=waiting.rows[-1].item_id)
        if waiting.has_next and waiting.rows
        else None,
    )


@blueprint.get("/marking/<int:submission_item_id>")
@load(SubmissionItem, Permission.ITEM_SEE)
def mark(item: SubmissionItem) -> ResponseReturnValue:
    """One item: the queue, the evidence, and the criteria with what I have noted."""
    view, asker = marking_queries.item_view(database_session(), item.id), actor()
    noted = _noted(view, asker, _turn(asker, item, view))
    form = ReviewForm(formdata=None)
    if noted is not None:
        form.show(noted.varc, noted.feedback)
    return _page(item, view, form, noted.marks if noted else {})


def _noted(view: ItemView, asker: Actor, turn: Turn) -> ReviewView | None:
    """My own review; to begin with, when I countersign, the trainee's."""
    own = view.review_by(asker.person_id)
    return own or (view.handed_over if turn is Turn.COUNTERSIGN else None)


def _page(
    item: SubmissionItem,
    view: ItemView,
    form: ReviewForm,
    marks: Mapping[int, Mark],
    *,
    rev: int | None = None,
    faults: Sequence[Rejected] = (),
    sentence: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    """The page; `rev` is the review's that the person has seen, None for the one that is shown now."""
    session, asker = database_session(), actor()
    turn = _turn(asker, item, view)
    own = view.review_by(asker.person_id)
    now = own.rev if own else 0
    page = render_template(
        "assessment/mark.html",
        view=view,
        turn=turn.value,
        own=own,
        saved_when=_when(own.saved_at) if own else "",
        form=form,
        marks=marks,
        rev=now if rev is None else rev,
        faults=[(fault.field, fault.message) for fault in faults],
        messages={fault.field: fault.message for fault in faults},
        sentence=sentence,
        files=shown([(file.file_id, file) for file in view.files], top=5) if turn is not Turn.START else [],
        new_files={file.file_id: "new in this version" for file in view.files if view.previous_no and file.is_new},
        beside=_beside(item, turn),
        amendments=amendments_of(session, view.enrolment_id, version_id=item.evidence_version_id)
        if item.version.amended
        else [],
        countersigners=queue_queries.countersigners(session, [view.enrolment_id]).get(view.enrolment_id, ())
        if asker.is_trainee or view.state is ItemState.COUNTERSIGN
        else (),
        base=url_for("assessment.queue"),
        METHODS=METHOD_WORDS,
    )
    return page, status


def _when(at: datetime) -> str:
    """The time of day, or the day when that is over."""
    there = at.astimezone(clock.UK)
    return f"{there:%H:%M}" if there.date() == clock.today() else f"{there.day} {there:%B}"


def _beside(item: SubmissionItem, turn: Turn) -> Beside:
    session, asker = database_session(), actor()
    state = ItemState.COUNTERSIGN if turn is Turn.COUNTERSIGN else ItemState.WAITING
    return queue_queries.beside(session, asker, visible(asker, TO_JUDGE[state]), item.id, state=state)


@blueprint.post("/marking/<int:submission_item_id>")
@load(SubmissionItem, Permission.ITEM_SEE)
def save(item: SubmissionItem) -> ResponseReturnValue:
    """Keep what was noted; with `then`, release or countersign it too. Whatever fails, nothing typed is lost."""
    session, asker = database_session(), actor()
    require(asker, TO_JUDGE[item.state], item)
    claims = marking.claims_on(session, item)
    codes = {claim.id: claim.criterion.code for claim in claims}
    form, then = ReviewForm(), request.form.get("then", "")
    marks, rev = marks_in(request.form, list(codes)), request.form.get("rev", 0, type=int)
    faults = [*faults_in(form.varc, marks, codes), *(undecided_in(marks, codes) if then else ())]
    if not form.validate():
        faults += [Rejected(error, field.name) for field in form for error in field.errors]
    sentence, status = "", UNPROCESSABLE
    if not faults:
        try:
            return _keep(item, form, marks, then, rev)
        except Rejected as refused:
            faults = [refused]
        except (Conflict, InvalidState) as refused:
            sentence, status = refused.message, CONFLICT
        session.rollback()
    view = marking_queries.item_view(session, item.id)
    typed = {mark.claim_id: mark for mark in marks}
    seen = None if status == CONFLICT else rev
    return _page(item, view, form, typed, rev=seen, faults=faults, sentence=sentence, status=status)


def _keep(item: SubmissionItem, form: ReviewForm, marks: Sequence[Mark], then: str, rev: int) -> ResponseReturnValue:
    session, asker = database_session(), actor()
    beside = _beside(item, Turn.COUNTERSIGN if item.state is ItemState.COUNTERSIGN else Turn.MARK) if then else None
    marking.save_review(session, asker, item, varc=form.varc, marks=marks, feedback=form.feedback.data or "", rev=rev)
    if then == "release":
        marking.release(session, asker, item)
    elif then == "countersign":
        marking.countersign(session, asker, item)
    said = _released(asker, item) if then else _saved(asker, item)
    commit()
    flash(said, "met")
    if beside is not None:
        return _onwards(beside)
    return redirect(url_for("assessment.mark", submission_item_id=item.id), 303)


def _saved(asker: Actor, item: SubmissionItem) -> str:
    if item.state is ItemState.COUNTERSIGN:
        return "Saved. The learner sees nothing of it until you countersign."
    if asker.is_trainee:
        return "Saved. Hand it over when you are done; the learner sees it after its countersignature."
    return "Saved. The learner sees nothing of it until you release it."


def _released(asker: Actor, item: SubmissionItem) -> str:
    ref, learner = item.version.evidence.ref, item.submission.enrolment.learner.name
    if asker.is_trainee:
        return f"{ref} of {learner} awaits countersignature now. The learner sees your decisions after it."
    return f"{ref} is released. {learner} sees your feedback now."


def _onwards(beside: Beside) -> ResponseReturnValue:
    """To the next item that waits; to the queue when none does."""
    following = beside.next_id or beside.previous_id
    if following is None:
        return redirect(url_for("assessment.queue"), 303)
    return redirect(url_for("assessment.mark", submission_item_id=following), 303)


@blueprint.post("/marking/<int:submission_item_id>/open", endpoint="open")
@load(SubmissionItem, Permission.ITEM_MARK)
def start(item: SubmissionItem) -> ResponseReturnValue:
    """Begin with an item; whoever comes second finds it open."""
    if item.submission.state is not SubmissionState.OPENED:
        marking.open_item(database_session(), actor(), item)
        commit()
    return redirect(url_for("assessment.mark", submission_item_id=item.id), 303)


@blueprint.post("/marking/<int:submission_item_id>/release")
@load(SubmissionItem, Permission.ITEM_MARK)
def release(item: SubmissionItem) -> ResponseReturnValue:
    """Release what was saved, from the queue."""
    try:
        marking.release(database_session(), actor(), item)
    except Rejected as refused:
        database_session().rollback()
        flash(refused.message, "risk")
        return redirect(url_for("assessment.mark", submission_item_id=item.id), 303)
    said = _released(actor(), item)
    commit()
    flash(said, "met")
    return redirect(url_for("assessment.queue"), 303)


@blueprint.post("/marking/<int:submission_item_id>/countersign")
@load(SubmissionItem, Permission.ITEM_COUNTERSIGN)
def countersign(item: SubmissionItem) -> ResponseReturnValue:
    """Agree with a trainee's decisions as they stand, or countersign with my own review where I have saved one."""
    beside = _beside(item, Turn.COUNTERSIGN)
    try:
        marking.countersign(database_session(), actor(), item)
    except Rejected as refused:
        database_session().rollback()
        flash(refused.message, "risk")
        return redirect(url_for("assessment.mark", submission_item_id=item.id), 303)
    said = _released(actor(), item)
    commit()
    flash(said, "met")
    return _onwards(beside)
