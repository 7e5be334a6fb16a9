"""Fields in double braces, such as {{learner}}: their names, and a book's own words in their place."""

import re
from collections.abc import Mapping

from portfolio.documents.wordbook.content import Book
from portfolio.documents.wordbook.markup import flat, long_date

FIELDS: Mapping[str, str] = {
    "learner": "The full name",
    "registration number": "With the awarding organisation",
    "qualification": "Its whole title",
    "qualification number": "Its reference",
    "level": "Of the qualification",
    "awarding organisation": "Who awards the qualification",
    "centre": "The centre’s name",
    "centre number": "As the awarding organisation knows it",
    "assessor": "Who assesses now",
    "internal quality assurer": "Who assures quality now",
    "started on": "First day of the enrolment",
    "planned end": "Last day that is planned",
    "date": "The day that the book is of",
    "title": "What the book is called",
}
"""What a template may have filled in, and what stands there then."""
LEARNER_AND_NUMBER = "learner and number"
"""What the footer says whose book it is by; templates need not know it."""
_FIELD = re.compile(r"\{\{([a-z ]+)\}\}")
_TEXT = re.compile(r"(<w:t(?: [^>]*)?>)([^<]*)")


def values_of(book: Book) -> dict[str, str]:
    """What stands for each field in this book; nothing where nothing is known."""
    return (
        dict.fromkeys(FIELDS, "")
        | {fact.label: fact.value for fact in book.fields}
        | {
            "learner": book.learner,
            "registration number": book.registration_number,
            "qualification": book.qualification,
            "centre": book.centre,
            "title": book.title,
            "date": long_date(book.as_of),
            LEARNER_AND_NUMBER: " · ".join(filter(None, (book.learner, book.registration_number))),
        }
    )


def filled(xml: str, values: Mapping[str, str]) -> str:
    """XML with the fields in its text filled in, in nothing else. A value that looks like a field is left as it is."""

    def said(field: re.Match[str]) -> str:
        return flat(values[field[1]]) if field[1] in values else field[0]

    return _TEXT.sub(lambda text: text[1] + _FIELD.sub(said, text[2]), xml)
