"""The form for handing in: which items, and what is declared about them."""

from wtforms import BooleanField, SelectMultipleField
from wtforms.validators import DataRequired

from portfolio.assessment.rules import BY_LEARNER, DECLARATIONS, Declaration
from portfolio.web.forms import BaseForm

CONFIRM = {
    Declaration.OWN_WORK: "Confirm that it is your own work.",
    Declaration.AI_USE: "Confirm what you say about AI tools.",
    Declaration.CONFIDENTIAL: "Confirm that nobody can be identified.",
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
