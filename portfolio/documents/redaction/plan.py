"""What is to go out of a file, and what went: plain values that the pipe between two processes can carry. Pure."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from portfolio.documents.codec import Json, Malformed

MOST_SWAPS, MOST_MARKS = 4_000, 2_000
_WORDS_MOST = 2_000


@dataclass(frozen=True, slots=True)
class Swap:
    """Words that go wherever they stand, and what stands there from then on. `label` is the sort of personal data.

    `is_ordinary`: the words are also an ordinary word, such as the name Grace, so that capitals have to be the same.
    """

    words: str
    stand_in: str
    label: str
    is_ordinary: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a page or picture that is painted over: fractions of the upright page from its left and top, 0 to 1.

    `page` counts from 1; a picture is its own page 1. `stand_in` is written into the box where there is room. `start`
    and `end` are seconds, for a box in a film: it is painted over for that long, or from
    its beginning to its end without them.
    """

    page: int
    left: float
    top: float
    right: float
    bottom: float
    stand_in: str = ""
    start: float | None = None
    end: float | None = None


@dataclass(frozen=True, slots=True)
class Silence:
    """A time of a recording of which nothing is heard, in seconds."""

    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Plan:
    """All that goes out of one file."""

    swaps: tuple[Swap, ...] = ()
    boxes: tuple[Box, ...] = ()
    silences: tuple[Silence, ...] = ()

    def as_json(self) -> dict[str, Json]:
        """For the pipe."""
        return asdict(self)


class Why(StrEnum):
    """Why something of a file could not be looked through."""

    PICTURE = "picture"
    """Words in a picture that no program has read."""
    SOUND = "sound"
    """What is said in a recording, and no program is installed that writes it down."""
    READ = "read"
    """Words in a picture that a program found, which misses some."""
    HEARD = "heard"
    """Words in a recording that a program wrote down, which mishears some."""
    KIND = "kind"
    """A part of a kind that nothing here reads; it was left out of the result."""
    BROKEN = "broken"
    """A part that could not be read; it was left out of the result."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A part of a file that could not be looked through, or only by a program that misses some."""

    place: str
    why: Why


@dataclass(slots=True)
class Report:
    """What was done to a file. `counts`: how often something was replaced, by label. `gone`: what people do not see and
    was taken out, a few plain words each, such as “where a picture was taken”. `media_type` is that of the result,
    which may be another one: a message of Outlook becomes a plain mail.
    """

    media_type: str
    counts: dict[str, int] = field(default_factory=dict)
    boxes: int = 0
    seconds: float = 0.0
    """How many seconds of a recording were silenced."""
    gone: list[str] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)

    def as_json(self) -> dict[str, Json]:
        """For the pipe."""
        return asdict(self)


def plan_of(value: Any) -> Plan:
    """The plan that `as_json` gave. Raises Malformed for anything else."""
    try:
        swaps = tuple(Swap(**one) for one in value["swaps"])
        boxes = tuple(Box(**one) for one in value["boxes"])
        silences = tuple(Silence(**one) for one in value["silences"])
    except (KeyError, TypeError) as error:
        raise Malformed from error
    is_good = (
        len(swaps) <= MOST_SWAPS
        and len(boxes) + len(silences) <= MOST_MARKS
        and all(isinstance(one.words, str) and 0 < len(one.words) <= _WORDS_MOST for one in swaps)
        and all(isinstance(one.stand_in, str) and isinstance(one.label, str) for one in swaps)
        and all(_is_box(one) for one in boxes)
        and all(_is_time(one.start, one.end) for one in silences)
    )
    if not is_good:
        raise Malformed
    return Plan(swaps, boxes, silences)


def _is_box(box: Box) -> bool:
    sides = (box.left, box.top, box.right, box.bottom)
    is_timed = (box.start is None) is (box.end is None)
    return (
        isinstance(box.page, int)
        and box.page >= 1
        and all(isinstance(side, (int, float)) and 0 <= side <= 1 for side in sides)
        and box.left < box.right
        and box.top < box.bottom
        and is_timed
        and (box.start is None or box.end is None or _is_time(box.start, box.end))
    )


def _is_time(start: object, end: object) -> bool:
    return isinstance(start, (int, float)) and isinstance(end, (int, float)) and 0 <= start < end < float("inf")


def report_of(value: Any) -> Report:
    """The report that `as_json` gave. Raises Malformed for anything else."""
    try:
        unread = [Unread(str(one["place"]), Why(one["why"])) for one in value["unread"]]
        return Report(
            media_type=str(value["media_type"]),
            counts={str(label): int(count) for label, count in value["counts"].items()},
            boxes=int(value["boxes"]),
            seconds=float(value["seconds"]),
            gone=[str(one) for one in value["gone"]],
            unread=unread,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Malformed from error
