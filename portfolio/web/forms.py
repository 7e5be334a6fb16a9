"""What every form shares: kinds of field that take text as it is safe to keep, our own words for what is wrong, and
putting a refusal of the domain beside the field that it is about.

A label, a description, a choice or a message may have standard words in braces, which are said as the centre says them.
"""

import re
from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from portfolio.errors import Rejected
from portfolio.web.terms import told, worded

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
CONTROL_BUT_BREAKS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
CONFLICT, UNPROCESSABLE = 409, 422

WORDS = {
    "This field is required.": "Fill this in.",
    "Not a valid choice.": "Choose one of the answers listed.",
    "Not a valid choice": "Choose one of the answers listed.",
    "Invalid Choice: could not coerce.": "Choose one of the answers listed.",
    "Invalid choice(s): one or more data inputs could not be coerced.": "Choose from the answers listed.",
    "Not a valid date value.": "Give a whole date: day, month and year.",
    "Not a valid integer value.": "Give a whole number.",
    "Invalid email address.": "Give a whole e-mail address, such as name@example.org.",
    "Field cannot be longer than %(max)d character.": "Keep this to %(max)d character.",
    "Field cannot be longer than %(max)d characters.": "Keep this to %(max)d characters.",
    "Field must be at least %(min)d character long.": "Use at least %(min)d character.",
    "Field must be at least %(min)d characters long.": "Use at least %(min)d characters.",
    "Field must be equal to %(other_name)s.": "The two are not the same.",
}


class Words:
    """WTForms' own messages, said as we say them."""

    def gettext(self, text: str) -> str:
        """Our words for a message, or the message."""
        return WORDS.get(text, text)

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """Our words for a message with a number."""
        return self.gettext(singular if number == 1 else plural)


class BaseForm(FlaskForm):
    """Every form of the product."""

    class Meta(FlaskForm.Meta):
        """Messages in our words."""

        def get_translations(self, form: Any) -> Words:
            """Where WTForms looks its messages up."""
            return Words()

    def __init__(self, *arguments: Any, **options: Any) -> None:
        FlaskForm.__init__(self, *arguments, **options)
        for field in self:
            field.label.text, field.description = worded(field.label.text), worded(field.description)
            if isinstance(field, SelectField) and isinstance(field.choices, dict):
                field.choices = {value: worded(label) for value, label in field.choices.items()}

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """Whether the form was sent and nothing in it needs attention."""
        is_right = bool(FlaskForm.validate_on_submit(self, extra_validators))
        for field in self if not is_right else ():
            field.errors = [worded(error) if isinstance(error, str) else error for error in field.errors]
        return is_right


class FilterForm(BaseForm):
    """A form that only asks: filled from the address (`FilterForm(request.args)`), and changes nothing."""

    class Meta(BaseForm.Meta):
        """Nothing to protect."""

        csrf = False


def one_line(text: str | None) -> str | None:
    """Text without breaks, control characters and outer spaces."""
    return None if text is None else CONTROL.sub(" ", text).strip()


def paragraphs(text: str | None) -> str | None:
    """Text with one kind of line break and without other control characters."""
    return None if text is None else CONTROL_BUT_BREAKS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


class LineField(StringField):
    """One line of text of at most `most` characters."""

    def __init__(self, label: str, validators: Sequence[Any] = (), *, most: int = 200, **options: Any) -> None:
        super().__init__(label, [*validators, Length(max=most)], filters=[one_line], **options)


class ParagraphsField(TextAreaField):
    """Several lines of text of at most `most` characters."""

    def __init__(self, label: str, validators: Sequence[Any] = (), *, most: int = 20_000, **options: Any) -> None:
        super().__init__(label, [*validators, Length(max=most)], filters=[paragraphs], **options)


class DayField(DateField):
    """A day, from the browser's own date picker; where there is none, typed as 2026-03-05 or 5/3/2026."""

    def __init__(self, label: str, validators: Sequence[Any] = (), **options: Any) -> None:
        super().__init__(label, list(validators), format=["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"], **options)


def chosen_id(text: str | int | None) -> int | None:
    """The id that a list gives; None when nothing was chosen. Raises ValueError for what no list gives."""
    return int(text) if text else None


class PickField(SelectField):
    """One of some rows, by id; its data is None when nothing was chosen. `choices` are words by id as text."""

    def __init__(self, label: str, validators: Sequence[Any] = (), **options: Any) -> None:
        super().__init__(label, list(validators), coerce=chosen_id, **options)


class RevisionField(HiddenField):
    """How often a row had been changed when the page was made."""

    @property
    def number(self) -> int:
        """0, which no row ever is at, for what is no number."""
        text = str(self.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def refuse(form: BaseForm, rejected: Rejected) -> None:
    """Put the message of a refusal on the field that it names, or on the form when it names none of its fields."""
    if rejected.field and rejected.field in form:
        field = form[rejected.field]
        field.errors = [*field.errors, told(rejected)]
    else:
        form.form_errors.append(told(rejected))


def status(form: BaseForm) -> int:
    """The status of a page that shows the form: 422 when something in it needs attention."""
    return UNPROCESSABLE if form.errors else 200
