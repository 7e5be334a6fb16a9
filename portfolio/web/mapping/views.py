"""Mapping one item to criteria: everything on one screen, with one note for many criteria."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portfolio.assessment.learner_queries import said_on_version
from portfolio.assessment.queries import UnitCoverage, coverage_of
from portfolio.criteria.queries import guidance_for_units
from portfolio.criteria.rules import METHOD_WORDS
from portfolio.errors import Rejected
from portfolio.evidence.actions import draft_of
from portfolio.evidence.models import Evidence
from portfolio.evidence.queries import files_of
from portfolio.mapping.actions import map_to
from portfolio.mapping.queries import ClaimText, claims_of
from portfolio.policy.permissions import Permission
from portfolio.web.access import load
from portfolio.web.forms import status
from portfolio.web.mapping.forms import MapForm, annotation_for, place_for, refuse_row, ticked, wanted_from
from portfolio.web.mapping.rows import unit_rows
from portfolio.web.session import actor, commit, database_session

blueprint = Blueprint("mapping", __name__)


@blueprint.route("/evidence/<int:evidence_id>/map", methods=["GET", "POST"])
@load(Evidence, Permission.EVIDENCE_CHANGE)
def edit(evidence: Evidence) -> ResponseReturnValue:
    """Tick what the item shows and say how. Saving keeps everything, also what is not finished."""
    database = database_session()
    draft = draft_of(evidence)
    units = coverage_of(database, evidence.enrolment_id)
    form, bad_field = MapForm(), ""
    if form.validate_on_submit():
        try:
            count = map_to(
                database, actor(), evidence, wanted=wanted_from(request.form, _unit_of(units), form.shared.data or "")
            )
        except Rejected as refused:
            bad_field = refuse_row(form, refused, {c.criterion.id: c.criterion.code for u in units for c in u.criteria})
        else:
            return _saved(evidence, count)
    versions = unit_rows(
        units,
        guidance_for_units(database, {unit.unit_version_id for unit in units}),
        evidence_id=evidence.id,
        chosen=_chosen(claims_of(database, draft.id), units),
        said=said_on_version(database, evidence.current.id) if evidence.current else {},
    )
    page = render_template(
        "mapping/edit.html",
        form=form,
        bad_field=bad_field,
        evidence=evidence,
        draft=draft,
        units=versions,
        files=files_of(database, draft.id),
        method=METHOD_WORDS[evidence.method],
    )
    return page, status(form)


def _unit_of(units: list[UnitCoverage]) -> dict[int, int]:
    return {covered.criterion.id: unit.enrolment_unit_id for unit in units for covered in unit.criteria}


def _chosen(kept: Mapping[int, ClaimText], units: list[UnitCoverage]) -> Mapping[int, ClaimText]:
    """What stands ticked: what was just sent, else what is kept, else the criterion that the item was added for."""
    if request.method == "POST":
        chosen = set(ticked(request.form))
        return {id_: ClaimText(annotation_for(request.form, id_), place_for(request.form, id_)) for id_ in chosen}
    asked = request.args.get("criterion", type=int)
    return kept or ({asked: ClaimText("", "")} if asked in _unit_of(units) else {})


def _saved(evidence: Evidence, count: int) -> ResponseReturnValue:
    commit()
    if "hand_in" in request.form:
        to = url_for("submissions.new", enrolment_id=evidence.enrolment_id, item=evidence.id)
        return redirect(to, 303)
    told = f"is mapped to {count} {'criterion' if count == 1 else 'criteria'}" if count else "is not mapped yet"
    flash(f"Saved. {evidence.ref} {told}.", "met" if count else "info")
    return redirect(url_for("mapping.edit", evidence_id=evidence.id), 303)
