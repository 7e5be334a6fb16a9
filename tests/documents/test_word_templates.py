"""A centre's Word template: what is taken of whole ones, what their books look like, and that nothing else comes."""

import base64
import io
import re
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx_integrity import check
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree
from openxml_audit import OpenXmlValidator
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from portfolio.documents.wordbook.content import Book, Fact
from portfolio.documents.wordbook.filling import FIELDS
from portfolio.documents.wordbook.markup import flat
from portfolio.documents.wordbook.writer import write_book
from portfolio.documents.wordtemplate import reading
from portfolio.documents.wordtemplate.example import example as ours
from portfolio.documents.wordtemplate.framing import frame_of
from portfolio.documents.wordtemplate.taking import taken
from portfolio.documents.wordtemplate.trial import trial_book
from tests.documents import word_templates as templates
from tests.documents.books import book
from tests.documents.well_made import body, lacks, visible
from tests.documents.word_templates import line, text

W = f"{{{templates.W}}}"
WHOLE: dict[str, Callable[[], bytes]] = {
    "ours": ours,
    "python-docx": templates.by_python_docx,
    "german": templates.german,
    "empty": templates.package,
}


def kept(data: bytes, folder: Path) -> dict[str, Any]:
    """What the child process would answer, worked out in this one."""
    path = folder / "sent.docx"
    path.write_bytes(data)
    answer = reading.read(str(path))
    assert isinstance(answer, dict)
    return answer


def content_of(data: bytes, folder: Path) -> bytes:
    """The template as it is kept."""
    return base64.b64decode(kept(data, folder)["package"])


def written(book: Book) -> bytes:
    target = io.BytesIO()
    write_book(target, book)
    return target.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def framed(data: bytes, folder: Path) -> bytes:
    """The book of the other tests, made with a template."""
    return written(replace(book(), frame=frame_of(content_of(data, folder))))


@pytest.fixture(params=sorted(WHOLE))
def whole(request: pytest.FixtureRequest) -> bytes:
    """A template that nothing is wrong with."""
    return WHOLE[request.param]()


def test_a_book_with_a_template_is_well_made(whole: bytes, tmp_path: Path) -> None:
    """By every checker; and nothing in it leads anywhere but to our own links."""
    made = framed(whole, tmp_path)
    assert lacks(made) == []
    path = tmp_path / "book.docx"
    path.write_bytes(made)
    assert [error.description for error in OpenXmlValidator().validate(path).errors] == []
    assert list(check(str(path))) == []
    assert "Amira Okafor" in visible(made)
    assert Document(str(path)).core_properties.author == "Northgate Skills Centre"


def test_what_is_kept_is_a_word_file_of_ours(whole: bytes, tmp_path: Path) -> None:
    """Whole by itself, and the same when it is sent again."""
    content = content_of(whole, tmp_path)
    path = tmp_path / "kept.docx"
    path.write_bytes(content)
    assert [error.description for error in OpenXmlValidator().validate(path).errors] == []
    assert content_of(content, tmp_path) == content


def test_no_relationship_leads_outside(whole: bytes, tmp_path: Path) -> None:
    content = content_of(whole, tmp_path)
    for data in (content, written(trial_book(frame_of(content)))):
        parts = parts_of(data)
        for name, part in parts.items():
            if name.endswith(".rels"):
                assert b"External" not in part, name
                folder = name.partition("_rels/")[0]
                for target in re.findall(rb'Target="([^"]+)"', part):
                    assert f"{folder}{target.decode()}".lstrip("/") in parts, (name, target)


def test_same_template_same_bytes(whole: bytes, tmp_path: Path) -> None:
    frame_of.cache_clear()
    first = framed(whole, tmp_path)
    frame_of.cache_clear()
    assert framed(whole, tmp_path) == first


def test_the_child_process_answers_the_same(tmp_path: Path) -> None:
    path = tmp_path / "sent.docx"
    path.write_bytes(templates.german())
    template = taken(path)
    assert template.content == content_of(templates.german(), tmp_path)
    assert ("Cover", "Taken over") in template.facts
    assert template.notes


def test_a_localised_word_has_the_same_styles(tmp_path: Path) -> None:
    """By the English names that it keeps inside; another style that has an id of ours gets another id."""
    made = framed(templates.german(), tmp_path)
    by_id = by_id_in(made)
    assert {"Heading1", "Title", "Header", "Footer", "Normal", "Cell", "LabelOwn1", "Label"} <= set(by_id)
    assert by_id["Label"].get(f"{W}type") == "character"
    assert value(by_id["Heading1"], "rPr/color") == "5B216E"
    assert value(by_id["Heading1"], "basedOn") == "Normal"
    assert by_id["Title"].find(f"{W}basedOn") is None
    defaults = [key for key, style in by_id.items() if style.get(f"{W}default")]
    assert sorted(defaults) == ["DefaultParagraphFont", "NoList", "Normal", "TableNormal"]


def test_styles_do_what_a_book_relies_on(tmp_path: Path) -> None:
    """Chapters begin on new pages, headings have levels and no numbers, rings of styles are parted."""
    by_id = by_id_in(framed(templates.german(), tmp_path))
    first = by_id["Heading1"].findall(f"{W}pPr/*")
    assert [str(child.tag).removeprefix(W) for child in first] == [
        "keepNext",
        "keepLines",
        "pageBreakBefore",
        "outlineLvl",
    ]
    assert None in {by_id[key].find(f"{W}basedOn") for key in ("Eins", "Zwei")}
    assert value(by_id["Cell"], "pPr/jc") == "left"
    assert value(by_id["Heading2"], "rPr/rFonts", "ascii") == "Arial"
    assert value(by_id["Heading2"], "rPr/color") == "5B216E"


def test_colours_that_cannot_be_read_stay_where_they_are(tmp_path: Path) -> None:
    """Our own styles take the colour of the template's headings only when it can be read on white."""
    pale = templates.styles(templates.style("Heading2", "heading 2", '<w:rPr><w:color w:val="FFF8DC"/></w:rPr>'))
    made = framed(
        templates.package(related_to=templates.related("r1", "styles", "styles.xml"), parts={"word/styles.xml": pale}),
        tmp_path,
    )
    styles = parts_of(made)["word/styles.xml"].decode()
    assert styles.count("FFF8DC") == 1


def test_the_cover_stands_first_with_its_fields(tmp_path: Path) -> None:
    """In its own section; its headings are none that the contents list."""
    made = framed(templates.by_python_docx(), tmp_path)
    root = body(made)[0]
    said = ["".join(t.text or "" for t in one.iter(f"{W}t")) for one in root.iter(f"{W}p")]
    assert said[0] == "Portfolio of Amira Okafor"
    assert said[1] == "iCQ Level 3 NVQ Diploma in Contact Centre Operations (RQF), 22 November 2026"
    assert said.index("Northgate Skills Centre") < said.index("Portfolio of evidence")
    look = by_id_in(made)[value(root[0], "pPr/pStyle") or ""]
    assert value(look, "name") == "Cover Heading 1"
    assert look.find(f".//{W}outlineLvl") is None
    section = next(root.iter(f"{W}sectPr"))
    assert [value(section, "pgSz", side) for side in ("w", "h")] == ["12240", "15840"]


def test_every_way_of_writing_a_field(tmp_path: Path) -> None:
    """Parted by spelling, in a text box, with other spaces and letters; once each in the text."""
    made = framed(templates.german(), tmp_path)
    said = visible(made)
    assert "Amira Okafor und mehr" in said
    assert "ICQ-204417" in said.partition("Seite zwei")[0]
    assert "{{" not in "".join(part.decode() for name, part in parts_of(made).items() if name.endswith(".xml"))


def value(holder: etree._Element | None, path: str, name: str = "val") -> str | None:
    """An attribute of what stands at a path of plain names, None where nothing does."""
    found = None if holder is None else holder.find("/".join(f"{W}{step}" for step in path.split("/")))
    return None if found is None else found.get(f"{W}{name}")


def by_id_in(made: bytes) -> dict[str, etree._Element]:
    """The styles of a book, by id."""
    styles = etree.fromstring(parts_of(made)["word/styles.xml"])
    return {str(style.get(f"{W}styleId")): style for style in styles.iter(f"{W}style")}


def footers(data: bytes, number: int = 1) -> str:
    return parts_of(data)[f"word/footer{number}.xml"].decode()


def test_every_page_says_whose_it_is_and_which(tmp_path: Path) -> None:
    """Ours stands under the template's own, with what that lacks and nothing twice."""
    german = footers(framed(templates.german(), tmp_path))
    assert german.count(" PAGE ") == german.count(" NUMPAGES ") == 1
    assert german.index("Seite ") < german.index("Amira Okafor · ICQ-204417")
    bare = footers(framed(templates.with_header(line(text("Harrow Dale")), kind="footer"), tmp_path))
    assert "Amira Okafor · ICQ-204417" in bare
    assert bare.count(" PAGE ") == bare.count(" NUMPAGES ") == 1
    own = footers(framed(ours(), tmp_path))
    assert own.count("Amira Okafor") == own.count(" NUMPAGES ") == 1
    assert "Amira Okafor, ICQ-204417" in own


def test_tab_stops_move_with_the_width_of_the_page(tmp_path: Path) -> None:
    """What stands on the right stands at the right edge of upright and of sideways pages."""
    parts = parts_of(framed(templates.german(), tmp_path))
    for name, edge in (("header1", "9638"), ("header2", "14570")):
        stops = etree.fromstring(parts[f"word/{name}.xml"]).findall(f".//{W}tab")
        assert [stop.get(f"{W}pos") for stop in stops if stop.get(f"{W}val") == "right"] == [edge]
        assert {stop.get(f"{W}pos") for stop in stops if stop.get(f"{W}val") == "clear"} == {"4536", "9072"}


def test_the_first_page_is_as_in_the_template(tmp_path: Path) -> None:
    """Above cover and title page stands what the template has on its first page."""
    made = framed(templates.german(), tmp_path)
    sections = list(body(made).iter(f"{W}sectPr"))
    key = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    shown = [[reference.get(key) for reference in section.findall(f"{W}headerReference")] for section in sections]
    assert shown[0] == shown[1] == ["rFrontheader"]
    assert "rFrontheader" not in shown[2]
    assert ">first<" in parts_of(made)["word/header3.xml"].decode()


def test_room_above_and_below_is_the_templates(tmp_path: Path) -> None:
    """The sides stay, and that is said."""
    answer = kept(templates.german(), tmp_path)
    assert reading.SIDES_KEPT in answer["notes"]
    last = list(body(framed(templates.german(), tmp_path)).iter(f"{W}pgMar"))[-1]
    assert [last.get(f"{W}{side}") for side in ("top", "left", "right")] == ["2835", "1134", "1134"]


def test_what_was_left_out_is_said(tmp_path: Path) -> None:
    notes = kept(templates.german(), tmp_path)["notes"]
    for start in ("Links to web pages", "Numbers before headings", "Headers and footers for even", "Sections inside"):
        assert [note for note in notes if note.startswith(start)], start


CANARY = "Zanzibar-4711"


def laden() -> bytes:
    """A template that says something wherever nobody looks."""
    hidden = (
        f'<w:bookmarkStart w:id="1" w:name="{CANARY}"/><w:r w:rsidR="{CANARY}"><w:rPr><w:vanish/></w:rPr>'
        '<w:t>seen</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r>'
        f'<w:r><w:pict><v:shape alt="{CANARY}"/></w:pict></w:r>'
        f'<w:customXml w:uri="{CANARY}" w:element="x"><w:r><w:t>kept</w:t></w:r></w:customXml>'
    )
    linked = f'<w:hyperlink r:id="rWeb" w:tooltip="{CANARY}">{text("the web")}</w:hyperlink>'
    names = ("docProps/core.xml", "docProps/app.xml", "docProps/custom.xml", "customXml/item1.xml", "word/settings.xml")
    return templates.package(
        f"<w:p>{hidden}{linked}{templates.field(f' DOCPROPERTY {CANARY} ', shown='shown')}{templates.drawing()}</w:p>",
        related_to=templates.related("rWeb", "hyperlink", f"https://{CANARY}.example/", external=True)
        + templates.related("rTemplate", "attachedTemplate", f"file:///C:/{CANARY}.dotm", external=True)
        + templates.related("rPicture", "image", "media/logo.png")
        + templates.related("rFont", "font", "fonts/font1.odttf"),
        parts={
            **dict.fromkeys(names, f"<x>{CANARY}</x>"),
            "word/footnotes.xml": f"<w:footnotes {templates.NAMES}>{line(text(CANARY))}</w:footnotes>",
            "word/fonts/font1.odttf": CANARY,
            "word/media/logo.png": with_comment(),
        },
    )


def with_comment() -> bytes:
    """A PNG with a text in it."""
    made, words = io.BytesIO(), PngInfo()
    words.add_text("Comment", CANARY)
    Image.new("RGB", (30, 30), "teal").save(made, "PNG", pnginfo=words)
    return made.getvalue()


def test_nothing_that_nobody_sees_comes_along(tmp_path: Path) -> None:
    """Properties, hidden parts, addresses, the words of pictures: none is in what is kept, or in a book."""
    answer = kept(laden(), tmp_path)
    content = base64.b64decode(answer["package"])
    made = written(replace(book(), frame=frame_of(content)))
    for some in (content, made):
        for name, part in parts_of(some).items():
            assert CANARY.encode() not in part, name
            assert CANARY not in name
    assert "seenkeptthe webshown" in visible(made)
    assert b"vanish" not in parts_of(made)["word/document.xml"]
    assert len([name for name in parts_of(made) if "media/template" in name]) == 1
    assert len(answer["notes"]) >= 5


ANY = st.text(st.characters(), max_size=40)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ANY, min_size=4, max_size=20))
@example(["{{learner}}", "<w:p>&amp;\"'", "\ud800\x00\x0b", "\u202eعربي", "👩‍👩‍👧‍👦", "y" * 100_000, "\\g<1>", "]]>"])
def test_any_text_in_any_field(texts: list[str]) -> None:
    """The book stays well made and says just that, on one line."""
    frame = frame_of(everywhere())
    said = {name: texts[number % len(texts)] for number, name in enumerate(FIELDS)}
    made = written(
        replace(
            book(),
            title=said["title"],
            learner=said["learner"],
            registration_number=said["registration number"],
            qualification=said["qualification"],
            centre=said["centre"],
            fields=tuple(Fact(name, value) for name, value in said.items()),
            frame=frame,
        )
    )
    assert lacks(made) == []
    lines = visible(made).split("\n")
    header = etree.fromstring(parts_of(made)["word/header1.xml"])
    for number, name in enumerate(FIELDS):
        if name != "date":
            wanted = etree.fromstring(f"<x>{flat(said[name])}</x>").text or ""
            assert lines[number] == f"<{wanted}>", name
            if name == "learner":
                assert "".join(t.text or "" for t in header.iter(f"{W}t")) == wanted


@cache
def everywhere() -> bytes:
    """A template with every field on its cover and one in its header; read once."""
    covered = "".join(line(text("&lt;{{" + name + "}}&gt;")) for name in FIELDS)
    with tempfile.TemporaryDirectory() as folder:
        return content_of(templates.with_header(line(text("{{learner}}")), body=covered, pictures=False), Path(folder))
