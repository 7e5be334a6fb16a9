"""Personal data at the centre, for its administrators: what holds an item back, who lets it stay, and known words."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portfolio.centres.models import Centre
from portfolio.centres.settings import LABELS, in_words
from portfolio.errors import Conflict
from portfolio.policy.checks import visible
from portfolio.policy.permissions import Permission
from portfolio.screening.asked_queries import asked_within
from portfolio.screening.known import CENTRE_LINES, lists_of, save_lists
from portfolio.web.access import requires
from portfolio.web.forms import CONFLICT, status
from portfolio.web.screening.blueprint import blueprint
from portfolio.web.screening.lists import lists_form, theirs, typed
from portfolio.web.session import actor, commit, database_session
from portfolio.web.terms import worded

CHOSEN = ("personal_data_warns", "override_by", "originals", "hold_original_days")


@blueprint.route("/centre/personal-data", methods=["GET", "POST"], endpoint="centre")
@requires(Permission.CENTRE_CHANGE)
def centre_words() -> ResponseReturnValue:
    """The centre's own people and organisations, and words that are nobody's; and what is chosen."""
    session, conflict = database_session(), None
    centre = session.get_one(Centre, actor().centre_id)
    form = lists_form(lists_of(session, centre))
    known = typed(form, most=CENTRE_LINES) if form.validate_on_submit() else None
    if known is not None:
        try:
            is_changed = save_lists(session, actor(), centre, known, rev=form.rev.number)
            commit()
            flash("The words are saved." if is_changed else "Nothing was changed.", "met" if is_changed else "info")
            return redirect(url_for("screening.centre"), 303)
        except Conflict as found:
            form.rev.data, conflict = str(lists_of(session, centre).rev), found
    chosen = in_words(actor().settings)
    page = render_template(
        "screening/centre.html",
        form=form,
        most=CENTRE_LINES,
        conflict=conflict,
        theirs=theirs(conflict),
        chosen=[(worded(LABELS[name]), chosen[name]) for name in CHOSEN],
        asked=len(asked_within(session, visible(actor(), Permission.FINDING_DECISION_ANSWER))),
    )
    return page, CONFLICT if conflict else status(form)
