"""Odd and broken files from public collections, where they lie beside the project, and some of our own: each is
refused with a sentence or goes into a sound book."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from portfolio.documents.sandbox import Extractor
from portfolio.documents.sniff import inspect
from portfolio.documents.wordbook.content import FilePart
from portfolio.documents.wordbook.writer import write_book
from portfolio.errors import Rejected
from tests.documents import bombs
from tests.documents.books import book
from tests.documents.well_made import lacks

COLLECTION = Path(__file__).parents[3] / "shared" / "hostile-dev"
ACCEPT = "A"
SOME_BOMBS = ("entities.docx", "far-file.docx", "overlapping.docx", "noise.docx", "nothing.jpg")


def files(folder: Path) -> Iterator[tuple[Path, str]]:
    """Each file with what must happen to it."""
    for name in SOME_BOMBS:
        yield bombs.write(folder, name), "N"
    if COLLECTION.is_dir():
        with (COLLECTION / "manifest.csv").open(encoding="utf-8", newline="") as listed:
            for row in csv.DictReader(listed):
                yield COLLECTION / row["file"], row["expect"]


def answer(path: Path) -> tuple[str, str]:
    """The kind of a file that is taken, or the sentence that refuses it."""
    try:
        return inspect(path, path.name).media_type, ""
    except Rejected as refusal:
        return "", refusal.message


def test_every_file_is_refused_or_stands_in_a_sound_book(tmp_path: Path) -> None:
    parts = []
    with Extractor(tmp_path, seconds=5) as extract:
        for path, expected in files(tmp_path):
            media_type, refusal = answer(path)
            assert refusal.endswith(".") != bool(media_type), path
            assert media_type or expected != ACCEPT, path
            assert not media_type or path.parent.name not in {"active", "zip"}, path
            if media_type:
                parts.append(FilePart(path.name, extract(path, media_type, path.name)))
    first, *others = book().items
    target = io.BytesIO()
    write_book(target, replace(book(), items=(replace(first, files=parts), *others)))
    assert lacks(target.getvalue()) == []
