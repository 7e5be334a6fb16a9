"""The assessor's queue, and what is done with an item without changing what was noted: begin, release, countersign."""

from collections.abc import Sequence

from flask import flash, get_template_attribute, redirect, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import escape

from portfolio.assessment import marking, marking_queries, queue_queries, released_queries
from portfolio.assessment.breach_queries import amended_lately
from portfolio.assessment.models import SubmissionItem
from portfolio.assessment.queue_queries import QueueRow, Slice
from portfolio.assessment.ready_queries import ReadyUnit, ready_among
from portfolio.assessment.rules import ItemState, SubmissionState, in_words
from portfolio.errors import DomainError, Rejected
from portfolio.evidence.breach_queries import hidden_in
from portfolio.policy.checks import visible, visible_joined
from portfolio.policy.permissions import Permission
from portfolio.web.access import load, require_again, requires
from portfolio.web.assessment.blueprint import blueprint
from portfolio.web.assessment.desk import gone_on, onwards, queue_beside, released_words
from portfolio.web.assessment.lists import (
    QUEUE_URL,
    countersigning_rows,
    first_of,
    released_rows,
    stand_of,
    waiting_rows,
)
from portfolio.web.frames import framed
from portfolio.web.paging import edges
from portfolio.web.session import actor, attempt, commit, database_session
from portfolio.web.terms import told

ROWS, RELEASED_ROWS = 30, 10


@blueprint.get(QUEUE_URL)
@requires(Permission.CENTRE_MARK)
def queue() -> bytes:
    """What waits for me, oldest first; what I may countersign; what I have released."""
    session, asker = database_session(), actor()
    to_mark, to_countersign, to_see = [
        visible_joined(asker, which)
        for which in (Permission.ITEM_MARK, Permission.ITEM_COUNTERSIGN, Permission.ITEM_SEE)
    ]
    after, before = edges()
    waiting = queue_queries.waiting(
        session, asker, to_mark, state=ItemState.WAITING, limit=ROWS, after=after, before=before
    )
    countersigning = queue_queries.waiting(session, asker, to_countersign, state=ItemState.COUNTERSIGN, limit=ROWS)
    ready = ready_among(session, visible_joined(asker, Permission.ENROLMENT_UNIT_SIGN_OFF))
    seen, complete = visible(asker, Permission.EVIDENCE_SEE), [row for row in waiting.rows if row.is_ready]
    verb = "Hand over" if asker.is_trainee else "Release"
    over, done = [
        released_queries.released(session, asker, to_see, state=state, limit=RELEASED_ROWS)
        for state in (ItemState.COUNTERSIGN, ItemState.RELEASED)
    ]
    gaps = {
        "stand": escape(stand_of(waiting, countersigning)),
        "waiting_rows": waiting_rows(waiting.rows, _ends(complete, verb)),
        "countersigning_rows": countersigning_rows(countersigning.rows),
        "handed_over_rows": released_rows(over, "Handed over", awaits=True),
        "released_rows": released_rows(done, "Released", awaits=False),
        **_turnings(waiting),
        **_first(waiting, countersigning, ready),
    }
    return framed(
        "assessment/queue.html",
        {name: (markup.encode(),) for name, markup in gaps.items() if markup},
        hidden=tuple(hidden_in(session, visible(asker, Permission.ENROLMENT_ADD_RECORD), asker.person_id)),
        amended=tuple(amended_lately(session, asker, seen=seen, to_mark=to_mark, to_countersign=to_countersign)),
        ready=tuple(ready),
        is_any=waiting.total > 0,
        complete=len(complete),
        verb=verb,
        more=countersigning.total - len(countersigning.rows),
    )


def _ends(complete: Sequence[QueueRow], verb: str) -> dict[int, str]:
    """What may be sent from the rows that only wait for their release, by item."""
    if not complete:
        return {}
    ready_end = get_template_attribute("assessment/_lists.html", "ready_end")
    return {row.item_id: ready_end(row, QUEUE_URL, verb, len(complete) > 1) for row in complete}


def _turnings(waiting: Slice) -> dict[str, str]:
    """The ways to the pages of the queue beside this one, where there are any."""
    rows = waiting.rows
    return {
        "previous_url": f"{QUEUE_URL}?before={rows[0].item_id}" if waiting.has_previous and rows else "",
        "next_url": f"{QUEUE_URL}?after={rows[-1].item_id}" if waiting.has_next and rows else "",
    }


def _first(waiting: Slice, countersigning: Slice, ready: Sequence[ReadyUnit]) -> dict[str, str]:
    """The one thing to do now, on the first page of the queue."""
    if waiting.has_previous and waiting.rows:
        return {}
    first = first_of([*waiting.rows, *countersigning.rows], ready)
    if first is None:
        return {}
    return {"first_why": escape(first.why), "first_url": first.url, "first_label": escape(first.label)}


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
        flash(told(refused), "risk")
        return redirect(url_for("assessment.mark", submission_item_id=item.id), 303)
    said = released_words(actor(), item)
    commit()
    flash(said, "met")
    return redirect(url_for("assessment.queue"), 303)


@blueprint.post("/marking/release-together")
@requires(Permission.CENTRE_MARK)
def release_together() -> ResponseReturnValue:
    """Release what was ticked in the queue, each by itself: what is refused meanwhile is named, the others go on."""
    session, asker = database_session(), actor()
    chosen = request.form.getlist("item", type=int)[:ROWS]
    done, refused = [], []
    for item in marking_queries.items_in(session, visible(asker, Permission.ITEM_MARK), chosen):
        name = f"{item.version.evidence.ref} of {item.submission.enrolment.learner.name}"
        try:
            with attempt():
                require_again(SubmissionItem, Permission.ITEM_MARK, item.id)
                marking.release(session, asker, item)
            done.append(name)
        except DomainError as why:
            refused.append(f"{name}: {told(why)}")
    if done:
        commit()
        flash(f"{'Handed over' if asker.is_trainee else 'Released'}: {in_words(done)}.", "met")
    for sentence in refused:
        flash(f"Not released: {sentence}", "risk")
    missing = len(set(chosen)) - len(done) - len(refused)
    if missing:
        flash(f"{missing} of those you chose {'is' if missing == 1 else 'are'} no longer here to release.", "more")
    elif not chosen:
        flash("Choose at least one to release.", "more")
    return redirect(url_for("assessment.queue"), 303)


@blueprint.post("/marking/<int:submission_item_id>/countersign")
@load(SubmissionItem, Permission.ITEM_COUNTERSIGN)
def countersign(item: SubmissionItem) -> ResponseReturnValue:
    """Agree with a trainee's decisions as they stand, or countersign with my own review where I have saved one."""
    beside = queue_beside(item.id, ItemState.COUNTERSIGN)
    try:
        marking.countersign(database_session(), actor(), item)
    except Rejected as refused:
        database_session().rollback()
        flash(told(refused), "risk")
        return redirect(url_for("assessment.mark", submission_item_id=item.id), 303)
    said = released_words(actor(), item)
    commit()
    return gone_on(said, onwards(beside))
