"""The forms for what assessors record of a learner: an observation, a discussion, questions."""

from wtforms import BooleanField, IntegerField, RadioField, StringField
from wtforms.validators import DataRequired, InputRequired
from wtforms.widgets import HiddenInput

from portfolio.assessment.rules import BY_RECORDER, DECLARATIONS, Declaration
from portfolio.criteria.rules import METHOD_WORDS, Method
from portfolio.evidence.rules import BODY_MOST, BY_ASSESSOR, CONTEXT_MOST, NEEDS_TITLE, ROLE_MOST, TITLE_MOST
from portfolio.web.evidence.forms import AboutFiles
from portfolio.web.evidence.notes_forms import NotesField
from portfolio.web.forms import BaseForm, FilterForm, LineField, ParagraphsField


class LearnerFilter(FilterForm):
    """Of which learners to choose."""

    q = LineField("{Learner}’s name or e-mail address", most=100)


class RecordForm(AboutFiles):
    """What a record says: notes, a longer text, files, or several of these.

    `began` is what the page's clock shows, kept with the rest while it is typed.
    """

    title = LineField(
        "Title",
        [DataRequired(NEEDS_TITLE)],
        most=TITLE_MOST,
        description="What you saw or heard, without a customer’s or a colleague’s name.",
    )
    context = ParagraphsField(
        "What was the setting?",
        most=CONTEXT_MOST,
        description="Where, at what kind of work, and who else was there, without anybody’s name.",
    )
    role = ParagraphsField(
        "What was the {learner}’s part in it?",
        most=ROLE_MOST,
        description="What they did themselves, in a sentence or two.",
    )
    notes = NotesField()
    body = ParagraphsField(
        "What else there is to say",
        most=BODY_MOST,
        description="A summary, or what does not belong to a moment. Leave it empty if the notes or a file say it.",
    )
    began = StringField(widget=HiddenInput())


class AddRecordForm(RecordForm):
    """A new record."""

    method = RadioField(
        "What are you recording?",
        [InputRequired("Choose what you are recording.")],
        choices={method.value: METHOD_WORDS[method] for method in BY_ASSESSOR},
        default=Method.OBSERVATION.value,
    )


class ChangeRecordForm(RecordForm):
    """New details, and perhaps further files, for a draft. `rev` is the draft's when it was read."""

    rev = IntegerField(validators=[InputRequired()], widget=HiddenInput())


class OnRecordForm(BaseForm):
    """What is declared of a record, one box for each, named as the rules name them."""

    witnessed = BooleanField(
        DECLARATIONS[Declaration.WITNESSED], [DataRequired("Confirm that you saw or heard it yourself.")]
    )
    confidential = BooleanField(
        DECLARATIONS[Declaration.CONFIDENTIAL], [DataRequired("Confirm that nobody can be identified.")]
    )

    @property
    def declared(self) -> set[Declaration]:
        """What was confirmed."""
        return {declaration for declaration in BY_RECORDER if self[declaration.value].data}
