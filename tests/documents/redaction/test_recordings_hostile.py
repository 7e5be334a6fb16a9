"""Recordings that are broken, or made to hurt: refused in time, and no program is left at work on them."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from portfolio.documents import engines
from portfolio.documents.redaction import apart
from portfolio.documents.redaction.plan import Plan, Silence
from portfolio.documents.redaction.work import Refused
from portfolio.documents.sniff import inspect
from tests.documents.redaction.recorded import TONE, ffmpeg

COLLECTION = Path(__file__).parents[4] / "shared" / "hostile-dev"
QUICK = 10

pytestmark = [
    pytest.mark.media,
    pytest.mark.skipif(engines.ffmpeg() is None, reason="ffmpeg is not installed"),
]

HOSTILE = {
    "list.mp3": b"#EXTM3U\n#EXTINF:10,\n%b\n",
    "concat.mp3": b"ffconcat version 1.0\nfile '%b'\n",
    "tagged.mp3": b"ID3\x04\0\0\0\0\0\0ffconcat version 1.0\nfile '%b'\n",
    "list.mp4": b"\0\0\0\x18ftypisom\0\0\2\0isommp41#EXTM3U\n#EXTINF:10,\n%b\n",
    "noise.webm": b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01webm" + bytes(range(256)) * 40,
    "noise.ogg": b"OggS" + bytes(range(256)) * 40,
    "large.wav": b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0\1\0"
    + b"\xff\xff\xff\x7f" * 3
    + b"data\xf0\xff\xff\xff"
    + bytes(999),
    "empty.mp3": b"ID3\x04\0\0\0\0\0\0",
}
TYPES = {".mp3": "audio/mpeg", ".mp4": "video/mp4", ".webm": "video/webm", ".ogg": "audio/ogg", ".wav": "audio/wav"}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_names_another_file_or_is_nonsense_is_refused(tmp_path: Path, name: str) -> None:
    other = tmp_path / "other.wav"
    ffmpeg("-f", "lavfi", "-i", TONE, "-t", "1", "-f", "wav", str(other))
    source = tmp_path / name
    source.write_bytes(HOSTILE[name].replace(b"%b", str(other).encode()))
    with pytest.raises(Refused, match="damaged, or of a kind"):
        apart.redact(source, TYPES[source.suffix], tmp_path / "target", Plan(silences=(Silence(0, 1),)))
    assert not (tmp_path / "target").exists()


def test_the_files_of_the_collection_are_read_and_redacted(tmp_path: Path) -> None:
    files = sorted((COLLECTION / "audio").glob("*.*")) if COLLECTION.is_dir() else []
    if not files:
        pytest.skip("the collection of odd files is not there")
    for path in files:
        media_type = inspect(path, path.name).media_type
        assert "title, names and other details of the recording" in apart.read_whole(path, media_type, tmp_path).gone
        report = apart.redact(path, media_type, tmp_path / "target", Plan())
        assert report.media_type == media_type
        assert "piman" not in (tmp_path / "target").read_bytes().decode("latin-1")


@pytest.fixture
def long_film(tmp_path: Path) -> Path:
    """A film that takes a while."""
    path = tmp_path / "source"
    film = "testsrc2=s=1280x720:r=30:d=20"
    ffmpeg("-f", "lavfi", "-i", film, "-c:v", "libx264", "-preset", "ultrafast", "-f", "mp4", str(path))
    return path


def comes_true(is_so: Callable[[], bool]) -> bool:
    """Whether it does within a few seconds."""
    ends = time.monotonic() + QUICK
    while not is_so() and time.monotonic() < ends:
        time.sleep(0.05)
    return is_so()


def test_when_whoever_asked_is_killed_no_program_is_left(tmp_path: Path, long_film: Path) -> None:
    script = "import sys; from pathlib import Path; from portfolio.documents.redaction import apart, plan\n"
    script += "apart.redact(Path(sys.argv[1]), 'video/mp4', Path(sys.argv[2]), plan.Plan())"
    worker = subprocess.Popen([sys.executable, "-c", script, str(long_film), str(tmp_path / "target")])
    try:
        assert comes_true(lambda: bool(at_work_on(long_film)))
    finally:
        worker.kill()
        worker.wait()
    assert comes_true(lambda: not at_work_on(long_film))


def test_when_time_is_over_no_program_is_left(tmp_path: Path, long_film: Path) -> None:
    source = long_film
    seen: set[str] = set()
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.05):
            seen.update(at_work_on(source))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        with pytest.raises(Refused):
            apart.redact(source, "video/mp4", tmp_path / "target", Plan(), seconds=1)
    finally:
        done.set()
        watcher.join()
    assert seen
    assert comes_true(lambda: not at_work_on(source))
    assert not (tmp_path / "target").exists()


def at_work_on(path: Path) -> set[str]:
    """The processes of ffmpeg that were told of a file."""
    found = set()
    for process in Path("/proc").iterdir():
        try:
            told = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if told[0].endswith(b"/ffmpeg") and any(str(path).encode() in part for part in told):
            found.add(process.name)
    return found
