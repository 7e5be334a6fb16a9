"""What a preview shows of each kind of file, made by the process apart as the worker has it made."""

import io
import tempfile
from pathlib import Path

import pytest
from PIL import Image

from portfolio.documents.blocks import Block, Heading, ListItem, Paragraph, Quote, Table, text_of
from portfolio.documents.letters import INSIDE
from portfolio.documents.preview import Manifest, Piece, blocks_in
from portfolio.documents.preview_maker import READERS, UNREADABLE
from portfolio.documents.sandbox import NO_PREVIEW, Previewer
from portfolio.previews.rules import MADE
from tests.documents import outlook, samples
from tests.documents.preview_bombs import busy_page

BROKEN = (
    "The PDF is broken, so it cannot be shown.",
    "The recording is damaged, or of a kind that is not known here.",
)


class Made:
    """A preview with its parts."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder, self.manifest = folder, manifest

    @property
    def seen(self) -> list[Piece]:
        """What people see who open the file."""
        return [piece for piece in self.manifest.pieces if not piece.is_unseen]

    def piece(self, name: str) -> Piece:
        return next(piece for piece in self.manifest.pieces if piece.id == name)

    def blocks(self, name: str) -> tuple[Block, ...]:
        number = self.piece(name).text
        return () if number is None else blocks_in((self.folder / str(number)).read_bytes())

    def words(self, name: str) -> str:
        return " ".join(" ".join(said(block)) for block in self.blocks(name))

    def image(self, name: str, number: int = 0) -> Image.Image:
        shot = self.piece(name).shots[number]
        image = Image.open(io.BytesIO((self.folder / str(shot.part)).read_bytes()))
        assert (image.size, f"image/{image.format}".lower()) == ((shot.width, shot.height), shot.media_type)
        return image


def said(block: Block) -> list[str]:
    """A block's texts."""
    match block:
        case Heading(runs=runs) | Paragraph(runs=runs) | ListItem(runs=runs) | Quote(runs=runs):
            return [text_of(runs)]
        case Table(rows):
            return [text_of(cell) for row in rows for cell in row]
        case _:
            return []


def make(folder: Path, content: bytes, media_type: str) -> Made:
    """The preview of a content, which lies in the store under a name without an ending."""
    source, parts = folder / "source", folder / "parts"
    source.write_bytes(content)
    parts.mkdir()
    return Made(parts, Previewer()(source, media_type, parts))


def test_what_is_asked_for_is_what_can_be_made() -> None:
    assert set(READERS) == MADE


@pytest.mark.parametrize(("kind", "media_type"), [("PNG", "image/png"), ("GIF", "image/gif"), ("WEBP", "image/webp")])
def test_a_picture_with_its_thumbnail(tmp_path: Path, kind: str, media_type: str) -> None:
    made = make(tmp_path, samples.picture(kind), media_type)
    assert made.image("picture").size == (300, 200)
    thumbnail = made.manifest.thumbnail
    assert thumbnail is not None
    assert (thumbnail.width, thumbnail.height) == (240, 160)
    assert made.manifest.ready is not None
    assert made.manifest.ready.part == 2
    assert {path.name for path in made.folder.iterdir()} == {"0", "1", "2"}


def test_a_photo_stands_upright_smaller_and_without_what_it_carried(tmp_path: Path) -> None:
    original = samples.phone_photo()
    assert b"SECRETCAM" in original
    made = make(tmp_path, original, "image/jpeg")
    image = made.image("picture")
    assert image.size == (900, 1800)
    assert image.getpixel((450, 100)) != image.getpixel((450, 1700))
    assert not image.getexif()
    assert not {"exif", "icc_profile", "xmp"} & set(image.info)
    for shot in made.manifest.shots():
        assert b"SECRET" not in (made.folder / str(shot.part)).read_bytes()


def test_a_phones_own_format(tmp_path: Path) -> None:
    path = Path(__file__).parents[3] / "shared" / "hostile-dev" / "img-ok" / "fixture-mif1.heic"
    if not path.exists():
        pytest.skip("nothing here can write HEIC, and the collection of odd files is not there")
    assert make(tmp_path, path.read_bytes(), "image/heic").image("picture").size[0] > 100


def test_a_scan_of_many_pages(tmp_path: Path) -> None:
    made = make(tmp_path, samples.scan(23), "image/tiff")
    assert [piece.id for piece in made.manifest.pieces] == [f"page-{number}" for number in range(1, 21)]
    assert made.manifest.note == "The first 20 pages of the picture are shown."


def test_colours_of_a_print_shop_become_plain_ones(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("CMYK", (50, 50), (0, 255, 255, 0)).save(out, "JPEG")
    pixel = make(tmp_path, out.getvalue(), "image/jpeg").image("picture").convert("RGB").getpixel((25, 25))
    assert isinstance(pixel, tuple)
    assert pixel[0] > 180
    assert max(pixel[1:]) < 90


def test_pages_with_their_words(tmp_path: Path) -> None:
    made = make(tmp_path, samples.pdf(3), "application/pdf")
    assert [(piece.id, piece.title) for piece in made.seen] == [
        (f"page-{number}", f"Page {number}") for number in (1, 2, 3)
    ]
    assert made.piece("page-2").is_folded
    assert made.words("page-2") == "Complaint record, page 2"
    assert made.image("page-1").size == (910, 1287)


def test_a_long_pdf_ends_with_a_word_on_it(tmp_path: Path) -> None:
    made = make(tmp_path, samples.pdf(75), "application/pdf")
    assert len(made.seen) == 60
    assert made.manifest.note == "The first 60 of 75 pages are shown."


def test_what_was_filled_into_a_form_is_seen(tmp_path: Path) -> None:
    made = make(tmp_path, samples.pdf(1, form="SEEN ON THE DAY"), "application/pdf")
    assert "SEEN ON THE DAY" in made.words("page-1")


def test_attachments_of_a_pdf_are_named_and_not_opened(tmp_path: Path) -> None:
    made = make(tmp_path, samples.pdf(1, attached="tool.exe"), "application/pdf")
    assert made.words("attached") == "tool.exe"


def test_a_locked_pdf_says_so(tmp_path: Path) -> None:
    manifest = make(tmp_path, samples.pdf(1, password="secret"), "application/pdf").manifest
    assert not manifest.has_parts
    assert manifest.note == "The PDF is locked with a password, so it cannot be shown. Download the file to open it."


def test_a_word_file_with_its_pictures(tmp_path: Path) -> None:
    made = make(tmp_path, samples.word(), samples.WORD)
    assert made.words("text") == "Reply to Customer A Thank you for telling us. First In a cell "
    assert made.piece("text").note == ""
    assert made.image("picture-1").size == (300, 200)


def test_slides_in_their_order(tmp_path: Path) -> None:
    made = make(tmp_path, samples.slides(), samples.SLIDES)
    kinds = [type(block) for block in made.blocks("slide-1")]
    assert kinds == [Heading, ListItem, ListItem, Table, Quote]
    assert made.words("slide-1") == "Handling complaints Listen to the end Step Day Notes: Say this slowly"
    assert made.image("slide-1").size == (300, 200)
    assert made.piece("slide-2").note == "This slide is hidden in the file."


def test_sheets_with_letters_and_numbers(tmp_path: Path) -> None:
    made = make(tmp_path, samples.workbook(), samples.SHEET)
    (grid,) = made.blocks("sheet-1")
    assert isinstance(grid, Table)
    assert [text_of(cell) for cell in grid.rows[0]] == ["Row", "A", "B", "C"]
    assert [text_of(cell) for cell in grid.rows[2]] == ["2", "r2c1", "r2c2", "r2c3"]
    assert made.piece("sheet-1").title == "Log"
    assert made.piece("sheet-2").note == "This sheet is hidden in the file."
    assert made.words("sheet-2") == "Row A B C D 1 25 % TRUE 1.5 12345678901"
    assert "Look" in [words for piece in made.manifest.pieces if piece.is_unseen for words in [made.words(piece.id)]]


def test_a_large_sheet_ends_with_a_word_on_it(tmp_path: Path) -> None:
    made = make(tmp_path, samples.workbook(250, 40), samples.SHEET)
    (grid,) = made.blocks("sheet-1")
    assert isinstance(grid, Table)
    assert (len(grid.rows), len(grid.rows[1])) == (201, 31)
    assert made.piece("sheet-1").note == "The first 200 rows are shown. The first 30 columns are shown."


def test_a_table_of_text(tmp_path: Path) -> None:
    made = make(tmp_path, "Ref;Day\nC1;Möndag\n".encode("cp1252"), "text/csv")
    assert made.words("sheet-1") == "Row A B 1 Ref Day 2 C1 Möndag"


@pytest.mark.parametrize("is_outlook", [False, True])
def test_mail_with_attachments(tmp_path: Path, is_outlook: bool) -> None:
    if is_outlook:
        attached = {"order.pdf": samples.pdf(1), "photo.png": samples.picture(), "tool.exe": b"MZ"}
        content = outlook.message("My parcel", "Dear team,\r\n\r\nmy parcel has not come.\r\n", attached)
    else:
        content = samples.mail()
    made = make(tmp_path, content, "application/vnd.ms-outlook" if is_outlook else "message/rfc822")
    words = made.words("text")
    for part in ("From: ", "a@example.org", "desk@example.org", "Subject: My parcel", "my parcel has not come."):
        assert part in words
    for part in ("order.pdf (PDF, ", "photo.png (Picture, ", "tool.exe (File, 1 kB)"):
        assert part in words
    assert made.words("attachment-1-page-1") == "Complaint record, page 1"
    assert made.image("attachment-2").size == (300, 200)
    assert len(made.seen) == 3
    assert made.manifest.note == INSIDE


def test_a_mail_of_html_is_its_words(tmp_path: Path) -> None:
    mail = (
        b'Subject: x\nContent-Type: text/html\n\n<p onclick="a()">Hello<script>alert(1)</script><img src="http://e/">'
    )
    made = make(tmp_path, mail, "message/rfc822")
    assert made.words("text") == "Subject: x Hello"


@pytest.mark.parametrize(
    ("content", "media_type", "words"),
    [
        (b"One\n\nTwo", "text/plain", "One Two"),
        (b"# One\n\n- Two", "text/markdown", "One Two"),
        (rb"{\rtf1\ansi One \b caf\'e9\b0\par}", "application/rtf", "One café"),
        ("Za\x00z\u200f".encode(), "text/plain", "Zaz\u200f"),
    ],
)
def test_text(tmp_path: Path, content: bytes, media_type: str, words: str) -> None:
    assert make(tmp_path, content, media_type).words("text").strip() == words


def test_an_empty_text_says_so(tmp_path: Path) -> None:
    assert make(tmp_path, b" \n", "text/plain").piece("text").note == "The file is empty."


@pytest.mark.parametrize("media_type", sorted(MADE - {"text/plain", "text/csv", "text/markdown", "application/rtf"}))
def test_what_cannot_be_read_says_so_and_leaves_nothing(tmp_path: Path, media_type: str) -> None:
    made = make(tmp_path, b"\x89PNG\r\n\x1a\n%PDF-1.4 PK\x03\x04 nothing of the kind", media_type)
    if media_type == "message/rfc822":
        assert made.words("text").startswith("\ufffdPNG") or made.piece("text").note or made.blocks("text")
        return
    assert made.manifest.pieces == ()
    assert made.manifest.note in {UNREADABLE, *(f"{said} Download the file to open it." for said in BROKEN)}
    assert list(made.folder.iterdir()) == []


def test_a_reader_that_takes_too_long_costs_the_preview_only(tmp_path: Path) -> None:
    source, parts = tmp_path / "source", tmp_path / "parts"
    source.write_bytes(busy_page())
    parts.mkdir()
    assert Previewer(seconds=1)(source, "application/pdf", parts) == Manifest(note=NO_PREVIEW)
    assert list(parts.iterdir()) == []


def test_a_reader_that_takes_too_much_memory_costs_the_preview_only(tmp_path: Path) -> None:
    source, parts = tmp_path / "source", tmp_path / "parts"
    source.write_bytes(samples.picture("PNG", (6000, 6000)))
    parts.mkdir()
    manifest = Previewer(memory_bytes=150 * 1000**2)(source, "image/png", parts)
    assert manifest.pieces == ()
    assert manifest.note in {NO_PREVIEW, UNREADABLE}
    assert list(parts.iterdir()) == []


def test_nothing_is_left_beside_the_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    make(tmp_path, samples.mail(), "message/rfc822")
    assert list(folder.iterdir()) == []
