"""What a Word portfolio would hold and what holds it back, having one made in the background, and downloading it."""

from flask import flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portfolio.enrolment.models import Enrolment
from portfolio.errors import InvalidState, NotFound, Rejected
from portfolio.export import actions, book_queries, breach_queries
from portfolio.export.held_queries import groups_of
from portfolio.export.models import WordBook
from portfolio.export.outlook_queries import outlook_of
from portfolio.export.rules import WHOLE, Choice, file_name
from portfolio.export.sheets import day_of
from portfolio.jobs.rules import JobState
from portfolio.policy.checks import can
from portfolio.policy.permissions import Permission
from portfolio.storage.models import Blob
from portfolio.web.access import MISSING, load
from portfolio.web.downloads import attachment
from portfolio.web.export.blueprint import blueprint
from portfolio.web.export.forms import PartForm, sent_again
from portfolio.web.forms import UNPROCESSABLE, refuse
from portfolio.web.session import actor, commit, database_session, installation
from portfolio.web.terms import worded


@blueprint.get("/enrolments/<int:enrolment_id>/book")
@load(Enrolment, Permission.ENROLMENT_SEE)
def show(enrolment: Enrolment) -> ResponseReturnValue:
    """What would be in the book, what still holds it back, and the books made so far."""
    return _page(enrolment, _part(enrolment))


def _part(enrolment: Enrolment) -> PartForm:
    form = PartForm()
    form.offer(*book_queries.to_choose_from(database_session(), enrolment.id))
    return form


def _page(enrolment: Enrolment, part: PartForm) -> str:
    database = database_session()
    rows = book_queries.books_of(database, enrolment.id)
    return render_template(
        "export/show.html",
        enrolment=enrolment,
        is_owner=can(actor(), Permission.ENROLMENT_ADD_EVIDENCE, enrolment),
        may_make=can(actor(), Permission.ENROLMENT_MAKE_BOOK, enrolment),
        may_take_all=can(actor(), Permission.ENROLMENT_MAKE_BUNDLE, enrolment),
        outlook=outlook_of(database, enrolment.id, drafts_of=actor().person_id),
        under_way=next((row.book for row in rows if not row.book.job.is_over), None),
        withheld=breach_queries.withheld(database, enrolment.id),
        held_back=groups_of(rows[0].book.held) if rows and rows[0].book.job.state is JobState.HELD else [],
        newest=rows[0].book if rows else None,
        again=sent_again(Choice.of(rows[0].book.choice)) if rows else {},
        part=part,
        held_by={row.book.id: Choice.of(row.book.choice).sentence for row in rows},
        books=[row for row in rows if row.book.job.state in {JobState.DONE, JobState.HELD, JobState.FAILED}],
    )


@blueprint.post("/enrolments/<int:enrolment_id>/book")
@load(Enrolment, Permission.ENROLMENT_MAKE_BOOK)
def make(enrolment: Enrolment) -> ResponseReturnValue:
    """Ask for a book of all or of a part; one that is being made already is the answer too."""
    form = _part(enrolment)
    try:
        actions.ask_for_book(database_session(), actor(), enrolment, form.choice if form.is_sent else WHOLE)
    except Rejected as refused:
        database_session().rollback()
        refuse(form, refused)
        return _page(enrolment, form), UNPROCESSABLE
    commit()
    installation().waker.wake()
    return redirect(url_for("export.show", enrolment_id=enrolment.id), 303)


@blueprint.post("/enrolments/<int:enrolment_id>/book/cancel")
@load(Enrolment, Permission.ENROLMENT_MAKE_BOOK)
def cancel(enrolment: Enrolment) -> ResponseReturnValue:
    """Stop the making of a book."""
    actions.cancel_book(database_session(), enrolment)
    commit()
    flash(worded("The Word {portfolio} is no longer being made."), "info")
    return redirect(url_for("export.show", enrolment_id=enrolment.id), 303)


@blueprint.get("/books/<int:word_book_id>/progress")
@load(WordBook, Permission.BOOK_SEE)
def progress(book: WordBook) -> ResponseReturnValue:
    """How far the making of a book is, for the page's script."""
    job = book.job
    return jsonify(state=job.state.value, done=job.done, total=job.total, message=worded(job.message))


@blueprint.get("/books/<int:word_book_id>/download")
@load(WordBook, Permission.BOOK_SEE)
def download(book: WordBook) -> ResponseReturnValue:
    """The book as a file to save."""
    return _file(book, book.blob, ".docx")


@blueprint.get("/books/<int:word_book_id>/pdf")
@load(WordBook, Permission.BOOK_SEE)
def download_pdf(book: WordBook) -> ResponseReturnValue:
    """The same as a PDF, where one was made."""
    return _file(book, book.pdf, ".pdf")


def _file(book: WordBook, blob: Blob | None, ending: str) -> ResponseReturnValue:
    held = breach_queries.withheld(database_session(), book.enrolment_id).get(book.id)
    if held:
        raise InvalidState(f"It holds {', '.join(held)}, hidden while personal data is taken out. Have a new one made.")
    made_on = day_of(book.made_at)
    if made_on is None or blob is None:
        raise NotFound(MISSING)
    return attachment(
        installation().store.open(book.enrolment.centre.uid, blob.sha256),
        name=file_name(book.enrolment.learner.name, made_on, Choice.of(book.choice), ending=ending),
        media_type=blob.media_type,
        size=blob.size,
        etag=blob.sha256,
    )
