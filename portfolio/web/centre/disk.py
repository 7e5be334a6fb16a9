"""How much room each portfolio takes, for the centre's administrators."""

from flask import render_template, request

from portfolio.bundles import queries as bundles
from portfolio.export import disk_queries
from portfolio.policy.permissions import Permission
from portfolio.web import paging
from portfolio.web.access import requires
from portfolio.web.centre.views import blueprint
from portfolio.web.forms import FilterForm, LineField
from portfolio.web.session import actor, database_session
from portfolio.web.uploads import most_of_installation

NAME_MOST = 100


class DiskFilter(FilterForm):
    """Whose portfolio."""

    q = LineField("{Learner}’s name", most=NAME_MOST)


@blueprint.get("/centre/disk-use")
@requires(Permission.CENTRE_CHANGE)
def disk_use() -> str:
    """Portfolios by how much they take, the largest first."""
    form = DiskFilter(request.args)
    words = (form.q.data or "")[:NAME_MOST]
    session, centre_id = database_session(), actor().centre_id
    found = disk_queries.taken_by_portfolio(
        session,
        centre_id,
        search=words,
        offset=paging.offset(),
        limit=paging.ROWS + 1,
        further=bundles.files_by_enrolment(),
    )
    return render_template(
        "centre/disk.html",
        form=form,
        page=paging.page_of(found, {"q": words}),
        is_filtered=bool(words),
        of_several=bundles.taken_by_several(session, centre_id),
        taken=disk_queries.taken_by_centre(session, centre_id),
        most=actor().settings.within(most_of_installation()),
    )
