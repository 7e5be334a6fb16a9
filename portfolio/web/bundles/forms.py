"""What is sent when a bundle is asked for."""

from collections.abc import Sequence

from wtforms import RadioField, SelectMultipleField

from portfolio.documents.leap2a.profiles import PROFILE_WORDS, Profile
from portfolio.export.rules import WHOLE, Choice, Extent
from portfolio.web.forms import BaseForm, FilterForm, LineField, PickField

NAME_MOST = 100
LEAP2A = "leap2a"


class SampleForm(BaseForm):
    """The items of a sample; sent without any field for all of it."""

    refs = SelectMultipleField("Items of the sample", validate_choice=False)

    def offer(self, items: Sequence[tuple[str, str]]) -> None:
        """What there is to choose from: items by reference and title."""
        self.refs.choices = [(ref, f"{ref} {title}") for ref, title in items]

    def choice(self, *, is_sample: bool) -> Choice:
        """What was chosen."""
        return Choice(Extent.SAMPLE, refs=tuple(self.refs.data or ())) if is_sample else WHOLE


class Leap2aForm(BaseForm):
    """Which system a Leap2A file is for."""

    profile = RadioField(
        "Which system is it for?",
        choices={profile.value: words for profile, words in PROFILE_WORDS.items()},
        default=Profile.STANDARD.value,
    )

    @property
    def chosen(self) -> Profile:
        """The names that it is to be written with; to be asked for when the form is valid."""
        return Profile(self.profile.data)


class LearnersFilter(FilterForm):
    """Which learners to list for a visit."""

    q = LineField("Name, e-mail address or registration number", most=NAME_MOST)
    eqa = PickField("Granted to", validate_choice=False)


class VisitForm(BaseForm):
    """The learners of a visit; the items of each stand beside, as it has a sample."""

    learners = SelectMultipleField("{Learners}", validate_choice=False)
