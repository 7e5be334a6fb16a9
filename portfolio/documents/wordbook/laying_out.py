"""A book that was written, laid out: with the numbers of its pages, and as a PDF beside it."""

from pathlib import Path

from portfolio.documents import layout
from portfolio.documents.wordbook import paging


def lay_out(book: Path, pdf: Path) -> bool:
    """Fill in the numbers of pages of a book, and write it as a PDF. False, with the book as it was and no PDF, where
    nothing here lays books out.
    """
    numbered = book.with_name(f"{book.name}.numbered")
    try:
        layout.as_pdf(book, pdf)
        paging.with_pages(book, numbered, layout.pages_of(pdf, paging.listed(book)))
        layout.as_pdf(numbered, pdf)
        numbered.replace(book)
    except layout.NotLaidOut:
        pdf.unlink(missing_ok=True)
        return False
    finally:
        numbered.unlink(missing_ok=True)
    return True
