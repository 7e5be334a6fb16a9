"""Finding words in bytes that are no text, such as pictures and sound, without taking chance for words. Pure.

A value counts when so many letters cannot come together by chance in so many bytes, or when what stands around it is
text. Four digits in random bytes are neither.
"""

import re
from dataclasses import dataclass, field

from portfolio.documents.proof.sought import AS_IT_IS, Found, One, Sought, plain

_LOWER = bytes(byte + 32 if 65 <= byte <= 90 else byte for byte in range(256))
_DROPPED = bytes(byte for byte in range(128) if not chr(byte).isalnum())
_WIDE = ("utf-16-le", "utf-16-be")
_NARROW = ("utf-8", "cp1252")
_OLD = ("cp1250", "cp850", "mac_roman")
_CHANCE = 1e-7
_LEAST = 3
_RUNS = re.compile(rb"(?:[\x00-\x7f]{4,}[\x80-\xff]{0,2}){6,}")
"""Bytes that may be text: in random ones a run of this kind comes once in ten million."""
_SMALL = 64
_CHUNK, _OVER = 8_000_000, 4_000


@dataclass(slots=True)
class Dense:
    """All values, as the bytes that have to be there for them."""

    sought: Sought
    _needles: list[tuple[One, dict[str, set[bytes]]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._needles = [(one, _needles(one)) for one in self.sought.ones if len(one.core) >= _LEAST]

    def within(self, data: bytes, *, counts_short: bool = True, size: int = 0) -> list[Found]:
        """Which values stand in these bytes. `counts_short`: whether text around a short one speaks for it; not where
        neighbouring bytes are alike without being text, as in the points of a picture. `size`: of the file they are of.
        """
        ways: dict[One, str] = {}
        total = max(size, len(data))
        strong = [pair for pair in self._needles if _chance(pair[0], total) < _CHANCE]
        for at in range(0, len(data), _CHUNK):
            self._search(data[at : at + _CHUNK + _OVER], strong, ways)
        if counts_short:
            short = [pair for pair in self._needles if pair[0] not in ways and _chance(pair[0], total) >= _CHANCE]
            told = data if len(data) <= _SMALL else b"\n\x01\n".join(_RUNS.findall(data)) if short else b""
            self._search(told, short, ways)
        return [Found(one, way) for one, way in ways.items()]

    def _search(self, data: bytes, sought: list[tuple[One, dict[str, set[bytes]]]], ways: dict[One, str]) -> None:
        thin = data.translate(_LOWER, _DROPPED)
        views: dict[str, list[str]] = {}
        for one, needles in sought:
            for encoding, forms in needles.items():
                if one in ways or not any(form in thin for form in forms):
                    continue
                if encoding not in views:
                    views[encoding] = _decoded(data, encoding)
                if any(one.pattern.search(view) for view in views[encoding]):
                    ways[one] = f"{AS_IT_IS}, in {_CALLED.get(encoding, encoding)}"


_CALLED = {"utf-8": "UTF-8", "cp1252": "Latin-1", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16, the other way round"}


def _needles(one: One) -> dict[str, set[bytes]]:
    forms = {one.core, one.core.upper(), _kept(one.value.words)}
    encodings = (*_NARROW, *_WIDE, *(() if one.core.isascii() else _OLD))
    needles: dict[str, set[bytes]] = {}
    for encoding in encodings:
        for form in forms:
            try:
                thin = form.encode(encoding).translate(_LOWER, _DROPPED)
            except UnicodeEncodeError:
                continue
            if len(thin) >= _LEAST:
                needles.setdefault(encoding, set()).add(thin)
    return needles


def _kept(words: str) -> str:
    """The letters and digits of words with the capitals that they have."""
    return "".join(sign for sign in plain(words) if sign.isalnum())


def _decoded(data: bytes, encoding: str) -> list[str]:
    if encoding in _WIDE:
        return [data[shift:].decode(encoding, "replace") for shift in (0, 1)]
    return [data.decode(encoding, "replace")]


def _chance(one: One, size: int) -> float:
    """How often a value would stand in so many random bytes, one way or another."""
    letters = sum(sign.isalpha() for sign in one.core)
    return size * 12.0 * (2 / 256) ** letters * (1 / 256) ** (len(one.core) - letters)
