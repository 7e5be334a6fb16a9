"""What a draft may be called, how large it may grow, and how long it is kept. Pure."""

import json
import re
from collections.abc import Mapping
from typing import Any

from portfolio.errors import Rejected, TooLarge

PLACE = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*")
PLACE_MOST, BYTES_MOST, KEPT_DAYS = 80, 1_000_000, 90


def check_place(place: str) -> None:
    """A place is small words with dots, perhaps an id at the end, such as evidence.write.12. Raises Rejected."""
    if len(place) > PLACE_MOST or not PLACE.fullmatch(place):
        raise Rejected("There is no such place to write.")


def check(place: str, content: Mapping[str, Any]) -> None:
    """Raises Rejected for what cannot be a place, TooLarge for more than a draft takes."""
    check_place(place)
    if len(json.dumps(content)) > BYTES_MOST:
        raise TooLarge("This is too long to be kept as a draft. Save it, or shorten it.")
