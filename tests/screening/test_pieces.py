"""What of each kind of file can be looked through, and what is said of the rest. Made without a process apart."""

from pathlib import Path

import pytest

from portfolio.documents.codec import Malformed
from portfolio.documents.letters import INSIDE
from portfolio.documents.preview import Manifest, Piece, Shot, manifest_of
from portfolio.documents.preview_maker import preview_into
from portfolio.documents.sheets import MAX_ROWS
from portfolio.screening.pieces import (
    NO_KIND,
    NO_TEXT,
    ONE_PICTURE,
    PICTURES,
    RECORDING,
    Content,
    content_of,
    unreadable,
)
from portfolio.screening.rules import NOTE_MOST
from tests.documents import samples

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


def read(folder: Path, content: bytes, media_type: str) -> Content:
    """A content as it is looked through."""
    source, parts = folder / "source", folder / "parts"
    source.write_bytes(content)
    parts.mkdir()
    manifest = manifest_of(preview_into(str(parts), str(source), media_type))
    return content_of(manifest, lambda part: (parts / str(part)).read_bytes())


def test_a_text_is_read_whole(tmp_path: Path) -> None:
    found = read(tmp_path, b"Dear Customer A,\n\nthank you.\n", "text/plain")
    assert found == Content({"text": "Dear Customer A,\n\nthank you."}, {"text": "Text"})


def test_an_empty_file_has_nothing_to_be_missed(tmp_path: Path) -> None:
    assert read(tmp_path, b"", "text/plain") == Content({}, {"text": "Text"})


def test_a_table_begins_with_its_own_headings(tmp_path: Path) -> None:
    found = read(tmp_path, b"Date,Customer,Phone\n3 November,A,none\n", "text/csv")
    assert found.texts == {"sheet-1": "Table\n\nDate\tCustomer\tPhone\n3 November\tA\tnone"}
    assert found.unread == ""


def test_rows_that_are_not_read_are_said(tmp_path: Path) -> None:
    found = read(tmp_path, b"Date,Customer\n" * (MAX_ROWS + 5), "text/csv")
    assert found.texts["sheet-1"].count("Customer") == MAX_ROWS
    assert found.unread == f"The first {MAX_ROWS} rows are shown."


def test_sheets_are_read_under_their_names_also_the_hidden_one(tmp_path: Path) -> None:
    found = read(tmp_path, samples.workbook(2, 2), SHEET)
    assert found.texts["sheet-1"] == "Log\n\nr1c1\tr1c2\nr2c1\tr2c2"
    assert found.texts["sheet-2"].startswith("Secret\n\n25 %\tTRUE\t1.5")
    assert found.unread == "1 comment stands in the file, not shown here."


def test_a_picture_in_a_text_is_said(tmp_path: Path) -> None:
    found = read(tmp_path, samples.word(), WORD)
    assert found.texts == {"text": "Reply to Customer A\n\nThank you for telling us.\n\nFirst\n\nIn a cell\t"}
    assert found.unread == ONE_PICTURE


def test_slides_are_read_with_their_notes(tmp_path: Path) -> None:
    found = read(tmp_path, samples.slides(), SLIDES)
    assert found.texts["slide-1"].splitlines()[0] == "Handling complaints"
    assert "Say this slowly" in found.texts["slide-1"]
    assert found.texts["slide-2"] == "Kept back"
    assert found.unread == ONE_PICTURE


def test_pages_are_read_one_by_one(tmp_path: Path) -> None:
    found = read(tmp_path, samples.pdf(2), "application/pdf")
    assert found.texts == {f"page-{number}": f"Complaint record, page {number}" for number in (1, 2)}
    assert found.titles == {"page-1": "Page 1", "page-2": "Page 2"}
    assert found.unread == ""


def test_a_mail_says_what_stays_inside_it(tmp_path: Path) -> None:
    found = read(tmp_path, samples.mail(), "message/rfc822")
    assert "Subject: My parcel" in found.texts["text"]
    assert found.texts["attachment-1-page-1"] == "Complaint record, page 1"
    assert found.unread == f"{ONE_PICTURE} {INSIDE}"


def test_pictures_have_no_text(tmp_path: Path) -> None:
    found = read(tmp_path, samples.scan(3), "image/tiff")
    assert (found.texts, found.unread) == ({}, PICTURES.format(count=3))


def test_a_locked_file_says_why(tmp_path: Path) -> None:
    found = read(tmp_path, samples.pdf(password="secret"), "application/pdf")
    assert found.texts == {}
    assert found.unread.startswith("The PDF is locked with a password")


def test_a_page_whose_words_are_none_counts_as_a_picture() -> None:
    shot = Shot(0, "image/webp", 10, 20)
    manifest = Manifest((Piece("page-1", "Page 1", (shot,), None, is_folded=True),))
    assert content_of(manifest, lambda _part: b"[]").unread == ONE_PICTURE


def test_nothing_at_all_is_said_shortly() -> None:
    assert content_of(Manifest(), lambda _part: b"").unread == NO_TEXT
    assert len(content_of(Manifest(note="x" * 900), lambda _part: b"").unread) == NOTE_MOST
    pieces = tuple(Piece(f"slide-{number}", "Slide", note=f"Missing part {number}.") for number in range(90))
    assert len(content_of(Manifest(pieces), lambda _part: b"").unread) == NOTE_MOST


def test_a_part_that_is_no_text_is_refused() -> None:
    with pytest.raises(Malformed):
        content_of(Manifest((Piece("text", "Text", text=0),)), lambda _part: b"{}")


def test_kinds_without_a_preview() -> None:
    assert unreadable("audio/mpeg") == unreadable("video/mp4") == RECORDING
    assert unreadable("application/zip") == NO_KIND
