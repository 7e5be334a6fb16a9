"""Mapping one item to criteria: everything on one screen, with one note for many criteria."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from portfolio.assessment.learner_queries import decided_on
from portfolio.assessment.queries import UnitCoverage, coverage_of
from portfolio.criteria.queries import guidance_for_units
from portfolio.criteria.rules import METHOD_WORDS
from portfolio.errors import Rejected
from portfolio.evidence.actions import draft_of
from portfolio.evidence.models import Evidence
from portfolio.evidence.queries import files_of
from portfolio.evidence.rules import BY_ASSESSOR
from portfolio.mapping.actions import map_to
from portfolio.mapping.queries import ClaimText, claims_of, former_criteria
from portfolio.policy.permissions import Permission
from portfolio.web.access import load
from portfolio.web.forms import status
from portfolio.web.mapping.forms import (
    MapForm,
    annotation_for,
    carried,
    left_over,
    place_for,
    refuse_row,
    refuse_unfinished,
    ticked,
    wanted_from,
)
from portfolio.web.mapping.rows import unit_rows
from portfolio.web.previews import shown
from portfolio.web.session import actor, commit, database_session

blueprint = Blueprint("mapping", __name__)

MOVED = (
    "A unit was moved to newer criteria while you were writing. What you typed is here: look through it, "
    "and save again."
)


@blueprint.route("/evidence/<int:evidence_id>/map", methods=["GET", "POST"])
@load(Evidence, Permission.EVIDENCE_CHANGE)
def edit(evidence: Evidence) -> ResponseReturnValue:
    """Tick what the item shows and say how. Saving keeps everything, also what is not finished."""
    database = database_session()
    draft = draft_of(evidence)
    units = coverage_of(database, evidence.enrolment_id)
    form, bad_field, lacking, is_saved = MapForm(), "", frozenset[int](), False
    codes = {covered.criterion.id: covered.criterion.code for unit in units for covered in unit.criteria}
    former = former_criteria(database, evidence.enrolment_id, set(ticked(request.form)) - _unit_of(units).keys())
    sent = carried(request.form, former)
    if form.validate_on_submit():
        try:
            if former:
                raise Rejected(MOVED)
            wanted = wanted_from(sent, _unit_of(units), form.shared.data or "")
            count = map_to(database, actor(), evidence, wanted=wanted)
        except Rejected as refused:
            bad_field = refuse_row(form, refused, codes)
        else:
            commit()
            is_saved = True
            if "hand_in" in request.form:
                lacking = refuse_unfinished(form, wanted, codes)
            if not form.errors:
                return _onwards(evidence, count)
    versions = unit_rows(
        units,
        guidance_for_units(database, {unit.unit_version_id for unit in units}),
        evidence_id=evidence.id,
        chosen=_chosen(claims_of(database, draft.id), units, sent),
        decided=decided_on(database, evidence.current.id) if evidence.current else {},
    )
    page = render_template(
        "mapping/edit.html",
        form=form,
        bad_field=bad_field,
        lacking=lacking,
        is_saved=is_saved,
        left_over=left_over(request.form, former),
        evidence=evidence,
        draft=draft,
        units=versions,
        files=shown([(file.id, file) for file in files_of(database, draft.id)], top=4),
        method=METHOD_WORDS[evidence.method],
        is_record=evidence.method in BY_ASSESSOR,
    )
    return page, status(form)


def _unit_of(units: list[UnitCoverage]) -> dict[int, int]:
    return {covered.criterion.id: unit.enrolment_unit_id for unit in units for covered in unit.criteria}


def _chosen(
    kept: Mapping[int, ClaimText], units: list[UnitCoverage], sent: MultiDict[str, str]
) -> Mapping[int, ClaimText]:
    """What stands ticked: what was just sent, else what is kept, else the criterion that the item was added for."""
    if request.method == "POST":
        return {id_: ClaimText(annotation_for(sent, id_), place_for(sent, id_)) for id_ in set(ticked(sent))}
    asked = request.args.get("criterion", type=int)
    return kept or ({asked: ClaimText("", "")} if asked in _unit_of(units) else {})


def _onwards(evidence: Evidence, count: int) -> ResponseReturnValue:
    if "hand_in" in request.form:
        if evidence.method in BY_ASSESSOR:
            return redirect(url_for("evidence.put_on_record", evidence_id=evidence.id), 303)
        to = url_for("submissions.new", enrolment_id=evidence.enrolment_id, item=evidence.id)
        return redirect(to, 303)
    told = f"is mapped to {count} {'criterion' if count == 1 else 'criteria'}" if count else "is not mapped yet"
    flash(f"Saved. {evidence.ref} {told}.", "met" if count else "info")
    return redirect(url_for("mapping.edit", evidence_id=evidence.id), 303)
