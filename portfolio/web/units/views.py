"""One unit of a learner: every criterion, what stands behind it, and what would help."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from flask import Blueprint, get_template_attribute, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from portfolio import clock
from portfolio.assessment import learner_queries
from portfolio.assessment.handing_queries import handings_of
from portfolio.assessment.matrix_queries import names_of, unit_head, unpacked
from portfolio.assessment.queries import claims_set_aside
from portfolio.criteria.queries import CriterionRow, UnitGuidance, criteria_of, guidance_for
from portfolio.criteria.rules import METHOD_WORDS, Method, Status
from portfolio.enrolment.models import Enrolment
from portfolio.errors import NotFound
from portfolio.evidence.models import Evidence, EvidenceVersion
from portfolio.mapping.coverage import Tally
from portfolio.policy.checks import can
from portfolio.policy.permissions import Permission
from portfolio.web.access import MISSING, load
from portfolio.web.long_tables import HERE, parted
from portfolio.web.session import actor, database_session
from portfolio.web.units.matrix import ALL, FILTERS, matrix_of, recorders
from portfolio.web.units.signed import signed_of
from portfolio.web.units.table import ADD, TABLES

METHODS, KINDS_KEPT, AROUND_KEPT, TALLIES_KEPT = frozenset(Method), 500, 500, 1_000

blueprint = Blueprint("units", __name__)


@blueprint.get("/enrolments/<int:enrolment_id>/units/<int:enrolment_unit_id>")
@load(Enrolment, Permission.ENROLMENT_SEE)
def show(enrolment: Enrolment, enrolment_unit_id: int) -> ResponseReturnValue:
    """The unit's matrix, with guidance beside each criterion."""
    database, me, words = database_session(), actor().person_id, actor().own_words
    unit = unit_head(database, enrolment.id, enrolment_unit_id)
    if unit is None:
        raise NotFound(MISSING)

    def written() -> tuple[Sequence[CriterionRow], UnitGuidance]:
        return criteria_of(database, unit.unit_version_id), guidance_for(database, unit.unit_version_id)

    is_owner = can(actor(), Permission.ENROLMENT_ADD_EVIDENCE, enrolment)
    table = TABLES.table(unit.uid, unit.content_sha, is_owner=is_owner, read=written)
    packed = unpacked(unit.packed, len(unit.letters))
    show, kind = _asked()
    matrix = matrix_of(
        table,
        unit.letters,
        packed,
        viewer_id=me,
        names=names_of(database, recorders(packed)),
        show=show,
        kind=kind,
    )
    aside = claims_set_aside(database, enrolment.id) if packed.is_aside else []
    page = render_template(
        "units/show.html",
        enrolment=enrolment,
        unit=unit,
        is_owner=is_owner,
        matrix=matrix,
        inside=HERE,
        signed=signed_of(enrolment, unit.enrolment_unit_id, matrix.tally, is_decided=unit.is_decided),
        total=len(table.rows),
        set_aside=[one for one in aside if one.unit_code == unit.code],
        choices=_choices(matrix.counts, request.path, show, kind),
        show=show,
        kind=kind,
        kinds=_kinds(tuple(matrix.kinds), kind),
        records=[column for column in matrix.columns if column.recorded_by],
        crumbs=_crumbs(words, enrolment.id, unit.code, unit.level, unit.credit, is_owner=is_owner),
        wording=_wording(unit.status, unit.code_note),
        about=_about(words, table.general),
        address=request.path,
        add_url=ADD,
        today=clock.today(),
        tally=_tally(matrix.tally),
        legend=_legend(words),
    )
    return parted(page, matrix.table)


@lru_cache(maxsize=TALLIES_KEPT)
def _tally(tally: Tally) -> Markup:
    """These numbers as the component prints them, which looks at nothing else."""
    drawn: Markup = get_template_attribute("components/tally.html", "tally")(tally)
    return drawn


@lru_cache(maxsize=AROUND_KEPT)
def _legend(_own_words: str) -> Markup:
    """The same on every page for whoever says a centre's own words."""
    drawn: Markup = get_template_attribute("components/legend.html", "legend")()
    return drawn


@lru_cache(maxsize=AROUND_KEPT)
def _crumbs(_own_words: str, enrolment_id: int, code: str, level: int, credit: int, *, is_owner: bool) -> Markup:
    place: Markup = get_template_attribute("units/_around.html", "place")(enrolment_id, is_owner, code, level, credit)
    return place


@lru_cache(maxsize=AROUND_KEPT)
def _wording(status: Status, code_note: str) -> Markup:
    drawn: Markup = get_template_attribute("units/_around.html", "wording")(status, code_note)
    return drawn


@lru_cache(maxsize=AROUND_KEPT)
def _about(_own_words: str, hints: Markup) -> Markup:
    """The guidance on the whole unit."""
    drawn: Markup = get_template_attribute("units/_around.html", "about")(hints)
    return drawn


def _asked() -> tuple[str, Method | None]:
    """The filters in the address; what is unknown shows all."""
    if not request.query_string:
        return ALL, None
    show, kind = request.args.get("show", ALL), request.args.get("kind", "")
    return show if show in FILTERS else ALL, Method(kind) if kind in METHODS else None


def _choices(counts: Mapping[str, int], address: str, chosen: str, kind: Method | None) -> Markup:
    """The filters that would show something, with how many; nothing where one alone would. Each keeps the kind that is
    chosen.
    """
    found = []
    for name, label in FILTERS.items():
        if not counts[name] and name != chosen:
            continue
        asked = [f"show={name}"] if name != ALL else []
        asked += [f"kind={kind.value}"] if kind else []
        url = f"{address}?{'&amp;'.join(asked)}" if asked else address
        mark = ' aria-current="true"' if name == chosen else ""
        found.append(f'<li><a class="btn btn-line btn-s" href="{url}"{mark}>{label} {counts[name]}</a></li>')
    return Markup("".join(found) if len(found) > 1 else "")  # noqa: S704 - an address of numbers, and our own words


@lru_cache(maxsize=KINDS_KEPT)
def _kinds(kinds: Sequence[Method], chosen: Method | None) -> Markup:
    """The kinds of evidence to choose from; nothing where there is no choice."""
    if len(kinds) < 2 and chosen is None:
        return Markup()
    option = Markup('<option value="{}"{}>{}</option>')
    selected = Markup(" selected")
    return Markup().join(option.format(one, selected if one is chosen else "", METHOD_WORDS[one]) for one in kinds)


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
