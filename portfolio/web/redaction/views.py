"""Redacting a file: marking by hand, having the new version made, looking at it, and using it or not.

Each file of an item has its page, for whoever may change the item or mend it while it is hidden. A version that was
made is seen here alone until it is used.
"""

from flask import Response, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portfolio import housekeeping
from portfolio.centres.models import Centre
from portfolio.errors import Conflict, InvalidState, NotFound, Rejected
from portfolio.evidence.models import EvidenceFile
from portfolio.policy.permissions import Permission
from portfolio.redaction import actions, queries, using
from portfolio.redaction.models import Redaction
from portfolio.redaction.queries import RedactionSeen
from portfolio.redaction.rules import RedactionState
from portfolio.redaction.using import Original, Used
from portfolio.screening import sorting
from portfolio.web.access import MISSING, load
from portfolio.web.downloads import attachment
from portfolio.web.forms import CONFLICT, UNPROCESSABLE, refuse, status
from portfolio.web.jinja import day
from portfolio.web.previews import shot_in
from portfolio.web.redaction.blueprint import blueprint
from portfolio.web.redaction.forms import MissedForm
from portfolio.web.redaction.marks import as_numbers, counted, marks_in, rows_sent
from portfolio.web.redaction.page import desk_of, page, stands_in, state_of
from portfolio.web.security import DOWNLOAD_CSP
from portfolio.web.session import actor, commit, database_session, installation, is_for_script
from portfolio.web.terms import told

NOT_THERE = (
    "These words are not in what can be read of the file. Type them as they stand there, or mark the place by hand."
)
WHILE_HIDDEN = (
    "While an item is hidden, nothing more is looked for in it. Mark the place by hand, or use a file of your own."
)


@blueprint.get("/files/<int:evidence_file_id>/redact")
@load(EvidenceFile, Permission.FILE_REDACT)
def show(file: EvidenceFile) -> str:
    """What goes from the file and what is marked in it; how far the new version is; or that version with its proof."""
    return page(desk_of(file, again="again" in request.args), file.version.evidence)


@blueprint.post("/files/<int:evidence_file_id>/redact/marks")
@load(EvidenceFile, Permission.FILE_REDACT)
def mark(file: EvidenceFile) -> ResponseReturnValue:
    """Save what is marked by hand; 409 with what stands when another window saved something else."""
    sent, database = rows_sent(request.form), database_session()
    try:
        boxes, silences = marks_in(sent)
        rev = actions.mark(database, file, boxes, silences, rev=sent.rev)
    except Rejected as refused:
        database.rollback()
        if is_for_script():
            return jsonify(message=told(refused)), UNPROCESSABLE
        return page(desk_of(file, sent=sent, fault=told(refused)), file.version.evidence), UNPROCESSABLE
    except Conflict as late:
        database.rollback()
        now = queries.marks_of(database, file.version.evidence.uid, file.blob.sha256)
        if is_for_script():
            return jsonify(message=told(late), rev=now.rev, rows=as_numbers(now.boxes, now.silences)), CONFLICT
        desk = desk_of(file, sent=sent.on(now.rev))
        words = counted(len(now.boxes), len(now.silences))
        return page(desk, file.version.evidence, theirs=words), CONFLICT
    commit()
    if is_for_script():
        return jsonify(rev=rev)
    flash("The marks are saved.", "met")
    return redirect(url_for("redaction.show", evidence_file_id=file.id, _anchor="numbers"), 303)


@blueprint.post("/files/<int:evidence_file_id>/redact/missed")
@load(EvidenceFile, Permission.FILE_REDACT)
def missed(file: EvidenceFile) -> ResponseReturnValue:
    """Say which words of the file were missed; it is looked through once more for them."""
    form, evidence = MissedForm(), file.version.evidence
    if evidence.hidden_at is not None:
        raise InvalidState(WHILE_HIDDEN)
    if form.validate_on_submit():
        try:
            words = form.words.data or ""
            if not stands_in(file, words):
                raise Rejected(NOT_THERE, "words")
            sorting.mark_in_file(database_session(), actor(), evidence, words=words, label=form.sort)
            commit()
            flash("Marked. The file is looked through once more.", "met")
            return _back(file)
        except Rejected as refused:
            database_session().rollback()
            refuse(form, refused)
    return page(desk_of(file, missed=form), evidence), status(form)


@blueprint.post("/files/<int:evidence_file_id>/redact/make")
@load(EvidenceFile, Permission.FILE_REDACT)
def make(file: EvidenceFile) -> ResponseReturnValue:
    """Have the new version made; one that is being made already is the answer too."""
    actions.ask(database_session(), actor(), file)
    commit()
    installation().waker.wake()
    return _back(file)


@blueprint.get("/files/<int:evidence_file_id>/redact/state")
@load(EvidenceFile, Permission.FILE_REDACT)
def state(file: EvidenceFile) -> ResponseReturnValue:
    """How far it is, for the page's script."""
    return jsonify(state_of(file))


@blueprint.get("/files/<int:evidence_file_id>/redact/result")
@load(EvidenceFile, Permission.FILE_REDACT)
def result(file: EvidenceFile) -> ResponseReturnValue:
    """The version that was made, as a file to save."""
    made = _made(file)
    return attachment(
        installation().store.open(_centre(file).uid, made.result_sha256),
        name=made.result_name,
        media_type=made.result_type,
        size=made.result_size,
        etag=made.result_sha256,
    )


@blueprint.get("/files/<int:evidence_file_id>/redact/result/<int:part>")
@load(EvidenceFile, Permission.FILE_REDACT)
def result_part(file: EvidenceFile, part: int) -> ResponseReturnValue:
    """One picture of the preview of the version that was made."""
    found = shot_in(queries.result_preview(database_session(), _made(file).id), part)
    if found is None:
        raise NotFound(MISSING)
    shot, content = found
    response = Response(content, content_type=shot.media_type)
    response.headers["Content-Security-Policy"] = DOWNLOAD_CSP
    response.headers["Content-Disposition"] = "inline"
    return response


@blueprint.post("/files/<int:evidence_file_id>/redact/use")
@load(EvidenceFile, Permission.FILE_REDACT)
def use(file: EvidenceFile) -> ResponseReturnValue:
    """The new version takes the place of the file. What was let go is destroyed before anybody is told that it is."""
    centre = _centre(file)
    used = using.use(database_session(), actor(), file, checked="checked" in request.form)
    name = file.name
    commit()
    _destroy(centre)
    flash(f"{name} is in its place. {became(used)}", "met")
    return _back(file)


@blueprint.post("/files/<int:evidence_file_id>/redact/drop")
@load(EvidenceFile, Permission.FILE_REDACT)
def drop(file: EvidenceFile) -> ResponseReturnValue:
    """The new version is not used, or not waited for. What is marked on the file stays."""
    centre = _centre(file)
    actions.drop(database_session(), actor(), file)
    commit()
    _destroy(centre)
    flash("That version is thrown away. What you marked is still here.", "info")
    return _back(file)


@blueprint.get("/redactions/<int:redaction_id>/original")
@load(Redaction, Permission.REDACTION_HOLD)
def original(redaction: Redaction) -> ResponseReturnValue:
    """An original that is held, for whoever redacted it alone."""
    blob = redaction.original
    if blob is None:
        raise NotFound(MISSING)
    return attachment(
        installation().store.open(redaction.enrolment.centre.uid, blob.sha256),
        name=redaction.original_name,
        media_type=blob.media_type,
        size=blob.size,
        etag=blob.sha256,
    )


@blueprint.post("/redactions/<int:redaction_id>/let-go")
@load(Redaction, Permission.REDACTION_HOLD)
def let_go(redaction: Redaction) -> ResponseReturnValue:
    """Destroy an original before its time."""
    centre, name = redaction.enrolment.centre, redaction.original_name
    enrolment_id, evidence_id = redaction.enrolment_id, request.form.get("evidence", type=int)
    using.let_go(database_session(), actor(), redaction)
    commit()
    _destroy(centre)
    flash(f"The original of {name} is destroyed." if name else "The original is destroyed.", "met")
    if evidence_id is not None:
        return redirect(url_for("evidence.show", evidence_id=evidence_id), 303)
    return redirect(url_for("evidence.index", enrolment_id=enrolment_id), 303)


def became(used: Used) -> str:
    """What became of the original, in a sentence."""
    if used.original is Original.HELD:
        return f"The original is held for you alone until {day(used.held_until)}."
    if used.original is Original.ON_RECORD:
        versions = " and ".join(f"version {number}" for number in used.versions)
        return f"The original is still in {versions}, which was handed in. To take it out there, hide the item first."
    if used.original is Original.ELSEWHERE:
        return (
            "The original is gone from this item. Another item of this portfolio has it as well, where it stays until "
            "it is taken out there."
        )
    return "The original is destroyed in this portfolio."


def _made(file: EvidenceFile) -> RedactionSeen:
    """The version that was made of a file and waits to be used."""
    found = queries.redaction_of(database_session(), file.version.evidence.uid, file.blob.sha256)
    if found is None or found.state is not RedactionState.MADE:
        raise NotFound(MISSING)
    return found


def _centre(file: EvidenceFile) -> Centre:
    return file.version.evidence.enrolment.centre


def _destroy(centre: Centre) -> None:
    served = installation()
    housekeeping.destroy(served.database, served.store, served.previews, centre)


def _back(file: EvidenceFile) -> ResponseReturnValue:
    return redirect(url_for("redaction.show", evidence_file_id=file.id), 303)
