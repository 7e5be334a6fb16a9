"""Criteria in the formats of others: a file looked at and made into a pack to load, a qualification taken elsewhere,
and the table to fill in.
"""

from io import BytesIO
from typing import cast
from urllib.parse import quote

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from portfolio import clock
from portfolio.criteria.exchange.formats import ENDINGS, MEDIA_TYPES, Format, Reading, read, write
from portfolio.criteria.exchange.places import NotTaken, Trouble
from portfolio.criteria.exchange.shaping import Assumed
from portfolio.criteria.exchange.template import template_csv, template_workbook
from portfolio.criteria.exchange.yaml_packs import as_yaml
from portfolio.criteria.models import QualificationVersion
from portfolio.criteria.pack_queries import stored_pack
from portfolio.criteria.tree import MOST_NOTED
from portfolio.drafts import actions as drafts
from portfolio.errors import NotFound, Rejected
from portfolio.policy.permissions import Permission
from portfolio.web.access import MISSING, load, requires
from portfolio.web.criteria import sent
from portfolio.web.criteria.forms import CONVERT_BYTES_MOST, ConvertForm
from portfolio.web.criteria.views import FAULTS_SHOWN, PLACE, blueprint, kept_content, kept_files
from portfolio.web.downloads import attachment
from portfolio.web.forms import UNPROCESSABLE, refuse, status
from portfolio.web.session import actor, commit, database_session
from portfolio.web.uploads import shown_name

YAML, YAML_TYPE = "yaml", "application/yaml"
TEMPLATES = {Format.XLSX: template_workbook, Format.CSV: template_csv}


@blueprint.route("/criteria/load/convert", methods=["GET", "POST"])
@requires(Permission.CENTRE_LOAD_CRITERIA)
def convert() -> ResponseReturnValue:
    """Send a file in a format of others: every fault of it, or a pack among the files that can be loaded."""
    form, troubles = ConvertForm(), tuple[Trouble, ...]()
    if form.validate_on_submit():
        try:
            _take(form)
            commit()
            return redirect(url_for("criteria.load"), 303)
        except NotTaken as refused:
            troubles = refused.troubles
        except Rejected as refused:
            refuse(form, refused)
    page = render_template(
        "criteria/convert.html", form=form, troubles=troubles, FAULTS_SHOWN=FAULTS_SHOWN, MOST_NOTED=MOST_NOTED
    )
    return page, UNPROCESSABLE if troubles else status(form)


def _take(form: ConvertForm) -> None:
    """Keep what was sent as a pack, in place of any other qualification. Raises NotTaken, and Rejected on `file`."""
    file = cast(FileStorage | None, form.file.data)
    if file is None or not file.filename:
        raise Rejected("Choose a file.", "file")
    content = file.stream.read(CONVERT_BYTES_MOST + 1)
    if len(content) > CONVERT_BYTES_MOST:
        raise Rejected(f"The file is larger than {CONVERT_BYTES_MOST / 1e6:.1f} MB.", "file")
    level = int(form.level.data) if form.level.data else None
    reading = read(content, Assumed(level, form.organisation.data or ""))
    name = f"{sent.stem_of(shown_name(file.filename))[:150]}.yaml"
    _keep(name, reading)


def _keep(name: str, reading: Reading) -> None:
    kept = kept_files()
    before = kept.content["files"] if kept else {}
    units = {other: text for other, text in before.items() if not sent.is_qualification(text)}
    texts = units | {name: reading.text}
    try:
        content = kept_content(kept, texts, {name: list(reading.remarks)})
        drafts.save(database_session(), actor().person_id, PLACE, content)
    except Rejected as refused:
        raise Rejected("As a pack this is too long to be kept. Load it with the command line.", "file") from refused


@blueprint.get("/criteria/load/kept")
@requires(Permission.CENTRE_LOAD_CRITERIA)
def kept_file() -> Response:
    """A file that is kept, to change it and send it again."""
    kept, name = kept_files(), request.args.get("name", "")
    if kept is None or name not in kept.content["files"]:
        raise NotFound(MISSING)
    return _file(kept.content["files"][name].encode(), name, YAML_TYPE, etag=f"{kept.id}-{kept.rev}-{name}")


@blueprint.get("/criteria/<int:qualification_version_id>/export/<criteria_format>")
@load(QualificationVersion, Permission.QUALIFICATION_VERSION_SEE)
def export(version: QualificationVersion, criteria_format: str) -> Response:
    """A qualification with its units as one file."""
    pack = stored_pack(database_session(), version)
    stem, etag = version.reference.replace("/", "-"), f"{version.uid}-{criteria_format}"
    if criteria_format == YAML:
        return _file(as_yaml(pack).encode(), f"{stem}.yaml", YAML_TYPE, etag=etag)
    if criteria_format not in set(Format):
        raise NotFound(MISSING)
    wanted = Format(criteria_format)
    content, ending = write(pack, wanted, changed=clock.now()), ENDINGS[wanted]
    return _file(content, f"{stem}-{wanted}{ending}", MEDIA_TYPES[ending], etag=etag)


@blueprint.get("/criteria/template/<criteria_format>")
@requires(Permission.CENTRE_LOAD_CRITERIA)
def template(criteria_format: str) -> Response:
    """The empty table, with what to write where."""
    wanted = Format(criteria_format) if criteria_format in set(Format) else None
    if wanted is None or wanted not in TEMPLATES:
        raise NotFound(MISSING)
    ending = ENDINGS[wanted]
    return _file(TEMPLATES[wanted](), f"criteria-template{ending}", MEDIA_TYPES[ending], etag=criteria_format)


def _file(content: bytes, name: str, media_type: str, *, etag: str) -> Response:
    return attachment(BytesIO(content), name=name, media_type=media_type, size=len(content), etag=quote(etag))
