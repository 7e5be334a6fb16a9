"""What a template may not do to the books or to the machine: bounds on its styles, stories and drawings, and what is
said in places that nobody sees.
"""

import base64
import io
import re
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from portfolio.documents.codec import Json
from portfolio.documents.sandbox import Outcome
from portfolio.documents.wordbook.filling import filled
from portfolio.documents.wordbook.writer import write_book
from portfolio.documents.wordtemplate import fields, looks, opening, reading, story, tabs, taking, trying
from portfolio.documents.wordtemplate.framing import frame_of
from portfolio.documents.wordtemplate.taking import Unfit, taken
from tests.documents.books import book
from tests.documents.samples import picture
from tests.documents.well_made import lacks
from tests.documents.word_templates import (
    NAMES,
    SECTION,
    W,
    box,
    drawing,
    field,
    line,
    package,
    related,
    rels,
    style,
    styles,
    text,
)

BEGUN = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r>'
LEVEL = '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>'
NUMBERED = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
LISTS = (
    f'<w:numbering {NAMES}><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/>'
    f'<w:lvlText w:val="%1."/>{LEVEL}</w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
)
CAPTION = '<w:tbl><w:tblPr><w:tblCaption w:val="{}"/></w:tblPr><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl><w:p/>'


def chain(length: int, *, stops: int = 0, apart: int = 0) -> list[str]:
    """Styles that are each based on the one before; tab stops of each, and how far they lie from those before."""
    tabs = [
        "".join(f'<w:tab w:val="right" w:pos="{at + number * apart}"/>' for at in range(1, stops + 1))
        for number in range(length)
    ]
    return [
        style(f"S{number}", f"S{number}", f'<w:basedOn w:val="S{number - 1}"/><w:pPr><w:tabs>{some}</w:tabs></w:pPr>')
        for number, some in enumerate(tabs)
    ]


def with_stories(
    *, header: str = "<w:p/>", footer: str = "<w:p/>", some: list[str] | None = None, body: str = ""
) -> bytes:
    """A template with a header, a footer, styles and a list."""
    references = '<w:headerReference w:type="default" r:id="rH"/><w:footerReference w:type="default" r:id="rF"/>'
    return package(
        body,
        section=SECTION.replace("<w:sectPr>", f"<w:sectPr>{references}"),
        related_to=related("rS", "styles", "styles.xml")
        + related("rN", "numbering", "numbering.xml")
        + related("rH", "header", "header1.xml")
        + related("rF", "footer", "footer1.xml")
        + related("rPicture", "image", "media/logo.png"),
        parts={
            "word/styles.xml": styles(*(some or [])),
            "word/numbering.xml": LISTS,
            "word/header1.xml": f"<w:hdr {NAMES}>{header}</w:hdr>",
            "word/footer1.xml": f"<w:ftr {NAMES}>{footer}</w:ftr>",
            "word/media/logo.png": picture("PNG", (30, 10)),
            "word/_rels/header1.xml.rels": rels(related("rPicture", "image", "media/logo.png")),
            "word/_rels/footer1.xml.rels": rels(related("rPicture", "image", "media/logo.png")),
        },
    )


def answered(data: bytes, folder: Path) -> dict[str, Any]:
    """What reading says."""
    path = folder / "sent.docx"
    path.write_bytes(data)
    answer = reading.read(str(path))
    assert isinstance(answer, dict)
    return answer


def made_with(data: bytes, folder: Path) -> dict[str, str]:
    """The XML of a book that wears the template, well made, by the names of its parts."""
    answer = answered(data, folder)
    target = io.BytesIO()
    write_book(target, replace(book(), frame=frame_of(base64.b64decode(answer["package"]))))
    assert lacks(target.getvalue()) == []
    with zipfile.ZipFile(target) as parts:
        return {name: parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml")}


OVER: dict[str, tuple[Callable[[], bytes], str]] = {
    "a long chain of styles": (lambda: with_stories(some=chain(22)), looks.MANY_BASES),
    "a very long chain of styles": (lambda: with_stories(some=chain(990)), looks.MANY_BASES),
    "many stops in one style": (lambda: with_stories(some=chain(1, stops=65)), reading.MANY_STOPS),
    "many stops in a chain": (lambda: with_stories(some=chain(5, stops=13, apart=20)), reading.MANY_STOPS),
    "many lines in a header": (lambda: with_stories(header="<w:p/>" * 501), reading.LONG_STORY),
    "many letters in a footer": (lambda: with_stories(footer=line(text("y" * 20_001))), reading.LONG_STORY),
    "many words on the cover": (lambda: package(line(text("word " * 20_001))), reading.LONG_COVER),
    "a field without an end": (lambda: package(f"<w:p>{BEGUN}</w:p>" + line(text("Lost"))), fields.FIELD_OPEN),
    "a field in a footer without an end": (lambda: with_stories(footer=f"<w:p>{BEGUN}</w:p>"), fields.FIELD_OPEN),
}


@pytest.mark.parametrize("name", sorted(OVER))
def test_it_is_refused_with_the_reason(name: str, tmp_path: Path) -> None:
    make, said = OVER[name]
    assert answered(make(), tmp_path) == {"faults": [said]}


@pytest.mark.parametrize(
    "make",
    [
        lambda: with_stories(some=chain(21)),
        lambda: with_stories(some=chain(4, stops=16, apart=20)),
        lambda: with_stories(header="<w:p/>" * 500, footer=line(text("y" * 20_000))),
        lambda: package(line(text("word " * 20_000))),
        lambda: with_stories(footer=line(field(" PAGE "))),
    ],
)
def test_what_is_just_within_the_bounds_is_taken(make: Callable[[], bytes], tmp_path: Path) -> None:
    assert "package" in answered(make(), tmp_path)


def test_a_chain_is_walked_whatever_its_length() -> None:
    """No room on the stack of whoever asks is needed for it."""
    root = etree.fromstring(styles(*chain(2_000, stops=1)))
    stops = tabs.stops_by_style({one.get(f"{{{W}}}styleId") or "": one for one in root})
    assert stops["S1999"] == {1: ("right", "")}


def worst() -> bytes:
    """As many lines, styles and tab stops as are taken."""
    return with_stories(header=line(text("x"), style="S20") * 500, some=chain(21, stops=64))


def test_tab_stops_are_worked_out_once_for_each_style(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not for each paragraph that has the style."""
    content = base64.b64decode(answered(worst(), tmp_path)["package"])
    looked: list[object] = []
    look = tabs._stops_in

    def count(holder: etree._Element) -> tabs.Stops:
        looked.append(holder)
        return look(holder)

    monkeypatch.setattr(tabs, "_stops_in", count)
    frame_of.cache_clear()
    frame_of(content)
    assert len(looked) < 100 + 3 * 500


def test_the_process_that_asks_spends_next_to_nothing(tmp_path: Path) -> None:
    """On what is refused and on the worst that is taken: no frame is made in it, and none stays in its memory."""
    path = tmp_path / "sent.docx"
    path.write_bytes(with_stories(header=line(text("x"), style="S200") * 2_000, some=chain(201)))
    frame_of.cache_clear()
    before = time.process_time()
    with pytest.raises(Unfit):
        taken(path)
    path.write_bytes(worst())
    assert taken(path).content
    assert time.process_time() - before < 1.5
    assert frame_of.cache_info().misses == 0
    assert frame_of.cache_info().maxsize == 4


def test_a_book_is_tried_under_the_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A template that no book can be made with is not taken."""
    path = tmp_path / "sent.docx"
    path.write_bytes(package(line(text("Ours"))))
    assert trying.tried(str(path)) == reading.read(str(path))

    def fail(*_arguments: object) -> None:
        raise KeyError

    monkeypatch.setattr(trying, "write_book", fail)
    assert trying.tried(str(path)) == {"faults": [opening.DAMAGED]}
    path.write_bytes(b"")
    assert trying.tried(str(path)) == {"faults": [opening.DAMAGED]}


def test_the_process_is_asked_to_try_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that what makes a book with it fail or hang is held by the limits too."""
    asked: list[str] = []

    def run(name: str, *_arguments: Json, **_limits: int) -> Outcome:
        asked.append(name)
        return Outcome({"faults": ["A fault."]})

    monkeypatch.setattr(taking, "run_limited", run)
    path = tmp_path / "sent.docx"
    path.write_bytes(package())
    with pytest.raises(Unfit, match="A fault"):
        taken(path)
    assert asked == ["portfolio.documents.wordtemplate.trying:tried"]


SIZE, PLACE = 'cx="900000" cy="300000"', "<wp:posOffset>0</wp:posOffset>"


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (f"<wp:extent {SIZE}/>", '<wp:extent cx="99999999999" cy="300000"/>'),
        (f"<wp:extent {SIZE}/>", '<wp:extent cx="900000" cy="-5"/>'),
        (f"<wp:extent {SIZE}/>", '<wp:extent cx="900000" cy="5.5"/>'),
        (f"<wp:extent {SIZE}/>", '<wp:extent cx="900000"/>'),
        (f"<a:ext {SIZE}/>", '<a:ext cx="20000001" cy="300000"/>'),
        ('distL="0"', 'distL="-1"'),
        ('distB="0"', 'distB="wide"'),
    ],
)
def test_a_picture_of_no_sane_size_is_left_out(was: str, now: str, tmp_path: Path) -> None:
    run = drawing()
    assert was in run
    answer = answered(with_stories(body=line(text("Stays"), run.replace(was, now))), tmp_path)
    assert story.DRAWING_LEFT in answer["notes"]
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(answer["package"]))) as kept:
        document = kept.read("word/document.xml").decode()
    assert "drawing" not in document
    assert "Stays" in document


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (PLACE, "<wp:posOffset>99999999999</wp:posOffset>"),
        (PLACE, "<wp:posOffset>left</wp:posOffset>"),
        (PLACE, "<wp:posOffset/>"),
        ('relativeHeight="251659264"', 'relativeHeight="-1"'),
        ('relativeHeight="251659264"', 'relativeHeight="4294967296"'),
    ],
)
def test_a_shape_of_no_sane_place_is_left_out(was: str, now: str, tmp_path: Path) -> None:
    run = box(line(text("Inside")))
    assert was in run
    answer = answered(package(line(text("Stays"), run.replace(was, now))), tmp_path)
    assert story.DRAWING_LEFT in answer["notes"]
    assert "package" in answer


def test_a_level_line_is_drawn(tmp_path: Path) -> None:
    """It has no height."""
    answer = answered(package(line(box("<w:p/>").replace('cy="900000"', 'cy="0"'))), tmp_path)
    assert answer["notes"] == []


def test_the_foot_says_whose_it_is_when_only_a_caption_does(tmp_path: Path) -> None:
    """Or the name of a font: what counts is what stands in the text, and nothing is filled in elsewhere."""
    named = "{{learner}} {{registration number}}"
    font = f'<w:rPr><w:rFonts w:ascii="{named}"/></w:rPr>'
    footer = line(text('w:instr=" PAGE " w:instr=" NUMPAGES "'))
    parts = made_with(with_stories(header=line(text("Ours", font)) + CAPTION.format(named), footer=footer), tmp_path)
    assert "Amira Okafor · ICQ-204417" in parts["word/footer1.xml"]
    assert '<w:fldSimple w:instr=" NUMPAGES "' in parts["word/footer1.xml"]
    assert "Amira" not in parts["word/header1.xml"]
    assert 'w:val="learner registration number"' in parts["word/header1.xml"]


@pytest.mark.parametrize(
    ("look", "times"),
    [
        ('<w:color w:val="FFFFFF"/>', 2),
        ('<w:sz w:val="2"/>', 2),
        ('<w:color w:val="595959"/>', 1),
        ('<w:color w:val="auto"/><w:sz w:val="16"/>', 1),
    ],
)
def test_letters_that_nobody_can_read_do_not_say_whose_it_is(look: str, times: int, tmp_path: Path) -> None:
    """White on white, or a point high: the foot of the page says it again."""
    named = text("{{learner}} {{registration number}}", f"<w:rPr>{look}</w:rPr>")
    parts = made_with(with_stories(footer=line(named)), tmp_path)
    assert parts["word/footer1.xml"].count("Amira Okafor") == times


def test_fields_are_filled_in_in_text_alone() -> None:
    said = filled('<w:t w:name="{{learner}}">By {{learner}}</w:t><w:tab w:leader="{{learner}}"/>', {"learner": "Amira"})
    assert said == '<w:t w:name="{{learner}}">By Amira</w:t><w:tab w:leader="{{learner}}"/>'


def test_only_headings_have_levels(tmp_path: Path) -> None:
    """Nothing of the cover, of headers and of styles of one's own comes into the contents of a book."""
    some = [style("CoverHeading1", "Loud", LEVEL), style("Own", "Own", LEVEL), style("Heading1", "heading 1", LEVEL)]
    numbered = f"<w:p>{NUMBERED}{text('First')}</w:p>"
    outlined = f"<w:p>{LEVEL}{text('Ours')}</w:p>" + numbered + line(text("Loud"), style="CoverHeading1")
    cover = outlined + line(text("A heading"), style="Heading1")
    parts = made_with(with_stories(header=outlined, some=some, body=cover), tmp_path)
    assert "outlineLvl" not in parts["word/document.xml"] + parts["word/header1.xml"]
    assert "outlineLvl" not in parts["word/numbering.xml"]
    assert 'w:abstractNumId="900001"' in parts["word/numbering.xml"]
    levelled = re.findall(r'w:styleId="(\w+)"(?:(?!</w:style>).)*outlineLvl', parts["word/styles.xml"])
    assert "Heading1" in levelled
    assert set(levelled) <= looks.HEADINGS


def test_drawings_have_numbers_of_their_own(tmp_path: Path) -> None:
    """Wherever in its element a drawing says its number."""
    run = drawing().replace('<wp:docPr id="1" name="Picture 1" descr=""/>', '<wp:docPr descr="Ours" id="1" name="p"/>')
    assert 'descr="Ours" id' in run
    parts = made_with(with_stories(header=line(run), footer=line(run), body=line(text("Ours"), run)), tmp_path)
    numbers = [number for part in parts.values() for number in re.findall(r'<wp:docPr [^>]*\bid="([0-9]+)"', part)]
    assert len(numbers) >= 5
    assert len(numbers) == len(set(numbers))
