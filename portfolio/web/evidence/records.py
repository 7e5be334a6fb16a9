"""Records that assessors make of a learner: for whom, a new one, changing its draft, and putting it on record."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portfolio.assessment import submitting
from portfolio.assessment.learner_queries import claims_seen
from portfolio.criteria.rules import METHOD_WORDS, Method
from portfolio.enrolment import queries as enrolments
from portfolio.enrolment.models import Enrolment
from portfolio.errors import Conflict, InvalidState, Rejected
from portfolio.evidence import actions, queries
from portfolio.evidence.models import Evidence
from portfolio.evidence.rules import BY_ASSESSOR, Carrier
from portfolio.policy.checks import visible
from portfolio.policy.permissions import Permission
from portfolio.web import paging
from portfolio.web.access import load, requires
from portfolio.web.evidence.blueprint import blueprint
from portfolio.web.evidence.forms import said_by
from portfolio.web.evidence.onward import on_to_mapping
from portfolio.web.evidence.records_forms import (
    RECORD_HINTS,
    AddRecordForm,
    ChangeRecordForm,
    LearnerFilter,
    OnRecordForm,
)
from portfolio.web.evidence.saving import save_with_files
from portfolio.web.evidence.sending import room, take_in, waiting_files
from portfolio.web.forms import refuse, status
from portfolio.web.session import actor, attempt, commit, database_session, installation


@blueprint.get("/records/new")
@requires(Permission.CENTRE_MARK)
def choose_learner() -> ResponseReturnValue:
    """Of which learner something is to be recorded."""
    form = LearnerFilter(request.args)
    words = (form.q.data or "")[:100]
    found = enrolments.rows(
        database_session(),
        visible(actor(), Permission.ENROLMENT_ADD_RECORD),
        search=words,
        offset=paging.offset(),
        limit=paging.ROWS + 1,
    )
    return render_template(
        "evidence/choose_learner.html", form=form, page=paging.page_of(found, {"q": words}), is_filtered=bool(words)
    )


@blueprint.route("/enrolments/<int:enrolment_id>/records/new", methods=["GET", "POST"])
@load(Enrolment, Permission.ENROLMENT_ADD_RECORD, takes_files=True)
def record(enrolment: Enrolment) -> ResponseReturnValue:
    """A new record of a learner; then on to mapping it."""
    form = AddRecordForm()
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
    page = render_template(
        "evidence/record.html",
        form=form,
        enrolment=enrolment,
        evidence=None,
        conflict=None,
        files=[],
        hints=RECORD_HINTS,
        waiting=waiting_files(enrolment),
        room=room(enrolment),
    )
    return page, status(form)


def _added(form: AddRecordForm, enrolment: Enrolment) -> Evidence:
    is_written = bool((form.body.data or "").strip())
    if not is_written and not form.waiting.data:
        raise Rejected("Write what you saw, heard or asked, or add a file that says it.", "body")
    with attempt():
        return actions.add(
            database_session(),
            actor(),
            enrolment,
            installation().store,
            method=Method(form.method.data),
            carrier=Carrier.WRITTEN if is_written else Carrier.FILES,
            details=form.details,
            waiting=form.waiting.data or (),
        )


def change_page(evidence: Evidence) -> ResponseReturnValue:
    """Change the draft of a record. When it changed meanwhile, both versions are shown."""
    draft = actions.draft_of(evidence)
    form = ChangeRecordForm(data=said_by(draft))
    conflict = None
    if request.method == "POST":
        outcome = save_with_files(form, evidence, draft)
        if outcome is not None and not isinstance(outcome, Conflict):
            return outcome
        conflict = outcome
    page = render_template(
        "evidence/record.html",
        form=form,
        enrolment=evidence.enrolment,
        evidence=evidence,
        draft=draft,
        conflict=conflict,
        files=queries.files_of(database_session(), draft.id),
        hints=RECORD_HINTS,
        waiting=waiting_files(evidence.enrolment),
        room=room(evidence.enrolment),
    )
    return page, 409 if conflict else status(form)


@blueprint.route("/evidence/<int:evidence_id>/put-on-record", methods=["GET", "POST"])
@load(Evidence, Permission.EVIDENCE_CHANGE)
def put_on_record(evidence: Evidence) -> ResponseReturnValue:
    """Declare that a record is true, and freeze it: from then on the learner sees it and it can be judged."""
    if evidence.method not in BY_ASSESSOR:
        raise InvalidState("This is no record of an assessor. Its learner hands it in.")
    draft = actions.draft_of(evidence)
    form = OnRecordForm()
    if form.validate_on_submit():
        try:
            submitting.put_on_record(database_session(), actor(), evidence, declared=form.declared)
        except Rejected as refused:
            refuse(form, refused)
        else:
            commit()
            learner = evidence.enrolment.learner.name
            flash(f"{evidence.ref} is on record. {learner} sees it now, and it waits to be judged.", "met")
            return redirect(url_for("evidence.show", evidence_id=evidence.id), 303)
    page = render_template(
        "evidence/put_on_record.html",
        form=form,
        evidence=evidence,
        draft=draft,
        claims=claims_seen(database_session(), draft.id),
        method=METHOD_WORDS[evidence.method],
    )
    return page, status(form)
