"""Books laid out: the numbers of pages in the contents, and the same as a PDF."""

import re
import zipfile
from pathlib import Path

import pypdfium2
import pytest

from portfolio.documents import engines, layout
from portfolio.documents.wordbook.laying_out import lay_out
from portfolio.documents.wordbook.paging import listed, with_pages
from portfolio.documents.wordbook.writer import write_book
from portfolio.export import jobs
from portfolio.installation import Installation
from tests.cast import Cast
from tests.documents.books import book
from tests.documents.well_made import lacks
from tests.export.scenes import ask, books, content, made, rows_of, runner

NEEDED = "To fill in the page numbers"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A book with one of everything, as it was written."""
    path = tmp_path / "book.docx"
    with path.open("wb") as target:
        write_book(target, book())
    return path


def test_numbers_are_filled_in_and_nothing_else_changes(path: Path, tmp_path: Path) -> None:
    places = listed(path)
    assert len(places) > 5
    target = tmp_path / "numbered.docx"
    with_pages(path, target, {place: number for number, place in enumerate(places, start=3)})
    assert lacks(target.read_bytes()) == []
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(target) as after:
        assert before.namelist() == after.namelist()
        changed = [name for name in before.namelist() if before.read(name) != after.read(name)]
    assert changed == ["word/document.xml"]
    contents = next(row for row in rows_of(target.read_bytes()) if row.startswith("Contents"))
    assert contents.rstrip(" /").endswith(str(2 + len(places)))
    before_rows, after_rows = rows_of(path.read_bytes()), rows_of(target.read_bytes())
    assert [row for row in before_rows if NEEDED not in row and not row.startswith("Contents")] == [
        row for row in after_rows if not row.startswith("Contents")
    ]
    assert any(NEEDED in row for row in before_rows)
    assert not any(NEEDED in row for row in after_rows)


def test_a_place_without_a_page_stays_for_word_to_fill_in(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "numbered.docx"
    with_pages(path, target, {listed(path)[0]: 3})
    assert lacks(target.read_bytes()) == []
    assert listed(target) == listed(path)[1:]


def test_without_anything_that_lays_out_the_book_stays_as_it_is(path: Path, tmp_path: Path) -> None:
    before = path.read_bytes()
    assert not lay_out(path, tmp_path / "book.pdf")
    assert path.read_bytes() == before
    assert {one.name for one in tmp_path.iterdir()} == {"book.docx"}


@pytest.mark.office
def test_a_book_is_laid_out_with_what_is_installed(path: Path, tmp_path: Path) -> None:
    """The number beside an item in the contents is that of the page of the PDF on which the item begins."""
    if engines.office() is None:
        pytest.skip("LibreOffice is not installed")
    pdf = tmp_path / "book.pdf"
    assert lay_out(path, pdf)
    assert lacks(path.read_bytes()) == []
    assert listed(path) == []
    assert {one.name for one in tmp_path.iterdir()} == {"book.docx", "book.pdf"}
    pages = layout.pages_of(pdf, ["item_E001", "audit_extract", "no_such_place"])
    assert set(pages) == {"item_E001", "audit_extract"}
    document = pypdfium2.PdfDocument(pdf)
    told = document[pages["item_E001"] - 1].get_textpage().get_text_bounded()
    contents = document[1].get_textpage().get_text_bounded()
    document.close()
    assert "Header sheet E001" in told
    assert re.search(rf"E001 [^\n]*\s+{pages['item_E001']}\s", contents)


def _as_if_laid_out(_book: Path, pdf: Path) -> bool:
    pdf.write_bytes(b"%PDF-1.7 laid out")
    return True


def test_the_pdf_is_kept_with_the_book(installation: Installation, cast: Cast) -> None:
    made(installation, cast)
    assert books(installation, cast)[0].book.pdf is None
    ask(installation, cast)
    runner(installation, lay_out=_as_if_laid_out).run_due()
    row = books(installation, cast)[0]
    assert content(installation, row)[:2] == b"PK"
    assert row.book.pdf is not None
    assert row.book.pdf.media_type == "application/pdf"


def test_a_book_on_the_command_line_that_cannot_be_finished_is_not_left_behind(
    installation: Installation, cast: Cast, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(_book: Path, _pdf: Path) -> bool:
        raise OSError(18, "another file system")

    monkeypatch.setattr(jobs, "lay_out", broken)
    target = tmp_path / "book.docx"
    with pytest.raises(OSError, match="another file system"):
        jobs.write_book_now(installation.database, installation.store, cast.enrolments["amina"], target)
    assert not list(tmp_path.glob("book*"))
    assert not list(installation.store.incoming.iterdir())
