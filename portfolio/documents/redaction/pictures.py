"""A picture redacted: written anew and upright in the same kind with nothing but its pixels, things painted over.

Words are found where an engine for that is installed. What is painted over is painted before anything is written.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms, ImageOps

from portfolio.documents import ocr
from portfolio.documents.pictures import flat
from portfolio.documents.preview_pictures import FORMATS, MAX_SIDE
from portfolio.documents.redaction.line_ends import broken, joined_in
from portfolio.documents.redaction.marking import Mark, drawn, marks_of, paint, read
from portfolio.documents.redaction.matching import Match, Matcher
from portfolio.documents.redaction.misreading import Misreader
from portfolio.documents.redaction.picture_facts import look_inside
from portfolio.documents.redaction.plan import Why
from portfolio.documents.redaction.work import Refused, Work

MOST_PIXELS = 80 * 1000**2
MOST_FRAMES = 300
_MOST_IN_ALL = 160 * 1000**2
_FRAMES_READ = 12
"""Of a moving picture; the pages of a scan are all read."""
_TIFF, _HEIC, _JPEG = "image/tiff", "image/heic", "image/jpeg"
_FAINT = 16
"""What lets so much through is seen by nobody: nothing stays there."""
_PLACE = "The picture"
_WORDS = "Words in the picture"


@dataclass(slots=True)
class Frame:
    """One picture of the file, upright, and how long it is shown in a moving one."""

    image: Image.Image
    milliseconds: int


def redact_picture(source: Path, target: Path, work: Work, media_type: str) -> str:
    """All frames or pages of the picture; a HEIC becomes a JPEG."""
    with _opened(source, media_type) as picture:
        _check(picture)
        look_inside(picture, source.read_bytes(), work)
        details = _kept(picture)
        frames = list(_frames(picture))
    if media_type == _TIFF:
        for number, frame in enumerate(frames, 1):
            boxes = drawn(work.boxes, number)
            marks = [*_found(frame.image, work, f"Page {number}"), *boxes]
            work.painted(len(boxes))
            paint(frame.image, marks)
    else:
        boxes = drawn(work.boxes, 1)
        marks = [*boxes, *(mark for frame in frames[:_FRAMES_READ] for mark in _found(frame.image, work, _WORDS))]
        if len(frames) > _FRAMES_READ:
            work.unread(_PLACE, Why.PICTURE)
        work.painted(len(boxes))
        for frame in frames:
            paint(frame.image, marks)
    if not work.only_reads:
        _write(frames, target, _JPEG if media_type == _HEIC else media_type, details)
    return _JPEG if media_type == _HEIC else media_type


def _opened(path: Path, media_type: str) -> Image.Image:
    if media_type == _HEIC:
        import_module("pi_heif").register_heif_opener()  # large, and few files need it
    return Image.open(path, formats=[FORMATS[media_type]])


def _check(picture: Image.Image) -> None:
    if picture.width * picture.height > MOST_PIXELS or max(picture.size) > MAX_SIDE:
        raise Refused("The picture has too many pixels to be redacted here.")


def _frames(picture: Image.Image) -> Iterator[Frame]:
    pixels = 0
    for number in range(MOST_FRAMES + 1):
        try:
            picture.seek(number)
        except EOFError:
            return
        _check(picture)
        pixels += picture.width * picture.height
        if pixels > _MOST_IN_ALL or number == MOST_FRAMES:
            raise Refused("The picture has too many pages or moving parts to be redacted here.")
        yield Frame(_clean(picture), int(picture.info.get("duration") or 0))


def _clean(picture: Image.Image) -> Image.Image:
    """Upright, in plain colours and carrying nothing; what can be seen through stays so, and nothing is behind it."""
    profile = picture.info.get("icc_profile")
    upright = ImageOps.exif_transpose(picture)
    if not upright.has_transparency_data:
        return flat(_in_plain_colours(upright, profile))
    layer = upright.convert("RGBA")
    seen = layer.getchannel("A").point(lambda share: 255 if share >= _FAINT else 0)
    fresh = Image.new("RGBA", layer.size, (255, 255, 255, 0))
    fresh.paste(layer, mask=seen)
    return fresh


def _in_plain_colours(picture: Image.Image, profile: object) -> Image.Image:
    """Through the picture's own profile to sRGB; as it is where the profile is of no use."""
    if not isinstance(profile, bytes) or picture.mode not in {"RGB", "CMYK", "L"}:
        return picture
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        turned = ImageCms.profileToProfile(picture, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return picture
    return picture if turned is None else turned


def _found(image: Image.Image, work: Work, place: str) -> list[Mark]:
    """Where words stand that go. What is shown through is read on white and on black."""
    if min(image.size) < ocr.LEAST_SIDE:
        return []
    grounds = [image]
    if image.mode == "RGBA" and image.getchannel("A").getextrema()[0] == 0:
        black = Image.new("RGB", image.size)
        black.paste(image, mask=image.getchannel("A"))
        grounds.append(black)
    marks: list[Mark] = []
    said: set[str] = set()
    try:
        for ground in grounds:
            sheet = read(ocr.words_in(ground))
            if sheet.text not in said:
                said.add(sheet.text)
                marks += marks_of(sheet, _going(sheet.text, work, place))
    except ocr.NotRead:
        work.unread(_PLACE, Why.PICTURE)
    else:
        work.unread(_PLACE, Why.READ)
    return marks


def _going(text: str, work: Work, place: str) -> list[Match]:
    """What goes of a text that was read from a picture: also across the ends of lines, and where it was misread."""
    lines = joined_in(text)
    if work.only_reads:
        for line in lines:
            work.find(line.text, place)
    found = work.find(text, place)
    further = broken(lines, Matcher(work.plan.swaps))
    further += Misreader(work.plan.swaps).find(text, [*found, *further])
    for match in further:
        work.find(match.swap.words, place)
    return [*found, *further]


def _kept(picture: Image.Image) -> dict[str, Any]:
    """What is needed to show it as it was shown."""
    kept: dict[str, Any] = {}
    dpi = picture.info.get("dpi")
    if isinstance(dpi, tuple) and len(dpi) == 2 and all(1 <= float(side) <= 10_000 for side in dpi):
        kept["dpi"] = (round(float(dpi[0])), round(float(dpi[1])))
    if isinstance(picture.info.get("loop"), int):
        kept["loop"] = picture.info["loop"]
    return kept


def _write(frames: list[Frame], target: Path, media_type: str, details: dict[str, Any]) -> None:
    first, others = frames[0].image, [frame.image for frame in frames[1:]]
    options: dict[str, Any] = {key: value for key, value in details.items() if key == "dpi"}
    if media_type == _JPEG:
        first.convert("RGB" if first.mode == "RGBA" else first.mode).save(
            target, "JPEG", quality=90, subsampling=0, **options
        )
        return
    if media_type == _TIFF:
        options["compression"] = "tiff_deflate"
    elif media_type == "image/webp":
        options = {"quality": 90, "method": 4}
    elif media_type == "image/gif":
        options = {"disposal": 2, "optimize": False}
    if others:
        options |= {"save_all": True, "append_images": others}
        if media_type != _TIFF:
            options |= {"duration": [frame.milliseconds for frame in frames], "loop": details.get("loop", 0)}
    first.save(target, FORMATS[media_type], **options)
