"""The Word portfolio as a file: well made, the same every time, and with everything in it that was given."""

import io
import re
import subprocess
import sys
import tempfile
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from docx_integrity import check
from openxml_audit import OpenXmlValidator

from portfolio.documents.blocks import Block, CodeBlock, Extract, Heading, ListItem, Paragraph, Picture, Run, Table
from portfolio.documents.markdown import to_blocks
from portfolio.documents.wordbook.content import Book, FilePart, ItemPart
from portfolio.documents.wordbook.writer import write_book
from tests.documents.books import ACCOUNT, book, picture
from tests.documents.well_made import body, lacks, visible

OWN_LINK = "https://intranet.example.org/complaints?view=full&amp;lang=en"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def written(content: Book) -> bytes:
    target = io.BytesIO()
    write_book(target, content)
    return target.getvalue()


def with_blocks(*blocks: Block) -> Book:
    """The book with one item that holds just these blocks."""
    first, *others = book().items
    return replace(book(), items=(replace(first, files=(), body=blocks), *others))


def test_a_whole_book_is_well_made() -> None:
    assert lacks(written(book())) == []


def test_nothing_but_names_still_makes_a_book() -> None:
    bare = replace(book(), units=(), index=(), items=(), audit=None, facts=(), glossary=(), notice="")
    data = written(bare)
    assert "Amira Okafor" in visible(data)
    assert [fault for fault in lacks(data) if "heading" not in fault] == []


def test_office_checkers_find_nothing(tmp_path: Path) -> None:
    path = tmp_path / "book.docx"
    path.write_bytes(written(book()))
    found = OpenXmlValidator().validate(path)
    assert [error.description for error in found.errors] == []
    assert list(check(str(path))) == []


def test_python_docx_opens_it() -> None:
    document = Document(io.BytesIO(written(book())))
    assert document.core_properties.title == "Portfolio of evidence: Amira Okafor"
    assert document.core_properties.author == "Northgate Skills Centre"
    assert document.core_properties.language == "en-GB"
    assert [section.orientation for section in document.sections] == [0, 0, 1, 0]


def test_the_same_book_gives_the_same_bytes() -> None:
    assert written(book()) == written(book())


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_same_bytes_in_another_process(seed: str) -> None:
    program = (
        "import sys\n"
        "from tests.documents.books import book\n"
        "from portfolio.documents.wordbook.writer import write_book\n"
        "write_book(sys.stdout.buffer, book())"
    )
    root = Path(__file__).parents[2]
    environment = {"PYTHONHASHSEED": seed, "PYTHONPATH": str(root), "TZ": "Asia/Tokyo"}
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, env=environment, cwd=root)
    streamed, ours = zipfile.ZipFile(io.BytesIO(done.stdout)), zipfile.ZipFile(io.BytesIO(written(book())))
    assert streamed.namelist() == ours.namelist()
    assert all(streamed.read(name) == ours.read(name) for name in ours.namelist())


def test_times_in_the_zip_are_those_of_the_book() -> None:
    with zipfile.ZipFile(io.BytesIO(written(book()))) as package:
        assert {member.date_time for member in package.infolist()} == {(2026, 11, 22, 14, 5, 8)}


def test_the_text_is_deflated_at_the_quick_level() -> None:
    with zipfile.ZipFile(io.BytesIO(written(book()))) as package:
        member = package.getinfo("word/document.xml")
        packer = zlib.compressobj(3, zlib.DEFLATED, -15)
        assert member.compress_size == len(packer.compress(package.read(member)) + packer.flush())


def test_index_and_items_must_tell_of_the_same() -> None:
    first, *_ = book().items
    with pytest.raises(ValueError, match="names E002"):
        written(replace(book(), items=(first,)))
    with pytest.raises(ValueError, match="twice"):
        written(replace(book(), items=(*book().items, first)))


def test_items_are_read_one_by_one() -> None:
    alive: list[str] = []

    class Watched:
        """Items that tell when they are asked for."""

        def __iter__(self) -> "Watched":
            self._items = iter(book().items)
            return self

        def __next__(self) -> ItemPart:
            item = next(self._items)
            alive.append(item.ref)
            return item

    written(replace(book(), items=Watched()))
    assert alive == ["E001", "E002", "E003"]


def test_references_lead_to_items_and_to_the_index_for_what_is_held_elsewhere() -> None:
    root = body(written(book()))
    anchors = {
        "".join(t.text or "" for t in link.iter(f"{W}t")): link.get(f"{W}anchor") for link in root.iter(f"{W}hyperlink")
    }
    assert anchors["E001"] == "item_E001"
    assert anchors["1.1"] is not None
    assert anchors["1.1"].startswith("criterion_HRCC_L3_1_1_")
    assert "E004" not in anchors


def test_contents_list_what_the_book_has() -> None:
    text = visible(written(book()))
    contents = text[text.index("Contents") : text.index("Each line is a link")]
    for title in (
        "HRCC-L3 Handle referred customer complaints",
        "Criteria and evidence",
        "Still to do",
        "E003 Chart of",
    ):
        assert title in contents


def test_headings_of_evidence_go_under_the_items_own() -> None:
    blocks = (Heading(3, (Run("deep"),)), Heading(1, (Run("shallow"),)), Heading(6, (Run("deeper"),)))
    data = written(with_blocks(*blocks))
    assert lacks(data) == []
    styles = {
        "".join(t.text or "" for t in p.iter(f"{W}t")): p.find(f"{W}pPr/{W}pStyle").get(f"{W}val")  # type: ignore[union-attr]
        for p in body(data).iter(f"{W}p")
        if p.find(f"{W}pPr/{W}pStyle") is not None
    }
    assert (styles["deep"], styles["shallow"], styles["deeper"]) == ("Heading4", "Heading4", "Heading5")


def test_each_ordered_list_counts_from_one() -> None:
    items = [ListItem((Run(f"{no}"),), 0, ordered=True, list_no=no) for no in (1, 1, 2, 2)]
    data = written(with_blocks(*items))
    used = [e.get(f"{W}val") for e in body(data).iter(f"{W}numId")]
    assert used[-4:-2] != used[-2:] or len(set(used)) >= 3
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        numbering = package.read("word/numbering.xml").decode()
    assert numbering.count("<w:startOverride") >= 2


def test_markdown_comes_through_whole() -> None:
    data = written(with_blocks(*to_blocks(ACCOUNT)))
    assert lacks(data) == []
    for text in ("three times", "You are the first one", "same day for anything urgent", "Cause found", "our intranet"):
        assert text in visible(data)


def test_ragged_and_enormous_tables_stay_sound() -> None:
    ragged = Table(((), ((Run("a"),),), tuple((Run(str(n)),) for n in range(70))))
    assert lacks(written(with_blocks(ragged, Table(()), Table(((),))))) == []


def test_a_picture_stands_in_the_package_once_however_often_it_is_shown() -> None:
    white, black = picture(300, 200, "#ffffff"), picture(300, 200, "#000000")
    first, *others = book().items
    data = written(
        replace(
            book(),
            items=(
                replace(first, files=(FilePart("a.png", Extract((white, white, black))),)),
                *(replace(item, files=(FilePart("b.png", Extract((white,))),)) for item in others),
            ),
        )
    )
    assert lacks(data) == []
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        media = [m for m in package.infolist() if m.filename.startswith("word/media/")]
        kept = [package.read(m) for m in media]
        body = package.read("word/document.xml").decode()
    assert sorted(kept) == sorted((white.data, black.data))
    assert {m.compress_type for m in media} == {zipfile.ZIP_STORED}
    drawings = re.findall(r'<wp:docPr id="(\d+)"', body)
    assert len(drawings) == len(set(drawings)) == len(re.findall("<a:blip ", body)) == 3 + len(others)


def test_a_link_that_no_reader_would_take_stays_text() -> None:
    addresses = ("javascript:alert(1)", "file:///etc/passwd", "http://[", "mailto:", "https://", "http://a b/", "//x/y")
    data = written(with_blocks(*(Paragraph((Run(f"see {n}", link=a),)) for n, a in enumerate(addresses))))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        relationships = package.read("word/_rels/document.xml.rels").decode()
    assert re.findall(r'Target="([^"]+)" TargetMode="External"', relationships) == [OWN_LINK]
    assert all(f"see {n}" in visible(data) for n in range(len(addresses)))
    assert lacks(data) == []


def test_text_that_looks_like_markup_stays_text() -> None:
    text = "</w:t></w:r></w:p><w:p>&amp;]]><!-- \"'"
    assert text in visible(written(with_blocks(Paragraph((Run(text),)), CodeBlock(text))))


def test_a_book_can_go_to_a_pipe() -> None:
    class Pipe(io.RawIOBase):
        """Takes bytes and nothing else."""

        def __init__(self) -> None:
            self.taken = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data: bytes) -> int:  # type: ignore[override]
            self.taken += data
            return len(data)

    pipe = Pipe()
    write_book(pipe, book())  # type: ignore[arg-type]
    assert lacks(bytes(pipe.taken)) == []


def test_no_file_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    extract = Extract((picture(),))
    first, *others = book().items
    written(replace(book(), items=(replace(first, files=(FilePart("a.png", extract),)), *others)))
    assert list(tmp_path.iterdir()) == []
    assert isinstance(extract.blocks[0], Picture)
