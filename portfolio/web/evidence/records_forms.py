"""The forms for what assessors record of a learner: an observation, a discussion, questions."""

from wtforms import BooleanField, IntegerField, RadioField
from wtforms.validators import DataRequired, InputRequired
from wtforms.widgets import HiddenInput

from portfolio.assessment.rules import BY_RECORDER, DECLARATIONS, Declaration
from portfolio.criteria.rules import METHOD_WORDS, Method
from portfolio.evidence.rules import BODY_MOST, BY_ASSESSOR, CONTEXT_MOST, NEEDS_TITLE, ROLE_MOST, TITLE_MOST
from portfolio.web.evidence.forms import AboutFiles
from portfolio.web.forms import BaseForm, FilterForm, LineField, ParagraphsField

RECORD_HINTS = {
    Method.OBSERVATION.value: "You watched or listened while the learner worked",
    Method.DISCUSSION.value: "You talked through a case or a way of working with the learner",
    Method.QUESTIONS.value: "You asked, and the learner answered, aloud or in writing",
}


class LearnerFilter(FilterForm):
    """Of which learners to choose."""

    q = LineField("Learner’s name or e-mail address", most=100)


class RecordForm(AboutFiles):
    """What a record says: notes, files or both."""

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
        "What was the learner’s part in it?",
        most=ROLE_MOST,
        description="What they did themselves, in a sentence or two.",
    )
    body = ParagraphsField(
        "What you saw, heard or asked",
        most=BODY_MOST,
        description="What was done and said, in order. Leave it empty if a file says it.",
    )


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
