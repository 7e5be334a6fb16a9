"""Lists as CSV, for administrators: brought, matched, looked at row by row, then imported whole or not at all."""

from io import BytesIO
from typing import cast

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from portfolio.accounts import inviting
from portfolio.centres.models import Centre
from portfolio.documents.csv_lists import BYTES_MOST, write_list
from portfolio.errors import Conflict, InvalidState, NotFound, Rejected
from portfolio.imports import actions, queries
from portfolio.imports.matching import alike, template_of
from portfolio.imports.models import ImportDraft
from portfolio.imports.plans import Plan
from portfolio.imports.rules import CHANGES_MOST, COLUMNS, ROWS_MOST, Fate, ImportKind
from portfolio.policy.permissions import Permission
from portfolio.web import letters, paging
from portfolio.web.access import MISSING, load, requires
from portfolio.web.downloads import attachment
from portfolio.web.forms import refuse, status
from portfolio.web.imports.forms import NOW, FileForm, ImportForm, columns_form, matching_in
from portfolio.web.imports.words import AFTERWARDS, FATES, SIGNS, columns_for, done_in_words, words_for
from portfolio.web.session import actor, commit, database_session, installation
from portfolio.web.terms import told, worded
from portfolio.web.uploads import shown_name

blueprint = Blueprint("imports", __name__)

SHOWN = 5
"""How many rows are shown beside the columns."""


@blueprint.get("/imports")
@requires(Permission.CENTRE_MANAGE_PEOPLE)
def index() -> str:
    """What can be brought, what one has brought, and invitations that wait to be sent."""
    session, asker = database_session(), actor()
    brought = queries.brought_by(session, person_id=asker.person_id, centre_id=asker.centre_id)
    return render_template(
        "imports/index.html",
        kinds={kind: words_for(kind) for kind in ImportKind},
        brought=brought,
        waiting=inviting.letters_waiting(session, asker.centre_id),
        sends_mail=letters.post().is_set_up,
    )


@blueprint.route("/imports/new/<kind>", methods=["GET", "POST"])
@requires(Permission.CENTRE_MANAGE_PEOPLE)
def new(kind: str) -> ResponseReturnValue:
    """Send a list."""
    wanted, form = _kind(kind), FileForm()
    if form.validate_on_submit():
        try:
            draft = _bring(wanted, cast(FileStorage | None, form.file.data))
            commit()
            return redirect(url_for("imports.columns", import_draft_id=draft.id), 303)
        except Rejected as refused:
            refuse(form, refused)
    page = render_template(
        "imports/new.html",
        form=form,
        kind=wanted,
        words=words_for(wanted),
        columns=columns_for(wanted),
        rows_most=ROWS_MOST[wanted],
    )
    return page, status(form)


def _kind(kind: str) -> ImportKind:
    if kind not in set(ImportKind):
        raise NotFound(MISSING)
    return ImportKind(kind)


def _bring(kind: ImportKind, file: FileStorage | None) -> ImportDraft:
    if file is None or not file.filename:
        raise Rejected("Choose a file.", "file")
    content = file.stream.read(BYTES_MOST + 1)
    return actions.bring(database_session(), actor(), kind=kind, name=shown_name(file.filename), content=content)


@blueprint.get("/imports/template/<kind>")
@requires(Permission.CENTRE_MANAGE_PEOPLE)
def template(kind: str) -> Response:
    """An empty list with our headings."""
    wanted = _kind(kind)
    return _csv([template_of(wanted)], f"{wanted}-template.csv")


@blueprint.route("/imports/<int:import_draft_id>/columns", methods=["GET", "POST"])
@load(ImportDraft, Permission.IMPORT_DRAFT_CHANGE)
def columns(draft: ImportDraft) -> ResponseReturnValue:
    """Say which columns mean what, beside the first rows."""
    sheet = actions.sheet_of(draft)
    form = columns_form(draft.kind, sheet.headings, draft.matching)
    if form.validate_on_submit():
        faults = actions.match(database_session(), draft, matching_in(draft.kind, form))
        if not faults:
            commit()
            return redirect(url_for("imports.show", import_draft_id=draft.id), 303)
        for name, sentence in faults:
            refuse(form, Rejected(sentence, name))
    page = render_template(
        "imports/columns.html",
        form=form,
        draft=draft,
        words=words_for(draft.kind),
        names=[column.name for column in COLUMNS[draft.kind]],
        sheet=sheet,
        rows=sheet.rows[:SHOWN],
        alike=alike(sheet.headings),
    )
    return page, status(form)


@blueprint.get("/imports/<int:import_draft_id>")
@load(ImportDraft, Permission.IMPORT_DRAFT_CHANGE)
def show(draft: ImportDraft) -> ResponseReturnValue:
    """The dry run: what would be made, what changes, what stays, and every row that cannot be taken."""
    try:
        plan = _plan(draft)
    except Rejected:
        return redirect(url_for("imports.columns", import_draft_id=draft.id), 303)
    counts, asked = plan.counts, request.args.get("rows", "")
    fate = Fate(asked) if asked in set(Fate) else Fate.BAD if counts[Fate.BAD] and not asked else None
    lines = [line for line in plan.lines if fate in {None, line.fate}]
    start = paging.offset()
    return render_template(
        "imports/show.html",
        form=ImportForm(data={"seen": plan.digest}),
        draft=draft,
        words=words_for(draft.kind),
        plan=plan,
        counts=counts,
        fates=FATES,
        signs=SIGNS,
        fate=fate,
        page=paging.page_of(lines[start : start + paging.ROWS + 1], {"rows": fate or "all"}),
        sheet=actions.sheet_of(draft),
        has_too_many=counts[Fate.CHANGE] > CHANGES_MOST,
        changes_most=CHANGES_MOST,
        invites=draft.kind is ImportKind.PEOPLE and letters.post().is_set_up,
        is_without_mail=draft.kind is ImportKind.PEOPLE and not letters.post().is_set_up,
    )


def _plan(draft: ImportDraft) -> Plan:
    session = database_session()
    centre = session.get_one(Centre, draft.centre_id)
    return actions.work_out(session, centre, draft.kind, actions.sheet_of(draft), draft.matching)


@blueprint.get("/imports/<int:import_draft_id>/bad-rows")
@load(ImportDraft, Permission.IMPORT_DRAFT_CHANGE)
def bad_rows(draft: ImportDraft) -> Response:
    """The rows that cannot be taken, as they stand in the file, each with what to do."""
    plan = _plan(draft)
    rows = [
        (
            str(line.number),
            worded(" ".join(f"{f.column}: {f.what}" if f.column else f.what for f in line.faults)),
            *line.cells,
        )
        for line in plan.lines
        if line.fate is Fate.BAD
    ]
    return _csv([("Line", "What to do", *plan.headings), *rows], f"{draft.kind}-to-mend.csv")


def _csv(rows: list[tuple[str, ...]] | list[list[str]], name: str) -> Response:
    content = write_list(rows)
    return attachment(BytesIO(content), name=name, media_type="text/csv; charset=utf-8", size=len(content), etag=name)


@blueprint.post("/imports/<int:import_draft_id>/import")
@load(ImportDraft, Permission.IMPORT_DRAFT_CHANGE)
def store(draft: ImportDraft) -> ResponseReturnValue:
    """Import what was shown, all of it or nothing; when things changed since, show it again."""
    form = ImportForm()
    is_sent = form.invitations.data == NOW and letters.post().is_set_up
    session = database_session()
    try:
        plan = actions.carry_out_draft(session, actor(), draft, seen=form.seen.data or "", is_sent=is_sent)
        commit()
    except (Conflict, InvalidState, Rejected) as refused:
        session.rollback()
        flash(told(refused), "more")
        return redirect(url_for("imports.show", import_draft_id=draft.id), 303)
    if is_sent:
        installation().waker.wake()
    flash(done_in_words(plan, is_sent=is_sent), "met")
    return redirect(url_for(AFTERWARDS[plan.kind]), 303)


@blueprint.post("/imports/<int:import_draft_id>/discard")
@load(ImportDraft, Permission.IMPORT_DRAFT_CHANGE)
def discard(draft: ImportDraft) -> ResponseReturnValue:
    """Throw a list away."""
    actions.give_up(database_session(), draft)
    commit()
    flash("The list is thrown away. Nothing was imported.", "info")
    return redirect(url_for("imports.index"), 303)


@blueprint.post("/imports/send-invitations")
@requires(Permission.CENTRE_MANAGE_PEOPLE)
def send() -> ResponseReturnValue:
    """Have the invitations go out that wait for it."""
    if not letters.post().is_set_up:
        raise InvalidState("This server sends no mail, so no invitation can be sent.")
    session = database_session()
    count = inviting.send_letters(session, actor(), session.get_one(Centre, actor().centre_id))
    commit()
    installation().waker.wake()
    flash("1 invitation is on its way." if count == 1 else f"{count:,} invitations are on their way.", "met")
    return redirect(url_for("imports.index"), 303)
