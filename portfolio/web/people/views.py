"""The people of a centre, for its administrators: the list, and inviting somebody."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portfolio.accounts import actions, people_queries
from portfolio.accounts.people_queries import PeopleOrder
from portfolio.accounts.rules import POSITIONS, PersonState, role_word
from portfolio.centres.models import Centre
from portfolio.errors import Rejected
from portfolio.notices.queries import is_mailed
from portfolio.notices.rules import NoticeKind
from portfolio.policy.permissions import Permission
from portfolio.web import letters, paging
from portfolio.web.access import requires
from portfolio.web.forms import refuse, status
from portfolio.web.people.forms import InviteForm, PeopleFilter, positions
from portfolio.web.session import actor, commit, database_session

blueprint = Blueprint("people", __name__)


@blueprint.get("/people")
@requires(Permission.CENTRE_SEE_PEOPLE)
def index() -> str:
    """Everybody with a role here today, or in another state that is asked for."""
    form = PeopleFilter(request.args)
    form.role.choices = {"": "All roles", **positions()}
    asked = form.role.data if form.role.data in POSITIONS else ""
    role, qualified = POSITIONS.get(asked, (None, None))
    words = (form.q.data or "")[:100]
    state = PersonState(form.state.data) if form.state.data in set(PersonState) else None
    order = PeopleOrder(form.sort.data) if form.sort.data in set(PeopleOrder) else PeopleOrder.NAME
    found = people_queries.people(
        database_session(),
        actor().centre_id,
        role=role,
        qualified=qualified,
        state=state,
        search=words,
        order=order,
        offset=paging.offset(),
        limit=paging.ROWS + 1,
    )
    filters = {"q": words, "role": asked, "state": state or "", "sort": "" if order is PeopleOrder.NAME else order}
    page = paging.page_of(found, filters)
    return render_template("people/index.html", form=form, page=page, is_filtered=bool(asked or words or state))


@blueprint.route("/people/invite", methods=["GET", "POST"])
@requires(Permission.CENTRE_MANAGE_PEOPLE)
def invite() -> ResponseReturnValue:
    """Give somebody a role. The answer never tells whether they had an account already."""
    form = InviteForm()
    form.role.choices = list(positions().items())
    if form.validate_on_submit():
        session, asker = database_session(), actor()
        name, email = form.name.data or "", form.email.data or ""
        role, qualified = POSITIONS[form.role.data]
        try:
            centre = session.get_one(Centre, asker.centre_id)
            membership, token = actions.invite(
                session, asker, centre, email=email, name=name, role=role, qualified=qualified
            )
            is_wanted = is_mailed(session, membership.person_id, NoticeKind.INVITED)
            commit()
            word = asker.term(role_word(role, qualified=qualified))
            if is_wanted:
                letters.send_invitation(name=name, email=email, centre_name=centre.name, role_word=word, token=token)
            flash(_what_next(name, email), "met")
            return redirect(url_for("people.index"), 303)
        except Rejected as refused:
            refuse(form, refused)
    return render_template("people/invite.html", form=form, sends_mail=letters.post().is_set_up), status(form)


def _what_next(name: str, email: str) -> str:
    if letters.post().is_set_up:
        return (
            f"{name} is invited. A link that works once, for seven days, is on its way to {email}. Whoever has an "
            "account already and wants no such letters finds a notice there instead."
        )
    return f"{name} is invited. This command on the server prints the link to hand over: portfolio people link {email}"
