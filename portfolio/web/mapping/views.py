"""Mapping one item to criteria: everything on one screen, with one note for many criteria.

A script saves in the background by the same address: it asks for JSON, and gets the number of the mapping, what was
wrong, or the other version when another window was first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from portfolio import clock
from portfolio.criteria.rules import METHOD_WORDS
from portfolio.errors import Conflict, Rejected
from portfolio.evidence.models import Evidence
from portfolio.evidence.queries import files_of
from portfolio.evidence.rules import BY_ASSESSOR
from portfolio.mapping.actions import Mapped, Wanted, map_to
from portfolio.mapping.queries import ClaimText, FormerCriterion, claims_of, former_criteria, rev_of
from portfolio.mapping.rules import CLAIMS_BELIEVED
from portfolio.policy.permissions import Permission
from portfolio.web.access import load
from portfolio.web.cookies import form_token
from portfolio.web.forms import CONFLICT, UNPROCESSABLE, status
from portfolio.web.mapping.desk import Desk, apart, desk_of, shared_notes
from portfolio.web.mapping.forms import (
    MapForm,
    carried,
    left_over,
    refuse_row,
    refuse_unfinished,
    said_in,
    ticked,
    wanted_from,
)
from portfolio.web.pointing import points_on_map, standing_at
from portfolio.web.previews import shown
from portfolio.web.session import SAFE, actor, commit, database_session, installation, is_for_script
from portfolio.web.terms import told

blueprint = Blueprint("mapping", __name__)

MOVED = (
    "{A unit} was moved to newer criteria while you were writing. What you typed is here: look through it, "
    "and save again."
)


@dataclass(slots=True)
class Attempt:
    """What came of what was sent. `rev` is the number of the mapping on which the next one builds."""

    form: MapForm
    sent: MultiDict[str, str]
    rev: int
    former: Mapping[int, FormerCriterion] = field(default_factory=dict)
    wanted: list[Wanted] = field(default_factory=list)
    mapped: Mapped | None = None
    refused: Rejected | None = None
    other: Mapping[int, ClaimText] | None = None
    bad_field: str = ""
    lacking: frozenset[int] = frozenset()


@blueprint.route("/evidence/<int:evidence_id>/map", methods=["GET", "POST"])
@load(Evidence, Permission.EVIDENCE_CHANGE)
def edit(evidence: Evidence) -> ResponseReturnValue:
    """Tick what the item shows and say how. Saving keeps everything, also what is not finished."""
    desk = desk_of(evidence)
    is_script = is_for_script()
    if request.method in SAFE:
        if is_script:
            return jsonify(person=actor().uid, csrf_token=form_token(), rev=desk.rev)
        return _page(desk, Attempt(MapForm(), request.form, desk.rev)), 200
    tried = _save(desk)
    if tried.mapped is not None:
        commit()
    if is_script:
        return _told(desk, tried)
    if tried.mapped is not None:
        if "hand_in" in request.form:
            tried.lacking = refuse_unfinished(tried.form, tried.wanted, desk.names)
        if not tried.form.errors:
            return _onwards(evidence, tried.mapped.count)
    return _page(desk, tried), CONFLICT if tried.other is not None else status(tried.form)


def _save(desk: Desk) -> Attempt:
    """Map the item to what was sent, unless something is wrong with it; the caller commits."""
    database, form = database_session(), MapForm()
    former = former_criteria(database, desk.evidence.enrolment_id, set(ticked(request.form)) - desk.criteria.keys())
    tried = Attempt(form, carried(request.form, former), request.form.get("rev", desk.rev, type=int), former)
    if not form.validate_on_submit():
        return tried
    try:
        if former:
            raise Rejected(MOVED)
        tried.wanted = wanted_from(tried.sent, desk.unit_of, form.shared.data or "")
        tried.mapped = map_to(database, actor(), desk.evidence, wanted=tried.wanted, rev=tried.rev)
        tried.rev = tried.mapped.rev
    except Rejected as refused:
        tried.refused, tried.bad_field = refused, refuse_row(form, refused, desk.names)
    except Conflict:
        tried.other = claims_of(database, desk.version.id)
        tried.rev = rev_of(desk.version.id, tried.other)
    return tried


def _told(desk: Desk, tried: Attempt) -> ResponseReturnValue:
    """The answer to a script."""
    if tried.other is not None:
        theirs = {id_: {"annotation": text.annotation, "place": text.place} for id_, text in tried.other.items()}
        return jsonify(rev=tried.rev, theirs=theirs), CONFLICT
    if tried.mapped is None:
        faults = {one.name: str(one.errors[0]) for one in tried.form if one.errors}
        if tried.refused is not None:
            faults[tried.refused.field or ""] = told(tried.refused)
        return jsonify(faults=faults, moved=bool(tried.former)), UNPROCESSABLE
    count = tried.mapped.count + len(desk.locked)
    with installation().database.reading() as database:
        stand = standing_at(database, desk.evidence.id)
    return jsonify(
        rev=tried.rev,
        saved=f"{clock.now().astimezone(clock.UK):%H:%M}",
        count=count,
        stand=stand.words,
        is_clear=stand.is_clear,
    )


def _page(desk: Desk, tried: Attempt) -> str:
    chosen, database = _chosen(desk, tried.sent), database_session()
    files, standing = files_of(database, desk.version.id), _standing(desk, tried, chosen)
    points, stand = points_on_map(database, desk.evidence.id, desk.kept, is_typed=request.method not in SAFE)
    return render_template(
        "mapping/edit.html",
        form=tried.form,
        rev=tried.rev,
        standing=standing,
        points=points,
        stand=stand,
        bad_field=tried.bad_field,
        lacking=tried.lacking,
        is_saved=tried.mapped is not None,
        differs=None if tried.other is None else apart(chosen, tried.other, desk.names),
        left_over=left_over(request.form, tried.former),
        evidence=desk.evidence,
        version=desk.version,
        units=desk.rows(chosen),
        notes_shared=shared_notes(chosen, desk),
        locked=len(desk.locked),
        believed=CLAIMS_BELIEVED,
        files=shown([(file.id, file) for file in files], top=4),
        method=METHOD_WORDS[desk.evidence.method],
        is_record=desk.evidence.method in BY_ASSESSOR,
    )


def _chosen(desk: Desk, sent: MultiDict[str, str]) -> Mapping[int, ClaimText]:
    """What stands ticked: what was just sent, else what is kept, else the criterion that the item was added for."""
    if request.method not in SAFE:
        return said_in(sent)
    asked = request.args.get("criterion", type=int)
    is_new = not desk.kept and asked in desk.criteria and asked not in desk.locked
    return {asked: ClaimText("", "")} if is_new and asked is not None else desk.kept


def _standing(desk: Desk, tried: Attempt, chosen: Mapping[int, ClaimText]) -> str:
    """How the page stands to what is saved: `kept`; `added`, with a tick that is not; or `typed`, and not taken."""
    if tried.mapped is not None or chosen is desk.kept:
        return "kept"
    return "added" if request.method in SAFE else "typed"


def _onwards(evidence: Evidence, count: int) -> ResponseReturnValue:
    if "hand_in" in request.form:
        if evidence.method in BY_ASSESSOR:
            return redirect(url_for("evidence.put_on_record", evidence_id=evidence.id), 303)
        to = url_for("submissions.new", enrolment_id=evidence.enrolment_id, item=evidence.id)
        return redirect(to, 303)
    told = f"is mapped to {count} {'criterion' if count == 1 else 'criteria'}" if count else "is not mapped yet"
    flash(f"Saved. {evidence.ref} {told}.", "met" if count else "info")
    return redirect(url_for("mapping.edit", evidence_id=evidence.id), 303)
