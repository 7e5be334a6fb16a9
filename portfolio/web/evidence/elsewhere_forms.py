"""The forms about evidence that is held elsewhere: what it is and where, and having seen it there."""

from dataclasses import replace
from typing import Any

from wtforms import IntegerField, RadioField
from wtforms.validators import DataRequired, InputRequired
from wtforms.widgets import HiddenInput

from portfolio import clock
from portfolio.criteria.rules import METHOD_WORDS, Method
from portfolio.evidence.actions import Details
from portfolio.evidence.models import EvidenceVersion
from portfolio.evidence.rules import BY_FILE, CONTEXT_MOST, CUSTODY, CUSTODY_MOST, NOTE_MOST
from portfolio.web.evidence.forms import ItemForm, said_by
from portfolio.web.forms import BaseForm, DayField, LineField, ParagraphsField


class ElsewhereForm(ItemForm):
    """What an item says that stays where it is."""

    context = ParagraphsField(
        "What is it, and what does it show?",
        most=CONTEXT_MOST,
        description="Enough for somebody who has not seen it. Leave out what could identify a customer.",
    )
    location = LineField(
        "Where is it kept?",
        [DataRequired(CUSTODY["location"])],
        most=CUSTODY_MOST,
        description="Such as: personnel system at the Leeds site, complaint file 2210, third drawer.",
    )
    custodian = LineField(
        "Who keeps it?",
        [DataRequired(CUSTODY["custodian"])],
        most=CUSTODY_MOST,
        description="Who can show it to your {assessor}. A job title is better than a name: it outlasts the person.",
    )
    reason = LineField(
        "Why is it not here?",
        [DataRequired(CUSTODY["reason"])],
        most=CUSTODY_MOST,
        description="Such as: it holds customers’ personal data and may not leave the site.",
    )

    @property
    def details(self) -> Details:
        """What was filled in, with where it is kept."""
        said = super().details
        return replace(said, custody={name: (self[name].data or "").strip() for name in CUSTODY})

    def details_beside(self, draft: EvidenceVersion) -> Details:
        """What was filled in; what the form has no field for stays as the draft has it."""
        return replace(super().details_beside(draft), custody=self.details.custody)


class AddElsewhereForm(ElsewhereForm):
    """A new item that is held elsewhere."""

    method = RadioField(
        "What kind of {evidence} is it?",
        choices={method.value: METHOD_WORDS[method] for method in BY_FILE},
        default=Method.PRODUCT.value,
    )


class ChangeElsewhereForm(ElsewhereForm):
    """New details for a draft. `rev` is the draft's when it was read."""

    rev = IntegerField(validators=[InputRequired()], widget=HiddenInput())


def held_by(draft: EvidenceVersion) -> dict[str, Any]:
    """What the form begins with."""
    return said_by(draft) | draft.custody


class SightingForm(BaseForm):
    """When it was seen, and what there is to say about it."""

    seen_on = DayField(
        "When did you see it?", [InputRequired("Give the day on which you saw it.")], default=clock.today
    )
    note = ParagraphsField(
        "Note",
        most=NOTE_MOST,
        description="You can leave it empty. Such as: the original, signed on page 3; the supervisor showed it to me.",
    )
