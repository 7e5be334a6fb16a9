"""What kinds of evidence there are, what state an item is in, and what an item must say. Pure."""

from collections.abc import Mapping
from datetime import date, timedelta
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


NEEDS_TITLE = "Give it a title by which it can be told from others."
TITLE_MOST, CONTEXT_MOST, ROLE_MOST, BODY_MOST, FILES_MOST = 150, 2_000, 1_000, 60_000, 20
CUSTODY_MOST, NOTE_MOST = 500, 1_000
WHERE_MOST, REASON_MOST = 500, 500
HIDDEN = "Hidden while personal data is taken out"
"""What stands for the title of an item in which somebody's personal data was found."""
EMPTIED = "Removed"
"""The title of an earlier version once personal data was taken out of its item: nothing else is left of it."""
NAME_MOST = 200
"""How long a file's name may be."""
WAITING_MOST = 60
"""How many files of one person's may wait in a portfolio."""
WAITING_LIFE = timedelta(days=7)
"""How long a file waits for an item before it is removed."""
TRASH_LIFE = timedelta(days=30)
"""How long a draft stays in the trash before it is removed for good."""
CUSTODY = {
    "location": "Say where it is kept, closely enough for somebody else to find it.",
    "custodian": "Say who keeps it, and can show it.",
    "reason": "Say why it cannot be added here.",
}
"""What must be said of an item that is held elsewhere, with what is asked for when it is missing."""


def methods_for(carrier: Carrier, *, is_learner: bool) -> tuple[Method, ...]:
    """What a learner, or an assessor, may say that an item is, by what carries it."""
    if not is_learner:
        return BY_ASSESSOR if carrier is not Carrier.ELSEWHERE else ()
    return BY_WRITING if carrier is Carrier.WRITTEN else BY_FILE


def place_of_writing(enrolment_id: int) -> str:
    """Where the words of a new account are kept until it is saved."""
    return f"evidence.write.{enrolment_id}"


def place_of_record(enrolment_id: int, method: Method) -> str:
    """Where what an assessor types of a new record is kept until it is saved."""
    return f"evidence.record.{enrolment_id}.{method.value.lower()}"


def reference(number: int) -> str:
    """E001, E002, ...; never reused, gaps are fine."""
    return f"E{number:03d}"


def check_details(*, title: str, event_on: date | None, today: date) -> None:
    """An item has a title, and what it shows has happened. Raises Rejected naming the field."""
    if not title.strip():
        raise Rejected(NEEDS_TITLE, "title")
    if len(title) > TITLE_MOST:
        raise Rejected(f"Keep the title to {TITLE_MOST} characters.", "title")
    if event_on is not None and event_on > today:
        raise Rejected("The date of the event lies in the future.", "event_on")


def check_custody(custody: Mapping[str, str]) -> None:
    """What is held elsewhere says where, with whom and why. Raises Rejected naming the field."""
    for name, missing in CUSTODY.items():
        said = custody.get(name, "").strip()
        if not said:
            raise Rejected(missing, name)
        if len(said) > CUSTODY_MOST:
            raise Rejected(f"Keep this to {CUSTODY_MOST} characters.", name)


def check_sighting(*, seen_on: date, event_on: date | None, note: str, today: date) -> None:
    """It was seen after it came about, and by now. Raises Rejected naming the field."""
    if seen_on > today:
        raise Rejected("The day lies in the future. Say when you saw it.", "seen_on")
    if event_on is not None and seen_on < event_on:
        raise Rejected("That is before the event itself. Check the day.", "seen_on")
    if len(note) > NOTE_MOST:
        raise Rejected(f"Keep the note to {NOTE_MOST} characters.", "note")
