"""The title page and the contents.

The contents are filled in already, each line a link. Page numbers are left for Word to work out when it prints or
when the reader asks: nothing in the file makes Word ask questions as it opens.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from portfolio.documents.wordbook import anchors
from portfolio.documents.wordbook.content import Book
from portfolio.documents.wordbook.desk import Desk
from portfolio.documents.wordbook.flow import figure
from portfolio.documents.wordbook.markup import escape, field, long_date, paragraph, run, text_xml, words

_LISTED_ITEMS = 80


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents; `level` 1 or 2."""

    level: int
    anchor: str
    text: str


def title_page(desk: Desk, book: Book) -> Iterator[str]:
    """Who, what, where and when; first the centre's logo."""
    if book.logo:
        yield figure(desk, book.logo, key="Logo", alternative=f"The logo of {book.centre}")
    yield words("Centre", book.centre)
    yield words("Title", book.title)
    yield words("Subtitle", book.qualification)
    yield words("Learner", book.learner)
    at = f"{long_date(book.as_of)}, {book.as_of:%H:%M} {book.as_of:%Z}".strip()
    facts = [("Registration number", book.registration_number or "–")]
    facts += [(fact.label, fact.value or "–") for fact in book.facts]
    for label, value in (*facts, ("As it stood on", at)):
        inside = f"{run(label, 'Label')}<w:r><w:tab/></w:r><w:r>{text_xml(value)}</w:r>"
        yield paragraph("Fact", inside)
    if book.notice:
        yield words("Notice", book.notice)


def entries(book: Book) -> list[Entry]:
    """What the contents list; evidence items one by one while they fit on a page or two."""
    listed = [Entry(1, anchors.section(one.key), one.title) for one in book.opening]
    for unit in book.units:
        listed.append(Entry(1, anchors.unit(unit.code), f"{unit.code} {unit.title}"))
        for kind, title, present in (
            ("matrix", "Criteria and evidence", unit.outcomes),
            ("gaps", "Still to do", unit.gaps),
            ("feedback", "Feedback on the unit", unit.feedback),
            ("signed", "Signatures for the unit", unit.signatures),
        ):
            if present:
                listed.append(Entry(2, anchors.unit_section(kind, unit.code), title))
    if book.index:
        listed.append(Entry(1, anchors.INDEX, "Evidence index"))
    shown = [row for row in book.index if row.in_book]
    if shown:
        listed.append(Entry(1, anchors.ITEMS, "Evidence"))
        listed += [Entry(2, anchors.item(row.ref), f"{row.ref} {row.title}") for row in shown]
    listed += [Entry(1, anchors.section(one.key), one.title) for one in book.closing]
    if book.audit:
        listed.append(Entry(1, anchors.AUDIT, "Audit extract"))
    if book.glossary:
        listed.append(Entry(1, anchors.GLOSSARY, "Glossary"))
    if len(shown) > _LISTED_ITEMS:
        return [entry for entry in listed if entry.level == 1]
    return listed


def contents(desk: Desk, book: Book) -> Iterator[str]:
    """The contents as the field that Word keeps up to date, with its lines in place."""
    listed = entries(book)
    depth = max((entry.level for entry in listed), default=1)
    yield (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/>'
        "</w:docPartObj></w:sdtPr><w:sdtContent>"
    )
    yield paragraph("ContentsHeading", f"{desk.bookmark(anchors.CONTENTS)}{run('Contents')}")
    begin = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> '
        f'TOC \\o "1-{depth}" \\h \\z \\u </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    for number, entry in enumerate(listed):
        page = field(f"PAGEREF {entry.anchor} \\h")
        line = (
            f'<w:hyperlink w:anchor="{escape(entry.anchor)}" w:history="1"><w:r>{text_xml(entry.text)}</w:r>'
            f"<w:r><w:tab/></w:r>{page}</w:hyperlink>"
        )
        yield paragraph(f"TOC{entry.level}", begin + line if number == 0 else line)
    yield f'<w:p>{"" if listed else begin}<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:sdtContent></w:sdt>'
    yield words("Small", "Each line is a link. To fill in the page numbers, click in the list and press F9.")
