"""Where somebody is signed in, and ending that from here."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portfolio.accounts import sessions
from portfolio.accounts.models import SignInSession
from portfolio.policy.permissions import Permission
from portfolio.web.access import load, signed_in
from portfolio.web.accounts.blueprint import blueprint
from portfolio.web.session import actor, commit, database_session, end, present_session


@blueprint.post("/account/sessions/<int:sign_in_session_id>/end")
@load(SignInSession, Permission.SIGN_IN_SESSION_END)
def end_session(row: SignInSession) -> ResponseReturnValue:
    """Sign out there; from here, when it is this very place."""
    if row.hash == present_session():
        end()
        flash("You are signed out.", "info")
        return redirect(url_for("accounts.sign_in"), 303)
    sessions.end_session(database_session(), row)
    commit()
    flash("You are signed out there.", "met")
    return _back()


@blueprint.post("/account/sessions/end-others")
@signed_in
def end_other_sessions() -> ResponseReturnValue:
    """Sign out everywhere but here."""
    sessions.end_sessions(database_session(), actor().person_id, but=present_session())
    commit()
    flash("Wherever else you were signed in, you are signed out.", "met")
    return _back()


def _back() -> ResponseReturnValue:
    return redirect(url_for("accounts.show", _anchor="sessions"), 303)
