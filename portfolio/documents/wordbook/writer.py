"""Writes a book as a .docx: the body streamed into the zip, then the parts that the body called for.

Memory holds one item at a time; the same book gives the same bytes.
"""

import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import BinaryIO

from portfolio.documents.wordbook.anchors import Targets, item
from portfolio.documents.wordbook.closing import audit_chapter, glossary_chapter
from portfolio.documents.wordbook.content import Book
from portfolio.documents.wordbook.desk import Desk
from portfolio.documents.wordbook.evidence import index_chapter, items_chapter
from portfolio.documents.wordbook.front import contents, title_page
from portfolio.documents.wordbook.markup import paragraph
from portfolio.documents.wordbook.package import (
    body_relationships,
    book_parts,
    content_types,
    numbering,
    skeleton,
)
from portfolio.documents.wordbook.styles import NAMESPACES, PORTRAIT, Page
from portfolio.documents.wordbook.units import page_of, unit_chapter

_BUFFER = 1 << 17
_QUICK = 3
_EARLIEST = 1980
_BODY_START = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:document {NAMESPACES} '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"><w:body>'
)

Chapter = tuple[Page, Iterator[str]]
ZipTime = tuple[int, int, int, int, int, int]


def write_book(target: BinaryIO, book: Book) -> None:
    """Writes the book. Raises ValueError when index and items do not tell of the same references."""
    when = _zip_time(book.as_of)
    frame = skeleton()
    with zipfile.ZipFile(target, "w") as package, Desk() as desk:
        package.writestr(_Member("[Content_Types].xml", when), content_types())
        for name, data in sorted((*frame.parts, *book_parts(book))):
            package.writestr(_Member(name, when), data)
        with package.open(_Member("word/document.xml", when), "w") as body:
            for piece in _buffered(_body(desk, book)):
                body.write(piece)
        package.writestr(_Member("word/numbering.xml", when), numbering(desk.list_levels))
        package.writestr(_Member("word/_rels/document.xml.rels", when), body_relationships(desk.relationships()))
        for name, data in desk.pictures():
            package.writestr(_Member(name, when, zipfile.ZIP_STORED), data)


def _body(desk: Desk, book: Book) -> Iterator[str]:
    frame = skeleton()
    yield _BODY_START
    yield from title_page(desk, book)
    yield _section_end(frame.section(PORTRAIT, bare=True))
    current = PORTRAIT
    for page, pieces in _chapters(desk, book):
        if page is not current:
            yield _section_end(frame.section(current))
            current = page
        yield from pieces
    _check_items(desk, book)
    yield f"{frame.section(current)}</w:body></w:document>"


def _chapters(desk: Desk, book: Book) -> Iterator[Chapter]:
    targets = Targets.of(book)
    yield PORTRAIT, contents(book)
    for unit in book.units:
        yield page_of(unit), unit_chapter(desk, targets, unit)
    if book.index:
        yield PORTRAIT, index_chapter(desk, book.index)
    if any(line.in_book for line in book.index):
        yield PORTRAIT, items_chapter(desk, targets, book.items)
    if book.audit:
        yield PORTRAIT, audit_chapter(desk, book.audit)
    if book.glossary:
        yield PORTRAIT, glossary_chapter(desk, book.glossary)


def _check_items(desk: Desk, book: Book) -> None:
    missing = [line.ref for line in book.index if line.in_book and not desk.has_bookmark(item(line.ref))]
    if missing:
        message = f"The index names {missing[0]}, but the book has no such item."
        raise ValueError(message)


def _section_end(properties: str) -> str:
    return paragraph("SectionEnd", "", properties)


def _buffered(pieces: Iterable[str]) -> Iterator[bytes]:
    """Small strings joined to pieces that are worth compressing."""
    waiting: list[str] = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= _BUFFER:
            yield "".join(waiting).encode()
            waiting.clear()
            size = 0
    yield "".join(waiting).encode()


class _Member(zipfile.ZipInfo):
    """A member whose header says nothing about the machine or the hour of writing.

    The quick level halves the time of a book and makes the file at most a fifth larger: its XML repeats itself anyway.
    """

    def __init__(self, name: str, when: ZipTime, method: int = zipfile.ZIP_DEFLATED) -> None:
        super().__init__(name, when)
        self.compress_type = method
        self.create_system = 0
        self.external_attr = 0
        self._compresslevel = _QUICK


def _zip_time(at: datetime) -> ZipTime:
    moment = at.astimezone(UTC)
    return (max(_EARLIEST, moment.year), moment.month, moment.day, moment.hour, moment.minute, moment.second)
