"""Pictures of every kind that is taken, as upright pictures in plain colours that carry nothing but their pixels."""

import io
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from PIL import Image, ImageCms, ImageOps

from portfolio.documents.pictures import MAX_PIXELS, flat
from portfolio.documents.preview_bench import Bench, Full
from portfolio.documents.xml_parts import Unreadable

FORMATS = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/tiff": "TIFF",
    "image/heic": "HEIF",
}
MAX_SIDE = 30_000
MAX_FRAMES = 20
_MAX_REDUCIBLE = 170 * 1000**2
_DRAFT = (1800, 1800)


def picture_pieces(bench: Bench, path: Path, media_type: str) -> None:
    """The picture; of a scan in several pages the first of them."""
    read = 0
    with opened(path, media_type) as source:
        for number, image in _frames(source, media_type):
            if number > MAX_FRAMES:
                bench.note(f"The first {MAX_FRAMES} pages of the picture are shown.")
                break
            try:
                shot = bench.picture(image)
            except Full:
                bench.note(f"The first {read} pages of the picture are shown.")
                break
            bench.add(f"page-{number}" if media_type == "image/tiff" else "picture", f"Page {number}", shots=[shot])
            read = number


def opened(path: Path, media_type: str) -> Image.Image:
    """The picture with its size known and nothing decoded. Raises Unreadable when it has too many pixels."""
    if media_type == "image/heic":
        import_module("pi_heif").register_heif_opener()  # large, and few files need it
    source = Image.open(path, formats=[FORMATS[media_type]])
    _check(source, _MAX_REDUCIBLE if media_type == "image/jpeg" else MAX_PIXELS)
    return source


def first_frame(path: Path, media_type: str) -> Image.Image:
    """A picture that stands in another file, ready to be written anew."""
    with opened(path, media_type) as source:
        return next(image for _number, image in _frames(source, media_type))


def _frames(source: Image.Image, media_type: str) -> Iterator[tuple[int, Image.Image]]:
    yield 1, _upright(source)
    number = 1
    while media_type == "image/tiff":
        try:
            source.seek(number)
        except EOFError:
            return
        number += 1
        _check(source, MAX_PIXELS)
        yield number, _upright(source)


def _check(source: Image.Image, most: int) -> None:
    width, height = source.size
    if width * height > most or max(width, height) > MAX_SIDE:
        message = "The picture has too many pixels to show."
        raise Unreadable(message)


def _upright(source: Image.Image) -> Image.Image:
    source.draft("RGB", _DRAFT)
    _check(source, MAX_PIXELS)
    profile = source.info.get("icc_profile")
    image = ImageOps.exif_transpose(source)
    return flat(_in_plain_colours(image, profile) if isinstance(profile, bytes) else image)


def _in_plain_colours(image: Image.Image, profile: bytes) -> Image.Image:
    """Through the picture's own profile to sRGB; as it is where the profile is of no use."""
    if image.mode not in {"RGB", "CMYK", "L"}:
        return image
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        turned = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image
    return image if turned is None else turned
