"""What is sent from the page of a file that is redacted, beside the marks."""

from wtforms import SelectField
from wtforms.validators import InputRequired

from portfolio.anonymise.findings import LABEL_WORDS, Label
from portfolio.screening.sorting import MARK_MOST
from portfolio.web.forms import BaseForm, LineField


class MissedForm(BaseForm):
    """Words of the file that were missed, as they stand there."""

    words = LineField("Words that were missed", [InputRequired("Say which words.")], most=MARK_MOST)
    label = SelectField("What they are", choices={label.value: words for label, words in LABEL_WORDS.items()})

    @property
    def sort(self) -> Label:
        """The label that was chosen."""
        return Label(self.label.data)
