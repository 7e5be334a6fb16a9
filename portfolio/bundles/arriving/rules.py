"""What becomes of a bundle that somebody brought, and how long it is kept until then. Pure."""

from datetime import timedelta
from enum import StrEnum

LOOK_INTO = "look_into_bundle"
BRING_IN = "bring_bundle_in"
"""The kinds of background work on a bundle."""
KEPT_FOR = timedelta(days=14)
"""How long a bundle is kept that nobody touches, and the page of one that came in."""
BUNDLE = "application/zip"
BEGINNING = b"PK\x03\x04"
"""What every ZIP with something in it begins with."""
WAITING_MOST = 10
"""How many bundles may lie at a centre at a time."""


class DraftState(StrEnum):
    """Not opened yet; opened and compared with what is here; refused for what is wrong with it; brought in."""

    NEW = "new"
    CHECKED = "checked"
    REFUSED = "refused"
    BROUGHT = "brought"
