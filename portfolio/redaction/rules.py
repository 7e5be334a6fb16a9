"""The states of a redaction, and what may be drawn on a file. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from enum import StrEnum
from typing import Any

from portfolio.documents.codec import Malformed
from portfolio.documents.redaction.maker import REDACTORS
from portfolio.documents.redaction.plan import Box, Plan, Silence, plan_of
from portfolio.errors import Rejected

MAKE_REDACTED = "redaction.make"
"""The kind of the job."""
UNUSED_LIFE = timedelta(days=30)
"""How long a redacted version waits to be used before it is dropped."""
NOTE_MOST = 300
"""How long the sentence may be on why a redaction failed."""
NAME_MOST = 200
PAGES_MOST = 100_000
NOT_TAKEN = "These marks cannot be used. Draw them again."


class RedactionState(StrEnum):
    """Waiting for a worker; made and proved, to be looked at; failed, so that it may be asked for again; used in the
    place of the original; dropped.
    """

    WAITING = "waiting"
    MADE = "made"
    FAILED = "failed"
    USED = "used"
    DROPPED = "dropped"


OPEN = frozenset({RedactionState.WAITING, RedactionState.MADE, RedactionState.FAILED})
"""The states in which something is still to come of it; a content of an item has one such redaction at a time."""


def can_be_redacted(media_type: str) -> bool:
    """Whether a redacted version can be made of files of this kind."""
    return media_type in REDACTORS


def takes_boxes(media_type: str) -> bool:
    """Whether boxes can be drawn: on pages, pictures and films."""
    return media_type == "application/pdf" or media_type.startswith(("image/", "video/"))


def takes_silences(media_type: str) -> bool:
    """Whether times can be marked of which nothing is to be heard."""
    return media_type.startswith(("audio/", "video/"))


def marks_in(
    boxes: Sequence[Mapping[str, Any]], silences: Sequence[Mapping[str, Any]]
) -> tuple[list[Box], list[Silence]]:
    """Marks as they are kept, as values. Raises Rejected for what is none."""
    try:
        plan = plan_of({"swaps": (), "boxes": list(boxes), "silences": list(silences)})
    except (Malformed, TypeError):
        raise Rejected(NOT_TAKEN) from None
    return list(plan.boxes), list(plan.silences)


def kept_marks(media_type: str, boxes: Sequence[Box], silences: Sequence[Silence]) -> tuple[list[Any], list[Any]]:
    """Marks as they are kept: numbers, and no words. Raises Rejected for what does not fit the kind of file."""
    if (boxes and not takes_boxes(media_type)) or (silences and not takes_silences(media_type)):
        raise Rejected("Nothing can be marked by hand in files of this kind.")
    plan = Plan((), tuple(boxes), tuple(silences))
    marks_in([asdict(one) for one in plan.boxes], [asdict(one) for one in plan.silences])
    if any(box.page > PAGES_MOST or (box.start is not None and not media_type.startswith("video/")) for box in boxes):
        raise Rejected(NOT_TAKEN)
    told = [{name: value for name, value in asdict(box).items() if name != "stand_in"} for box in boxes]
    return told, [asdict(one) for one in silences]
