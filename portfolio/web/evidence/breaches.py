"""Personal data in what is on record: hiding the item at once, taking the data out, and what was taken out.

Whoever finds it hides the item; its maker and the centre's administrators mend it. Whoever hid it, and administrators,
may say that there was nothing to take out.
"""

import re
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import zip_longest

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portfolio import housekeeping
from portfolio.assessment.learner_queries import ClaimSeen, claims_seen, further_seen
from portfolio.bundles.amending import mend as take_out
from portfolio.errors import Conflict, InvalidState, NotFound, Rejected
from portfolio.evidence import amending, breach_queries
from portfolio.evidence.amending import Fate, Kept
from portfolio.evidence.models import Evidence, EvidenceVersion
from portfolio.evidence.queries import files_of
from portfolio.policy.checks import can, visible
from portfolio.policy.permissions import Permission
from portfolio.redaction.queries import MadeSeen, made_for
from portfolio.redaction.rules import can_be_redacted
from portfolio.storage.models import Blob
from portfolio.web.access import MISSING, load
from portfolio.web.evidence.blueprint import blueprint
from portfolio.web.evidence.breach_forms import HideForm, MendForm, ShowAgainForm, mend_form
from portfolio.web.evidence.marked import marked
from portfolio.web.forms import refuse, status
from portfolio.web.session import actor, commit, database_session, installation
from portfolio.web.uploads import FIELD, sent

NAMED = re.compile(r"\b(?:[A-Z]\w{3,}|\d{4,})")
"""What may be a name or a number in what was said of the place."""


@blueprint.route("/evidence/<int:evidence_id>/hide", methods=["GET", "POST"])
@load(Evidence, Permission.EVIDENCE_HIDE)
def hide(evidence: Evidence) -> ResponseReturnValue:
    """Say where the personal data is; from then on only those who take it out see the item."""
    form = HideForm()
    if form.validate_on_submit():
        amending.hide(database_session(), actor(), evidence, words=form.words.data or "")
        may_mend, enrolment_id = can(actor(), Permission.EVIDENCE_MEND, evidence), evidence.enrolment_id
        commit()
        flash(f"{evidence.ref} is hidden. Nobody sees it but those who take the personal data out.", "met")
        if may_mend:
            return redirect(url_for("evidence.mend", evidence_id=evidence.id), 303)
        return redirect(url_for("evidence.index", enrolment_id=enrolment_id), 303)
    return render_template("evidence/hide.html", form=form, evidence=evidence), status(form)


@blueprint.route("/evidence/<int:evidence_id>/mend", methods=["GET", "POST"])
@load(Evidence, Permission.EVIDENCE_MEND, takes_files=True)
def mend(evidence: Evidence) -> ResponseReturnValue:
    """Every text and file of the item, to be changed where the personal data is; looked at first, if asked for."""
    version = _on_record(evidence)
    claims = claims_seen(database_session(), version.id)
    made = made_for(database_session(), evidence.uid) if version.files else {}
    form = mend_form(version, claims, {file_id: one.name for file_id, one in made.items()})
    is_preview = "look" in request.form
    if form.validate_on_submit() and not is_preview:
        try:
            form.check_gone()
            files = _fates(form, version, made)
            mending = form.mending(version, claims, files)
            store = installation().store
            take_out(database_session(), actor(), evidence, store, mending, rev=form.rev.data or 0)
        except Rejected as refused:
            database_session().rollback()
            refuse(form, refused)
        except Conflict as refused:
            database_session().rollback()
            raise InvalidState(refused.sentence) from refused
        else:
            return _mended(evidence)
    if is_preview:
        form.reason.errors = []
        try:
            form.check_taken_out()
        except Rejected as refused:
            refuse(form, refused)
    return _page(evidence, version, form, claims, is_preview=is_preview)


def _on_record(evidence: Evidence) -> EvidenceVersion:
    version = evidence.on_record
    if version is None:
        raise NotFound(MISSING)
    return version


def _fates(form: MendForm, version: EvidenceVersion, made: Mapping[int, MadeSeen]) -> dict[int, Fate]:
    """What is to become of each file. Each has an input for a redacted one, so what came is told by its place."""
    came = iter(sent())
    inputs = request.files.getlist(FIELD)
    if len(inputs) not in {0, len(version.files)}:
        raise Rejected("Choose the redacted files again.")
    chosen = [next(came) if one.filename else None for one in inputs]
    database = database_session()
    kept = {file_id: Kept(one.name, content=database.get_one(Blob, one.blob_id)) for file_id, one in made.items()}
    return {
        file.id: form.fate(file.id, upload, kept.get(file.id))
        for file, upload in zip_longest(version.files, chosen)
        if file is not None
    }


def _mended(evidence: Evidence) -> ResponseReturnValue:
    """What was let go is destroyed before anybody is told that it is."""
    ref, centre = evidence.ref, evidence.enrolment.centre
    commit()
    served = installation()
    housekeeping.destroy(served.database, served.store, served.previews, centre)
    flash(f"{ref} is mended and can be seen again. What was taken out is listed here.", "met")
    return redirect(url_for("evidence.amended", evidence_id=evidence.id), 303)


def _page(
    evidence: Evidence, version: EvidenceVersion, form: MendForm, claims: Sequence[ClaimSeen], *, is_preview: bool
) -> ResponseReturnValue:
    database = database_session()
    breach = breach_queries.open_breach(database, evidence.id)
    files = files_of(database, version.id)
    words = [*form.gone_words, *(NAMED.findall(breach.words) if breach else ())]
    page = render_template(
        "evidence/mend.html",
        evidence=evidence,
        version=version,
        breach=breach,
        form=form,
        show_again_form=ShowAgainForm(formdata=None),
        may_show_again=can(actor(), Permission.EVIDENCE_SHOW_AGAIN, evidence),
        claims=claims,
        concerned={claim.claim_id for claim in claims if form.is_concerned(claim, words)},
        marked=partial(marked, words=form.gone_words),
        files=files,
        redactable={file.id for file in files if can_be_redacted(file.media_type)},
        is_preview=is_preview,
        custody_fields=[form[f"custody_{name}"] for name in version.custody if f"custody_{name}" in form],
        note_fields=[field for field in form if field.name.startswith("note_")],
        has_further=any(claim.annotation or claim.place for claim in further_seen(database, version.id)),
        earlier=[one for one in evidence.versions if not one.is_draft and one is not version],
        has_draft=evidence.latest.is_draft,
        holders=_holders(evidence, breach_queries.contents_of(version.id)),
    )
    return page, status(form)


def _holders(evidence: Evidence, contents: breach_queries.Contents) -> tuple[Sequence[breach_queries.Holder], int]:
    within = visible(actor(), Permission.EVIDENCE_SEE)
    return breach_queries.also_held(database_session(), evidence, contents, within=within)


@blueprint.route("/evidence/<int:evidence_id>/show-again", methods=["GET", "POST"])
@load(Evidence, Permission.EVIDENCE_SHOW_AGAIN)
def show_again(evidence: Evidence) -> ResponseReturnValue:
    """It was a false alarm: the item is seen again, unchanged. Nothing of the item stands on the page."""
    form = ShowAgainForm()
    if form.validate_on_submit():
        amending.show_again(database_session(), actor(), evidence, reason=form.why.data or "")
        commit()
        flash(f"{evidence.ref} can be seen again. Nothing of it was changed.", "met")
        return redirect(url_for("evidence.show", evidence_id=evidence.id), 303)
    breach = breach_queries.open_breach(database_session(), evidence.id)
    may_mend = can(actor(), Permission.EVIDENCE_MEND, evidence)
    page = render_template("evidence/show_again.html", form=form, evidence=evidence, breach=breach, may_mend=may_mend)
    return page, status(form)


@blueprint.get("/evidence/<int:evidence_id>/amended")
@load(Evidence, Permission.EVIDENCE_SEE)
def amended(evidence: Evidence) -> ResponseReturnValue:
    """What was taken out of an item, by whom and why, and where else the same content is."""
    database = database_session()
    found = breach_queries.amendments_of(database, evidence.enrolment_id, evidence_id=evidence.id)
    if not found:
        raise NotFound(MISSING)
    left = [one.sha256 for each in found for one in each.removed if not one.is_destroyed]
    return render_template(
        "evidence/amended.html", evidence=evidence, amendments=found, holders=_holders(evidence, left)
    )
