"""Templates that cannot be taken: each is refused with a plain sentence, with all of them when there are several."""

import base64
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from portfolio.documents.sandbox import Outcome
from portfolio.documents.wordtemplate import looks, opening, reading, taking
from portfolio.documents.wordtemplate.taking import Unfit, taken
from tests.documents import bombs, word_templates
from tests.documents.samples import picture
from tests.documents.word_templates import NAMES, drawing, line, package, related, rels, text, with_header, zipped

_CONTROL = related("rX", "control", "activeX/activeX1.xml")
_TYPE = "application/vnd.ms-word.document.macroEnabled.main+xml"
_GLOSSARY = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
_LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def locked() -> bytes:
    """Every member says that it is locked with a password."""
    data = bytearray(package(line(text("Ours"))))
    at = data.index(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


def twice() -> bytes:
    """A part that stands in the file twice."""
    output = io.BytesIO(package(line(text("Ours"))))
    with zipfile.ZipFile(output, "a") as target, pytest.warns(UserWarning, match="Duplicate"):
        target.writestr("word/document.xml", "<other/>")
    return output.getvalue()


def strict() -> bytes:
    """As Word saves it when it is told to be strict."""
    parts = {"word/document.xml": '<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"/>'}
    return package(parts=parts)


def many(count: int) -> bytes:
    """So many pictures on the cover."""
    made = {f"word/media/p{number}.png": picture("PNG", (2 + number, 2)) for number in range(count)}
    return package(
        line(*(drawing(f"r{number}") for number in range(count))),
        related_to="".join(related(f"r{number}", "image", f"media/p{number}.png") for number in range(count)),
        parts=made,
    )


def deep(levels: int) -> bytes:
    """Tables in tables in tables."""
    return package("<w:tbl><w:tr><w:tc>" * levels + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * levels)


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "half a file": (lambda: package(line(text("Ours")))[:600], opening.DAMAGED),
    "a sheet": (lambda: zipped({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<x/>"}), opening.NOT_WORD),
    "no main part": (lambda: zipped({"[Content_Types].xml": "<Types/>", "_rels/.rels": rels("")}), opening.NOT_WORD),
    "no body": (lambda: package(parts={"word/document.xml": f"<w:document {NAMES}/>"}), opening.DAMAGED),
    "macros by type": (lambda: package(main=_TYPE), opening.MACROS),
    "macros by part": (lambda: package(related_to=related("r1", "vbaProject", "vbaProject.bin")), opening.MACROS),
    "macros by name": (lambda: package(parts={"word/vbaProject.bin": b"x"}), opening.MACROS),
    "a template": (lambda: package(main=_GLOSSARY), opening.TEMPLATE),
    "strict": (strict, opening.STRICT),
    "entities": (lambda: package(line(text("&b;")), before=_LAUGHS), opening.ENTITIES),
    "broken text": (lambda: package("<w:p>"), "Its part word/document.xml is broken. Open the file in Word"),
    "broken header": (lambda: with_header("<w:p>", pictures=False), "Its part word/header1.xml is broken."),
    "broken styles": (
        lambda: package(related_to=related("r1", "styles", "styles.xml"), parts={"word/styles.xml": "<w:styles>"}),
        "Its part word/styles.xml is broken.",
    ),
    "broken relationships": (lambda: package(parts={"word/_rels/document.xml.rels": "<"}), "_rels/document.xml.rels"),
    "a document inside": (lambda: package('<w:altChunk r:id="r1"/>'), opening.CHUNKS),
    "a page inside": (lambda: package(related_to=related("r1", "aFChunk", "page.htm")), opening.CHUNKS),
    "an object": (lambda: package("<w:p><w:r><w:object/></w:r></w:p>"), opening.OBJECTS),
    "an object in the header": (lambda: with_header("<w:p><w:r><w:object/></w:r></w:p>"), opening.OBJECTS),
    "a sheet inside": (lambda: package(related_to=related("r1", "package", "embeddings/s.xlsx")), opening.OBJECTS),
    "a control": (lambda: package(related_to=_CONTROL), opening.OBJECTS),
    "tracked changes": (lambda: package(f'<w:p><w:ins w:id="1">{text("new")}</w:ins></w:p>'), opening.TRACKED),
    "tracked looks": (lambda: package("<w:p><w:pPr><w:pPrChange/></w:pPr></w:p>"), opening.TRACKED),
    "comments": (lambda: package('<w:p><w:r><w:commentReference w:id="1"/></w:r></w:p>'), opening.COMMENTS),
    "a remote picture": (
        lambda: package(related_to=related("r1", "image", "https://far.example/p.png", external=True)),
        opening.REMOTE_PICTURE,
    ),
    "a picture by link": (lambda: package(line(drawing(link="link"))), opening.REMOTE_PICTURE),
    "a remote object": (
        lambda: package(related_to=related("r1", "oleObject", "file:///C:/s.xlsx", external=True)),
        opening.REMOTE,
    ),
    "a frame": (lambda: package(related_to=related("r1", "frame", "https://x.example", external=True)), opening.REMOTE),
    "a part of another document": (lambda: package('<w:subDoc r:id="r1"/>'), opening.REMOTE),
    "an unknown field": (lambda: package(line(text("{{shoe size}}"))), "There is no field called “shoe size”."),
    "a field of nothing": (lambda: package(line(text("{{ }}"))), "There is no field called “”."),
    "an open field": (lambda: package(line(text("By {{learner}"))), "Two braces are opened and not closed in “By"),
    "a field over a tab": (lambda: package(line(text("{{lear"), "<w:p/>")), "opened and not closed in “lear”"),
    "locked": (locked, opening.LOCKED),
    "a part twice": (twice, opening.DAMAGED),
    "much inside": (lambda: package(parts={"word/big.xml": b" " * 41_000_000}), opening.LARGE_INSIDE),
    "many parts": (lambda: package(parts={f"word/p{n}.bin": b"" for n in range(1_001)}), opening.MANY_INSIDE),
    "many pictures": (lambda: many(41), reading.MANY_PICTURES),
    "many styles": (
        lambda: package(
            related_to=related("r1", "styles", "styles.xml"),
            parts={
                "word/styles.xml": word_templates.styles(
                    *(word_templates.style(f"s{number}", f"s{number}") for number in range(1_001))
                )
            },
        ),
        looks.MANY_STYLES,
    ),
    "tables within tables": (lambda: deep(200), "is broken"),
}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_it_is_refused_with_the_reason(name: str, tmp_path: Path) -> None:
    """And with nothing of it kept."""
    make, said = REFUSED[name]
    path = tmp_path / "sent.docx"
    path.write_bytes(make())
    answer = reading.read(str(path))
    assert isinstance(answer, dict)
    assert list(answer) == ["faults"]
    faults = answer["faults"]
    assert isinstance(faults, list)
    assert any(said in str(fault) for fault in faults), faults


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "sent.docx"
    path.write_bytes(
        package(
            line(text("{{shoe size}} {{hat size}} {{open")) + '<w:altChunk r:id="r1"/>' + "<w:p><w:del/></w:p>",
        )
    )
    with pytest.raises(Unfit) as unfit:
        taken(path)
    assert unfit.value.faults[:2] == (opening.CHUNKS, opening.TRACKED)
    assert {"There is no field called “shoe size”.", "There is no field called “hat size”."} < set(unfit.value.faults)
    assert len(unfit.value.faults) == 5


def test_faults_of_the_package_are_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "sent.docx"
    far = related("r1", "image", "https://far.example/p.png", external=True)
    path.write_bytes(package(related_to=far + _CONTROL, main=_TYPE))
    with pytest.raises(Unfit) as unfit:
        taken(path)
    assert set(unfit.value.faults) == {opening.MACROS, opening.OBJECTS, opening.REMOTE_PICTURE}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", opening.NOT_WORD),
        (b"Dear centre", opening.NOT_WORD),
        (b"%PDF-1.7", opening.NOT_WORD),
        (b"{\\rtf1 plain}", opening.NOT_WORD),
        (b"PK\x03\x04" + b"\xff" * 400, opening.DAMAGED),
    ],
)
def test_what_is_no_word_file(data: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "sent.docx"
    path.write_bytes(data)
    with pytest.raises(Unfit) as unfit:
        taken(path)
    assert unfit.value.faults == (said,)


def test_old_and_locked_files_of_word(tmp_path: Path) -> None:
    """Told apart by what stands in their directory."""
    path = tmp_path / "sent.docx"
    for name, said in (("WordDocument", opening.OLD), ("EncryptedPackage", opening.LOCKED)):
        path.write_bytes(bombs.compound(name))
        with pytest.raises(Unfit) as unfit:
            taken(path)
        assert unfit.value.faults == (said,)


def test_a_large_file_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "MOST", 100)
    path = tmp_path / "sent.docx"
    path.write_bytes(package())
    with pytest.raises(Unfit, match="larger than 5 MB"):
        taken(path)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Outcome(None, "It took too long."), taking.TOO_LONG),
        (Outcome("nonsense"), opening.DAMAGED),
        (Outcome({"package": 1, "facts": [], "notes": []}), opening.DAMAGED),
        (Outcome({"package": "%%%", "facts": [], "notes": []}), opening.DAMAGED),
        (Outcome({"package": "UEsDBA==", "facts": [], "notes": []}), opening.DAMAGED),
        (Outcome({"package": base64.b64encode(zipped({})).decode(), "facts": [], "notes": []}), opening.DAMAGED),
    ],
)
def test_a_process_that_answers_nonsense(
    answer: Outcome, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Is not believed."""
    monkeypatch.setattr(taking, "run_limited", lambda *_arguments, **_limits: answer)
    path = tmp_path / "sent.docx"
    path.write_bytes(package())
    with pytest.raises(Unfit) as unfit:
        taken(path)
    assert unfit.value.faults == (said,)


def test_what_cannot_be_shown_is_left_out(tmp_path: Path) -> None:
    """A picture that is none, or that is far too large inside, goes; all else stays."""
    for data in (b"no picture", bombs.pixels(), wide_png()):
        path = tmp_path / "sent.docx"
        path.write_bytes(with_header(line(drawing(), text("Harrow Dale")), pictures=True))
        with zipfile.ZipFile(path) as source:
            parts = {name: source.read(name) for name in source.namelist()}
        path.write_bytes(zipped({**parts, "word/media/logo.png": data}))
        answer = reading.read(str(path))
        assert isinstance(answer, dict)
        assert answer["notes"] == [reading.PICTURE_LEFT]


def wide_png() -> bytes:
    """A PNG that says it is a hundred thousand dots wide and high."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def test_values_that_word_stumbles_over_go(tmp_path: Path) -> None:
    """With the element that has them, and elements where they must not stand; the text stays."""
    odd = (
        '<w:p><w:r><w:rPr><w:sz w:val="huge"/><w:color w:val="reddish"/><w:b w:val="perhaps"/><w:i/></w:rPr>'
        '<w:t>odd</w:t></w:r><w:pPr><w:jc w:val="somewhere"/><w:keepNext/></w:pPr></w:p><w:tbl/><w:tr/><w:t>lost</w:t>'
        "<w:tbl><w:tr/></w:tbl><w:tbl><w:tr><w:tc/></w:tr></w:tbl>"
    )
    path = tmp_path / "sent.docx"
    path.write_bytes(package(odd))
    with zipfile.ZipFile(io.BytesIO(taken(path).content)) as kept:
        document = kept.read("word/document.xml").decode()
    assert (
        "<w:p><w:pPr><w:keepNext/></w:pPr><w:r><w:rPr><w:i/></w:rPr>"
        '<w:t xml:space="preserve">odd</w:t></w:r></w:p><w:tbl>' in document
    )
    assert "lost" not in document
    assert document.count("<w:tbl>") == 1
    assert "<w:tc><w:p/></w:tc>" in document
