"""Accounts that are written here: a new one, and changing the draft of one. What is typed is kept until it is saved."""

from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from portfolio.assessment.queries import UnitCoverage, coverage_of
from portfolio.criteria.queries import guidance_for
from portfolio.criteria.rules import Method
from portfolio.drafts.models import Draft
from portfolio.drafts.queries import row_at
from portfolio.enrolment.models import Enrolment
from portfolio.errors import Conflict, Rejected
from portfolio.evidence import actions
from portfolio.evidence.models import Evidence
from portfolio.evidence.rules import Carrier, place_of_writing
from portfolio.mapping.actions import map_to
from portfolio.mapping.queries import claims_of, former_criteria
from portfolio.policy.permissions import Permission
from portfolio.web.access import load
from portfolio.web.evidence.blueprint import blueprint
from portfolio.web.evidence.forms import give_rev, said_by
from portfolio.web.evidence.kept import kept_at, let_go, start_afresh
from portfolio.web.evidence.looking import points_for_new
from portfolio.web.evidence.onward import meant, on_to_mapping
from portfolio.web.evidence.prompts import PromptGroup, groups_for, unit_of_each, unit_to_show, with_criteria
from portfolio.web.evidence.saving import change, saved
from portfolio.web.evidence.writing_forms import (
    AccountForm,
    RewriteForm,
    WriteForm,
    asked_unit,
    begun,
    place_of,
    wanted_with,
)
from portfolio.web.forms import CONFLICT, refuse, status
from portfolio.web.pointing import points_on
from portfolio.web.session import SAFE, actor, database_session, installation


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies round the text. `kept` is the draft with which the page opens; `rev` is what stands at its place."""

    url: str
    place: str
    rev: int
    kept: Draft | None
    units: list[UnitCoverage]
    shown: UnitCoverage | None
    groups: list[PromptGroup]
    is_new: bool
    is_preview: bool
    is_typed: bool


@blueprint.route("/enrolments/<int:enrolment_id>/evidence/write", methods=["GET", "POST"])
@load(Enrolment, Permission.ENROLMENT_ADD_EVIDENCE, takes_files=True)
def write(enrolment: Enrolment) -> ResponseReturnValue:
    """A new account, written here; a preview on request, and then on to mapping it."""
    place = place_of_writing(enrolment.id)
    if "afresh" in request.form:
        return start_afresh(place)
    units = with_criteria(coverage_of(database_session(), enrolment.id))
    asked = request.args.get("criterion", type=int)
    form = begun(WriteForm, kept_at(place), claimed="")
    form.carry(former_criteria(database_session(), enrolment.id, form.ticked_ids - unit_of_each(units).keys()))
    if asked in unit_of_each(units) and request.method in SAFE:
        form.criterion.data = sorted({*form.ticked_ids, asked})
    if not _is_shown_again() and form.validate_on_submit():
        try:
            evidence = actions.add(
                database_session(),
                actor(),
                enrolment,
                installation().store,
                method=Method(form.method.data),
                carrier=Carrier.WRITTEN,
                details=form.details,
            )
            _tick(evidence, form, units)
        except Rejected as refused:
            refuse(form, refused)
        else:
            let_go(place)
            return on_to_mapping(evidence)
    page = render_template(
        "evidence/write.html",
        form=form,
        enrolment=enrolment,
        meant=meant(enrolment),
        points=points_for_new(enrolment),
        desk=_desk(form, place, units, is_new=True),
    )
    return page, status(form)


def change_page(evidence: Evidence) -> ResponseReturnValue:
    """Change the draft of an account. When it changed meanwhile, both versions are shown and nothing is lost."""
    draft = actions.draft_of(evidence)
    place = place_of(draft)
    if "afresh" in request.form:
        return start_afresh(place)
    units = with_criteria(coverage_of(database_session(), evidence.enrolment_id))
    offered = unit_of_each(units)
    claimed = [id_ for id_ in claims_of(database_session(), draft.id) if id_ in offered]
    form = begun(RewriteForm, kept_at(place), **said_by(draft), criterion=claimed, claimed=",".join(map(str, claimed)))
    form.carry(former_criteria(database_session(), evidence.enrolment_id, form.ticked_ids - offered.keys()))
    if request.method in SAFE:
        form.catch_up(claimed)
    conflict = None
    if not _is_shown_again() and form.validate_on_submit():
        try:
            change(form, evidence, draft)
            _tick(evidence, form, units)
        except Rejected as refused:
            refuse(form, refused)
        except Conflict as found:
            conflict = found
            give_rev(form, draft)
        else:
            let_go(place)
            return saved(evidence)
    page = render_template(
        "evidence/edit_account.html",
        form=form,
        evidence=evidence,
        draft=draft,
        conflict=conflict,
        points=points_on(database_session(), evidence, is_typed=request.method not in SAFE),
        desk=_desk(form, place, units, is_new=False),
    )
    return page, CONFLICT if conflict else status(form)


def _is_shown_again() -> bool:
    """Whether the form was sent only to see it again, with a preview or with other prompts."""
    return "preview" in request.form or "prompts" in request.form


def _tick(evidence: Evidence, form: AccountForm, units: list[UnitCoverage]) -> None:
    """Claim what was ticked while writing; how it shows that is said on the mapping page."""
    database = database_session()
    kept = claims_of(database, actions.draft_of(evidence).id)
    wanted = wanted_with(form, unit_of_each(units), kept)
    if wanted is not None:
        map_to(database, actor(), evidence, wanted=wanted)


def _desk(form: AccountForm, place: str, units: list[UnitCoverage], *, is_new: bool) -> Desk:
    database, is_opened = database_session(), request.method in SAFE
    row = row_at(database, actor().person_id, place)
    shown = unit_to_show(units, asked=asked_unit(), ticked=form.ticked_ids)
    return Desk(
        url=request.full_path.rstrip("?"),
        place=place,
        rev=row.rev if row else 0,
        kept=row if row and row.content and is_opened else None,
        units=units,
        shown=shown,
        groups=groups_for(shown, guidance_for(database, shown.unit_version_id)) if shown else [],
        is_new=is_new,
        is_preview="preview" in request.form,
        is_typed=not is_opened,
    )
