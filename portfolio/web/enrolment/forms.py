"""Enrolling, choosing and moving units, allocating people, granting access, ending, and looking for learners."""

from datetime import date, timedelta

from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import DataRequired, InputRequired, Optional

from portfolio import clock
from portfolio.criteria.differences import in_words
from portfolio.criteria.models import QualificationVersion
from portfolio.enrolment.actions import REGISTRATION_MOST
from portfolio.enrolment.leaving import REASON_MOST
from portfolio.enrolment.list_queries import EnrolmentOrder
from portfolio.enrolment.rules import STATE_WORDS, Duty, EnrolmentState
from portfolio.web.forms import BaseForm, DayField, FilterForm, LineField, ParagraphsField, PickField
from portfolio.web.terms import worded

DUTIES = {
    Duty.ASSESS.value: "Assess the {learner}'s work",
    Duty.COUNTERSIGN.value: "Countersign {a trainee assessor}'s decisions",
    Duty.QUALITY_ASSURE.value: "Quality-assure the decisions",
}

SORTS = {
    EnrolmentOrder.NAME.value: "Name",
    EnrolmentOrder.START.value: "Start, newest first",
    EnrolmentOrder.DUE.value: "Planned end, soonest first",
    EnrolmentOrder.NEWEST.value: "Enrolled last",
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
    which = worded("closed to new {learners} since") if is_closed else "open until"
    return f"{said}, {which} {in_words(version.operational_end)}"


class ListFilter(FilterForm):
    """Which enrolments to list, and in which order."""

    q = LineField("Name, e-mail address or registration number", most=100)
    state = SelectField(
        "State",
        choices={"": "All states", **{state.value: words for state, words in STATE_WORDS.items()}},
        validate_choice=False,
    )
    qualification = SelectField("Qualification", choices={}, validate_choice=False)
    assessor = SelectField("{Assessor}", choices={}, validate_choice=False)
    cohort = SelectField("{Cohort}", choices={}, validate_choice=False)
    sort = SelectField("Sorted by", choices=SORTS, validate_choice=False)


class LearnerFilter(FilterForm):
    """Whom to look for."""

    find = LineField("Find the {learner}", most=100, description="A part of the name or of the e-mail address.")


class EnrolForm(BaseForm):
    """A learner, a qualification, and who assesses."""

    learner = PickField("{Learner}", [InputRequired("Choose the {learner}.")])
    qualification = PickField("Qualification", [InputRequired("Choose the qualification.")])
    registration_number = LineField(
        "Registration number",
        most=REGISTRATION_MOST,
        description="The awarding organisation's number for this {learner}. You can leave it empty.",
    )
    started_on = DayField(
        "Start date", [InputRequired("Give the day on which the {learner} starts.")], default=clock.today
    )
    due_on = DayField("Planned end", [Optional()], description="You can leave it empty.")
    assessor = PickField("{Assessor}", description="Who marks the {learner}'s work from today.")
    cohort = PickField("{Cohort}", description="With whom the {learner} goes through. You can choose it later.")


class CohortForm(BaseForm):
    """With whom a learner goes through."""

    cohort = PickField("{Cohort}")


class UnitsForm(BaseForm):
    """The units that a learner takes."""

    units = SelectMultipleField("{Units}", coerce=int)


class MoveForm(BaseForm):
    """The version of the unit whose differences were shown."""

    to = HiddenField()


class DaysForm(BaseForm):
    """From which day until which."""

    since = DayField("First day", [InputRequired("Give the first day.")], default=clock.today)
    last = DayField("Last day", [Optional()], description="Leave it empty while no end is known.")

    @property
    def until(self) -> date | None:
        """The first day after the last."""
        return self.last.data + timedelta(days=1) if self.last.data else None


class AllocateForm(DaysForm):
    """Who does what for the learner, in which units, and when."""

    duty = RadioField("What will they do?", [DataRequired("Choose what they will do.")], choices=DUTIES)
    person = PickField("Who?", [InputRequired("Choose somebody.")])
    unit = PickField("In which {units}?")


class HandOverForm(DaysForm):
    """Whose learners go to whom."""

    target = PickField("Who takes over?", [InputRequired("Choose who takes over.")])
    learners = SelectMultipleField(
        "{Learners}", coerce=int, validators=[DataRequired("Choose at least one {learner}.")]
    )


class HandOverFilter(FilterForm):
    """Whose learners are to be handed over, and what is done for them."""

    source = SelectField("Whose {learners}?", choices={}, validate_choice=False)
    duty = SelectField("What do they do?", choices=DUTIES, validate_choice=False)


class GrantForm(BaseForm):
    """Which external quality assurer may look, and until when."""

    person = PickField("{External quality assurer}", [InputRequired("Choose somebody.")])
    until = DayField("Last day of access", [InputRequired("Give the last day of access.")], default=four_weeks_on)


class UntilForm(BaseForm):
    """Until when an external quality assurer may look."""

    until = DayField("Last day of access", [InputRequired("Give the last day of access.")])


class GrantManyForm(GrantForm):
    """The same access to several learners."""

    learners = SelectMultipleField(
        "{Learners}", coerce=int, validators=[DataRequired("Choose at least one {learner}.")]
    )


class TermsForm(BaseForm):
    """The dates, and the awarding organisation's number. `seen` is how they stood when the page was made."""

    seen = HiddenField()
    started_on = DayField("Start date", [InputRequired("Give the day on which the {learner} started.")])
    due_on = DayField("Planned end", [Optional()], description="You can leave it empty.")
    registration_number = LineField("Registration number", most=REGISTRATION_MOST)


ENDS = {
    EnrolmentState.COMPLETED.value: "Everything is done: the qualification is finished",
    EnrolmentState.WITHDRAWN.value: "Before everything is done: somebody leaves",
}


class LeaveForm(BaseForm):
    """How an enrolment ends."""

    how = RadioField("How does it end?", [DataRequired("Say how it ends.")], choices=ENDS)
    on = DayField("Last day", [InputRequired("Give the last day.")], default=clock.today)
    reason = ParagraphsField("Reason", most=REASON_MOST, description="For somebody who leaves. It stays on record.")
