"""What is made of recordings beside playing them: how loud they are, what they carry, and what is said in them."""

from pathlib import Path

import pytest

from portfolio.documents import engines, speech
from portfolio.documents.plain_words import words_of
from portfolio.documents.preview import Manifest, Sound, blocks_in, manifest_of, sound_in
from portfolio.documents.preview_maker import preview_into
from portfolio.documents.recordings.contents import Recording
from portfolio.documents.recordings.previewing import NOT_INSTALLED, NOT_PLAYED, time_code
from portfolio.documents.redaction.plan import Unread, Why
from portfolio.documents.sandbox import Previewer
from tests.documents.redaction.recorded import TONE, ffmpeg, names, recorded

needs_ffmpeg = pytest.mark.skipif(engines.ffmpeg() is None, reason="ffmpeg is not installed")


def sound_of(manifest: Manifest, folder: Path) -> Sound:
    assert manifest.sound is not None
    return sound_in((folder / str(manifest.sound)).read_bytes())


def made(tmp_path: Path, media_type: str) -> tuple[Manifest, Path]:
    """A preview that is made in this process."""
    folder = tmp_path / "parts"
    folder.mkdir()
    return manifest_of(preview_into(str(folder), str(tmp_path / "source"), media_type)), folder


@pytest.mark.media
@needs_ffmpeg
def test_a_recording_has_its_length_and_its_loudness(tmp_path: Path) -> None:
    """Loud, then quiet, then nothing."""
    parts = tmp_path / "parts"
    parts.mkdir()
    tone = "aevalsrc=exprs='sin(440*2*PI*t)*if(lt(t,2),0.9,if(lt(t,4),0.2,0))':s=16000:d=6"
    ffmpeg("-f", "lavfi", "-i", tone, "-metadata", "artist=Wilhelmina Quennell", "-f", "mp3", str(tmp_path / "source"))
    manifest = Previewer()(tmp_path / "source", "audio/mpeg", parts)
    sound = sound_of(manifest, parts)
    assert sound.seconds == pytest.approx(6, abs=0.1)
    assert len(sound.peaks) == pytest.approx(600, abs=10)
    assert min(sound.peaks[10:190]) > 200
    assert 30 < min(sound.peaks[210:390]) <= max(sound.peaks[210:390]) < 70
    assert max(sound.peaks[420:590]) < 3
    assert manifest.inside is not None
    assert "title, names and other details of the recording" in manifest.inside.gone
    assert [one.place for one in manifest.inside.unread] == ["What is said"]
    [details] = [piece for piece in manifest.pieces if piece.title == "Details of the recording"]
    assert "artist: Wilhelmina Quennell" in words_of(blocks_in((parts / str(details.text)).read_bytes()))


@pytest.mark.media
@needs_ffmpeg
def test_a_film_has_the_loudness_of_its_sound_or_none(tmp_path: Path) -> None:
    parts = tmp_path / "parts"
    parts.mkdir()
    manifest = Previewer()(recorded(tmp_path, "video/mp4", names()), "video/mp4", parts)
    sound = sound_of(manifest, parts)
    assert sound.seconds == pytest.approx(6, abs=0.1)
    assert min(sound.peaks[10:590]) > 50
    assert manifest.inside is not None
    assert Unread("Film", Why.PICTURE) in manifest.inside.unread


@pytest.mark.media
@needs_ffmpeg
def test_a_film_is_as_long_as_its_pictures(tmp_path: Path) -> None:
    """Without a sound, and where that ends earlier."""
    pictures = ("-f", "lavfi", "-i", "testsrc2=s=64x64:r=5:d=4")
    ffmpeg(*pictures, "-c:v", "libvpx", "-f", "webm", str(tmp_path / "source"))
    assert sound_of(*made(tmp_path, "video/webm")) == Sound(4.0, (0,) * 400)
    (tmp_path / "parts").rename(tmp_path / "earlier")
    ffmpeg(*pictures, "-f", "lavfi", "-t", "2", "-i", TONE, "-c:v", "libvpx", "-f", "webm", str(tmp_path / "source"))
    sound = sound_of(*made(tmp_path, "video/webm"))
    assert sound.seconds == pytest.approx(4, abs=0.1)
    assert min(sound.peaks[10:190]) > 50
    assert max(sound.peaks[220:]) == 0


@pytest.mark.media
@needs_ffmpeg
@pytest.mark.parametrize("until", [None, 4000.0])
def test_what_is_said_is_a_text_with_times(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, until: float | None
) -> None:
    said = (speech.Word(0.5, 1.0, " Hello,"), speech.Word(1.0, 1.5, " Wilhelmina."), speech.Word(75.25, 76.0, " Bye."))

    def said_in(_: Recording, *, seconds: float) -> speech.Spoken:
        assert seconds < 75
        return speech.Spoken(said, until)

    monkeypatch.setattr(speech, "said_in", said_in)
    ffmpeg("-f", "lavfi", "-i", TONE, "-f", "wav", str(tmp_path / "source"))
    manifest, folder = made(tmp_path, "audio/wav")
    [piece] = manifest.pieces
    assert (piece.id, piece.title) == ("said", "What is said")
    words = words_of(blocks_in((folder / str(piece.text)).read_bytes()))
    assert words == "00:00 Hello, Wilhelmina.\n\n01:15 Bye."
    assert ("until 01:06:40, not what comes after" in piece.note) is (until is not None)
    assert "gets names and numbers wrong" in piece.note
    assert sound_of(manifest, folder).words == ((0.5, 1.0, "Hello,"), (1.0, 1.5, "Wilhelmina."), (75.25, 76.0, "Bye."))


@pytest.mark.media
@needs_ffmpeg
def test_what_cannot_be_played_has_a_reason(tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(b"ID3\x04\x00\x00\x00\x00\x00\x00")
    manifest, folder = made(tmp_path, "audio/mpeg")
    assert manifest.note == f"{NOT_PLAYED} Download the file to open it."
    assert list(folder.iterdir()) == []


def test_without_ffmpeg_it_is_said_plainly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "ffmpeg", lambda: None)
    (tmp_path / "source").write_bytes(b"RIFF")
    manifest, _ = made(tmp_path, "audio/wav")
    assert (manifest.pieces, manifest.sound) == ((), None)
    assert manifest.note.startswith(NOT_INSTALLED)


def test_times_are_said_as_players_say_them() -> None:
    assert [time_code(seconds) for seconds in (0, 59.9, 75.25, 3600)] == ["00:00", "00:59", "01:15", "01:00:00"]
