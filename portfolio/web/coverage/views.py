"""The coverage audit: the learners that a person may see, against units and criteria; in sums; and as files."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from tempfile import TemporaryFile
from urllib.parse import parse_qsl

from flask import Blueprint, Response, render_template, request
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from portfolio import clock
from portfolio.accounts.actors import Actor
from portfolio.assessment.coverage_filters import NOTHING, Scope
from portfolio.assessment.coverage_options import Options
from portfolio.assessment.coverage_queries import COUNTED_MOST, Learners, UnitAudit, learner_count, learners, unit_audit
from portfolio.assessment.coverage_rolls import Roll, is_answered, seen_in, unit_audit_of
from portfolio.assessment.coverage_sums import summed, unit_sums, units_of
from portfolio.assessment.coverage_walks import walked_audit
from portfolio.documents.tables import write_csv, write_xlsx
from portfolio.errors import Rejected
from portfolio.export.actions import note_table
from portfolio.mapping.coverage import Tally
from portfolio.policy.checks import sees_whole_centre, visible_joined
from portfolio.policy.permissions import Permission
from portfolio.web.access import requires
from portfolio.web.coverage.asked import (
    BY_WORDS,
    HAVING_WORDS,
    LABELS,
    OF_ONE_UNIT,
    SORT_WORDS,
    Asked,
    View,
    asked_for,
    filter_words,
)
from portfolio.web.coverage.figures import stand_words, sums_drawn, ways
from portfolio.web.coverage.heat import codes_of, criteria_heat, lines_of, units_heat
from portfolio.web.coverage.tables import WORST, Table, file_rows, small_table, units_by_learner
from portfolio.web.coverage.words import counts
from portfolio.web.downloads import attachment
from portfolio.web.frames import framed
from portfolio.web.jinja import time_of
from portfolio.web.paging import edges
from portfolio.web.session import actor, commit, database_session, installation
from portfolio.web.terms import worded

blueprint = Blueprint("coverage", __name__)

LEARNERS, ASKINGS_KEPT = 50, 1_000
KINDS = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@blueprint.get("/coverage")
@requires(Permission.CENTRE_SEE_COVERAGE)
def show() -> str | bytes:
    """Learners by units, or of one unit by criteria; the filters are in the address."""
    asked, options, roll = _opened(View.UNITS)
    if not options.units:
        return render_template("coverage/show.html", asked=None)
    draw = _unit_page if asked.view is View.UNIT else _units_page
    return draw(actor(), asked, options, roll)


@blueprint.get("/coverage/criteria")
@requires(Permission.CENTRE_SEE_COVERAGE)
def criteria() -> str:
    """Each criterion of a unit, summed over learners."""
    return _small_page(View.CRITERIA, "coverage/criteria.html")


@blueprint.get("/coverage/sums")
@requires(Permission.CENTRE_SEE_COVERAGE)
def sums() -> str:
    """Learners summed by assessor, cohort or awarding organisation."""
    return _small_page(View.SUMS, "coverage/sums.html")


@blueprint.get("/coverage/behind")
@requires(Permission.CENTRE_SEE_COVERAGE)
def behind() -> str:
    """Those who are the most days behind their plan."""
    return _small_page(View.BEHIND, "coverage/behind.html")


@blueprint.post("/coverage/export")
@requires(Permission.CENTRE_SEE_COVERAGE)
def export() -> Response:
    """What a view shows, from all of its pages, as a file."""
    kind = request.form.get("kind", "")
    if kind not in KINDS:
        raise Rejected("Take it as CSV or as XLSX.", "kind")
    database_session().rollback()  # a file takes its time, and nothing is to wait for it
    target = TemporaryFile()  # noqa: SIM115 - closed when it is sent
    with installation().database.reading() as database:
        scope = _scope(actor())
        options, _roll = seen_in(database, scope)
        asked = _asked(View.UNITS, options, request.query_string)
        rows = file_rows(database, scope, asked, options)
        label = worded(LABELS[asked.view])
        count = write_csv(target, rows) if kind == "csv" else write_xlsx(target, rows, title=label)
    words = [said for _name, said in filter_words(asked, options)]
    if asked.view in OF_ONE_UNIT:
        words.insert(0, options.units.get(asked.filters.unit_code, ""))
    note_table(database_session(), actor(), view=label, kind=kind.upper(), filters=words, rows=max(count - 1, 0))
    commit()
    name = f"coverage {asked.view} {clock.today().isoformat()}.{kind}"
    size = target.tell()
    target.seek(0)
    return attachment(target, name=name, media_type=KINDS[kind], size=size, etag=f"{clock.now().timestamp()}")


@lru_cache(maxsize=ASKINGS_KEPT)
def _asked(view: View, options: Options, query: bytes) -> Asked:
    """What the query of an address asks for; in that of a file, the view too."""
    said = MultiDict(parse_qsl(query.decode("utf-8", "replace"), keep_blank_values=True))
    wanted = next((one for one in View if one.value == said.get("view")), view)
    return asked_for(View.UNITS if wanted is View.UNIT else wanted, options, said)


def _scope(me: Actor) -> Scope:
    return _scope_on(me, clock.today())


@lru_cache(maxsize=ASKINGS_KEPT)
def _scope_on(me: Actor, _today: date) -> Scope:
    """Rules look at the actor and at the day, and at nothing else."""
    return Scope(me.centre_id, None if sees_whole_centre(me) else visible_joined(me, Permission.ENROLMENT_SEE))


def _opened(view: View) -> tuple[Asked, Options, Roll | None]:
    options, roll = seen_in(database_session(), _scope(actor()))
    return _asked(view, options, request.query_string), options, roll


def _unit_page(me: Actor, asked: Asked, options: Options, roll: Roll | None) -> bytes:
    database, filters, (after, before) = database_session(), asked.filters, edges()
    if not is_answered(filters):
        audit = unit_audit(database, _scope(me), filters, limit=LEARNERS, after=after, before=before)
    elif roll is not None:
        audit = unit_audit_of(database, roll, filters.unit_code, limit=LEARNERS, after=after, before=before)
    else:
        code = filters.unit_code
        audit = walked_audit(database, me.centre_id, options, code, limit=LEARNERS, after=after, before=before)
    return _table_page(
        me,
        asked,
        options,
        Shown(audit.learners, audit.tally, audit.single_source, audit),
        criteria_heat(audit.grid, audit.rows, learner=me.term("Learner")),
        grid=audit.grid,
        title=options.units[filters.unit_code],
        has_rows=bool(audit.rows),
        has_blanks=audit.tally.total != audit.learners * len(audit.grid.columns),
        codes=codes_of(audit.grid),
    )


def _units_page(me: Actor, asked: Asked, options: Options, _roll: Roll | None) -> bytes:
    database, scope, filters, (after, before) = database_session(), _scope(me), asked.filters, edges()
    found = learners(database, scope, filters, limit=LEARNERS, after=after, before=before)
    rows = found.rows
    theirs = units_of(database, [row.enrolment_id for row in rows])
    totals = unit_sums(database, scope, filters)
    taken = {unit.code for unit in theirs}
    units = {code: title for code, title in options.units.items() if code in taken}
    of = summed(totals.values())
    return _table_page(
        me,
        asked,
        options,
        Shown(learner_count(database, scope, filters), counts(of), of.single_source, found),
        units_heat(units, rows, units_by_learner(theirs), totals, learner=me.term("Learner")),
        grid=None,
        title="",
        has_rows=bool(rows),
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """How many learners there are, how their criteria stand, how many of them rest on a single item, and which of the
    learners are on the page.
    """

    learners: int
    tally: Tally
    single_source: int
    page: UnitAudit | Learners


def _ways(own_words: str, around: "Around", page: UnitAudit | Learners) -> str:
    rows = page.rows
    before = rows[0].enrolment_id if page.has_previous else None
    after = rows[-1].enrolment_id if rows and page.has_next else None
    return ways(own_words, around.beside, before, after)


_minute = lru_cache(maxsize=10)(time_of)


def _table_page(
    me: Actor, asked: Asked, options: Options, shown: Shown, table: Sequence[bytes], *, title: str, **others: Hashable
) -> bytes:
    """One of the two large tables, with what is around it."""
    count, own_words, around = shown.learners, me.own_words, _around(asked, options, me.own_words)
    return framed(
        "coverage/show.html",
        {
            "table": table,
            "now": (_minute(clock.now().replace(second=0, microsecond=0)).encode(),),
            "stand": (stand_words(own_words, title, count, shown.tally).encode(),),
            "figures": (sums_drawn(own_words, count, shown.tally, shown.single_source).encode(),),
            "ways": (_ways(own_words, around, shown.page).encode(),),
        },
        asked=True,
        around=around,
        most=COUNTED_MOST,
        is_any=count > 0,
        is_more=count > COUNTED_MOST,
        title=title,
        **others,
    )


def _small_page(view: View, template: str) -> str:
    asked, options, _roll = _opened(view)
    if not options.units:
        return render_template("coverage/show.html", asked=None)
    database, scope = database_session(), _scope(actor())
    table: Table = small_table(database, scope, asked, options)
    is_behind = view is View.BEHIND
    count = learner_count(database, scope, asked.filters, is_behind=is_behind)
    return render_template(
        template,
        asked=asked,
        around=_around(asked, options, actor().own_words),
        now=time_of(clock.now()),
        most=COUNTED_MOST,
        is_any=count > 0,
        is_more=count > COUNTED_MOST,
        table=table,
        lines=lines_of(table),
        count=count,
        title=options.units.get(asked.filters.unit_code, ""),
        worst=WORST,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Around:
    """What stands around a view, for everybody who asks the same with the same words: one object for them all. `beside`
    is as `Asked` has it.
    """

    asking: Markup
    beside: str
    export_url: str
    clear_url: str
    said: tuple[str, ...]


def _cleared(asked: Asked) -> Asked:
    """Without any filter but the unit of a view that is of one."""
    code = asked.filters.unit_code if asked.view in OF_ONE_UNIT else ""
    return asked.turned_to(asked.view, NOTHING.with_unit(code))


@lru_cache(maxsize=ASKINGS_KEPT)
def _around(asked: Asked, options: Options, _own_words: str) -> Around:
    """The ways to look at it, what can be asked, and what was."""
    code = asked.filters.unit_code or next(iter(options.units))
    views: Sequence[tuple[str, str, bool]] = [
        (worded(LABELS[view]), _turned(asked, view, code).address(), view is asked.view) for view in View
    ]
    said, clear_url = filter_words(asked, options), _cleared(asked).address()
    chips = [(words, asked.turned_to(asked.view, asked.filters.without(name)).address()) for name, words in said]
    drawn = render_template(
        "coverage/_asking.html",
        asked=asked,
        filters=asked.filters,
        options=options,
        views=views,
        chips=chips,
        clear_url=clear_url,
        needs_unit=asked.view is View.CRITERIA,
        states=HAVING_WORDS,
        sorts=SORT_WORDS,
        is_sorted=asked.view in {View.UNITS, View.UNIT},
        bys=[(by, worded(words)) for by, words in BY_WORDS.items()],
    )
    return Around(
        Markup(drawn),  # noqa: S704 - what Jinja drew, escaped there
        asked.beside(),
        asked.export_address(),
        clear_url,
        tuple(words for _name, words in said),
    )


def _turned(asked: Asked, view: View, code: str) -> Asked:
    """Another view of the same learners: by unit there is none chosen, by criterion there is one."""
    filters = asked.filters
    if view is View.UNITS:
        return asked.turned_to(view, filters.without("unit_code"))
    if view in OF_ONE_UNIT and not filters.unit_code:
        return asked.turned_to(view, filters.with_unit(code))
    return asked.turned_to(view, filters)
