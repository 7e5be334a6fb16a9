"""What of each kind of file can be looked through, and what is said of the rest. Made without a process apart."""

from pathlib import Path

import pytest

from portfolio.documents import engines
from portfolio.documents.codec import Malformed
from portfolio.documents.preview import Inside, Manifest, Piece, Shot
from portfolio.documents.redaction.plan import Unread, Why
from portfolio.documents.sheets import MAX_ROWS
from portfolio.documents.unseen import preview_here
from portfolio.screening.pieces import (
    NO_KIND,
    NO_TEXT,
    ONE_PICTURE,
    PICTURES,
    RECORDING,
    UNREAD,
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
    manifest = preview_here(parts, source, media_type)
    return content_of(manifest, lambda part: (parts / str(part)).read_bytes())


def by_sight() -> str:
    """What is said of a picture: with a program that finds words in it, or without one."""
    return UNREAD[Why.READ if engines.ocr() else Why.PICTURE][0]


def test_a_text_is_read_whole(tmp_path: Path) -> None:
    found = read(tmp_path, b"Dear Customer A,\n\nthank you.\n", "text/plain")
    assert found == Content({"text": "Dear Customer A,\n\nthank you."}, {"text": "Text"})


def test_an_empty_file_has_nothing_to_be_missed(tmp_path: Path) -> None:
    assert read(tmp_path, b"", "text/plain") == Content({}, {"text": "Text"})


def test_a_table_begins_with_its_own_headings(tmp_path: Path) -> None:
    found = read(tmp_path, b"Date,Customer,Phone\n3 November,A,none\n", "text/csv")
    assert found.texts == {"sheet-1": "Table\n\nDate\tCustomer\tPhone\n3 November\tA\tnone"}
    assert found.unread == ""


def test_rows_that_are_not_shown_are_read_all_the_same(tmp_path: Path) -> None:
    found = read(tmp_path, b"Date,Customer\n" * (MAX_ROWS + 5) + b"4 November,Ambrose\n", "text/csv")
    assert found.texts["sheet-1"].count("Customer") == MAX_ROWS
    assert found.texts["unseen-1"] == "4 November,Ambrose"
    assert found.unread == ""


def test_sheets_are_read_under_their_names_also_the_hidden_one(tmp_path: Path) -> None:
    found = read(tmp_path, samples.workbook(2, 2), SHEET)
    assert found.texts["sheet-1"] == "Log\n\nr1c1\tr1c2\nr2c1\tr2c2"
    assert found.texts["sheet-2"].startswith("Secret\n\n25 %\tTRUE\t1.5")
    assert found.unread == ""
    assert found.texts[next(piece for piece, title in found.titles.items() if "comments" in title)] == "Look"
    assert "Names of sheets" not in found.titles.values()


def test_a_picture_in_a_text_is_said(tmp_path: Path) -> None:
    found = read(tmp_path, samples.word(), WORD)
    assert found.texts["text"] == "Reply to Customer A\n\nThank you for telling us.\n\nFirst\n\nIn a cell\t"
    assert found.unread == by_sight()


def test_slides_are_read_with_their_notes(tmp_path: Path) -> None:
    found = read(tmp_path, samples.slides(), SLIDES)
    assert found.texts["slide-1"].splitlines()[0] == "Handling complaints"
    assert "Say this slowly" in found.texts["slide-1"]
    assert found.texts["slide-2"] == "Kept back"
    assert found.unread == by_sight()


def test_pages_are_read_one_by_one(tmp_path: Path) -> None:
    found = read(tmp_path, samples.pdf(2), "application/pdf")
    assert {found.titles[page]: found.texts[page] for page in ("page-1", "page-2")} == {
        f"Page {number}": f"Complaint record, page {number}" for number in (1, 2)
    }
    assert found.unread == ""


def test_a_mail_says_what_stays_inside_it(tmp_path: Path) -> None:
    found = read(tmp_path, samples.mail(), "message/rfc822")
    assert "Subject: My parcel" in found.texts["text"]
    assert found.texts["attachment-1-page-1"] == "Complaint record, page 1"
    assert found.unread == f"{by_sight()} {UNREAD[Why.KIND][0]}"


def test_pictures_have_no_text(tmp_path: Path) -> None:
    found = read(tmp_path, samples.scan(3), "image/tiff")
    assert (found.texts, found.unread) == ({}, by_sight())


def test_a_locked_file_says_why(tmp_path: Path) -> None:
    found = read(tmp_path, samples.pdf(password="secret"), "application/pdf")
    assert found.texts == {}
    assert found.unread.startswith("The PDF is locked with a password")


def test_a_page_whose_words_are_none_counts_as_a_picture() -> None:
    shot = Shot(0, "image/webp", 10, 20)
    manifest = Manifest((Piece("page-1", "Page 1", (shot,), None, is_folded=True),))
    assert content_of(manifest, lambda _part: b"[]").unread == ONE_PICTURE


def test_what_a_program_read_is_said_apart_from_what_nobody_did() -> None:
    unread = (Unread("Picture 1", Why.READ), Unread("Page 2", Why.PICTURE), Unread("Page 3", Why.PICTURE))
    manifest = Manifest((Piece("text", "Text"),), inside=Inside(unread=unread))
    assert content_of(manifest, lambda _part: b"[]").unread == f"{PICTURES.format(count=2)} {UNREAD[Why.READ][0]}"


def test_what_stopped_the_reading_is_said_with_what_the_preview_lacks() -> None:
    shot = Shot(0, "image/webp", 10, 20)
    manifest = Manifest((Piece("picture", "Picture", (shot,)),), inside=Inside(note="It took too long."))
    assert content_of(manifest, lambda _part: b"[]").unread == f"{ONE_PICTURE} It took too long."


def test_a_recording_that_a_program_wrote_down() -> None:
    manifest = Manifest(sound=0, inside=Inside(unread=(Unread("What is said", Why.HEARD),)))
    assert content_of(manifest, lambda _part: b"[]").unread == UNREAD[Why.HEARD][0]


def test_what_programs_say_to_each_other_is_told_apart() -> None:
    content = Content({"text": "a", "unseen-1": "b"}, {"text": "Text", "unseen-1": "Attachment 1: Styles"})
    assert content.technical == {"unseen-1": "b"}


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
