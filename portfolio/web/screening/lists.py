"""The form of the words that are known beforehand: the same for a centre and for a learner."""

from typing import Any

from portfolio.anonymise.findings import Known
from portfolio.errors import Conflict, Rejected
from portfolio.screening.known import LIST_WORDS, Lists, entries_in
from portfolio.web.forms import BaseForm, ParagraphsField, RevisionField, refuse

TYPED_MOST = 40_000
"""How much one list may hold, in characters: its lines are counted afterwards."""


class ListsForm(BaseForm):
    """Three lists, each with one entry a line."""

    rev = RevisionField()
    people = ParagraphsField(
        LIST_WORDS["people"],
        most=TYPED_MOST,
        description="They are found wherever they stand, also by a part of the name. One a line.",
    )
    organisations = ParagraphsField(
        LIST_WORDS["organisations"],
        most=TYPED_MOST,
        description="Firms and places whose name gives a customer away. One a line.",
    )
    leave_alone = ParagraphsField(
        LIST_WORDS["leave_alone"],
        most=TYPED_MOST,
        description="Such as products, the employer, or a public number: never taken for personal data. One a line.",
    )


def lists_form(lists: Lists) -> ListsForm:
    """The form with what is kept, or with what was sent."""
    data: dict[str, Any] = {"rev": lists.rev, **lists.as_text}
    return ListsForm(data=data)


def typed(form: ListsForm, *, most: int) -> Known | None:
    """What was typed; None where a list has lines that cannot be, which is said at each."""
    found: dict[str, tuple[str, ...]] = {}
    for name in LIST_WORDS:
        try:
            found[name] = entries_in(form[name].data or "", name, most=most)
        except Rejected as refused:
            refuse(form, refused)
    return Known(**found) if len(found) == len(LIST_WORDS) else None


def theirs(conflict: Conflict | None) -> list[tuple[str, str]]:
    """What stands now, when somebody else saved in between."""
    return [(label, text or "Nothing") for label, text in conflict.theirs.items()] if conflict else []
