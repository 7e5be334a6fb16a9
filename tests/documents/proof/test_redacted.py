"""What the redactors make of files that hide something is found to be clean by the proof, which shares no code with
them; and the words of a picture and the notes of a recording are searched where a program that reads them is installed.
"""

import io
import subprocess
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from PIL import Image, ImageDraw, ImageFont

from portfolio.documents import engines
from portfolio.documents.proof.movies import UNHEARD
from portfolio.documents.proof.prover import prove
from portfolio.documents.redaction.maker import redact_into
from portfolio.documents.redaction.plan import Plan, Swap, report_of
from tests.documents.proof.hiding import MAILS, MEDIA, OFFICE_FILES, PDFS
from tests.documents.proof.samples import VALUES
from tests.documents.redaction.paper import needs_ocr

SWAPS = tuple(Swap(one.words, f"Customer {number}", one.label, one.is_ordinary) for number, one in enumerate(VALUES, 1))
PICTURES = {way: hidden for way, hidden in MEDIA.items() if way.startswith("picture")}
HIDING = OFFICE_FILES | MAILS | PDFS | PICTURES


@pytest.fixture
def without_reading() -> Iterator[None]:
    """Reading pictures takes its time."""
    with patch.object(engines, "ocr", lambda: None):
        yield


@pytest.mark.usefixtures("without_reading")
@pytest.mark.parametrize("way", HIDING)
def test_what_was_hidden_is_gone(way: str, tmp_path: Path) -> None:
    data, media_type = HIDING[way]()
    source, target = tmp_path / "in", tmp_path / "out"
    source.write_bytes(data)
    report = report_of(redact_into(str(target), str(source), media_type, Plan(SWAPS).as_json()))
    assert prove(target, report.media_type, VALUES).hits == ()


@needs_ocr
@pytest.mark.ocr
def test_words_that_a_picture_shows_are_found(tmp_path: Path) -> None:
    shown = Image.new("RGB", (900, 200), "white")
    ImageDraw.Draw(shown).text((40, 60), "Dear Margaret Hale", "black", ImageFont.load_default(60))
    made = io.BytesIO()
    shown.save(made, "PNG")
    (tmp_path / "seen").write_bytes(made.getvalue())
    proof = prove(tmp_path / "seen", "image/png", VALUES)
    assert [one.place for one in proof.hits] == ["Words in the picture"]
    assert proof.unsearched == ()


@pytest.mark.media
@pytest.mark.skipif(engines.ffprobe() is None, reason="Reading the notes of recordings needs ffprobe.")
@pytest.mark.parametrize(
    ("ending", "codec"),
    [("mp4", "aac"), ("mov", "aac"), ("mp3", "libmp3lame"), ("ogg", "libvorbis"), ("wav", "pcm_s16le")],
)
def test_the_notes_of_a_recording_are_searched(ending: str, codec: str, tmp_path: Path) -> None:
    recording(tmp_path / f"a.{ending}", "-c:a", codec, "-metadata", "title=For Margaret Hale")
    recording(tmp_path / f"b.{ending}", "-c:a", codec)
    proof = prove(tmp_path / f"a.{ending}", "audio/mp4", VALUES)
    assert "Notes" in {one.place for one in proof.hits}
    clean = prove(tmp_path / f"b.{ending}", "audio/mp4", VALUES)
    assert clean.is_clean
    assert clean.unsearched == (UNHEARD,)


@pytest.mark.media
@pytest.mark.skipif(engines.ffprobe() is None, reason="Reading the notes of recordings needs ffprobe.")
def test_subtitles_of_a_film_are_searched(tmp_path: Path) -> None:
    (tmp_path / "said.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nGrace said so\n", encoding="utf-8")
    recording(tmp_path / "a.mp4", "-c:a", "aac", "-c:s", "mov_text", more=["-i", str(tmp_path / "said.srt")])
    proof = prove(tmp_path / "a.mp4", "video/mp4", VALUES)
    assert "Track 2" in {one.place for one in proof.hits}


def recording(target: Path, *form: str, more: list[str] | None = None) -> None:
    """A second of a tone."""
    engine = engines.ffmpeg()
    assert engine is not None
    source = ["-v", "error", "-f", "lavfi", "-i", "sine=d=1", *(more or [])]
    subprocess.run([engine.program, *source, *form, str(target)], check=True)
