"""Long lists a page at a time. The number of the page is in the address, beside the filters, or the row on its edge."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from flask import request

ROWS = 50
LAST = 10_000

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """The rows of one page, and where the pages before and after are, if there are any."""

    rows: Sequence[Row]
    previous_url: str | None
    next_url: str | None


def number_asked() -> int:
    """Which page the address asks for, from 1."""
    asked = request.args.get("page", "")
    return min(max(int(asked), 1), LAST) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1


def offset() -> int:
    """How many rows come before the page that is asked for. Ask the query for `ROWS + 1` from there."""
    return (number_asked() - 1) * ROWS


def edges() -> tuple[int | None, int | None]:
    """Of a list that is paged by key, behind or in front of which of its rows the address asks to begin."""
    if b"after=" not in request.query_string and b"before=" not in request.query_string:
        return None, None
    get = request.args.get
    return get("after", type=int), get("before", type=int)


def page_of(found: Sequence[Row], filters: dict[str, str]) -> Page[Row]:
    """The page, from up to `ROWS + 1` rows: the one too many says that there is a next page."""
    number = number_asked()
    return Page(
        rows=found[:ROWS],
        previous_url=_address(number - 1, filters) if number > 1 else None,
        next_url=_address(number + 1, filters) if len(found) > ROWS else None,
    )


def _address(number: int, filters: dict[str, str]) -> str:
    asked = {name: value for name, value in filters.items() if value} | ({"page": str(number)} if number > 1 else {})
    return f"{request.path}?{urlencode(asked)}" if asked else request.path
