"""Recordings redacted: exactly silent where they are to be, painted over where they are to be, without anything that
they carried beside, and otherwise as they were.
"""

import json
import struct
from pathlib import Path

import pytest

from portfolio.documents import engines, speech
from portfolio.documents.recordings import cutting
from portfolio.documents.recordings.contents import Recording
from portfolio.documents.recordings.cutting import Span, joined
from portfolio.documents.redaction import apart, recordings
from portfolio.documents.redaction.maker import redact_inner
from portfolio.documents.redaction.plan import Box, Plan, Silence, Swap, Unread, Why
from portfolio.documents.redaction.work import Inner, Refused, Work
from portfolio.documents.sniff import inspect
from tests.documents.redaction.recorded import (
    FILM,
    TONE,
    Frame,
    difference,
    ffmpeg,
    frame,
    loudest,
    names,
    recorded,
    said_of,
    samples,
    together,
)

KINDS = {
    "audio/mpeg": (".mp3", 1, 0.1),
    "audio/wav": (".wav", 1, 0.0001),
    "audio/mp4": (".m4a", 1, 0.05),
    "audio/ogg": (".ogg", 1, 0.05),
    "video/mp4": (".mp4", 2, 0.05),
    "video/quicktime": (".mov", 2, 0.05),
    "video/webm": (".webm", 1, 0.05),
}
"""The kinds with the endings of their names, their number of tracks with sound, and what their codecs may change."""

pytestmark = [
    pytest.mark.media,
    pytest.mark.skipif(engines.ffmpeg() is None or engines.ffprobe() is None, reason="ffmpeg is not installed"),
]


def work_of(plan: Plan, *, keeps_texts: bool = False) -> Work:
    return Work(plan, redact_inner, keeps_texts=keeps_texts)


def hears(monkeypatch: pytest.MonkeyPatch, spoken: speech.Spoken | None) -> None:
    """What the program that writes down what is said comes to; None where there is none."""

    def said_in(_: Recording, *, seconds: float) -> speech.Spoken | None:
        assert 1 <= seconds <= speech.SECONDS
        return spoken

    monkeypatch.setattr(speech, "said_in", said_in)


@pytest.fixture
def unheard(monkeypatch: pytest.MonkeyPatch) -> None:
    """No program is there that writes down what is said."""
    hears(monkeypatch, None)


@pytest.mark.parametrize("media_type", KINDS)
def test_nothing_that_it_carried_is_left_and_it_sounds_as_before(tmp_path: Path, media_type: str) -> None:
    ending, tracks, most_apart = KINDS[media_type]
    new = names()
    source, target = recorded(tmp_path, media_type, new), tmp_path / "result"
    assert len(new.all) >= 15
    missing = [name for name in new.all if not is_in(source, name)]
    assert missing == []
    swaps = tuple(Swap(name, "Customer A", "NAME") for name in new.all)
    report = apart.redact(source, media_type, target, Plan(swaps, (), (Silence(1.0, 1.5), Silence(4.0, 4.25))))
    assert report.media_type == inspect(target, f"call{ending}").media_type == media_type
    assert [name for name in new.all if is_in(target, name)] == []
    assert b"Wilhelmina" not in target.read_bytes()
    told = said_of(target)
    assert "Quennell" not in json.dumps(told)
    assert told["chapters"] == []
    assert [one["codec_type"] for one in told["streams"]].count("audio") == tracks
    assert "title, names and other details of the recording" in report.gone
    assert report.seconds == pytest.approx(0.75, abs=0.01)
    before, after = samples(source), samples(target)
    assert len(after) == pytest.approx(len(before), abs=4410)
    assert (loudest(after, 1.0, 1.5), loudest(after, 4.0, 4.25)) == (0, 0)
    after = after[max(0, together(before, after)) :]
    for start, end in ((0.2, 0.6), (1.9, 3.6), (4.7, 5.6)):
        assert difference(before, after, start, end) < most_apart


def is_in(path: Path, name: str) -> bool:
    """Whether a name stands in a file's bytes, in whatever letters its kind has it."""
    data = path.read_bytes()
    return any(name.encode(coding) in data for coding in ("utf-8", "utf-16-le", "utf-16-be"))


@pytest.mark.parametrize("media_type", ["audio/mpeg", "audio/mp4", "video/mp4", "video/webm"])
def test_what_it_carries_is_read(tmp_path: Path, media_type: str) -> None:
    new = names()
    whole = apart.read_whole(recorded(tmp_path, media_type, new), media_type, tmp_path)
    words = "\n".join(text.words for text in whole.texts)
    unread = [name for name in new.all if name not in words]
    assert len(unread) == {"audio/mpeg": 2, "audio/mp4": 3, "video/mp4": 3, "video/webm": 0}[media_type]
    places = {text.place: text.is_seen for text in whole.texts}
    assert places["Details of the recording"] is places["Chapters"] is False
    assert places.get("Subtitles", True) is True
    assert "chapters" in whole.gone
    if media_type == "video/mp4":
        assert {"where it was recorded", "subtitles"} <= set(whole.gone)
        assert Unread("Film", Why.PICTURE) in whole.unread
    elif media_type.startswith("audio/"):
        assert "a cover picture" in whole.gone


@pytest.mark.parametrize("hertz", [8000, 48000])
@pytest.mark.parametrize(
    ("media_type", "codec", "muxer"),
    [
        ("audio/mpeg", "libmp3lame", "mp3"),
        ("audio/wav", "pcm_alaw", "wav"),
        ("audio/wav", "pcm_s24le", "wav"),
        ("audio/mp4", "aac", "ipod"),
        ("audio/mp4", "alac", "ipod"),
        ("audio/ogg", "libvorbis", "ogg"),
        ("audio/ogg", "libopus", "ogg"),
        ("audio/ogg", "flac", "ogg"),
    ],
)
@pytest.mark.usefixtures("unheard")
def test_silence_is_exact_whatever_the_codec(
    tmp_path: Path, media_type: str, codec: str, muxer: str, hertz: int
) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    rate = "48000" if codec == "libopus" else str(hertz)
    tone = f"aevalsrc=exprs=0.6*sin(440*2*PI*t)+0.3*sin(30*2*PI*t)|0.5*sin(1000*2*PI*t):s={hertz}:d=3"
    ffmpeg("-f", "lavfi", "-i", tone, "-c:a", codec, "-ar", rate, "-f", muxer, str(source))
    work = work_of(Plan(silences=(Silence(1.2, 1.3),)))
    assert recordings.redact_recording(source, target, work, media_type) == media_type
    after = samples(target, rate=int(rate), channels=2)
    assert loudest(after, 1.2, 1.3, 2 * int(rate)) == 0
    assert loudest(after, 0.4, 0.8, 2 * int(rate)) > 5000
    assert loudest(after, 1.8, 2.4, 2 * int(rate)) > 5000


@pytest.mark.usefixtures("unheard")
def test_boxes_are_painted_for_their_time_and_nothing_else_is(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    ffmpeg("-f", "lavfi", "-i", "color=white:s=320x180:r=10:d=4", "-c:v", "libx264", "-preset", "ultrafast",
           "-pix_fmt", "yuv420p", "-f", "mp4", str(source))  # fmt: skip
    lay_on_its_side(source, 180)
    boxes = (Box(1, 0.1, 0.2, 0.4, 0.5, "", 1.0, 2.0), Box(1, 0.7, 0.8, 1.0, 1.0))
    work = work_of(Plan(boxes=boxes))
    recordings.redact_recording(source, target, work, "video/mp4")
    assert work.finished("video/mp4").boxes == 2
    before, after = frame(source, 0), frame(target, 0)
    assert (before.width, before.height) == (after.width, after.height) == (180, 320)
    for second, is_painted in ((0.3, False), (1.0, True), (1.5, True), (1.95, True), (2.6, False), (3.5, False)):
        seen = frame(target, second)
        assert [seen.at(*place) < 20 for place in ((0.11, 0.21), (0.25, 0.35), (0.39, 0.49))] == [is_painted] * 3
        assert [seen.at(*place) < 20 for place in ((0.71, 0.81), (0.99, 0.99))] == [True, True]
        assert [seen.at(*place) > 200 for place in ((0.05, 0.1), (0.46, 0.3), (0.2, 0.57), (0.6, 0.9))] == [True] * 4


def lay_on_its_side(film: Path, height: int) -> None:
    """As phones do that are held upright: the film says that it is to be turned by a quarter."""
    upright = struct.pack(">9i", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
    turned = struct.pack(">9i", 0, 1 << 16, 0, -1 << 16, 0, 0, height << 16, 0, 1 << 30)
    before, track, after = film.read_bytes().partition(b"tkhd")
    film.write_bytes(before + track + after.replace(upright, turned, 1))


@pytest.mark.usefixtures("unheard")
def test_a_picture_that_stood_long_is_painted_from_the_first_moment(tmp_path: Path) -> None:
    """Films of screens have a new picture only when something changes."""
    source, target = tmp_path / "source", tmp_path / "target"
    ffmpeg("-f", "lavfi", "-i", "color=white:s=160x90:r=0.5:d=8", "-c:v", "libvpx", "-f", "webm", str(source))
    recordings.redact_recording(source, target, work_of(Plan(boxes=(Box(1, 0, 0, 1, 1, "", 3.0, 3.5),))), "video/webm")
    assert [frame(target, second).at(0.5, 0.5) < 20 for second in (2.5, 3.0, 3.2, 3.5, 4.5)] == [
        False, True, True, True, False,
    ]  # fmt: skip


@pytest.mark.usefixtures("unheard")
def test_sound_that_begins_late_is_silenced_where_players_have_it(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    ffmpeg("-f", "lavfi", "-i", FILM, "-itsoffset", "2", "-f", "lavfi", "-i", TONE, "-t", "6", "-vf", "pad=160:122",
           "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", "-f", "mp4", str(source))  # fmt: skip
    recordings.redact_recording(source, target, work_of(Plan(silences=(Silence(3.0, 3.5),))), "video/mp4")
    after = samples(target)
    assert loudest(after, 0, 1.9) < 500
    assert loudest(after, 2.2, 2.8) > 5000
    assert loudest(after, 3.0, 3.5) == 0
    assert loudest(after, 4, 5) > 5000


def test_what_a_program_heard_is_silenced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    ffmpeg("-f", "lavfi", "-i", TONE, "-f", "wav", str(source))
    said = (
        (0.5, 0.8, " My"),
        (0.9, 1.2, " name"),
        (1.2, 1.5, " is"),
        (2.0, 2.4, " Patricia"),
        (2.4, 3.0, " Holloway."),
    )
    hears(monkeypatch, speech.Spoken(tuple(speech.Word(*word) for word in said)))
    work = work_of(Plan(swaps=(Swap("patricia holloway", "Customer A", "NAME"),)))
    recordings.redact_recording(source, target, work, "audio/wav")
    report = work.finished("audio/wav")
    assert report.counts == {"NAME": 1}
    assert report.seconds == pytest.approx(1.5, abs=0.01)
    assert report.unread == [Unread("What is said", Why.HEARD)]
    after = samples(target)
    assert loudest(after, 1.75, 3.25) == 0
    assert loudest(after, 0.2, 1.6) > 5000
    reading = work_of(Plan(), keeps_texts=True)
    recordings.redact_recording(source, tmp_path / "none", reading, "audio/wav")
    assert [(text.place, text.words) for text in reading.texts] == [("What is said", " My name is Patricia Holloway.")]
    assert not (tmp_path / "none").exists()


@pytest.mark.usefixtures("unheard")
def test_a_recording_inside_another_file_is_made_anew_without_what_was_chosen_of_that_file(tmp_path: Path) -> None:
    source, target = recorded(tmp_path, "audio/mpeg", names()), tmp_path / "target"
    work = work_of(Plan(silences=(Silence(0, 6),)))
    inner = work.inside(source.read_bytes(), "call.mp3", "Attachment 1")
    assert inner is not None
    assert (inner.name, inner.media_type) == ("call.mp3", "audio/mpeg")
    assert b"Quennell" not in inner.data
    target.write_bytes(inner.data)
    assert loudest(samples(target), 1, 5) > 5000
    assert work.report.unread == [Unread("Attachment 1: What is said", Why.SOUND)]
    assert work.inside(b"ID3\x04\0\0\0\0\0\0", "empty.mp3", "Attachment 2") is None
    assert work.report.unread[1:] == [Unread("Attachment 2", Why.BROKEN)]


def test_less_time_is_taken_inside_other_files_and_none_that_is_not_left() -> None:
    work = Work(Plan(), lambda _, __, work: inner_of(work), keeps_texts=True)
    assert work.within(900) == 900
    inner = work.inside(b"", "call.mp3", "Attachment 1")
    assert inner is not None
    assert inner.name == "45"
    hurried = Work(Plan(), redact_inner, keeps_texts=True, seconds=20)
    assert 19 < hurried.within(900) <= 20
    assert hurried.within(5) == 5


def inner_of(work: Work) -> Inner:
    """Says as its name how long it might take."""
    return Inner(b"", f"{work.within(900):.0f}", "audio/mpeg")


def test_what_was_not_listened_to_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "source"
    ffmpeg("-f", "lavfi", "-i", TONE, "-f", "wav", str(source))
    for spoken in (None, speech.Spoken((), until=3.0)):
        hears(monkeypatch, spoken)
        work = work_of(Plan(), keeps_texts=True)
        recordings.redact_recording(source, tmp_path / "none", work, "audio/wav")
        assert work.report.unread == [Unread("What is said", Why.SOUND)]


@pytest.mark.usefixtures("unheard")
@pytest.mark.parametrize("media_type", ["audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav"])
def test_the_same_sound_gives_the_same_bytes(tmp_path: Path, media_type: str) -> None:
    """Not so a film: with two threads, x264 may now and then write a picture a little differently."""
    source = recorded(tmp_path, media_type, names())
    for name in ("one", "other"):
        recordings.redact_recording(source, tmp_path / name, work_of(Plan(silences=(Silence(1, 2),))), media_type)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


@pytest.mark.usefixtures("unheard")
def test_what_is_still_heard_is_not_given_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "source"
    ffmpeg("-f", "lavfi", "-i", TONE, "-f", "wav", str(source))
    monkeypatch.setattr(cutting, "_silencing", lambda *_: "anull")
    with pytest.raises(Refused, match="not silent where it should be"):
        recordings.redact_recording(source, tmp_path / "target", work_of(Plan(silences=(Silence(1, 2),))), "audio/wav")


@pytest.mark.usefixtures("unheard")
def test_many_marks_are_all_kept_to_and_too_many_boxes_are_refused(tmp_path: Path) -> None:
    sound, film = tmp_path / "sound", tmp_path / "film"
    ffmpeg("-f", "lavfi", "-i", TONE.replace("44100", "8000"), "-f", "wav", str(sound))
    ffmpeg("-f", "lavfi", "-i", FILM, "-t", "1", "-vf", "pad=160:122", "-c:v", "libvpx", "-f", "webm", str(film))
    silences = tuple(Silence(1000 + at, 1000.5 + at) for at in range(1900))
    work = work_of(Plan(silences=(*silences, Silence(2, 3))))
    recordings.redact_recording(sound, tmp_path / "target", work, "audio/wav")
    assert loudest(samples(tmp_path / "target", rate=8000), 2, 3, 8000) == 0
    assert work.report.seconds == pytest.approx(1, abs=0.001)
    boxes = tuple(Box(1, 0.1, 0.1, 0.2, 0.2, "", at, at + 1) for at in range(cutting.MOST_PAINTED + 1))
    with pytest.raises(Refused, match="More than 500 boxes"):
        recordings.redact_recording(film, tmp_path / "target", work_of(Plan(boxes=boxes)), "video/webm")
    recordings.redact_recording(film, tmp_path / "target", work_of(Plan(boxes=boxes[1:])), "video/webm")
    assert difference_of(frame(film, 0.5), frame(tmp_path / "target", 0.5)) < 8


def difference_of(one: Frame, other: Frame) -> float:
    """By how much the pictures differ, on average."""
    assert (one.width, one.height) == (other.width, other.height)
    return sum(abs(a - b) for a, b in zip(one.data, other.data, strict=True)) / len(one.data)


def test_times_that_touch_are_one() -> None:
    spans = [Span(4, 5), Span(1, 2), Span(1.5, 3), Span(3, 3.5)]
    assert joined(spans) == [Span(1, 3.5), Span(4, 5)]


def test_without_ffmpeg_it_is_said_plainly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "ffmpeg", lambda: None)
    (tmp_path / "source").write_bytes(b"RIFF")
    with pytest.raises(Refused, match="the extra called “media”"):
        recordings.redact_recording(tmp_path / "source", tmp_path / "target", work_of(Plan()), "audio/wav")
