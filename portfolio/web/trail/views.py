"""Reading a trail, having it proved, taking it along as a list; and what external quality assurers opened."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portfolio import clock
from portfolio.accounts.models import Person
from portfolio.accounts.rules import Role
from portfolio.audit.checking import last_check
from portfolio.audit.models import TrailCheck
from portfolio.bundles.kept_models import KeptBundle
from portfolio.centres.models import Centre
from portfolio.criteria.models import QualificationVersion, UnitVersion
from portfolio.documents.csv_lists import write_list
from portfolio.enrolment.models import Cohort, Enrolment, EnrolmentUnit
from portfolio.enrolment.queries import whole
from portfolio.errors import NotFound
from portfolio.evidence.models import Evidence
from portfolio.export.models import WordBook
from portfolio.policy.checks import can, visible
from portfolio.policy.permissions import Permission
from portfolio.policy.table import SEEING
from portfolio.trail import actions, queries
from portfolio.trail.queries import Came, Found, Sight, Wanted, Window
from portfolio.trail.words import OF_CENTRES, OF_ENROLMENTS
from portfolio.web.access import MISSING, load, requires
from portfolio.web.downloads import attachment
from portfolio.web.session import actor, commit, database_session, installation
from portfolio.web.terms import worded
from portfolio.web.trail.forms import AccessFilter, TrailFilter, kind_choices, wanted_by, window_asked
from portfolio.web.trail.lines import (
    Line,
    csv_rows,
    lines_of_centre,
    lines_of_enrolment,
    lines_of_openings,
    opening_rows,
)

blueprint = Blueprint("trail", __name__)

ROWS = 50
LIST_MOST = 20_000
"""How many entries go into one list."""


@blueprint.get("/enrolments/<int:enrolment_id>/trail")
@load(Enrolment, Permission.ENROLMENT_SEE)
def show(enrolment: Enrolment) -> ResponseReturnValue:
    """What happened to a portfolio, the newest first; or, as the address asks, what happened to it elsewhere before."""
    form = TrailFilter(request.args)
    form.kind.choices = kind_choices(OF_ENROLMENTS)
    wanted, asked = wanted_by(form, OF_ENROLMENTS)
    session = database_session()
    came = queries.arrivals_of(session, enrolment.id)
    at = _asked_arrival(came)
    found = _entries(enrolment, at, wanted, window_asked(ROWS))
    if at is not None:
        asked = {**asked, "elsewhere": str(at.no)}
    return render_template(
        "trail/show.html",
        enrolment=whole(session, enrolment.id),
        came=came,
        at=at,
        is_own=enrolment.learner_id == actor().person_id,
        sees_access=can(actor(), Permission.CENTRE_SEE_TRAIL, _own_centre()),
        check=_told(last_check(session, enrolment.stream_id)),
        **_page(form, asked, found, _of_enrolment(enrolment, found)),
    )


def _asked_arrival(came: Sequence[Came]) -> Came | None:
    """The way by which the portfolio came that the address names; one that is not there counts as not asked."""
    return next((one for one in came if str(one.no) == request.args.get("elsewhere")), None)


def _entries(enrolment: Enrolment, at: Came | None, wanted: Wanted, window: Window) -> Found:
    """Entries of the trail of a portfolio, or of the one that it had where it came from."""
    session = database_session()
    if at is None:
        return queries.entries(session, enrolment.stream_id, wanted, window)
    return queries.entries(session, at.stream_id, wanted, window, at.names)


def _of_enrolment(enrolment: Enrolment, found: Found) -> list[Line]:
    refs = queries.refs_among(database_session(), enrolment.id, visible(actor(), Permission.EVIDENCE_SEE))
    return lines_of_enrolment(found.rows, refs, _sight(EnrolmentUnit))


def _sight(*models: type[Any]) -> Sight:
    return {model: visible(actor(), SEEING[model]) for model in models}


def _page(
    form: TrailFilter | AccessFilter, asked: Mapping[str, str], found: Found, lines: list[Line]
) -> dict[str, Any]:
    """What each of the three pages shows: the filter, the lines, and the ways on."""
    newer = {**asked, "above": str(lines[0].no)} if lines and found.has_newer else None
    older = {**asked, "below": str(lines[-1].no)} if lines and found.has_older else None
    return {
        "form": form,
        "is_filtered": bool(asked.keys() - {"enrolment", "elsewhere"}),
        "lines": lines,
        "newer_url": _address(newer),
        "older_url": _address(older),
        "list_query": f"?{urlencode(asked)}" if asked else "",
    }


def _address(query: Mapping[str, str] | None) -> str | None:
    return f"{request.path}?{urlencode(query)}" if query is not None else None


def _told(check: TrailCheck | None) -> dict[str, Any] | None:
    """What came of a proof, with the names of who asked and of whose trail the first fault is in."""
    if check is None:
        return None
    session = database_session()
    return {
        "row": check,
        "by": queries.name_of(session, check.person),
        "whose": queries.stream_name(session, check.fault_stream) if check.faults else "",
    }


@blueprint.get("/enrolments/<int:enrolment_id>/trail/list")
@load(Enrolment, Permission.ENROLMENT_SEE)
def download(enrolment: Enrolment) -> ResponseReturnValue:
    """The same as CSV: every entry that the filter finds."""
    wanted, _asked = wanted_by(TrailFilter(request.args), OF_ENROLMENTS)
    at = _asked_arrival(queries.arrivals_of(database_session(), enrolment.id))
    found = _entries(enrolment, at, wanted, Window(LIST_MOST))
    name = f"trail-{enrolment.uid}-elsewhere-{at.no}" if at else f"trail-{enrolment.uid}"
    return _list(csv_rows(_of_enrolment(enrolment, found)), name)


def _list(rows: list[tuple[str, ...]], name: str) -> Response:
    content, name = write_list(rows), f"{name}-{clock.today().isoformat()}.csv"
    return attachment(BytesIO(content), name=name, media_type="text/csv; charset=utf-8", size=len(content), etag=name)


@blueprint.post("/enrolments/<int:enrolment_id>/trail/check")
@load(Enrolment, Permission.ENROLMENT_SEE)
def check(enrolment: Enrolment) -> ResponseReturnValue:
    """Prove this trail now."""
    row = actions.check_enrolment(database_session(), actor(), enrolment)
    commit()
    flash("Something is wrong with this trail. See below." if row.faults else "The trail is whole.", _look(row))
    return redirect(url_for("trail.show", enrolment_id=enrolment.id), 303)


def _look(row: TrailCheck) -> str:
    return "risk" if row.faults else "met"


def _own_centre() -> Centre:
    return database_session().get_one(Centre, actor().centre_id)


@blueprint.get("/centre/trail")
@requires(Permission.CENTRE_SEE_TRAIL)
def centre() -> ResponseReturnValue:
    """What happened at the centre, but to portfolios: each of those has its own trail."""
    form = TrailFilter(request.args)
    form.kind.choices = kind_choices(OF_CENTRES)
    wanted, asked = wanted_by(form, OF_CENTRES)
    session, stream_id = database_session(), actor().centre_stream_id
    found = queries.entries(session, stream_id, wanted, window_asked(ROWS))
    return render_template(
        "trail/centre.html",
        runs_centre=Role.ADMINISTRATOR in actor().roles,
        job=queries.newest_check(session, actor().centre_id),
        check=_told(last_check(session, stream_id)),
        **_page(form, asked, found, _of_centre(found)),
    )


def _of_centre(found: Found) -> list[Line]:
    return lines_of_centre(found.rows, _sight(Person, Cohort, QualificationVersion, UnitVersion, KeptBundle))


@blueprint.get("/centre/trail/list")
@requires(Permission.CENTRE_SEE_TRAIL)
def download_centre() -> ResponseReturnValue:
    """The same as CSV: every entry that the filter finds."""
    wanted, _asked = wanted_by(TrailFilter(request.args), OF_CENTRES)
    found = queries.entries(database_session(), actor().centre_stream_id, wanted, Window(LIST_MOST))
    return _list(csv_rows(_of_centre(found)), "trail-centre")


@blueprint.post("/centre/trail/check")
@requires(Permission.CENTRE_SEE_TRAIL)
def check_centre() -> ResponseReturnValue:
    """Have all of the centre's trails proved; a proof that is under way is the answer too."""
    actions.ask_for_check(database_session(), actor(), _own_centre())
    commit()
    installation().waker.wake()
    return redirect(url_for("trail.centre"), 303)


@blueprint.get("/centre/trail/progress")
@requires(Permission.CENTRE_SEE_TRAIL)
def progress() -> ResponseReturnValue:
    """How far the proof is, for the page's script."""
    job = queries.newest_check(database_session(), actor().centre_id)
    if job is None:
        raise NotFound(MISSING)
    return jsonify(state=job.state.value, done=job.done, total=job.total, message=worded(job.message))


@blueprint.get("/centre/access")
@requires(Permission.CENTRE_SEE_TRAIL)
def access() -> ResponseReturnValue:
    """What external quality assurers opened; of one learner, when the address names an enrolment."""
    form, enrolment = AccessFilter(request.args), _asked_enrolment()
    wanted, asked = wanted_by(form)
    if enrolment is not None:
        asked = {**asked, "enrolment": str(enrolment.id)}
    found = _openings(wanted, window_asked(ROWS), enrolment)
    return render_template(
        "trail/access.html",
        enrolment=enrolment,
        names=queries.eqas_of(database_session(), actor().centre_id),
        **_page(form, asked, found, _of_openings(found)),
    )


def _openings(wanted: Wanted, window: Window, enrolment: Enrolment | None) -> Found:
    enrolment_id = enrolment.id if enrolment else None
    return queries.openings(database_session(), actor().centre_id, wanted, window, enrolment_id=enrolment_id)


def _of_openings(found: Found) -> list[Line]:
    models = Enrolment, EnrolmentUnit, Evidence, QualificationVersion, UnitVersion, WordBook, KeptBundle
    return lines_of_openings(found.rows, _sight(*models))


@blueprint.get("/centre/access/list")
@requires(Permission.CENTRE_SEE_TRAIL)
def download_access() -> ResponseReturnValue:
    """The same as CSV: everything that the filter finds."""
    enrolment = _asked_enrolment()
    wanted, _asked = wanted_by(AccessFilter(request.args))
    found = _openings(wanted, Window(LIST_MOST), enrolment)
    name = f"access-log-{enrolment.uid}" if enrolment else "access-log"
    return _list(opening_rows(_of_openings(found)), name)


def _asked_enrolment() -> Enrolment | None:
    """The enrolment that the address names. Raises NotFound for one that is not this person's to see."""
    asked = request.args.get("enrolment", "")
    if not asked:
        return None
    if not (asked.isascii() and asked.isdigit() and len(asked) < 10):
        raise NotFound(MISSING)
    found = queries.enrolment_seen(database_session(), visible(actor(), Permission.ENROLMENT_SEE), int(asked))
    if found is None:
        raise NotFound(MISSING)
    return found
