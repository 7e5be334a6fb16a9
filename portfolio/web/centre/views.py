"""The centre itself, for its administrators: settings, logo and words; the logo for everybody who belongs to it."""

from dataclasses import asdict
from typing import cast

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from portfolio.centres import actions, queries
from portfolio.centres.models import Centre
from portfolio.centres.settings import LABELS, settings_of
from portfolio.centres.terms import ROLES, THINGS, own_words
from portfolio.config import MEGABYTE
from portfolio.documents.logos import drawn
from portfolio.errors import Conflict, NotFound, Rejected, TooLarge
from portfolio.policy.permissions import Permission
from portfolio.storage.arriving import Incoming
from portfolio.web.access import MISSING, requires, signed_in
from portfolio.web.centre.forms import LogoForm, SettingsForm, WordsForm, typed_in
from portfolio.web.forms import CONFLICT, refuse, status
from portfolio.web.security import DOWNLOAD_CSP
from portfolio.web.session import actor, commit, database_session
from portfolio.web.terms import worded
from portfolio.web.uploads import most_of_installation

blueprint = Blueprint("centre", __name__)

LOGO_MOST = MEGABYTE
KEPT_BY_BROWSER = "private, max-age=31536000, immutable"
"""The address of a logo names its content, so that what it leads to never changes."""

DOORS: tuple[tuple[str, str, str], ...] = (
    ("Settings", "centre.settings", "Name, number and logo; how much may be kept, and for how long."),
    ("Words", "centre.words", "What roles and things are called here."),
    ("Word template", "centre.word_template", "How Word {portfolios} look: your styles, header, footer and cover."),
    ("Personal data", "screening.centre", "What is looked for, words that are known beforehand, and what is asked."),
    ("{Cohorts}", "cohorts.index", "Who goes through together."),
    ("Imports", "imports.index", "Lists of people, enrolments and more, brought as CSV."),
    ("Trail", "trail.centre", "Who did what and when, and the proof that nobody changed it afterwards."),
    ("Access log", "trail.access", "What {external quality assurers} opened, and what was read to answer a question."),
    ("Bundles", "bundles.index", "{Portfolios} to hand over: for a visit, or of the whole centre."),
    ("Bring a {portfolio}", "arriving.index", "{Portfolios} that another centre has sent as a bundle."),
    ("Disk use", "centre.disk_use", "How much each {portfolio} takes."),
)
"""What an administrator looks after beside people and enrolments: what it is called, where it is, what it is for."""


@blueprint.get("/centre")
@requires(Permission.CENTRE_CHANGE)
def show() -> str:
    """Where everything about the centre is, and what is chosen now."""
    centre = _own_centre()
    chosen = actions.said_of(centre)
    return render_template(
        "centre/show.html",
        centre=centre,
        doors=[(worded(label), endpoint, worded(sentence)) for label, endpoint, sentence in DOORS],
        chosen=[(worded(LABELS[name]), words) for name, words in chosen.items() if name not in {"name", "number"}],
    )


def _own_centre() -> Centre:
    return database_session().get_one(Centre, actor().centre_id)


@blueprint.route("/centre/settings", methods=["GET", "POST"])
@requires(Permission.CENTRE_CHANGE)
def settings() -> ResponseReturnValue:
    """Name, number, limits, periods and the second factor."""
    centre = _own_centre()
    form = SettingsForm(
        data={"rev": centre.rev, "name": centre.name, "number": centre.number} | asdict(settings_of(centre.settings))
    )
    if form.validate_on_submit():
        try:
            is_changed = actions.change_settings(
                database_session(),
                actor(),
                centre,
                name=form.name.data or "",
                number=form.number.data or "",
                settings=form.settings(),
                installation=most_of_installation(),
                rev=form.rev.number,
            )
            commit()
            flash("The settings are saved." if is_changed else "Nothing was changed.", "met" if is_changed else "info")
            return redirect(url_for("centre.show"), 303)
        except Conflict as conflict:
            form.rev.data = str(centre.rev)
            return _settings_page(centre, form, LogoForm(None), conflict), CONFLICT
        except Rejected as refused:
            refuse(form, refused)
    return _settings_page(centre, form, LogoForm(None)), status(form)


def _settings_page(centre: Centre, form: SettingsForm, logo: LogoForm, conflict: Conflict | None = None) -> str:
    return render_template(
        "centre/settings.html",
        centre=centre,
        form=form,
        logo_form=logo,
        logo=settings_of(centre.settings).logo,
        conflict=conflict,
        theirs=[(LABELS[name], words) for name, words in conflict.theirs.items()] if conflict else [],
        most=most_of_installation(),
    )


@blueprint.post("/centre/logo")
@requires(Permission.CENTRE_CHANGE)
def set_logo() -> ResponseReturnValue:
    """A new picture in place of the present one."""
    centre, form = _own_centre(), LogoForm()
    if form.validate_on_submit():
        try:
            actions.set_logo(database_session(), actor(), centre, _picture(form))
            commit()
            flash("The logo is saved. It stands beside the centre’s name on every page.", "met")
            return redirect(url_for("centre.settings"), 303)
        except Rejected as refused:
            refuse(form, refused)
    kept = {"rev": centre.rev, "name": centre.name, "number": centre.number} | asdict(settings_of(centre.settings))
    return _settings_page(centre, SettingsForm(None, data=kept), form), status(form)


def _picture(form: LogoForm) -> bytes:
    """The picture that was sent, drawn anew. Raises Rejected, on its field, for anything else."""
    file = cast(FileStorage | None, form.logo.data)
    if not file or not file.filename:
        raise Rejected("Choose a picture.", "logo")
    incoming = cast(Incoming, file.stream)
    if incoming.size > LOGO_MOST:
        raise TooLarge("The picture is larger than 1 MB. Save it smaller, or choose another.", "logo")
    return drawn(incoming.arrive().path)


@blueprint.post("/centre/remove-logo")
@requires(Permission.CENTRE_CHANGE)
def remove_logo() -> ResponseReturnValue:
    """The centre's name stands alone again."""
    actions.remove_logo(database_session(), actor(), _own_centre())
    commit()
    flash("The logo is taken away.", "met")
    return redirect(url_for("centre.settings"), 303)


@blueprint.get("/centre/logo/<sha256>")
@signed_in
def logo(sha256: str) -> ResponseReturnValue:
    """The picture of the centre that one is in, and no other's; its address holds its SHA-256."""
    picture = queries.logo_of(database_session(), actor().centre_id, sha256)
    if picture is None:
        raise NotFound(MISSING)
    headers = {
        "Content-Security-Policy": DOWNLOAD_CSP,
        "Content-Disposition": "inline",
        "Cache-Control": KEPT_BY_BROWSER,
    }
    return Response(picture, mimetype="image/png", headers=headers)


@blueprint.route("/centre/words", methods=["GET", "POST"])
@requires(Permission.CENTRE_CHANGE)
def words() -> ResponseReturnValue:
    """What roles and things are called here."""
    centre = _own_centre()
    form = WordsForm(data={"rev": centre.rev} | typed_in(own_words(actor().own_words)))
    conflict = None
    if form.validate_on_submit():
        try:
            is_changed = actions.change_terms(database_session(), actor(), centre, own=form.own(), rev=form.rev.number)
            commit()
            flash("The words are saved." if is_changed else "Nothing was changed.", "met" if is_changed else "info")
            return redirect(url_for("centre.show"), 303)
        except Conflict as found:
            form.rev.data, conflict = str(centre.rev), found
        except Rejected as refused:
            refuse(form, refused)
    page = render_template("centre/words.html", form=form, roles=ROLES, things=THINGS, conflict=conflict)
    return page, CONFLICT if conflict else status(form)
