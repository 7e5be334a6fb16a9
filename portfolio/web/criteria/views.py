"""What the qualifications and units say, and loading packs for one's centre: first shown, then loaded."""

from dataclasses import dataclass
from typing import Any, cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from portfolio import clock
from portfolio.centres.models import Centre
from portfolio.criteria import queries
from portfolio.criteria.actions import load_pack, load_unit
from portfolio.criteria.combination import rules_from
from portfolio.criteria.contents import Pack
from portfolio.criteria.exchange.formats import TITLES, WITHOUT
from portfolio.criteria.models import QualificationVersion, UnitVersion
from portfolio.criteria.pack_queries import compare_pack, compare_unit
from portfolio.criteria.rules import METHOD_WORDS
from portfolio.criteria.tree import MOST_NOTED
from portfolio.drafts import actions as drafts
from portfolio.drafts.models import Draft
from portfolio.drafts.queries import find
from portfolio.enrolment.queries import learners_on
from portfolio.errors import InvalidState, Rejected
from portfolio.policy.checks import visible
from portfolio.policy.permissions import Permission
from portfolio.web.access import load, requires
from portfolio.web.criteria import sent, words
from portfolio.web.criteria.forms import FILE_BYTES_MOST, FILES_MOST, CriteriaFilter, FilesForm, LoadForm, TakeOutForm
from portfolio.web.forms import refuse, status
from portfolio.web.session import actor, commit, database_session
from portfolio.web.uploads import shown_name

blueprint = Blueprint("criteria", __name__)

PLACE = "criteria.load"
FAULTS_SHOWN = 200


@blueprint.get("/criteria")
@requires(Permission.CENTRE_SEE_CRITERIA)
def index() -> str:
    """The qualifications that the centre can use, and the units that were loaded alone."""
    session, form = database_session(), CriteriaFilter(request.args)
    asked = (form.q.data or "")[:100].casefold()
    shelf = queries.library(session, actor().centre_id)
    learners = learners_on(session, visible(actor(), Permission.ENROLMENT_SEE))
    return render_template(
        "criteria/index.html",
        form=form,
        is_filtered=bool(asked),
        is_empty=not shelf.qualifications and not shelf.units,
        lines=[
            _Line(
                row,
                words.ends_of(row.version, clock.today()),
                learners.get(row.version.id, 0),
                sum(learners.get(id_, 0) for id_ in row.others),
            )
            for row in shelf.qualifications
            if asked in _said_of(row.version)
        ],
        units=[unit for unit in shelf.units if asked in f"{unit.code} {unit.title}".casefold()],
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """A qualification in the list, with how many of the learners one may see are on it and on other versions of it."""

    row: queries.Shelved
    ends: tuple[words.End, ...]
    here: int
    elsewhere: int


def _said_of(version: QualificationVersion) -> str:
    return f"{version.title} {version.reference} {version.awarding_organisation}".casefold()


@blueprint.get("/criteria/<int:qualification_version_id>")
@load(QualificationVersion, Permission.QUALIFICATION_VERSION_SEE)
def show(version: QualificationVersion) -> str:
    """Its facts, how its units combine, and the units group by group."""
    session, rules = database_session(), rules_from(version.rules)
    units = queries.units_of(session, version.id)
    in_use = queries.newest_version(session, version.reference, actor().centre_id)
    return render_template(
        "criteria/show.html",
        version=version,
        ends=words.ends_of(version, clock.today()),
        rules=words.rules_in_words(rules, {unit.code: unit.title for unit in units}) if rules.is_known else [],
        groups=[
            (
                group,
                words.group_in_words(group, is_known=rules.is_known),
                [u for u in units if u.group_code == group.code],
            )
            for group in rules.groups
        ],
        learners=learners_on(session, visible(actor(), Permission.ENROLMENT_SEE)).get(version.id, 0),
        other=in_use if in_use is not None and in_use.id != version.id else None,
        files=[("yaml", "A pack as YAML", ()), *((one, TITLES[one], without) for one, without in WITHOUT.items())],
    )


@blueprint.get("/criteria/units/<int:unit_version_id>")
@load(UnitVersion, Permission.UNIT_VERSION_SEE)
def unit(version: UnitVersion) -> str:
    """Everything that a unit says: outcomes and criteria, then every hint."""
    session = database_session()
    criteria = queries.criteria_of(session, version.id)
    return render_template(
        "criteria/unit.html",
        unit=version,
        outcomes=words.outcomes_of(criteria),
        total=len(criteria),
        guidance=words.hints_of(queries.guidance_for(session, version.id), criteria),
        METHOD_WORDS=METHOD_WORDS,
    )


@blueprint.route("/criteria/load", methods=["GET", "POST"], endpoint="load")
@requires(Permission.CENTRE_LOAD_CRITERIA)
def load_files() -> ResponseReturnValue:
    """Choose files, see what they change, load them. What was sent is kept until it is loaded or thrown away."""
    form = FilesForm()
    if form.validate_on_submit():
        try:
            _keep(cast(list[FileStorage], form.files.data or []))
            commit()
            return redirect(url_for("criteria.load"), 303)
        except Rejected as refused:
            refuse(form, refused)
    return _load_page(form)


@blueprint.post("/criteria/load/now")
@requires(Permission.CENTRE_LOAD_CRITERIA)
def load_now() -> ResponseReturnValue:
    """Load what was looked at, and nothing else, for one's centre."""
    session, kept = database_session(), kept_files()
    if kept is None or str(kept.rev) != (LoadForm().rev.data or ""):
        raise InvalidState("The files are not those that you looked at. See what they change first.")
    reading = sent.read(kept.content["files"])
    if reading.faults:
        raise InvalidState("There is something wrong with the files, so nothing was loaded.")
    centre = session.get_one(Centre, actor().centre_id)
    there = _load(reading, centre)
    drafts.clear(session, actor().person_id, PLACE)
    commit()
    flash(words.loaded_in_words(reading.pack, reading.units, centre.name), "met")
    return redirect(there, 303)


def _load(reading: sent.Reading, centre: Centre) -> str:
    """Load the pack, or each of the units; answers the address of the page that shows it."""
    session = database_session()
    if reading.pack:
        version = load_pack(session, actor(), reading.pack, centre=centre)
        return url_for("criteria.show", qualification_version_id=version.id)
    units = [load_unit(session, actor(), unit, centre=centre) for unit in reading.units]
    return url_for("criteria.unit", unit_version_id=units[0].id) if len(units) == 1 else url_for("criteria.index")


@blueprint.post("/criteria/load/take-out")
@requires(Permission.CENTRE_LOAD_CRITERIA)
def take_out() -> ResponseReturnValue:
    """Keep all files but one."""
    session, kept, name = database_session(), kept_files(), TakeOutForm().name.data
    if kept is None or name not in kept.content["files"]:
        raise InvalidState("This file is not among those that are kept.")
    texts = {other: text for other, text in kept.content["files"].items() if other != name}
    if texts:
        drafts.save(session, actor().person_id, PLACE, kept_content(kept, texts))
    else:
        drafts.clear(session, actor().person_id, PLACE)
    commit()
    flash(f"{name} is taken out.", "info")
    return redirect(url_for("criteria.load"), 303)


@blueprint.post("/criteria/load/discard")
@requires(Permission.CENTRE_LOAD_CRITERIA)
def discard() -> ResponseReturnValue:
    """Throw away what was sent."""
    drafts.clear(database_session(), actor().person_id, PLACE)
    commit()
    flash("The files are thrown away. Nothing was loaded.", "info")
    return redirect(url_for("criteria.load"), 303)


def kept_files() -> Draft | None:
    """What was sent, and is neither loaded nor thrown away."""
    return find(database_session(), actor().person_id, PLACE)


def kept_content(
    kept: Draft | None, texts: dict[str, str], remarks: dict[str, list[str]] | None = None
) -> dict[str, Any]:
    """What a draft keeps: the files, and what was remarked on those that were made from another format."""
    known = {**(kept.content.get("remarks", {}) if kept else {}), **(remarks or {})}
    return {"files": texts, "remarks": {name: said for name, said in known.items() if name in texts}}


def remarks_in(kept: Draft | None) -> list[str]:
    """What was remarked on the files that are kept."""
    return [sentence for said in kept.content.get("remarks", {}).values() for sentence in said] if kept else []


def _keep(files: list[FileStorage]) -> None:
    """Add the files to those that are kept; one takes the place of that of its name, a qualification that of another.

    Raises Rejected, on `files`.
    """
    kept = kept_files()
    texts = dict(kept.content["files"]) if kept else {}
    added = {shown_name(file.filename or ""): _text(file) for file in files if file.filename}
    if not added:
        raise Rejected("Choose at least one file.", "files")
    if any(sent.is_qualification(text) for text in added.values()):
        texts = {name: text for name, text in texts.items() if not sent.is_qualification(text)}
    texts |= added
    if len(texts) > FILES_MOST:
        raise Rejected(f"These are {len(texts)} files; at most {FILES_MOST} can be loaded together.", "files")
    try:
        drafts.save(database_session(), actor().person_id, PLACE, kept_content(kept, texts))
    except Rejected as refused:
        raise Rejected(
            "These files are too long together. Take out what the qualification does not name.", "files"
        ) from refused


def _text(file: FileStorage) -> str:
    name = shown_name(file.filename or "")
    if not sent.is_yaml(name):
        raise Rejected(f"{name} is not a YAML file: its name ends in .yaml or .yml.", "files")
    content = file.stream.read(FILE_BYTES_MOST + 1)
    if len(content) > FILE_BYTES_MOST:
        raise Rejected(f"{name} is larger than {FILE_BYTES_MOST // 1024} KB.", "files")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Rejected(f"{name}, line {line}: the file is not UTF-8 text. Save it as UTF-8.", "files") from error
    if "\0" in text:
        raise Rejected(f"{name}, line {text.count(chr(10), 0, text.index(chr(0))) + 1}: this is not text.", "files")
    return text


def _load_page(form: FilesForm) -> ResponseReturnValue:
    kept = kept_files()
    reading = sent.read(kept.content["files"]) if kept else sent.Reading()
    session, centre_id = database_session(), actor().centre_id
    page = render_template(
        "criteria/load.html",
        form=form,
        kept=sorted(kept.content["files"]) if kept else [],
        remarks=remarks_in(kept),
        loading=LoadForm(formdata=None, rev=kept.rev) if kept else None,
        reading=reading,
        FAULTS_SHOWN=FAULTS_SHOWN,
        MOST_NOTED=MOST_NOTED,
        found=compare_pack(session, reading.pack, centre_id) if reading.pack else None,
        units=[(unit, compare_unit(session, unit, centre_id)) for unit in reading.units],
        staying=_staying(reading.pack),
    )
    return page, status(form)


def _staying(pack: Pack | None) -> int:
    """How many learners of the centre are on the qualification, and stay on the version that they began with."""
    if pack is None:
        return 0
    learners = learners_on(database_session(), visible(actor(), Permission.ENROLMENT_SEE))
    shelf = queries.library(database_session(), actor().centre_id).qualifications
    ids = {id_ for row in shelf if row.version.reference == pack.reference for id_ in (row.version.id, *row.others)}
    return sum(count for id_, count in learners.items() if id_ in ids)
