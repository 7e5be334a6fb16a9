"""Signing in, asking for a link, choosing and changing a password, and changing to another centre."""

from wtforms import IntegerField, PasswordField
from wtforms.validators import DataRequired, InputRequired
from wtforms.widgets import HiddenInput

from portfolio.accounts.rules import PASSWORD_LEAST
from portfolio.web.forms import BaseForm, LineField

NEW_PASSWORD = f"At least {PASSWORD_LEAST} characters. Three or four unrelated words are easy to keep."


class SignInForm(BaseForm):
    """Who and with what."""

    email = LineField("E-mail address", [DataRequired("Give your e-mail address.")], most=254)
    password = PasswordField("Password", [DataRequired("Give your password.")])


class ForgottenForm(BaseForm):
    """Whose password is forgotten."""

    email = LineField("E-mail address", [DataRequired("Give your e-mail address.")], most=254)


class ChooseForm(BaseForm):
    """A first or a new password, by a link."""

    password = PasswordField("New password", [DataRequired("Choose a password.")], description=NEW_PASSWORD)


class AcceptForm(BaseForm):
    """Only a button."""


class ChangePasswordForm(BaseForm):
    """The present password, and the next one."""

    current = PasswordField("Present password", [DataRequired("Give your present password.")])
    password = PasswordField("New password", [DataRequired("Choose a new password.")], description=NEW_PASSWORD)


class SwitchForm(BaseForm):
    """Which centre to go to."""

    centre_id = IntegerField("Centre", [InputRequired()], widget=HiddenInput())
