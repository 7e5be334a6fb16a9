"""Drafts as scripts keep and read them, each only by its own writer; and a text as it will read.

Every answer says whose it is and carries that person's forgery token, so that a page which was open before somebody
signed in again goes on, and a page of somebody else does not.
"""

from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from portfolio import clock
from portfolio.drafts import actions, queries
from portfolio.drafts.rules import check_place
from portfolio.errors import Conflict, NotFound, Rejected, TooLarge
from portfolio.evidence.rules import BODY_MOST
from portfolio.web.access import MISSING, signed_in
from portfolio.web.cookies import form_token
from portfolio.web.drafts.forms import typed_in
from portfolio.web.forms import CONFLICT, paragraphs
from portfolio.web.jinja import prose
from portfolio.web.session import actor, commit, database_session
from portfolio.web.terms import told

blueprint = Blueprint("drafts", __name__)


@blueprint.get("/drafts/<place>")
@signed_in
def show(place: str) -> ResponseReturnValue:
    """What is kept at a place, if anything is."""
    _check(place)
    return jsonify(_standing(place))


@blueprint.put("/drafts/<place>")
@signed_in
def save(place: str) -> ResponseReturnValue:
    """Keep what was typed; 409 with what is kept when another window wrote there since."""
    _check(place)
    typed = typed_in(request.get_json(silent=True))
    try:
        actions.save(database_session(), actor().person_id, place, typed.content, rev=typed.rev)
    except Conflict as conflict:
        return jsonify(message=told(conflict), **_standing(place)), CONFLICT
    commit()
    return jsonify(_standing(place))


def _check(place: str) -> None:
    try:
        check_place(place)
    except Rejected as refused:
        raise NotFound(MISSING) from refused


def _standing(place: str) -> dict[str, Any]:
    row = queries.row_at(database_session(), actor().person_id, place)
    return {
        "person": actor().uid,
        "csrf_token": form_token(),
        "rev": row.rev if row else 0,
        "content": row.content or None if row else None,
        "saved_at": f"{row.saved_at.astimezone(clock.UK):%H:%M}" if row else "",
    }


@blueprint.post("/text-preview")
@signed_in
def preview() -> ResponseReturnValue:
    """A text in Markdown as it will read. Nothing is written, so the database is let go of first."""
    commit()
    text = paragraphs(request.form.get("text", "")) or ""
    if len(text) > BODY_MOST:
        raise TooLarge(f"Keep the text to {BODY_MOST} characters.")
    return jsonify(html=prose(text))
