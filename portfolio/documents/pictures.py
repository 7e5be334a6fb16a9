"""Pictures for the book: turned upright, sized for reading, written anew so that nothing of the original's metadata
(place, camera, author) goes along."""

import io
from pathlib import Path

from PIL import Image, ImageOps

from portfolio.documents.blocks import Picture
from portfolio.documents.xml_parts import Unreadable

MAX_PIXELS = 40 * 1000**2
_MAX_JPEG_PIXELS = 200 * 1000**2
_LONGEST = 1800
_PNG_WORTH_KEEPING = 1_500_000
_EMU_PER_PIXEL = 9525
_MAX_WIDTH = 6_120_000
_MAX_HEIGHT = 7_560_000
_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG"}


def picture_block(path: Path, media_type: str) -> Picture:
    """The picture fitted to the page. Raises Unreadable when it has too many pixels; Pillow's errors pass through."""
    with Image.open(path, formats=[_FORMATS[media_type]]) as source:
        width, height = source.size
        limit = _MAX_JPEG_PIXELS if media_type == "image/jpeg" else MAX_PIXELS
        if width * height > limit:
            message = "The picture has too many pixels to show."
            raise Unreadable(message)
        source.draft("RGB", (_LONGEST, _LONGEST))
        if source.size[0] * source.size[1] > MAX_PIXELS:
            message = "The picture has too many pixels to show."
            raise Unreadable(message)
        turned = source.getexif().get(0x0112, 1) in {5, 6, 7, 8}
        image = flat(ImageOps.exif_transpose(source))
    image.thumbnail((_LONGEST, _LONGEST), Image.Resampling.LANCZOS)
    data, kind = written(image, media_type)
    natural = (height, width) if turned else (width, height)
    return Picture(data, kind, *on_screen(*natural))


def flat(image: Image.Image) -> Image.Image:
    """Grey or colour with eight bits, on white where it was transparent, in a new image that carries nothing else."""
    if image.mode.startswith("I"):
        image = image.point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        ground = Image.new("RGB", layer.size, "white")
        ground.paste(layer, mask=layer.getchannel("A"))
        return ground
    mode = "L" if image.mode in {"1", "L"} else "RGB"
    fresh = Image.new(mode, image.size)
    fresh.paste(image.convert(mode))
    return fresh


def written(image: Image.Image, media_type: str) -> tuple[bytes, str]:
    """The picture's bytes and what kind they are: a drawing as PNG unless that takes too much room, else JPEG."""
    output = io.BytesIO()
    if media_type == "image/png":
        image.save(output, "PNG")
        if output.tell() <= _PNG_WORTH_KEEPING:
            return output.getvalue(), media_type
        output = io.BytesIO()
    image.save(output, "JPEG", quality=85)
    return output.getvalue(), "image/jpeg"


def on_screen(width: int, height: int) -> tuple[int, int]:
    """The size in EMU of a picture of so many pixels: as on a screen, smaller when the page asks for it."""
    return fitted(width * _EMU_PER_PIXEL, height * _EMU_PER_PIXEL)


def fitted(wide: int, high: int) -> tuple[int, int]:
    """A size in EMU, smaller when the page asks for it."""
    scale = min(1.0, _MAX_WIDTH / wide, _MAX_HEIGHT / high)
    return max(1, round(wide * scale)), max(1, round(high * scale))
