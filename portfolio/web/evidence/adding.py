"""Items made of files: adding one, changing its draft, taking a file out."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portfolio.criteria.rules import Method
from portfolio.enrolment.models import Enrolment
from portfolio.errors import Conflict, Rejected
from portfolio.evidence import actions, queries
from portfolio.evidence.models import Evidence, EvidenceFile
from portfolio.evidence.rules import Carrier
from portfolio.policy.permissions import Permission
from portfolio.web.access import load
from portfolio.web.evidence.blueprint import blueprint
from portfolio.web.evidence.forms import METHOD_HINTS, AddFilesForm, ChangeFilesForm, said_by
from portfolio.web.evidence.looking import points_for_new
from portfolio.web.evidence.onward import meant, on_to_mapping
from portfolio.web.evidence.saving import save_with_files
from portfolio.web.evidence.sending import room, take_in, waiting_files
from portfolio.web.forms import CONFLICT, refuse, status
from portfolio.web.pointing import points_on
from portfolio.web.session import SAFE, actor, attempt, commit, database_session, installation


@blueprint.route("/enrolments/<int:enrolment_id>/evidence/add-files", methods=["GET", "POST"])
@load(Enrolment, Permission.ENROLMENT_ADD_EVIDENCE, takes_files=True)
def add_files(enrolment: Enrolment) -> ResponseReturnValue:
    """A new item made of files; then on to mapping it."""
    form = AddFilesForm()
    if request.method == "POST":
        form.validate()
        has_taken = take_in(form, enrolment)
        if not form.errors:
            try:
                return on_to_mapping(_added(form, enrolment))
            except Rejected as refused:
                refuse(form, refused)
        if has_taken:
            commit()
    waiting = waiting_files(enrolment)
    if request.method != "POST":
        form.waiting.data = [file.uid for file in waiting]
    page = render_template(
        "evidence/add_files.html",
        form=form,
        enrolment=enrolment,
        meant=meant(enrolment),
        hints=METHOD_HINTS,
        points=points_for_new(enrolment),
        waiting=waiting,
        room=room(enrolment),
    )
    return page, status(form)


def _added(form: AddFilesForm, enrolment: Enrolment) -> Evidence:
    with attempt():
        return actions.add(
            database_session(),
            actor(),
            enrolment,
            installation().store,
            method=Method(form.method.data),
            carrier=Carrier.FILES,
            details=form.details,
            waiting=form.waiting.data or (),
        )


def change_page(evidence: Evidence) -> ResponseReturnValue:
    """Change the draft of an item made of files. When it changed meanwhile, both versions are shown."""
    draft = actions.draft_of(evidence)
    form = ChangeFilesForm(data=said_by(draft))
    conflict = None
    if request.method == "POST":
        outcome = save_with_files(form, evidence, draft)
        if outcome is not None and not isinstance(outcome, Conflict):
            return outcome
        conflict = outcome
    page = render_template(
        "evidence/edit_files.html",
        form=form,
        evidence=evidence,
        draft=draft,
        conflict=conflict,
        files=queries.files_of(database_session(), draft.id),
        points=points_on(database_session(), evidence, is_typed=request.method not in SAFE),
        waiting=waiting_files(evidence.enrolment),
        room=room(evidence.enrolment),
    )
    return page, CONFLICT if conflict else status(form)


@blueprint.post("/files/<int:evidence_file_id>/remove")
@load(EvidenceFile, Permission.FILE_REMOVE)
def remove_file(file: EvidenceFile) -> ResponseReturnValue:
    """Take a file out of a draft."""
    evidence_id, name = file.version.evidence_id, file.name
    actions.remove_file(database_session(), actor(), file)
    commit()
    flash(f"{name} is removed.", "info")
    return redirect(url_for("evidence.edit", evidence_id=evidence_id), 303)
