"""A centre's logo: drawn anew and small, whatever it was; what is no picture, or too large inside, is refused."""

import io
from pathlib import Path

import pytest
from PIL import Image

from portfolio.documents.logos import drawn
from portfolio.errors import Rejected
from tests.documents import bombs
from tests.documents.samples import phone_photo, picture


def kept(tmp_path: Path, content: bytes) -> Image.Image:
    """What becomes of a file."""
    path = tmp_path / "logo"
    path.write_bytes(content)
    image = Image.open(io.BytesIO(drawn(path)), formats=["PNG"])
    image.load()
    return image


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize(
    ("size", "fitted"), [((300, 100), (300, 100)), ((4_800, 800), (480, 80)), ((400, 1_600), (40, 160))]
)
def test_a_picture_is_fitted(tmp_path: Path, kind: str, size: tuple[int, int], fitted: tuple[int, int]) -> None:
    """Into 480 by 160; a small one stays as it is."""
    assert kept(tmp_path, picture(kind, size)).size == fitted


def test_nothing_but_pixels_goes_along(tmp_path: Path) -> None:
    """Upright, without where it was taken and by what."""
    path = tmp_path / "photo"
    path.write_bytes(phone_photo())
    content = drawn(path)
    assert b"SECRET" not in content
    image = Image.open(io.BytesIO(content))
    assert image.size == (80, 160)
    assert not image.getexif()


def test_what_is_transparent_stands_on_white(tmp_path: Path) -> None:
    """So that it is seen on a dark page too."""
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "PNG")
    assert kept(tmp_path, out.getvalue()).convert("RGB").getpixel((3, 3)) == (255, 255, 255)


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", picture("GIF"), picture()[:60], b"\x89PNG\r\n\x1a\n"],
    ids=["nothing", "a drawing", "a GIF", "half a picture", "a signature"],
)
def test_what_is_no_such_picture_is_refused(tmp_path: Path, content: bytes) -> None:
    """Said of the field."""
    with pytest.raises(Rejected) as refusal:
        kept(tmp_path, content)
    assert refusal.value.field == "logo"


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    """A few kilobytes that unfold to a gigapixel."""
    with pytest.raises(Rejected) as refusal:
        kept(tmp_path, bombs.pixels())
    assert refusal.value.field == "logo"
