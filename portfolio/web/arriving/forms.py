"""Choosing a bundle, saying who its people are here, and bringing it in."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField
from wtforms.validators import DataRequired

from portfolio.accounts.rules import normal_email
from portfolio.bundles.arriving.matching import Local
from portfolio.errors import Rejected
from portfolio.web.forms import BaseForm, LineField, refuse
from portfolio.web.terms import worded

EMAIL_MOST = 254
WHO = "who_"
"""What the name of a person's field begins with; their identifier in the bundle follows."""
NOBODY = "Nobody at your centre has this address. Invite them first, or leave it empty."
NO_LEARNER = "They are not {a learner} at your centre. Invite them as one first."


class BundleForm(BaseForm):
    """The file."""

    file = FileField("Choose the bundle")


class PeopleForm(BaseForm):
    """A field for each person of the bundle, and what was said of them when the page was made."""

    seen = HiddenField()


class BringForm(BaseForm):
    """What the page showed, and that somebody made sure who sent it."""

    seen = HiddenField()
    compared = BooleanField(
        "I have compared the fingerprint with the centre that sent the bundle, and it is the same",
        [DataRequired("Compare the fingerprint first, then tick this.")],
    )


def people_form(people: Sequence[Mapping[str, Any]], chosen: Mapping[str, str], seen: str) -> PeopleForm:
    """The form for the people of one bundle, as it was sent or as they were matched before."""
    fields = {WHO + one["uid"]: LineField(one["name"], most=EMAIL_MOST) for one in people}
    data = {name: chosen.get(name.removeprefix(WHO), "") for name in fields}
    made: PeopleForm = type("PeopleForm", (PeopleForm,), fields)(data={"seen": seen, **data})
    return made


def matches_in(form: PeopleForm, people: Sequence[Mapping[str, Any]], choosable: Mapping[str, Local]) -> dict[str, str]:
    """The addresses that the form gives to people of the bundle; what is wrong is put on the field that it is about."""
    found = {}
    for one in people:
        field = form[WHO + one["uid"]]
        email = normal_email(field.data or "")
        if not email:
            continue
        if email not in choosable:
            refuse(form, Rejected(NOBODY, field.name))
        elif one["is_learner"] and not choosable[email].is_learner:
            refuse(form, Rejected(NO_LEARNER, field.name))
        found[one["uid"]] = email
    return found


def said_of(people: Sequence[Mapping[str, Any]], chosen: Mapping[str, str]) -> list[tuple[str, str]]:
    """Who each person of a bundle is, in words."""
    return [(one["name"], chosen.get(one["uid"]) or worded("Known by name alone")) for one in people]
