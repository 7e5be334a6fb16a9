"""A Word file with words in every place that the format has: none is left, and everything else is as it was."""

import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from docx.document import Document as WordFile
from docx.shared import RGBColor
from docx_integrity import check
from openxml_audit import OpenXmlValidator
from PIL import Image

from portfolio.documents.redaction import apart
from portfolio.documents.redaction.plan import Plan, Swap
from portfolio.documents.redaction.work import Refused
from tests.documents.redaction.office_letter import letter
from tests.documents.redaction.office_samples import WORD, Planted, read, redacted, unpacked
from tests.documents.samples import picture


def test_nothing_of_any_place_is_left(tmp_path: Path) -> None:
    planted = Planted()
    data = letter(planted)
    assert len(planted.by_place) > 50
    assert len(planted.left_in(data)) > 50
    result = redacted(data, planted.plan(), tmp_path)
    assert planted.left_in(result) == []
    assert (
        planted.left_in("\n".join(paragraph.text for paragraph in Document(io.BytesIO(result)).paragraphs).encode())
        == []
    )


def test_everything_else_is_kept(tmp_path: Path) -> None:
    planted = Planted()
    data = letter(planted)
    plan = planted.plan()
    document = Document(io.BytesIO(redacted(data, plan, tmp_path)))
    numbers = {swap.words: swap.stand_in for swap in plan.swaps}
    first, *others = document.paragraphs
    assert first.text == f"Dear {numbers[planted('split runs')]}, thank you."
    assert [run.text for run in first.runs if run.bold] == [numbers[planted("split runs")]]
    said = [paragraph.text for paragraph in others]
    assert f"{numbers[planted('two paragraphs')]}" in said
    assert " lives here." in said
    assert f"Now {numbers[planted('added')]}" in said
    assert "First half, second half." in said
    assert document.core_properties.title == f"About {numbers[planted('title')]}"
    assert document.core_properties.author == ""
    header = document.sections[0].header
    assert [paragraph.text for paragraph in header.paragraphs] == [numbers[planted("header")]]
    assert [comment.author for comment in document.comments] == ["Author 1"]
    with zipfile.ZipFile(io.BytesIO(redacted(data, plan, tmp_path))) as archive:
        pictures = [name for name in archive.namelist() if "/media/" in name]
        before, after = (Image.open(io.BytesIO(one)) for one in (picture(), archive.read(pictures[0])))
        assert before.convert("RGB").tobytes() == after.convert("RGB").tobytes()
        inside = openpyxl.load_workbook(io.BytesIO(archive.read("word/embeddings/book1.xlsx")))
        text = archive.read("word/document.xml").decode()
        drawn = archive.read("word/charts/chart1.xml").decode()
    assert [cell.value for cell in inside.worksheets[0][1]] == [numbers[planted("workbook inside")], 3]
    assert f"'{inside.worksheets[0].title}'!$A$1" in drawn
    mark = numbers[planted("bookmark")].replace(" ", "_")
    assert f'w:name="{mark}"' in text
    assert f'w:anchor="{mark}"' in text
    told = re.findall("<w:instrText[^>]*>([^<]*)<", text)
    assert f" REF {mark} " in "".join(told)
    assert "rsid" not in text
    assert "OLEObject" not in text


def test_the_walk_reads_every_place(tmp_path: Path) -> None:
    planted = Planted()
    texts = read(letter(planted), tmp_path, WORD)
    said = "\n".join(text.words for text in texts)
    never_read = {"remark", "part that nothing names", "small picture", "object", "second drawing"}
    joined = {place: name for place, name in planted.by_place.items() if place not in never_read}
    missing = [place for place, name in joined.items() if name not in said.replace("\n", " ").replace("_", " ")]
    assert missing == []
    seen = {text.words for text in texts if text.is_seen}
    assert planted("table") in seen
    assert not seen & {planted("hidden"), planted("struck"), planted("comment"), planted("author")}


def test_the_same_file_gives_the_same_bytes(tmp_path: Path) -> None:
    planted = Planted()
    data, plan = letter(planted), planted.plan()
    once = redacted(data, plan, tmp_path)
    assert once == redacted(data, plan, tmp_path)
    assert once == redacted(once, plan, tmp_path), "nothing is left to do"


def made_by_hand() -> bytes:
    """A letter as a person writes one: styles, a list, a table and a picture."""
    document = Document()
    document.add_heading("Your complaint", 1)
    paragraph = document.add_paragraph("Dear ")
    said = paragraph.add_run("Margaret")
    said.italic, said.font.color.rgb = True, RGBColor(200, 0, 0)
    paragraph.add_run(" Halewick, call 01632 960")
    paragraph.add_run(" 123 or write.").bold = True
    document.add_paragraph("We are sorry.", style="List Bullet")
    table = document.add_table(2, 2, style="Light Grid Accent 1")
    table.cell(1, 1).text = "Margaret Halewick"
    document.add_picture(io.BytesIO(picture()))
    document.add_comment(paragraph.runs, "Margaret Halewick rang.", author="Dafydd Osterley", initials="DO")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


HALEWICK = Plan((Swap("Margaret Halewick", "Customer A", "PERSON"), Swap("01632 960123", "[phone 1]", "PHONE")))


def test_a_valid_letter_stays_valid_and_keeps_its_looks(tmp_path: Path) -> None:
    before, result = made_by_hand(), redacted(made_by_hand(), HALEWICK, tmp_path)
    old, new = Document(io.BytesIO(before)), Document(io.BytesIO(result))
    assert styles(old) == styles(new)
    assert new.paragraphs[1].text == "Dear Customer A, call [phone 1] or write."
    assert [run.text for run in new.paragraphs[1].runs[:4]] == ["Dear ", "Customer A", ", call [phone 1]", " or write."]
    assert new.paragraphs[1].runs[1].italic
    assert new.paragraphs[1].runs[3].bold
    assert new.tables[0].cell(1, 1).text == "Customer A"
    path = tmp_path / "letter.docx"
    path.write_bytes(result)
    (tmp_path / "before.docx").write_bytes(before)
    assert faults(path) <= faults(tmp_path / "before.docx")
    assert {one.code for one in check(str(path))} <= {one.code for one in check(str(tmp_path / "before.docx"))}
    assert not any("Osterley" in layer for layer in unpacked(result))


def styles(document: WordFile) -> list[str]:
    """What each paragraph and table is to look like."""
    named = [one.style for one in document.paragraphs] + [one.style for one in document.tables]
    return [str(style and style.name) for style in named]


def faults(path: Path) -> set[str]:
    """What a checker has against a file."""
    return {error.description for error in OpenXmlValidator().validate(path).errors}


def test_the_report_says_what_went(tmp_path: Path) -> None:
    (tmp_path / "letter.docx").write_bytes(made_by_hand())
    report = apart.redact(tmp_path / "letter.docx", WORD, tmp_path / "out.docx", HALEWICK)
    assert report.counts == {"PERSON": 3, "PHONE": 1}
    assert "who wrote each comment" in report.gone
    whole = apart.read_whole(tmp_path / "letter.docx", WORD, tmp_path)
    assert ("Comments", "Margaret Halewick rang.") in {(one.place, one.words) for one in whole.texts}
    assert "who wrote and saved the file, when, and for whom" in whole.gone


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 no archive", b"PK\x05\x06" + b"\0" * 18, made_by_hand()[:9000]])
def test_what_is_no_word_file_is_refused(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "letter.docx").write_bytes(data)
    with pytest.raises(Refused, match=r"\.$"):
        apart.redact(tmp_path / "letter.docx", WORD, tmp_path / "out.docx", HALEWICK)
    assert not (tmp_path / "out.docx").exists()


def test_properties_say_the_title_and_the_program_and_nothing_else(tmp_path: Path) -> None:
    result = redacted(made_by_hand(), HALEWICK, tmp_path)
    with zipfile.ZipFile(io.BytesIO(result)) as archive:
        said = re.findall(">([^<\\n]+)<", archive.read("docProps/app.xml").decode())
    assert said == ["Microsoft Macintosh Word", "14.0000"]
    (tmp_path / "again.docx").write_bytes(result)
    again = apart.read_whole(tmp_path / "again.docx", WORD, tmp_path)
    assert not [said for said in again.gone if "who wrote and saved" in said]
