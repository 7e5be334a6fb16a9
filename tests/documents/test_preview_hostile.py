"""Odd, broken and hurtful files through the maker of previews: each is answered in time, and nothing of it stays."""

import csv
import os
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from portfolio.documents.preview import MAX_PARTS, Manifest, check_parts
from portfolio.documents.preview_pictures import FORMATS
from portfolio.documents.sandbox import Previewer
from portfolio.documents.sniff import inspect
from portfolio.errors import Rejected
from portfolio.previews.rules import MADE
from tests.documents.preview_bombs import HURTFUL

COLLECTION = Path(__file__).parents[3] / "shared" / "hostile-dev"
ACCEPT = "A"
LONGEST_SECONDS = 65
MOST_MEMORY = 150 * 1000**2
PAGE = os.sysconf("SC_PAGE_SIZE")


def resident() -> int:
    """How much memory this process has, in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


def processes() -> float:
    """Seconds of processor time that ended children have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def made(path: Path, media_type: str, folder: Path) -> Manifest:
    """A preview, checked: sound parts, nothing beside them, a reason where there is nothing."""
    folder.mkdir()
    manifest = Previewer()(path, media_type, folder)
    check_parts(manifest, folder)
    assert len(manifest.parts()) <= MAX_PARTS
    assert manifest.pieces or manifest.note.endswith(".")
    assert manifest.pieces or not list(folder.iterdir())
    return manifest


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where temporary files would be; it is empty at the end."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


@pytest.mark.usefixtures("temporary")
@pytest.mark.parametrize("name", list(HURTFUL))
def test_what_was_made_to_hurt_is_answered(tmp_path: Path, name: str) -> None:
    media_type, build = HURTFUL[name]
    source = tmp_path / "source"
    source.write_bytes(build())
    before, used, started = resident(), processes(), time.monotonic()
    manifest = made(source, media_type, tmp_path / "parts")
    assert time.monotonic() - started < LONGEST_SECONDS
    assert processes() - used < LONGEST_SECONDS / 2
    assert resident() - before < MOST_MEMORY
    if name.startswith("laughs") or "entity" in name:
        assert "entities" in manifest.note


def taken() -> Iterator[tuple[Path, str, str]]:
    """Those files of the collection that are taken at all, with what must happen to them."""
    if COLLECTION.is_dir():
        with (COLLECTION / "manifest.csv").open(encoding="utf-8", newline="") as listed:
            for row in csv.DictReader(listed):
                path = COLLECTION / row["file"]
                try:
                    yield path, inspect(path, path.name).media_type, row["expect"]
                except Rejected:
                    continue


@pytest.mark.usefixtures("temporary")
def test_every_file_that_is_taken_has_a_preview_or_a_reason(tmp_path: Path) -> None:
    files = [file for file in taken() if file[1] in MADE]
    if not files:
        pytest.skip("the collection of odd files is not there")
    for number, (path, media_type, expected) in enumerate(files):
        manifest = made(path, media_type, tmp_path / str(number))
        assert manifest.pieces or expected != ACCEPT, f"{path.name}: {manifest.note}"
        if expected == ACCEPT and media_type in FORMATS:
            assert len(manifest.pieces[0].shots) == 1, path.name
