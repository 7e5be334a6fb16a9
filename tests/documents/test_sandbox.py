"""The process apart: files come back as blocks, and a file that kills its reader costs only itself."""

import os
import signal
import time
from pathlib import Path

import pytest

from portfolio.documents.blocks import (
    Block,
    Card,
    CodeBlock,
    Extract,
    Heading,
    ListItem,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Run,
    Table,
)
from portfolio.documents.codec import Json, Malformed, decode, encode, into_folder, out_of_folder
from portfolio.documents.fragments import NOT_SHOWN
from portfolio.documents.sandbox import Extractor, run_limited
from tests.documents import bombs

PNG, JPEG = b"\x89PNG\r\n\x1a\n...", b"\xff\xd8\xff..."
ONE_OF_EACH: tuple[Block, ...] = (
    Heading(2, (Run("h"),)),
    Paragraph((Run("a", bold=True, italic=True, code=True, link="https://e.org"),), 1),
    ListItem((Run("i"),), 3, ordered=True, list_no=7),
    Quote((Run("\ud800"),)),
    CodeBlock("x\ny"),
    Rule(),
    Table((((Run("c"),), ()), ())),
    Picture(PNG, "image/png", 5, 6),
    Card("n", "t", 1, "d", "r", 7.5),
    Picture(JPEG, "image/jpeg", 5, 6),
)


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "note.md"
    path.write_text("# Hello", encoding="utf-8")
    return path


def hello(extract: Extractor, path: Path) -> bool:
    return extract(path, "text/markdown", "note.md") == Extract((Heading(1, (Run("Hello"),)),))


def test_blocks_survive_the_pipe(tmp_path: Path) -> None:
    extract = Extract(ONE_OF_EACH, "a note")
    assert decode(encode(extract, into_folder(tmp_path)), out_of_folder(tmp_path)) == extract
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {"blocks": "x", "note": ""},
        {"blocks": [["heading", "1", []]], "note": ""},
        {"blocks": [["heading", 1]], "note": ""},
        {"blocks": [["nonesuch"]], "note": ""},
        {"blocks": [["paragraph", [["text"]], 0]], "note": ""},
        {"blocks": [["paragraph", [], True]], "note": ""},
        {"blocks": [["picture", "../../etc/passwd", "image/png", 1, 1]], "note": ""},
        {"blocks": [["picture", "0", "image/svg+xml", 1, 1]], "note": ""},
        {"blocks": [["picture", "1", "image/png", 1, 1]], "note": ""},
        {"blocks": [["picture", "link", "image/png", 1, 1]], "note": ""},
        {"blocks": [["picture", "2", "image/jpeg", 1, 1]], "note": ""},
        {"blocks": [["picture", "2", "image/png", 10**9, 1]], "note": ""},
        {"blocks": [["picture", "2", "image/png", 1]], "note": ""},
        {"blocks": [["card", "a", "b", 1, "c", "d", float("nan")]], "note": ""},
        {"blocks": [["card", "a", "b", 1, "c", "d", True]], "note": ""},
        {"blocks": [[]], "note": 3},
    ],
)
def test_nonsense_from_the_pipe_is_told_apart(tmp_path: Path, value: Json) -> None:
    (tmp_path / "0").write_bytes(b"")
    (tmp_path / "2").write_bytes(PNG)
    (tmp_path / "link").symlink_to("/etc/passwd")
    with pytest.raises(Malformed):
        decode(value, out_of_folder(tmp_path))


def test_one_process_serves_many_files(note: Path) -> None:
    with Extractor(note.parent) as extract:
        assert all(hello(extract, note) for _ in range(3))
        first = extract._child._process
        assert hello(extract, note)
        assert extract._child._process is first


def test_a_dead_process_costs_one_file(note: Path) -> None:
    with Extractor(note.parent) as extract:
        assert hello(extract, note)
        process = extract._child._process
        assert process is not None
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        lost = extract(note, "text/markdown", "note.md")
        assert isinstance(lost.blocks[0], Card)
        assert "too long or too much memory" in lost.blocks[0].reason
        assert hello(extract, note)


def test_time_runs_out(tmp_path: Path, note: Path) -> None:
    slow = tmp_path / "slow.md"
    slow.write_bytes(b"> *a " * 80_000)
    with Extractor(tmp_path, seconds=1) as extract:
        started = time.monotonic()
        found = extract(slow, "text/markdown", "slow.md")
        assert time.monotonic() - started < 5
        assert isinstance(found.blocks[0], Card) or found.blocks
        assert hello(extract, note)


def test_a_process_that_never_answers_is_ended() -> None:
    started = time.monotonic()
    outcome = run_limited("portfolio.documents.markdown:to_html", "*a_" * 1_000_000, seconds=1)
    assert time.monotonic() - started < 10
    assert outcome.value is None
    assert outcome.note.endswith(".")


def test_memory_runs_out() -> None:
    outcome = run_limited("portfolio.documents.markdown:to_html", "x " * 3_000_000, memory_bytes=90 * 1000**2)
    assert outcome.value is None
    assert outcome.note.endswith(".")


def test_only_functions_of_this_package_are_called() -> None:
    assert run_limited("portfolio.documents.markdown:to_html", "one two").value == "<p>one two</p>"
    assert run_limited("os:getcwd").value is None
    assert run_limited("portfolio.documents.markdown:nonesuch").value is None


def test_no_process_and_no_file_is_left(note: Path, tmp_path: Path) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    with Extractor(folder) as extract:
        assert hello(extract, note)
        assert len(list(folder.iterdir())) == 1
        process = extract._child._process
    assert process is not None
    assert process.returncode is not None
    assert list(folder.iterdir()) == []


def test_kinds_that_are_not_shown_need_no_process(note: Path) -> None:
    with Extractor(note.parent) as extract:
        found = extract(note, "application/zip", "films.zip", sha256="ab" * 32)
        assert extract._child._process is extract._listener._process is None
    assert found.blocks == (Card("films.zip", "application/zip", 7, "ab" * 32, NOT_SHOWN),)


@pytest.mark.parametrize("name", list(bombs.SHOWN))
def test_bombs_are_answered_in_time(tmp_path: Path, note: Path, name: str) -> None:
    path = bombs.write(tmp_path, name)
    with Extractor(tmp_path) as extract:
        started = time.monotonic()
        found = extract(path, bombs.SHOWN[name][0], name)
        assert time.monotonic() - started < 35
        assert found.blocks or found.note
        assert hello(extract, note)
