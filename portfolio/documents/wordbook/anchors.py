"""Where links inside the book lead. A link is only made to what the book will show."""

from dataclasses import dataclass

from portfolio.documents.wordbook.content import Book
from portfolio.documents.wordbook.desk import bookmark_name

CONTENTS = "contents"
INDEX = "evidence_index"
ITEMS = "evidence_items"
AUDIT = "audit_extract"
GLOSSARY = "glossary"


def unit(code: str) -> str:
    return bookmark_name("unit", code)


def unit_section(kind: str, code: str) -> str:
    """A part of a unit: its matrix, gaps or feedback."""
    return bookmark_name(kind, code)


def criterion(unit_code: str, code: str) -> str:
    return bookmark_name("criterion", unit_code, code)


def item(ref: str) -> str:
    return bookmark_name("item", ref)


def index_line(ref: str) -> str:
    return bookmark_name("line", ref)


@dataclass(frozen=True, slots=True)
class Targets:
    """What can be linked to in one book: anchors of evidence by reference, and of criteria by unit and code."""

    evidence: dict[str, str]
    criteria: dict[tuple[str, str], str]

    @classmethod
    def of(cls, book: Book) -> "Targets":
        return cls(
            {row.ref: item(row.ref) if row.in_book else index_line(row.ref) for row in book.index},
            {
                (part.code, row.code): criterion(part.code, row.code)
                for part in book.units
                for outcome in part.outcomes
                for row in outcome.criteria
            },
        )
