"""Records that assessors make of a learner: for whom, a new one, changing its draft, and putting it on record."""

from dataclasses import dataclass
from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portfolio import clock
from portfolio.assessment import submitting
from portfolio.assessment.learner_queries import claims_seen, further_seen
from portfolio.criteria.rules import METHOD_WORDS, Method
from portfolio.enrolment import list_queries
from portfolio.enrolment import queries as enrolments
from portfolio.enrolment.list_queries import Wanted
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.rules import EnrolmentState
from portfolio.errors import Conflict, InvalidState, Rejected
from portfolio.evidence import actions, queries
from portfolio.evidence.models import Evidence
from portfolio.evidence.notes import Note, notes_of
from portfolio.evidence.rules import BY_ASSESSOR, Carrier, place_of_record
from portfolio.mapping.claiming import claim_from_notes
from portfolio.policy.checks import visible
from portfolio.policy.permissions import Permission
from portfolio.web import paging
from portfolio.web.access import load, requires
from portfolio.web.evidence.asking import NamedUnit, Question, questions_in, units_in
from portfolio.web.evidence.blueprint import blueprint
from portfolio.web.evidence.forms import said_by
from portfolio.web.evidence.kept import Keeping, keeping_at, kept_at, let_go, start_afresh
from portfolio.web.evidence.looking import points_for_new
from portfolio.web.evidence.notes_forms import MORE, Codes
from portfolio.web.evidence.onward import on_to_mapping
from portfolio.web.evidence.records_forms import (
    AddRecordForm,
    ChangeRecordForm,
    LearnerFilter,
    OnRecordForm,
    RecordForm,
)
from portfolio.web.evidence.saving import save_with_files
from portfolio.web.evidence.sending import room, take_in, waiting_files
from portfolio.web.evidence.writing_forms import asked_unit, begun, place_of
from portfolio.web.forms import CONFLICT, refuse, status
from portfolio.web.pointing import look_again, points_on, standing_at
from portfolio.web.previews import PLAYED, ShownFile, shown
from portfolio.web.session import SAFE, actor, attempt, commit, database_session, installation


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies round the lines: the learner's criteria, questions to begin from, and where all of it is kept."""

    method: Method
    keeping: Keeping
    codes: Codes
    units: list[NamedUnit]
    unit_id: int | None
    questions: list[Question]
    players: list[ShownFile]


@blueprint.get("/records/new")
@requires(Permission.CENTRE_MARK)
def choose_learner() -> ResponseReturnValue:
    """Of which learner something is to be recorded."""
    form = LearnerFilter(request.args)
    words = (form.q.data or "")[:100]
    found = list_queries.rows(
        database_session(),
        visible(actor(), Permission.ENROLMENT_ADD_RECORD),
        Wanted(words, EnrolmentState.ACTIVE),
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
    method = _asked_method()
    place = place_of_record(enrolment.id, method)
    if "afresh" in request.form:
        return start_afresh(place)
    form = begun(AddRecordForm, kept_at(place), method=method.value, event_on=clock.today())
    desk = _desk(method, place, enrolment, [])
    form.notes.prepare(desk.codes, method)
    if request.method == "POST":
        is_asked = _is_shown_again(form, desk)
        if not is_asked:
            form.validate()
        has_taken = take_in(form, enrolment)
        if not is_asked and not form.errors:
            try:
                evidence = _added(form, enrolment)
            except Rejected as refused:
                refuse(form, refused)
            else:
                let_go(place)
                return on_to_mapping(evidence)
        if has_taken:
            commit()
    page = render_template(
        "evidence/record.html",
        form=form,
        enrolment=enrolment,
        evidence=None,
        conflict=None,
        files=[],
        methods={each: METHOD_WORDS[each] for each in BY_ASSESSOR},
        desk=desk,
        points=points_for_new(enrolment),
        waiting=waiting_files(enrolment),
        room=room(enrolment),
    )
    return page, status(form)


def _asked_method() -> Method:
    """The kind of record that was asked for; an observation unless it is one that an assessor makes."""
    asked = request.values.get("method", "")
    return next((method for method in BY_ASSESSOR if method.value == asked), Method.OBSERVATION)


def _is_shown_again(form: RecordForm, desk: Desk) -> bool:
    """Whether the form was sent only to see it again: with more lines, a question taken, or those of another unit."""
    if "more" in request.form:
        form.notes.spare = MORE
    for question in desk.questions:
        if request.form.get("take") == str(question.id):
            form.notes.add(ask=question.text, codes=question.codes)
    return not {"more", "take", "prompts"}.isdisjoint(request.form)


def _desk(method: Method, place: str, enrolment: Enrolment, files: list[ShownFile]) -> Desk:
    own = enrolments.criteria_of(database_session(), enrolment.id)
    codes, asked = Codes(own), asked_unit()
    unit_id = (
        asked if asked in {one.enrolment_unit_id for one in own} else next((o.enrolment_unit_id for o in own), None)
    )
    return Desk(
        method=method,
        keeping=keeping_at(place),
        codes=codes,
        units=units_in(own, codes),
        unit_id=unit_id,
        questions=questions_in(own, unit_id, codes) if method is Method.QUESTIONS else [],
        players=[file for file in files if file.state == PLAYED],
    )


def _added(form: AddRecordForm, enrolment: Enrolment) -> Evidence:
    details = form.details
    if not details.is_written and not form.waiting.data:
        raise Rejected("Note what you saw, heard or asked, or add a file that says it.", "notes")
    with attempt():
        evidence = actions.add(
            database_session(),
            actor(),
            enrolment,
            installation().store,
            method=Method(form.method.data),
            carrier=Carrier.WRITTEN if details.is_written else Carrier.FILES,
            details=details,
            waiting=form.waiting.data or (),
        )
        claim_from_notes(database_session(), actor(), evidence)
    return evidence


def change_page(evidence: Evidence) -> ResponseReturnValue:
    """Change the draft of a record. When it changed meanwhile, both versions are shown."""
    draft = actions.draft_of(evidence)
    place = place_of(draft)
    if "afresh" in request.form:
        return start_afresh(place)
    files = queries.files_of(database_session(), draft.id)
    desk = _desk(evidence.method, place, evidence.enrolment, shown([(file.id, file) for file in files], top=4))
    form = begun(ChangeRecordForm, kept_at(place), **said_by(draft))
    form.notes.prepare(desk.codes, evidence.method)
    conflict = None
    if request.method == "POST" and _is_shown_again(form, desk):
        if take_in(form, evidence.enrolment):
            commit()
    elif request.method == "POST":
        follow = partial(_follow, evidence, notes_of(draft.notes), place)
        outcome = save_with_files(form, evidence, draft, then=follow)
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
        files=files,
        desk=desk,
        points=points_on(database_session(), evidence, is_typed=request.method not in SAFE),
        waiting=waiting_files(evidence.enrolment),
        room=room(evidence.enrolment),
    )
    return page, CONFLICT if conflict else status(form)


def _follow(evidence: Evidence, before: list[Note], place: str) -> None:
    """Have the claims follow the notes, which were `before` until now."""
    claim_from_notes(database_session(), actor(), evidence, before=before)
    let_go(place)


@blueprint.route("/evidence/<int:evidence_id>/put-on-record", methods=["GET", "POST"])
@load(Evidence, Permission.EVIDENCE_CHANGE)
def put_on_record(evidence: Evidence) -> ResponseReturnValue:
    """Declare that a record is true, and freeze it: from then on the learner sees it and it can be judged.

    Of one that is on record already, what it is claimed for besides.
    """
    if evidence.method not in BY_ASSESSOR:
        raise InvalidState("This is no record of {an assessor}. Its {learner} hands it in.")
    version = actions.claimable_of(evidence)
    seen = claims_seen if version.is_draft else further_seen
    claims = seen(database_session(), version.id)
    if not version.is_draft and not claims:
        raise InvalidState(f"{evidence.ref} is on record already.")
    form = OnRecordForm()
    if form.validate_on_submit():
        try:
            submitting.put_on_record(database_session(), actor(), evidence, declared=form.declared)
        except Rejected as refused:
            refuse(form, refused)
            look_again([evidence.id])
        else:
            commit()
            learner = evidence.enrolment.learner.name
            flash(f"{evidence.ref} is on record. {learner} sees it now, and it waits to be judged.", "met")
            return redirect(url_for("evidence.show", evidence_id=evidence.id), 303)
    page = render_template(
        "evidence/put_on_record.html",
        form=form,
        evidence=evidence,
        draft=version,
        claims=claims,
        stand=standing_at(database_session(), evidence.id),
        method=METHOD_WORDS[evidence.method],
    )
    return page, status(form)
