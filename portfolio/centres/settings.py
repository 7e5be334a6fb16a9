"""What a centre chose, as values with defaults. Pure; kept as JSON in `centre.settings` and read from its text."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from typing import Any

from portfolio.anonymise.findings import LABEL_WORDS, Label
from portfolio.config import MEGABYTE
from portfolio.errors import Rejected
from portfolio.storage.rules import Limits

NONE = "{}"
"""What a centre keeps that chose nothing."""
BOUNDS = {
    "keep_decisions_years": (3, 30),
    "keep_work_weeks": (12, 520),
    "expected_days": (7, 3_650),
    "hold_original_days": (7, 365),
}
"""The least and the most of what is counted. Awarding organisations ask for 3 years and 12 weeks at least."""

MAKER, ADMINISTRATOR = "learner", "administrator"
OVERRIDE_WORDS = {
    MAKER: "Whoever made the item, with a reason",
    ADMINISTRATOR: "The centre, when whoever made the item asks with a reason",
}
"""Who may let something stay that was found to be personal data."""

DESTROYED, HELD = "destroyed", "held"
ORIGINALS_WORDS = {
    DESTROYED: "Destroyed as soon as its maker uses the redacted version",
    HELD: "Held for its maker alone for some days, then destroyed",
}
"""What becomes of the original of a file once its redacted version stands in its place."""


@dataclass(frozen=True, slots=True)
class CentreSettings:
    """A centre's choices. Without megabytes of its own, a centre takes as much as the installation lets it."""

    learner_megabytes: int | None = None
    centre_megabytes: int | None = None
    keep_decisions_years: int = 3
    """For how many years after the enrolment ended decisions are kept."""
    keep_work_weeks: int = 12
    """For how many weeks work is kept after it was sampled or certificated."""
    second_factor_for_staff: bool = False
    expected_days: int = 365
    """How long an enrolment is planned to last when it has no planned end."""
    logo: str = ""
    """The SHA-256 of the centre's picture; empty for none."""
    personal_data_warns: tuple[str, ...] = ()
    """The sorts of personal data that are only warned of; all others hold an item back until they are decided."""
    book_blanks: bool = False
    """Whether the Word portfolio has pages to write on for what is done on paper."""
    override_by: str = MAKER
    """Who lets something stay that was found: one of OVERRIDE_WORDS."""
    originals: str = DESTROYED
    """What becomes of originals: one of ORIGINALS_WORDS."""
    hold_original_days: int = 30
    """For how many days an original is held, where it is."""

    def holds_back(self, label: Label) -> bool:
        """Whether what was found of this sort keeps an item from being handed in until it is decided."""
        return label.value not in self.personal_data_warns

    @property
    def asks_an_administrator(self) -> bool:
        """Whether an administrator decides what may stay."""
        return self.override_by == ADMINISTRATOR

    def within(self, installation: Limits) -> Limits:
        """How much the centre takes, where the installation takes so much at most."""
        return Limits(
            installation.file,
            _least(self.learner_megabytes, installation.portfolio),
            _least(self.centre_megabytes, installation.centre),
        )


def _least(megabytes: int | None, most: int) -> int:
    return most if megabytes is None else min(megabytes * MEGABYTE, most)


@lru_cache(maxsize=1_000)
def settings_in(kept: str) -> CentreSettings:
    """The settings from the text of what is kept; remembered by it, for it is read with every page."""
    return settings_of(json.loads(kept or NONE))


def settings_of(kept: Mapping[str, Any]) -> CentreSettings:
    """The settings from what is kept; what is not there has its default, what is not known is left out."""
    found: dict[str, Any] = {one.name: kept[one.name] for one in fields(CentreSettings) if one.name in kept}
    if "personal_data_warns" in found:
        found["personal_data_warns"] = tuple(found["personal_data_warns"])
    return CentreSettings(**found)


def kept_as(settings: CentreSettings) -> dict[str, Any]:
    """What is kept of the settings: those that differ from the defaults."""
    standard = asdict(CentreSettings())
    return {name: value for name, value in asdict(settings).items() if value != standard[name]}


def check(settings: CentreSettings, installation: Limits) -> None:
    """Raises Rejected, on the field at fault, for what is out of bounds or more than the installation takes."""
    for name, (least, most) in BOUNDS.items():
        if not least <= getattr(settings, name) <= most:
            raise Rejected(f"Give a number from {least} to {most:,}.", name)
    for name, bytes_most in (("learner_megabytes", installation.portfolio), ("centre_megabytes", installation.centre)):
        given, most = getattr(settings, name), bytes_most // MEGABYTE
        if given is not None and not 1 <= given <= most:
            raise Rejected(f"Give a number from 1 to {most:,}, which is what this installation takes.", name)
    if (settings.learner_megabytes or 0) > (settings.centre_megabytes or bytes_most):
        raise Rejected("One {portfolio} cannot hold more than the whole centre.", "learner_megabytes")
    if not set(settings.personal_data_warns) <= set(Label):
        raise Rejected("Choose from the answers listed.", "personal_data_warns")
    if settings.override_by not in OVERRIDE_WORDS:
        raise Rejected("Choose one of the answers listed.", "override_by")
    if settings.originals not in ORIGINALS_WORDS:
        raise Rejected("Choose one of the answers listed.", "originals")


def in_words(settings: CentreSettings) -> dict[str, str]:
    """Each setting as a page and the trail say it, by name."""
    return {
        "learner_megabytes": _megabytes(settings.learner_megabytes),
        "centre_megabytes": _megabytes(settings.centre_megabytes),
        "keep_decisions_years": _counted(settings.keep_decisions_years, "year"),
        "keep_work_weeks": _counted(settings.keep_work_weeks, "week"),
        "second_factor_for_staff": "Required" if settings.second_factor_for_staff else "Up to each person",
        "expected_days": _counted(settings.expected_days, "day"),
        "personal_data_warns": _labels(settings.personal_data_warns),
        "override_by": OVERRIDE_WORDS[settings.override_by],
        "book_blanks": "With lines to write on" if settings.book_blanks else "Left out",
        "originals": ORIGINALS_WORDS[settings.originals],
        "hold_original_days": _counted(settings.hold_original_days, "day"),
    }


def _megabytes(number: int | None) -> str:
    return "As much as the installation takes" if number is None else f"{number:,} MB"


def _labels(values: tuple[str, ...]) -> str:
    """In the order of the labels, whatever order they are kept in."""
    return ", ".join(LABEL_WORDS[label] for label in Label if label.value in values) or "Nothing"


def _counted(number: int, unit: str) -> str:
    return f"{number:,} {unit}{'' if number == 1 else 's'}"


LABELS = {
    "name": "Name",
    "number": "Centre number",
    "learner_megabytes": "One {portfolio} may hold",
    "centre_megabytes": "The centre may hold",
    "keep_decisions_years": "Decisions are kept",
    "keep_work_weeks": "Work is kept",
    "second_factor_for_staff": "Second factor for staff",
    "expected_days": "Planned length",
    "personal_data_warns": "Personal data only warned of",
    "override_by": "Who lets personal data stay",
    "book_blanks": "Pages for what is done on paper",
    "originals": "Originals of redacted files",
    "hold_original_days": "Originals are held, where they are",
}
"""What the trail and the page call each setting."""
