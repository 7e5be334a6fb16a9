"""Where links inside the book lead. A link is only made to what the book will show."""

from dataclasses import dataclass

from portfolio.documents.wordbook.content import Book
from portfolio.documents.wordbook.desk import bookmark_name
from portfolio.documents.wordbook.markup import jump, paragraph, run, short_date

CONTENTS = "contents"
INDEX = "evidence_index"
ITEMS = "evidence_items"
AUDIT = "audit_extract"
GLOSSARY = "glossary"


def section(key: str) -> str:
    return bookmark_name("section", key)


def unit(code: str) -> str:
    return bookmark_name("unit", code)


def unit_section(kind: str, code: str) -> str:
    """A part of a unit: its matrix, gaps or feedback."""
    return bookmark_name(kind, code)


def feedback(unit_code: str, number: int) -> str:
    """One word of feedback on a unit, counted from 0."""
    return bookmark_name("said", unit_code, str(number))


def criterion(unit_code: str, code: str) -> str:
    return bookmark_name("criterion", unit_code, code)


def item(ref: str) -> str:
    return bookmark_name("item", ref)


def index_line(ref: str) -> str:
    return bookmark_name("line", ref)


@dataclass(frozen=True, slots=True)
class Targets:
    """What can be linked to in one book: anchors of units by code, of evidence by reference, and of criteria by unit
    and code; and for a reference the feedback on it, in words with its anchor.
    """

    units: dict[str, str]
    evidence: dict[str, str]
    criteria: dict[tuple[str, str], str]
    feedback: dict[str, list[tuple[str, str]]]
    has_index: bool

    @classmethod
    def of(cls, book: Book) -> "Targets":
        said: dict[str, list[tuple[str, str]]] = {}
        for part in book.units:
            for number, one in enumerate(part.feedback):
                if one.ref:
                    words = ", ".join(filter(None, (part.code, short_date(one.on))))
                    said.setdefault(one.ref, []).append((words, feedback(part.code, number)))
        return cls(
            {part.code: unit(part.code) for part in book.units},
            {row.ref: item(row.ref) if row.in_book else index_line(row.ref) for row in book.index},
            {
                (part.code, row.code): criterion(part.code, row.code)
                for part in book.units
                for outcome in part.outcomes
                for row in outcome.criteria
            },
            said,
            bool(book.index),
        )

    def ways(self) -> str:
        """The links under the title of a chapter: back to the contents, and to the index where there is one."""
        return paragraph("Ways", _ways(INDEX if self.has_index else ""))

    def ways_from(self, ref: str) -> str:
        """The links beside the header of an item: to its line in the index, and to the contents."""
        return paragraph("CellWays", _ways(index_line(ref) if ref in self.evidence else ""))


def _ways(index: str) -> str:
    contents = jump(CONTENTS, "Contents")
    return f"{jump(index, 'Evidence index')}{run(' · ')}{contents}" if index else contents


def evidence_link(targets: Targets, ref: str) -> str:
    """A reference as a link to its evidence, where the book has it."""
    anchor = targets.evidence.get(ref)
    return jump(anchor, ref) if anchor else run(ref)


def criterion_link(targets: Targets, unit_code: str, code: str, shown: str = "") -> str:
    """A criterion's number, or what is shown of it, as a link to its line in the matrix, where the book has it."""
    anchor = targets.criteria.get((unit_code, code))
    return jump(anchor, shown or code) if anchor else run(shown or code)
