"""Word files, presentations and workbooks, redacted in place: every part of the package, and nothing of it rebuilt.

What is not words stays as it was, so that the result looks like the original.
"""

from collections.abc import Callable
from pathlib import Path

from lxml import etree

from portfolio.documents.redaction import office_books, office_sheets, office_slides, office_word
from portfolio.documents.redaction.office_attributes import Names, loose_words
from portfolio.documents.redaction.office_formulas import Formulas
from portfolio.documents.redaction.office_inside import inside
from portfolio.documents.redaction.office_left_out import forget_changes, leave_out, links
from portfolio.documents.redaction.office_package import Package, Part
from portfolio.documents.redaction.office_people import number_people
from portfolio.documents.redaction.office_properties import Kept
from portfolio.documents.redaction.office_text import paragraph_lines, settle
from portfolio.documents.redaction.plan import Why
from portfolio.documents.redaction.work import Work

_PLACES = {
    "chart": ("Charts", True),
    "chartEx": ("Charts", True),
    "diagramData": ("Diagrams", True),
    "diagramDrawing": ("Diagrams", True),
    "comments": ("Comments", False),
    "threadedComment": ("Comments", False),
    "drawing": ("Drawings", True),
    "vmlDrawing": ("Drawings", False),
    "theme": ("Styles", False),
    "styles": ("Styles", False),
}
_OTHERWISE = ("Settings", False)
_PlaceOf = Callable[[Part], tuple[str, bool] | None]


def redact_word(source: Path, target: Path, work: Work, media_type: str) -> str:
    """A .docx; the result is one too."""
    (package, kept), names = _opened(source, work, media_type), Names(work)
    office_word.tidy(work, package, names)
    for _part, root in package.xml():
        office_word.fields(work, root)
    _parts(work, package, names, office_word.place_of)
    return _closed(target, work, package, kept, media_type)


def redact_slides(source: Path, target: Path, work: Work, media_type: str) -> str:
    """A .pptx; the result is one too."""
    package, kept = _opened(source, work, media_type)
    office_slides.tidy(work, package)
    places = office_slides.places(package)
    _parts(work, package, Names(work), lambda part: places.get(part.name))
    return _closed(target, work, package, kept, media_type)


def redact_sheets(source: Path, target: Path, work: Work, media_type: str) -> str:
    """A .xlsx; the result is one too."""
    (package, kept), formulas = _opened(source, work, media_type), Formulas(work)
    names = Names(work)
    book = office_books.Book(work, package, formulas, names)
    seen = office_sheets.cells(work, package, book, formulas)
    _parts(work, package, names, book.place_of, seen)
    return _closed(target, work, package, kept, media_type)


def _opened(source: Path, work: Work, media_type: str) -> tuple[Package, Kept]:
    package = Package(source, media_type)
    for _ in package.broken:
        work.unread("Part of the file", Why.BROKEN)
    kept = leave_out(work, package)
    forget_changes(work, package)
    number_people(work, package)
    return package, kept


def _parts(
    work: Work, package: Package, names: Names, place_of: _PlaceOf, done: set[etree._Element] | None = None
) -> None:
    """The words of all parts, in the order in which they are reached."""
    seen = done or set()
    for part, root in package.xml():
        place, is_seen = _place(part, place_of)
        settle(work, paragraph_lines(root, seen=seen, is_seen=is_seen), place)
        seen.update(root.iter("{*}instrText", "{*}delInstrText"))
        loose_words(work, root, place, seen=seen, is_seen=is_seen)
    for part, root in package.xml():
        names.said(root, _place(part, place_of)[0])
    for part, root in package.xml():
        names.others(root, _place(part, place_of)[0])


def _place(part: Part, place_of: _PlaceOf) -> tuple[str, bool]:
    return place_of(part) or _PLACES.get(part.kind, _OTHERWISE)


def _closed(target: Path, work: Work, package: Package, kept: Kept, media_type: str) -> str:
    links(work, package)
    inside(work, package)
    if not work.only_reads:
        kept.write(work, package)
        package.write(target)
    return media_type
