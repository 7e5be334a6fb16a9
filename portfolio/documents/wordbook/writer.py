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
from portfolio.documents.wordbook.filling import filled, values_of
from portfolio.documents.wordbook.flow import Piece
from portfolio.documents.wordbook.frame import Skeleton
from portfolio.documents.wordbook.front import contents, title_page
from portfolio.documents.wordbook.markup import SPACER, paragraph
from portfolio.documents.wordbook.package import (
    body_relationships,
    book_parts,
    content_types,
    numbering,
    skeleton,
)
from portfolio.documents.wordbook.sections import section_chapter
from portfolio.documents.wordbook.styles import NAMESPACES, PORTRAIT, Page
from portfolio.documents.wordbook.units import units_chapters

_BUFFER = 1 << 17
_QUICK = 3
_EARLIEST = 1980
_BODY_START = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:document {NAMESPACES} '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"><w:body>'
)

ZipTime = tuple[int, int, int, int, int, int]


def write_book(target: BinaryIO, book: Book) -> None:
    """Writes the book. Raises ValueError when index and items do not tell of the same references."""
    when = _zip_time(book.as_of)
    frame = book.frame or skeleton()
    with zipfile.ZipFile(target, "w") as package, Desk() as desk:
        package.writestr(_Member("[Content_Types].xml", when), content_types(frame))
        for name, data in sorted((*frame.parts, *book_parts(frame, book))):
            package.writestr(_Member(name, when), data)
        with package.open(_Member("word/document.xml", when), "w") as body:
            for piece in _buffered(_body(desk, book, frame)):
                body.write(piece)
        package.writestr(_Member("word/numbering.xml", when), numbering(frame, desk.list_levels))
        package.writestr(_Member("word/_rels/document.xml.rels", when), body_relationships(frame, desk.relationships()))
        for name, data in desk.pictures():
            package.writestr(_Member(name, when, zipfile.ZIP_STORED), data)


def _body(desk: Desk, book: Book, frame: Skeleton) -> Iterator[str]:
    yield _BODY_START
    yield filled(frame.cover, values_of(book))
    yield from title_page(desk, book)
    yield _section_end(frame.section(PORTRAIT, bare=True))
    current, last = PORTRAIT, ""
    for page, piece in _on_pages(_chapters(desk, book)):
        if page is not current:
            # so that a table which fills its page is not followed by an empty one
            yield last.removesuffix(SPACER) + _section_end(frame.section(current))
            current, last = page, ""
        yield last
        last = piece
    yield last
    _check_items(desk, book)
    yield f"{frame.section(current)}</w:body></w:document>"


def _on_pages(chapters: Iterable[Iterable[Piece]]) -> Iterator[tuple[Page, str]]:
    """Each piece with the page that it stands on: upright at the start of a chapter, until the chapter turns it."""
    for chapter in chapters:
        page = PORTRAIT
        for piece in chapter:
            if isinstance(piece, str):
                yield page, piece
            else:
                page = piece


def _chapters(desk: Desk, book: Book) -> Iterator[Iterable[Piece]]:
    targets = Targets.of(book)
    yield contents(desk, book)
    for section in book.opening:
        yield section_chapter(desk, targets, section)
    yield from units_chapters(desk, targets, book.units)
    if book.index:
        yield index_chapter(desk, targets, book.index)
    if any(line.in_book for line in book.index):
        yield items_chapter(desk, targets, book.items)
    for section in book.closing:
        yield section_chapter(desk, targets, section)
    if book.audit:
        yield audit_chapter(desk, targets, book.audit)
    if book.glossary:
        yield glossary_chapter(desk, targets, book.glossary)


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
