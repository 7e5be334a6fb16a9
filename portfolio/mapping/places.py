"""Where in an item something shows, in words that people write and that a page can lead back to.

`page 2`, `paragraph 4`, `slide 3`, `row 7`, `cell B7`, `1:23`, each also as a span (`1:23 to 2:10`); a paragraph may
stand on a page or a slide, a row and a cell on a named sheet, and all of it in one file of the item under its shortened
name: `complaint-letter.pdf, page 2, paragraph 4`. Pure. What is said otherwise is a place too, but nobody is led there.
"""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

NAME_MOST = 46
"""How many characters of a file's name are told."""
SHEET_MOST = 31
"""As in the programs that make them."""
NUMBER_MOST = 9_999_999
HOUR, MINUTE = 3600, 60


class Spot(StrEnum):
    """What is counted."""

    PAGE = "page"
    PARAGRAPH = "paragraph"
    SLIDE = "slide"
    ROW = "row"
    CELL = "cell"
    TIME = "time"


SHORT = {Spot.PAGE: "p", Spot.PARAGRAPH: "¶", Spot.SLIDE: "s", Spot.ROW: "r"}

_NAMES = {
    Spot.PAGE: r"(?:pages?|pp?\.?)",
    Spot.PARAGRAPH: r"(?:paragraphs?|paras?\.?|¶)",
    Spot.SLIDE: r"slides?",
    Spot.ROW: r"(?:rows?|lines?)",
}
_UNTIL = r"\s*(?:to|-|\N{EN DASH})\s*"
_NEXT = r"\s*(?:to|-|\N{EN DASH}|(and|&))\s*"
_COUNTED = {
    spot: re.compile(rf"{name}\s*([0-9]{{1,7}})(?:{_NEXT}¶?\s*([0-9]{{1,7}}))?", re.IGNORECASE)
    for spot, name in _NAMES.items()
}
_CELL = re.compile(rf"cells?\s*([A-Z]{{1,3}})([0-9]{{1,7}})(?:{_UNTIL}([A-Z]{{1,3}})([0-9]{{1,7}}))?", re.IGNORECASE)
_CLOCK = r"(?:([0-9]{1,4}):)?([0-9]{1,3}):([0-5][0-9])"
_TIME = re.compile(rf"(?:at\s+)?{_CLOCK}(?:{_UNTIL}{_CLOCK})?", re.IGNORECASE)
_SHEET = re.compile(r"sheet\s+(\S.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """`first` is a number, for a cell its row, for a time its seconds; `last` ends a span. `column` is the letters of a
    cell's. `page` or `slide` is where a paragraph stands. Raises ValueError for what is no place.
    """

    spot: Spot
    first: int
    last: int | None = None
    column: str = ""
    last_column: str = ""
    page: int | None = None
    slide: int | None = None
    sheet: str = ""
    file: str = ""

    def __post_init__(self) -> None:
        numbers = [n for n in (self.first, self.last, self.page, self.slide) if n is not None]
        least = 0 if self.spot is Spot.TIME else 1
        is_counted = all(least <= number <= NUMBER_MOST for number in numbers)
        is_forwards = self.spot is Spot.CELL or self.last is None or self.first < self.last
        is_cell = bool(self.column) == (self.spot is Spot.CELL)
        is_ended = bool(self.last_column) == (self.spot is Spot.CELL and self.last is not None)
        stands = (self.page is not None) + (self.slide is not None)
        if not (is_counted and is_forwards and is_cell and is_ended and stands <= (self.spot is Spot.PARAGRAPH)):
            raise ValueError(f"no such {self.spot}")
        if self.sheet and self.spot not in {Spot.ROW, Spot.CELL}:
            raise ValueError(f"a {self.spot} stands on no sheet")

    @property
    def words(self) -> str:
        """As it is kept and shown; `read_place` reads it back."""
        said = [self.file] if self.file else []
        if self.sheet:
            said.append(f"sheet {self.sheet}")
        if self.page is not None:
            said.append(f"page {self.page}")
        if self.slide is not None:
            said.append(f"slide {self.slide}")
        name = "" if self.spot is Spot.TIME else f"{self.spot} "
        until = "" if self.last is None else f" to {self._counted(self.last_column, self.last)}"
        return ", ".join([*said, f"{name}{self._counted(self.column, self.first)}{until}"])

    @property
    def short(self) -> str:
        """Where it begins, as it fits under a mark: p2, ¶4, s3, r7, B7, 1:23."""
        return f"{SHORT.get(self.spot, '')}{self._counted(self.column, self.first)}"

    def _counted(self, column: str, number: int) -> str:
        return time_code(number) if self.spot is Spot.TIME else f"{column}{number}"


def time_code(seconds: int) -> str:
    """1:23, and from an hour on 1:02:03."""
    minutes, rest = divmod(seconds, MINUTE)
    if seconds < HOUR:
        return f"{minutes}:{rest:02}"
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


def short_name(name: str) -> str:
    """The name of a file or a sheet as a place tells it: on one line, without commas, and its middle left out when it
    is long. One that reads like a part of a place stands in quotation marks.
    """
    said = " ".join(name.replace(",", " ").split())
    if len(said) > NAME_MOST:
        said = f"{said[:28].rstrip()}…{said[-17:].lstrip()}"
    return f"“{said}”" if _is_part(said) else said


def read_place(text: str) -> Place | None:
    """The place that a text says; None when it says it in other words."""
    parts = [part for part in (" ".join(part.split()) for part in text.split(",")) if part]
    spot = _spot_of(parts.pop()) if parts else None
    if spot is None:
        return None
    last = parts[-1] if parts else ""
    on_page, on_slide = (_COUNTED[kind].fullmatch(last) for kind in (Spot.PAGE, Spot.SLIDE))
    on_sheet = _SHEET.fullmatch(last)
    try:
        if spot.spot is Spot.PARAGRAPH and on_page and not on_page[3]:
            spot = replace(spot, page=int(on_page[1]))
        elif spot.spot is Spot.PARAGRAPH and on_slide and not on_slide[3]:
            spot = replace(spot, slide=int(on_slide[1]))
        elif spot.spot in {Spot.ROW, Spot.CELL} and on_sheet:
            spot = replace(spot, sheet=on_sheet[1])
        else:
            parts.append("")
    except ValueError:
        return None
    file = " ".join(parts[:-1])
    return None if _is_part(file) else replace(spot, file=file)


def _is_part(text: str) -> bool:
    """Whether it reads like a part of a place rather than a name."""
    return _SHEET.fullmatch(text) is not None or _spot_of(text) is not None


def _spot_of(text: str) -> Place | None:
    """The last part of a place, by itself."""
    try:
        for spot, pattern in _COUNTED.items():
            if said := pattern.fullmatch(text):
                return _counted(spot, int(said[1]), int(said[3]) if said[3] else None, is_next=said[2] is not None)
        if said := _CELL.fullmatch(text):
            end = int(said[4]) if said[4] else None
            return Place(Spot.CELL, int(said[2]), end, said[1].upper(), (said[3] or "").upper())
        if said := _TIME.fullmatch(text):
            end = _seconds(*said.groups()[3:]) if said[5] else None
            return Place(Spot.TIME, _seconds(*said.groups()[:3]), end)
    except ValueError:
        pass
    return None


def _counted(spot: Spot, first: int, last: int | None, *, is_next: bool) -> Place | None:
    """One, or a span; "3 and 4" is one as well, and "3 and 7" is none."""
    return None if is_next and last != first + 1 else Place(spot, first, last)


def _seconds(hours: str | None, minutes: str, seconds: str) -> int:
    return int(hours or 0) * HOUR + int(minutes) * MINUTE + int(seconds)
