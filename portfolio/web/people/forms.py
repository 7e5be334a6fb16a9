"""Inviting somebody, looking for people, and what is changed about one."""

from wtforms import RadioField, SelectField
from wtforms.validators import DataRequired, Email, InputRequired

from portfolio import clock
from portfolio.accounts.managing import NAME_MOST
from portfolio.accounts.people_queries import PeopleOrder
from portfolio.accounts.rules import POSITIONS, STATE_WORDS, role_word
from portfolio.web.forms import BaseForm, DayField, FilterForm, LineField
from portfolio.web.terms import term

SORTS = {
    PeopleOrder.NAME.value: "Name",
    PeopleOrder.NAME_BACKWARDS.value: "Name, from the end",
    PeopleOrder.NEWEST.value: "Newest first",
}


def positions() -> dict[str, str]:
    """What somebody can be, in the centre's words."""
    return {
        name: term(role_word(role, qualified=qualified).capitalize()) for name, (role, qualified) in POSITIONS.items()
    }


class PeopleFilter(FilterForm):
    """Which people to list, and in which order."""

    q = LineField("Name or e-mail address", most=100)
    role = SelectField("Role", choices={}, validate_choice=False)
    state = SelectField(
        "State",
        choices={"": "With a role today", **{state.value: words for state, words in STATE_WORDS.items()}},
        validate_choice=False,
    )
    sort = SelectField("Sorted by", choices=SORTS, validate_choice=False)


class InviteForm(BaseForm):
    """Who, and as what."""

    name = LineField("Full name", [DataRequired("Give the person's full name.")])
    email = LineField(
        "E-mail address",
        [DataRequired("Give the person's e-mail address."), Email()],
        most=254,
        description="They sign in with it. Work addresses are best.",
    )
    role = RadioField("Role", choices={}, validators=[DataRequired("Choose a role.")])


class GiveForm(BaseForm):
    """Another role."""

    role = SelectField("Role", choices={}, validators=[InputRequired("Choose a role.")])
    since = DayField(
        "From", [InputRequired("Give the first day.")], default=clock.today, description="Today, or a later day."
    )


class EndForm(BaseForm):
    """When a role ends."""

    on = DayField(
        "First day without the role",
        [InputRequired("Give the first day without the role.")],
        default=clock.today,
        description="Today ends it with the person's next click.",
    )


class StandingForm(BaseForm):
    """Since when an assessor is qualified, or a trainee."""

    on = DayField("Since", [InputRequired("Give the day.")], default=clock.today)


class NameForm(BaseForm):
    """Another name."""

    name = LineField("Full name", [DataRequired("Give the person's full name.")], most=NAME_MOST)
