"""The matrix of a portfolio as a table: one line for each piece of evidence at each criterion. Pure."""

from collections.abc import Iterator, Mapping

from portfolio.documents.tables import Cell
from portfolio.documents.wordbook.content import Book

HEAD = (
    "Unit", "Unit title", "Outcome", "Criterion", "Text", "State", "Evidence", "Title", "Method", "Decision",
    "Decided on", "Initials", "Files",
)  # fmt: skip


def matrix_of(book: Book, files: Mapping[str, str]) -> Iterator[tuple[Cell, ...]]:
    """The heading, then the lines; a criterion without evidence has one that says how it stands. `files` are the paths
    of an item's files by its reference.
    """
    yield HEAD
    for unit in book.units:
        for outcome in unit.outcomes:
            for criterion in outcome.criteria:
                start = (unit.code, unit.title, outcome.code, criterion.code, criterion.text, criterion.state)
                for one in criterion.entries:
                    said = (one.ref, one.title, one.method, one.decision, one.decided_on, one.initials)
                    yield (*start, *said, files.get(one.ref, ""))
                if not criterion.entries:
                    yield (*start, *[None] * (len(HEAD) - len(start)))
