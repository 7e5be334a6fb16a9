"""A run of words that may be a name in running text, as the rules on either side of it see it. Pure."""

from typing import NamedTuple

from portfolio.anonymise.shapes import is_part
from portfolio.anonymise.words import GIVEN, SURNAME, Kind, Words

Weight = tuple[int, str]
"""What a rule adds to a run's score out of 100, and the reason in words."""

NOTHING: Weight = (0, "")


class Run(NamedTuple):
    """The words first to end of a text; `what` is the kind of the word that says most, `given` whether one is a given
    name and nothing else.
    """

    words: Words
    first: int
    end: int
    what: Kind
    given: bool
    capital: bool

    @property
    def weak(self) -> bool:
        """Whether the lists alone leave it open: a name that is also a word or place, or without a capital."""
        return not self.capital or self.what in (Kind.EITHER, Kind.EITHER_PLACE)


_TELLING = (Kind.GIVEN, Kind.SURNAME, Kind.UNKNOWN, Kind.EITHER_PLACE, Kind.EITHER, Kind.PLACE)


def run_of(words: Words, first: int, end: int) -> Run:
    """The run of the words first to end."""
    kinds = words.kind[first : end + 1]
    what = next(filter(kinds.__contains__, _TELLING), Kind.NONE)
    return Run(words, first, end, what, Kind.GIVEN in kinds, words.capital[first])


def quoted(words: Words, number: int) -> str:
    """A word as a reason names it."""
    return f"'{words.raw[number]}'"


def person_near(words: Words, number: int) -> bool:
    """Whether the words before one speak of a person and not of a thing: 'a lad called', 'he is called'."""
    return any(
        is_part(words, one) or words.form[one] in _SOMEBODY or words.flag[one] & (GIVEN | SURNAME)
        for one in range(max(0, number - 3), number)
    )


_SOMEBODY = frozenset(
    {
        *(
            "i",
            "we",
            "he",
            "she",
            "they",
            "you",
            "who",
            "and",
            "then",
            "also",
            "have",
            "had",
            "has",
            "ive",
            "i've",
            "i'd",
        ),
        *(
            "just",
            "to",
            "been",
            "was",
            "is",
            "am",
            "be",
            "i'm",
            "someone",
            "somebody",
            "person",
            "hand",
            "people",
            "one",
        ),
    }
)
