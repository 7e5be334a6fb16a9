"""Bundles of several portfolios: those for the visit of an external quality assurer, and those of the whole centre."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portfolio import clock
from portfolio.bundles import actions, queries
from portfolio.bundles.kept_models import KeptBundle
from portfolio.bundles.kept_rules import PORTFOLIOS_MOST, BundleKind, PartState
from portfolio.centres.models import Centre
from portfolio.enrolment import list_queries
from portfolio.enrolment.list_queries import EnrolmentRow
from portfolio.enrolment.list_queries import Wanted as WantedLearners
from portfolio.errors import Rejected
from portfolio.export.held_queries import groups_of
from portfolio.export.rules import WHOLE, Choice, Extent
from portfolio.policy.checks import can, visible
from portfolio.policy.permissions import Permission
from portfolio.web import paging
from portfolio.web.access import load, requires
from portfolio.web.bundles.blueprint import blueprint
from portfolio.web.bundles.forms import NAME_MOST, LearnersFilter, VisitForm
from portfolio.web.bundles.rows import Shown, own_fingerprint
from portfolio.web.forms import refuse, status
from portfolio.web.session import actor, commit, database_session, installation

LISTED = 200
"""How many learners stand on the page to choose from; the filters find the others."""


@blueprint.get("/centre/bundles")
@requires(Permission.CENTRE_SEE_BUNDLES)
def index() -> str:
    """The bundles of several portfolios that this person may open, and how to have one made."""
    session, centre = database_session(), _own_centre()
    within = visible(actor(), Permission.KEPT_BUNDLE_SEE)
    rows = queries.bundles_within(session, within, offset=paging.offset(), limit=paging.ROWS + 1)
    page = paging.page_of(rows, {})
    withheld = queries.withheld(session, [row.bundle.id for row in page.rows])
    return render_template(
        "bundles/index.html",
        page=page,
        shown=[Shown(row, tuple(withheld.get(row.bundle.id, ()))) for row in page.rows],
        may_make_visit=can(actor(), Permission.CENTRE_MAKE_VISIT, centre),
        may_make_all=can(actor(), Permission.CENTRE_MAKE_BUNDLE, centre),
        fingerprint=own_fingerprint(),
    )


def _own_centre() -> Centre:
    return database_session().get_one(Centre, actor().centre_id)


@blueprint.post("/centre/bundles")
@requires(Permission.CENTRE_MAKE_BUNDLE)
def make_all() -> ResponseReturnValue:
    """Ask for a bundle of everybody at the centre."""
    return _asked(actions.ask_for_centre(database_session(), actor(), _own_centre()))


def _asked(bundle: KeptBundle) -> ResponseReturnValue:
    bundle_id = bundle.id
    commit()
    installation().waker.wake()
    return redirect(url_for("bundles.whole", kept_bundle_id=bundle_id), 303)


@blueprint.get("/bundles/<int:kept_bundle_id>")
@load(KeptBundle, Permission.KEPT_BUNDLE_SEE)
def whole(bundle: KeptBundle) -> ResponseReturnValue:
    """One bundle: how far it is, which portfolios are in it, and what holds the others back."""
    if bundle.kind is BundleKind.LEARNER:
        return redirect(url_for("bundles.show", enrolment_id=bundle.enrolment_id), 303)
    session = database_session()
    parts = queries.parts_of(session, bundle.id, offset=paging.offset(), limit=paging.ROWS + 1)
    page = paging.page_of(parts, {})
    withheld = queries.withheld(session, [bundle.id])
    return render_template(
        "bundles/whole.html",
        shown=Shown(queries.row_of(session, bundle), tuple(withheld.get(bundle.id, ()))),
        page=page,
        groups={row.part.id: groups_of(row.part.held) for row in page.rows if row.part.state is PartState.HELD},
        choices={row.part.id: Choice.of(row.part.choice).refs for row in page.rows},
        may_make=can(actor(), Permission.KEPT_BUNDLE_MAKE, bundle),
        fingerprint=own_fingerprint(),
    )


@blueprint.get("/centre/bundles/visit")
@requires(Permission.CENTRE_MAKE_VISIT)
def visit() -> str:
    """Whose portfolios are wanted for a visit: those granted to somebody, or others found by name."""
    session, form = database_session(), LearnersFilter(request.args)
    eqas = queries.granted_at(session, actor().centre_id)
    form.eqa.choices = {"": "Anybody", **{str(id_): name for id_, name in eqas}}
    ticked = _ids(request.args.getlist("learners"))
    rows = _found(form, ticked)
    return render_template(
        "bundles/visit.html",
        form=form,
        has_eqas=bool(eqas),
        rows=rows[:LISTED],
        has_more=len(rows) > LISTED,
        is_filtered=bool(form.q.data or form.eqa.data),
        ticked=ticked,
    )


def _found(form: LearnersFilter, ticked: set[int]) -> list[EnrolmentRow]:
    """Those who are ticked already, then those whom the filters find."""
    session, within = database_session(), visible(actor(), Permission.ENROLMENT_MAKE_BUNDLE)
    words = (form.q.data or "")[:NAME_MOST]
    among = queries.granted_among(within, form.eqa.data, clock.today()) if form.eqa.data else within
    found = list_queries.rows(session, among, WantedLearners(search=words), limit=LISTED + 1)
    first = list_queries.rows(session, queries.these_among(within, ticked)) if ticked else []
    return [*first, *(row for row in found if row.id not in ticked)]


def _ids(sent: list[str]) -> set[int]:
    """Ids of an address or a form, as far as they are any."""
    return {int(one) for one in sent[:LISTED] if one.isascii() and one.isdigit() and len(one) < 10}


@blueprint.route("/centre/bundles/visit/items", methods=["GET", "POST"])
@requires(Permission.CENTRE_MAKE_VISIT)
def visit_items() -> ResponseReturnValue:
    """All of each portfolio, or a sample of its items; then the bundle is made."""
    session, form = database_session(), VisitForm()
    ids = _ids(request.values.getlist("learners"))
    within = visible(actor(), Permission.ENROLMENT_MAKE_BUNDLE)
    found = queries.items_of_several(session, within, ids) if len(ids) <= PORTFOLIOS_MOST else {}
    form.learners.choices = [(str(id_), learner) for id_, (learner, _items) in found.items()]
    samples = {id_: tuple(request.form.getlist(f"items-{id_}")) for id_ in found}
    if form.validate_on_submit():
        try:
            wanted = {id_: _choice(samples.get(id_, ())) for id_ in sorted(ids)}
            return _asked(actions.ask_for_visit(session, actor(), _own_centre(), wanted))
        except Rejected as refused:
            session.rollback()
            refuse(form, refused)
    page = render_template(
        "bundles/visit_items.html",
        form=form,
        found=found,
        samples=samples,
        is_too_many=len(ids) > PORTFOLIOS_MOST,
        most=PORTFOLIOS_MOST,
    )
    return page, status(form)


def _choice(refs: tuple[str, ...]) -> Choice:
    return Choice(Extent.SAMPLE, refs=refs) if refs else WHOLE
