"""One unit of a learner: every criterion, what stands behind it, and what would help."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portfolio.assessment.queries import CriterionCoverage, UnitCoverage, claims_set_aside, coverage_of
from portfolio.criteria.queries import GuidanceRow, UnitGuidance, guidance_for
from portfolio.criteria.rules import GUIDANCE_WORDS, GuidanceKind
from portfolio.enrolment.models import Enrolment
from portfolio.errors import NotFound
from portfolio.mapping.coverage import State
from portfolio.mapping.queries import draft_claims
from portfolio.policy.checks import can
from portfolio.policy.permissions import Permission
from portfolio.web.access import MISSING, load
from portfolio.web.session import actor, database_session
from portfolio.web.units.matrix import matrix_of

blueprint = Blueprint("units", __name__)

Shows: TypeAlias = Callable[[CriterionCoverage], bool]

FILTERS: dict[str, tuple[str, Shows]] = {
    "all": ("All", lambda _one: True),
    "gaps": ("Gaps", lambda one: one.standing.state is State.GAP),
    "more": ("Needs more", lambda one: one.standing.state is State.MORE),
    "claimed": ("Claimed", lambda one: one.standing.state is State.CLAIMED),
    "single": ("One source", lambda one: one.standing.is_single_source),
}
HELP = (
    ("What helps", "lightbulb", (GuidanceKind.TIP, GuidanceKind.KEY_CONCEPT, GuidanceKind.TERM)),
    ("Common mistakes", "x-octagon", (GuidanceKind.COMMON_MISTAKE, GuidanceKind.MISCONCEPTION)),
    ("What your assessor looks for", "search", (GuidanceKind.MARKING_POINT,)),
    ("Where it belongs", "signpost", (GuidanceKind.PREREQUISITE, GuidanceKind.OBJECTIVE)),
)
"""The guidance on a criterion in columns: heading, icon, kinds. Every kind stands in one of them."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to filter the rows, with how many it would show."""

    label: str
    url: str
    count: int
    is_chosen: bool


@blueprint.get("/enrolments/<int:enrolment_id>/units/<int:enrolment_unit_id>")
@load(Enrolment, Permission.ENROLMENT_SEE)
def show(enrolment: Enrolment, enrolment_unit_id: int) -> ResponseReturnValue:
    """The unit's matrix, with guidance beside each criterion."""
    database = database_session()
    found = coverage_of(database, enrolment.id, enrolment_unit_id=enrolment_unit_id)
    if not found:
        raise NotFound(MISSING)
    unit = found[0]
    is_owner = can(actor(), Permission.ENROLMENT_ADD_EVIDENCE, enrolment)
    asked = request.args.get("show", "all")
    chosen = asked if asked in FILTERS else "all"
    guidance = guidance_for(database, unit.unit_version_id)
    seen = matrix_of(
        unit,
        draft_claims(database, enrolment.id, actor().person_id),
        url_of=lambda evidence_id: url_for("evidence.show", evidence_id=evidence_id),
        shows=FILTERS[chosen][1],
    )
    return render_template(
        "units/show.html",
        enrolment=enrolment,
        unit=unit,
        is_owner=is_owner,
        matrix=seen,
        set_aside=[one for one in claims_set_aside(database, enrolment.id) if one.unit_code == unit.code],
        choices=_choices(unit, chosen),
        first_gap=next((one.criterion for one in unit.criteria if one.standing.state is State.GAP), None),
        help={one.criterion.id: _help(guidance, one.criterion.id) for one in unit.criteria},
        general=_general(guidance),
        add_url=url_for("evidence.add_files", enrolment_id=enrolment.id),
    )


def _choices(unit: UnitCoverage, chosen: str) -> list[Choice]:
    counted = [
        Choice(
            label,
            url_for(
                "units.show",
                enrolment_id=request.view_args["enrolment_id"] if request.view_args else 0,
                enrolment_unit_id=unit.enrolment_unit_id,
                show=None if name == "all" else name,
            ),
            sum(1 for one in unit.criteria if shows(one)),
            name == chosen,
        )
        for name, (label, shows) in FILTERS.items()
    ]
    return [choice for choice in counted if choice.count or choice.is_chosen]


def _help(guidance: UnitGuidance, criterion_id: int) -> list[tuple[str, str, tuple[GuidanceRow, ...]]]:
    """The columns of guidance on a criterion that have something to say."""
    columns = [(heading, icon, guidance.on(criterion_id, *kinds)) for heading, icon, kinds in HELP]
    return [column for column in columns if column[2]]


def _general(guidance: UnitGuidance) -> list[tuple[str, list[str]]]:
    """The hints that stand for the whole unit, under their headings."""
    found: dict[str, list[str]] = {}
    for hint in guidance.general:
        found.setdefault(GUIDANCE_WORDS[hint.kind], []).append(hint.text)
    return list(found.items())
