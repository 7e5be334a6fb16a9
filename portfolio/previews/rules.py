"""The states of a preview."""

from enum import StrEnum


class PreviewState(StrEnum):
    """Waiting for a worker; ready; none, because there is nothing to show or it cannot be read."""

    WAITING = "waiting"
    READY = "ready"
    NONE = "none"
