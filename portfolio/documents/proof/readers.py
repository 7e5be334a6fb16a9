"""The result opened as its kind by a library that did not write it: that it opens, and what that one reads of it."""

import io
import warnings
import zipfile
from collections.abc import Callable, Iterator
from importlib import metadata
from typing import Any

import docx
import openpyxl
import pypdfium2

from portfolio.documents.proof.search import Search, Undone
from portfolio.documents.proof.sight import look

_OFFICE = "application/vnd.openxmlformats-officedocument."
_BROKEN = "The result cannot be opened, so it cannot be searched."
_SCALE = 150 / 72
_LARGEST = 4_000
_MOST_PAGES = 3_000


def read_word(search: Search, data: bytes, place: str) -> None:
    """A Word document by python-docx."""
    search.used(f"python-docx {metadata.version('python-docx')}")
    document = docx.Document(io.BytesIO(data))
    search.texts([one.text for one in document.paragraphs], f"{place}: Text")
    search.texts(
        [cell.text for table in document.tables for row in table.rows for cell in row.cells], f"{place}: Tables"
    )
    for section in document.sections:
        ends = (section.header, section.footer, section.first_page_header, section.first_page_footer)
        search.texts([one.text for end in ends for one in end.paragraphs], f"{place}: Header")
    if not _has_properties(data):
        return  # the library would make up some
    known = document.core_properties
    said = (
        known.author, known.category, known.comments, known.content_status, known.identifier, known.keywords,
        known.language, known.last_modified_by, known.subject, known.title, known.version,
    )  # fmt: skip
    search.texts(said, f"{place}: Properties")


def _has_properties(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return any(name.lower().endswith("core.xml") for name in package.namelist())


def read_sheets(search: Search, data: bytes, place: str) -> None:
    """A workbook by openpyxl: every cell, as it is calculated and as it is kept."""
    search.used(f"openpyxl {metadata.version('openpyxl')}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
        try:
            for number, sheet in enumerate(book.worksheets, 1):
                cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]
                search.texts([one for one in cells if isinstance(one, str)], f"{place}: Sheet {number}")
                numbers = [str(one) for one in cells if isinstance(one, (int, float))]
                search.numbers(numbers, f"{place}: Sheet {number}")
        finally:
            book.close()
        if not _has_properties(data):
            return  # the library would make up some
        known = book.properties
        said = (known.creator, known.lastModifiedBy, known.title, known.subject, known.description, known.keywords)
        search.texts([one for one in said if one], f"{place}: Properties")


def read_slides(search: Search, data: bytes, place: str) -> None:
    """A presentation has no reader of its own here: that it is one is seen to."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        search.inside(package.read("ppt/presentation.xml"), f"{place}: Presentation")


def read_pdf(search: Search, data: bytes, place: str) -> None:
    """A PDF by PDFium: the text of the pages, what is said of the file, bookmarks, attachments, and how pages look."""
    search.used(f"pypdfium2 {metadata.version('pypdfium2')}")
    pdf = pypdfium2.PdfDocument(data)
    try:
        search.texts(pdf.get_metadata_dict().values(), f"{place}: Properties")
        search.texts([str(one.get_title()) for one in pdf.get_toc()], f"{place}: Bookmarks")
        for number in range(pdf.count_attachments()):
            attachment = pdf.get_attachment(number)
            search.built([str(attachment.get_name())], f"{place}: Attachment {number + 1}")
            search.inside(bytes(attachment.get_data()), f"{place}: Attachment {number + 1}")
        for number in range(min(len(pdf), _MOST_PAGES)):
            _read_page(search, pdf[number], f"{place}: Page {number + 1}")
    finally:
        pdf.close()


def _read_page(search: Search, page: Any, place: str) -> None:
    search.part()
    text = page.get_textpage()
    said = str(text.get_text_range())
    search.text(said, place)
    text.close()
    if next(_pictures(page), None) is not None or said.strip():
        scale = min(_SCALE, _LARGEST / max(page.get_size()))
        bitmap = page.render(scale=scale)
        look(search, bitmap.to_pil(), place)
        bitmap.close()
    page.close()


def _pictures(page: Any) -> Iterator[Any]:
    yield from page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=4)


_READERS: dict[str, Callable[[Search, bytes, str], None]] = {
    f"{_OFFICE}wordprocessingml.document": read_word,
    f"{_OFFICE}spreadsheetml.sheet": read_sheets,
    f"{_OFFICE}presentationml.presentation": read_slides,
    "application/pdf": read_pdf,
}


def read_as(search: Search, data: bytes, media_type: str, place: str) -> None:
    """Open the result as what it is said to be. Raises Undone when it does not open."""
    reader = _READERS.get(media_type)
    if reader is None:
        return
    try:
        reader(search, data, place)
    except (Undone, MemoryError):
        raise
    except Exception as error:
        raise Undone(_BROKEN) from error
