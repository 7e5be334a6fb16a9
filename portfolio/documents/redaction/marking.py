"""Text that stands on a picture, sign by sign with its place; what of it goes; and painting over those places.

Places are fractions of the upright page or picture, 0 to 1 from its left and top.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from portfolio.documents import ocr
from portfolio.documents.redaction.matching import Match
from portfolio.documents.redaction.plan import Box

Rect = tuple[float, float, float, float]
_PAD = 0.08
_LEAST_LETTERS = 11
_PAPER, _INK, _FRAME = (238, 238, 238), (0, 0, 0), (120, 120, 120)
_SAME_LINE = 0.3
_WIDE = 4.0
_FAR = 4.0
_COVERED = 0.6


@dataclass(frozen=True, slots=True)
class Mark:
    """A place that is painted over, and what is written there: turned to the left by so many degrees."""

    rect: Rect
    stand_in: str = ""
    turn: int = 0

    def covers(self, rect: Rect) -> bool:
        """Whether the middle of a place lies under it."""
        left, top, right, bottom = self.rect
        return left <= (rect[0] + rect[2]) / 2 <= right and top <= (rect[1] + rect[3]) / 2 <= bottom


@dataclass(slots=True)
class Sheet:
    """Text with the place of each of its signs; a space or the end of a line has none."""

    text: str = ""
    places: list[Rect | None] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Piece:
    """A word that stays, or what stands in for others, and where it stands: turned to the left by so many degrees."""

    text: str
    rect: Rect
    turn: int = 0


def read(words: Sequence[ocr.Word]) -> Sheet:
    """What was found in a picture as text; each sign has the place of its whole word."""
    sheet = Sheet()
    signs: list[str] = []
    line = -1
    for word in words:
        if signs:
            signs.append(" " if word.line == line else "\n")
            sheet.places.append(None)
        line = word.line
        signs.append(word.text)
        sheet.places += [(word.left, word.top, word.right, word.bottom)] * len(word.text)
    sheet.text = "".join(signs)
    return sheet


def marks_of(sheet: Sheet, found: Iterable[Match]) -> list[Mark]:
    """A mark for each line on which something stands that goes; the largest of them says what stands there then."""
    marks: list[Mark] = []
    for match in found:
        lines = _by_line(sheet, match.start, match.end)
        largest = max(range(len(lines)), key=lambda at: _area(lines[at][0]), default=0)
        marks += [
            Mark(rect, match.swap.stand_in if at == largest else "", turn) for at, (rect, turn) in enumerate(lines)
        ]
    return marks


def is_covered(places: Iterable[Rect | None], marks: Sequence[Mark]) -> bool:
    """Whether marks cover most of each of these places."""
    return all(
        sum(_area(_shared(mark.rect, place)) for mark in marks) >= _COVERED * _area(place) for place in places if place
    )


def merged(marks: Sequence[Mark], further: Mark) -> list[Mark] | None:
    """The marks when a further one stands where one of them does already, grown to cover both; None when it stands
    elsewhere.
    """
    met = next((at for at, mark in enumerate(marks) if mark.covers(further.rect) or further.covers(mark.rect)), None)
    if met is None:
        return None
    grown = Mark(hull([marks[met].rect, further.rect]), marks[met].stand_in, marks[met].turn)
    return [*marks[:met], grown, *marks[met + 1 :]]


def drawn(boxes: Iterable[Box], page: int) -> list[Mark]:
    """What a person drew on one page."""
    return [Mark((box.left, box.top, box.right, box.bottom), box.stand_in) for box in boxes if box.page == page]


def pieces_of(sheets: Iterable[Sheet], marks: Sequence[Mark]) -> list[Piece]:
    """The words that stay, with what stands in for the others where they stood; nothing that lies under a mark, and
    nothing that stands beside the page.
    """
    pieces: list[Piece] = []
    said: set[int] = set()
    for sheet in sheets:
        pieces += _staying(sheet, marks, said)
    return pieces + [_stand_in(mark) for at, mark in enumerate(marks) if mark.stand_in and at not in said]


def _staying(sheet: Sheet, marks: Sequence[Mark], said: set[int]) -> Iterator[Piece]:
    signs: list[str] = []
    rects: list[Rect] = []
    for sign, place in zip((*sheet.text, " "), (*sheet.places, None), strict=True):
        under = next((at for at, mark in enumerate(marks) if place and mark.covers(place)), None)
        is_staying = place is not None and under is None and _area(place) > 0
        if signs and (place is None or not is_staying or _is_far(rects[-1], place)):
            yield Piece("".join(signs), hull(rects), _turn(rects))
            signs, rects = [], []
        if place is not None and is_staying:
            signs.append(sign)
            rects.append(place)
        if under is not None and under not in said:
            said.add(under)
            if marks[under].stand_in:
                yield _stand_in(marks[under])


def _stand_in(mark: Mark) -> Piece:
    return Piece(mark.stand_in, mark.rect, mark.turn)


def paint(image: Image.Image, marks: Iterable[Mark]) -> None:
    """Cover the places for good, and write there what stands in for what went, where that can be read."""
    pen = ImageDraw.Draw(image)
    for mark in marks:
        left, top, right, bottom = _pixels(mark.rect, image.size)
        size = (right - left + 1, bottom - top + 1)
        along, across = size if mark.turn == 0 else size[::-1]
        font = _font_for(mark.stand_in, along, across)
        paper, ink, frame = (_shade(image, colour) for colour in (_PAPER, _INK, _FRAME))
        pen.rectangle((left, top, right, bottom), fill=ink if font is None else paper, outline=frame if font else ink)
        if font is not None:
            letters = Image.new("L", (along, across))
            ImageDraw.Draw(letters).text((along / 2, across / 2), mark.stand_in, fill=255, font=font, anchor="mm")
            image.paste(ink, (left, top), letters.rotate(mark.turn, expand=True))


def padded(rect: Rect, share: float = _PAD) -> Rect:
    """A place with a little around it: letters reach beyond what is said of them."""
    more = min(rect[2] - rect[0], rect[3] - rect[1]) * share
    left, top, right, bottom = rect
    return max(0.0, left - more), max(0.0, top - more), min(1.0, right + more), min(1.0, bottom + more)


def hull(rects: Sequence[Rect]) -> Rect:
    """The place that holds them all."""
    return (
        min(rect[0] for rect in rects),
        min(rect[1] for rect in rects),
        max(rect[2] for rect in rects),
        max(rect[3] for rect in rects),
    )


def _by_line(sheet: Sheet, start: int, end: int) -> list[tuple[Rect, int]]:
    lines: list[list[Rect]] = []
    is_new = True
    for sign, place in zip(sheet.text[start:end], sheet.places[start:end], strict=True):
        if place is None:
            is_new = is_new or sign == "\n"
            continue
        if is_new or not _are_in_line(lines[-1][-1], place):
            lines.append([])
        lines[-1].append(place)
        is_new = False
    return [(rect, _turn(line)) for line in lines for rect in _together(line)]


def _turn(line: Sequence[Rect]) -> int:
    """Which way the signs follow each other: to the right, up (90) or down (270)."""
    first, last = line[0], line[-1]
    across, down = last[0] - first[0], last[1] - first[1]
    if abs(down) <= abs(across):
        return 0
    return 90 if down < 0 else 270


def _is_far(one: Rect, other: Rect) -> bool:
    """Whether a sign stands too far from the one before to be of the same word, as where a line ends within it."""
    size = max(one[2] - one[0], one[3] - one[1], other[2] - other[0], other[3] - other[1])
    return one != other and max(abs(one[0] - other[0]), abs(one[1] - other[1])) > _FAR * size


def _area(rect: Rect) -> float:
    return max(0.0, rect[2] - rect[0]) * max(0.0, rect[3] - rect[1])


def _shared(one: Rect, other: Rect) -> Rect:
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def _are_in_line(one: Rect, other: Rect) -> bool:
    """Whether two signs stand beside or below each other, as on a line that may run any way."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    along = min(one[3], other[3]) - max(one[1], other[1])
    return (
        along > _SAME_LINE * min(one[3] - one[1], other[3] - other[1])
        or across > _SAME_LINE * min(one[2] - one[0], other[2] - other[0])
    )  # fmt: skip


def _together(line: list[Rect]) -> list[Rect]:
    """One place for a line, unless it runs aslant: then that would cover far more."""
    whole = padded(hull(line))
    is_aslant = _area(whole) > _WIDE * max(sum(map(_area, set(line))), 1e-12)
    return [padded(rect, 0.2) for rect in line] if is_aslant else [whole]


def _pixels(rect: Rect, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Whole pixels around a place, and one more on each side."""
    width, height = size
    left, top = int(rect[0] * width) - 1, int(rect[1] * height) - 1
    right, bottom = int(rect[2] * width) + 1, int(rect[3] * height) + 1
    return max(0, left), max(0, top), min(width - 1, right), min(height - 1, bottom)


def _shade(image: Image.Image, colour: tuple[int, int, int]) -> Any:
    """A colour as the picture's mode wants it."""
    return {"L": colour[0], "LA": (colour[0], 255), "RGBA": (*colour, 255)}.get(image.mode, colour)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _font_for(text: str, width: int, height: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont | None:
    """The largest letters in which the text goes into a box; None when they would be too small to read."""
    if not text or not text.isascii():
        return None
    size = min(int(height * 0.8), 60)
    while size >= _LEAST_LETTERS:
        font = _font(size)
        if font.getlength(text) <= width - 4:
            return font
        size = min(size - 1, int(size * (width - 4) / font.getlength(text)))
    return None
