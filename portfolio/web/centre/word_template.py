"""The Word template of a centre, for its administrators: sent, looked at, tried, replaced and taken away."""

from hashlib import sha256
from io import BytesIO
from typing import cast

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage
from wtforms import FileField

from portfolio.centres import actions, queries
from portfolio.centres.models import Centre, CentreWordTemplate
from portfolio.documents.wordbook.filling import FIELDS
from portfolio.documents.wordbook.writer import write_book
from portfolio.documents.wordtemplate.example import example
from portfolio.documents.wordtemplate.framing import frame_of
from portfolio.documents.wordtemplate.taking import MOST, TOO_LARGE, Template, Unfit, taken
from portfolio.documents.wordtemplate.trial import trial_book
from portfolio.errors import NotFound, TooLarge
from portfolio.policy.permissions import Permission
from portfolio.storage.arriving import Incoming
from portfolio.web.access import MISSING, requires
from portfolio.web.centre.views import blueprint
from portfolio.web.downloads import attachment
from portfolio.web.forms import BaseForm, refuse, status
from portfolio.web.session import actor, commit, database_session

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class TemplateForm(BaseForm):
    """A Word file from the administrator's machine."""

    template = FileField("Choose a Word file", description="A Word document (.docx), up to 5 MB.")


@blueprint.route("/centre/word-template", methods=["GET", "POST"])
@requires(Permission.CENTRE_CHANGE)
def word_template() -> ResponseReturnValue:
    """What books are made with now, and another in its place."""
    session, form = database_session(), TemplateForm()
    centre = session.get_one(Centre, actor().centre_id)
    if form.validate_on_submit():
        try:
            template = _sent(form)
        except Unfit as unfit:
            form.template.errors = [*unfit.faults]
        except TooLarge as refused:
            refuse(form, refused)
        else:
            actions.set_word_template(session, actor(), centre, template)
            commit()
            flash("The template is saved. Books that are made from now on look like it.", "met")
            return redirect(url_for("centre.word_template"), 303)
    kept = queries.word_template(session, centre.id)
    return render_template("centre/word_template.html", form=form, kept=kept, fields=FIELDS), status(form)


def _sent(form: TemplateForm) -> Template:
    """The template in the file that was sent. Raises Unfit and TooLarge."""
    file = cast(FileStorage | None, form.template.data)
    if not file or not file.filename:
        raise Unfit("Choose a Word file.")
    incoming = cast(Incoming, file.stream)
    if incoming.size > MOST:
        raise TooLarge(TOO_LARGE, "template")
    return taken(incoming.arrive().path)


@blueprint.post("/centre/word-template/remove")
@requires(Permission.CENTRE_CHANGE)
def remove_word_template() -> ResponseReturnValue:
    """Books look like ours again."""
    session = database_session()
    actions.remove_word_template(session, actor(), session.get_one(Centre, actor().centre_id))
    commit()
    flash("The template is taken away. Books look like the product’s own again.", "met")
    return redirect(url_for("centre.word_template"), 303)


@blueprint.get("/centre/word-template/file")
@requires(Permission.CENTRE_CHANGE)
def word_template_file() -> ResponseReturnValue:
    """The template as it is kept, to change it in Word and send it again."""
    return _word_file(_kept().content, "word-template.docx")


@blueprint.get("/centre/word-template/trial")
@requires(Permission.CENTRE_CHANGE)
def trial_word_book() -> ResponseReturnValue:
    """A small invented portfolio, made with the template."""
    kept, centre = _kept(), database_session().get_one(Centre, actor().centre_id)
    written = BytesIO()
    write_book(written, trial_book(frame_of(kept.content), centre=centre.name, number=centre.number))
    return _word_file(written.getvalue(), "trial-book.docx")


@blueprint.get("/centre/word-template/example")
@requires(Permission.CENTRE_CHANGE)
def example_word_template() -> ResponseReturnValue:
    """A template to start from: our own look, with a cover."""
    return _word_file(example(), "word-template-to-start-from.docx")


def _kept() -> CentreWordTemplate:
    """The centre's own template. Raises NotFound where there is none."""
    kept = queries.word_template(database_session(), actor().centre_id)
    if kept is None:
        raise NotFound(MISSING)
    return kept


def _word_file(content: bytes, name: str) -> Response:
    """A file to save, told from others by its bytes."""
    etag = sha256(content).hexdigest()
    return attachment(BytesIO(content), name=name, media_type=WORD, size=len(content), etag=etag)
