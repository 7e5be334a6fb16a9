"""The second step of signing in: setting it up, its recovery codes, giving it up. The codes are shown once, in the
answer to the form that made them: nothing that could be used again is kept to show them by.
"""

from collections.abc import Sequence
from urllib.parse import quote

import segno
from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portfolio.accounts import second_factor as factors
from portfolio.accounts import sign_in as signing_in
from portfolio.errors import Rejected
from portfolio.web.access import arriving, signed_in
from portfolio.web.accounts.blueprint import blueprint
from portfolio.web.accounts.forms import CodeForm, PasswordForm
from portfolio.web.accounts.page import TOO_MANY, centres
from portfolio.web.forms import refuse, status
from portfolio.web.session import actor, begin, commit, database_session, installation, signed_in_actor

LETTERS_TOGETHER = 4


@blueprint.get("/account/second-step")
@arriving
def second_factor() -> ResponseReturnValue:
    """How it stands, and what can be done next."""
    return _page()


def _page(
    *,
    beginning: PasswordForm | None = None,
    code: CodeForm | None = None,
    codes: PasswordForm | None = None,
    ending: PasswordForm | None = None,
    answer: int = 200,
) -> ResponseReturnValue:
    standing = factors.standing(database_session(), actor().person_id)
    key = standing.key
    code, ending = code or CodeForm(formdata=None), ending or PasswordForm(formdata=None)
    beginning, codes = beginning or PasswordForm(formdata=None), codes or PasswordForm(formdata=None)
    ending.password.id = "end-password"
    page = render_template(
        "accounts/second_factor.html",
        standing=standing,
        key=" ".join(key[start : start + LETTERS_TOGETHER] for start in range(0, len(key), LETTERS_TOGETHER)),
        picture=segno.make(standing.uri, error="m").svg_data_uri(scale=5, border=4, light="#fff") if key else "",
        is_asked=actor().lacks_second_factor,
        others=[(id_, name) for id_, name in centres() if id_ != actor().centre_id],
        begin_form=beginning,
        code_form=code,
        codes_form=codes,
        end_form=ending,
    )
    return page, max(answer, *map(status, (beginning, code, codes, ending)))


def _is_confirmed_by(form: PasswordForm) -> int:
    """0 when the password is right; otherwise the status of the page with the form. Wrong tries are counted."""
    if not form.validate_on_submit():
        return status(form)
    try:
        signing_in.check_again(
            database_session(),
            installation().passwords,
            actor(),
            password=form.password.data or "",
            address=request.remote_addr or "",
        )
    except Rejected as refused:
        commit()
        refuse(form, refused)
        return TOO_MANY if isinstance(refused, signing_in.TooManyTries) else status(form)
    return 0


@blueprint.post("/account/second-step/begin")
@arriving
def begin_second_factor() -> ResponseReturnValue:
    """A key to put into an app."""
    form = PasswordForm()
    answer = _is_confirmed_by(form)
    if answer:
        return _page(beginning=form, answer=answer)
    factors.begin(database_session(), actor())
    commit()
    return redirect(url_for("accounts.second_factor"), 303)


@blueprint.post("/account/second-step/confirm")
@arriving
def confirm_second_factor() -> ResponseReturnValue:
    """The app shows the right codes."""
    form = CodeForm()
    if form.validate_on_submit():
        try:
            codes = factors.confirm(database_session(), actor(), form.code.data or "")
            _begin_afresh()
            return _codes_page(codes, is_first=True)
        except Rejected as refused:
            refuse(form, refused)
    return _page(code=form)


@blueprint.post("/account/second-step/codes")
@signed_in
def renew_recovery() -> ResponseReturnValue:
    """New recovery codes; the old ones work no longer."""
    form = PasswordForm()
    answer = _is_confirmed_by(form)
    if answer:
        return _page(codes=form, answer=answer)
    codes = factors.renew_recovery(database_session(), actor())
    commit()
    return _codes_page(codes, is_first=False)


@blueprint.post("/account/second-step/give-up")
@signed_in
def give_up_second_factor() -> ResponseReturnValue:
    """The password alone, from now on."""
    form = PasswordForm()
    answer = _is_confirmed_by(form)
    if answer:
        return _page(ending=form, answer=answer)
    factors.give_up(database_session(), actor())
    _begin_afresh()
    flash("You have no second step any more. Wherever else you were signed in, you are signed out.", "met")
    return redirect(url_for("accounts.show", _anchor="second-step"), 303)


def _begin_afresh() -> None:
    """Go on in a new session, where all that there were have ended; commits."""
    begin(actor().person_id, centre_id=actor().centre_id)
    g.actor = signed_in_actor()


def _codes_page(codes: Sequence[str], *, is_first: bool) -> ResponseReturnValue:
    text = f"Recovery codes for NVQ Portfolio, {actor().email}. Each works once.\n\n" + "\n".join(codes) + "\n"
    file = f"data:text/plain;charset=utf-8,{quote(text)}"
    return render_template("accounts/recovery_codes.html", codes=codes, file=file, is_first=is_first)
