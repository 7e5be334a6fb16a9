"""What a picture carries that nobody sees: where, when and by whom it was taken, notes, a small copy of itself.

All of it is read, what follows after the picture in the file too, and nothing of it is in a result.
"""

import io
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from PIL import ExifTags, Image, ImageCms, ImageFile, IptcImagePlugin

from portfolio.documents.redaction.coded import words_in
from portfolio.documents.redaction.properties import in_bytes, in_markup, says_something
from portfolio.documents.redaction.work import Work

_WHERE, _WHEN, _CAMERA, _WHO, _NOTES, _SMALL, _AFTER = (
    "where the picture was taken",
    "when it was taken",
    "which camera took it",
    "who took it",
    "notes inside the picture",
    "a small copy of the picture inside it",
    "what follows after the picture in the file",
)
_DATES = {0x0132, 0x9003, 0x9004, 0x9010, 0x9011, 0x9012, 0x9290, 0x9291, 0x9292}
_CAMERAS = {0x010F, 0x0110, 0x0131, 0x013C, 0xA431, 0xA432, 0xA433, 0xA434, 0xA435, 0x927C}
_PEOPLE = {0x013B, 0x8298, 0x9C9D, 0xA430}
_WIDE = {0x9C9B, 0x9C9C, 0x9C9D, 0x9C9E, 0x9C9F}
"""Written in two bytes a sign."""
_COMMENT = 0x9286
_CODES = {b"ASCII\0\0\0": "ascii", b"UNICODE\0": "utf-16-le", b"JIS\0\0\0\0\0": "iso2022_jp"}
_TECHNICAL = {
    "exif", "icc_profile", "xmp", "photoshop", "adobe", "adobe_transform", "dpi", "jfif", "jfif_version", "jfif_unit",
    "jfif_density", "progressive", "progression", "gamma", "srgb", "chromaticity", "transparency", "background",
    "version", "duration", "loop", "extension", "compression", "interlace", "aspect", "timestamp", "default_image",
    "blend", "disposal", "mp", "mpoffset", "XML:com.adobe.xmp", "primary", "bit_depth", "chroma", "metadata",
    "thumbnails", "depth_images", "resolution",
}  # fmt: skip
_ENDS = {"JPEG": (b"\xff\xd9", 2), "MPO": (b"\xff\xd9", 2), "PNG": (b"IEND", 8)}


def look_inside(picture: Image.Image, data: bytes, work: Work) -> None:
    """Shows to `work` what the opened picture carries; `data` is the whole file."""
    facts: dict[str, None] = {}
    for what, text in _facts(picture, data):
        work.gone(what)
        if says_something(text):
            facts.setdefault(text.strip())
    if facts:
        words_in(work, "\n".join(facts), "Properties of the picture", is_seen=False)


def _facts(picture: Image.Image, data: bytes) -> Iterator[tuple[str, str]]:
    with suppress(Exception):  # what cameras and editors write is broken in dozens of ways; none of it goes along
        yield from _of_camera(picture.getexif())
    for named in ("xmp", "XML:com.adobe.xmp"):
        for text in in_markup(_bytes(picture.info.get(named))):
            yield _NOTES, text
    with suppress(Exception):
        yield from _of_press(picture)
    for key, value in picture.info.items():
        if str(key) not in _TECHNICAL:
            yield from ((_NOTES, text) for text in _texts(value))
    with suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
        profile = _bytes(picture.info.get("icc_profile"))
        if profile:
            yield _NOTES, ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(profile)))
    sign, more = _ENDS.get(picture.format or "", (b"", 0))
    tail = data[data.rfind(sign) + more :] if sign else b""
    if tail.strip(b"\0 \r\n"):
        yield _AFTER, ""
        yield from ((_AFTER, text) for text in in_bytes(tail))


def _of_camera(exif: Image.Exif) -> Iterator[tuple[str, str]]:
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    if place:
        yield _WHERE, _position(place)
        yield from ((_WHERE, text) for value in place.values() for text in _texts(value))
    if exif.get_ifd(ExifTags.IFD.IFD1):
        yield _SMALL, ""
    for folder in (exif, exif.get_ifd(ExifTags.IFD.Exif), exif.get_ifd(ExifTags.IFD.Interop)):
        for tag, value in folder.items():
            what = _sort(tag)
            if tag in _WIDE:
                yield what, _bytes(value).decode("utf-16-le", "replace").strip("\0")
            elif tag == _COMMENT:
                said = _bytes(value)
                yield what, said[8:].decode(_CODES.get(said[:8], "utf-8"), "replace").strip("\0 ")
            else:
                yield from ((what, text) for text in _texts(value))


def _sort(tag: int) -> str:
    for tags, what in ((_DATES, _WHEN), (_CAMERAS, _CAMERA), (_PEOPLE, _WHO)):
        if tag in tags:
            return what
    return _NOTES


def _position(place: dict[int, Any]) -> str:
    """In words and degrees, as maps take it."""
    try:
        north, east = (
            sum(float(part) / 60**power for power, part in enumerate(place[tag]))
            * (-1 if place[tag - 1] in "SW" else 1)
            for tag in (2, 4)
        )
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return ""
    return f"Where it was taken: {north:.5f}, {east:.5f}"


def _of_press(picture: Image.Image) -> Iterator[tuple[str, str]]:
    """The fields that newspapers fill in: captions, names, places."""
    if not isinstance(picture, ImageFile.ImageFile):
        return
    for value in (IptcImagePlugin.getiptcinfo(picture) or {}).values():
        for one in value if isinstance(value, list) else [value]:
            yield from ((_NOTES, text) for text in _texts(one))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value.strip("\0")
    elif isinstance(value, bytes):
        try:
            text = value.decode().strip("\0")
        except UnicodeDecodeError:
            text = ""
        yield from [text] if text.isprintable() and text else in_bytes(value)


def _bytes(value: Any) -> bytes:
    if isinstance(value, str):
        return value.encode()
    try:
        return bytes(value or b"")
    except (TypeError, ValueError):
        return b""
