"""What somebody chooses for themselves: a name, how they are told of things, the beginnings of sentences they keep."""

from flask import flash, jsonify, redirect, url_for
from flask.typing import ResponseReturnValue

from portfolio.accounts import managing
from portfolio.assessment import stems
from portfolio.assessment.models import FeedbackStem
from portfolio.errors import Rejected
from portfolio.notices.actions import set_switches
from portfolio.notices.rules import Switch
from portfolio.policy.permissions import Permission
from portfolio.web.access import load, requires, signed_in
from portfolio.web.accounts.blueprint import blueprint
from portfolio.web.accounts.forms import NameForm, StemForm, ToldForm
from portfolio.web.accounts.page import account_page, kinds_for
from portfolio.web.forms import UNPROCESSABLE, refuse
from portfolio.web.pointing import notes_on
from portfolio.web.session import actor, commit, database_session, is_for_script


@blueprint.post("/account/name")
@signed_in
def change_name() -> ResponseReturnValue:
    """My name is spelt otherwise, or is another one now."""
    form = NameForm()
    if form.validate_on_submit():
        try:
            managing.rename_oneself(database_session(), actor(), name=form.name.data or "")
            commit()
            flash("Your name is changed, at every centre where you have a role.", "met")
            return _to("own-name")
        except Rejected as refused:
            refuse(form, refused)
    return account_page(name=form)


@blueprint.post("/account/notices")
@signed_in
def choose_notices() -> ResponseReturnValue:
    """How I am told of each kind of thing that concerns my roles."""
    form = ToldForm()
    if not form.validate_on_submit():
        raise Rejected("One of the things to be told of is not there any more. Load the page again.")
    on_screen, by_mail = set(form.screen.data or []), set(form.mail.data or [])
    chosen = {kind: Switch(kind.value in on_screen, kind.value in by_mail) for kind in kinds_for(actor())}
    set_switches(database_session(), actor().person_id, chosen)
    commit()
    flash("From now on you are told as you chose.", "met")
    return _to("told")


@blueprint.post("/account/stems")
@requires(Permission.CENTRE_MARK)
def keep_stem() -> ResponseReturnValue:
    """Keep the beginning of a sentence; a script that marks gets it back as it is kept."""
    form, is_script = StemForm(), is_for_script()
    if form.validate_on_submit():
        try:
            stem = stems.keep(database_session(), actor(), form.words.data or "")
            commit()
            if not is_script:
                return _to("stems")
            note = notes_on({"words": stem.words}, [actor().name]).get("words", "")
            return jsonify(id=stem.id, words=stem.words, note=note), 201
        except Rejected as refused:
            refuse(form, refused)
    if is_script:
        return jsonify(message=" ".join(form.words.errors)), UNPROCESSABLE
    return account_page(stem=form)


@blueprint.post("/account/stems/<int:feedback_stem_id>")
@load(FeedbackStem, Permission.FEEDBACK_STEM_CHANGE)
def change_stem(stem: FeedbackStem) -> ResponseReturnValue:
    """Say it in other words."""
    form = StemForm()
    if form.validate_on_submit():
        try:
            stems.change(database_session(), actor(), stem, form.words.data or "")
            commit()
            return _to("stems")
        except Rejected as refused:
            refuse(form, refused)
    return account_page(changed=(stem.id, form))


@blueprint.post("/account/stems/<int:feedback_stem_id>/drop")
@load(FeedbackStem, Permission.FEEDBACK_STEM_CHANGE)
def drop_stem(stem: FeedbackStem) -> ResponseReturnValue:
    """Keep it no longer."""
    stems.drop(database_session(), stem)
    commit()
    return _to("stems")


def _to(part: str) -> ResponseReturnValue:
    return redirect(url_for("accounts.show", _anchor=part), 303)
