"""A presentation with a name of its own in every place that the format has."""

from tests.documents.redaction.office_letter import workbook
from tests.documents.redaction.office_samples import MS, OFFICE, RELATED, SCHEMAS, Planted, package, relationships
from tests.documents.samples import picture

P = (
    f'xmlns:p="{SCHEMAS}presentationml/2006/main" xmlns:a="{SCHEMAS}drawingml/2006/main" xmlns:r="{RELATED}"'
    f' xmlns:c="{SCHEMAS}drawingml/2006/chart" xmlns:dgm="{SCHEMAS}drawingml/2006/diagram"'
    f' xmlns:mc="{SCHEMAS}markup-compatibility/2006"'
)
ML = f"{OFFICE}presentationml."
_IMAGE = (
    '<p:pic><p:nvPicPr><p:cNvPr id="{0}" name="{1}" descr="{2}"/></p:nvPicPr>'
    '<p:blipFill><a:blip r:embed="rId1"/></p:blipFill></p:pic>'
)


def shape(*runs: str, role: str = "body") -> str:
    said = "".join(f'<a:r><a:rPr b="1"/><a:t>{run}</a:t></a:r>' for run in runs)
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="2" name="Title 1"/><p:cNvSpPr/><p:nvPr><p:ph type="{role}"/></p:nvPr></p:nvSpPr>'
        f"<p:spPr/><p:txBody><a:bodyPr/><a:p>{said}</a:p></p:txBody></p:sp>"
    )


def tree(inner: str, kind: str = "sld", attributes: str = "", name: str = "") -> str:
    return (
        f'<p:{kind} {P} {attributes}><p:cSld name="{name}"><p:spTree><p:nvGrpSpPr/><p:grpSpPr/>{inner}</p:spTree>'
        f"</p:cSld></p:{kind}>"
    )


def first_slide(planted: Planted) -> str:
    split, cell = planted("split runs"), planted("table")
    table = (
        f'<p:graphicFrame><a:graphic><a:graphicData uri="{SCHEMAS}drawingml/2006/table"><a:tbl><a:tr><a:tc>'
        "<a:txBody><a:p>"
        f"<a:r><a:t>{cell}</a:t></a:r></a:p></a:txBody></a:tc></a:tr></a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
    )
    link = f'<a:hlinkClick r:id="rOut1" tooltip="{planted("tip of a link")}"/>'
    linked = f"<p:sp><p:txBody><a:p><a:r><a:rPr>{link}</a:rPr><a:t>Write</a:t></a:r></a:p></p:txBody></p:sp>"
    thing = (
        '<p:graphicFrame><a:graphic><a:graphicData><mc:AlternateContent><mc:Choice><p:oleObj r:id="rId6"/></mc:Choice>'
        f'<mc:Fallback><p:oleObj r:id="rId6">{_IMAGE.format(9, "Object 9", "")}</p:oleObj></mc:Fallback>'
        "</mc:AlternateContent></a:graphicData></a:graphic></p:graphicFrame>"
    )
    image = _IMAGE.format(5, planted("name of a picture"), planted("alternative text"))
    return tree(
        shape(split[:4], split[4:], role="title") + table + linked + image + thing, name=planted("name of a slide")
    )


def deck(planted: Planted) -> bytes:
    """The whole file."""
    comments = (
        f'<p:cmLst {P}><p:cm authorId="0" dt="2026-01-02T03:04:05.000" idx="1"><p:pos x="1" y="1"/>'
        f"<p:text>{planted('comment')}</p:text></p:cm></p:cmLst>"
    )
    modern = f'xmlns:p188="{MS}powerpoint/2018/8/main"'
    data = (
        f'<dgm:dataModel {P}><dgm:ptLst><dgm:pt><dgm:prSet phldrT="[{planted("prompt of a diagram")}]"/><dgm:t><a:p>'
        f"<a:r><a:t>{planted('diagram')}</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:ptLst></dgm:dataModel>"
    )
    chart = (
        f'<c:chartSpace {P}><c:chart><c:ser><c:tx><c:strRef><c:strCache><c:pt idx="0"><c:v>{planted("chart")}</c:v>'
        '</c:pt></c:strCache></c:strRef></c:tx></c:ser></c:chart><c:externalData r:id="rId1"/></c:chartSpace>'
    )
    parts: dict[str, str | bytes] = {
        "_rels/.rels": relationships(("officeDocument", "ppt/presentation.xml"), ("extended-properties", "app.xml")),
        "app.xml": f"<Properties><Company>{planted('company')}</Company></Properties>",
        "ppt/presentation.xml": f'<p:presentation {P}><p:sldIdLst><p:sldId id="256" r:id="rId1"/><p:sldId id="257" '
        f'r:id="rId2"/></p:sldIdLst><p:custShowLst><p:custShow name="{planted("own show")}" id="0"/></p:custShowLst>'
        f'<p:extLst><p:ext><s name="{planted("section")}"/></p:ext></p:extLst></p:presentation>',
        "ppt/_rels/presentation.xml.rels": relationships(
            ("slide", "slides/slide1.xml"), ("slide", "slides/slide2.xml"), ("slideMaster", "slideMasters/m1.xml"),
            ("commentAuthors", "commentAuthors.xml"), ("handoutMaster", "handoutMasters/h1.xml"),
            (f"{MS}2018/10/relationships/authors", "authors.xml"), ("tags", "tags/tag1.xml"),
            (f"{MS}2016/11/relationships/changesInfo", "changesInfos/c1.xml"),
        ),
        "ppt/slides/slide1.xml": first_slide(planted),
        "ppt/slides/_rels/slide1.xml.rels": relationships(
            ("image", "../media/image1.png"), ("notesSlide", "../notesSlides/n1.xml"),
            ("comments", "../comments/c1.xml"), ("chart", "../charts/chart1.xml"),
            ("diagramData", "../diagrams/data1.xml"),
            ("oleObject", "../embeddings/object1.bin"), ("slideLayout", "../slideLayouts/l1.xml"),
            (f"{MS}2018/10/relationships/comments", "../comments/modern1.xml"),
            outside={"hyperlink": f"mailto:{planted('address of a link').replace(' ', '%20')}@example.org"},
        ),
        "ppt/slides/slide2.xml": tree(shape(planted("hidden slide")), attributes='show="0"'),
        "ppt/notesSlides/n1.xml": tree(shape(planted("notes")), "notes"),
        "ppt/slideMasters/m1.xml": tree(shape(planted("master")), "sldMaster"),
        "ppt/slideLayouts/l1.xml": tree(shape(planted("layout")), "sldLayout"),
        "ppt/handoutMasters/h1.xml": tree(shape(planted("handout"), role="ftr"), "handoutMaster"),
        "ppt/comments/c1.xml": comments,
        "ppt/commentAuthors.xml": f'<p:cmAuthorLst {P}><p:cmAuthor id="0" name="{planted("who wrote a comment")}" '
        'initials="MH" lastIdx="1" clrIdx="0"/></p:cmAuthorLst>',
        "ppt/comments/modern1.xml": f'<p188:cmLst {modern} {P}><p188:cm id="{{1}}" authorId="{{2}}" '
        'created="2026-01-02T03:04:05.000"><p188:txBody><a:bodyPr/><a:p><a:r><a:t>'
        f"{planted('modern comment')}</a:t></a:r></a:p></p188:txBody></p188:cm></p188:cmLst>",
        "ppt/authors.xml": f'<p188:authorLst {modern}><p188:author id="{{2}}" name="{planted("modern author")}" '
        f'initials="MH" userId="{planted("user")}" providerId="AD"/></p188:authorLst>',
        "ppt/tags/tag1.xml": f'<p:tagLst {P}><p:tag name="N" val="{planted("tag")}"/></p:tagLst>',
        "ppt/changesInfos/c1.xml": f'<pc:chgInfo xmlns:pc="u"><pc:docChg name="{planted("earlier change")}"/>'
        "</pc:chgInfo>",
        "ppt/charts/chart1.xml": chart,
        "ppt/charts/_rels/chart1.xml.rels": relationships(("package", "../embeddings/book1.xlsx")),
        "ppt/embeddings/book1.xlsx": workbook(planted),
        "ppt/embeddings/object1.bin": planted("object").encode("utf-16-le"),
        "ppt/diagrams/data1.xml": data,
        "ppt/media/image1.png": picture(),
    }  # fmt: skip
    types = {
        "ppt/presentation.xml": f"{ML}presentation.main+xml",
        "ppt/charts/chart1.xml": f"{OFFICE}drawingml.chart+xml",
    }
    return package(parts, types)
