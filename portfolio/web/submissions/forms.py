"""The form for handing in: which items, what is declared about them, and what was answered to the self-check."""

from collections.abc import Mapping

from wtforms import BooleanField, SelectMultipleField
from wtforms.validators import DataRequired

from portfolio.assessment.rules import BY_LEARNER, DECLARATIONS, Declaration
from portfolio.assessment.self_check import Answer
from portfolio.web.forms import BaseForm

CONFIRM = {
    Declaration.OWN_WORK: "Confirm that it is your own work.",
    Declaration.AI_USE: "Confirm what you say about AI tools.",
    Declaration.CONFIDENTIAL: "Confirm that nobody can be identified.",
}


ANSWER = "answer-"
"""What the name of an answer begins with; the key of its question follows."""


def answers_in(sent: Mapping[str, str]) -> dict[str, Answer]:
    """The answers to the self-check, by question. It holds nobody back: whatever is no answer is none."""
    known = {answer.value: answer for answer in Answer}
    return {
        name.removeprefix(ANSWER): known[value]
        for name, value in sent.items()
        if name.startswith(ANSWER) and value in known
    }


class HandInForm(BaseForm):
    """The items, and one box for each declaration, named as the rules name them."""

    items = SelectMultipleField(
        "Which items?", [DataRequired("Choose at least one item to hand in.")], coerce=int, choices=[]
    )
    own_work = BooleanField(DECLARATIONS[Declaration.OWN_WORK], [DataRequired(CONFIRM[Declaration.OWN_WORK])])
    ai_use = BooleanField(DECLARATIONS[Declaration.AI_USE], [DataRequired(CONFIRM[Declaration.AI_USE])])
    confidential = BooleanField(
        DECLARATIONS[Declaration.CONFIDENTIAL], [DataRequired(CONFIRM[Declaration.CONFIDENTIAL])]
    )

    @property
    def declared(self) -> set[Declaration]:
        """What was confirmed."""
        return {declaration for declaration in BY_LEARNER if self[declaration.value].data}
