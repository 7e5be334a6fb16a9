"""Recordings and other files made of boxes: each box, what ffprobe reads of them, and written tracks as text."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from portfolio.documents import engines, programs
from portfolio.documents.proof.search import Damaged, Search
from portfolio.documents.proof.sight import read

UNHEARD = "What is said in recordings, and what is seen in films: only their notes and bytes were searched."
UNPROBED = "Notes in recordings: ffprobe is not installed, so that only their bytes were searched."
_BROKEN = "A recording in the result is damaged, so it cannot be searched."
_SECONDS = 60
_MOST = 8_000_000
_SOUND = frozenset({b"data", b"VP8 ", b"VP8L", b"ALPH", b"ANMF", b"fmt ", b"fact"})
_HEARD = ("audio", "video")


def open_riff(search: Search, data: bytes, place: str) -> None:
    """Sound of Windows and WebP pictures: chunks that are neither sound nor points, and what stands behind the end."""
    kind, at, end = data[8:12], 12, 8 + int.from_bytes(data[4:8], "little")
    while at + 8 <= min(end, len(data)):
        name, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        body = data[at + 8 : at + 8 + length]
        if name in _SOUND:
            search.dense(body, place, counts_short=False)
        else:
            search.dense(name + b"\n" + body, f"{place}: Notes")
            search.inside(body.rstrip(b"\0"), f"{place}: Notes", is_part=False)
        at += 8 + length + length % 2
    search.inside(data[at:], f"{place}: Behind the end", is_part=False)
    if kind == b"WEBP":
        read(search, data, place)
    else:
        probe(search, data, place)


def open_id3(search: Search, data: bytes, place: str) -> None:
    """MP3: the notes before and behind the sound."""
    size = 10 + sum((data[6 + number] & 0x7F) << 7 * (3 - number) for number in range(4)) if len(data) > 10 else 0
    search.dense(data[:size], f"{place}: Notes")
    search.dense(data[size:], place)
    search.inside(data[-355:], f"{place}: Notes", is_part=False)
    probe(search, data, place)


def open_ogg(search: Search, data: bytes, place: str) -> None:
    """Ogg: the packets without the heads of the pages that break them."""
    at, bodies = 0, []
    while (at := data.find(b"OggS", at)) >= 0 and at + 27 <= len(data):
        lengths = data[at + 27 : at + 27 + data[at + 26]]
        start = at + 27 + len(lengths)
        bodies.append(data[start : start + sum(lengths)])
        at = max(start + sum(lengths), at + 4)
    search.dense(b"".join(bodies), place)
    search.dense(data, place)
    probe(search, data, place)


def open_boxes(search: Search, data: bytes, place: str) -> None:
    """MP4 and its kin, HEIC pictures too: every box but that of sound and picture by itself."""
    at = 0
    while at + 8 <= len(data):
        length, name, head = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8], 8
        if length == 1:
            length, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        length = len(data) - at if length < head else length
        body = data[at + head : at + length]
        search.dense(body, place if name == b"mdat" else f"{place}: Notes")
        at += length
    search.inside(data[at:], f"{place}: Behind the end", is_part=False)
    if data[8:12] in {b"heic", b"heix", b"mif1", b"msf1", b"avif"}:
        return
    probe(search, data, place)


def open_other(search: Search, data: bytes, place: str) -> None:
    """WebM and what else is a recording by what it is said to be."""
    search.dense(data, place)
    probe(search, data, place)


def probe(search: Search, data: bytes, place: str) -> None:
    """What ffprobe reads of a recording: notes of the whole, of each track and chapter, and what tracks say in words.

    Raises Undone for one that does not open.
    """
    search.cannot(UNHEARD)
    engine = engines.ffprobe()
    if engine is None:
        search.cannot(UNPROBED)
        return
    search.used(engine.called)
    search.searched("in notes of recordings")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "recording"
        path.write_bytes(data)
        told = _probed(engine.program, path)
        search.texts(_told(told), f"{place}: Notes")
        for number, track in enumerate(told.get("streams", []), 1):
            search.part()
            if track.get("codec_type") not in _HEARD:
                search.text(_written(path, track), f"{place}: Track {number}")
            elif track.get("disposition", {}).get("attached_pic"):
                search.inside(_copied(path, track), f"{place}: Cover")


def _probed(program: str, path: Path) -> dict[str, Any]:
    shown = ["-show_format", "-show_streams", "-show_chapters", "-show_programs", "-show_error"]
    command = [program, "-v", "quiet", "-protocol_whitelist", "file", "-of", "json", *shown, str(path)]
    try:
        told = json.loads(programs.output(command, seconds=_SECONDS, most=_MOST))
    except (programs.TooLong, programs.Failed, ValueError, RecursionError) as error:
        raise Damaged(_BROKEN) from error
    if not isinstance(told, dict) or not told.get("streams"):
        raise Damaged(_BROKEN)
    return told


def _told(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in {"filename", "disposition"}:
                yield from _told(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _told(inner)
    elif isinstance(value, str):
        yield value


def _written(path: Path, track: dict[str, Any]) -> str:
    """The words of a track of subtitles or of data."""
    is_told = track.get("codec_type") == "subtitle"
    return _track(path, track, ["-f", "srt"] if is_told else ["-c", "copy", "-f", "data"]).decode("utf-8", "replace")


def _copied(path: Path, track: dict[str, Any]) -> bytes:
    return _track(path, track, ["-c", "copy", "-f", "data"])


def _track(path: Path, track: dict[str, Any], form: list[str]) -> bytes:
    engine = engines.ffmpeg()
    if engine is None:
        raise Damaged(_BROKEN)
    taken = bytearray()

    def take(said: bytes) -> None:
        taken.extend(said[: max(0, _MOST - len(taken))])

    source = ["-protocol_whitelist", "file,pipe", "-i", str(path), "-map", f"0:{int(track.get('index', 0))}"]
    command = [engine.program, "-v", "quiet", "-nostdin", *source, *form, "-"]
    try:
        programs.run(command, seconds=_SECONDS, take=take)
    except (programs.TooLong, programs.Failed) as error:
        raise Damaged(_BROKEN) from error
    return bytes(taken)
