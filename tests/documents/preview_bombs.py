"""Files made to hurt whoever makes a preview of them: pages, pixels, parts and entities without end."""

import io
import struct
from collections.abc import Callable

from reportlab.pdfgen import canvas

from tests.documents import bombs, samples

_SPREADSHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
)


def workbook(parts: dict[str, str | bytes]) -> bytes:
    """A sound workbook of one sheet with some of its parts replaced."""
    related = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    packaged = "http://schemas.openxmlformats.org/package/2006"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    link = '<Relationship Id="r{0}" Type="' + related + '/{1}" Target="{2}"/>'
    sound: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{packaged}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kinds}.sharedStrings+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kinds}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{packaged}/relationships">'
        + link.format(1, "officeDocument", "xl/workbook.xml")
        + "</Relationships>",
        "xl/workbook.xml": f'<workbook {_SPREADSHEET} xmlns:r="{related}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{packaged}/relationships">'
        + link.format(1, "worksheet", "worksheets/sheet1.xml")
        + link.format(2, "sharedStrings", "sharedStrings.xml")
        + "</Relationships>",
        "xl/sharedStrings.xml": f"<sst {_SPREADSHEET}><si><t>x</t></si></sst>",
        "xl/worksheets/sheet1.xml": _sheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'),
    }
    return samples.package(sound | parts)


def _sheet(rows: str) -> str:
    return f"<worksheet {_SPREADSHEET}><sheetData>{rows}</sheetData></worksheet>"


def laughs(name: str, *, encoding: str = "utf-8") -> bytes:
    """Entities within entities in one part of a workbook."""
    text = f'<?xml version="1.0" encoding="{encoding}"?>{_LAUGHS}]><sst {_SPREADSHEET}><si><t>&j;</t></si></sst>'
    return workbook({name: text.encode(encoding)})


def late_entity() -> bytes:
    """A document type behind more white space than anybody would read."""
    return workbook({"xl/sharedStrings.xml": " " * 1_000_000 + "<!DOCTYPE x [<!ENTITY a 'b'>]><sst/>"})


def far_column() -> bytes:
    """Cells that say they stand in the last row and column there is."""
    return workbook({"xl/worksheets/sheet1.xml": _sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')})


def many_cells() -> bytes:
    """Forty thousand cells in each row."""
    row = "<row>" + "<c><v>1</v></c>" * 40_000 + "</row>"
    return workbook({"xl/worksheets/sheet1.xml": _sheet(row * 40)})


def one_string() -> bytes:
    """Shared strings larger than any preview."""
    long = f"<sst {_SPREADSHEET}>" + "<si><t>" + "a" * 1_000_000 + "</t></si>"
    return workbook({"xl/sharedStrings.xml": long + "<si/>" * 60 + "<si><t>" + "b" * 70_000_000 + "</t></si></sst>"})


def vast_page() -> bytes:
    """A page of many kilometres."""
    out = io.BytesIO()
    sheet = canvas.Canvas(out, pagesize=(4_000_000, 4_000_000))
    sheet.drawString(10, 10, "x")
    sheet.save()
    return out.getvalue()


def thin_page() -> bytes:
    """A page that is long and has no width to speak of."""
    out = io.BytesIO()
    sheet = canvas.Canvas(out, pagesize=(0.01, 14_400))
    sheet.drawString(0, 10, "x")
    sheet.save()
    return out.getvalue()


def busy_page() -> bytes:
    """Pages drawn from a form that draws a form that draws a form, ten times each."""
    out = io.BytesIO()
    sheet = canvas.Canvas(out)
    sheet.beginForm("f0")
    sheet.rect(0, 0, 500, 500, fill=1)
    sheet.endForm()
    for level in range(1, 9):
        sheet.beginForm(f"f{level}")
        for _ in range(10):
            sheet.doForm(f"f{level - 1}")
        sheet.endForm()
    sheet.doForm("f8")
    sheet.save()
    return out.getvalue()


def many_pages() -> bytes:
    """A page tree of a hundred thousand times the same page."""
    kids = b"3 0 R " * 100_000
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 100000/Kids[" + kids + b"]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>",
    )
    out = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj" % number + content + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        out
        + b"xref\n0 4\n0000000000 65535 f \n"
        + table
        + b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(out)
    )


def endless_scan() -> bytes:
    """A TIFF whose page is followed by itself."""
    directory = struct.pack("<H", 8)
    for tag, kind, value in ((256, 3, 8), (257, 3, 8), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, 200),
                             (278, 3, 8), (279, 4, 64)):  # fmt: skip
        directory += struct.pack("<HHII", tag, kind, 1, value)
    return (b"II*\0" + struct.pack("<I", 8) + directory + struct.pack("<I", 8)).ljust(200, b"\0") + b"\x80" * 64


def vast_scan() -> bytes:
    """A TIFF of one strip that says it has a terapixel."""
    return (
        endless_scan()
        .replace(struct.pack("<HHII", 256, 3, 1, 8), struct.pack("<HHII", 256, 4, 1, 10**6))
        .replace(struct.pack("<HHII", 257, 3, 1, 8), struct.pack("<HHII", 257, 4, 1, 10**6))
    )


def vast_gif() -> bytes:
    """A GIF of fifty bytes that says it has four gigapixels."""
    return b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff" + b"," + struct.pack(
        "<HHHHB", 0, 0, 65535, 65535, 0
    ) + b"\x02\x02D\x01\0;"  # fmt: skip


def entity_slide() -> bytes:
    """A presentation that would read a file of the server."""
    text = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><p:presentation xmlns:p="p">&e;</p:presentation>'
    return samples.package({"ppt/presentation.xml": text})


def braces() -> bytes:
    """Rich text that opens groups and never closes them."""
    return rb"{\rtf1" + rb"{\b" * 1_000_000


HURTFUL: dict[str, tuple[str, Callable[[], bytes]]] = {
    "laughs.xlsx": (samples.SHEET, lambda: laughs("xl/sharedStrings.xml")),
    "laughs-in-styles.xlsx": (samples.SHEET, lambda: laughs("xl/styles.xml")),
    "laughs-wide.xlsx": (samples.SHEET, lambda: laughs("xl/sharedStrings.xml", encoding="utf-16")),
    "laughs-elsewhere.xlsx": (samples.SHEET, lambda: laughs("xl/hidden.bin")),
    "laughs-in-utf-7.xlsx": (samples.SHEET, lambda: laughs("xl/sharedStrings.xml", encoding="utf-7")),
    "laughs-in-ebcdic.xlsx": (samples.SHEET, lambda: laughs("xl/sharedStrings.xml", encoding="cp037")),
    "late-entity.xlsx": (samples.SHEET, late_entity),
    "far-column.xlsx": (samples.SHEET, far_column),
    "many-cells.xlsx": (samples.SHEET, many_cells),
    "one-string.xlsx": (samples.SHEET, one_string),
    "vast-page.pdf": ("application/pdf", vast_page),
    "thin-page.pdf": ("application/pdf", thin_page),
    "busy-page.pdf": ("application/pdf", busy_page),
    "many-pages.pdf": ("application/pdf", many_pages),
    "endless-scan.tif": ("image/tiff", endless_scan),
    "vast-scan.tif": ("image/tiff", vast_scan),
    "vast.gif": ("image/gif", vast_gif),
    "entity.pptx": (samples.SLIDES, entity_slide),
    "braces.rtf": ("application/rtf", braces),
    **bombs.SHOWN,
}
"""Name to kind and maker."""
