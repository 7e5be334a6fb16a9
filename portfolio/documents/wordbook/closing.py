"""What stands at the end of the book: the trail of who did what, and the words explained."""

from collections.abc import Iterable, Iterator

from portfolio.documents.wordbook import anchors
from portfolio.documents.wordbook.anchors import Targets
from portfolio.documents.wordbook.content import AuditPart, AuditRow, Fact
from portfolio.documents.wordbook.desk import Desk
from portfolio.documents.wordbook.flow import Piece
from portfolio.documents.wordbook.glossary import Term
from portfolio.documents.wordbook.markup import (
    TABLE_END,
    cell,
    head_row,
    moment,
    paragraph,
    row,
    table,
    table_start,
    text_cell,
    text_xml,
    words,
)

_TRAIL = (640, 1620, 2960, 4418)
_FACTS = (1900, 7738)
_TERMS = (2400, 7238)


def audit_chapter(desk: Desk, targets: Targets, audit: AuditPart) -> Iterator[Piece]:
    """The trail with the signed head that fixes it."""
    yield paragraph("Heading1", f"{desk.bookmark(anchors.AUDIT)}<w:r>{text_xml('Audit extract')}</w:r>")
    yield targets.ways()
    if audit.note:
        yield words("Lead", audit.note)
    yield table_start(_TRAIL, "Audit extract")
    yield from _trail(audit.rows)
    yield TABLE_END
    if audit.facts:
        yield words("Heading2", "Signed head")
        yield table(_FACTS, _facts(audit.facts), "Signed head of the trail")


def glossary_chapter(desk: Desk, targets: Targets, terms: Iterable[Term]) -> Iterator[Piece]:
    """The words of the field, for a reader from outside."""
    yield paragraph("Heading1", f"{desk.bookmark(anchors.GLOSSARY)}<w:r>{text_xml('Glossary')}</w:r>")
    yield targets.ways()
    yield table(_TERMS, _terms(terms), "Glossary")


def _trail(rows: Iterable[AuditRow]) -> Iterator[str]:
    yield head_row(_TRAIL, ("No.", "When", "Who", "What"))
    for event in rows:
        who = words("Cell", event.who) + (words("CellLabel", event.role) if event.role else "")
        yield row(
            text_cell(_TRAIL[0], str(event.seq))
            + text_cell(_TRAIL[1], moment(event.at))
            + cell(_TRAIL[2], who)
            + text_cell(_TRAIL[3], event.what)
        )


def _facts(facts: Iterable[Fact]) -> Iterator[str]:
    yield head_row(_FACTS, ("What", "Value"))
    for fact in facts:
        yield row(text_cell(_FACTS[0], fact.label, "CellLabel") + text_cell(_FACTS[1], fact.value, "CellMono"))


def _terms(terms: Iterable[Term]) -> Iterator[str]:
    yield head_row(_TERMS, ("Word", "Meaning"))
    for term in terms:
        yield row(text_cell(_TERMS[0], term.word) + text_cell(_TERMS[1], term.meaning))
