"""Files inside Office files: what can be redacted stays in its place, what cannot leaves a sound file behind."""

import io
import zipfile
from pathlib import Path

from lxml import etree
from PIL import Image

from portfolio.documents.redaction import apart
from portfolio.documents.redaction.plan import Plan, Swap, Why
from tests.documents.redaction.office_samples import MS, SCHEMAS, WORD, W, package, redacted, relationships, unpacked
from tests.documents.samples import picture, word

HALE = Plan((Swap("Margaret Halewick", "Customer A", "PERSON"),))
_SVG = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"


def blip(name: str, inner: str = "") -> str:
    return (
        f'<w:p><w:r><w:drawing><wp:inline><wp:extent cx="9" cy="9"/><wp:docPr id="1" name="Picture 1"/><a:graphic>'
        f'<a:graphicData><pic:pic><pic:blipFill><a:blip r:embed="{name}">{inner}</a:blip></pic:blipFill></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )


def document(
    body: str, files: dict[str, bytes], *related: tuple[str, str], types: dict[str, str] | None = None
) -> bytes:
    return package(
        {
            "_rels/.rels": relationships(("officeDocument", "word/document.xml")),
            "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
            "word/_rels/document.xml.rels": relationships(*related),
            **files,
        },
        {"word/document.xml": f"{WORD}.main+xml", **(types or {})},
    )


def text_of(data: bytes, name: str = "word/document.xml") -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


def test_a_picture_of_a_kind_that_nothing_reads_leaves_an_empty_one(tmp_path: Path) -> None:
    drawing = b"\x01\0\0\0" + "Margaret Halewick".encode("utf-16-le") * 3
    data = document(blip("rId1"), {"word/media/image1.emf": drawing}, ("image", "media/image1.emf"),
                    types={"word/media/image1.emf": "image/x-emf"})  # fmt: skip
    (tmp_path / "a.docx").write_bytes(data)
    report = apart.redact(tmp_path / "a.docx", WORD, tmp_path / "out.docx", HALE)
    assert [one.why for one in report.unread] == [Why.KIND]
    result = (tmp_path / "out.docx").read_bytes()
    assert not any("Halewick" in layer for layer in unpacked(result))
    assert 'r:embed="rId1"' in text_of(result)
    assert 'Target="media/image1.png"' in text_of(result, "word/_rels/document.xml.rels")
    with zipfile.ZipFile(io.BytesIO(result)) as archive:
        assert Image.open(io.BytesIO(archive.read("word/media/image1.png"))).size == (1, 1)


def test_a_name_of_a_file_inside_changes_wherever_it_stands(tmp_path: Path) -> None:
    files = {"word/media/margaret halewick.png": picture()}
    result = redacted(document(blip("rId1"), files, ("image", "media/margaret%20halewick.png")), HALE, tmp_path)
    assert 'Target="media/Customer_A.png"' in text_of(result, "word/_rels/document.xml.rels")
    assert not any("halewick" in layer for layer in unpacked(result))


def test_a_photo_keeps_its_pixels_and_loses_where_it_was_taken(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Margaret Halewick"
    photo = picture("JPEG", exif=exif.tobytes(), comment=b"Margaret Halewick")
    data = document(blip("rId1"), {"word/media/image1.jpeg": photo}, ("image", "media/image1.jpeg"))
    result = redacted(data, HALE, tmp_path)
    assert not any("Halewick" in layer for layer in unpacked(result))
    with zipfile.ZipFile(io.BytesIO(result)) as archive:
        assert Image.open(io.BytesIO(archive.read("word/media/image1.jpeg"))).size == (300, 200)


def test_a_drawing_beside_its_picture_goes(tmp_path: Path) -> None:
    beside = f'<a:extLst><a:ext uri="x"><s:svgBlip xmlns:s="{_SVG}" r:embed="rId2"/></a:ext><a:ext uri="y"/></a:extLst>'
    files = {"word/media/image1.png": picture(), "word/media/image2.svg": b"<svg><text>Margaret Halewick</text></svg>"}
    types = {"word/media/image2.svg": "image/svg+xml"}
    related = ("image", "media/image1.png"), ("image", "media/image2.svg")
    result = redacted(document(blip("rId1", beside), files, *related, types=types), HALE, tmp_path)
    assert not any("Halewick" in layer for layer in unpacked(result))
    assert "svgBlip" not in text_of(result)
    assert 'uri="y"' in text_of(result)
    only = document(blip("rId2"), files, *related, types=types)
    assert not any("Halewick" in layer for layer in unpacked(redacted(only, HALE, tmp_path)))


def test_ink_gives_way_to_its_picture_and_recordings_of_no_kind_go(tmp_path: Path) -> None:
    ink = (
        '<w:p><w:r><mc:AlternateContent><mc:Choice Requires="x"><w:drawing><c14:contentPart '
        f'xmlns:c14="{MS}word/2010/wordml" r:id="rId1"/></w:drawing></mc:Choice><mc:Fallback><w:t>Seen</w:t>'
        "</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    film = '<w:p><w:r><a:videoFile r:link="rId2"/><w:t>Film</w:t></w:r></w:p>'
    files = {"word/ink/ink1.xml": b"<ink>Margaret Halewick</ink>", "word/media/media1.avi": b"Margaret Halewick"}
    related = ("customXml", "ink/ink1.xml"), ("video", "media/media1.avi")
    result = redacted(document(ink + film, files, *related), HALE, tmp_path)
    assert not any("Halewick" in layer for layer in unpacked(result))
    root = etree.fromstring(text_of(result).encode())
    assert [one.text for one in root.iter("{*}t")] == ["Seen", "Film"]
    assert not list(root.iter("{*}contentPart", "{*}videoFile", "{*}AlternateContent"))


def test_a_letter_inside_a_letter_is_redacted_too(tmp_path: Path) -> None:
    inner = redacted(word(), Plan(), tmp_path)
    with zipfile.ZipFile(io.BytesIO(inner)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["word/document.xml"] = parts["word/document.xml"].replace(b"In a cell", b"Margaret Halewick")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    body = '<w:p><w:r><w:object><o:OLEObject r:id="rId1"/></w:object></w:r></w:p>'
    data = document(body, {"word/embeddings/a.docx": out.getvalue()}, ("package", "embeddings/a.docx"),
                    types={"word/embeddings/a.docx": WORD})  # fmt: skip
    result = redacted(data, HALE, tmp_path)
    assert "OLEObject" in text_of(result)
    with zipfile.ZipFile(io.BytesIO(result)) as archive:
        assert "Customer A" in text_of(archive.read("word/embeddings/a.docx"))


def test_paths_and_templates_of_a_computer_are_forgotten(tmp_path: Path) -> None:
    path = "file:///C:/Users/M.Halewick/Desktop/list%20of%20calls.xlsx"
    parts = relationships(("officeDocument", "word/document.xml"))
    link = '<w:p><w:hyperlink r:id="rOut1"><w:r><w:t>A</w:t></w:r></w:hyperlink></w:p>'
    data = package(
        {
            "_rels/.rels": parts,
            "word/document.xml": f"<w:document {W}><w:body>{link}</w:body></w:document>",
            "word/_rels/document.xml.rels": relationships(outside={"hyperlink": path}),
        },
        {"word/document.xml": f"{WORD}.main+xml"},
    )
    links = text_of(redacted(data, HALE, tmp_path), "word/_rels/document.xml.rels")
    assert 'Target="list%20of%20calls.xlsx"' in links
    assert f'{SCHEMAS}officeDocument/2006/relationships/hyperlink"' in links
