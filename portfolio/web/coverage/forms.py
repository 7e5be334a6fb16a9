"""What the coverage audit can be narrowed to."""

from wtforms import SelectField

from portfolio.mapping.coverage import State
from portfolio.web.forms import FilterForm, LineField

STATE_CHOICES = {
    State.GAP: "With gaps",
    State.CLAIMED: "With claims to be marked",
    State.MORE: "With criteria that need more",
    State.MET: "With criteria met",
}


class AuditFilter(FilterForm):
    """One unit, and which of its learners."""

    unit = SelectField("Unit", validate_choice=False)
    assessor = SelectField("Assessor", validate_choice=False)
    state = SelectField(
        "State",
        choices={"": "All learners"} | {state.value: words for state, words in STATE_CHOICES.items()},
        validate_choice=False,
    )
    q = LineField("Learner’s name", most=100)
