"""Evidence files as blocks: what is shown, what is said about the rest, and no surprise from a broken file."""

import hashlib
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Inches
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from portfolio.documents.blocks import (
    Block,
    Card,
    Extract,
    Heading,
    ListItem,
    Paragraph,
    Picture,
    Quote,
    Run,
    Table,
    text_of,
)
from portfolio.documents.fragments import NOT_SHOWN, UNREADABLE, blocks_of
from tests.documents import bombs, outlook, samples

EXIF_GPS = 0x8825
EXIF_ORIENTATION = 0x0112


def extract(folder: Path, name: str, data: bytes, media_type: str) -> Extract:
    path = folder / "blob"
    path.write_bytes(data)
    return blocks_of(path, media_type, name)


def word(folder: Path, document: object) -> Extract:
    target = io.BytesIO()
    document.save(target)  # type: ignore[attr-defined]
    return extract(folder, "a.docx", target.getvalue(), bombs.WORD)


def said(blocks: tuple[Block, ...]) -> str:
    texts = [text_of(b.runs) for b in blocks if isinstance(b, Paragraph | Heading | ListItem | Quote)]
    texts += [text_of(cell) for b in blocks if isinstance(b, Table) for row in b.rows for cell in row]
    return "\n".join(texts)


def test_markdown_and_text(tmp_path: Path) -> None:
    assert extract(tmp_path, "a.md", b"# A\n\n*b*", "text/markdown").blocks[0] == Heading(1, (Run("A"),))
    found = extract(tmp_path, "a.txt", b"one\r\ntwo\r\n\r\n\r\nthree", "text/plain")
    assert found == Extract((Paragraph((Run("one\ntwo"),)), Paragraph((Run("three"),))))
    assert extract(tmp_path, "a.txt", "Grüße".encode("utf-16"), "text/plain").blocks[0] == Paragraph((Run("Grüße"),))
    assert extract(tmp_path, "a.txt", "Grüße".encode("cp1252"), "text/plain").blocks[0] == Paragraph((Run("Grüße"),))
    assert extract(tmp_path, "a.txt", b" \n ", "text/plain") == Extract((), "The file is empty.")


def test_long_text_is_cut_and_says_so(tmp_path: Path) -> None:
    found = extract(tmp_path, "a.txt", b"word " * 200_000, "text/plain")
    assert found.note == "Only the first 200,000 characters are shown."


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_tables(tmp_path: Path, separator: str) -> None:
    rows = "\n".join(separator.join((f"r{n}", '"x, y"', "z")) for n in range(300))
    found = extract(tmp_path, "a.csv", rows.encode(), "text/csv")
    table = found.blocks[0]
    assert isinstance(table, Table)
    assert len(table.rows) == 200
    assert [text_of(cell) for cell in table.rows[1]] == ["r1", "x, y", "z"]
    assert found.note == "The first 200 of 300 rows are shown."


def test_wide_tables_say_so(tmp_path: Path) -> None:
    found = extract(tmp_path, "a.csv", ",".join("abcdefghijklmnop" * 2).encode(), "text/csv")
    assert found.note == "The first 30 of 32 columns are shown."


def test_mail(tmp_path: Path) -> None:
    raw = (
        b"From: =?utf-8?q?J=C3=BCrgen?= <j@example.org>\r\nTo: b@example.org\r\nSubject: Refund\r\n"
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n'
        b"Dear Sir\r\n\r\nwhere is it\r\n--b\r\nContent-Type: application/pdf\r\n"
        b'Content-Disposition: attachment; filename="letter.pdf"\r\n\r\nx\r\n--b--\r\n'
    )
    found = extract(tmp_path, "a.eml", raw, "message/rfc822")
    text = said(found.blocks)
    for expected in ("Jürgen <j@example.org>", "Refund", "Dear Sir", "where is it", "letter.pdf (File, 1 kB)"):
        assert expected in text
    assert "inside the original file" in found.note


def test_mail_in_html_only(tmp_path: Path) -> None:
    raw = b"From: a@b.c\r\nContent-Type: text/html\r\n\r\n<p>Hi <b>you</b><img src='http://t/'><script>x()</script></p>"
    text = said(extract(tmp_path, "a.eml", raw, "message/rfc822").blocks)
    assert "Hi you" in text
    assert "x()" not in text


@pytest.mark.parametrize("sent", ["8bit, said", "8bit, unsaid", "as Windows writes it", "quoted-printable"])
def test_mail_keeps_its_letters(tmp_path: Path, sent: str) -> None:
    alphabet = "" if sent in {"8bit, unsaid", "as Windows writes it"} else "Content-Type: text/plain; charset=utf-8\n"
    way = "quoted-printable" if sent == "quoted-printable" else "8bit"
    body = "Manager D agrees =C2=A375." if way == "quoted-printable" else "Manager D agrees £75."
    mail = f"Subject: A café, and £75\n{alphabet}Content-Transfer-Encoding: {way}\n\n{body}\n"
    raw = mail.encode("cp1252" if sent == "as Windows writes it" else "utf-8")
    text = said(extract(tmp_path, "letter.eml", raw, "message/rfc822").blocks)
    assert "A café, and £75" in text
    assert "Manager D agrees £75." in text


def test_mail_in_an_alphabet_that_does_not_exist(tmp_path: Path) -> None:
    raw = b"From: a@b.c\r\nContent-Type: text/plain; charset=nonesuch\r\n\r\nHello"
    assert "Hello" in said(extract(tmp_path, "a.eml", raw, "message/rfc822").blocks)


def test_word(tmp_path: Path) -> None:
    document = Document()
    document.add_heading("Report", 0)
    document.add_heading("Part", 2)
    paragraph = document.add_paragraph("plain ")
    paragraph.add_run("bold").bold = True
    paragraph.add_run(" and ")
    paragraph.add_run("italic").italic = True
    document.add_paragraph("point", style="List Bullet")
    document.add_paragraph("number", style="List Number")
    table = document.add_table(2, 2)
    table.cell(0, 0).text = "head"
    table.cell(1, 0).merge(table.cell(1, 1)).text = "across"
    blocks = word(tmp_path, document).blocks
    assert tuple(replace(b, list_no=0) if isinstance(b, ListItem) else b for b in blocks) == (
        Heading(1, (Run("Report"),)),
        Heading(2, (Run("Part"),)),
        Paragraph((Run("plain "), Run("bold", bold=True), Run(" and "), Run("italic", italic=True))),
        ListItem((Run("point"),), 0, ordered=False),
        ListItem((Run("number"),), 0, ordered=True),
        Table((((Run("head"),), ()), ((Run("across"),), ()))),
    )


def test_word_with_changes_and_pictures(tmp_path: Path) -> None:
    document = Document()
    paragraph = document.add_paragraph("kept ")
    element: etree._Element = paragraph._p
    for kind, text in (("w:ins", "added"), ("w:del", "gone")):
        change = OxmlElement(kind)
        change.append(paragraph.add_run(text)._r)
        element.append(change)
    picture = io.BytesIO()
    Image.new("RGB", (9, 9)).save(picture, "PNG")
    picture.seek(0)
    document.add_picture(picture)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), document.part.relate_to("https://e.org/", "http://x/hyperlink", is_external=True))
    link.append(document.add_paragraph().add_run("there")._r)
    element.append(link)
    found = word(tmp_path, document)
    assert found.blocks[0] == Paragraph((Run("kept added"), Run("there", link="https://e.org/")))
    assert isinstance(found.blocks[1], Picture)
    assert found.note == ""


def test_word_pictures_stand_where_they_stood_and_as_large(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("before")
    document.add_picture(io.BytesIO(samples.picture(size=(1200, 600))), width=Inches(2))
    document.add_paragraph("after")
    before, picture, after = word(tmp_path, document).blocks
    assert (before, after) == (Paragraph((Run("before"),)), Paragraph((Run("after"),)))
    assert isinstance(picture, Picture)
    assert (picture.width, picture.height) == (Inches(2), Inches(1))


def test_what_cannot_be_placed_of_a_word_file_is_counted(tmp_path: Path) -> None:
    document = Document()
    document.add_picture(io.BytesIO(samples.picture()))
    target = io.BytesIO()
    document.save(target)
    broken = samples.package(
        {
            name: b"no picture" if name.startswith("word/media/") else data
            for name, data in _members(target.getvalue()).items()
        }
    )
    found = extract(tmp_path, "a.docx", broken, bombs.WORD)
    assert found == Extract((), "Not shown here: 1 picture or drawing.")


def _members(data: bytes) -> dict[str, str | bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_the_pages_of_a_pdf_are_pictures(tmp_path: Path) -> None:
    found = extract(tmp_path, "a.pdf", samples.pdf(3, attached="list.txt"), "application/pdf")
    pages = [block for block in found.blocks if isinstance(block, Picture)]
    assert len(pages) == 3
    assert all(page.media_type == "image/jpeg" and page.height == 7_560_000 for page in pages)
    assert "page 1" not in said(found.blocks)
    assert said(found.blocks) == "Attached to this PDF\nlist.txt"
    assert found.note == "They are inside the original file."


def test_sheets_are_tables_with_their_own_first_row(tmp_path: Path) -> None:
    found = extract(tmp_path, "a.xlsx", samples.workbook(), samples.SHEET)
    (table,) = found.blocks
    assert isinstance(table, Table)
    assert [text_of(cell) for cell in table.rows[0]] == ["r1c1", "r1c2", "r1c3"]
    assert "What is hidden in the file is left out." in found.note
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Log"
    book.worksheets[0].append(["case"])
    book.create_sheet("Causes").append(["cause"])
    target = io.BytesIO()
    book.save(target)
    several = extract(tmp_path, "a.xlsx", target.getvalue(), samples.SHEET).blocks
    assert [text_of(one.runs) for one in several if isinstance(one, Heading)] == ["Log", "Causes"]


def test_slides_are_their_words_and_pictures(tmp_path: Path) -> None:
    found = extract(tmp_path, "a.pptx", samples.slides(), samples.SLIDES)
    assert found.blocks[0] == Heading(1, (Run("Slide 1"),))
    assert "Say this slowly" in said(found.blocks)
    assert "Kept back" not in said(found.blocks)
    assert sum(isinstance(block, Picture) for block in found.blocks) == 1


def test_rich_text_and_mail_of_the_other_kind(tmp_path: Path) -> None:
    assert "Dear Customer A" in said(extract(tmp_path, "a.rtf", rb"{\rtf1 Dear Customer A}", "application/rtf").blocks)
    attachments = {"letter.docx": samples.word(), "page.pdf": samples.pdf(1)}
    mail = outlook.message("A reply", "Thank you.", attachments)
    found = extract(tmp_path, "a.msg", mail, "application/vnd.ms-outlook")
    headings = [text_of(block.runs) for block in found.blocks if isinstance(block, Heading)]
    assert headings == ["Attachments", "letter.docx", "Reply to Customer A", "page.pdf"]
    assert "Thank you for telling us." in said(found.blocks)
    assert sum(isinstance(block, Picture) for block in found.blocks) == 2


@pytest.mark.parametrize(("kind", "media_type"), [("GIF", "image/gif"), ("WEBP", "image/webp")])
def test_pictures_of_kinds_that_word_does_not_have(tmp_path: Path, kind: str, media_type: str) -> None:
    (picture,) = extract(tmp_path, "a", samples.picture(kind), media_type).blocks
    assert isinstance(picture, Picture)
    with Image.open(io.BytesIO(picture.data)) as image:
        assert f"image/{image.format}".lower() == picture.media_type


def test_a_scan_of_many_pages_is_cut_and_says_so(tmp_path: Path) -> None:
    found = extract(tmp_path, "a.tif", samples.scan(23), "image/tiff")
    assert len(found.blocks) == 20
    assert found.note == "The first 20 pages of the picture are shown."


def photo(kind: str, *, size: tuple[int, int] = (400, 200), mode: str = "RGB", turned: int = 1) -> bytes:
    image = Image.new(mode, size)
    exif = Image.Exif()
    exif[EXIF_ORIENTATION] = turned
    exif.get_ifd(EXIF_GPS)[1] = "N"
    exif[0x013B] = "Secret Author"
    data = io.BytesIO()
    image.save(data, kind, exif=exif, comment=b"Secret Comment", dpi=(72, 72))
    return data.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_pictures_lose_what_they_carried(tmp_path: Path, kind: str) -> None:
    found = extract(tmp_path, "a", photo(kind), f"image/{kind.lower()}")
    picture = found.blocks[0]
    assert isinstance(picture, Picture)
    assert b"Secret" not in picture.data
    with Image.open(io.BytesIO(picture.data)) as image:
        assert not dict(image.getexif())
        assert image.size == (400, 200)
    assert (picture.width, picture.height) == (3_810_000, 1_905_000)


def test_pictures_stand_upright_and_fit_the_page(tmp_path: Path) -> None:
    found = extract(tmp_path, "a", photo("JPEG", size=(4000, 1000), turned=6), "image/jpeg")
    picture = found.blocks[0]
    assert isinstance(picture, Picture)
    with Image.open(io.BytesIO(picture.data)) as image:
        assert image.height > image.width
        assert max(image.size) <= 1800
    assert (picture.width, picture.height) == (1_890_000, 7_560_000)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "CMYK"])
def test_pictures_of_every_kind(tmp_path: Path, mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    data = io.BytesIO()
    Image.new(mode, (30, 20)).save(data, kind)
    picture = extract(tmp_path, "a", data.getvalue(), f"image/{kind.lower()}").blocks[0]
    assert isinstance(picture, Picture)


def test_other_kinds_get_a_card(tmp_path: Path) -> None:
    found = extract(tmp_path, "calls.zip", b"PK\x03\x04 some", "application/zip")
    card = found.blocks[0]
    assert isinstance(card, Card)
    assert (card.name, card.media_type, card.size, card.reason) == ("calls.zip", "application/zip", 9, NOT_SHOWN)
    assert card.sha256 == hashlib.sha256(b"PK\x03\x04 some").hexdigest()


@pytest.mark.parametrize("name", ["far-file.docx", "entities.docx", "noise.docx", "nothing.jpg", "nested.docx"])
def test_unsound_files_get_a_card(tmp_path: Path, name: str) -> None:
    found = blocks_of(bombs.write(tmp_path, name), bombs.SHOWN[name][0], name)
    assert len(found.blocks) == 1
    assert isinstance(found.blocks[0], Card)
    assert UNREADABLE in found.blocks[0].reason or NOT_SHOWN in found.blocks[0].reason
    assert "root:" not in repr(found)


MADE = [
    ("text/plain", b"Hello\n\nthere"),
    ("text/csv", b'a,b\n"c\n",d'),
    ("text/markdown", b"# a\n- b"),
    ("message/rfc822", b"From: a@b.c\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHello"),
    (bombs.WORD, bombs.docx()),
    ("image/png", photo("PNG", size=(8, 8))),
    ("image/jpeg", photo("JPEG", size=(8, 8))),
]


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_broken_files_never_raise(tmp_path: Path, data: st.DataObject) -> None:
    media_type, sound = data.draw(st.sampled_from(MADE))
    whole = bytearray(sound)
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9)) or b"x"
    assert isinstance(extract(tmp_path, "a", bytes(whole), media_type), Extract)
