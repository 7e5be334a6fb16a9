"""Bundles from elsewhere, for administrators: brought as a file, looked into, people matched, brought in whole."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portfolio.bundles.arriving import actions, draft_queries
from portfolio.bundles.arriving.matching import people_of
from portfolio.bundles.arriving.models import ArrivingDraft
from portfolio.bundles.arriving.rules import KEPT_FOR, DraftState
from portfolio.bundles.arriving.telling import DUTIES, counted
from portfolio.errors import Conflict, InvalidState, NotFound, Rejected
from portfolio.policy.permissions import Permission
from portfolio.storage.arriving import Upload
from portfolio.storage.rules import size_words
from portfolio.web import uploads
from portfolio.web.access import MISSING, load, requires
from portfolio.web.arriving.forms import BringForm, BundleForm, PeopleForm, matches_in, people_form, said_of
from portfolio.web.arriving.words import FATES, standing_of
from portfolio.web.forms import CONFLICT, UNPROCESSABLE, refuse, status
from portfolio.web.session import actor, commit, database_session, installation

blueprint = Blueprint("arriving", __name__)


@blueprint.get("/arriving")
@requires(Permission.CENTRE_BRING_IN)
def index() -> str:
    """Bring a bundle, and those that lie here."""
    return _index(BundleForm())


def _index(form: BundleForm) -> str:
    form.file.description = f"A ZIP file of at most {size_words(uploads.bundle_most())}, as the other centre sent it."
    drafts = draft_queries.drafts_at(database_session(), actor().centre_id)
    return render_template(
        "arriving/index.html",
        form=form,
        drafts=[(draft, standing_of(draft)) for draft in drafts],
        days=KEPT_FOR.days,
    )


@blueprint.post("/arriving")
@requires(Permission.CENTRE_BRING_IN, takes_bundle=True)
def bring() -> ResponseReturnValue:
    """Take a bundle, and have it looked into."""
    form, session = BundleForm(), database_session()
    try:
        upload = _sent(form)
        draft = actions.take(session, actor(), installation().store, upload.arrived, name=upload.name)
    except Rejected as refused:
        session.rollback()
        refuse(form, refused)
        return _index(form), status(form)
    address = url_for("arriving.show", arriving_draft_id=draft.id)
    commit()
    return redirect(address, 303)


def _sent(form: BundleForm) -> Upload:
    """The bundle that came with the request. Raises Rejected when there is none, or it cannot be taken."""
    if not form.validate_on_submit():
        raise Rejected("Choose a file.", "file")
    sent = uploads.sent()
    if not sent:
        raise Rejected("Choose a file.", "file")
    if isinstance(sent[0], Rejected):
        raise sent[0]
    uploads.check_bundle(sent[0].arrived.size)
    return sent[0]


@blueprint.get("/arriving/<int:arriving_draft_id>")
@load(ArrivingDraft, Permission.ARRIVING_DRAFT_CHANGE)
def show(draft: ArrivingDraft) -> str:
    """What a bundle would bring, who is who, and what stops it; or how far the work on it is; or what came of it."""
    return _page(draft)


def _page(
    draft: ArrivingDraft,
    people: PeopleForm | None = None,
    bringing: BringForm | None = None,
    refused: Conflict | InvalidState | None = None,
) -> str:
    """The page of a draft. `people` is what somebody typed and `refused` why it was not kept: it is shown again, with
    what stands now, whatever a worker does meanwhile.
    """
    session, found = database_session(), draft.found
    is_matching = draft.state is DraftState.CHECKED and (refused is not None or not draft.is_under_way)
    named = found.get("people", [])
    form = people or people_form(named, draft.matches, actions.matches_of(draft))
    return render_template(
        "arriving/show.html",
        draft=draft,
        found=found,
        made_at=datetime.fromisoformat(found["from"]["made_at"]) if "from" in found else None,
        is_matching=is_matching,
        people=form,
        named=named,
        choosable=list(people_of(session, draft.centre_id).values()) if is_matching else [],
        bringing=bringing or BringForm(data={"seen": found.get("digest", "")}),
        refused=refused,
        was_typed=people is not None,
        theirs=said_of([one for one in named if draft.matches.get(one["uid"])], draft.matches) if refused else [],
        brought=draft_queries.brought(session, found.get("brought", [])),
        duties=DUTIES,
        fates=FATES,
        counted=counted,
    )


@blueprint.get("/arriving/<int:arriving_draft_id>/progress")
@load(ArrivingDraft, Permission.ARRIVING_DRAFT_CHANGE)
def progress(draft: ArrivingDraft) -> Response:
    """How far the work on a bundle is, for the page's script."""
    job = draft.job
    if job is None:
        raise NotFound(MISSING)
    return jsonify(state=job.state.value, done=job.done, total=job.total, message=job.message)


@blueprint.post("/arriving/<int:arriving_draft_id>/people")
@load(ArrivingDraft, Permission.ARRIVING_DRAFT_CHANGE)
def check(draft: ArrivingDraft) -> ResponseReturnValue:
    """Say who is who, and have the bundle looked into once more with that."""
    session, named = database_session(), draft.found.get("people", [])
    form = people_form(named, draft.matches, actions.matches_of(draft))
    matches: dict[str, Any] = dict(draft.matches)
    if form.validate_on_submit() and named:
        matches = matches_in(form, named, people_of(session, draft.centre_id))
    if form.errors:
        return _page(draft, form), UNPROCESSABLE
    try:
        actions.look_again(session, actor(), draft, matches, seen=form.seen.data or "")
    except (Conflict, InvalidState) as refused:
        session.rollback()
        form.seen.data = actions.matches_of(draft)
        return _page(draft, form, refused=refused), CONFLICT
    return _committed(draft)


def _committed(draft: ArrivingDraft) -> ResponseReturnValue:
    address = url_for("arriving.show", arriving_draft_id=draft.id)
    commit()
    return redirect(address, 303)


@blueprint.post("/arriving/<int:arriving_draft_id>/bring-in")
@load(ArrivingDraft, Permission.ARRIVING_DRAFT_CHANGE)
def bring_in(draft: ArrivingDraft) -> ResponseReturnValue:
    """Have all of it brought in, as it was shown."""
    form = BringForm()
    if not form.validate_on_submit():
        return _page(draft, bringing=form), UNPROCESSABLE
    session = database_session()
    try:
        actions.ask_to_bring_in(session, actor(), draft, seen=form.seen.data or "")
    except (Conflict, InvalidState) as refused:
        session.rollback()
        return _page(draft, refused=refused), CONFLICT
    return _committed(draft)


@blueprint.post("/arriving/<int:arriving_draft_id>/cancel")
@load(ArrivingDraft, Permission.ARRIVING_DRAFT_CHANGE)
def cancel(draft: ArrivingDraft) -> ResponseReturnValue:
    """Stop what a worker does with it."""
    actions.cancel(database_session(), draft)
    flash("The work is stopped. Nothing was brought in by it.", "info")
    return _committed(draft)


@blueprint.post("/arriving/<int:arriving_draft_id>/discard")
@load(ArrivingDraft, Permission.ARRIVING_DRAFT_CHANGE)
def discard(draft: ArrivingDraft) -> ResponseReturnValue:
    """Throw a bundle away, or put away the page of one that came in or was refused."""
    had_file = draft.blob_id is not None
    actions.discard(database_session(), actor(), draft)
    commit()
    flash("The bundle is thrown away. Nothing of it was brought in." if had_file else "The page is put away.", "info")
    return redirect(url_for("arriving.index"), 303)
