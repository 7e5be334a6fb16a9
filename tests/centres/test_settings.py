"""What a centre chose: defaults, what is kept, what is refused, and the limits that come of it."""

import json
from dataclasses import replace
from typing import Any

import pytest

from portfolio.anonymise.findings import Label
from portfolio.centres.settings import (
    ADMINISTRATOR,
    HELD,
    LABELS,
    NONE,
    CentreSettings,
    check,
    in_words,
    kept_as,
    settings_in,
    settings_of,
)
from portfolio.config import MEGABYTE
from portfolio.errors import Rejected
from portfolio.storage.rules import Limits

INSTALLATION = Limits(500 * MEGABYTE, 5_000 * MEGABYTE, 20_000 * MEGABYTE)
CHOSEN = CentreSettings(
    1_000,
    9_000,
    6,
    26,
    second_factor_for_staff=True,
    expected_days=400,
    logo="ab",
    personal_data_warns=("USERNAME", "POSTCODE"),
    override_by=ADMINISTRATOR,
    originals=HELD,
    hold_original_days=90,
)


def test_nothing_chosen_is_the_defaults() -> None:
    """And nothing is kept of them."""
    assert settings_in(NONE) == settings_in("") == CentreSettings()
    assert kept_as(CentreSettings()) == {}


def test_what_is_kept_reads_the_same_again() -> None:
    """What is not known, such as a setting of a newer version, is left out."""
    assert settings_of(kept_as(CHOSEN)) == CHOSEN
    assert settings_in(json.dumps(kept_as(CHOSEN))) == CHOSEN
    assert settings_of({"expected_days": 90, "unheard_of": 1}) == CentreSettings(expected_days=90)


def test_a_centre_takes_no_more_than_the_installation() -> None:
    """Even when the installation's own limits were lowered later."""
    assert CentreSettings().within(INSTALLATION) == INSTALLATION
    assert CHOSEN.within(INSTALLATION) == Limits(INSTALLATION.file, 1_000 * MEGABYTE, 9_000 * MEGABYTE)
    lowered = Limits(1, 2, 3)
    assert CHOSEN.within(lowered) == lowered


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"keep_decisions_years": 2}, "keep_decisions_years"),
        ({"keep_decisions_years": 31}, "keep_decisions_years"),
        ({"keep_work_weeks": 11}, "keep_work_weeks"),
        ({"expected_days": 6}, "expected_days"),
        ({"expected_days": 3_651}, "expected_days"),
        ({"learner_megabytes": 0}, "learner_megabytes"),
        ({"learner_megabytes": 5_001}, "learner_megabytes"),
        ({"centre_megabytes": 20_001}, "centre_megabytes"),
        ({"learner_megabytes": 2_000, "centre_megabytes": 1_999}, "learner_megabytes"),
        ({"personal_data_warns": ("PERSON", "SHOE_SIZE")}, "personal_data_warns"),
        ({"override_by": "nobody"}, "override_by"),
        ({"originals": "sold"}, "originals"),
        ({"hold_original_days": 6}, "hold_original_days"),
        ({"hold_original_days": 366}, "hold_original_days"),
    ],
)
def test_what_is_out_of_bounds_is_refused_on_its_field(change: dict[str, Any], field: str) -> None:
    """With the bounds in the sentence."""
    check(CHOSEN, INSTALLATION)
    check(CentreSettings(), INSTALLATION)
    with pytest.raises(Rejected) as refusal:
        check(replace(CHOSEN, **change), INSTALLATION)
    assert refusal.value.field == field


def test_settings_are_said_in_words() -> None:
    """One by one, each with a label."""
    said = in_words(CHOSEN)
    assert said["learner_megabytes"] == "1,000 MB"
    assert said["keep_decisions_years"] == "6 years"
    assert said["second_factor_for_staff"] == "Required"
    assert in_words(CentreSettings())["centre_megabytes"] == "As much as the installation takes"
    assert said["personal_data_warns"] == "Postcode, User name", "in the order in which they are listed"
    assert in_words(CentreSettings())["personal_data_warns"] == "Nothing"
    assert in_words(CentreSettings())["originals"].startswith("Destroyed")
    assert said["hold_original_days"] == "90 days"
    assert said.keys() | {"name", "number"} == LABELS.keys()


def test_personal_data_holds_back_unless_a_centre_says_otherwise() -> None:
    assert all(CentreSettings().holds_back(label) for label in Label)
    assert not CentreSettings().asks_an_administrator
    assert [label for label in Label if not CHOSEN.holds_back(label)] == [Label.POSTCODE, Label.USERNAME]
    assert CHOSEN.asks_an_administrator
    assert hash(CHOSEN)
