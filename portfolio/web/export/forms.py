"""What is sent when a Word portfolio of a part is asked for."""

from collections.abc import Sequence

from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField

from portfolio.export.rules import EXTENT_WORDS, WHOLE, Choice, Extent
from portfolio.web.forms import BaseForm
from portfolio.web.terms import worded

PART = {extent: words for extent, words in EXTENT_WORDS.items() if extent is not Extent.WHOLE}


class PartForm(BaseForm):
    """How much of a portfolio a book is to hold."""

    extent = RadioField("What it holds", default=Extent.UNIT.value)
    unit = SelectField("{Unit}", validate_choice=False)
    refs = SelectMultipleField("Items of the sample", validate_choice=False)
    without_content = BooleanField(
        "Header sheets alone",
        description="Without the texts and files of items: what they claim and how that was decided.",
    )

    def offer(self, units: Sequence[tuple[str, str]], items: Sequence[tuple[str, str]]) -> None:
        """What there is to choose from: units by code and title, items by reference and title."""
        self.extent.choices = [
            (extent.value, worded(words)) for extent, words in PART.items() if items or extent is not Extent.SAMPLE
        ]
        self.unit.choices = [(code, f"{code} {title}") for code, title in units]
        self.refs.choices = [(ref, f"{ref} {title}") for ref, title in items]

    @property
    def choice(self) -> Choice:
        """What was chosen; all, where nothing was."""
        if self.extent.data not in set(Extent):
            return WHOLE
        extent = Extent(self.extent.data)
        return Choice(
            extent,
            unit=(self.unit.data or "") if extent is Extent.UNIT else "",
            refs=tuple(self.refs.data or ()) if extent is Extent.SAMPLE else (),
            has_content=extent is Extent.MATRIX or not self.without_content.data,
        )

    @property
    def is_sent(self) -> bool:
        """Whether a part was asked for, and not simply all."""
        return bool(self.extent.raw_data)


def sent_again(choice: Choice) -> dict[str, str]:
    """What to send to have the same made once more, where one value for each name says it."""
    if choice == WHOLE or len(choice.refs) > 1:
        return {}
    named = {"extent": choice.extent.value, "unit": choice.unit, "refs": "".join(choice.refs)}
    found = {name: value for name, value in named.items() if value}
    return found if choice.has_content else {**found, "without_content": "y"}
