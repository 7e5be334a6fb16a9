"""The words by which a centre calls roles and things. Pure: `term` is the one way in which any of them is said.

It takes a standard word as it would stand in a sentence (`learner`, `Learners`, `an assessor`) and gives the centre's
own in its place. The trail keeps the standard words.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from portfolio.errors import Rejected

WORD_MOST = 40
NONE = "{}"
"""What a centre keeps that calls everything as everybody does."""
SPOKEN_WITH_VOWEL = frozenset("AEFHILMNORSX")
SPOKEN_WITH_CONSONANT = re.compile(r"(?:uni(?!n|m)|us[aeiu]|eu|one\b|once\b|ut[ei])", re.IGNORECASE)
PLACE = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Term:
    """A word that a centre may replace; `many` equals `one` for what is not counted. `about` tells which it is, with
    other terms in braces.
    """

    key: str
    one: str
    many: str
    about: str = ""

    @property
    def is_counted(self) -> bool:
        """Whether one and several are called differently."""
        return self.one != self.many


ROLES = (
    Term("learner", "learner", "learners", "Builds {a portfolio}"),
    Term("assessor", "assessor", "assessors", "Marks the work"),
    Term("trainee_assessor", "trainee assessor", "trainee assessors", "Marks under countersignature"),
    Term("iqa", "internal quality assurer", "internal quality assurers", "Checks decisions for the centre"),
    Term("eqa", "external quality assurer", "external quality assurers", "Looks for the awarding organisation"),
    Term("administrator", "centre administrator", "centre administrators", "Runs the centre here"),
)
THINGS = (
    Term("cohort", "cohort", "cohorts", "{Learners} who go through together"),
    Term("unit", "unit", "units", "A part of a qualification"),
    Term("portfolio", "portfolio", "portfolios", "All that {a learner} has put together"),
    Term("evidence", "evidence", "evidence", "What shows that a criterion is met"),
)
TERMS = ROLES + THINGS

Own = Mapping[str, tuple[str, str]]
"""A centre's words for one and for several, by the key of the term; only those that differ from the standard."""


def term(kept: str, words: str) -> str:
    """The centre's words for standard ones; `kept` is what the centre keeps, as text. Raises KeyError for others."""
    return _forms(kept)[words]


def filled(kept: str, sentence: str) -> str:
    """A sentence with every standard word in braces said as the centre says it: `Choose the {learner}.`

    Braces around anything else stay: somebody typed them.
    """
    if "{" not in sentence:
        return sentence
    forms = _forms(kept)
    return PLACE.sub(lambda found: forms.get(found[1], found[0]), sentence)


def own_words(kept: str) -> Own:
    """What a centre calls by words of its own."""
    return {key: (one, many) for key, (one, many) in json.loads(kept or NONE).items()}


def checked(own: Own) -> dict[str, list[str]]:
    """Words as they are kept, without those that are the standard anyway. Raises Rejected, on the field at fault, for a
    word that is missing beside its other form, too long, or given to two terms.
    """
    said: dict[str, str] = {}
    differing: dict[str, list[str]] = {}
    for one in TERMS:
        given_one, given_many = own.get(one.key, ("", ""))
        singular = _clean(given_one, f"{one.key}_one")
        plural = _clean(given_many, f"{one.key}_many") if one.is_counted else singular
        if bool(singular) != bool(plural):
            raise Rejected("Give both forms, or neither.", f"{one.key}_{'many' if singular else 'one'}")
        singular, plural = singular or one.one, plural or one.many
        for form, word in (("one", singular), ("many", plural)):
            if said.setdefault(word.casefold(), one.key) != one.key:
                raise Rejected("Another word in this list is the same.", f"{one.key}_{form}")
        if (singular, plural) != (one.one, one.many):
            differing[one.key] = [singular, plural]
    return differing


def _clean(word: str, field: str) -> str:
    kept = " ".join(word.split())
    if len(kept) > WORD_MOST:
        raise Rejected(f"Keep this to {WORD_MOST} characters.", field)
    if kept and not all(character.isalnum() or character in " -'’&/" for character in kept):
        raise Rejected("Use letters, figures, spaces and hyphens.", field)
    return kept


@lru_cache(maxsize=1_000)
def _forms(kept: str) -> Mapping[str, str]:
    """Every standard form with the centre's own: one, several, one with its article, each also with a capital."""
    own, forms = own_words(kept), {}
    for standard in TERMS:
        one, many = own.get(standard.key, (standard.one, standard.many))
        forms[standard.many] = many
        forms[standard.one] = one
        forms[with_article(standard.one)] = with_article(one)
    return forms | {capital(words): capital(said) for words, said in forms.items()}


def with_article(word: str) -> str:
    """`a learner`, `an assessor`, `an IQA`, `a unit`."""
    if len(word) > 1 and word[:2].isupper():
        takes_an = word[0] in SPOKEN_WITH_VOWEL
    else:
        takes_an = word[:1].casefold() in set("aeiou") and not SPOKEN_WITH_CONSONANT.match(word)
    return f"{'an' if takes_an else 'a'} {word}"


def capital(words: str) -> str:
    """With a capital at the beginning; the rest stays as it is."""
    return words[:1].upper() + words[1:]
