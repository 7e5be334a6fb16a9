"""The states of stored content."""

from enum import StrEnum


class BlobState(StrEnum):
    """Kept; dying (no reference is left, the file is about to go); gone (the row is a tombstone)."""

    KEPT = "kept"
    DYING = "dying"
    GONE = "gone"
