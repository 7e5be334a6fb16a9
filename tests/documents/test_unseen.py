"""What a file holds beside what its preview shows, from the text of each part to what could not be read at all."""

import io
from pathlib import Path

import pytest
from docx import Document

from portfolio.documents import sandbox, unseen
from portfolio.documents.plain_words import words_of
from portfolio.documents.preview import (
    Inside,
    Manifest,
    Piece,
    Sound,
    blocks_in,
    check_parts,
    manifest_of,
    sound_in,
)
from portfolio.documents.preview_bench import Bench
from portfolio.documents.redaction.places import is_sheet, is_technical, says_nothing
from portfolio.documents.redaction.plan import Swap, Unread, Why
from portfolio.documents.redaction.spread import spread
from portfolio.documents.sandbox import NOT_READ, Previewer
from portfolio.documents.text_previews import _MAX_CHARACTERS
from portfolio.documents.unseen import TOO_MUCH, preview_here
from tests.documents import samples


class Read:
    """A preview with what it holds beside."""

    def __init__(self, folder: Path, content: bytes, media_type: str) -> None:
        self.parts = folder / "parts"
        self.parts.mkdir()
        (folder / "source").write_bytes(content)
        self.manifest = preview_here(self.parts, folder / "source", media_type)
        check_parts(self.manifest, self.parts)

    @property
    def inside(self) -> Inside:
        assert self.manifest.inside is not None
        return self.manifest.inside

    @property
    def unseen(self) -> dict[str, list[str]]:
        """The lines that are only told, by where they stand."""
        return {
            piece.title: words_of(blocks_in((self.parts / str(piece.text)).read_bytes())).split("\n\n")
            for piece in self.manifest.pieces
            if piece.is_unseen
        }


def letter() -> bytes:
    """A letter with a header, an author, a comment and words that were deleted."""
    document = Document()
    document.core_properties.author = "Tuppence Merriweather"
    document.sections[0].header.paragraphs[0].text = "Case of Ambrose Nettlefold"
    paragraph = document.add_paragraph("Dear Customer A, we have put it right.")
    document.add_comment(paragraph.runs, text="Ring Ambrose first.", author="Tuppence", initials="TM")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_letter_says_what_its_pages_do_not(tmp_path: Path) -> None:
    read = Read(tmp_path, letter(), samples.WORD)
    assert read.unseen["Header"] == ["Case of Ambrose Nettlefold"]
    assert read.unseen["Comments"] == ["Ring Ambrose first."]
    assert "Tuppence Merriweather" in read.unseen["Properties"]
    assert "Text" not in read.unseen
    assert read.inside.note == ""
    assert any("who wrote" in one for one in read.inside.gone)


def test_nothing_is_told_twice(tmp_path: Path) -> None:
    read = Read(tmp_path, b"# A *heading*\n\n- one\n- two **bold** words\n", "text/markdown")
    assert read.unseen == {}
    assert [piece.id for piece in read.manifest.pieces] == ["text"]


def test_where_a_link_leads_is_told(tmp_path: Path) -> None:
    read = Read(tmp_path, b"[Write](mailto:tuppence@mailbox.example) to us.\n", "text/markdown")
    assert any("tuppence@mailbox.example" in line for lines in read.unseen.values() for line in lines)


def test_words_that_only_stand_beside_each_other_do_not_count_as_said(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("Ambrose")
    document.add_paragraph("Nettlefold and others of the same longish street were there, and saw it")
    document.sections[0].header.paragraphs[0].text = "Ambrose Nettlefold"
    out = io.BytesIO()
    document.save(out)
    assert Read(tmp_path, out.getvalue(), samples.WORD).unseen["Header"] == ["Ambrose Nettlefold"]


def test_what_goes_on_after_the_previews_end_is_read(tmp_path: Path) -> None:
    content = b"A line of the log.\n" * (_MAX_CHARACTERS // 19 + 10) + b"Tuppence Merriweather rang.\n"
    read = Read(tmp_path, content, "text/plain")
    assert read.unseen == {"Text": ["Tuppence Merriweather rang."]}


def test_a_hidden_sheet_that_is_shown_is_not_told_again(tmp_path: Path) -> None:
    read = Read(tmp_path, samples.workbook(250, 3), samples.SHEET)
    told = {line for lines in read.unseen.values() for line in lines}
    assert "r210c1" in told
    assert "r2c1" not in told


def test_there_is_an_end_to_what_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unseen, "MOST_CHARACTERS", 30)
    read = Read(tmp_path, letter(), samples.WORD)
    assert read.inside.note == TOO_MUCH


def test_what_was_read_until_time_was_up_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unseen, "SECONDS", -1.0)
    read = Read(tmp_path, b"Dear Customer A.\n", "text/plain")
    assert [piece.id for piece in read.manifest.pieces] == ["text"]
    assert read.inside.note.startswith(unseen.NOT_READ)


def test_a_file_that_cannot_be_read_whole_still_has_its_preview(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "READING_SECONDS", 0)
    source, parts = tmp_path / "source", tmp_path / "parts"
    source.write_bytes(samples.word())
    parts.mkdir()
    monkeypatch.setattr(sandbox, "READING_BYTES", 40 * 1000**2)
    manifest = Previewer()(source, samples.WORD, parts)
    assert [piece.id for piece in manifest.pieces] == ["text", "picture-1"]
    assert manifest.inside == Inside(note=NOT_READ)
    assert {path.name for path in parts.iterdir()} == {str(part) for part in manifest.parts()}


def test_what_a_child_answers_is_what_is_made_here(tmp_path: Path) -> None:
    read = Read(tmp_path, letter(), samples.WORD)
    apart = tmp_path / "apart"
    apart.mkdir()
    assert Previewer()(tmp_path / "source", samples.WORD, apart) == read.manifest


def test_how_a_recording_goes_is_a_part_of_its_own(tmp_path: Path) -> None:
    sound = Sound(12.5, (0, 255, 7), ((0.5, 1.0, "Hello"),))
    bench = Bench(tmp_path)
    bench.heard(sound)
    bench.found(Inside(("its title",), (Unread("What is said", Why.SOUND),)))
    manifest = manifest_of(bench.finished().as_json())
    assert manifest.has_parts
    assert manifest.pieces == ()
    check_parts(manifest, tmp_path)
    assert sound_in((tmp_path / str(manifest.sound)).read_bytes()) == sound
    assert manifest.inside == Inside(("its title",), (Unread("What is said", Why.SOUND),))


def test_older_previews_say_nothing_of_what_is_inside() -> None:
    older: dict[str, object] = {"pieces": [["text", "Text", [], None, 0, False, ""]], "note": "", "thumbnail": None}
    assert manifest_of(older) == Manifest((Piece("text", "Text"),))


@pytest.mark.parametrize(
    ("place", "expected"), [("Styles", True), ("Attachment 2: Styles", True), ("Comments", False), ("Text", False)]
)
def test_places_of_programs(place: str, expected: bool) -> None:
    assert is_technical(place) is expected


@pytest.mark.parametrize(
    "line",
    [
        "12",
        "false",
        "2026-01-05T09:30:00Z",
        "Normal.dotm",
        "Microsoft Office Word",
        "generated by python-docx",
        "Sheet1",
        "Text Box 2",
        "{8087A5CD-8718-4969-B7A4-071CC30C08E5}",
        "ApOopUJSyfOC8wUAYDVR0fBEkwRzBFoEOgQYY",
    ],
)
def test_what_programs_put_there_says_nothing(line: str) -> None:
    assert says_nothing(line)


@pytest.mark.parametrize(
    "line",
    ["Ann", "01632 960123", "Case of Ambrose", "Programme of Microsoft staff", "ambrose.nettlefold1@mailbox.example"],
)
def test_what_somebody_wrote_says_something(line: str) -> None:
    assert not says_nothing(line)


def test_cells_of_sheets_are_told_by_their_place() -> None:
    assert is_sheet("Attachment 1: Sheet 2 (hidden)")
    assert not is_sheet("Sheet 2, comments")


def test_words_over_several_lines_go_line_by_line_too() -> None:
    address = Swap("27 Gossamer Row\nLarkfield\n12", "[address 1]", "ADDRESS")
    swaps = spread([address, Swap("Larkfield", "[address 2]", "ADDRESS")])
    assert [(swap.words, swap.stand_in, swap.is_ordinary) for swap in swaps] == [
        (address.words, "[address 1]", False),
        ("Larkfield", "[address 2]", False),
        ("27 Gossamer Row", "[address 1]", False),
    ]
