"""Looking for cohorts, and what one is called."""

from wtforms import SelectField
from wtforms.validators import InputRequired, Optional

from portfolio.enrolment.cohorts import NAME_MOST
from portfolio.web.forms import BaseForm, DayField, FilterForm, LineField, RevisionField

SORTS = {"start": "Newest start first", "name": "By name", "learners": "Most {learners} first"}


class CohortFilter(FilterForm):
    """Which cohorts to list, and in which order."""

    q = LineField("Name", most=100)
    sort = SelectField("Order", choices=SORTS, validate_choice=False)


class CohortForm(BaseForm):
    """A name, and the day on which it begins."""

    rev = RevisionField()
    name = LineField(
        "Name", [InputRequired("Give it a name.")], most=NAME_MOST, description="Such as Spring 2027, or Leeds team."
    )
    starts_on = DayField("First day", [Optional()], description="You can leave it empty.")
