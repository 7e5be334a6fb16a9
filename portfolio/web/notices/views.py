"""What somebody was told, newest first; each notice is opened or put away by a form, because reading writes nothing."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portfolio.assessment.noticed import noticed
from portfolio.notices import actions, queries
from portfolio.notices.models import Notice
from portfolio.notices.queries import row_of
from portfolio.policy.permissions import Permission
from portfolio.posting import sight_of
from portfolio.web.access import load, signed_in
from portfolio.web.notices.lines import GONE, line
from portfolio.web.session import actor, commit, database_session

blueprint = Blueprint("notices", __name__)

ROWS = 30
LARGEST = 2**31 - 1


@blueprint.get("/notices")
@signed_in
def index() -> str:
    """What I was told in this centre."""
    session, reader = database_session(), actor()
    before = request.args.get("before", type=int)
    rows = queries.rows(
        session,
        person_id=reader.person_id,
        centre_id=reader.centre_id,
        before=None if before is None else min(before, LARGEST),
        limit=ROWS + 1,
    )
    shown = rows[:ROWS]
    return render_template(
        "notices/index.html",
        lines=[line(one) for one in noticed(session, reader.person_id, sight_of(reader), shown)],
        is_first=before is None,
        next_url=url_for("notices.index", before=shown[-1].id) if len(rows) > ROWS else None,
    )


@blueprint.post("/notices/<int:notice_id>/open", endpoint="open")
@load(Notice, Permission.NOTICE_SEE)
def follow(notice: Notice) -> ResponseReturnValue:
    """Put it away and go where it leads."""
    session, reader = database_session(), actor()
    (seen,) = noticed(session, reader.person_id, sight_of(reader), [row_of(notice)])
    actions.put_away(session, notice)
    commit()
    place = line(seen).url
    if place:
        return redirect(place, 303)
    flash(f"{GONE} The notice is put away.", "info")
    return _back()


@blueprint.post("/notices/<int:notice_id>/put-away")
@load(Notice, Permission.NOTICE_SEE)
def put_away(notice: Notice) -> ResponseReturnValue:
    """I have seen it."""
    actions.put_away(database_session(), notice)
    commit()
    return _back()


@blueprint.post("/notices/put-away")
@signed_in
def put_all_away() -> ResponseReturnValue:
    """I have seen them all."""
    actions.put_all_away(database_session(), person_id=actor().person_id, centre_id=actor().centre_id)
    commit()
    flash("Everything is put away.", "met")
    return _back()


def _back() -> ResponseReturnValue:
    return redirect(url_for("notices.index"), 303)
