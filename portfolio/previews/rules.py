"""Which kinds of files have a preview, its states, and how long a worker may be at one."""

from datetime import timedelta
from enum import StrEnum

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 3

_OFFICE = "application/vnd.openxmlformats-officedocument."
MADE = frozenset(
    {
        "application/pdf",
        "application/rtf",
        "application/vnd.ms-outlook",
        "audio/mp4",
        "audio/mpeg",
        "audio/ogg",
        "audio/wav",
        f"{_OFFICE}presentationml.presentation",
        f"{_OFFICE}spreadsheetml.sheet",
        f"{_OFFICE}wordprocessingml.document",
        "image/gif",
        "image/heic",
        "image/jpeg",
        "image/png",
        "image/tiff",
        "image/webp",
        "message/rfc822",
        "text/csv",
        "text/markdown",
        "text/plain",
        "video/mp4",
        "video/quicktime",
        "video/webm",
    }
)
"""The media types of which a preview is made; of a recording, how loud it is and what is said in it."""


class PreviewState(StrEnum):
    """Waiting for a worker; ready; none, because there is nothing to show or it cannot be read."""

    WAITING = "waiting"
    READY = "ready"
    NONE = "none"


def is_played(media_type: str) -> bool:
    """Whether a recording is played as it is, so that nothing needs to be made to see it."""
    return media_type.startswith(("audio/", "video/"))
