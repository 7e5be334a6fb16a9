"""A PDF as pictures of its pages, with the words of each page beside it. Nothing in it runs or is unpacked."""

from pathlib import Path

import pypdfium2
from pypdfium2 import raw

from portfolio.documents.blocks import Extract, ListItem, plain
from portfolio.documents.preview_bench import Bench, Full, said
from portfolio.documents.texts import paragraphs
from portfolio.documents.xml_parts import Unreadable

MAX_PAGES = 60
_DPI = 110
_POINTS = 72
_LONGEST = 1800
_MAX_CHARACTERS = 20_000
_MAX_ATTACHED = 50


def pdf_pieces(bench: Bench, path: Path, *, prefix: str = "page", title: str = "Page", most: int = MAX_PAGES) -> None:
    """The first pages, and the names of what is attached. Raises Unreadable when it is locked or broken."""
    document = _opened(path)
    try:
        count = len(document)
        if count == 0:
            message = "The PDF has no pages."
            raise Unreadable(message)
        shown = 0
        for number in range(min(count, most)):
            try:
                _page(bench, document, number, f"{prefix}-{number + 1}", f"{title} {number + 1}")
            except Full:
                break
            shown += 1
        if shown < count:
            bench.note(f"The first {shown} of {count:,} pages are shown." if shown else "It is too large to show.")
        _attached(bench, document)
    finally:
        document.close()


def _opened(path: Path) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        is_locked = getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD
        message = (
            "The PDF is locked with a password, so it cannot be shown."
            if is_locked
            else "The PDF is broken, so it cannot be shown."
        )
        raise Unreadable(message) from error


def _page(bench: Bench, document: pypdfium2.PdfDocument, number: int, piece: str, title: str) -> None:
    """One page. What was filled into a form and what was noted on the page become part of the page first."""
    bench.check_room()
    try:
        page = document[number]
        raw.FPDFPage_Flatten(page.raw, raw.FLAT_NORMALDISPLAY)
        page.close()
        page = document[number]
    except pypdfium2.PdfiumError:
        bench.add(piece, title, note="This page is broken, so it cannot be shown.")
        return
    try:
        width, height = page.get_size()
        scale = min(_DPI / _POINTS, _LONGEST / max(width, height, 1))
        shot = bench.picture(page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB"))
        bench.add(piece, title, shots=[shot], is_folded=True, extract=_words(page))
    finally:
        page.close()


def _words(page: pypdfium2.PdfPage) -> Extract:
    text_page = page.get_textpage()
    try:
        text = text_page.get_text_bounded(errors="ignore")
    finally:
        text_page.close()
    note = "The words go on in the file." if len(text) > _MAX_CHARACTERS else ""
    return Extract(paragraphs(text[:_MAX_CHARACTERS].replace("\r\n", "\n")), note)


def _attached(bench: Bench, document: pypdfium2.PdfDocument) -> None:
    count = document.count_attachments()
    if count <= 0:
        return
    names = [said(document.get_attachment(number).get_name()) for number in range(min(count, _MAX_ATTACHED))]
    if count > _MAX_ATTACHED:
        names.append("and more")
    items = tuple(ListItem(plain(name or "Without a name")) for name in names)
    bench.add("attached", "Attached to this PDF", extract=Extract(items, "They are inside the original file."))
