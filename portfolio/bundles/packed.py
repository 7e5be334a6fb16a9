"""Rows on their way into a bundle, kept packed: a portfolio of a thousand items has ten thousand, and they wait while
its other files are written.
"""

import json
import zlib
from collections.abc import Iterable, Iterator
from typing import Any, Protocol

Record = dict[str, Any]
_BLOCK = 250
_QUICKLY = 1
_encode = json.JSONEncoder(ensure_ascii=False).encode


class Table(Protocol):
    """Rows that are read one after the other, as often as wanted."""

    def __iter__(self) -> Iterator[Record]:
        """The rows in order."""

    def __len__(self) -> int:
        """How many there are."""


class Packed:
    """Rows of plain values, packed. `last` is the last one, None of none."""

    def __init__(self, rows: Iterable[Record]) -> None:
        self._blocks: list[bytes] = []
        self._count = 0
        self.last: Record | None = None
        waiting: list[Record] = []
        for row in rows:
            waiting.append(row)
            if len(waiting) == _BLOCK:
                self._keep(waiting)
                waiting = []
        self._keep(waiting)

    def _keep(self, rows: list[Record]) -> None:
        if rows:
            self._blocks.append(zlib.compress(_encode(rows).encode(), _QUICKLY))
            self._count, self.last = self._count + len(rows), rows[-1]

    def __iter__(self) -> Iterator[Record]:
        for block in self._blocks:
            yield from json.loads(zlib.decompress(block))

    def __len__(self) -> int:
        return self._count


def text_of(value: Record | Table) -> Iterator[str]:
    """Tables by name, or one table, as JSON with a row on each line."""
    if not isinstance(value, dict):
        yield from _rows(value)
    else:
        for number, (name, one) in enumerate(value.items()):
            yield f"{',' if number else '{'}\n{_encode(name)}: "
            yield from (_rows(one) if isinstance(one, list | Packed) else (_encode(one),))
        yield "\n}"
    yield "\n"


def _rows(table: Table) -> Iterator[str]:
    if not len(table):
        yield "[]"
        return
    for number, row in enumerate(table):
        yield f"{',' if number else '['}\n{_encode(row)}"
    yield "\n]"
