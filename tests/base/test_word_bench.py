"""The bench of the Word book: each other way holds the same as ours, what holds something else is found out, and a
comparator that is not there ends it.
"""

import io
import zipfile
from pathlib import Path

import pytest

from portfolio.documents.wordbook.writer import write_book
from tests.bench import apart, word
from tests.bench.books import Size, book
from tests.bench.word_rivals import given, laid_out, shape, write_cell_by_cell, write_python_docx, write_strings

TINY = Size(1, 5, 10)


def ours() -> bytes:
    """A book with an item of each kind."""
    target = io.BytesIO()
    write_book(target, book(TINY, streamed=True))
    return target.getvalue()


@pytest.mark.parametrize("write", [write_strings, write_python_docx, write_cell_by_cell])
def test_another_way_holds_the_same(write: word.Writer) -> None:
    made = ours()
    target = io.BytesIO()
    write(target, given(made))
    assert shape(target.getvalue()) == shape(made)


def test_bare_strings_are_the_same_xml() -> None:
    made = ours()
    target = io.BytesIO()
    write_strings(target, given(made, has_nodes=False))
    with zipfile.ZipFile(io.BytesIO(made)) as first, zipfile.ZipFile(target) as second:
        assert {name: first.read(name) for name in first.namelist()} == {
            name: second.read(name) for name in second.namelist()
        }


@pytest.mark.parametrize(
    ("there", "instead"),
    [
        (b">Evidence index<", b">Evidence list<"),
        (b'w:anchor="item_E0001"', b'w:anchor="item_E0002"'),
        (b"<w:tc>", b"<w:xx>"),
    ],
)
def test_something_else_is_found_out(there: bytes, instead: bytes) -> None:
    made = ours()
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, swapped(data, there, instead) if name == "word/document.xml" else data)
    assert shape(changed.getvalue()) != shape(made)


def swapped(data: bytes, there: bytes, instead: bytes) -> bytes:
    """The first place changed; a table cell with its end."""
    if there == b"<w:tc>":
        start = data.index(there)
        end = data.index(b"</w:tc>", start)
        return data[:start] + instead + data[start + len(there) : end] + b"</w:xx>" + data[end + 7 :]
    assert there in data
    return data.replace(there, instead, 1)


def test_content_for_the_others_has_its_pictures(tmp_path: Path) -> None:
    content = given(ours())
    nodes, media = laid_out(content, tmp_path)
    assert nodes.stat().st_size > 10_000
    assert sum(1 for _ in (media / "media").iterdir()) == len(
        [name for name, _ in content.parts if name.startswith("word/media/")]
    )


def test_a_comparator_that_is_not_there_ends_the_bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = tmp_path / "word_rival.txt"
    lock.write_text("!!! no requirement\n")
    monkeypatch.setattr(word, "LOCK", lock)
    monkeypatch.setattr(apart, "PLACES", tmp_path)
    with pytest.raises(SystemExit, match="--without docxtpl,pandoc"):
        word.main(["--sizes", "S", "--rounds", "1"])
