"""The forms for adding and changing evidence."""

import re
from dataclasses import fields, replace
from typing import Any

from flask_wtf.file import MultipleFileField
from wtforms import IntegerField, RadioField, SelectMultipleField
from wtforms.validators import DataRequired, InputRequired, Optional
from wtforms.widgets import HiddenInput

from portfolio.criteria.rules import METHOD_WORDS, Method
from portfolio.evidence.actions import Details
from portfolio.evidence.models import EvidenceVersion
from portfolio.evidence.rules import BY_FILE, CONTEXT_MOST, NEEDS_TITLE, ROLE_MOST, TITLE_MOST
from portfolio.web.forms import BaseForm, DayField, LineField, ParagraphsField

DETAILS = tuple(field.name for field in fields(Details))
PUBLIC_ID = re.compile(r"[a-z0-9]{20}")
METHOD_HINTS = {
    Method.PRODUCT.value: "Something you made or handled at work: a letter, an e-mail, a log",
    Method.WITNESS.value: "Somebody who saw you do it says so in writing",
    Method.ASSIGNMENT.value: "Work that you were set: a report, a recommendation, answers to questions",
    Method.PRIOR_LEARNING.value: "A certificate or record of something that you could do before you began",
    Method.SIMULATION.value: "A practice case. Your centre says where this is allowed",
}


def public_id(text: str) -> str:
    """The public identifier of a row. Raises ValueError for what cannot be one."""
    if not PUBLIC_ID.fullmatch(text):
        raise ValueError(text)
    return text


class ItemForm(BaseForm):
    """What every item says about itself."""

    title = LineField(
        "Title",
        [DataRequired(NEEDS_TITLE)],
        most=TITLE_MOST,
        description="What it is and what it is about, without anybody’s name.",
    )
    event_on = DayField(
        "When did it happen?", [Optional()], description="The day of the event, not the day on which you add it."
    )

    role = ParagraphsField(
        "What was your part in it?",
        most=ROLE_MOST,
        description="What you did yourself, in a sentence or two. Leave out what others did.",
    )

    @property
    def details(self) -> Details:
        """What was filled in."""
        said: dict[str, Any] = self.data
        given = {name: said[name] for name in DETAILS if said.get(name)}
        return Details(**{"title": "", **given})

    def details_beside(self, draft: EvidenceVersion) -> Details:
        """What was filled in; what the form has no field for stays as the draft has it."""
        return replace(self.details, **{name: getattr(draft, name) for name in DETAILS if name not in self})


class AboutFiles(ItemForm):
    """What an item made of files says."""

    context = ParagraphsField(
        "What should your {assessor} know about it?",
        most=CONTEXT_MOST,
        description="Where it comes from and what it is about, in a few sentences.",
    )
    files = MultipleFileField("Files")
    waiting = SelectMultipleField("Files that are here already", coerce=public_id, validate_choice=False)

    needs_files = False
    """Whether the form is nothing without at least one file."""


class AddFilesForm(AboutFiles):
    """A new item made of files."""

    needs_files = True
    method = RadioField(
        "What kind of {evidence} is it?",
        choices={method.value: METHOD_WORDS[method] for method in BY_FILE},
        default=Method.PRODUCT.value,
        description="If two fit, choose the one that shows more of what you did.",
    )


class ChangeFilesForm(AboutFiles):
    """New details, and perhaps further files, for a draft. `rev` is the draft's when it was read."""

    rev = IntegerField(validators=[InputRequired()], widget=HiddenInput())


def give_rev(form: ItemForm, version: EvidenceVersion) -> None:
    """Have the form's `rev` be that of the draft as it stands now, whatever was sent with it."""
    form["rev"].data, form["rev"].raw_data = version.rev, [str(version.rev)]


def said_by(draft: EvidenceVersion) -> dict[str, Any]:
    """What a form begins with: the words, never the files, which are only ever added."""
    return {name: getattr(draft, name) for name in DETAILS} | {"rev": draft.rev}
