"""Sound files of each kind, built in memory, with just enough in them to see what a preview makes of it."""

import io
import math
import struct
import wave
import zipfile
from email.message import EmailMessage

import docx
import openpyxl
import pypdfium2
from openpyxl.comments import Comment
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

OFFICE = "application/vnd.openxmlformats-officedocument."
WORD, SHEET, SLIDES = (
    f"{OFFICE}{kind}" for kind in ("wordprocessingml.document", "spreadsheetml.sheet", "presentationml.presentation")
)
_SCHEMAS = "http://schemas.openxmlformats.org/"
_RELATED = f"{_SCHEMAS}officeDocument/2006/relationships"
_NAMES = f'xmlns:a="{_SCHEMAS}drawingml/2006/main" xmlns:p="{_SCHEMAS}presentationml/2006/main" xmlns:r="{_RELATED}"'


def picture(kind: str = "PNG", size: tuple[int, int] = (300, 200), **options: object) -> bytes:
    """Left half white, right half blue."""
    image = Image.new("RGB", size, "white")
    image.paste((0, 0, 200), (size[0] // 2, 0, *size))
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def phone_photo() -> bytes:
    """A JPEG that lies on its side and says who took it where."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "SECRETCAM"
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 0.0)})
    return picture("JPEG", (2400, 1200), exif=exif.tobytes(), comment=b"SECRETWORDS")


def scan(pages: int) -> bytes:
    """A TIFF of several pages."""
    images = [Image.new("L", (40, 60), number * 5) for number in range(pages)]
    out = io.BytesIO()
    images[0].save(out, "TIFF", save_all=True, append_images=images[1:])
    return out.getvalue()


def pdf(pages: int = 2, *, password: str = "", attached: str = "", form: str = "") -> bytes:
    """A PDF with a sentence on each page."""
    out = io.BytesIO()
    sheet = canvas.Canvas(out, pagesize=A4, encrypt=password or None)
    for number in range(1, pages + 1):
        sheet.drawString(72, 770, f"Complaint record, page {number}")
        if form and number == 1:
            sheet.acroForm.textfield(name="name", value=form, x=72, y=600, width=300, height=30)
        sheet.showPage()
    sheet.save()
    return _with_attachment(out.getvalue(), attached) if attached else out.getvalue()


def _with_attachment(data: bytes, name: str) -> bytes:
    document = pypdfium2.PdfDocument(data)
    document.new_attachment(name).set_data(b"inside")
    out = io.BytesIO()
    document.save(out)
    document.close()
    return out.getvalue()


def word() -> bytes:
    """A heading, a paragraph, a list, a table and a picture."""
    document = docx.Document()
    document.add_heading("Reply to Customer A", 1)
    document.add_paragraph("Thank you for telling us.")
    document.add_paragraph("First", style="List Bullet")
    document.add_table(1, 2).cell(0, 0).text = "In a cell"
    document.add_picture(io.BytesIO(picture()))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def workbook(rows: int = 3, columns: int = 3) -> bytes:
    """A sheet with values of many kinds, a comment, and a second one that is hidden."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Log"
    for row in range(1, rows + 1):
        sheet.append([f"r{row}c{column}" for column in range(1, columns + 1)])
    sheet["A1"].comment = Comment("Look", "Somebody")
    hidden = book.create_sheet("Secret")
    hidden.append([0.25, True, 1.5, 12345678901])
    hidden["A1"].number_format = "0%"
    hidden.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def slides() -> bytes:
    """Two slides: one with a title, a list, a table, notes and a picture; one that is hidden."""
    cell = "<a:tc><a:txBody><a:p><a:r><a:t>{}</a:t></a:r></a:p></a:txBody></a:tc>"
    table = f"<p:graphicFrame><a:tbl><a:tr>{cell.format('Step')}{cell.format('Day')}</a:tr></a:tbl></p:graphicFrame>"
    shown = _shape("title", (0, "Handling complaints")) + _shape("body", (0, "Listen"), (1, "to the end")) + table
    blip = '<p:pic><p:blipFill><a:blip r:embed="rId1"/></p:blipFill></p:pic>'
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{_SCHEMAS}package/2006/content-types">'
        f'<Override PartName="/ppt/presentation.xml" ContentType="{SLIDES}.main+xml"/></Types>',
        "_rels/.rels": _relationships(("r1", "officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": f'<p:presentation {_NAMES}><p:sldIdLst><p:sldId r:id="rId1"/><p:sldId r:id="rId2"/>'
        "</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": _relationships(
            ("rId1", "slide", "slides/slide1.xml"), ("rId2", "slide", "slides/slide2.xml")
        ),
        "ppt/slides/slide1.xml": _slide(shown + blip),
        "ppt/slides/_rels/slide1.xml.rels": _relationships(
            ("rId1", "image", "../media/image1.png"), ("rId2", "notesSlide", "../notesSlides/notes1.xml")
        ),
        "ppt/notesSlides/notes1.xml": _slide(_shape("body", (0, "Say this slowly"))),
        "ppt/slides/slide2.xml": _slide(_shape("title", (0, "Kept back")), 'show="0"'),
        "ppt/media/image1.png": picture(),
    }
    return package(parts)


def package(parts: dict[str, str | bytes]) -> bytes:
    """An office package of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return out.getvalue()


def _slide(shapes: str, attributes: str = "") -> str:
    return f"<p:sld {_NAMES} {attributes}><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:sld>"


def _shape(role: str, *paragraphs: tuple[int, str]) -> str:
    said = "".join(f'<a:p><a:pPr lvl="{level}"/><a:r><a:t>{text}</a:t></a:r></a:p>' for level, text in paragraphs)
    place = f'<p:nvSpPr><p:nvPr><p:ph type="{role}"/></p:nvPr></p:nvSpPr>'
    return f"<p:sp>{place}<p:txBody>{said}</p:txBody></p:sp>"


def _relationships(*named: tuple[str, str, str]) -> str:
    listed = "".join(
        f'<Relationship Id="{name}" Type="{_RELATED}/{kind}" Target="{target}"/>' for name, kind, target in named
    )
    return f'<Relationships xmlns="{_SCHEMAS}package/2006/relationships">{listed}</Relationships>'


def mail() -> bytes:
    """A mail with a PDF, a picture, a program and another mail attached."""
    message = EmailMessage()
    message["From"], message["To"] = "Customer A <a@example.org>", "desk@example.org"
    message["Subject"], message["Date"] = "My parcel", "Tue, 03 Nov 2026 10:00:00 +0000"
    message.set_content("Dear team,\n\nmy parcel has not come.\n")
    message.add_attachment(pdf(1), maintype="application", subtype="pdf", filename="order.pdf")
    message.add_attachment(picture(), maintype="image", subtype="png", filename="photo.png")
    message.add_attachment(b"MZ", maintype="application", subtype="octet-stream", filename="tool.exe")
    return message.as_bytes()


def sound(seconds: int = 2) -> bytes:
    """A tone."""
    out = io.BytesIO()
    with wave.open(out, "wb") as target:
        target.setnchannels(1)
        target.setsampwidth(2)
        target.setframerate(8000)
        tone = (int(20_000 * math.sin(n / 8000 * 2 * math.pi * 220)) for n in range(8000 * seconds))
        target.writeframes(b"".join(struct.pack("<h", value) for value in tone))
    return out.getvalue()
