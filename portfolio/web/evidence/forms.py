"""The forms for adding and changing evidence."""

from dataclasses import fields, replace
from typing import Any

from flask_wtf.file import FileRequired, MultipleFileField
from wtforms import IntegerField, RadioField
from wtforms.validators import DataRequired, InputRequired, Optional
from wtforms.widgets import HiddenInput

from portfolio.criteria.rules import METHOD_WORDS, Method
from portfolio.evidence.actions import Details
from portfolio.evidence.models import EvidenceVersion
from portfolio.evidence.rules import BODY_MOST, BY_FILE, BY_WRITING, CONTEXT_MOST, ROLE_MOST, TITLE_MOST
from portfolio.web.forms import BaseForm, DayField, LineField, ParagraphsField

DETAILS = tuple(field.name for field in fields(Details))
NEEDS_TITLE = "Give it a title, so that you and your assessor know it again."
METHOD_HINTS = {
    Method.PRODUCT.value: "Something you made or handled at work: a letter, an e-mail, a log",
    Method.WITNESS.value: "Somebody who saw you do it says so in writing",
    Method.ASSIGNMENT.value: "Work that you were set: a report, a recommendation, answers to questions",
    Method.PRIOR_LEARNING.value: "A certificate or record of something that you could do before you began",
    Method.SIMULATION.value: "A practice case. Your centre says where this is allowed",
}


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
        "What should your assessor know about it?",
        most=CONTEXT_MOST,
        description="Where it comes from and what it is about, in a few sentences.",
    )
    files = MultipleFileField("Files")

    def ask_for_files_again(self) -> None:
        """A browser does not send files twice by itself: say so where some came with a form that is shown again."""
        if self.errors and not self.files.errors and any(self.files.data or []):
            self.files.errors = ["Choose the files again. Nothing was kept of them."]


class AddFilesForm(AboutFiles):
    """A new item made of files."""

    files = MultipleFileField("Files", [FileRequired("Choose at least one file.")])
    method = RadioField(
        "What kind of evidence is it?",
        choices={method.value: METHOD_WORDS[method] for method in BY_FILE},
        default=Method.PRODUCT.value,
        description="If two fit, choose the one that shows more of what you did.",
    )


class ChangeFilesForm(AboutFiles):
    """New details, and perhaps further files, for a draft. `rev` is the draft's when it was read."""

    rev = IntegerField(validators=[InputRequired()], widget=HiddenInput())


class WriteForm(ItemForm):
    """A new account that is written here, in Markdown."""

    method = RadioField(
        "What are you writing?",
        choices={method.value: METHOD_WORDS[method] for method in BY_WRITING},
        default=Method.REFLECTIVE_ACCOUNT.value,
    )
    body = ParagraphsField("Your account", most=BODY_MOST)


class RewriteForm(ItemForm):
    """A new text for a draft that is written here. `rev` is the draft's when it was read."""

    rev = IntegerField(validators=[InputRequired()], widget=HiddenInput())
    body = ParagraphsField("Your account", most=BODY_MOST)


ChangeForm = ChangeFilesForm | RewriteForm


def give_rev(form: ChangeForm, version: EvidenceVersion) -> None:
    """Have the form carry the number of the draft as it stands now, whatever was sent with it."""
    form.rev.data, form.rev.raw_data = version.rev, [str(version.rev)]


def said_by(draft: EvidenceVersion) -> dict[str, Any]:
    """What a form begins with: the words, never the files, which are only ever added."""
    return {name: getattr(draft, name) for name in DETAILS} | {"rev": draft.rev}
