"""Enrolling a learner, choosing and moving units, allocating people, granting access, and looking for learners."""

from datetime import date, timedelta

from wtforms import HiddenField, RadioField, SelectMultipleField
from wtforms.validators import DataRequired, InputRequired, Optional

from portfolio import clock
from portfolio.criteria.differences import in_words
from portfolio.criteria.models import QualificationVersion
from portfolio.enrolment.actions import REGISTRATION_MOST
from portfolio.enrolment.rules import Duty
from portfolio.web.forms import BaseForm, DayField, FilterForm, LineField, PickField

DUTIES = {
    Duty.ASSESS.value: "Assess the learner's work",
    Duty.COUNTERSIGN.value: "Countersign a trainee's decisions",
    Duty.QUALITY_ASSURE.value: "Quality-assure the decisions",
}


CHECK = "check"
"""The button that only asks what the rules say to a choice."""


def four_weeks_on() -> date:
    """How long a visit to a centre takes, at the most."""
    return clock.today() + timedelta(weeks=4)


def described(version: QualificationVersion, today: date) -> str:
    """A qualification as one of those that a learner may begin: what tells it from others, and when it closes."""
    said = f"{version.title}, level {version.level}, {version.awarding_organisation}, {version.reference}"
    if version.operational_end is None:
        return said
    is_closed = version.operational_end < today
    return (
        f"{said}, {'closed to new learners since' if is_closed else 'open until'} {in_words(version.operational_end)}"
    )


class LearnerFilter(FilterForm):
    """Which learners to list."""

    q = LineField("Learner's name or e-mail address", most=100)


class EnrolForm(BaseForm):
    """A learner, a qualification, and who assesses."""

    learner = PickField("Learner", [InputRequired("Choose the learner.")])
    qualification = PickField("Qualification", [InputRequired("Choose the qualification.")])
    registration_number = LineField(
        "Registration number",
        most=REGISTRATION_MOST,
        description="The awarding organisation's number for this learner. You can leave it empty.",
    )
    started_on = DayField(
        "Start date", [InputRequired("Give the day on which the learner starts.")], default=clock.today
    )
    due_on = DayField("Planned end", [Optional()], description="You can leave it empty.")
    assessor = PickField("Assessor", description="Who marks the learner's work from today.")


class UnitsForm(BaseForm):
    """The units that a learner takes."""

    units = SelectMultipleField("Units", coerce=int)


class MoveForm(BaseForm):
    """The version of the unit whose differences were shown."""

    to = HiddenField()


class AllocateForm(BaseForm):
    """Who does what for the learner."""

    duty = RadioField("What will they do?", [DataRequired("Choose what they will do.")], choices=DUTIES)
    person = PickField("Who?", [InputRequired("Choose somebody.")])


class GrantForm(BaseForm):
    """Which external quality assurer may look, and until when."""

    person = PickField("External quality assurer", [InputRequired("Choose somebody.")])
    until = DayField("Last day of access", [InputRequired("Give the last day of access.")], default=four_weeks_on)
