"""A PDF redacted: every page becomes a picture in which things are painted over, with the words that remain beside it.

Nothing else of the original goes along but bookmarks and what is attached, both redacted.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import pypdfium2
from pypdfium2 import raw

from portfolio.documents.ocr import Word
from portfolio.documents.redaction.line_ends import Joined, broken, joined_in
from portfolio.documents.redaction.marking import Mark, drawn, is_covered, marks_of, merged, paint, pieces_of, read
from portfolio.documents.redaction.matching import Match, Matcher
from portfolio.documents.redaction.misreading import Misreader
from portfolio.documents.redaction.page_hidden import Hidden, look_back, look_beside
from portfolio.documents.redaction.page_layer import PageWriter
from portfolio.documents.redaction.page_text import (
    flattened,
    in_picture,
    page_read,
    picture_of,
    unsaid,
)
from portfolio.documents.redaction.plan import Why
from portfolio.documents.redaction.work import Refused, Work

MOST_PAGES = 400
_PDF = "application/pdf"
_READ_ANYWAY = 60
"""So many pages are read as pictures too, even if they are all text: letters may say another thing than they show."""


def redact_pdf(source: Path, target: Path, work: Work, _media_type: str) -> str:
    """Pages first, then what lies beside them."""
    document = _opened(source)
    pages = _Pages(work)
    try:
        count = len(document)
        if count == 0:
            raise Refused("The PDF has no pages.")
        if count > MOST_PAGES:
            raise Refused(f"The PDF has {count:,} pages. At most {MOST_PAGES} can be redacted in one file.")
        for number in range(count):
            pages.add(document, number)
    except pypdfium2.PdfiumError as trouble:
        raise Refused("A page of the PDF is broken.") from trouble
    finally:
        document.close()
    hidden = look_beside(source, work)
    look_back(source, work, pages.lines)
    if not work.only_reads:
        pages.write(target, hidden)
    return _PDF


def _opened(path: Path) -> pypdfium2.PdfDocument:
    try:
        document: pypdfium2.PdfDocument = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as trouble:
        is_locked = getattr(trouble, "err_code", None) == raw.FPDF_ERR_PASSWORD
        raise Refused("The PDF is locked with a password." if is_locked else "The PDF is broken.") from trouble
    return document


class _Pages:
    """The pages one after the other, and the result in the making."""

    def __init__(self, work: Work) -> None:
        self.lines: set[str] = set()
        self._work = work
        self._writer = PageWriter()
        self._own, self._misread = Matcher(work.plan.swaps), Misreader(work.plan.swaps)

    def add(self, document: pypdfium2.PdfDocument, number: int) -> None:
        """Shows a page's words, and paints it over unless the file is only read."""
        work, place = self._work, f"Page {number + 1}"
        page = flattened(document, number)
        try:
            seen = page_read(page)
            self.lines.update(line.strip() for line in seen.sheet.text.splitlines())
            found = self._broken(seen.joined, place)
            found += [match for match in work.find(seen.sheet.text, place) if not any(map(_meets(match), found))]
            found += self._misread_in(seen.sheet.text, found, place) if seen.is_unread else []
            marks = marks_of(seen.sheet, found)
            if work.only_reads and not seen.is_unread:
                return
            picture = picture_of(page)
        finally:
            page.close()
        words = in_picture(picture, any_way=seen.is_unread) if seen.is_unread or number < _READ_ANYWAY else None
        if seen.is_unread:
            work.unread(place, Why.PICTURE if words is None else Why.READ)
        new = unsaid(words or [], seen.sheet)
        if work.only_reads:
            lines = {word.line for word in new}
            text = read([word for word in words or [] if word.line in lines]).text
            work.find(text, place)
            self._broken(joined_in(text), place)
            return
        marks = self._with_picture(words or [], marks, place)
        boxes = drawn(work.boxes, number + 1)
        work.painted(len(boxes))
        marks += boxes
        paint(picture, marks)
        self._writer.add(picture, seen.width, seen.height, pieces_of([seen.sheet, read(new)], marks))

    def write(self, target: Path, hidden: Hidden) -> None:
        """The result, with what goes along."""
        for inner in hidden.attached:
            self._writer.attach(inner.name, inner.data, inner.media_type)
        if hidden.outline:
            self._writer.outline(hidden.outline)
        self._writer.save(target)

    def _broken(self, lines: Sequence[Joined], place: str) -> list[Match]:
        """What goes of words that go on in the next line; when the file is only read, these words are shown whole."""
        if self._work.only_reads:
            for line in lines:
                self._work.find(line.text, place)
        found = broken(lines, self._own)
        for match in found:
            self._work.find(match.swap.words, place)
        return found

    def _with_picture(self, words: Sequence[Word], marks: list[Mark], place: str) -> list[Mark]:
        """The marks with what goes of the words in the picture; counted where the page's own text did not say it."""
        sheet = read(words)
        found = broken(joined_in(sheet.text), self._own)
        found += [match for match in self._own.find(sheet.text) if not any(map(_meets(match), found))]
        for match in (*found, *self._misread.find(sheet.text, found)):
            if is_covered(sheet.places[match.start : match.end], marks):
                continue
            is_new = False
            for mark in marks_of(sheet, [match]):
                known = merged(marks, mark)
                is_new = is_new or known is None
                marks = [*marks, mark] if known is None else known
            if is_new:
                self._work.find(match.swap.words, place)
        return marks

    def _misread_in(self, text: str, known: list[Match], place: str) -> list[Match]:
        """In the text that a scanner put behind the picture of a page."""
        found = self._misread.find(text, known)
        for match in found:
            self._work.find(match.swap.words, place)
        return found


def _meets(one: Match) -> Callable[[Match], bool]:
    return lambda other: one.start < other.end and other.start < one.end
