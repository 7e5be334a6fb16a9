"""The states of background work, and how long a worker may hold it."""

from datetime import timedelta
from enum import StrEnum

LEASE = timedelta(seconds=60)
PAUSE = timedelta(seconds=20)
"""How long work is left alone that cannot go on because something is away."""
MOST_ATTEMPTS = 3
SEEN_EVERY = timedelta(seconds=30)
"""How often a worker says that it is at work."""
FORGOTTEN = timedelta(days=1)


class JobState(StrEnum):
    """Queued for a worker; running under a lease; done; held because a person has to see to something first; failed;
    cancelled by a person.
    """

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    HELD = "held"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self in {JobState.DONE, JobState.HELD, JobState.FAILED, JobState.CANCELLED}
