"""What a centre chooses: settings, a logo, and words of its own."""

from typing import Any

from wtforms import BooleanField, FileField, IntegerField, RadioField, SelectMultipleField
from wtforms.validators import InputRequired, Optional

from portfolio.anonymise.findings import LABEL_WORDS
from portfolio.centres.actions import NAME_MOST, NUMBER_MOST
from portfolio.centres.settings import DESTROYED, MAKER, ORIGINALS_WORDS, OVERRIDE_WORDS, CentreSettings
from portfolio.centres.terms import TERMS, WORD_MOST, Own
from portfolio.web.forms import BaseForm, LineField, RevisionField

GIVE = "Give a whole number."


class SettingsForm(BaseForm):
    """Everything about the centre that is typed or ticked."""

    rev = RevisionField()
    name = LineField("Name of the centre", [InputRequired("Give the centre's name.")], most=NAME_MOST)
    number = LineField(
        "Centre number",
        [InputRequired("Give the centre's number.")],
        most=NUMBER_MOST,
        description="As the awarding organisation knows the centre.",
    )
    learner_megabytes = IntegerField("One {portfolio} may hold, in megabytes", [Optional()])
    centre_megabytes = IntegerField("All of them together may hold, in megabytes", [Optional()])
    keep_decisions_years = IntegerField(
        "Years that decisions are to be kept",
        [InputRequired(GIVE)],
        description="Counted from the day the {learner} finished or left. Awarding organisations ask for 3 at least.",
    )
    keep_work_weeks = IntegerField(
        "Weeks that work is to be kept",
        [InputRequired(GIVE)],
        description="Counted from the day it was sampled or certificated. Awarding organisations ask for 12 at least.",
    )
    expected_days = IntegerField(
        "Days that a qualification is planned to take",
        [InputRequired(GIVE)],
        description="Used where {a learner} has no planned end.",
    )
    second_factor_for_staff = BooleanField(
        "Everybody but {learners} needs a second factor to sign in",
        description="A code from an app on their phone, beside the password. Each sets it up at the next sign-in.",
    )
    book_blanks = BooleanField(
        "Word {portfolios} have pages to write on",
        description="For what is done on paper: {learner} profile, induction, witnesses, plans and reviews, quality "
        "assurance, and signatures for each {unit}.",
    )
    personal_data_warns = SelectMultipleField(
        "Only warn of",
        choices={label.value: words for label, words in LABEL_WORDS.items()},
        description="What is ticked is shown to whoever wrote it, and holds nothing back. All the rest must be decided "
        "before an item can be handed in.",
    )
    override_by = RadioField(
        "Who may let something stay that was found",
        choices=OVERRIDE_WORDS,
        default=MAKER,
    )
    originals = RadioField(
        "What becomes of the original of a file that was redacted",
        choices=ORIGINALS_WORDS,
        default=DESTROYED,
    )
    hold_original_days = IntegerField(
        "Days that an original is held, where it is",
        [InputRequired(GIVE)],
        description="From 7 to 365. Its maker can let it go earlier; it goes at the last sign-off in any case.",
    )

    def settings(self) -> CentreSettings:
        """What was chosen."""
        return CentreSettings(
            learner_megabytes=self.learner_megabytes.data,
            centre_megabytes=self.centre_megabytes.data,
            keep_decisions_years=self.keep_decisions_years.data or 0,
            keep_work_weeks=self.keep_work_weeks.data or 0,
            second_factor_for_staff=bool(self.second_factor_for_staff.data),
            book_blanks=bool(self.book_blanks.data),
            expected_days=self.expected_days.data or 0,
            personal_data_warns=tuple(self.personal_data_warns.data or ()),
            override_by=self.override_by.data or MAKER,
            originals=self.originals.data or DESTROYED,
            hold_original_days=self.hold_original_days.data or 0,
        )


class LogoForm(BaseForm):
    """A picture from the administrator's machine."""

    logo = FileField("Choose a picture", description="PNG, JPEG or WebP, up to 1 MB. It is drawn anew, on white.")


class WordsForm(BaseForm):
    """Two fields for each term, named by its key: `learner_one`, `learner_many`. Empty is the standard word."""

    rev = RevisionField()

    def own(self) -> Own:
        """What was typed, by the key of the term."""
        return {one.key: (self._typed(f"{one.key}_one"), self._typed(f"{one.key}_many")) for one in TERMS}

    def _typed(self, name: str) -> str:
        return (self[name].data or "") if name in self else ""


def _add_fields(form: type[WordsForm]) -> None:
    for one in TERMS:
        for name, standard in _standard(one.key, one.one, one.many, is_counted=one.is_counted):
            setattr(form, name, LineField(standard, most=WORD_MOST))


def _standard(key: str, one: str, many: str, *, is_counted: bool) -> list[tuple[str, str]]:
    return [(f"{key}_one", one), (f"{key}_many", many)] if is_counted else [(f"{key}_one", one)]


_add_fields(WordsForm)


def typed_in(own: Own) -> dict[str, Any]:
    """The centre's words as the form shows them."""
    return {
        f"{key}_{form}": word for key, words in own.items() for form, word in zip(("one", "many"), words, strict=True)
    }
