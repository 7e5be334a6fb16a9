"""What kinds of evidence there are, what state an item is in, and what an item must say. Pure."""

from datetime import date
from enum import StrEnum

from portfolio.criteria.rules import Method
from portfolio.errors import Rejected

BY_FILE = (Method.PRODUCT, Method.WITNESS, Method.ASSIGNMENT, Method.PRIOR_LEARNING, Method.SIMULATION)
"""What a learner may add as files here; records that an assessor makes have their own screens."""
BY_ASSESSOR = (Method.OBSERVATION, Method.DISCUSSION, Method.QUESTIONS)
"""What an assessor records of a learner, as files or in writing."""
BY_WRITING = (Method.REFLECTIVE_ACCOUNT, Method.ASSIGNMENT)


class Carrier(StrEnum):
    """What carries the evidence."""

    FILES = "files"
    WRITTEN = "written"
    RECORDING = "recording"
    ELSEWHERE = "elsewhere"


class EvidenceState(StrEnum):
    """A draft is the learner's alone; submitted waits for the assessor; marked has released feedback."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    MARKED = "marked"


class FileRole(StrEnum):
    """What a file of a version is."""

    ORIGINAL = "original"
    REDACTED = "redacted"


TITLE_MOST, CONTEXT_MOST, ROLE_MOST, BODY_MOST, FILES_MOST = 150, 2_000, 1_000, 60_000, 20


def reference(number: int) -> str:
    """E001, E002, ...; never reused, gaps are fine."""
    return f"E{number:03d}"


def check_details(*, title: str, event_on: date | None, today: date) -> None:
    """An item has a title, and what it shows has happened. Raises Rejected naming the field."""
    if not title.strip():
        raise Rejected("Give it a title, so that you and your assessor know it again.", "title")
    if len(title) > TITLE_MOST:
        raise Rejected(f"Keep the title to {TITLE_MOST} characters.", "title")
    if event_on is not None and event_on > today:
        raise Rejected("The date of the event lies in the future.", "event_on")
