"""What stands in a sealed backup, one part after the other: each with its kind, its length, and its content.

    BEGIN  KEY*  (FILE CONTENT* FILE_END)*  (ROWS (TABLE BLOCK* TABLE_END)* (FILE CONTENT* FILE_END)*)+  END

The rows that count are the last ones: they are read again when content went away before it could be copied.
"""

import json
from collections.abc import Iterator
from enum import IntEnum
from typing import Any

from portfolio.safekeeping.sealing import Damaged, Opened, Sealer

FORMAT = 1
LONGEST = 256 * 1024 * 1024
"""No row is longer; what is longer was never written here."""


class Part(IntEnum):
    """The kinds of parts."""

    BEGIN = 1
    KEY = 2
    FILE = 3
    CONTENT = 4
    FILE_END = 5
    ROWS = 6
    TABLE = 7
    BLOCK = 8
    TABLE_END = 9
    END = 10


def write(out: Sealer, kind: Part, content: bytes | dict[str, Any]) -> None:
    """Append one part; facts are written as JSON."""
    said = content if isinstance(content, bytes) else as_facts(content)
    if len(said) > LONGEST:
        raise ValueError("a part is too long")
    out.write(bytes([kind]) + len(said).to_bytes(4) + said)


def as_facts(said: dict[str, Any]) -> bytes:
    """What a part of facts says, as it is written."""
    return json.dumps(said, ensure_ascii=False).encode()


def read(source: Opened) -> Iterator[tuple[Part, bytes]]:
    """Every part to the end of the backup. Raises Damaged."""
    while not source.is_at_end():
        head = source.read(5)
        length = int.from_bytes(head[1:])
        if head[0] not in set(Part) or length > LONGEST:
            raise Damaged("The backup holds something that this release does not know.")
        yield Part(head[0]), source.read(length)


def facts(content: bytes) -> dict[str, Any]:
    """What a part of facts says."""
    said: dict[str, Any] = json.loads(content)
    return said
