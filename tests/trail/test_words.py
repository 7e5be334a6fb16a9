"""What the entries of a centre's trail say: every verb has a sentence, with its words and without."""

import re

import pytest

from portfolio.config import ROOT
from portfolio.export.trail import SENTENCES as OF_BOOKS
from portfolio.trail.words import OF_CENTRES, OF_ENROLMENTS, SENTENCES, of_centre, of_enrolment

ADMINISTRATOR = "centre administrator"
WAYS = ("streams.record(", "event = record(", "Telling(")
"""How something is told to the trail."""
OTHER_WORDS = {"portfolio.cli", "index.html"}


def recorded() -> set[str]:
    """Every verb that stands in a file which writes to the trail."""
    written = re.compile(r'"((?:[a-z]+)\.[a-z_]+)"')
    texts = [path.read_text() for path in (ROOT / "portfolio").rglob("*.py") if "web" not in path.parts]
    subjects = {subject for kind in (*OF_CENTRES, *OF_ENROLMENTS) for subject in kind.subjects}
    found = {verb for text in texts if any(way in text for way in WAYS) for verb in written.findall(text)}
    return {verb for verb in found if verb.partition(".")[0] in subjects}


def test_every_verb_has_a_sentence() -> None:
    assert not recorded() - set(SENTENCES) - set(OF_BOOKS)
    assert not set(SENTENCES) - recorded() - {"person.use_invitation", "person.use_reset"}


def test_every_verb_is_of_a_kind_that_can_be_looked_for() -> None:
    of_centres = {subject for kind in OF_CENTRES for subject in kind.subjects}
    assert {verb.partition(".")[0] for verb in SENTENCES} <= of_centres
    of_enrolments = {subject for kind in OF_ENROLMENTS for subject in kind.subjects}
    assert {verb.partition(".")[0] for verb in OF_BOOKS} == of_enrolments


@pytest.mark.parametrize(
    ("verb", "said", "words"),
    [
        ("membership.invite", {"email": "a@example.org", "name": "Ann Lee", "role": "assessor", "qualified": False},
         "Invited Ann Lee: trainee assessor"),
        ("membership.withdraw", {"role": "iqa"}, "Ended a role of Ann Lee: internal quality assurer"),
        ("membership.withdraw", {"role": "iqa", "on": "2026-12-01"},
         "Ended a role of Ann Lee from 1 December 2026: internal quality assurer"),
        ("membership.change_standing", {"qualified": True, "on": "2026-12-01"},
         "Noted Ann Lee as a qualified assessor from 1 December 2026"),
        ("person.rename", {"was": "Ann Lee", "name": "Ann Day"}, "Changed the name of Ann Lee to Ann Day"),
        ("person.disable", None, "Closed the account of Ann Lee"),
        ("person.use_recovery_code", {"left": 3}, "Signed in with a recovery code; 3 left"),
        ("centre.change_settings", {"changes": [["Name", "Old", "New"]]},
         "Changed the settings: Name from “Old” to “New”"),
        ("cohort.open", {"name": "Spring {0}", "starts_on": ""}, "Opened the cohort Spring {0}"),
        ("allocation.hand_over", {"from": "Ann", "to": "Bea", "duty": "assess", "count": 12, "until": ""},
         "Let Bea take 12 learners over from Ann (assessor)"),
        ("allocation.hand_over", {"from": "Ann", "to": "Bea", "duty": "assess", "count": 1, "until": "2026-12-24"},
         "Let Bea take 1 learner over from Ann until 24 December 2026 (assessor)"),
        ("grant.give_many", {"person": "Ewan", "until": "2026-12-24", "count": 2},
         "Gave Ewan sight of 2 portfolios until 24 December 2026"),
        ("export.ask", {"bundle": "visit", "portfolios": 2}, "Asked for a bundle of 2 portfolios"),
        ("export.bundle", {"bundle": "centre", "portfolios": 1, "held": 3},
         "Made a bundle of 1 portfolio; 3 held back"),
        ("export.bundle", None, "Made a bundle of portfolios"),
        ("export.remove", {"bundle": "visit"}, "Removed the file of a bundle"),
        ("export.hold", {"bundle": "visit", "held": 1}, "Held a bundle back: 1 portfolio may point to a real person"),
        ("import.store", {"kind": "people", "count": 3, "made": 2, "changed": 1},
         "Imported a list of people: 2 new, 1 changed"),
        ("coverage.export", {"view": "units", "kind": "csv", "filters": ["Cohort: Spring"], "rows": 12},
         "Downloaded a table of the coverage audit as CSV: 12 rows, narrowed to Cohort: Spring"),
        ("storage.bury", {"removed": 1, "kept": 0}, "Destroyed 1 file that nothing names any more"),
        ("audit.note_heads", {"count": 2}, "Noted where the trails of 2 enrolments end"),
        ("future.verb", {"secret": "x"}, "Future: verb"),
    ],
)  # fmt: skip
def test_entries_in_words(verb: str, said: dict[str, object] | None, words: str) -> None:
    assert of_centre(verb, ADMINISTRATOR, said, "Ann Lee") == words


@pytest.mark.parametrize("verb", sorted(SENTENCES))
def test_an_entry_whose_words_were_erased_has_its_sentence(verb: str) -> None:
    words = of_centre(verb, ADMINISTRATOR, None, "")
    assert words
    assert not re.search(r"None|[{}]", words)


def test_no_address_is_told() -> None:
    said = {"email": "ann@example.org", "name": "Ann Lee", "role": "learner", "qualified": True}
    assert not [verb for verb in SENTENCES if "@" in of_centre(verb, ADMINISTRATOR, said, "Ann Lee")]


def test_an_entry_of_an_enrolment_says_what_the_book_says() -> None:
    assert of_enrolment("evidence.add", "learner", {"ref": "E003"}, {"E001"}) == "Added a draft"
    assert of_enrolment("enrolment.cohort", ADMINISTRATOR, {"cohort": "Spring"}, ()) == (
        "Put the learner into the cohort Spring"
    )
