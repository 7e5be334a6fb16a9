"""One unit of a learner: every criterion, what stands behind it, and what would help."""

from collections.abc import Sequence

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from portfolio import clock
from portfolio.assessment import learner_queries
from portfolio.assessment.handing_queries import handings_of
from portfolio.assessment.matrix_queries import names_of, unit_head, unpacked
from portfolio.assessment.queries import claims_set_aside
from portfolio.criteria.queries import CriterionRow, UnitGuidance, criteria_of, guidance_for
from portfolio.criteria.rules import Method
from portfolio.enrolment.models import Enrolment
from portfolio.errors import NotFound
from portfolio.evidence.models import Evidence, EvidenceVersion
from portfolio.policy.checks import can
from portfolio.policy.permissions import Permission
from portfolio.web.access import MISSING, load
from portfolio.web.frames import framed
from portfolio.web.session import actor, database_session
from portfolio.web.units import around
from portfolio.web.units.matrix import ALL, FILTERS, matrix_of, recorders
from portfolio.web.units.signed import signed_of
from portfolio.web.units.table import ADD, TABLES

METHODS = frozenset(Method)
MANY = 12
"""With more items than this the table scrolls in a frame of its own."""

blueprint = Blueprint("units", __name__)


@blueprint.get("/enrolments/<int:enrolment_id>/units/<int:enrolment_unit_id>")
@load(Enrolment, Permission.ENROLMENT_SEE)
def show(enrolment: Enrolment, enrolment_unit_id: int) -> ResponseReturnValue:
    """The unit's matrix, with guidance beside each criterion."""
    database, me, words = database_session(), actor(), actor().own_words
    unit = unit_head(database, enrolment.id, enrolment_unit_id)
    if unit is None:
        raise NotFound(MISSING)

    def written() -> tuple[Sequence[CriterionRow], UnitGuidance]:
        return criteria_of(database, unit.unit_version_id), guidance_for(database, unit.unit_version_id)

    is_owner = can(me, Permission.ENROLMENT_ADD_EVIDENCE, enrolment)
    table = TABLES.table(unit.uid, unit.content_sha, is_owner=is_owner, read=written)
    packed = unpacked(unit.packed, len(unit.letters))
    show, kind = _asked()
    matrix = matrix_of(
        table,
        unit.letters,
        packed,
        viewer_id=me.person_id,
        names=names_of(database, recorders(packed)),
        show=show,
        kind=kind,
    )
    aside = claims_set_aside(database, enrolment.id) if packed.is_aside else []
    signed = signed_of(enrolment, unit.enrolment_unit_id, matrix.sums.tally, is_decided=unit.is_decided)
    gaps = {
        "crumbs": around.place(words, enrolment.id, unit.code, unit.level, unit.credit, is_owner=is_owner),
        "stand": around.stand(words, unit.learner, matrix.sums.tally, is_owner=is_owner, is_outline=unit.is_outline),
        "way": around.way(words, enrolment.id, matrix.first_gap, is_owner=is_owner),
        "on_paper": around.on_paper(unit.learner, enrolment.registration_number, me.centre_name, clock.today()),
        "signed": around.signed(signed),
        "sums": around.sums(matrix.sums),
        "filters": around.filters(words, matrix.sums.counts, matrix.kinds, request.path, show, kind),
        "cut": around.cut(matrix.shown, len(table.rows), request.path),
        "aside": around.aside([one for one in aside if one.unit_code == unit.code]),
        "records": around.records(matrix.columns),
    }
    return framed(
        "units/show.html",
        {"table": matrix.table} | {name: (drawn,) for name, drawn in gaps.items()},
        title=unit.title,
        status=unit.status,
        code_note=unit.code_note,
        is_outline=unit.is_outline,
        is_owner=is_owner,
        is_wide=len(matrix.columns) > MANY,
        has_rows=matrix.shown > 0,
        hints=table.general,
        add_url=ADD,
    )


def _asked() -> tuple[str, Method | None]:
    """The filters in the address; what is unknown shows all."""
    if not request.query_string:
        return ALL, None
    show, kind = request.args.get("show", ALL), request.args.get("kind", "")
    return show if show in FILTERS else ALL, Method(kind) if kind in METHODS else None


def _claims_on(version_id: int, *, is_maker: bool) -> list[learner_queries.ClaimSeen]:
    """What a version was handed in with, or as a draft claims; for its maker the further claims on it as well."""
    claims = learner_queries.claims_seen(database_session(), version_id)
    return [*claims, *(learner_queries.further_seen(database_session(), version_id) if is_maker else ())]


def _awaiting(version: EvidenceVersion | None) -> set[int]:
    """The submissions with which a version was handed in, and on which a decision awaits its countersignature."""
    handings = handings_of(database_session(), version.id) if version else []
    return {handing.submission_id for handing in handings if handing.awaits_countersignature}


@blueprint.get("/evidence/<int:evidence_id>/claims")
@load(Evidence, Permission.EVIDENCE_SEE)
def claims(evidence: Evidence) -> ResponseReturnValue:
    """What an item claims, or claims for one criterion, and how that was judged."""
    is_maker = evidence.author_id == actor().person_id
    criterion_id = request.args.get("criterion", type=int)
    versions = [version for version in (evidence.current, evidence.latest if is_maker else None) if version is not None]
    seen = [
        claim
        for version in dict.fromkeys(versions)
        for claim in _claims_on(version.id, is_maker=is_maker)
        if criterion_id in {None, claim.present_id if claim.stands else claim.criterion_id}
    ]
    if evidence.hidden_at is not None or not versions or (criterion_id is not None and not seen):
        raise NotFound(MISSING)
    return render_template(
        "units/claims.html",
        evidence=evidence,
        version=versions[-1],
        claims=seen,
        awaiting=_awaiting(evidence.current),
    )
