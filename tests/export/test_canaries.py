"""A book holds what is on record and was chosen, and nothing else: whatever the state and the kind of a file, in all of
its parts, in its pictures, and in the PDF of it.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from fnmatch import fnmatch
from hashlib import sha256
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from portfolio.documents import engines
from portfolio.documents.blocks import Picture
from portfolio.documents.sandbox import Extractor
from portfolio.documents.wordbook.laying_out import lay_out
from portfolio.export import book_queries
from portfolio.export.jobs import write_book_now
from portfolio.export.rules import Choice, Extent
from tests.documents.well_made import lacks
from tests.export.canaries import ALL_KINDS, LENGTH, MARK, World, every_file
from tests.export.planted_once import copied
from tests.policy.crawling import readings_of

CANARY = re.compile(rf"{MARK}[a-p]{{{LENGTH}}}", re.IGNORECASE)
ON_RECORD = "record", "redacted", "unused", "after", "noted", "overruled", "mended"
"""Amina's items of which there is something in a book, by what they are called in the end."""

HEAD = ("title", "role", "annotation", "place")
CONTENT = (
    "csv", "docx", "docx beside picture", "eml", "eml subject", "eml to", "md", "msg",
    "msg subject", "pptx", "rtf", "txt", "xlsx",
)  # fmt: skip
DECIDED = {
    "record": "marguerite", "redacted": "marguerite", "after": "marguerite", "overruled": "dafydd",
    "mended": "marguerite",
}  # fmt: skip
"""Whose words on an item are released and stand; they are in the chapters of the units too."""


@pytest.fixture(scope="module")
def world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Everything is planted."""
    with copied(sqlite_template, tmp_path_factory) as found:
        yield found


def written(world: World, choice: Choice, folder: Path) -> Path:
    """The book of amina, as the command line writes it."""
    path = folder / "book.docx"
    write_book_now(world.database, world.installation.store, world.cast.enrolments["amina"], path, choice=choice)
    return path


def of_unit(world: World) -> str:
    """The code of the unit for which everything was handed in."""
    with world.database.reading() as session:
        return book_queries.to_choose_from(session, world.cast.enrolments["amina"])[0][0][0]


def choice_of(world: World, name: str) -> tuple[Choice, tuple[str, ...]]:
    """What is chosen, and of which items there is then something in the book."""
    refs = tuple(world.words.refs[f"amina {item}"] for item in ("redacted", "overruled"))
    return {
        "whole": (Choice(), ON_RECORD),
        "unit": (Choice(Extent.UNIT, unit=of_unit(world)), ON_RECORD),
        "matrix": (Choice(Extent.MATRIX), ON_RECORD),
        "sample": (Choice(Extent.SAMPLE, refs=refs), ("redacted", "overruled")),
        "header sheets": (Choice(has_content=False), ON_RECORD),
        "header sheets of a sample": (Choice(Extent.SAMPLE, refs=refs, has_content=False), ("redacted", "overruled")),
    }[name]


CHOICES = ["whole", "unit", "matrix", "sample", "header sheets", "header sheets of a sample"]


def expected(world: World, name: str) -> set[str]:
    """The places whose words stand in the book of a choice."""
    choice, shown = choice_of(world, name)
    patterns = set()
    for item in ON_RECORD:
        texts = {"redacted": "original", "mended": "nothing of it"}.get(item, item)
        has_sheet = item in shown and choice.extent is not Extent.MATRIX
        patterns |= {f"{texts} title"} | ({f"{texts} {part}" for part in HEAD} if has_sheet else set())
        if has_sheet and choice.has_content:
            patterns |= {f"{texts} context", f"{texts} name *"}
            files = "nothing of it" if item == "mended" else item
            patterns |= {f"{files} {part}" for part in CONTENT}
        if choice.extent is not Extent.MATRIX and item in DECIDED:
            patterns |= {f"{item} by {DECIDED[item]} {part}" for part in ("feedback", "on criterion")}
    places = world.words.by_place
    return {place for place in places if any(fnmatch(place, f"amina {pattern}") for pattern in patterns)}


def places_in(world: World, said: str) -> set[str]:
    """The places whose words stand in a text; whatever looks like one of ours is one."""
    by_word = {word: place for place, word in world.words.by_place.items()}
    return {by_word[word.lower()] for word in CANARY.findall(said)}


@pytest.mark.parametrize("name", CHOICES)
def test_a_book_holds_what_was_chosen_and_nothing_else(world: World, name: str, tmp_path: Path) -> None:
    content = written(world, choice_of(world, name)[0], tmp_path).read_bytes()
    assert lacks(content) == []
    assert places_in(world, " ".join(readings_of(content))) == expected(world, name)
    assert pictures_of(content) <= pages_drawn(world, ("record", "redacted", "unused", "after", "noted", "overruled"))
    if name == "whole":
        assert pages_drawn(world, ("record", "redacted", "after")) <= pictures_of(content)


def pictures_of(book: bytes) -> set[str]:
    """The digest of each picture in a book; none of them carries anything beside what is seen."""
    found = set()
    with zipfile.ZipFile(io.BytesIO(book)) as package:
        for name in package.namelist():
            if name.startswith("word/media/"):
                data = package.read(name)
                with Image.open(io.BytesIO(data)) as image:
                    told = set(image.info) - {"dpi", "jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive"}
                    assert not told | set(image.getexif()), name
                found.add(sha256(data).hexdigest())
    return found


def pages_drawn(world: World, items: tuple[str, ...]) -> set[str]:
    """The digest of each picture that the files of these items become."""
    folder = world.installation.settings.home / "drawn"
    folder.mkdir(exist_ok=True)
    found = set()
    with Extractor(folder) as extract:
        for item in items:
            for number, (content, name, media_type) in enumerate(every_file(world.words, f"amina {item}")):
                path = folder / str(number)
                path.write_bytes(content)
                blocks = extract(path, media_type, name).blocks
                found |= {sha256(block.data).hexdigest() for block in blocks if isinstance(block, Picture)}
    return found


@pytest.mark.office
@pytest.mark.parametrize("name", ["whole", "header sheets of a sample"])
def test_the_pdf_holds_no_more_than_the_book(world: World, name: str, tmp_path: Path) -> None:
    """On its pages, and in whatever else is in it."""
    if engines.office() is None:
        pytest.skip("LibreOffice is not installed")
    path, pdf = written(world, choice_of(world, name)[0], tmp_path), tmp_path / "book.pdf"
    assert lay_out(path, pdf)
    allowed = expected(world, name)
    assert places_in(world, " ".join(readings_of(path.read_bytes()))) == allowed
    document = pypdfium2.PdfDocument(pdf)
    said = " ".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    seen = places_in(world, "".join(said.split()))
    assert seen <= allowed
    assert len(seen) > len(allowed) / 2
    assert places_in(world, " ".join(_streams(pdf))) <= allowed


def _streams(path: Path) -> Iterator[str]:
    """Everything in a PDF, unpacked."""
    yield path.read_bytes().decode("latin-1")
    with pikepdf.open(path) as pdf:
        yield str(pdf.docinfo)
        for found in pdf.objects:
            yield repr(found)
            if isinstance(found, pikepdf.Stream):
                try:
                    yield found.read_bytes().decode("latin-1")
                except pikepdf.PdfError:
                    yield found.read_raw_bytes().decode("latin-1")


def test_every_kind_of_file_is_among_them(world: World) -> None:
    kinds = {media_type for _content, _name, media_type in every_file(world.words, "amina record")}
    assert len(kinds) >= 14
    assert {"record", "draft", "hidden", "original", "redacted", "before", "after"} == ALL_KINDS
    assert len(world.words.by_place) == len(set(world.words.by_place.values())) > 500
