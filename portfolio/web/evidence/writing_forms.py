"""The forms of an account that is written here, and the claims that its ticks stand for."""

import re
from collections.abc import Mapping, Sequence
from typing import TypeVar

from flask import request
from werkzeug.datastructures import MultiDict
from wtforms import IntegerField, RadioField, SelectMultipleField, StringField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from portfolio.criteria.rules import METHOD_WORDS, Method
from portfolio.drafts.models import Draft
from portfolio.errors import Rejected
from portfolio.evidence.models import EvidenceVersion
from portfolio.evidence.rules import BODY_MOST, BY_WRITING
from portfolio.mapping.actions import Wanted
from portfolio.mapping.queries import ClaimText, FormerCriterion
from portfolio.web.evidence.forms import ItemForm
from portfolio.web.forms import ParagraphsField, chosen_id
from portfolio.web.session import SAFE

IDS = re.compile(r"\b[0-9]{1,18}\b", re.ASCII)


class AccountForm(ItemForm):
    """An account in Markdown. `criterion` holds what is ticked now, `claimed` what was when the page was made."""

    body = ParagraphsField("Your account", most=BODY_MOST)
    criterion = SelectMultipleField("What it shows", coerce=int, validate_choice=False)
    claimed = StringField(widget=HiddenInput())

    @property
    def claimed_ids(self) -> set[int]:
        """The criteria that were ticked when the page was made."""
        return {int(each) for each in IDS.findall(self.claimed.data or "")}

    @property
    def ticked_ids(self) -> set[int]:
        """The criteria that are ticked now."""
        return set(self.criterion.data or [])

    def carry(self, former: Mapping[int, FormerCriterion]) -> None:
        """Tick the present criteria in place of those that were ticked before their unit was moved."""
        present = {one.present_id for id_, one in former.items() if id_ in self.ticked_ids}
        self.criterion.data = sorted((self.ticked_ids - former.keys()) | (present - {None}))

    def catch_up(self, claimed: Sequence[int]) -> None:
        """Show what was claimed or taken back elsewhere since the form was left, beside what was ticked in it."""
        before, now = self.claimed_ids, set(claimed)
        self.criterion.data = sorted((self.ticked_ids | (now - before)) - (before - now))
        self.claimed.data = ",".join(map(str, claimed))


class WriteForm(AccountForm):
    """A new account."""

    method = RadioField(
        "What are you writing?",
        choices={method.value: METHOD_WORDS[method] for method in BY_WRITING},
        default=Method.REFLECTIVE_ACCOUNT.value,
    )


class RewriteForm(AccountForm):
    """A new text for a draft that is written here. `rev` is the draft's when it was read."""

    rev = IntegerField(validators=[InputRequired()], widget=HiddenInput())


Kind = TypeVar("Kind", bound=ItemForm)


def begun(kind: type[Kind], kept: Draft | None, **begin: object) -> Kind:
    """The form as it was sent; on opening the page, as it was left when something is kept of it, else as it begins."""
    if kept is not None and request.method in SAFE:
        return kind(formdata=MultiDict(kept.content), data=begin)
    return kind(data=begin)


def place_of(version: EvidenceVersion) -> str:
    """Where changes to a version are kept while they are typed; never the place of another one."""
    return f"evidence.edit.{version.uid}"


def asked_unit() -> int | None:
    """The unit whose prompts were asked for, by its id in the enrolment; None when the page may choose."""
    try:
        return chosen_id(request.values.get("unit"))
    except ValueError:
        return None


def wanted_with(form: AccountForm, units: Mapping[int, int], kept: Mapping[int, ClaimText]) -> list[Wanted] | None:
    """The claims as the ticks change them, in the order of the criteria; None when they change nothing.

    `units` gives the enrolment unit of each criterion, `kept` what is claimed by now. Only what was ticked or unticked
    on this page changes, so that what was mapped in another window meanwhile stays. Raises Rejected for a criterion
    that is not the learner's.
    """
    ticked, shown = form.ticked_ids, form.claimed_ids
    if not ticked <= units.keys() | shown:
        raise Rejected("One of the criteria does not belong to your {units}. Load the page again.", "criterion")
    wanted = (kept.keys() | (ticked - shown)) - (shown - ticked)
    if wanted == kept.keys():
        return None
    nothing = ClaimText("", "")
    said = {id_: kept.get(id_, nothing) for id_ in units if id_ in wanted}
    return [Wanted(units[id_], id_, text.annotation, text.place) for id_, text in said.items()]
