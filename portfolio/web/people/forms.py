"""Inviting somebody, and looking for people."""

from wtforms import RadioField, SelectField
from wtforms.validators import DataRequired, Email

from portfolio.accounts.rules import POSITIONS, role_word
from portfolio.web.forms import BaseForm, FilterForm, LineField

POSITION_CHOICES = {
    name: role_word(role, qualified=qualified).capitalize() for name, (role, qualified) in POSITIONS.items()
}


class PeopleFilter(FilterForm):
    """Which people to list."""

    q = LineField("Name or e-mail address", most=100)
    role = SelectField("Role", choices={"": "All roles", **POSITION_CHOICES}, validate_choice=False)


class InviteForm(BaseForm):
    """Who, and as what."""

    name = LineField("Full name", [DataRequired("Give the person's full name.")])
    email = LineField(
        "E-mail address",
        [DataRequired("Give the person's e-mail address."), Email()],
        most=254,
        description="They sign in with it. Work addresses are best.",
    )
    role = RadioField("Role", choices=POSITION_CHOICES, validators=[DataRequired("Choose a role.")])
