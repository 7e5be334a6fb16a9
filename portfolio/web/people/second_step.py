"""Taking the second step of signing in off somebody who has lost their telephone."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portfolio.accounts import second_factor
from portfolio.accounts.models import Person
from portfolio.centres.models import Centre
from portfolio.policy.permissions import Permission
from portfolio.web.access import load
from portfolio.web.people.views import blueprint
from portfolio.web.session import actor, commit, database_session


@blueprint.post("/people/<int:person_id>/reset-second-step")
@load(Person, Permission.PERSON_MANAGE)
def reset_second_factor(person: Person) -> ResponseReturnValue:
    """The password alone gets the person in again; they are signed out everywhere, and told."""
    session = database_session()
    second_factor.reset(session, actor(), person, session.get_one(Centre, actor().centre_id))
    commit()
    flash(f"{person.name} signs in with the password alone again, and is told so.", "met")
    return redirect(url_for("people.show", person_id=person.id), 303)
