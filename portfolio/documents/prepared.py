"""A file made ready for the Word book: its blocks, and what the book says of the file itself. Its name is not among it:
the same content may have several.

Kept as one part: the length of the JSON, the JSON, and the pictures one behind the other.
"""

import json
from dataclasses import dataclass

from portfolio.documents.blocks import Card, Extract
from portfolio.documents.codec import Json, Keep, Malformed, Take, decode, encode, seconds_in

_LENGTH_BYTES = 4


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the book shows of a file. `card` says why the file stands there as a card, empty when it has none; `seconds`
    is how long a recording takes. `is_late`: time was over before the file was, so another reading may show more.
    """

    extract: Extract
    card: str = ""
    seconds: float = 0.0
    is_late: bool = False

    def named(self, name: str, media_type: str, size: int, sha256: str) -> Extract:
        """As it stands in a book, the card before the rest."""
        if not self.card:
            return self.extract
        card = Card(name, media_type, size, sha256, self.card, self.seconds)
        return Extract((card, *self.extract.blocks), self.extract.note)

    def as_json(self, keep: Keep) -> Json:
        """For the pipe, beside its pictures."""
        return encode(self.extract, keep) | {"card": self.card, "seconds": self.seconds, "late": self.is_late}


def prepared_of(value: Json, take: Take) -> Prepared:
    """What `as_json` was given. Raises Malformed for anything else."""
    extract = decode(value, take)
    if not isinstance(value, dict) or not isinstance(card := value.get("card"), str):
        raise Malformed
    return Prepared(extract, card, seconds_in(value.get("seconds")), value.get("late") is True)


def packed(prepared: Prepared) -> bytes:
    """All of it as one part."""
    pictures: list[bytes] = []

    def keep(data: bytes) -> Json:
        pictures.append(data)
        return len(data)

    told = json.dumps(prepared.as_json(keep), separators=(",", ":")).encode()
    return b"".join([len(told).to_bytes(_LENGTH_BYTES, "big"), told, *pictures])


def unpacked(part: bytes) -> Prepared:
    """What `packed` was given. Raises Malformed for anything else."""
    begins = _LENGTH_BYTES + int.from_bytes(part[:_LENGTH_BYTES], "big")
    try:
        value = json.loads(part[_LENGTH_BYTES:begins])
    except (ValueError, RecursionError) as error:
        raise Malformed from error

    def take(size: Json) -> bytes:
        nonlocal begins
        if not isinstance(size, int) or isinstance(size, bool) or not 0 < size <= len(part) - begins:
            raise Malformed
        begins += size
        return part[begins - size : begins]

    prepared = prepared_of(value, take)
    if begins != len(part):
        raise Malformed
    return prepared
