"""The list of evidence, one item, and its files.

Whoever made an item sees its newest version, draft or not; everybody else the one that was handed in.
"""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portfolio.assessment import learner_queries
from portfolio.assessment.decided_queries import item_of, outcomes_of
from portfolio.assessment.handing_queries import handings_of
from portfolio.assessment.learner_queries import own_enrolments
from portfolio.assessment.models import SubmissionItem
from portfolio.assessment.rules import ItemState
from portfolio.criteria.rules import METHOD_WORDS
from portfolio.drafts.queries import begun
from portfolio.enrolment.models import Enrolment
from portfolio.enrolment.rules import EnrolmentState
from portfolio.errors import NotFound
from portfolio.evidence import breach_queries, queries
from portfolio.evidence.models import Evidence, EvidenceFile, EvidenceVersion
from portfolio.evidence.rules import BY_ASSESSOR, Carrier, place_of_writing
from portfolio.mapping import actions as mapping_actions
from portfolio.mapping import item_queries
from portfolio.mapping import queries as mapping_queries
from portfolio.mapping.rules import CLAIMS_BELIEVED, Outcome
from portfolio.policy.checks import can, visible
from portfolio.policy.permissions import Permission
from portfolio.redaction.queries import held_of
from portfolio.redaction.rules import can_be_redacted
from portfolio.screening.queries import standings_of
from portfolio.web import paging
from portfolio.web.access import MISSING, load, signed_in
from portfolio.web.downloads import attachment
from portfolio.web.evidence.blueprint import blueprint
from portfolio.web.evidence.filters import EvidenceFilter, asked_for, standings_for
from portfolio.web.pointing import stand_of, standing_at
from portfolio.web.previews import shown
from portfolio.web.session import actor, commit, database_session, installation


@blueprint.get("/evidence")
@signed_in
def mine() -> ResponseReturnValue:
    """A learner's own list, wherever it is."""
    rows = own_enrolments(database_session(), within=visible(actor(), Permission.ENROLMENT_ADD_EVIDENCE))
    if not rows:
        return redirect(url_for("home.portfolio"), 303)
    asked = f"?{query}" if (query := request.query_string.decode("latin-1")) else ""
    return redirect(url_for("evidence.index", enrolment_id=rows[0].id) + asked, 303)


@blueprint.get("/enrolments/<int:enrolment_id>/evidence")
@load(Enrolment, Permission.ENROLMENT_SEE)
def index(enrolment: Enrolment) -> ResponseReturnValue:
    """The items of a portfolio that somebody may see: their own drafts, and whatever else was handed in."""
    database, within, me = database_session(), visible(actor(), Permission.EVIDENCE_SEE), actor().person_id
    form = EvidenceFilter(request.args)
    is_owner = can(actor(), Permission.ENROLMENT_ADD_EVIDENCE, enrolment)
    writes = is_owner and enrolment.state is EnrolmentState.ACTIVE
    makers = item_queries.makers_of(database, within, enrolment.id)
    asked = asked_for(
        form,
        item_queries.units_of(database, enrolment.id),
        makers.authors,
        standings_for(
            makes_items=is_owner or can(actor(), Permission.ENROLMENT_ADD_RECORD, enrolment),
            has_hidden=makers.has_hidden,
        ),
    )
    found = item_queries.find(
        database,
        within,
        enrolment.id,
        asked.filters,
        drafts_of=me,
        order=asked.order,
        offset=paging.offset(),
        limit=paging.ROWS + 1,
    )
    page = paging.page_of(found.rows, asked.names)
    ready = item_queries.ready_drafts(database, enrolment.id, me) if is_owner else {}
    own = {item.evidence_id for item in page.rows if item.is_draft and item.author_id == me} | ready.keys()
    standings = standings_of(database, list(own)) if own else {}
    stands = {id_: stand_of(standings.get(id_), id_) for id_ in own}
    trashed = queries.trashed_by(database, enrolment.id, me)
    return render_template(
        "evidence/index.html",
        enrolment=enrolment,
        is_owner=is_owner,
        form=form,
        asked=asked,
        found=found,
        page=page,
        mapped=mapping_queries.mapped(database, {item.version_id for item in page.rows}),
        awaiting=learner_queries.awaiting_countersignature(database, enrolment.id),
        believed=CLAIMS_BELIEVED,
        words=METHOD_WORDS,
        outcomes=outcomes_of(database, {item.version_id for item in page.rows}),
        writing=begun(database, me, place_of_writing(enrolment.id)) if writes else None,
        ready=[ref for id_, ref in ready.items() if stands[id_].is_clear],
        stands={id_: stand for id_, stand in stands.items() if not stand.is_clear},
        trashed=trashed,
        hidden=breach_queries.hidden_of(database, enrolment.id, me),
        just_trashed=next((i for i in trashed if i.evidence_id == request.args.get("trashed", type=int)), None),
    )


@blueprint.get("/evidence/<int:evidence_id>")
@load(Evidence, Permission.EVIDENCE_SEE)
def show(evidence: Evidence) -> ResponseReturnValue:
    """One item with its files, its claims, and what was decided on them once that is released."""
    database = database_session()
    is_maker = can(actor(), Permission.EVIDENCE_CHANGE, evidence)
    version = _shown_version(evidence, is_maker=is_maker)
    is_elsewhere, is_record = evidence.carrier is Carrier.ELSEWHERE, evidence.method in BY_ASSESSOR
    item = item_of(database, version.id) if is_maker and is_record else None
    files, claims = queries.files_of(database, version.id), learner_queries.claims_seen(database, version.id)
    further = learner_queries.further_seen(database, version.id) if is_maker and not version.is_draft else []
    is_to_go_in = is_maker and version is evidence.latest and not evidence.trashed_at and (version.is_draft or further)
    may_redact = is_maker and version is evidence.latest and version.is_draft and not evidence.trashed_at
    return render_template(
        "evidence/show.html",
        evidence=evidence,
        version=version,
        is_owner=can(actor(), Permission.ENROLMENT_ADD_EVIDENCE, evidence.enrolment),
        is_maker=is_maker,
        is_record=is_record,
        item_to_judge=item if _is_to_judge(item) else None,
        is_newest=version is evidence.latest,
        may_discard=evidence.latest.is_draft and (evidence.current is not None or len(evidence.versions) == 1),
        files=shown([(file.id, file) for file in files], top=4),
        claims=claims,
        redactable={file.id for file in files if can_be_redacted(file.media_type)} if may_redact else set(),
        held=held_of(database, evidence.uid, actor().person_id) if is_maker else [],
        stand=standing_at(database, evidence.id) if is_to_go_in else None,
        further=further,
        handings=handings_of(database, version.id),
        asked=_asked_for(evidence) if is_maker and version.is_draft else [],
        method=METHOD_WORDS[evidence.method],
        sightings=queries.sightings_of(database, evidence.id) if is_elsewhere else [],
        amendments=breach_queries.amendments_of(database, evidence.enrolment_id, version_id=version.id)
        if version.amended
        else [],
        may_sight=is_elsewhere and can(actor(), Permission.EVIDENCE_SIGHT, evidence),
    )


def _is_to_judge(item: SubmissionItem | None) -> bool:
    return item is not None and item.state is ItemState.WAITING and can(actor(), Permission.ITEM_MARK, item)


def _shown_version(evidence: Evidence, *, is_maker: bool) -> EvidenceVersion:
    """The version that the person may see; its maker may ask for an earlier one by its number."""
    if not is_maker:
        if evidence.current is None:
            raise NotFound(MISSING)
        return evidence.current
    number = request.args.get("version", evidence.latest.no, type=int)
    found = next((version for version in evidence.versions if version.no == number), None)
    if found is None:
        raise NotFound(MISSING)
    return found


def _asked_for(evidence: Evidence) -> list[learner_queries.ClaimSeen]:
    """What the last marked version left wanting, for whoever is at work on the next one; not of what is gone since."""
    if evidence.current is None:
        return []
    claims = learner_queries.claims_seen(database_session(), evidence.current.id)
    left = [claim for claim in claims if claim.said is not None and claim.said.outcome is not Outcome.MET]
    return [claim for claim in left if claim.present_id is not None]


@blueprint.post("/evidence/<int:evidence_id>/revise")
@load(Evidence, Permission.EVIDENCE_CHANGE)
def revise(evidence: Evidence) -> ResponseReturnValue:
    """Begin the next version of what was marked."""
    version = mapping_actions.revise(database_session(), actor(), evidence)
    commit()
    flash(f"Version {version.no} of {evidence.ref} is open. Change what was asked for, then hand it in again.", "info")
    return redirect(url_for("evidence.show", evidence_id=evidence.id), 303)


@blueprint.get("/files/<int:evidence_file_id>")
@load(EvidenceFile, Permission.FILE_DOWNLOAD)
def download(file: EvidenceFile) -> ResponseReturnValue:
    """The file itself, always as an attachment: nothing that somebody uploaded is shown as a page."""
    centre = file.version.evidence.enrolment.centre
    blob = file.blob
    content = installation().store.open(centre.uid, blob.sha256)
    return attachment(content, name=file.name, media_type=blob.media_type, size=blob.size, etag=blob.sha256)
