"""Word templates as people and others make them: by python-docx, and by hand part by part, whole or broken."""

import io
import zipfile
from collections.abc import Mapping

import docx
from docx.shared import Pt, RGBColor

from tests.documents.samples import picture

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_SHAPE = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
NAMES = (
    f'xmlns:w="{W}" xmlns:r="{_OFFICE}" xmlns:wp="{_DRAWING}/wordprocessingDrawing" xmlns:a="{_DRAWING}/main" '
    f'xmlns:pic="{_DRAWING}/picture" xmlns:wps="{_SHAPE}" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" mc:Ignorable="w14"'
)
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
MAIN = f"{_WORD}.document.main+xml"
_KINDS = {"styles": "styles", "header": "header", "footer": "footer", "numbering": "numbering", "comments": "comments"}
SECTION = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1701" w:right="1134" w:bottom="1418" w:left="1134" '
    'w:header="709" w:footer="709" w:gutter="0"/></w:sectPr>'
)


def text(words: str, look: str = "") -> str:
    """A run."""
    return f'<w:r>{look}<w:t xml:space="preserve">{words}</w:t></w:r>'


def line(*runs: str, style: str = "") -> str:
    """A paragraph."""
    look = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{look}{''.join(runs)}</w:p>"


def related(key: str, kind: str, target: str, *, external: bool = False) -> str:
    """A relationship."""
    mode = ' TargetMode="External"' if external else ""
    return f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{target}"{mode}/>'


def package(
    body: str = "",
    *,
    section: str = SECTION,
    related_to: str = "",
    parts: Mapping[str, str | bytes] | None = None,
    main: str = MAIN,
    types: str = "",
    before: str = "",
) -> bytes:
    """A Word file from its text; further parts are written as they are, named and typed by their endings."""
    inside = dict(parts or {})
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{_WORD}.{kind}+xml"/>'
        for name in inside
        for start, kind in _KINDS.items()
        if name.startswith(f"word/{start}") and name.endswith(".xml")
    )
    listed = {
        "[Content_Types].xml": (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="png" ContentType="image/png"/><Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{main}"/>{overrides}{types}</Types>'
        ),
        "_rels/.rels": rels(related("r1", "officeDocument", "word/document.xml")),
        "word/document.xml": f"{before}<w:document {NAMES}><w:body>{body}{section}</w:body></w:document>",
        "word/_rels/document.xml.rels": rels(related_to),
        **inside,
    }
    return zipped(listed)


def rels(inside: str) -> str:
    """A part of relationships."""
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inside}</Relationships>'
    )


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """Parts as a file."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in parts.items():
            target.writestr(name, data)
    return output.getvalue()


def styles(*inside: str) -> str:
    """A part of styles."""
    return f"<w:styles {NAMES}>{''.join(inside)}</w:styles>"


def style(key: str, name: str, inside: str = "", *, kind: str = "paragraph") -> str:
    """A style."""
    return f'<w:style w:type="{kind}" w:styleId="{key}"><w:name w:val="{name}"/>{inside}</w:style>'


def drawing(key: str = "rPicture", *, words: str = "", link: str = "embed") -> str:
    """A run that shows a picture."""
    return (
        '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="900000" cy="300000"/>'
        f'<wp:docPr id="1" name="Picture 1" descr="{words}"/><a:graphic><a:graphicData uri="{_DRAWING}/picture">'
        '<pic:pic><pic:nvPicPr><pic:cNvPr id="1" name="p"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
        f'<a:blip r:{link}="{key}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>'
        '<a:off x="0" y="0"/><a:ext cx="900000" cy="300000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        "</pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def box(inside: str) -> str:
    """A run with a text box, as Word of today writes it."""
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor distT="0" distB="0" distL="0" '
        'distR="0" simplePos="0" relativeHeight="251659264" behindDoc="0" locked="0" layoutInCell="1" '
        'allowOverlap="1"><wp:simplePos x="0" y="0"/><wp:positionH relativeFrom="column"><wp:posOffset>0'
        '</wp:posOffset></wp:positionH><wp:positionV relativeFrom="paragraph"><wp:posOffset>0</wp:posOffset>'
        '</wp:positionV><wp:extent cx="3000000" cy="900000"/><wp:effectExtent l="0" t="0" r="0" b="0"/>'
        '<wp:wrapSquare wrapText="bothSides"/><wp:docPr id="9" name="Text Box 9"/><wp:cNvGraphicFramePr/><a:graphic>'
        f'<a:graphicData uri="{_SHAPE}"><wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/>'
        '<a:ext cx="3000000" cy="900000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></wps:spPr>'
        f"<wps:txbx><w:txbxContent>{inside}</w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData>"
        "</a:graphic></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:rect><v:textbox><w:txbxContent>"
        f"{inside}</w:txbxContent></v:textbox></v:rect></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def field(*codes: str, shown: str = "1") -> str:
    """One of Word's own fields, its code in several runs."""
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    said = "".join(f'<w:r><w:instrText xml:space="preserve">{code}</w:instrText></w:r>' for code in codes)
    return mark.format("begin") + said + mark.format("separate") + text(shown) + mark.format("end")


def with_header(inside: str, *, kind: str = "header", body: str = "", pictures: bool = True) -> bytes:
    """A template with nothing but a header, or a footer, on every page."""
    tag = {"header": "hdr", "footer": "ftr"}[kind]
    reference = f'<w:{kind}Reference w:type="default" r:id="rStory"/>'
    shown = {"word/media/logo.png": picture("PNG", (90, 30))} if pictures else {}
    return package(
        body,
        section=SECTION.replace("<w:sectPr>", f"<w:sectPr>{reference}"),
        related_to=related("rStory", kind, f"{kind}1.xml"),
        parts={
            f"word/{kind}1.xml": f"<w:{tag} {NAMES}>{inside}</w:{tag}>",
            f"word/_rels/{kind}1.xml.rels": rels(related("rPicture", "image", "media/logo.png") if pictures else ""),
            **shown,
        },
    )


def by_python_docx() -> bytes:
    """A centre's letterhead: other fonts and colours, a header with a logo, a cover."""
    document = docx.Document()
    for name, size in (("Heading 1", 22), ("Heading 2", 16)):
        look = document.styles[name].font
        look.name, look.size, look.color.rgb = "Arial", Pt(size), RGBColor(0x5B, 0x21, 0x6E)
    document.styles["Normal"].font.name = "Verdana"
    document.core_properties.author, document.core_properties.comments = "Nobody Important", "C:\\Users\\nobody"
    section = document.sections[0]
    section.header.paragraphs[0].add_run().add_picture(io.BytesIO(picture("PNG", (300, 100))), width=Pt(90))
    section.header.paragraphs[0].add_run("\tHarrow Dale\t{{registration number}}")
    document.add_heading("Portfolio of {{Learner}}", 1)
    document.add_paragraph("{{ qualification }}, {{DATE}}", style="Title")
    document.add_table(2, 2).cell(0, 0).text = "{{centre}}"
    output = io.BytesIO()
    document.save(output)
    return output.getvalue()


def german() -> bytes:
    """As Word in German writes it: other ids, fields parted by spelling, a text box, numbered headings, a first page
    of its own, content controls, and page numbers in words of its own.
    """
    numbered = '<w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr>'
    purple = (
        '<w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial"/><w:color w:val="5B216E"/><w:lang w:val="de-DE"/></w:rPr>'
    )
    parted = text("{") + '<w:proofErr w:type="spellStart"/>' + text("{lear") + text("ner}") + text("} und mehr")
    control = (
        "<w:sdt><w:sdtPr><w:alias w:val='Firma'/><w:dataBinding w:xpath='/x' w:storeItemID='{1}'/></w:sdtPr>"
        f"<w:sdtContent>{line(text('Harrow Dale GmbH'), style='Titel')}</w:sdtContent></w:sdt>"
    )
    body = (
        control
        + line(parted, style="berschrift1")
        + line(box(line(text("{{registration_number}}"))), drawing())
        + line('<w:hyperlink r:id="rWeb">' + text("harrowdale.example") + "</w:hyperlink>")
        + f"<w:tbl><w:tr><w:tc>{line(text('Zelle'))}</w:tc></w:tr></w:tbl>"
        + '<w:p w:rsidR="00AB12CD" w14:paraId="77"><w:pPr><w:sectPr/></w:pPr></w:p>'
        + line(text("Seite zwei"), style="Listenabsatz")
        + "<w:p/>"
    )
    references = "".join(
        f'<w:{kind}Reference w:type="{of}" r:id="r{kind}{of}"/>'
        for kind in ("header", "footer")
        for of in ("default", "first", "even")
    )
    names = [(kind, of) for kind in ("header", "footer") for of in ("default", "first", "even")]
    stories: dict[str, str | bytes] = {
        f"word/{kind}{of}.xml": f"<w:{tag} {NAMES}>{line(text(of), style=own)}</w:{tag}>"
        for kind, tag, own in (("header", "hdr", "Kopfzeile"), ("footer", "ftr", "Fuzeile"))
        for of in ("default", "first", "even")
    }
    numbers = text("Seite ") + field(" PA", "GE ") + text(" von ") + field(" NUMPAGES ")
    stories["word/footerdefault.xml"] = (
        f"<w:ftr {NAMES}>{line(numbers, style='Fuzeile')}{line(field(' TIME ', shown='12:30'))}</w:ftr>"
    )
    tabs = '<w:pPr><w:tabs><w:tab w:val="center" w:pos="4536"/><w:tab w:val="right" w:pos="9072"/></w:tabs></w:pPr>'
    section = (
        f'<w:sectPr>{references}<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2835" w:right="1417" w:bottom="1134" '
        'w:left="1417" w:header="708" w:footer="708" w:gutter="0"/><w:titlePg/></w:sectPr>'
    )
    return package(
        body,
        section=section,
        related_to=related("rStyles", "styles", "styles.xml")
        + related("rLists", "numbering", "numbering.xml")
        + related("rPicture", "image", "media/logo.png")
        + related("rWeb", "hyperlink", "https://harrowdale.example/", external=True)
        + "".join(related(f"r{kind}{of}", kind, f"{kind}{of}.xml") for kind, of in names),
        parts={
            "word/styles.xml": styles(
                f"<w:docDefaults><w:rPrDefault>{purple.replace('5B216E', '333333')}</w:rPrDefault></w:docDefaults>",
                style("Standard", "Normal", "<w:pPr><w:jc w:val='both'/></w:pPr>"),
                style(
                    "berschrift1",
                    "heading 1",
                    f'<w:basedOn w:val="Standard"/><w:next w:val="Standard"/>{numbered}{purple}',
                ),
                style("Titel", "Title", '<w:basedOn w:val="Nirgends"/>'),
                style("Kopfzeile", "header", f'<w:basedOn w:val="Standard"/>{tabs}'),
                style("Fuzeile", "footer", f'<w:basedOn w:val="Standard"/>{tabs}'),
                style("Listenabsatz", "List Paragraph", numbered),
                style("Label", "Beschriftung"),
                style("Eins", "Eins", '<w:basedOn w:val="Zwei"/>'),
                style("Zwei", "Zwei", '<w:basedOn w:val="Eins"/>'),
            ),
            "word/numbering.xml": f"<w:numbering {NAMES}><w:abstractNum w:abstractNumId='7'><w:lvl w:ilvl='0'>"
            "<w:start w:val='1'/><w:numFmt w:val='decimal'/><w:lvlText w:val='%1.'/></w:lvl></w:abstractNum>"
            "<w:num w:numId='3'><w:abstractNumId w:val='7'/></w:num></w:numbering>",
            "word/media/logo.png": picture("PNG", (300, 100)),
            **stories,
        },
    )
