"""The kinds of error that a person may be told about. Each carries one sentence; the web maps them once."""

import re

STANDARD = re.compile(r"\{([A-Za-z ]+)\}")


class DomainError(Exception):
    """Something a person asked for cannot be done; `sentence` says why, with the standard words for roles and
    things in braces, for whoever says them as the centre does. `message` is the same in the standard words.
    """

    def __init__(self, sentence: str) -> None:
        self.sentence, self.message = sentence, STANDARD.sub(r"\1", sentence)
        super().__init__(self.message)


class NotFound(DomainError):
    """The thing does not exist, or this person may not know that it does."""


class Forbidden(DomainError):
    """The person may see the thing but not do this to it."""


class InvalidState(DomainError):
    """The thing is not in a state in which this can be done."""


class Rejected(DomainError):
    """What was given cannot be taken; `field` names the form field at fault, if one is."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


class TooLarge(Rejected):
    """What was given is larger than what is taken, or than the room that is left."""


class Conflict(DomainError):
    """Somebody changed the thing in between; `theirs` is what stands now, by field name."""

    def __init__(self, sentence: str, theirs: dict[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.theirs = theirs or {}


class Unavailable(DomainError):
    """Something that this needs is away at the moment; later it may be done."""


class Uncertain(Unavailable):
    """What it needs went away so late that nobody knows whether it was done."""
