"""Files made by hand, as small as they can be, that have something put where people do not look."""

import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from email.message import EmailMessage

import docx
import openpyxl
from docx.shared import Inches
from openpyxl.comments import Comment
from PIL import Image, PngImagePlugin

from portfolio.documents.proof.values import Value

NAME = "Margaret Hale"
PHONE = "01632 960 123"
VALUES = (
    Value(NAME, "PERSON"),
    Value(PHONE, "PHONE"),
    Value("Grace", "PERSON", is_ordinary=True),
    Value("Núñez", "PERSON"),
)
OFFICE = "application/vnd.openxmlformats-officedocument."
WORD, SHEETS, SLIDES = (
    f"{OFFICE}{kind}" for kind in ("wordprocessingml.document", "spreadsheetml.sheet", "presentationml.presentation")
)
TEXT, MAIL, PDF, PNG, JPEG = "text/plain", "message/rfc822", "application/pdf", "image/png", "image/jpeg"
Hidden = tuple[bytes, str]


def text(said: str, encoding: str = "utf-8") -> Hidden:
    return f"Dear {said}, thank you.".encode(encoding), TEXT


def around(data: bytes) -> Hidden:
    return b"Report of the week.\r\n" + data + b"\r\nEnd of the report.", TEXT


def zipped(name: str, data: bytes, *, method: int = zipfile.ZIP_DEFLATED, comment: bytes = b"") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        archive.writestr(name, data)
        archive.comment = comment
    return made.getvalue()


def word(parts: dict[str, str] | None = None, body: str = "") -> Hidden:
    """A Word document by python-docx, with parts added and XML put into its body."""
    made = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("Nothing to see.")
    document.save(made)
    with zipfile.ZipFile(made) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["word/document.xml"] = members["word/document.xml"].replace(b"<w:sectPr", body.encode() + b"<w:sectPr", 1)
    members |= {name: data.encode() for name, data in (parts or {}).items()}
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return written.getvalue(), WORD


def part(xml: str, name: str = "word/extra.xml") -> Hidden:
    spaces = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    return word({name: f"<?xml version='1.0'?><w:root {spaces}>{xml}</w:root>"})


def run(said: str) -> str:
    return f"<w:r><w:rPr><w:b/></w:rPr><w:t>{said}</w:t></w:r>"


def runs(*said: str) -> str:
    return f"<w:p>{''.join(map(run, said))}</w:p>"


def word_property() -> Hidden:
    document, made = docx.Document(), io.BytesIO()
    document.core_properties.last_modified_by = NAME
    document.save(made)
    return made.getvalue(), WORD


def word_picture() -> Hidden:
    document, made = docx.Document(), io.BytesIO()
    document.add_picture(io.BytesIO(jpeg_note()[0]), width=Inches(1))
    document.save(made)
    return made.getvalue(), WORD


def sheet(change: Callable[[openpyxl.Workbook], object]) -> Hidden:
    book, made = openpyxl.Workbook(), io.BytesIO()
    change(book)
    book.save(made)
    return made.getvalue(), SHEETS


def hidden_sheet(book: openpyxl.Workbook) -> None:
    book.create_sheet("More").sheet_state = "veryHidden"
    book["More"]["B7"] = NAME


def cell(value: object, book: openpyxl.Workbook) -> None:
    book["Sheet"].cell(3, 3).value = value  # type: ignore[assignment] # any value that a cell can have


def comment(book: openpyxl.Workbook) -> None:
    book["Sheet"]["A1"].comment = Comment("Ask", NAME)


def sheet_name(book: openpyxl.Workbook) -> None:
    book["Sheet"].title = NAME


def footer_of(book: openpyxl.Workbook) -> None:
    footer = book["Sheet"].oddFooter
    assert footer is not None
    assert footer.center is not None
    footer.center.text = NAME


def pdf(*objects: bytes, behind: bytes = b"") -> Hidden:
    """The smallest PDF with one page, with objects added from number 5 on and bytes behind its end."""
    all_of_it = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 5 0 R/Resources<</Font<</F1 4 0 R>>>>>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", *objects,
    ]  # fmt: skip
    made, places = bytearray(b"%PDF-1.7\n"), []
    for number, one in enumerate(all_of_it, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, start)
    return bytes(made) + behind, PDF


def stream(data: bytes, said: bytes = b"") -> bytes:
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(data), said, data)


def flate(data: bytes, said: bytes = b"") -> bytes:
    return stream(zlib.compress(data), b"/Filter/FlateDecode" + said)


CLEAN_PAGE = flate(b"BT /F1 12 Tf 20 200 Td (Nothing here) Tj ET")


def mail(change: Callable[[EmailMessage], object]) -> Hidden:
    message = EmailMessage()
    message["Subject"], message["From"] = "Your complaint", "desk@example.com"
    message.set_content("Nothing to see.")
    change(message)
    return message.as_bytes(), MAIL


def nested(message: EmailMessage) -> None:
    inner = EmailMessage()
    inner["Subject"] = "Inner"
    inner.set_content(f"Dear {NAME}")
    message.add_attachment(inner)


def attached(data: bytes, name: str, message: EmailMessage) -> None:
    message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)


def page_mail(html: str) -> Hidden:
    return mail(lambda message: message.add_alternative(html, subtype="html"))


def png(**notes: str) -> Hidden:
    made, info = io.BytesIO(), PngImagePlugin.PngInfo()
    for key, note in notes.items():
        if key == "packed":
            info.add_text("Comment", note, zip=True)
        elif key == "international":
            info.add_itxt("Title", note, zip=True)
        else:
            info.add_text(key, note)
    Image.effect_noise((40, 40), 90).save(made, "PNG", pnginfo=info)
    return made.getvalue(), PNG


def jpeg_note() -> Hidden:
    made, picture = io.BytesIO(), Image.effect_noise((40, 40), 90)
    exif = picture.getexif()
    exif[0x9286] = b"UNICODE\0" + NAME.encode("utf-16-le")
    exif[0x010E] = NAME
    picture.save(made, "JPEG", exif=exif)
    return made.getvalue(), JPEG


def jpeg_remark() -> Hidden:
    made = io.BytesIO()
    Image.effect_noise((40, 40), 90).save(made, "JPEG", comment=NAME.encode())
    return made.getvalue(), JPEG


def gif_remark() -> Hidden:
    made = io.BytesIO()
    Image.effect_noise((40, 40), 90).save(made, "GIF", comment=b"x" * 250 + b" " + NAME.encode())
    return made.getvalue(), "image/gif"


def tiff_note() -> Hidden:
    made = io.BytesIO()
    Image.effect_noise((40, 40), 90).save(made, "TIFF", tiffinfo={315: NAME})
    return made.getvalue(), "image/tiff"


def webp_note() -> Hidden:
    made = io.BytesIO()
    Image.new("RGB", (40, 40)).save(
        made, "WEBP", xmp=f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{NAME}</x:xmpmeta>".encode()
    )
    return made.getvalue(), "image/webp"


def sound(data: bytes = b"", behind: bytes = b"") -> Hidden:
    chunks = b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8) + data
    chunks += b"data" + struct.pack("<I", 800) + b"\x80" * 800
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks + behind, "audio/wav"


def wav_note() -> Hidden:
    said = NAME.encode() + b"\0"
    listed = b"INFOIART" + struct.pack("<I", len(said)) + said
    return sound(b"LIST" + struct.pack("<I", len(listed)) + listed)


def tarred() -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        member = tarfile.TarInfo("a.txt")
        data = f"Dear {NAME}".encode()
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return made.getvalue()


def utf_16(said: str) -> bytes:
    return b"\0\1\2\3" * 40 + said.encode("utf-16-le") + b"\0\3\2\1" * 40


SECRET = f"Dear {NAME}, yours".encode()
