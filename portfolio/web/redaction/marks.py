"""What is marked by hand in a file, as forms and scripts send it in numbers and as the page shows it again."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TypeVar

from werkzeug.datastructures import MultiDict

from portfolio.documents.redaction.plan import Box, Silence
from portfolio.errors import Rejected

Form = MultiDict[str, str]
Row = TypeVar("Row")
Mark = TypeVar("Mark")

NO_NUMBER = "{} is not a number from 0 to 100. Give it in per cent of the page."
NO_PAGE = "Give the number of a page, such as 1."
NO_TIME = "Give times as minutes and seconds, such as 1:05."
NO_LENGTH = "A part has to end after it begins."
NO_SIZE = "A box needs a width and a height."
FIELDS = ("box_page", "box_left", "box_top", "box_width", "box_height", "box_from", "box_to")
_TIME = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,5}(?:[.,]\d{0,3})?)")
_HUNDRED, _PLACES = 100, 6


@dataclass(frozen=True, slots=True)
class BoxRow:
    """A box as it is typed: its page, its sides in per cent, and in a film when it begins and ends."""

    page: str = "1"
    left: str = ""
    top: str = ""
    width: str = ""
    height: str = ""
    start: str = ""
    end: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        return not any((self.left, self.top, self.width, self.height, self.start, self.end))


@dataclass(frozen=True, slots=True)
class SpanRow:
    """A time of which nothing is heard, as it is typed."""

    start: str = ""
    end: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        return not (self.start or self.end)


@dataclass(frozen=True, slots=True)
class MarksShown:
    """All marks as they are typed; `rev` is what they were made from."""

    rev: int
    boxes: tuple[BoxRow, ...]
    spans: tuple[SpanRow, ...]

    @property
    def words(self) -> str:
        """How many there are."""
        return counted(len(self.boxes), len(self.spans))

    def on(self, rev: int) -> "MarksShown":
        """The same, made from what stands now."""
        return replace(self, rev=rev)


BLANK_BOX, BLANK_SPAN = BoxRow(), SpanRow()
UNMARKED = MarksShown(0, (), ())


def counted(boxes: int, spans: int) -> str:
    """“2 boxes, one part not heard”; the script says the same."""
    parts = [
        f"one {one}" if count == 1 else f"{count} {many}"
        for count, one, many in ((boxes, "box", "boxes"), (spans, "part not heard", "parts not heard"))
        if count
    ]
    return ", ".join(parts) or "Nothing so far"


def rows_of(rev: int, boxes: Sequence[Box], silences: Sequence[Silence]) -> MarksShown:
    """What is saved, as it would be typed."""
    return MarksShown(
        rev,
        tuple(
            BoxRow(
                str(box.page),
                _percent(box.left),
                _percent(box.top),
                _percent(box.right - box.left),
                _percent(box.bottom - box.top),
                time_words(box.start) if box.start is not None else "",
                time_words(box.end) if box.end is not None else "",
            )
            for box in boxes
        ),
        tuple(SpanRow(time_words(one.start), time_words(one.end)) for one in silences),
    )


def rows_sent(form: Form) -> MarksShown:
    """What was sent, as it was typed: rows that are empty, or that are to go, are left out."""
    gone = {name: {int(one) for one in form.getlist(name) if one.isdecimal()} for name in ("box_gone", "span_gone")}
    columns = [[value.strip() for value in form.getlist(name)] for name in FIELDS]
    boxes = [BoxRow(*row) for row in zip_longest(*columns, fillvalue="")]
    times = ([value.strip() for value in form.getlist(name)] for name in ("span_from", "span_to"))
    spans = [SpanRow(*row) for row in zip_longest(*times, fillvalue="")]
    return MarksShown(
        form.get("rev", 0, type=int),
        tuple(row for number, row in enumerate(boxes, 1) if number not in gone["box_gone"] and not row.is_empty),
        tuple(row for number, row in enumerate(spans, 1) if number not in gone["span_gone"] and not row.is_empty),
    )


def marks_in(rows: MarksShown) -> tuple[list[Box], list[Silence]]:
    """The marks that these rows say. Raises Rejected, with which row is meant, for what is none."""
    return (
        [_named(f"Box {number}", _box, row) for number, row in enumerate(rows.boxes, 1)],
        [_named(f"Part {number}", _silence, row) for number, row in enumerate(rows.spans, 1)],
    )


def as_numbers(boxes: Sequence[Box], silences: Sequence[Silence]) -> dict[str, object]:
    """The marks for the script, with words for them."""
    return {
        "boxes": [
            {
                "page": box.page,
                "left": box.left,
                "top": box.top,
                "right": box.right,
                "bottom": box.bottom,
                "start": box.start,
                "end": box.end,
            }
            for box in boxes
        ],
        "spans": [{"start": one.start, "end": one.end} for one in silences],
        "words": counted(len(boxes), len(silences)),
    }


def time_words(seconds: float) -> str:
    """1:05.5 for 65.5 seconds, and 1:02:03 from an hour on; the script says the same."""
    tenths = round(seconds * 10)
    whole, tenth = divmod(tenths, 10)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    said = f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"
    return f"{said}.{tenth}" if tenth else said


def _named(name: str, read: Callable[[Row], Mark], row: Row) -> Mark:
    try:
        return read(row)
    except Rejected as fault:
        raise Rejected(f"{name}: {fault.sentence}") from fault


def _box(row: BoxRow) -> Box:
    if not row.page.isdecimal() or int(row.page) < 1:
        raise Rejected(NO_PAGE)
    left, top, width, height = (_fraction(value) for value in (row.left, row.top, row.width, row.height))
    right, bottom = min(1.0, round(left + width, _PLACES)), min(1.0, round(top + height, _PLACES))
    if right <= left or bottom <= top:
        raise Rejected(NO_SIZE)
    if not (row.start or row.end):
        return Box(int(row.page), left, top, right, bottom)
    start, end = _times(row.start, row.end)
    return Box(int(row.page), left, top, right, bottom, start=start, end=end)


def _silence(row: SpanRow) -> Silence:
    return Silence(*_times(row.start, row.end))


def _times(start: str, end: str) -> tuple[float, float]:
    first, last = seconds_in(start), seconds_in(end)
    if last <= first:
        raise Rejected(NO_LENGTH)
    return first, last


def seconds_in(words: str) -> float:
    """Seconds from what is typed as 65, 1:05 or 1:02:03.5. Raises Rejected."""
    found = _TIME.fullmatch(words.strip())
    if found is None:
        raise Rejected(NO_TIME)
    hours, minutes, seconds = found.groups(default="0")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds.replace(",", "."))


def _fraction(words: str) -> float:
    try:
        value = float(words.replace(",", "."))
    except ValueError:
        value = -1.0
    if not 0 <= value <= _HUNDRED:
        raise Rejected(NO_NUMBER.format(f"“{words}”" if words else "A field left empty"))
    return round(value / _HUNDRED, _PLACES)


def _percent(fraction: float) -> str:
    return f"{round(fraction * _HUNDRED, 2):g}"
