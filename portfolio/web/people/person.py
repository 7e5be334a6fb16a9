"""One person of the centre: what they are and do here, and everything that an administrator can change about that."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portfolio import clock
from portfolio.accounts import actions, managing, people_queries, queries, second_factor
from portfolio.accounts.models import Membership, Person
from portfolio.accounts.people_queries import PersonRow, RoleRow
from portfolio.accounts.queries import membership_in
from portfolio.accounts.rules import POSITIONS, PersonState, Role, role_word
from portfolio.centres.models import Centre
from portfolio.criteria.differences import in_words
from portfolio.enrolment import list_queries
from portfolio.enrolment.list_queries import Wanted
from portfolio.errors import NotFound, Rejected
from portfolio.policy.checks import visible
from portfolio.policy.permissions import Permission
from portfolio.web import letters
from portfolio.web.access import MISSING, load
from portfolio.web.forms import refuse, status
from portfolio.web.people.forms import EndForm, GiveForm, NameForm, StandingForm, positions
from portfolio.web.people.views import blueprint
from portfolio.web.session import actor, commit, database_session

SHOWN = 20
"""How many learners and enrolments stand on the page; the lists of enrolments have them all."""


@blueprint.get("/people/<int:person_id>")
@load(Person, Permission.PERSON_SEE)
def show(person: Person) -> ResponseReturnValue:
    """Roles, allocations, enrolments."""
    return _page(person, GiveForm(prefix="give"))


def _page(person: Person, giving: GiveForm) -> ResponseReturnValue:
    session, centre_id = database_session(), actor().centre_id
    giving.role.choices = {"": "Choose a role", **positions()}
    row = people_queries.row_of(session, centre_id, person)
    roles = people_queries.roles_in(session, centre_id, person.id)
    held = {line.role for line in roles}
    learning = Wanted(learner_id=person.id)
    page = render_template(
        "people/show.html",
        person=person,
        row=row,
        is_elsewhere=_is_elsewhere(person, row),
        may_reset=second_factor.may_reset(session, actor(), person.id),
        link=people_queries.invitation_of(session, centre_id, person) if row.state is PersonState.INVITED else None,
        roles=roles,
        duties=list_queries.duties_of(session, centre_id, person.id, limit=SHOWN + 1),
        granted=list_queries.granted_to(session, centre_id, person.id, limit=SHOWN + 1) if Role.EQA in held else [],
        enrolments=list_queries.rows(session, visible(actor(), Permission.ENROLMENT_SEE), learning, limit=SHOWN)
        if Role.LEARNER in held
        else [],
        shown=SHOWN,
        giving=giving,
        sends_mail=letters.post().is_set_up,
        today=clock.today(),
    )
    return page, status(giving)


@blueprint.post("/people/<int:person_id>/roles")
@load(Person, Permission.PERSON_MANAGE)
def give_role(person: Person) -> ResponseReturnValue:
    """Another role, from today or a later day."""
    form = GiveForm(prefix="give")
    form.role.choices = {"": "Choose a role", **positions()}
    if form.validate_on_submit():
        role, qualified = POSITIONS[form.role.data]
        try:
            given = managing.give_role(
                database_session(), actor(), person, _centre(), role=role, qualified=qualified, since=form.since.data
            )
            when = "today" if given.since == clock.today() else in_words(given.since)
            commit()
            flash(f"{person.name} has another role from {when}: {_word(role, is_qualified=qualified)}.", "met")
            return _back(person)
        except Rejected as refused:
            refuse(form, refused)
    return _page(person, form)


@dataclass(frozen=True, slots=True)
class _Asked:
    membership: Membership
    line: RoleRow


def _role(person: Person, membership_id: int) -> _Asked:
    """A role that the person has, had or will have here."""
    session, centre_id = database_session(), actor().centre_id
    membership = membership_in(session, centre_id, membership_id)
    lines = people_queries.roles_in(session, centre_id, person.id)
    line = next((line for line in lines if line.id == membership_id), None)
    if membership is None or line is None:
        raise NotFound(MISSING)
    return _Asked(membership, line)


@blueprint.get("/people/<int:person_id>/roles/<int:membership_id>")
@load(Person, Permission.PERSON_MANAGE)
def role(person: Person, membership_id: int) -> ResponseReturnValue:
    """When a role ends; for an assessor, whether and since when they are qualified."""
    return _role_page(person, _role(person, membership_id), EndForm(prefix="end"), StandingForm(prefix="standing"))


def _role_page(person: Person, asked: _Asked, ending: EndForm, standing: StandingForm) -> ResponseReturnValue:
    page = render_template(
        "people/role.html",
        person=person,
        line=asked.line,
        is_over=asked.line.until is not None and asked.line.until <= clock.today(),
        is_assessor=asked.line.role is Role.ASSESSOR,
        ending=ending,
        standing=standing,
    )
    return page, max(status(ending), status(standing))


@blueprint.post("/people/<int:person_id>/roles/<int:membership_id>/end")
@load(Person, Permission.PERSON_MANAGE)
def end_role(person: Person, membership_id: int) -> ResponseReturnValue:
    """A role ends, today or on a later day."""
    asked, form = _role(person, membership_id), EndForm(prefix="end")
    if form.validate_on_submit():
        try:
            actions.withdraw_role(database_session(), actor(), asked.membership, on=form.on.data)
            commit()
            word = _word(asked.line.role, is_qualified=asked.line.is_qualified)
            if asked.line.is_to_come:
                flash(f"It is noted when {person.name} stops being {word} here.", "met")
            else:
                when = "no longer" if form.on.data == clock.today() else "from that day on no longer"
                flash(f"{person.name} is {when} {word} here. What they did stays on record.", "met")
            if person.id == actor().person_id:
                return redirect(url_for("home.show"), 303)
            return _back(person)
        except Rejected as refused:
            refuse(form, refused)
    return _role_page(person, asked, form, StandingForm(None, prefix="standing"))


@blueprint.post("/people/<int:person_id>/roles/<int:membership_id>/standing")
@load(Person, Permission.PERSON_MANAGE)
def change_standing(person: Person, membership_id: int) -> ResponseReturnValue:
    """A trainee has qualified; or somebody who was said to be qualified is a trainee."""
    asked, form = _role(person, membership_id), StandingForm(prefix="standing")
    if form.validate_on_submit():
        to = not asked.line.is_qualified
        try:
            managing.change_standing(
                database_session(), actor(), asked.membership, qualified=to, on=form.on.data or clock.today()
            )
            commit()
            flash(f"{person.name} is now {_word(Role.ASSESSOR, is_qualified=to)} here.", "met")
            return _back(person)
        except Rejected as refused:
            refuse(form, refused)
    return _role_page(person, asked, EndForm(None, prefix="end"), form)


@blueprint.route("/people/<int:person_id>/rename", methods=["GET", "POST"])
@load(Person, Permission.PERSON_MANAGE)
def rename(person: Person) -> ResponseReturnValue:
    """Another name from now on; of somebody with a role elsewhere too, the page says who can give it."""
    form = NameForm(name=person.name)
    if form.validate_on_submit():
        try:
            managing.rename(database_session(), actor(), person, _centre(), name=form.name.data or "")
            commit()
            flash("The name is changed.", "met")
            return _back(person)
        except Rejected as refused:
            refuse(form, refused)
    row = people_queries.row_of(database_session(), actor().centre_id, person)
    page = render_template("people/rename.html", person=person, form=form, is_elsewhere=_is_elsewhere(person, row))
    return page, status(form)


@blueprint.post("/people/<int:person_id>/invite-again")
@load(Person, Permission.PERSON_MANAGE)
def invite_again(person: Person) -> ResponseReturnValue:
    """A new link for somebody whose link ran out or was lost."""
    centre = _centre()
    token = managing.invite_again(database_session(), actor(), person, centre)
    words = people_queries.row_of(database_session(), centre.id, person).role_words
    commit()
    if letters.post().is_set_up:
        said = " and ".join(map(actor().term, words))
        letters.send_invitation(
            name=person.name, email=person.email, centre_name=centre.name, role_word=said, token=token
        )
        flash(f"A new link is on its way to {person.email}. The older ones no longer work.", "met")
    else:
        flash(
            "The older links no longer work. This command on the server prints the new one to hand over: "
            f"portfolio people link {person.email}",
            "met",
        )
    return _back(person)


@blueprint.post("/people/<int:person_id>/disable")
@load(Person, Permission.PERSON_MANAGE)
def disable(person: Person) -> ResponseReturnValue:
    """Nobody can sign in as this person any more."""
    actions.disable(database_session(), actor(), person, _centre())
    commit()
    flash(f"Nobody can sign in as {person.name} any more. What they did stays on record.", "met")
    return _back(person)


@blueprint.post("/people/<int:person_id>/enable")
@load(Person, Permission.PERSON_MANAGE)
def enable(person: Person) -> ResponseReturnValue:
    """The account works again."""
    managing.enable(database_session(), actor(), person, _centre())
    commit()
    flash(f"{person.name} can sign in again.", "met")
    return _back(person)


def _is_elsewhere(person: Person, row: PersonRow) -> bool:
    """Whether somebody is known to be at another centre too: nobody learns it by inviting them."""
    if row.state is PersonState.INVITED:
        return False
    return queries.is_elsewhere(database_session(), person.id, actor().centre_id)


def _word(role: Role, *, is_qualified: bool) -> str:
    return actor().term(role_word(role, qualified=is_qualified))


def _centre() -> Centre:
    return database_session().get_one(Centre, actor().centre_id)


def _back(person: Person) -> ResponseReturnValue:
    return redirect(url_for("people.show", person_id=person.id), 303)
