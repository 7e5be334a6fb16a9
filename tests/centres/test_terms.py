"""A centre's own words: every form of them, what may be a word, and sentences with words in them."""

import json
import re

import pytest

from portfolio.centres import terms
from portfolio.centres.terms import NONE, TERMS, checked, filled, term, with_article
from portfolio.config import ROOT
from portfolio.errors import Rejected

OWN = json.dumps({"learner": ["apprentice", "apprentices"], "iqa": ["IQA", "IQAs"], "evidence": ["work", "work"]})


@pytest.mark.parametrize("standard", [words for one in TERMS for words in (one.one, one.many)])
def test_without_words_of_its_own_a_centre_speaks_as_everybody(standard: str) -> None:
    """With a capital and without."""
    assert term(NONE, standard) == term("", standard) == standard
    assert term(NONE, terms.capital(standard)) == terms.capital(standard)


@pytest.mark.parametrize(
    ("standard", "said"),
    [
        ("learner", "apprentice"),
        ("Learners", "Apprentices"),
        ("a learner", "an apprentice"),
        ("A learner", "An apprentice"),
        ("an internal quality assurer", "an IQA"),
        ("Internal quality assurers", "IQAs"),
        ("evidence", "work"),
        ("an assessor", "an assessor"),
    ],
)
def test_the_centres_words_stand_in_place_of_the_standard_ones(standard: str, said: str) -> None:
    """One, several, with its article, at the beginning of a sentence; what was not renamed stays."""
    assert term(OWN, standard) == said


def test_what_is_no_term_is_a_mistake_of_ours() -> None:
    """It shows at once."""
    with pytest.raises(KeyError):
        term(NONE, "student")


@pytest.mark.parametrize("folder", ["templates", "portfolio/web"])
def test_every_word_that_a_page_asks_for_is_a_term(folder: str) -> None:
    """A page with another word could not be drawn."""
    files = [path for path in (ROOT / folder).rglob("*") if path.suffix in {".html", ".py"}]
    asked = {
        words for path in files for words in re.findall(r"""\bterm\(["']([^"']+)["']\)""", path.read_text("utf-8"))
    }
    assert len(asked) > 5
    assert {words: term(NONE, words) for words in asked} == {words: words for words in asked}


def test_sentences_are_filled() -> None:
    """Braces hold standard words; a sentence without them is as it was."""
    assert filled(OWN, "Choose {a learner}, or several {learners}.") == "Choose an apprentice, or several apprentices."
    assert filled(OWN, "Choose a learner.") == "Choose a learner."
    assert filled(OWN, "{this} file {1}.png of {the learner}") == "{this} file {1}.png of {the learner}"


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("assessor", "an"), ("tutor", "a"), ("unit", "a"), ("user", "a"), ("European unit", "a"), ("uninvited", "an"),
        ("IQA", "an"), ("TAQA", "a"), ("LIQA", "an"), ("UQA", "a"), ("One-year cohort", "a"), ("X", "a"), ("hub", "a"),
    ],
)  # fmt: skip
def test_the_article_goes_by_how_a_word_is_spoken(word: str, said: str) -> None:
    """As far as its letters tell."""
    assert with_article(word) == f"{said} {word}"


def test_only_what_differs_is_kept() -> None:
    """Spaces are made single; the standard word is no word of the centre's own."""
    own = {"learner": (" the  apprentice ", "apprentices"), "unit": ("unit", "units"), "cohort": ("", "")}
    assert checked(own) == {"learner": ["the apprentice", "apprentices"]}
    assert checked({"evidence": ("work", "")}) == {"evidence": ["work", "work"]}


@pytest.mark.parametrize(
    ("own", "field"),
    [
        ({"learner": ("apprentice", "")}, "learner_many"),
        ({"learner": ("", "apprentices")}, "learner_one"),
        ({"learner": ("x" * 41, "y")}, "learner_one"),
        ({"learner": ("{unit}", "units here")}, "learner_one"),
        ({"learner": ("tutee", "<b>tutees</b>")}, "learner_many"),
        ({"learner": ("Unit", "learners")}, "unit_one"),
        ({"assessor": ("tutor", "tutors"), "trainee_assessor": ("tutor", "new tutors")}, "trainee_assessor_one"),
    ],
)
def test_words_that_cannot_be_are_refused_on_their_field(own: dict[str, tuple[str, str]], field: str) -> None:
    """Both forms, short, plain, and one word for one thing."""
    with pytest.raises(Rejected) as refusal:
        checked(own)
    assert refusal.value.field == field


def test_roles_may_change_places() -> None:
    """What one is called may be what another was called."""
    own = {"assessor": ("tutor", "tutors"), "learner": ("assessor", "assessors")}
    assert term(json.dumps(checked(own)), "learners") == "assessors"
