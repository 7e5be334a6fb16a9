"""Redacting a file, and reading all that it holds, in a process of its own with limits on time and memory.

A recording is worked on by a program beside that process, which has limits of its own.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portfolio.documents.codec import Malformed
from portfolio.documents.redaction.plan import Plan, Report, Unread, Why, report_of
from portfolio.documents.redaction.work import Refused, Text
from portfolio.documents.sandbox import Outcome, run_limited

SECONDS, SECONDS_OF_PAGES, SECONDS_OF_RECORDING = 120, 300, 900
"""Of the processor's time; by the clock it may take twice as long."""
MEMORY_BYTES = 2_000 * 1000**2
FILE_BYTES = 2_000 * 1000**2
TOO_HARD = "This file could not be worked on: it took too long or too much memory, or it is damaged."
NONSENSE = "The file could not be worked on."


@dataclass(frozen=True, slots=True)
class Whole:
    """Every text of a file, and what of it could not be read. `gone`: what a redacted copy would not have any more."""

    texts: tuple[Text, ...]
    unread: tuple[Unread, ...]
    gone: tuple[str, ...]


def redact(source: Path, media_type: str, target: Path, plan: Plan, *, seconds: int | None = None) -> Report:
    """Write the redacted file to `target`. Raises Refused with a sentence; then nothing stands there."""
    arguments: list[Any] = [str(target.resolve()), str(source.resolve()), media_type, plan.as_json()]
    outcome = _run("redact_into", arguments, seconds or seconds_for(media_type))
    try:
        report = report_of(_answer(outcome))
        if not target.is_file():
            raise Refused(NONSENSE)
    except (Refused, Malformed) as trouble:
        target.unlink(missing_ok=True)
        raise trouble if isinstance(trouble, Refused) else Refused(NONSENSE) from trouble
    return report


def read_whole(source: Path, media_type: str, scratch: Path, *, seconds: int | None = None) -> Whole:
    """Every text that a file holds, seen or not. Raises Refused with a sentence."""
    arguments: list[Any] = [str(source.resolve()), media_type, str(scratch.resolve())]
    answer = _answer(_run("read_whole", arguments, seconds or seconds_for(media_type)))
    try:
        texts = tuple(Text(str(place), str(words), bool(is_seen)) for place, words, is_seen in answer["texts"])
        unread = tuple(Unread(str(one["place"]), Why(one["why"])) for one in answer["unread"])
        return Whole(texts, unread, tuple(str(one) for one in answer["gone"]))
    except (KeyError, TypeError, ValueError) as trouble:
        raise Refused(NONSENSE) from trouble


def seconds_for(media_type: str) -> int:
    """How much of the processor's time a file of this kind is given."""
    if media_type.startswith(("audio/", "video/")):
        return SECONDS_OF_RECORDING
    return SECONDS_OF_PAGES if media_type in {"application/pdf", "image/tiff"} else SECONDS


def _run(name: str, arguments: list[Any], seconds: int) -> Outcome:
    return run_limited(
        f"portfolio.documents.redaction.maker:{name}",
        *arguments,
        seconds=seconds,
        memory_bytes=MEMORY_BYTES,
        file_bytes=FILE_BYTES,
    )


def _answer(outcome: Outcome) -> Any:
    if outcome.note:
        raise Refused(TOO_HARD)
    if isinstance(outcome.value, dict) and "refused" in outcome.value:
        raise Refused(str(outcome.value["refused"]))
    return outcome.value
