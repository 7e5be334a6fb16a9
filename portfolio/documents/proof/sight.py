"""Pictures as Pillow reads them: what they carry beside their points, and their words where a program that reads words
is installed.
"""

import io
import warnings
from collections.abc import Iterator
from importlib import metadata
from typing import Any

from PIL import ExifTags, Image

from portfolio.documents import engines, ocr
from portfolio.documents.proof.search import Damaged, Search, Undone

UNREAD = "Words in pictures: no program that reads them is installed."
NOT_ALL = "Words in pictures: the program that reads them could not read every one."
READ = "in pictures, read by a program"
_BROKEN = "A picture in the result is damaged, so it cannot be searched."
_MOST_FRAMES = 200
_MOST_POINTS = 120_000_000
_LEAST = 24
_FOLDERS = (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo, ExifTags.IFD.Interop)


def read(search: Search, data: bytes, place: str) -> None:
    """What a picture carries, and its words, frame by frame. Raises Undone for one that does not open."""
    search.used(f"Pillow {metadata.version('pillow')}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _read(search, data, place)
    except (Undone, MemoryError):
        raise
    except Exception as error:
        raise Damaged(_BROKEN) from error


def _read(search: Search, data: bytes, place: str) -> None:
    with Image.open(io.BytesIO(data)) as picture:
        if picture.width * picture.height > _MOST_POINTS:
            raise Damaged(_BROKEN)
        frames = getattr(picture, "n_frames", 1)
        if frames > _MOST_FRAMES:
            search.cannot(NOT_ALL)
        for number in range(min(frames, _MOST_FRAMES)):
            picture.seek(number)
            picture.load()
            _show(search, picture, f"{place}: Notes")
            look(search, picture, place)


def _show(search: Search, picture: Image.Image, place: str) -> None:
    carried: list[Any] = [*picture.info.keys(), *picture.info.values()]
    carried += list(dict(getattr(picture, "tag_v2", {})).values())
    exif = picture.getexif()
    carried += list(exif.values())
    for folder in _FOLDERS:
        carried += list(exif.get_ifd(folder).values())
    texts = []
    for one in _flat(carried, 0):
        if isinstance(one, bytes):
            search.inside(one, place, is_part=False)
            texts.append(one.removeprefix(b"UNICODE\0").removeprefix(b"ASCII\0\0\0").decode("utf-8", "replace"))
        else:
            texts.append(one)
    search.texts(texts, place)


def _flat(value: Any, depth: int) -> Iterator[str | bytes]:
    if isinstance(value, (str, bytes)):
        yield value
    elif isinstance(value, dict) and depth < 4:
        yield from _flat([*value.keys(), *value.values()], depth + 1)
    elif isinstance(value, (list, tuple)) and depth < 4:
        for one in value:
            yield from _flat(one, depth + 1)


def look(search: Search, picture: Image.Image, place: str) -> None:
    """Search the words on a picture, where a program that reads words is installed."""
    if min(picture.size) < _LEAST:
        return
    engine = engines.ocr()
    if engine is None:
        search.cannot(UNREAD)
        return
    search.used(engine.called)
    search.searched(READ)
    try:
        lines = ocr.lines_of(ocr.words_in(picture))
    except ocr.NotRead:
        search.cannot(NOT_ALL)
        return
    search.text("\n".join(lines), f"{place}: Words in the picture")
