"""How far looking through has come, what may be decided about a finding, and why something may stay. Pure."""

from datetime import timedelta
from enum import StrEnum

LEASE = timedelta(minutes=3)
MOST_ATTEMPTS = 3
NOTE_MOST = 200
"""How long the sentence may be on what could not be read."""


class ScanState(StrEnum):
    """How far the looking through of one source has come."""

    WAITING = "waiting"
    DONE = "done"
    UNREADABLE = "unreadable"
    """There was no text to read, or it could not be read: somebody has to look for themselves."""


class FoundBy(StrEnum):
    """Whether the product found a place, or a person marked it."""

    DETECTOR = "detector"
    PERSON = "person"


class Outcome(StrEnum):
    """What was decided about a finding. The newest outcome holds."""

    REPLACED = "replaced"
    KEPT = "kept"
    CONFIRMED = "confirmed"
    """It is personal data, in a file: it stays in the way until that file is replaced or removed."""
    ASKED = "asked"
    """Its maker would keep it, and an administrator has to answer."""
    REFUSED = "refused"
    """The administrator says that it cannot stay: it is to be decided again."""
    RELABELLED = "relabelled"
    UNDONE = "undone"


class State(StrEnum):
    """How a finding stands."""

    OPEN = "open"
    ASKED = "asked"
    CONFIRMED = "confirmed"
    KEPT = "kept"
    WARNS = "warns"
    """Nothing was decided and nothing needs to be: its label only warns, or it is somebody of the portfolio itself."""


IN_THE_WAY = frozenset({State.OPEN, State.ASKED, State.CONFIRMED})
"""What keeps an item from being handed in."""

OF_OUTCOME = {
    Outcome.KEPT: State.KEPT,
    Outcome.CONFIRMED: State.CONFIRMED,
    Outcome.ASKED: State.ASKED,
}


class Reason(StrEnum):
    """Why something that was found stays."""

    NOT_PERSONAL = "not_personal"
    ORGANISATION = "organisation"
    PUBLIC = "public"
    OURS = "ours"
    AGREED = "agreed"
    OTHER = "other"


REASON_WORDS = {
    Reason.NOT_PERSONAL: "It is no name or detail of anybody",
    Reason.ORGANISATION: "It belongs to an organisation, not to a person",
    Reason.PUBLIC: "It is public, such as an author or somebody in office",
    Reason.OURS: "It is me, or somebody who teaches or assesses me",
    Reason.AGREED: "The person agreed, and I can show it",
    Reason.OTHER: "Another reason",
}
REASON_MOST = 300
