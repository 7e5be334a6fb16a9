"""Choosing a file, saying which of its columns means what, and importing what was shown."""

from collections.abc import Sequence

from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField, SelectField

from portfolio.documents.csv_lists import BYTES_MOST
from portfolio.imports.matching import Matching, alike
from portfolio.imports.rules import COLUMNS, ImportKind
from portfolio.web.forms import BaseForm
from portfolio.web.terms import worded

NOW, LATER = "now", "later"


class FileForm(BaseForm):
    """One list."""

    file = FileField(
        "Choose a file",
        description=f"A CSV file of at most {BYTES_MOST / 1e6:.1f} MB, with headings in its first line. Spreadsheets "
        "save one as “CSV UTF-8”.",
    )


class ColumnsForm(BaseForm):
    """A list of the file's columns for each of ours."""


def columns_form(kind: ImportKind, headings: Sequence[str], matching: Matching) -> ColumnsForm:
    """The form for one file, as it was sent or as it was matched before."""
    doubled = set(alike(headings))
    offered = {"": "Not in this file"} | {
        str(number): f"{heading} (column {number + 1})" if heading in doubled else heading
        for number, heading in enumerate(headings)
    }
    fields = {
        column.name: SelectField(worded(column.label), description=worded(column.hint), choices=offered)
        for column in COLUMNS[kind]
    }
    before = {name: str(matching.get(name, "")) for name in fields}
    made: ColumnsForm = type("ColumnsForm", (ColumnsForm,), fields)(data=before)
    return made


def matching_in(kind: ImportKind, form: ColumnsForm) -> dict[str, int]:
    """What the form says."""
    return {column.name: int(form[column.name].data) for column in COLUMNS[kind] if form[column.name].data}


class ImportForm(BaseForm):
    """What was looked at, and when invitations go out."""

    seen = HiddenField()
    invitations = RadioField(
        "Invitations",
        choices={NOW: "Send them at once", LATER: "Send them later"},
        default=NOW,
        description="Each person gets a letter with a link that works once. Letters that go later wait until you send "
        "them from the page Imports.",
    )
