"""A Word file with a name of its own in every place that the format has."""

import base64
import io

import openpyxl

from tests.documents.redaction.office_samples import OFFICE, SCHEMAS, Planted, W, package, relationships
from tests.documents.samples import picture

ML = f"{OFFICE}wordprocessingml."


def run(text: str, looks: str = "") -> str:
    return f'<w:r><w:rPr>{looks}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


KEPT = "Margaret Halewick".encode("utf-16-le")


def field(instruction: str, result: str) -> str:
    half = len(instruction) // 2
    told = "".join(
        f'<w:r><w:instrText xml:space="preserve">{piece}</w:instrText></w:r>'
        for piece in (instruction[:half], instruction[half:])
    )
    begin, between, end = (
        f'<w:r><w:fldChar w:fldCharType="{kind}">{data}</w:fldChar></w:r>'
        for kind, data in (
            ("begin", f"<w:fldData>{base64.b64encode(KEPT * 3).decode()}</w:fldData>"),
            ("separate", ""),
            ("end", ""),
        )
    )
    return f"<w:p>{begin}{told}{between}{run(result)}{end}</w:p>"


def text_box(planted: Planted) -> str:
    def inner(place: str) -> str:
        name = planted(place)
        return f"<w:txbxContent><w:p>{run(name[:4])}{run(name[4:])}</w:p></w:txbxContent>"

    return (
        '<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline>'
        f'<wp:extent cx="900000" cy="900000"/><wp:docPr id="7" name="{planted("name of a shape")}" '
        f'descr="{planted("alternative text")}" title="{planted("title of a picture")}"/>'
        f'<a:graphic><a:graphicData uri="{W.partition("wps=")[2].split(chr(34))[1]}"><wps:wsp><wps:txbx>'
        f"{inner('text box')}</wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing>"
        f'</mc:Choice><mc:Fallback><w:pict><v:shape id="s1" alt="{planted("alternative text of old")}" '
        f'o:gfxdata="{base64.b64encode(planted("second drawing").encode() * 4).decode()}">'
        f'<v:textpath string="{planted("word art")}"/><v:textbox>{inner("text box of old")}</v:textbox></v:shape>'
        "</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )


def blip(number: int) -> str:
    return (
        f'<w:p><w:r><w:drawing><wp:inline><wp:extent cx="900000" cy="600000"/><wp:docPr id="{number}"'
        f' name="Picture 1"/>'
        f'<a:graphic><a:graphicData uri="{SCHEMAS}drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
        f'<pic:cNvPr id="{number}" name="Picture 1"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
        f'<a:blip r:embed="rId{number}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr/></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )


def body(planted: Planted) -> str:
    """A paragraph or two for each place."""
    split, over = planted("split runs"), planted("two paragraphs").split()
    hidden, struck, added, moved = (planted(place) for place in ("hidden", "struck", "added", "moved"))
    broken = planted("a break inside").replace(" ", '</w:t><w:br/><w:t xml:space="preserve">')
    link = planted("bookmark").replace(" ", "_")
    return (
        f"<w:p>{run('Dear ')}{run(split[:3], '<w:b/>')}{run(split[3:9])}{run(split[9:] + ', thank you.')}</w:p>"
        f"<w:p>{run(over[0])}</w:p><w:p>{run(over[1] + ' lives here.')}</w:p><w:p>{run(broken)}</w:p>"
        f"<w:p><w:r><w:ruby><w:rt>{run(planted('said aloud'))}</w:rt><w:rubyBase>{run(planted('ruby'))}</w:rubyBase>"
        "</w:ruby></w:r></w:p>"
        f'<w:p w:rsidR="00AB12CD">{run(hidden, "<w:vanish/>")}</w:p>'
        f'<w:p><w:del w:id="1" w:author="{planted("who struck")}" w:date="2026-01-02T03:04:05Z">'
        f"<w:r><w:delText>{struck}</w:delText></w:r></w:del>"
        f'<w:ins w:id="2" w:author="{planted("who added")}" w:date="2026-01-02T03:04:05Z">{run("Now " + added)}</w:ins>'
        f'<w:moveFrom w:id="3" w:author="x">{run(moved)}</w:moveFrom></w:p>'
        f'<w:p><w:pPr><w:rPr><w:del w:id="4" w:author="x"/></w:rPr></w:pPr>{run("First half, ")}</w:p>'
        f"<w:p>{run('second half.')}</w:p>"
        f'<w:p><w:bookmarkStart w:id="5" w:name="{link}"/>{run("Marked.")}<w:bookmarkEnd w:id="5"/></w:p>'
        f'<w:p><w:hyperlink w:anchor="{link}" w:tooltip="{planted("tip of a link")}">{run("There")}</w:hyperlink>'
        f'<w:hyperlink r:id="rOut1">{run("Mail")}</w:hyperlink></w:p>'
        f"{field(f' REF {link} ', 'Marked.')}"
        f"{field(' MERGEFIELD ' + planted('field') + ' ', planted('result of a field'))}"
        f'<w:sdt><w:sdtPr><w:alias w:val="{planted("title of a control")}"/><w:tag w:val="{planted("tag")}"/>'
        f'<w:dataBinding w:xpath="/a[1]" w:storeItemID="{planted("binding")}"/><w:dropDownList>'
        f'<w:listItem w:displayText="{planted("choice")}" w:value="{planted("value of a choice")}"/></w:dropDownList>'
        f"</w:sdtPr><w:sdtContent><w:p>{run(planted('content control'))}</w:p></w:sdtContent></w:sdt>"
        f'<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc>'
        f"<w:p>{run(planted('table'))}</w:p></w:tc></w:tr></w:tbl>{text_box(planted)}{blip(1)}"
        '<w:p><w:r><w:drawing><wp:inline><wp:extent cx="1" cy="1"/><wp:docPr id="9" name="Chart 1"/><a:graphic>'
        f'<a:graphicData uri="{SCHEMAS}drawingml/2006/chart"><c:chart r:id="rId2"/></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r></w:p>"
        f'<w:p><w:r><w:object><v:shape id="o1"/><o:OLEObject Type="Embed" r:id="rId3"/></w:object></w:r>'
        '<w:r><w:footnoteReference w:id="1"/></w:r><w:r><w:commentReference w:id="0"/></w:r></w:p>'
        '<w:sectPr><w:headerReference w:type="default" r:id="rId4"/><w:footerReference w:type="default" r:id="rId5"/>'
        "</w:sectPr>"
    )


def chart(planted: Planted) -> str:
    return (
        f"<c:chartSpace {W}><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>{planted('title of a chart')}</a:t></a:r>"
        f"</a:p></c:rich></c:tx></c:title><c:plotArea><c:ser><c:tx><c:strRef><c:f>'{planted('sheet')}'!$A$1</c:f>"
        f'<c:strCache><c:ptCount val="1"/><c:pt idx="0"><c:v>{planted("what a chart keeps")}</c:v></c:pt></c:strCache>'
        '</c:strRef></c:tx><c:val><c:numRef><c:f>A1</c:f><c:numCache><c:pt idx="0"><c:v>12</c:v></c:pt>'
        '</c:numCache></c:numRef></c:val></c:ser></c:plotArea></c:chart><c:externalData r:id="rId1"/></c:chartSpace>'
    )


def workbook(planted: Planted) -> bytes:
    book = openpyxl.Workbook()
    book.worksheets[0].append([planted("workbook inside"), 3])
    book.worksheets[0].title = planted("sheet")
    book.properties.creator = planted("who made the workbook inside")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def properties(planted: Planted) -> dict[str, str]:
    core = f"{SCHEMAS}package/2006/metadata/core-properties"
    return {
        "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{core}" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>About {planted('title')}</dc:title><dc:creator>{planted('author')}</dc:creator>"
        f"<cp:lastModifiedBy>{planted('last author')}</cp:lastModifiedBy></cp:coreProperties>",
        "docProps/app.xml": f'<Properties xmlns="{SCHEMAS}officeDocument/2006/extended-properties">'
        f"<Company>{planted('company')}</Company><Manager>{planted('manager')}</Manager></Properties>",
        "docProps/custom.xml": f'<Properties xmlns="{SCHEMAS}officeDocument/2006/custom-properties">'
        f"<property><x>{planted('custom property')}</x></property></Properties>",
    }


def letter(planted: Planted) -> bytes:
    """The whole file."""
    parts: dict[str, str | bytes] = {
        "_rels/.rels": relationships(
            ("officeDocument", "word/document.xml"),
            (f"{SCHEMAS}package/2006/relationships/metadata/core-properties", "docProps/core.xml"),
            ("extended-properties", "docProps/app.xml"),
            ("custom-properties", "docProps/custom.xml"),
            (f"{SCHEMAS}package/2006/relationships/metadata/thumbnail", "docProps/thumbnail.jpeg"),
        ),
        "word/document.xml": f"<!-- {planted('remark')} --><w:document {W}><w:body>{body(planted)}</w:body>"
        "</w:document>",
        "word/_rels/document.xml.rels": relationships(
            ("image", "media/image1.png"), ("chart", "charts/chart1.xml"), ("oleObject", "embeddings/object1.bin"),
            ("header", "header1.xml"), ("footer", "footer1.xml"), ("footnotes", "footnotes.xml"),
            ("comments", "comments.xml"), ("settings", "settings.xml"), ("styles", "styles.xml"),
            ("http://schemas.microsoft.com/office/2011/relationships/people", "people.xml"),
            ("customXml", "../customXml/item1.xml"), ("glossaryDocument", "glossary/document.xml"),
            outside={"hyperlink": f"mailto:{planted('address of a link').replace(' ', '%20')}@example.org"},
        ),
        "word/_rels/settings.xml.rels": relationships(
            outside={"attachedTemplate": f"file:///C:/Users/{planted('template')}/a.dotx"}
        ),
        "word/charts/chart1.xml": chart(planted),
        "word/charts/_rels/chart1.xml.rels": relationships(("package", "../embeddings/book1.xlsx")),
        "word/embeddings/book1.xlsx": workbook(planted),
        "word/embeddings/object1.bin": planted("object").encode("utf-16-le"),
        "word/media/image1.png": picture(),
        "word/header1.xml": f"<w:hdr {W}><w:p>{run(planted('header'))}</w:p></w:hdr>",
        "word/footer1.xml": f"<w:ftr {W}><w:p>{run(planted('footer'))}</w:p></w:ftr>",
        "word/footnotes.xml": f'<w:footnotes {W}><w:footnote w:id="1"><w:p>{run(planted("footnote"))}</w:p>'
        "</w:footnote></w:footnotes>",
        "word/comments.xml": f'<w:comments {W}><w:comment w:id="0" w:author="{planted("who wrote a comment")}" '
        f'w:initials="MH" w:date="2026-01-02T03:04:05Z"><w:p>{run(planted("comment"))}</w:p></w:comment></w:comments>',
        "word/people.xml": f'<w15:people xmlns:w15="u"><w15:person w15:author="{planted("person")}"/></w15:people>',
        "word/settings.xml": f'<w:settings {W}><w:attachedTemplate r:id="rOut1"/><w:rsids><w:rsid w:val="00AB12CD"/>'
        f'</w:rsids><w:docVars><w:docVar w:name="{planted("variable")}" w:val="{planted("its value")}"/></w:docVars>'
        f'<w:mailMerge><w:query w:val="{planted("mail merge")}"/></w:mailMerge></w:settings>',
        "word/styles.xml": f'<w:styles {W}><w:style w:type="paragraph" w:customStyle="1" w:styleId="S1">'
        f'<w:name w:val="{planted("style")}"/></w:style></w:styles>',
        "word/glossary/document.xml": f"<w:glossaryDocument {W}><w:docParts><w:docPart><w:docPartBody><w:p>"
        f"{run(planted('building block'))}</w:p></w:docPartBody></w:docPart></w:docParts></w:glossaryDocument>",
        "customXml/item1.xml": f"<data><who>{planted('custom XML')}</who></data>",
        "word/never-named.xml": f"<w:document {W}><!-- {planted('part that nothing names')} --></w:document>",
        "docProps/thumbnail.jpeg": picture("JPEG", comment=planted("small picture").encode()),
        **properties(planted),
    }  # fmt: skip
    types = {f"word/{name}.xml": f"{ML}{name}+xml" for name in ("styles", "settings", "comments", "footnotes")}
    types |= {"word/document.xml": f"{ML}document.main+xml", "word/charts/chart1.xml": f"{OFFICE}drawingml.chart+xml"}
    types |= {"word/header1.xml": f"{ML}header+xml", "word/footer1.xml": f"{ML}footer+xml"}
    types |= {"docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml"}
    types |= {"word/glossary/document.xml": f"{ML}document.glossary+xml"}
    return package(parts, types)
