"""A logo: looked at in a process with limits, and drawn anew as a small PNG that carries nothing but its pixels."""

import base64
import binascii
import io
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from portfolio.documents.preview_pictures import first_frame
from portfolio.documents.sandbox import run_limited
from portfolio.documents.xml_parts import Unreadable
from portfolio.errors import Rejected

WIDEST, HIGHEST = 480, 160
KINDS = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
SECONDS = 3
UNFIT = "This cannot be read as a picture. Use a PNG, JPEG or WebP file of the ordinary kind."


def drawn(path: Path) -> bytes:
    """The picture as a PNG of at most 480 by 160. Raises Rejected for what is no picture, or too large inside."""
    outcome = run_limited("portfolio.documents.logos:draw", str(path.resolve()), seconds=SECONDS)
    if outcome.note or not isinstance(outcome.value, str):
        raise Rejected(UNFIT, "logo")
    try:
        picture = base64.b64decode(outcome.value, validate=True)
    except binascii.Error:
        raise Rejected(UNFIT, "logo") from None
    return picture


def draw(path: str) -> str:
    """What the process with limits answers: the PNG in base 64. Raises Unreadable, and Pillow's errors pass through."""
    with Image.open(path, formats=list(KINDS)) as source:
        kind = KINDS.get(source.format or "")
    if kind is None:
        raise UnidentifiedImageError
    image = first_frame(Path(path), kind)
    image.thumbnail((WIDEST, HIGHEST), Image.Resampling.LANCZOS)
    if min(image.size) < 1:
        message = "The picture is too thin to show."
        raise Unreadable(message)
    output = io.BytesIO()
    image.save(output, "PNG", optimize=True)
    return base64.b64encode(output.getvalue()).decode()
