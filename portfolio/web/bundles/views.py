"""A portfolio to take away whole, or a sample of it: asked for, watched, what holds it back; any bundle as a file."""

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portfolio.accounts.rules import Role
from portfolio.bundles import actions, queries
from portfolio.bundles.kept_models import BundlePart, KeptBundle
from portfolio.bundles.kept_rules import BundleKind, PartState, file_name
from portfolio.documents.leap2a.profiles import PROFILE_WORDS
from portfolio.enrolment.models import Enrolment
from portfolio.errors import InvalidState, NotFound, Rejected
from portfolio.export import book_queries
from portfolio.export.held_queries import groups_of
from portfolio.export.rules import WHOLE, Choice, Extent
from portfolio.export.sheets import day_of
from portfolio.jobs.rules import JobState
from portfolio.policy.checks import can, visible
from portfolio.policy.permissions import Permission
from portfolio.web.access import MISSING, load, log_opening
from portfolio.web.bundles.blueprint import blueprint
from portfolio.web.bundles.forms import LEAP2A, Leap2aForm, SampleForm
from portfolio.web.bundles.rows import Shown, own_fingerprint
from portfolio.web.downloads import attachment
from portfolio.web.forms import UNPROCESSABLE, refuse
from portfolio.web.session import actor, commit, database_session, installation
from portfolio.web.terms import worded


@blueprint.get("/enrolments/<int:enrolment_id>/bundle")
@load(Enrolment, Permission.ENROLMENT_MAKE_BUNDLE)
def show(enrolment: Enrolment) -> ResponseReturnValue:
    """What a bundle is, the one that is being made, what held the last one back, and those made so far."""
    return _page(enrolment, _sample(enrolment))


def _sample(enrolment: Enrolment) -> SampleForm:
    form = SampleForm()
    _units, items = book_queries.to_choose_from(database_session(), enrolment.id)
    form.offer(items)
    return form


def _page(enrolment: Enrolment, sample: SampleForm, leap2a: Leap2aForm | None = None) -> str:
    session = database_session()
    rows = queries.bundles_within(session, visible(actor(), Permission.KEPT_BUNDLE_SEE), enrolment_id=enrolment.id)
    ids = [row.bundle.id for row in rows]
    withheld = queries.withheld(session, ids)
    part = queries.held_part(session, enrolment.id)
    choices = queries.choices_of(session, ids)
    return render_template(
        "bundles/show.html",
        enrolment=enrolment,
        is_owner=can(actor(), Permission.ENROLMENT_ADD_EVIDENCE, enrolment),
        under_way=next((row.bundle for row in rows if not row.bundle.job.is_over), None),
        part=part,
        groups=groups_of(part.held) if part is not None else [],
        again=_again(part) if part is not None else [],
        sample=sample,
        sizes={id_: worded(choice.sentence) for id_, choice in choices.items()},
        leap2a=leap2a or Leap2aForm(),
        profile_words=PROFILE_WORDS,
        shown=[Shown(row, tuple(withheld.get(row.bundle.id, ()))) for row in rows if row.bundle.job.state in TOLD],
        fingerprint=own_fingerprint(),
    )


TOLD = frozenset({JobState.DONE, JobState.HELD, JobState.FAILED})


def _again(part: BundlePart) -> list[tuple[str, str]]:
    """What to send to have the same made once more."""
    profile, choice = part.bundle.profile, Choice.of(part.choice)
    sent = [("form", LEAP2A), ("profile", profile.value)] if profile is not None else []
    if choice.extent is Extent.SAMPLE:
        sent += [("extent", Extent.SAMPLE.value), *(("refs", ref) for ref in choice.refs)]
    return sent


@blueprint.post("/enrolments/<int:enrolment_id>/bundle")
@load(Enrolment, Permission.ENROLMENT_MAKE_BUNDLE)
def make(enrolment: Enrolment) -> ResponseReturnValue:
    """Ask for a bundle of all or of a sample, or for a Leap2A file; one that is being made already answers too."""
    form, leap2a = _sample(enrolment), Leap2aForm() if request.form.get("form") == LEAP2A else None
    choice = form.choice(is_sample=request.form.get("extent") == Extent.SAMPLE.value)
    if leap2a is not None and not leap2a.validate():
        return _page(enrolment, form, leap2a), UNPROCESSABLE
    try:
        profile = leap2a.chosen if leap2a is not None else None
        actions.ask_for_learner(database_session(), actor(), enrolment, choice, profile)
    except Rejected as refused:
        database_session().rollback()
        refuse(form, refused)
        return _page(enrolment, form), UNPROCESSABLE
    enrolment_id = enrolment.id
    commit()
    installation().waker.wake()
    return redirect(url_for("bundles.show", enrolment_id=enrolment_id), 303)


@blueprint.post("/bundles/<int:kept_bundle_id>/cancel")
@load(KeptBundle, Permission.KEPT_BUNDLE_MAKE)
def cancel(bundle: KeptBundle) -> ResponseReturnValue:
    """Stop the making of a bundle."""
    back = back_of(bundle)
    actions.cancel(database_session(), bundle)
    commit()
    flash("It is no longer being made.", "info")
    return redirect(back, 303)


@blueprint.post("/bundles/<int:kept_bundle_id>/remove")
@load(KeptBundle, Permission.KEPT_BUNDLE_REMOVE)
def remove(bundle: KeptBundle) -> ResponseReturnValue:
    """Remove the file of a bundle."""
    back = back_of(bundle)
    actions.remove(database_session(), actor(), bundle)
    commit()
    flash("The file was removed.", "info")
    return redirect(back, 303)


def back_of(bundle: KeptBundle) -> str:
    """The page that a bundle is listed on."""
    if bundle.kind is BundleKind.LEARNER:
        return url_for("bundles.show", enrolment_id=bundle.enrolment_id)
    return url_for("bundles.index")


@blueprint.get("/bundles/<int:kept_bundle_id>/progress")
@load(KeptBundle, Permission.KEPT_BUNDLE_SEE)
def progress(bundle: KeptBundle) -> ResponseReturnValue:
    """How far the making of a bundle is, for the page's script."""
    job = bundle.job
    return jsonify(state=job.state.value, done=job.done, total=job.total, message=worded(job.message))


@blueprint.get("/bundles/<int:kept_bundle_id>/download")
@load(KeptBundle, Permission.KEPT_BUNDLE_SEE)
def download(bundle: KeptBundle) -> ResponseReturnValue:
    """The bundle as a file to save. Of each portfolio in it, it is noted that an external quality assurer took it."""
    held = queries.withheld(database_session(), [bundle.id]).get(bundle.id)
    if held:
        raise InvalidState(f"It holds {', '.join(held)}, hidden while personal data is taken out. Have a new one made.")
    made_on, blob = day_of(bundle.made_at), bundle.blob
    if made_on is None or blob is None:
        raise NotFound(MISSING)
    if Role.EQA in actor().roles and bundle.kind is not BundleKind.LEARNER:
        for row in queries.parts_of(database_session(), bundle.id):
            if row.part.state is PartState.IN:
                log_opening(actor(), row.part.enrolment)
    whose = bundle.enrolment.learner.name if bundle.enrolment is not None else bundle.centre.name
    choice = queries.choices_of(database_session(), [bundle.id])[bundle.id] if bundle.enrolment is not None else WHOLE
    return attachment(
        installation().store.open(bundle.centre.uid, blob.sha256),
        name=file_name(whose, made_on, is_sample=choice != WHOLE, is_leap2a=bundle.profile is not None),
        media_type=blob.media_type,
        size=blob.size,
        etag=blob.sha256,
    )
