"""Signing in, asking for a link, one's name and password, the second step, changing to another centre, how one
is told, and the words that one keeps.
"""

from wtforms import IntegerField, PasswordField, SelectMultipleField
from wtforms.validators import DataRequired, InputRequired
from wtforms.widgets import HiddenInput

from portfolio.accounts.managing import NAME_MOST
from portfolio.accounts.rules import PASSWORD_LEAST
from portfolio.assessment.stems import WORDS_MOST
from portfolio.notices.rules import KIND_WORDS
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


class NameForm(BaseForm):
    """One's own name."""

    name = LineField("Full name", [DataRequired("Give your full name.")], most=NAME_MOST)


class ChangePasswordForm(BaseForm):
    """The present password, and the next one."""

    current = PasswordField("Present password", [DataRequired("Give your present password.")])
    password = PasswordField("New password", [DataRequired("Choose a new password.")], description=NEW_PASSWORD)


class CodeForm(BaseForm):
    """Six digits."""

    code = LineField("Six-digit code", [DataRequired("Give the code that the app shows.")], most=20)


class RecoveryForm(BaseForm):
    """One of the codes that were kept for a lost telephone."""

    code = LineField("Recovery code", [DataRequired("Give one of your recovery codes.")], most=40)


class PasswordForm(BaseForm):
    """The present password, before something about the account changes."""

    password = PasswordField("Your password", [DataRequired("Give your password.")])


class SwitchForm(BaseForm):
    """Which centre to go to."""

    centre_id = IntegerField("Centre", [InputRequired()], widget=HiddenInput())


KIND_CHOICES = {kind.value: words for kind, words in KIND_WORDS.items()}


class ToldForm(BaseForm):
    """The kinds of things of which somebody is told, on screen and by mail."""

    screen = SelectMultipleField("On screen", choices=KIND_CHOICES)
    mail = SelectMultipleField("By mail", choices=KIND_CHOICES)


class StemForm(BaseForm):
    """The beginning of a sentence."""

    words = LineField("The beginning of a sentence", most=WORDS_MOST)
