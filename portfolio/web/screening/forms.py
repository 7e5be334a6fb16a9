"""What is sent from the page of an item's personal data."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired

from portfolio.anonymise.findings import LABEL_WORDS, Label
from portfolio.anonymise.pseudonyms import PART_WORDS, Part
from portfolio.errors import Rejected
from portfolio.screening.rules import REASON_MOST, REASON_WORDS, Reason
from portfolio.web.forms import BaseForm, LineField, ParagraphsField

WORDS_MOST = 200
UNKNOWN = "Choose one of the answers listed."


class ActForm(BaseForm):
    """The token alone: what is acted on is read by `Sent`."""


class KeepForm(BaseForm):
    """Why something that was found may stay."""

    reason = RadioField(
        "Why may it stay?",
        [InputRequired("Say why it may stay.")],
        choices={reason.value: words for reason, words in REASON_WORDS.items()},
    )
    said = ParagraphsField("In your own words", most=REASON_MOST)

    @property
    def why(self) -> Reason:
        """The reason that was chosen."""
        return Reason(self.reason.data)


class MarkForm(BaseForm):
    """What was missed: the words, as they stand in one of the texts."""

    words = LineField("Words that were missed", [InputRequired("Say which words.")], most=WORDS_MOST)
    label = SelectField("What they are", choices={label.value: words for label, words in LABEL_WORDS.items()})

    @property
    def sort(self) -> Label:
        """The label that was chosen."""
        return Label(self.label.data)


@dataclass(frozen=True, slots=True)
class Sent:
    """What a card sent: whom it is about, which of its mentions were ticked, and which card comes after it."""

    card: str
    entity: str
    findings: Sequence[str]
    then: str

    @classmethod
    def read(cls) -> "Sent":
        """From the form of the request."""
        form = request.form
        return cls(form.get("card", ""), form.get("entity", ""), form.getlist("finding"), form.get("then", ""))

    def ticked(self) -> Sequence[str]:
        """The mentions that were ticked. Raises Rejected when none was."""
        if not self.findings:
            raise Rejected("Tick at least one of the places.", "finding")
        return self.findings


def part_sent() -> Part | None:
    """The part that was chosen; None when there was nothing to choose. Raises Rejected for what is none."""
    asked = request.form.get("part", "")
    if not asked:
        return None
    if asked not in set(PART_WORDS):
        raise Rejected(UNKNOWN, "part")
    return Part(asked)


def label_sent() -> Label:
    """The sort that was chosen. Raises Rejected for what is none."""
    asked = request.form.get("label", "")
    if asked not in set(LABEL_WORDS):
        raise Rejected(UNKNOWN, "label")
    return Label(asked)
