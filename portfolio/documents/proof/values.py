"""What a result is searched for, and what the search says: plain values that a pipe and a record can carry. Pure.

A proof holds no word of what was searched for.
"""

import re
from dataclasses import asdict, dataclass
from typing import Any

from portfolio.documents.codec import Json, Malformed

MOST_VALUES = 8_000
_WORDS_MOST = 2_000
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Value:
    """Words that may stand nowhere in a result, with the sort of personal data that they are.

    `is_ordinary`: they are an ordinary word too, such as the name Grace, so that capitals have to be the same.
    """

    words: str
    label: str
    is_ordinary: bool = False

    def as_json(self) -> dict[str, Json]:
        """For the pipe."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was to go and is there: where and how it is written, in plain words, and of which sort it is."""

    place: str
    way: str
    label: str


@dataclass(frozen=True, slots=True)
class Proof:
    """A search through a whole file.

    `parts`: how many members, streams, attachments, pages and pictures were opened. `ways`: the ways of writing that
    were searched, in plain words. `tools`: names and versions. `unsearched`: what of it no program here can look into,
    such as words in pictures without an engine that reads them.
    """

    sha256: str
    size: int
    values: int
    hits: tuple[Hit, ...]
    parts: int
    ways: tuple[str, ...]
    tools: tuple[str, ...]
    unsearched: tuple[str, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether nothing was found."""
        return not self.hits

    def as_json(self) -> dict[str, Json]:
        """For the pipe and for the record."""
        return asdict(self)


def values_of(value: Any) -> tuple[Value, ...]:
    """The values that `as_json` gave one by one. Raises Malformed for anything else."""
    try:
        values = tuple(Value(**one) for one in value)
    except TypeError as error:
        raise Malformed from error
    is_good = len(values) <= MOST_VALUES and all(
        isinstance(one.words, str) and 0 < len(one.words) <= _WORDS_MOST and isinstance(one.label, str)
        for one in values
    )
    if not is_good:
        raise Malformed
    return values


def proof_of(value: Any) -> Proof:
    """The proof that `as_json` gave. Raises Malformed for anything else."""
    try:
        proof = Proof(
            sha256=str(value["sha256"]),
            size=int(value["size"]),
            values=int(value["values"]),
            hits=tuple(Hit(str(one["place"]), str(one["way"]), str(one["label"])) for one in value["hits"]),
            parts=int(value["parts"]),
            ways=tuple(str(one) for one in value["ways"]),
            tools=tuple(str(one) for one in value["tools"]),
            unsearched=tuple(str(one) for one in value["unsearched"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Malformed from error
    if not _DIGEST.fullmatch(proof.sha256):
        raise Malformed
    return proof
