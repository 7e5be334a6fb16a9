"""JSON from others: bounded in size and depth, no key twice, and every value asked for with its path."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from portfolio.criteria.exchange.places import Places, refusal
from portfolio.criteria.tree import MOST_SAID, NOT_TEXT

BYTES_MOST = 5_000_000
ITEMS_MOST = 5_000
WORDS_MOST = 40_000


class _Twice(ValueError):
    """A key that stands twice in one object."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        counts = Counter(key for key, _value in pairs)
        raise _Twice(next(key for key, count in counts.items() if count > 1))
    return found


def _no_number(word: str) -> Any:
    raise ValueError(word)


def read_json(data: bytes) -> Any:
    """What the file says. Raises NotTaken, with the line."""
    if len(data) > BYTES_MOST:
        raise refusal("file", f"the file is larger than {BYTES_MOST // 1_000_000} MB")
    try:
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=_unique, parse_constant=_no_number)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise refusal(f"line {line}", "the file is not UTF-8 text") from error
    except json.JSONDecodeError as error:
        raise refusal(f"line {error.lineno}, column {error.colno}", f"not valid JSON: {error.msg}") from error
    except _Twice as error:
        raise refusal("file", f"the key “{str(error)[:MOST_SAID]}” stands twice in one object") from error
    except RecursionError as error:
        raise refusal("file", "nested far too deep") from error
    except ValueError as error:
        raise refusal("file", "not valid JSON: it has a number that is none") from error


class Fields:
    """One object of the file, by its path. A wrong type is a fault, and reads as if the value were missing."""

    def __init__(self, places: Places, path: str, value: Any) -> None:
        self.places, self.path = places, path
        self.values: dict[str, Any] = value if isinstance(value, dict) else {}
        if not isinstance(value, dict):
            places.fault(path, "this must be an object, {…}")

    def at(self, key: str) -> str:
        """The path of a field."""
        return f"{self.path}.{key}" if self.path else key

    def words(self, key: str, *, needed: bool = False) -> str:
        """Text; a number reads as its figures."""
        value = self.values.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if value is not None and not isinstance(value, str):
            self.places.fault(self.at(key), "this must be text")
        elif value and len(value) > WORDS_MOST:
            self.places.fault(self.at(key), f"this is longer than {WORDS_MOST} characters")
        elif value and NOT_TEXT.search(value):
            self.places.fault(self.at(key), "a control character is not text")
        elif value and value.strip():
            return value
        elif needed:
            self.places.fault(self.at(key), "this is needed, and there is nothing")
        return ""

    def figure(self, key: str) -> float | None:
        """A number, or nothing; only for order."""
        value = self.values.get(key)
        return value if isinstance(value, int | float) and not isinstance(value, bool) else None

    def one(self, key: str) -> "Fields | None":
        """An object within this one, if it is there."""
        value = self.values.get(key)
        return None if value is None else Fields(self.places, self.at(key), value)

    def several(self, key: str) -> "Iterator[Fields]":
        """The objects of a list; none when it is not there."""
        value = self.values.get(key)
        if value is None:
            return
        if not isinstance(value, list):
            self.places.fault(self.at(key), "this must be a list, […]")
            return
        if len(value) > ITEMS_MOST:
            self.places.fault(self.at(key), f"this has more than {ITEMS_MOST:,} entries")
        for number, entry in enumerate(value[:ITEMS_MOST]):
            yield Fields(self.places, f"{self.at(key)}[{number}]", entry)
