"""One page of a PDF: what it says and where, as a picture, and the words that an engine finds in that picture."""

import ctypes
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import pypdfium2
from PIL import Image
from pypdfium2 import raw

from portfolio.documents import engines, ocr
from portfolio.documents.redaction.line_ends import SOFT, Joined, joined_in
from portfolio.documents.redaction.marking import Rect, Sheet, padded
from portfolio.documents.redaction.work import Refused

MOST_SIGNS = 200_000
_DPI, _POINTS = 200, 72
_LONGEST = 4_000
_FINE = 1_000_000
_NO_SIGN, _LAST = {0, 0xFFFE, 0xFFFF}, 0x10FFFF
_BANDS = 400
_LETTERS = re.compile(r"[\W_]+")
_WORTH_READING = 0.002
_MOST_OBJECTS = 20_000
_MANY_PATHS = 40
_FEW_SIGNS = 40
_UNREADABLE = 0.05


@dataclass(frozen=True, slots=True)
class PageRead:
    """`sheet`: the text of the page itself. `is_unread`: whether words may stand on the page that are in no text, such
    as those in a picture.
    """

    width: float
    height: float
    sheet: Sheet
    joined: tuple[Joined, ...]
    is_unread: bool


def flattened(document: pypdfium2.PdfDocument, number: int) -> pypdfium2.PdfPage:
    """A page with what was filled into forms and noted on it become part of it."""
    page = document[number]
    raw.FPDFPage_Flatten(page.raw, raw.FLAT_NORMALDISPLAY)
    page.close()
    whole: pypdfium2.PdfPage = document[number]
    return whole


def page_read(page: pypdfium2.PdfPage) -> PageRead:
    """What stands on the page, and where. Raises Refused when that is too much."""
    width, height = page.get_size()
    text_page = page.get_textpage()
    try:
        sheet = _sheet(page, text_page)
    finally:
        text_page.close()
    joined = tuple(joined_in(sheet.text))
    is_unread = _has_more(page, sheet.text, width * height)
    sheet.text = sheet.text.replace(SOFT, "-")
    return PageRead(width, height, sheet, joined, is_unread)


def picture_of(page: pypdfium2.PdfPage) -> Image.Image:
    """The upright page as a picture, large enough to be read and printed."""
    scale = min(_DPI / _POINTS, _LONGEST / max(*page.get_size(), 1))
    picture: Image.Image = page.render(scale=scale, may_draw_forms=False).to_pil()
    return picture.convert("RGB")


def in_picture(picture: Image.Image, *, any_way: bool) -> list[ocr.Word] | None:
    """The words that an engine finds; None where there is none, or it could not read the picture."""
    if engines.ocr() is None:
        return None
    try:
        return ocr.words_in(picture, any_way=any_way)
    except ocr.NotRead:
        return None


def unsaid(words: Sequence[ocr.Word], sheet: Sheet) -> list[ocr.Word]:
    """Those words of a picture that the page's own text does not say in that place."""
    bands: dict[int, list[tuple[str, Rect]]] = defaultdict(list)
    for sign, place in zip(sheet.text, sheet.places, strict=True):
        if place is not None and sign.isalnum():
            bands[int((place[1] + place[3]) / 2 * _BANDS)].append((sign, place))
    return [word for word in words if not _is_said(word, bands)]


def _is_said(word: ocr.Word, bands: dict[int, list[tuple[str, Rect]]]) -> bool:
    left, top, right, bottom = padded((word.left, word.top, word.right, word.bottom), 0.3)
    said = Counter(
        sign.casefold()
        for band in range(int(top * _BANDS), int(bottom * _BANDS) + 1)
        for sign, place in bands.get(band, ())
        if left <= (place[0] + place[2]) / 2 <= right and top <= (place[1] + place[3]) / 2 <= bottom
    )
    wanted = Counter(_LETTERS.sub("", word.text).casefold())
    return wanted <= said


def _sheet(page: pypdfium2.PdfPage, text_page: pypdfium2.PdfTextPage) -> Sheet:
    upright = _Upright(page)
    signs: list[str] = []
    places: list[Rect | None] = []
    half = 0
    count = raw.FPDFText_CountChars(text_page.raw)
    if count > MOST_SIGNS:
        raise Refused("There is more text on one page than can be looked through.")
    for at in range(count):
        code = raw.FPDFText_GetUnicode(text_page.raw, at)
        if 0xD800 <= code < 0xDC00:
            half = code
            continue
        if 0xDC00 <= code < 0xE000 and half:
            code = 0x10000 + ((half - 0xD800) << 10) + code - 0xDC00
        half = 0
        sign = "\ufffd" if code in _NO_SIGN or code > _LAST or 0xD800 <= code < 0xE000 else chr(code)
        if sign == "\r":
            continue
        signs.append(sign)
        places.append(None if sign.isspace() else upright.place(text_page, at))
    return Sheet("".join(signs), places)


class _Upright:
    """From the points of a page, whatever its turn and its crop, to fractions of the page as it is looked at."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self._zero = self._at(page, 0, 0)
        right, up = self._at(page, 100, 0), self._at(page, 0, 100)
        self._along = ((right[0] - self._zero[0]) / 100, (right[1] - self._zero[1]) / 100)
        self._up = ((up[0] - self._zero[0]) / 100, (up[1] - self._zero[1]) / 100)

    def place(self, text_page: pypdfium2.PdfTextPage, at: int) -> Rect:
        """Where a sign stands, with the room that its letters may take."""
        loose = raw.FS_RECTF()
        sides = [ctypes.c_double() for _side in range(4)]
        boxes: list[tuple[float, float, float, float]] = []
        if raw.FPDFText_GetLooseCharBox(text_page.raw, at, loose):
            boxes.append((loose.left, loose.bottom, loose.right, loose.top))
        if raw.FPDFText_GetCharBox(text_page.raw, at, sides[0], sides[1], sides[2], sides[3]):
            left, right, bottom, top = (side.value for side in sides)
            boxes.append((left, bottom, right, top))
        points = [self._turned(x, y) for box in boxes for x in (box[0], box[2]) for y in (box[1], box[3])]
        across, along = [x for x, _y in points] or [0.0], [y for _x, y in points] or [0.0]
        return _held(min(across)), _held(min(along)), _held(max(across)), _held(max(along))

    def _turned(self, x: float, y: float) -> tuple[float, float]:
        return (
            self._zero[0] + x * self._along[0] + y * self._up[0],
            self._zero[1] + x * self._along[1] + y * self._up[1],
        )

    def _at(self, page: pypdfium2.PdfPage, x: float, y: float) -> tuple[float, float]:
        across, along = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(page.raw, 0, 0, _FINE, _FINE, 0, x, y, across, along)
        return across.value / _FINE, along.value / _FINE


def _held(share: float) -> float:
    return min(1.0, max(0.0, share))


def _has_more(page: pypdfium2.PdfPage, text: str, size: float) -> bool:
    """Whether there are pictures, drawn letters, or letters that are no text: then the text is not all that is said."""
    signs = [sign for sign in text if not sign.isspace()]
    lost = sum(sign == "\ufffd" or "\ue000" <= sign <= "\uf8ff" for sign in signs)
    if lost > _UNREADABLE * len(signs):
        return True
    pictures = 0.0
    paths = 0
    for number, found in enumerate(page.get_objects(max_depth=4)):
        if number > _MOST_OBJECTS:
            return True
        if found.type == raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = found.get_bounds()
            pictures += abs(right - left) * abs(top - bottom)
        paths += found.type in {raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_SHADING}
    return pictures > _WORTH_READING * size or paths > _MANY_PATHS or (len(signs) < _FEW_SIGNS and paths > 0)
