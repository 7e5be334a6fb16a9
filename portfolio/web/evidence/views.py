"""The list of evidence, one item, and its files.

The owner sees an item's newest version, draft or not; everybody else the one that was handed in.
"""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portfolio.assessment import learner_queries
from portfolio.assessment.learner_queries import own_enrolments
from portfolio.criteria.rules import METHOD_WORDS
from portfolio.enrolment.models import Enrolment
from portfolio.errors import NotFound
from portfolio.evidence import queries
from portfolio.evidence.models import Evidence, EvidenceFile, EvidenceVersion
from portfolio.mapping import actions as mapping_actions
from portfolio.mapping import queries as mapping_queries
from portfolio.mapping.rules import Outcome
from portfolio.policy.checks import can, visible
from portfolio.policy.permissions import Permission
from portfolio.web.access import MISSING, load, signed_in
from portfolio.web.downloads import attachment
from portfolio.web.evidence.blueprint import blueprint
from portfolio.web.session import actor, commit, database_session, installation


@blueprint.get("/evidence")
@signed_in
def mine() -> ResponseReturnValue:
    """A learner's own list, wherever it is."""
    rows = own_enrolments(database_session(), within=visible(actor(), Permission.ENROLMENT_ADD_EVIDENCE))
    return redirect(url_for("evidence.index", enrolment_id=rows[0].id) if rows else url_for("home.portfolio"), 303)


@blueprint.get("/enrolments/<int:enrolment_id>/evidence")
@load(Enrolment, Permission.ENROLMENT_SEE)
def index(enrolment: Enrolment) -> ResponseReturnValue:
    """Every item of a portfolio: to its owner with drafts, to others what was handed in."""
    database = database_session()
    is_owner = can(actor(), Permission.ENROLMENT_ADD_EVIDENCE, enrolment)
    items = queries.items_of(database, enrolment.id, drafts=is_owner)
    mapped = mapping_queries.mapped(database, {item.version_id for item in items})
    return render_template(
        "evidence/index.html",
        enrolment=enrolment,
        is_owner=is_owner,
        items=items,
        mapped=mapped,
        awaiting=learner_queries.awaiting_countersignature(database, enrolment.id),
        words=METHOD_WORDS,
        ready=[i for i in items if i.is_draft and mapped[i.version_id].codes and not mapped[i.version_id].unexplained],
    )


@blueprint.get("/evidence/<int:evidence_id>")
@load(Evidence, Permission.EVIDENCE_SEE)
def show(evidence: Evidence) -> ResponseReturnValue:
    """One item with its files, its claims, and what was decided on them once that is released."""
    database = database_session()
    is_owner = can(actor(), Permission.EVIDENCE_CHANGE, evidence)
    version = _shown_version(evidence, is_owner=is_owner)
    return render_template(
        "evidence/show.html",
        evidence=evidence,
        version=version,
        is_owner=is_owner,
        is_newest=version is evidence.latest,
        may_discard=evidence.latest.is_draft and (evidence.current is not None or len(evidence.versions) == 1),
        files=queries.files_of(database, version.id),
        claims=learner_queries.claims_seen(database, version.id),
        handing=learner_queries.handing_of(database, version.id),
        asked=_asked_for(evidence) if is_owner and version.is_draft else [],
        method=METHOD_WORDS[evidence.method],
    )


def _shown_version(evidence: Evidence, *, is_owner: bool) -> EvidenceVersion:
    """The version that the person may see; its owner may ask for an earlier one by its number."""
    if not is_owner:
        if evidence.current is None:
            raise NotFound(MISSING)
        return evidence.current
    number = request.args.get("version", evidence.latest.no, type=int)
    found = next((version for version in evidence.versions if version.no == number), None)
    if found is None:
        raise NotFound(MISSING)
    return found


def _asked_for(evidence: Evidence) -> list[learner_queries.ClaimSeen]:
    """What the last marked version left wanting, for whoever is at work on the next one."""
    if evidence.current is None:
        return []
    claims = learner_queries.claims_seen(database_session(), evidence.current.id)
    return [claim for claim in claims if claim.said is not None and claim.said.outcome is not Outcome.MET]


@blueprint.post("/evidence/<int:evidence_id>/revise")
@load(Evidence, Permission.EVIDENCE_CHANGE)
def revise(evidence: Evidence) -> ResponseReturnValue:
    """Begin the next version of what was marked."""
    version = mapping_actions.revise(database_session(), actor(), evidence)
    commit()
    flash(f"Version {version.no} of {evidence.ref} is open. Change what was asked for, then hand it in again.", "info")
    return redirect(url_for("evidence.show", evidence_id=evidence.id), 303)


@blueprint.post("/evidence/<int:evidence_id>/discard")
@load(Evidence, Permission.EVIDENCE_CHANGE)
def discard(evidence: Evidence) -> ResponseReturnValue:
    """Throw a draft away: the item, or only the new version of what was marked."""
    evidence_id, ref, enrolment_id = evidence.id, evidence.ref, evidence.enrolment_id
    is_revision = evidence.current is not None
    mapping_actions.discard(database_session(), actor(), evidence)
    commit()
    if is_revision:
        flash(f"The new version of {ref} is discarded. What was marked stays as it was.", "info")
        return redirect(url_for("evidence.show", evidence_id=evidence_id), 303)
    flash(f"{ref} is discarded.", "info")
    return redirect(url_for("evidence.index", enrolment_id=enrolment_id), 303)


@blueprint.get("/files/<int:evidence_file_id>")
@load(EvidenceFile, Permission.FILE_DOWNLOAD)
def download(file: EvidenceFile) -> ResponseReturnValue:
    """The file itself, always as an attachment: nothing that somebody uploaded is shown as a page."""
    centre = file.version.evidence.enrolment.centre
    blob = file.blob
    content = installation().store.open(centre.uid, blob.sha256)
    return attachment(content, name=file.name, media_type=blob.media_type, size=blob.size, etag=blob.sha256)
