"""Names of files and initials of people."""

from datetime import date

from portfolio.assessment.rules import Declaration
from portfolio.criteria.rules import Status
from portfolio.evidence.rules import Carrier
from portfolio.export.rules import CARRIER_WORDS, DECLARED, STATUS_NOTES, file_name, initials_of


def test_initials_tell_people_apart() -> None:
    names = ["Marguerite Okonkwo-Lindqvist", "Mo Osei", "Tobias van der Achterberg", "Cher", "Mo Osei", "Moira O'Dowd"]
    assert initials_of(names) == {
        "Marguerite Okonkwo-Lindqvist": "MO",
        "Mo Osei": "MO2",
        "Tobias van der Achterberg": "TA",
        "Cher": "C",
        "Moira O'Dowd": "MO3",
    }


def test_a_file_is_named_for_the_learner_and_the_day() -> None:
    assert file_name("Amina Hughes", date(2026, 11, 22)) == "Portfolio Amina Hughes 2026-11-22.docx"


def test_every_kind_has_its_words() -> None:
    assert set(CARRIER_WORDS) == set(Carrier)
    assert set(DECLARED) == set(Declaration)
    assert set(STATUS_NOTES) == set(Status)
