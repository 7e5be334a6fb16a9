"""Recordings of every kind, made with ffmpeg, that carry names wherever their kind can."""

import array
import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from portfolio.documents import engines

SECONDS = 6
TONE = "aevalsrc=exprs=0.5*sin(440*2*PI*t)+0.2*sin(60*2*PI*t):s=44100:d=6"
FILM = "testsrc2=s=160x121:r=25:d=6"
SUBTITLE = "1\n00:00:01,000 --> 00:00:04,000\nMy name is <i>{}</i>\n"
CHAPTER = "[CHAPTER]\nTIMEBASE=1/1\nSTART={}\nEND={}\ntitle={}\n"
SEI = "086f3693-b7b3-4f2c-9653-21492feee5b8+{}"


def names() -> "Names":
    """Fresh names."""
    return Names()


class Names:
    """Hands out names that stand nowhere else."""

    def __init__(self) -> None:
        self.all: list[str] = []
        self._numbers = count(1)

    def __call__(self) -> str:
        self.all.append(f"Wilhelmina Quennell{next(self._numbers):02}")
        return self.all[-1]


def ffmpeg(*arguments: str) -> bytes:
    """What the program writes to its output."""
    engine = engines.ffmpeg()
    assert engine is not None
    command = [engine.program, "-nostdin", "-v", "error", "-y", *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout


def said_of(path: Path) -> Any:
    """What another program tells of a recording."""
    engine = engines.ffprobe()
    assert engine is not None
    shown = ("-show_format", "-show_streams", "-show_chapters", "-export_all", "1", "-export_xmp", "1")
    command = [engine.program, "-v", "error", "-of", "json", *(shown if _is_film(path) else shown[:3]), str(path)]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def _is_film(path: Path) -> bool:
    with path.open("rb") as source:
        return source.read(8)[4:] == b"ftyp"


def samples(path: Path, *, rate: int = 44100, channels: int = 1) -> "array.array[int]":
    """The sound, decoded as players have it."""
    sound = array.array("h")
    as_played = ("-af", "aresample=async=1:first_pts=0", "-ac", str(channels), "-ar", str(rate))
    sound.frombytes(ffmpeg("-i", str(path), *as_played, "-f", "s16le", "-"))
    return sound


def loudest(sound: Sequence[int], start: float, end: float, rate: int = 44100) -> int:
    """The loudest sample from one second to another one."""
    return max(map(abs, sound[int(start * rate) : int(end * rate)]))


def difference(one: Sequence[int], other: Sequence[int], start: float, end: float, rate: int = 44100) -> float:
    """By how much two sounds differ there, as a fraction of how strong the first one is."""
    places = range(int(start * rate), int(end * rate), 7)
    apart = sum((one[at] - other[at]) ** 2 for at in places)
    return float((apart / sum(one[at] ** 2 for at in places)) ** 0.5)


def together(one: Sequence[int], other: Sequence[int]) -> int:
    """By how many samples, a hundredth of a second at most, the second sound is later than the first one."""
    places = range(10_000, 11_000)
    return min(range(-441, 442), key=lambda late: sum((one[at] - other[at + late]) ** 2 for at in places))


@dataclass(frozen=True)
class Frame:
    """One picture of a film, grey."""

    width: int
    height: int
    data: bytes

    def at(self, across: float, down: float) -> int:
        """How bright it is there, in fractions of the picture."""
        return self.data[int(down * self.height) * self.width + int(across * self.width)]


def frame(path: Path, second: float) -> Frame:
    """The picture that is seen at a moment, upright."""
    data = ffmpeg("-ss", f"{second:.3f}", "-i", str(path), "-frames:v", "1", "-f", "image2pipe", "-c:v", "pgm", "-")
    _, size, _, pixels = data.split(b"\n", 3)
    width, height = map(int, size.split())
    return Frame(width, height, pixels)


def recorded(folder: Path, media_type: str, new: Names) -> Path:
    """A recording with names in every place that its kind has; they are added to those that were handed out."""
    content, planted = _recording(media_type)
    made = folder / "made"
    made.write_bytes(content)
    new.all += planted
    return made


@cache
def _recording(media_type: str) -> tuple[bytes, tuple[str, ...]]:
    """What such a recording holds, and the names in it; made once for all tests."""
    new = names()
    with TemporaryDirectory() as folder:
        made = Path(folder) / "made"
        {
            "audio/mpeg": _mp3,
            "audio/wav": _wav,
            "audio/mp4": _m4a,
            "audio/ogg": _ogg,
            "video/mp4": _film,
            "video/quicktime": _film,
            "video/webm": _webm,
        }[media_type](made, new)
        return made.read_bytes(), tuple(new.all)


USUAL = ("title", "artist", "album", "comment", "composer", "copyright", "genre", "album_artist", "description")


def tags(new: Names, *called: str) -> list[str]:
    """Details under their names."""
    return [part for name in called for part in ("-metadata", f"{name}={new()}")]


def _cover(folder: Path, new: Names) -> Path:
    cover = folder / "cover.jpg"
    ffmpeg("-f", "lavfi", "-i", "color=red:s=32x32:d=1", "-frames:v", "1", "-f", "mjpeg", str(cover))
    data = cover.read_bytes()
    comment = new().encode()
    cover.write_bytes(data[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + data[2:])
    return cover


def _chapters(folder: Path, new: Names) -> Path:
    path = folder / "chapters"
    path.write_text(";FFMETADATA1\n" + CHAPTER.format(0, 2, new()) + CHAPTER.format(2, 6, new()))
    return path


def _mp3(made: Path, new: Names) -> None:
    cover, chapters = _cover(made.parent, new), _chapters(made.parent, new)
    inputs = ("-f", "lavfi", "-i", TONE, "-i", str(cover), "-f", "ffmetadata", "-i", str(chapters))
    details = tags(new, *USUAL, "lyrics", "publisher", "Customer", "id3v2_priv.note")
    mapping = ("-map", "0", "-map", "1", "-map_chapters", "2", "-c:v", "copy")
    ffmpeg(*inputs, *mapping, *details, "-metadata:s:v", f"title={new()}", "-write_id3v1", "1", "-f", "mp3", str(made))
    item = b"\x00\x00\x00\x00Caller\0" + new().encode()
    item = len(item[11:]).to_bytes(4, "little") + item
    head = (2000).to_bytes(4, "little") + (len(item) + 32).to_bytes(4, "little") + (1).to_bytes(4, "little")
    with made.open("ab") as target:
        target.write(item + b"APETAGEX" + head + bytes(12))


def _wav(made: Path, new: Names) -> None:
    details = tags(new, "title", "artist", "album", "comment", "copyright", "genre", "date", "language", "description",
                   "originator", "originator_reference")  # fmt: skip
    ffmpeg("-f", "lavfi", "-i", TONE, *details, "-write_bext", "1", "-f", "wav", str(made))
    data = bytearray(made.read_bytes())
    for name in (b"iXML", b"LGWV", b"cart"):
        words = new().encode() + b"\0"
        data += name + len(words + bytes(len(words) % 2)).to_bytes(4, "little") + words + bytes(len(words) % 2)
    data[4:8] = (len(data) - 8).to_bytes(4, "little")
    made.write_bytes(bytes(data) + new().encode())


def _m4a(made: Path, new: Names) -> None:
    cover, chapters = _cover(made.parent, new), _chapters(made.parent, new)
    inputs = ("-f", "lavfi", "-i", TONE, "-i", str(cover), "-f", "ffmetadata", "-i", str(chapters))
    mapping = ("-map", "0", "-map", "1", "-map_chapters", "2", "-c:v", "copy")
    handler = ("-metadata:s:a:0", f"handler_name={new()}")
    ffmpeg(*inputs, *mapping, "-disposition:v:0", "attached_pic", *tags(new, *USUAL, "lyrics", "synopsis"), *handler,
           "-metadata", "location=+51.5007-000.1246/", "-f", "ipod", str(made))  # fmt: skip
    _boxes_after(made, new)


def _boxes_after(made: Path, new: Names) -> None:
    """Boxes that players pass over, one of them with what picture programs write."""
    xmp = bytes.fromhex("be7acfcb97a942e89c71999491e3afac") + f"<x:xmpmeta>{new()}</x:xmpmeta>".encode()
    with made.open("ab") as target:
        for name, content in ((b"free", new().encode()), (b"uuid", xmp), (b"skip", new().encode())):
            target.write((len(content) + 8).to_bytes(4, "big") + name + content)


def _ogg(made: Path, new: Names) -> None:
    called = (name for name in USUAL if name != "comment")
    details = tags(new, *called, "location", "organization", "contact", "lyrics", "version", "customer", "caller")
    ffmpeg("-f", "lavfi", "-i", TONE, *details, "-c:a", "libvorbis", "-f", "ogg", str(made))


def _film(made: Path, new: Names) -> None:
    subtitle, chapters = made.parent / "said.srt", _chapters(made.parent, new)
    subtitle.write_text(SUBTITLE.format(new()))
    inputs = ("-f", "lavfi", "-i", FILM, "-f", "lavfi", "-i", TONE, "-f", "srt", "-i", str(subtitle),
              "-f", "ffmetadata", "-i", str(chapters))  # fmt: skip
    mapping = ("-map", "0", "-map", "1", "-map", "1", "-map", "2", "-map_chapters", "3")
    noted = "h264_metadata=sei_user_data=" + SEI.format(new().replace(" ", "_"))
    codecs = ("-vf", "pad=160:122", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-bsf:v", noted,
              "-c:a", "aac", "-c:s", "mov_text")  # fmt: skip
    streams = [part for kind in ("v", "a:0", "a:1", "s") for part in (f"-metadata:s:{kind}", f"handler_name={new()}")]
    ffmpeg(*inputs, *mapping, *codecs, *streams, *tags(new, *USUAL, "lyrics", "synopsis"),
           "-metadata", "location=+51.5007-000.1246/", "-f", "mp4", str(made))  # fmt: skip
    new.all = [name.replace(" ", "_") if name == new.all[3] else name for name in new.all]
    _boxes_after(made, new)


def _webm(made: Path, new: Names) -> None:
    subtitle, chapters = made.parent / "said.vtt", _chapters(made.parent, new)
    subtitle.write_text("WEBVTT\n\n00:01.000 --> 00:04.000\n" + new() + "\n")
    inputs = ("-f", "lavfi", "-i", FILM, "-f", "lavfi", "-i", TONE, "-f", "webvtt", "-i", str(subtitle),
              "-f", "ffmetadata", "-i", str(chapters))  # fmt: skip
    mapping = ("-map", "0", "-map", "1", "-map", "2", "-map_chapters", "3")
    codecs = ("-vf", "pad=160:122", "-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus", "-c:s", "webvtt")
    streams = [part for kind in ("v", "a", "s") for part in (f"-metadata:s:{kind}", f"title={new()}")]
    ffmpeg(*inputs, *mapping, *codecs, *streams, *tags(new, *USUAL, "customer", "location"), "-f", "webm", str(made))
