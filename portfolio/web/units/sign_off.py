"""Signing off a unit and opening it again, and what was signed: exactly what a signature covers, before and after."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from portfolio.assessment import signing_off
from portfolio.assessment.rules import SHORT_DIGEST, Lack
from portfolio.assessment.sign_off_queries import Signable, decisions_on, signable
from portfolio.enrolment.models import EnrolmentUnit
from portfolio.errors import Conflict, InvalidState, Rejected
from portfolio.evidence.rules import REASON_MOST
from portfolio.policy.checks import can
from portfolio.policy.permissions import Permission
from portfolio.web.access import load
from portfolio.web.forms import CONFLICT, BaseForm, ParagraphsField, refuse, status
from portfolio.web.session import actor, commit, database_session
from portfolio.web.terms import worded
from portfolio.web.units.views import blueprint


class SignOffForm(BaseForm):
    """What the page has shown, as `Signable.seen` says it."""

    seen = HiddenField()


class ReopenForm(BaseForm):
    """Why a unit is opened again."""

    reason = ParagraphsField(
        "Why is it opened again?", most=REASON_MOST, description="This is kept for good. Name no customer in it."
    )


@dataclass(frozen=True, slots=True)
class Told:
    """What lacks: links to what it is about, by name (without an address for what cannot be opened), and the rest."""

    links: Sequence[tuple[str, str]]
    said: str


@blueprint.route("/units/<int:enrolment_unit_id>/sign-off", methods=["GET", "POST"])
@load(EnrolmentUnit, Permission.ENROLMENT_UNIT_SIGN_OFF)
def sign_off(unit: EnrolmentUnit) -> ResponseReturnValue:
    """Exactly what would be signed, and the button; or what still lacks."""
    session, form = database_session(), SignOffForm()
    signing_off.check_may_sign(actor(), unit.enrolment, unit)
    found = signable(session, unit.id)
    if not form.validate_on_submit():
        return _page(unit, found, form)
    try:
        signing_off.sign_off(session, actor(), unit, statement=found.statement, seen_digest=form.seen.data or "")
    except Conflict as conflict:
        return _page(unit, found, form, changed=conflict), CONFLICT
    commit()
    flash(f"{found.title} is signed off.", "met")
    return redirect(_address(unit), 303)


def _page(unit: EnrolmentUnit, found: Signable, form: SignOffForm, *, changed: Conflict | None = None) -> str:
    form.seen.data = found.seen
    items = {one.evidence_id for line in found.lines for one in line.met_by}
    return render_template(
        "units/sign_off.html",
        enrolment=unit.enrolment,
        found=found,
        form=form,
        changed=changed,
        lacks=[_told(unit, lack) for lack in found.lacks],
        urls={id_: url_for("evidence.show", evidence_id=id_) for id_ in items},
        unit_url=_address(unit),
    )


def _address(unit: EnrolmentUnit) -> str:
    return url_for("units.show", enrolment_id=unit.enrolment_id, enrolment_unit_id=unit.id)


def _told(unit: EnrolmentUnit, lack: Lack) -> Told:
    def address(row_id: int) -> str:
        if lack.kind == "unmet":
            return f"{_address(unit)}#c{row_id}"
        return "" if lack.kind == "hidden" else url_for("assessment.mark", submission_item_id=row_id)

    return Told([(name, address(row_id)) for row_id, name in lack.about], worded(lack.said))


@blueprint.route("/units/<int:enrolment_unit_id>/reopen", methods=["GET", "POST"])
@load(EnrolmentUnit, Permission.ENROLMENT_UNIT_REOPEN)
def reopen(unit: EnrolmentUnit) -> ResponseReturnValue:
    """Who signed it off and when; then the reason, and the button."""
    session, form = database_session(), ReopenForm()
    if form.validate_on_submit():
        try:
            signing_off.reopen(session, actor(), unit, reason=form.reason.data or "")
            commit()
            flash(f"{unit.unit.title} is open again. What was signed stays on record.", "met")
            return redirect(_address(unit), 303)
        except Rejected as refused:
            refuse(form, refused)
    decisions = decisions_on(session, [unit.id]).get(unit.id, [])
    if not decisions or not decisions[-1].is_sign_off:
        raise InvalidState("This {unit} is not signed off, so there is nothing to open again.")
    page = render_template(
        "units/reopen.html",
        enrolment=unit.enrolment,
        unit=unit.unit,
        newest=decisions[-1],
        form=form,
        unit_url=_address(unit),
        see_url=url_for("units.signed", enrolment_unit_id=unit.id),
    )
    return page, status(form)


@blueprint.get("/units/<int:enrolment_unit_id>/signed")
@load(EnrolmentUnit, Permission.ENROLMENT_UNIT_SEE)
def signed(unit: EnrolmentUnit) -> ResponseReturnValue:
    """Everything that was decided on the unit as a whole, the newest first, each with what its signature covers."""
    return render_template(
        "units/signed.html",
        enrolment=unit.enrolment,
        unit=unit.unit,
        decisions=decisions_on(database_session(), [unit.id]).get(unit.id, [])[::-1],
        is_owner=can(actor(), Permission.ENROLMENT_ADD_EVIDENCE, unit.enrolment),
        short=SHORT_DIGEST,
        unit_url=_address(unit),
    )
