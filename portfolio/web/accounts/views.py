"""Signing in and out, one-use links, one's own account. The text of a link is never logged and never in a referrer."""

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from portfolio.accounts import actions, queries
from portfolio.accounts import sign_in as signing_in
from portfolio.accounts.queries import LinkRow
from portfolio.errors import NotFound, Rejected
from portfolio.web import errors, letters
from portfolio.web.access import arriving, public, signed_in
from portfolio.web.accounts.blueprint import blueprint
from portfolio.web.accounts.destination import local_path
from portfolio.web.accounts.forms import (
    AcceptForm,
    ChangePasswordForm,
    ChooseForm,
    CodeForm,
    ForgottenForm,
    RecoveryForm,
    SignInForm,
    SwitchForm,
)
from portfolio.web.accounts.page import TOO_MANY, account_page, centres
from portfolio.web.forms import refuse, status
from portfolio.web.session import actor, awaited, begin, come_in, commit, database_session, end, installation


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Who are you? Then on to the page that was asked for."""
    destination = local_path(request.args.get("next", "")) or url_for("home.show")
    if g.actor is not None and request.method != "POST":
        return redirect(destination, 303)
    form = SignInForm()
    code = 200
    if form.validate_on_submit():
        served = installation()
        try:
            is_in = come_in(
                signing_in.check(
                    served.database,
                    served.passwords,
                    email=form.email.data or "",
                    password=form.password.data or "",
                    address=request.remote_addr or "",
                )
            )
            return redirect(destination if is_in else _second_step(), 303)
        except signing_in.TooManyTries as refused:
            code = TOO_MANY
            refuse(form, refused)
        except Rejected as refused:
            refuse(form, refused)
    return _sign_in_page(form, max(code, status(form)))


def _second_step() -> str:
    """Where the second step is given, on the way to where this one leads."""
    return url_for("accounts.code", next=local_path(request.args.get("next", "")))


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
@public
def code() -> ResponseReturnValue:
    """The six digits that the app shows, after the password."""
    return _take_second(CodeForm(), is_recovery=False)


@blueprint.route("/sign-in/recovery", methods=["GET", "POST"])
@public
def recovery() -> ResponseReturnValue:
    """One of the codes kept for when the telephone is not there."""
    return _take_second(RecoveryForm(), is_recovery=True)


def _take_second(form: CodeForm | RecoveryForm, *, is_recovery: bool) -> ResponseReturnValue:
    destination = local_path(request.args.get("next", "")) or url_for("home.show")
    if g.actor is not None:
        return redirect(destination, 303)
    waiting = awaited()
    if waiting is None:
        flash("Give your password first. After it, there are ten minutes for the second step.", "info")
        return redirect(url_for("accounts.sign_in", next=local_path(request.args.get("next", ""))), 303)
    answer = 200
    if form.validate_on_submit():
        try:
            signing_in.check_code(
                installation().database,
                waiting,
                code=form.code.data or "",
                address=request.remote_addr or "",
                is_recovery=is_recovery,
            )
            begin(waiting.pending.person_id, centre_id=waiting.pending.centre_id)
            if is_recovery:
                flash("That recovery code is used up. On the page of your account you can make new ones.", "more")
            return redirect(destination, 303)
        except signing_in.TooManyTries as refused:
            answer = TOO_MANY
            refuse(form, refused)
        except Rejected as refused:
            refuse(form, refused)
    name = "recovery" if is_recovery else "code"
    onward = local_path(request.args.get("next", ""))
    return render_template(f"accounts/{name}.html", form=form, onward=onward), max(answer, status(form))


def _sign_in_page(form: SignInForm, code: int) -> ResponseReturnValue:
    return render_template("accounts/sign_in.html", form=form, sends_mail=letters.post().is_set_up), code


@blueprint.errorhandler(CSRFError)
def opened_long_ago(error: CSRFError) -> ResponseReturnValue:
    """The sign-in page stood open for long: it comes again, filled. Other forms are refused as everywhere."""
    if request.endpoint != "accounts.sign_in":
        return errors.forged(error)
    form = SignInForm()
    form.form_errors.append("This page was open for a long time. Give your password again.")
    return _sign_in_page(form, 400)


@blueprint.post("/sign-out")
@arriving
def sign_out() -> ResponseReturnValue:
    """The session is over, on the server too."""
    end()
    flash("You are signed out.", "info")
    return _to("accounts.sign_in")


@blueprint.route("/forgotten-password", methods=["GET", "POST"])
@public
def forgotten() -> ResponseReturnValue:
    """Ask for a link. The answer is the same, and as quick, whether the address is known or not."""
    form = ForgottenForm()
    sends_mail = letters.post().is_set_up
    if sends_mail and form.validate_on_submit():
        letters.send_reset(form.email.data or "")
        flash("If we know this address, a link is on its way to it. It works once, for 24 hours.", "info")
        return _to("accounts.sign_in")
    return render_template("accounts/forgotten.html", form=form, sends_mail=sends_mail), status(form)


@blueprint.route("/link/<token>", methods=["GET", "POST"])
@public
def link(token: str) -> ResponseReturnValue:
    """An invitation or a link for a new password. Opening it changes nothing; sending the form uses it."""
    found = queries.link_row(database_session(), actions.hash_token(token))
    if found is None:
        return render_template("accounts/dead_link.html"), 404
    return _choose_password(token, found) if found.asks_for_password else _accept(token, found)


def _choose_password(token: str, found: LinkRow) -> ResponseReturnValue:
    form = ChooseForm()
    if form.validate_on_submit():
        try:
            person = actions.use_link(
                database_session(), installation().passwords, token, password=form.password.data or ""
            )
            if come_in(person.id, centre_id=found.centre_id):
                flash("Your password is set, and you are signed in.", "met")
                return _to("home.show")
            flash("Your password is set.", "met")
            return _to("accounts.code")
        except Rejected as refused:
            refuse(form, refused)
    return render_template("accounts/link.html", form=form, found=found), status(form)


def _accept(token: str, found: LinkRow) -> ResponseReturnValue:
    form = AcceptForm()
    if form.validate_on_submit():
        actions.accept_invitation(database_session(), token)
        commit()
        if g.actor is not None and g.actor.person_id == found.person_id:
            begin(found.person_id, centre_id=found.centre_id)
            flash(f"You are now at {found.centre_name}.", "met")
            return _to("home.show")
        flash(f"You have accepted the invitation of {found.centre_name}. Sign in with the password you have.", "met")
        return _to("accounts.sign_in")
    return render_template("accounts/link.html", form=form, found=found), status(form)


@blueprint.after_request
def keep_address(response: Response) -> Response:
    """Where a page's address is a secret, no other page is told it.

    With `no-referrer`, browsers would send the form with `Origin: null`, which looks forged.
    """
    if request.endpoint == "accounts.link":
        response.headers["Referrer-Policy"] = "strict-origin"
    return response


@blueprint.route("/account", methods=["GET", "POST"])
@signed_in
def show() -> ResponseReturnValue:
    """Who I am here, how I am told, the words that I keep, a new password, and my other centres."""
    form, answer = ChangePasswordForm(), 200
    if form.validate_on_submit():
        try:
            _check_present(form)
            person = actions.change_password(
                database_session(),
                actor(),
                installation().passwords,
                current=form.current.data or "",
                new=form.password.data or "",
            )
            begin(person.id, centre_id=actor().centre_id)
            flash("Your password is changed. Everywhere else you are signed out.", "met")
            return _to("accounts.show")
        except signing_in.TooManyTries as refused:
            answer = TOO_MANY
            refuse(form, refused)
        except Rejected as refused:
            refuse(form, refused)
    return account_page(password=form, answer=answer)


def _check_present(form: ChangePasswordForm) -> None:
    """The present password is right; wrong tries count as they do at the front door."""
    try:
        signing_in.check_again(
            database_session(),
            installation().passwords,
            actor(),
            password=form.current.data or "",
            address=request.remote_addr or "",
            field="current",
        )
    except Rejected:
        commit()
        raise


@blueprint.post("/account/centre")
@arriving
def switch_centre() -> ResponseReturnValue:
    """Go on at another of my centres, in a fresh session."""
    form = SwitchForm()
    if not form.validate_on_submit() or form.centre_id.data not in {id_ for id_, _name in centres()}:
        raise NotFound("You have no role at that centre.")
    begin(actor().person_id, centre_id=form.centre_id.data)
    return _to("home.show")


def _to(endpoint: str) -> ResponseReturnValue:
    return redirect(url_for(endpoint), 303)
