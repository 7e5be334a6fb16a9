"""Pictures: every part of the file beside its points, what Pillow reads of it, and its words where they can be read."""

import contextlib
import io
import warnings
import zlib

from PIL import Image

from portfolio.documents.proof.search import Search
from portfolio.documents.proof.sight import read

_MOST_FRAMES = 400
_MOST_TEXT = 50 * 1000**2
_BARE = frozenset({0xD8, 0x01, *range(0xD0, 0xD8)})
_POINTS = frozenset({0xDB, 0xC4, 0xC0, 0xC1, 0xC2, 0xC3, 0xC9, 0xCA, 0xDD, 0xCC})
_STRIPS = ((273, 279), (324, 325))


def open_png(search: Search, data: bytes, place: str) -> None:
    """Chunks that are no points, unpacked, and what stands behind the end."""
    at, points = 8, []
    while at + 8 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        body = data[at + 8 : at + 8 + length]
        if kind in {b"IDAT", b"fdAT", b"PLTE", b"IHDR"}:
            points.append(body)
        else:
            search.inside(kind + b"\n" + body, f"{place}: Notes", is_part=False)
            search.inside(_text_of(kind, body), f"{place}: Notes", is_part=False)
        at += 12 + length
        if kind == b"IEND":
            break
    search.inside(data[at:], f"{place}: Behind the picture", is_part=False)
    search.dense(b"".join(points), place, counts_short=False)
    read(search, data, place)


def _text_of(kind: bytes, body: bytes) -> bytes:
    if kind == b"tEXt":
        return body.replace(b"\0", b"\n", 1).decode("latin-1").encode()
    if kind == b"eXIf":
        return body
    word, _, rest = body.partition(b"\0")
    if kind in {b"zTXt", b"iCCP"}:
        return word + b"\n" + _inflated(rest[1:])
    if kind == b"iTXt":
        is_packed = rest[:1] == b"\1"
        language, _, rest = rest[2:].partition(b"\0")
        title, _, text = rest.partition(b"\0")
        return b"\n".join((word, language, title, _inflated(text) if is_packed else text))
    return b""


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, _MOST_TEXT)
    except zlib.error:
        return data


def open_jpeg(search: Search, data: bytes, place: str) -> None:
    """Segments that are no points, and what stands behind the end."""
    at, points = 0, []
    while at + 2 <= len(data):
        if data[at] != 0xFF:
            at += 1
            continue
        mark = data[at + 1]
        if mark == 0xD9:
            at += 2
            break
        if mark in _BARE or mark in {0x00, 0xFF}:
            at += 1 if mark == 0xFF else 2
            continue
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        body = data[at + 4 : at + 2 + length]
        at += 2 + length
        if mark == 0xDA:
            end = _end_of_scan(data, at)
            points.append(data[at:end])
            at = end
        elif mark in _POINTS:
            points.append(body)
        else:
            search.inside(body, f"{place}: Notes", is_part=False)
    search.inside(data[at:], f"{place}: Behind the picture", is_part=False)
    search.dense(b"".join(points[-1:]), place, counts_short=False)
    read(search, data, place)


def _end_of_scan(data: bytes, at: int) -> int:
    while (at := data.find(b"\xff", at)) >= 0 and at + 1 < len(data):
        mark = data[at + 1]
        if mark not in {0, 0xFF} and not 0xD0 <= mark <= 0xD7:
            return at
        at += 1 if mark == 0xFF else 2
    return len(data)


def open_gif(search: Search, data: bytes, place: str) -> None:
    """Remarks and other blocks that are no points, put together, and what stands behind the end."""
    at = 13 + (3 << (data[10] & 7) + 1 if len(data) > 10 and data[10] & 0x80 else 0)
    while at < len(data):
        kind = data[at]
        if kind == 0x3B:
            at += 1
            break
        if kind == 0x21:
            body, at = _blocks(data, at + 2)
            search.inside(body, f"{place}: Notes", is_part=False)
        elif kind == 0x2C and at + 10 <= len(data):
            flags = data[at + 9]
            _, at = _blocks(data, at + 11 + (3 << (flags & 7) + 1 if flags & 0x80 else 0))
        else:
            break
    search.inside(data[at:], f"{place}: Behind the picture", is_part=False)
    search.dense(data, place, counts_short=False)
    read(search, data, place)


def _blocks(data: bytes, at: int) -> tuple[bytes, int]:
    found = []
    while at < len(data) and data[at]:
        found.append(data[at + 1 : at + 1 + data[at]])
        at += 1 + data[at]
    return b"".join(found), at + 1


def open_tiff(search: Search, data: bytes, place: str) -> None:
    """All but the points, and the points apart from it."""
    rest, at, points = [], 0, []
    for start, end in sorted(_strips(data)):
        if start >= at:
            rest.append(data[at:start])
            points.append(data[start:end])
            at = end
    rest.append(data[at:])
    search.dense(b"".join(rest), f"{place}: Notes")
    for inner in rest:
        search.inside(inner.removeprefix(data[:4]), f"{place}: Notes", is_part=False)
    search.dense(b"".join(points), place, counts_short=False)
    if len(data) > 200 or points:
        read(search, data, place)


def _strips(data: bytes) -> list[tuple[int, int]]:
    """Where the points stand; nowhere in a picture that does not open."""
    with warnings.catch_warnings(), contextlib.suppress(Exception):
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(data)) as picture:
            found = []
            for frame in range(min(getattr(picture, "n_frames", 1), _MOST_FRAMES)):
                picture.seek(frame)
                tags = dict(getattr(picture, "tag_v2", {}))
                for starts, lengths in _STRIPS:
                    pairs = zip(_many(tags.get(starts)), _many(tags.get(lengths)), strict=False)
                    found += [(start, start + length) for start, length in pairs]
            return found
    return []


def _many(value: object) -> list[int]:
    if isinstance(value, int):
        return [value]
    return [one for one in value if isinstance(one, int)] if isinstance(value, tuple) else []
