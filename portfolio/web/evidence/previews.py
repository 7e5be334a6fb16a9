"""A file seen large, the pictures that were made of it, and asking for what is not there yet.

Whoever may not download a file gets none of these either. What is sent from here was made anew; the original leaves
only as an attachment.
"""

from flask import Response, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portfolio.errors import NotFound
from portfolio.evidence.models import EvidenceFile
from portfolio.evidence.queries import FileRow
from portfolio.policy.checks import can
from portfolio.policy.permissions import Permission
from portfolio.previews import actions
from portfolio.screening import asking
from portfolio.web import previews
from portfolio.web.access import MISSING, load
from portfolio.web.evidence.blueprint import blueprint
from portfolio.web.security import DOWNLOAD_CSP
from portfolio.web.session import actor, commit, database_session, installation


@blueprint.get("/files/<int:evidence_file_id>/preview")
@load(EvidenceFile, Permission.FILE_DOWNLOAD)
def preview(file: EvidenceFile) -> ResponseReturnValue:
    """The whole preview on a page of its own."""
    evidence = file.version.evidence
    row = FileRow(file.id, file.name, file.blob.size, file.blob.media_type)
    return render_template(
        "evidence/preview.html",
        evidence=evidence,
        version=file.version,
        enrolment=evidence.enrolment,
        is_owner=can(actor(), Permission.ENROLMENT_ADD_EVIDENCE, evidence.enrolment),
        shown=previews.shown([(file.id, row)], top=2, room=None)[0],
    )


@blueprint.post("/files/<int:evidence_file_id>/preview")
@load(EvidenceFile, Permission.FILE_DOWNLOAD)
def ask_for_preview(file: EvidenceFile) -> ResponseReturnValue:
    """Have a preview made where there is none, and what could not be read for want of one looked through again."""
    are_lost = previews.state_of(file.id, file.blob.media_type) == previews.MISSING
    if actions.ask_again(database_session(), file.blob, are_parts_lost=are_lost):
        asking.ask_again(database_session(), asking.unread_of(database_session(), file.blob))
    commit()
    installation().waker.wake()
    return redirect(url_for("evidence.preview", evidence_file_id=file.id), 303)


@blueprint.get("/files/<int:evidence_file_id>/preview/state")
@load(EvidenceFile, Permission.FILE_DOWNLOAD)
def preview_state(file: EvidenceFile) -> ResponseReturnValue:
    """Whether it is there yet, for the page's script."""
    return jsonify(state=previews.state_of(file.id, file.blob.media_type))


@blueprint.get("/files/<int:evidence_file_id>/preview/<int:part>")
@load(EvidenceFile, Permission.FILE_DOWNLOAD)
def preview_part(file: EvidenceFile, part: int) -> ResponseReturnValue:
    """One picture that was made of the file."""
    found = previews.shot_of(file.id, part)
    if found is None:
        raise NotFound(MISSING)
    shot, content = found
    response = Response(content, content_type=shot.media_type)
    response.headers["Content-Security-Policy"] = DOWNLOAD_CSP
    response.headers["Content-Disposition"] = "inline"
    return response
