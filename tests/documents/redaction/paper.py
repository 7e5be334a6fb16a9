"""PDFs and pictures with a different name in every place that they have, and ways to look into what became of them."""

import io
import re
import struct
import zlib
from base64 import a85decode, a85encode
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import ExifTags, Image, ImageDraw, ImageFont, PngImagePlugin
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from portfolio.documents import engines
from portfolio.documents.redaction import maker
from portfolio.documents.redaction.plan import Box, Plan, Report, Swap, report_of
from portfolio.documents.redaction.work import Refused
from tests.documents.redaction.laid_open import Planted, layers

needs_ocr = pytest.mark.skipif(
    engines.ocr() is None, reason="Finding words in pictures needs the Debian package `tesseract-ocr`."
)
A4 = (595, 842)
XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:title="{}"><dc:creator>{}</dc:creator>'
    "</rdf:Description></rdf:RDF></x:xmpmeta>"
)


class Made:
    """A result and its report."""

    def __init__(self, data: bytes, report: Report) -> None:
        self.data, self.report = data, report

    def text(self, page: int = 0) -> str:
        """What a reader of PDFs finds on a page, its line ends made plain."""
        return said_on(self.data, page)

    def page(self, number: int = 0) -> Image.Image:
        """A page as it looks, a pixel a point."""
        return looks(self.data, number)

    def picture(self) -> Image.Image:
        """The result as a picture."""
        return Image.open(io.BytesIO(self.data))


def redacted(folder: Path, data: bytes, kind: str, swaps: tuple[Swap, ...], boxes: tuple[Box, ...] = ()) -> Made:
    """The result. Raises Refused."""
    source, target = folder / "source", folder / "target"
    source.write_bytes(data)
    answer = maker.redact_into(str(target), str(source), kind, Plan(swaps, boxes).as_json())
    assert isinstance(answer, dict)
    if "refused" in answer:
        raise Refused(answer["refused"])
    return Made(target.read_bytes(), report_of(answer))


def said_on(data: bytes, page: int = 0) -> str:
    document = pypdfium2.PdfDocument(data)
    text = document[page].get_textpage().get_text_range()
    document.close()
    return "\n".join(" ".join(line.split()) for line in text.splitlines()).replace("\ufffe", "-")


def looks(data: bytes, page: int = 0, scale: float = 1) -> Image.Image:
    document = pypdfium2.PdfDocument(data)
    picture: Image.Image = document[page].render(scale=scale).to_pil().convert("RGB")
    document.close()
    return picture


def opened(data: bytes) -> Iterator[str]:
    """All that is in a PDF or a picture, its streams unpacked."""
    yield from layers(data)
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL):
        if stream.endswith(b"~>"):
            yield from layers(a85decode(stream[:-2]))
        try:
            yield from layers(zlib.decompressobj().decompress(stream))
        except zlib.error:
            continue
    if data.startswith(b"%PDF"):
        with pikepdf.open(io.BytesIO(data)) as document:
            yield from (
                str(thing.unparse(), "latin-1") for thing in document.objects if isinstance(thing, pikepdf.Object)
            )


def still_in(data: bytes, names: list[str]) -> list[str]:
    """The parts of names that are anywhere in it."""
    everything = "\n".join(opened(data)).casefold()
    bare = re.sub(r"[\W_]+", "", everything)
    return [name for name in names for word in name.casefold().split() if word in everything or word in bare]


def page_with(*lines: str, size: tuple[int, int] = A4) -> bytes:
    """A PDF of one page with these lines of text."""
    output = io.BytesIO()
    canvas = Canvas(output, pagesize=size, invariant=1)
    for number, line in enumerate(lines):
        canvas.drawString(72, size[1] - 100 - 20 * number, line)
    canvas.save()
    return output.getvalue()


def written(*lines: str, size: tuple[int, int] = (900, 400)) -> Image.Image:
    """A picture of these lines."""
    picture = Image.new("RGB", size, "white")
    for number, line in enumerate(lines):
        ImageDraw.Draw(picture).text((60, 60 + 70 * number), line, fill="black", font=ImageFont.load_default(36))
    return picture


def lightest(picture: Image.Image) -> int:
    """The lightest that any colour of it is, 0 for black."""
    return max(picture.convert("RGB").tobytes())


def scan_of(picture: Image.Image) -> bytes:
    """A PDF whose one page is a picture."""
    output = io.BytesIO()
    canvas = Canvas(output, pagesize=A4, invariant=1)
    canvas.drawImage(ImageReader(picture), 50, 500, 450, 450 * picture.height / picture.width)
    canvas.save()
    return output.getvalue()


def full_pdf(planted: Planted) -> bytes:
    """A name in each place: seen, spaced out, across lines, upright, in forms, notes, links, properties, bookmarks,
    scripts, attachments, other texts for what is seen, and in a version that was written over.
    """
    output = io.BytesIO()
    canvas = Canvas(output, pagesize=A4, invariant=1)
    canvas.drawString(72, 760, f"Dear {planted.next()}, thank you.")
    at = 72.0
    for letter in planted.next():
        canvas.drawString(at, 740, letter)
        at += canvas.stringWidth(letter) + 0.4
    first, last = planted.next().split()
    canvas.drawString(72, 720, f"Written to Mrs {first}")
    canvas.drawString(72, 705, f"{last} at home.")
    whole = planted.next()
    canvas.drawString(72, 680, f"Her neighbour is {whole[:-4]}-")
    canvas.drawString(72, 665, f"{whole[-4:]} of this street.")
    canvas.saveState()
    canvas.translate(560, 300)
    canvas.rotate(90)
    canvas.drawString(0, 0, f"Copy for {planted.next()}")
    canvas.restoreState()
    hidden = canvas.beginText(72, 640)
    hidden.setTextRenderMode(3)
    hidden.textLine(f"Unseen {planted.next()}")
    canvas.drawText(hidden)
    photo = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(photo, "JPEG", comment=planted.next())
    canvas.acroForm.textfield(name="person", value=planted.next(), tooltip=planted.next(), x=72, y=560, width=240)
    canvas.textAnnotation(f"Note on {planted.next()}", (400, 700, 420, 720))
    canvas.linkURL(f"https://people.example/{planted.next().replace(' ', '%20')}", (72, 750, 200, 770))
    canvas.bookmarkPage("here")
    canvas.addOutlineEntry(f"Letter to {planted.next()}", "here")
    canvas.setAuthor(planted.next())
    canvas.setTitle(f"Complaint of {planted.next()}")
    canvas.save()
    with pikepdf.open(output) as document:
        document.docinfo["/Reviewer"] = planted.next()
        document.Root.Metadata = pikepdf.Stream(
            document, XMP.format(planted.next(), planted.next()).encode(), {"/Type": pikepdf.Name.Metadata}
        )
        document.Root.OpenAction = pikepdf.Dictionary(
            S=pikepdf.Name.JavaScript, JS=pikepdf.String(f"app.alert('{planted.next()}')")
        )
        filters = [pikepdf.Name.ASCII85Decode, pikepdf.Name.DCTDecode]
        document.Root.Photo = pikepdf.Stream(
            document, a85encode(photo.getvalue()) + b"~>", {"/Subtype": pikepdf.Name.Image, "/Filter": filters}
        )
        document.Root.Tags = document.make_indirect(pikepdf.Dictionary(Alt=pikepdf.String(planted.next())))
        document.attachments["notes.txt"] = pikepdf.AttachedFileSpec(
            document, f"Call {planted.next()} back".encode(), filename=f"For {planted.next()}.txt",
            description=f"Sent by {planted.next()}", mime_type="text/plain", creation_date="", mod_date="",
        )  # fmt: skip
        said = document.make_stream(f"/Span <</ActualText ({planted.next()})>> BDC EMC".encode())
        document.pages[0].contents_add(said)
        once = io.BytesIO()
        document.save(once, static_id=True)
    return once.getvalue()


def written_over(now: bytes, before: str) -> bytes:
    """A PDF in which the only page said something else before: a version was added that shows another page."""
    old = page_with(before)
    with pikepdf.open(io.BytesIO(old)) as document:
        number = document.pages[0].Contents.objgen[0]
    with pikepdf.open(io.BytesIO(now)) as document:
        content = document.pages[0].Contents.read_bytes()
    start = len(old) + 1
    body = b"%d 0 obj\n<< /Length %d >>\nstream\n" % (number, len(content)) + content + b"\nendstream\nendobj\n"
    found = re.search(rb"startxref\s+(\d+)", old)
    root = re.search(rb"/Root (\d+ 0 R)", old)
    assert found
    assert root
    table = b"xref\n%d 1\n%010d 00000 n \ntrailer\n<< /Size 40 /Root %s /Prev %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        number, start, root[1], found[1], start + len(body),
    )  # fmt: skip
    return old + b"\n" + body + table


def camera_facts(planted: Planted) -> Image.Exif:
    """What a camera writes into a picture, with the place where it was taken."""
    exif = Image.Exif()
    for tag in (0x010E, 0x010F, 0x0110, 0x013B, 0x8298):
        exif[tag] = planted.next()
    exif[0x9C9D] = (planted.next() + "\0").encode("utf-16-le")
    exif[0x0132] = "2026:03:14 10:00:00"
    inner = exif.get_ifd(ExifTags.IFD.Exif)
    inner[0x9286] = b"UNICODE\0" + planted.next().encode("utf-16-le")
    inner[0xA430] = planted.next()
    inner[0x927C] = b"\0\1\2MakerNote\0" + planted.next().encode() + b"\0\3"
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place.update({1: "N", 2: (53.0, 48.0, 3.0), 3: "W", 4: (1.0, 32.0, 56.0), 27: planted.next().encode()})
    return exif


def full_jpeg(planted: Planted, picture: Image.Image) -> bytes:
    output = io.BytesIO()
    exif = camera_facts(planted)
    xmp = XMP.format(planted.next(), planted.next()).encode()
    picture.save(output, "JPEG", quality=95, exif=exif, comment=planted.next(), xmp=xmp)
    data = output.getvalue()
    field = planted.next().encode()
    record = b"\x1c\x02\x78" + struct.pack(">H", len(field)) + field
    block = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(record)) + record + b"\0" * (len(record) % 2)
    press = b"Photoshop 3.0\0" + block
    data = data[:2] + b"\xff\xed" + struct.pack(">H", len(press) + 2) + press + data[2:]
    return data + b"\0\0after " + planted.next().encode()


def full_png(planted: Planted, picture: Image.Image) -> bytes:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", planted.next())
    notes.add_text("Comment", planted.next(), zip=True)
    notes.add_itxt("Title", planted.next(), zip=True)
    notes.add_itxt("XML:com.adobe.xmp", XMP.format(planted.next(), planted.next()))
    output = io.BytesIO()
    picture.save(output, "PNG", pnginfo=notes, exif=camera_facts(planted))
    return output.getvalue() + b"after " + planted.next().encode()
