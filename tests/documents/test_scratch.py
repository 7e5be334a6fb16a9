"""What is written on the way lies where whoever called clears it away, even when the process is killed meanwhile."""

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portfolio.documents import engines, fragments, preview_maker, programs, sandbox
from portfolio.documents.blocks import Extract
from portfolio.documents.engines import Engine
from portfolio.documents.preview import Manifest
from portfolio.documents.proof.prover import prove_into
from portfolio.documents.sandbox import NO_PREVIEW, Extractor, Outcome, Previewer
from portfolio.documents.scratch import SCRATCH

RIFF = b"RIFF\x0c\0\0\0WAVEdata\0\0\0\0"
KILLED = "Reading this file took too long."


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "note.txt"
    path.write_text("Hello")
    return path


def test_a_recording_is_looked_into_beside_the_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Path] = []

    def output(command: list[str], **_limits: object) -> bytes:
        seen.append(Path(command[-1]))
        assert seen[-1].read_bytes() == RIFF
        return json.dumps({"streams": [{"codec_type": "audio"}]}).encode()

    monkeypatch.setattr(engines, "ffprobe", lambda: Engine("ffprobe", "1", "/usr/bin/ffprobe"))
    monkeypatch.setattr(programs, "output", output)
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "result").write_bytes(RIFF)
    assert "refused" not in dict(prove_into(str(tmp_path / "made" / "result"), "audio/wav", [], "call.wav"))  # type: ignore[arg-type]
    assert seen
    assert all(path.is_relative_to(tmp_path / "made") for path in seen)


def test_a_preview_is_made_with_a_folder_of_its_own(
    tmp_path: Path, note: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    parts = tmp_path / "parts"
    parts.mkdir()

    def reader_of(_media_type: str) -> Callable[[object, Path], None]:
        return lambda _bench, _path: seen.append(tempfile.gettempdir())

    monkeypatch.setattr(preview_maker, "reader_of", reader_of)
    preview_maker.preview_into(str(parts), str(note), "text/plain")
    assert seen == [str(parts / SCRATCH)]
    assert not (parts / SCRATCH).exists()
    assert tempfile.gettempdir() != seen[0]


def test_a_file_is_read_for_the_book_within_its_spool(
    tmp_path: Path, note: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def reader(_path: Path) -> Extract:
        seen.append(tempfile.gettempdir())
        return Extract((), "seen")

    monkeypatch.setitem(fragments._READERS, "text/plain", reader)
    fragments.prepare_into(str(tmp_path), str(note), "text/plain")
    assert seen == [str(tmp_path)]


def killed(monkeypatch: pytest.MonkeyPatch, left: Callable[[list[Any]], Path]) -> list[Path]:
    """Every process is killed when it has written something on its way; answers where."""
    written: list[Path] = []

    def call(_child: object, _function: str, arguments: list[Any], _seconds: int) -> Outcome:
        folder = left(arguments)
        folder.mkdir()
        (folder / "recording").write_bytes(RIFF)
        written.append(folder)
        return Outcome(None, KILLED)

    monkeypatch.setattr(sandbox._Child, "call", call)
    return written


def test_what_a_killed_reader_wrote_is_gone_at_once(note: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = killed(monkeypatch, lambda arguments: Path(arguments[0]) / "tmp1")
    with Extractor(note.parent) as extract:
        extract(note, "text/plain", "note.txt")
        assert len(written) == 1
        assert written[0].parent.is_dir()
        assert not written[0].exists()


@pytest.mark.parametrize("name", [SCRATCH, "tmp1"])
def test_what_a_killed_maker_of_previews_wrote_is_gone_at_once(
    tmp_path: Path, note: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    parts = tmp_path / "parts"
    parts.mkdir()
    written = killed(monkeypatch, lambda arguments: Path(arguments[0]) / name)
    assert Previewer()(note, "text/plain", parts) == Manifest(note=NO_PREVIEW)
    assert len(written) == 1
    assert list(parts.iterdir()) == []
