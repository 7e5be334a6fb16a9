"""What the writer keeps while a book is written: names and numbers of links, bookmarks, pictures and lists.

Names and numbers come from what they stand for (a reference, an address, a place in an item, what a picture shows),
never from a running count, so that a part of a book keeps its names wherever it stands.
"""

import hashlib
import re
import tempfile
import zlib
from collections.abc import Iterator
from functools import lru_cache
from types import TracebackType
from typing import BinaryIO, Self
from urllib.parse import quote, urlsplit

from portfolio.documents.blocks import Picture
from portfolio.documents.wordbook.markup import clean, escape

_UNSAFE_IN_NAME = re.compile(r"[^A-Za-z0-9_]")
_NAME_LENGTH = 40
_KEPT_IN_ADDRESS = "!#$%&'()*+,-./:;=?@_~"
_STRAY_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
# most addresses: nothing in them that needs a second look
_PLAIN_ADDRESS = re.compile(r"https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?:[/?][A-Za-z0-9._~/?=&+,;-]*)?\Z")
_SCHEMES = {"http", "https", "mailto"}
_MAX_ADDRESS = 2000
_KINDS = {"image/png": "png", "image/jpeg": "jpeg"}
_DIGEST_LENGTH = 32
"""So many that nobody can make two pictures that meet."""
_RELATIONSHIP = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@lru_cache(maxsize=16384)
def bookmark_name(kind: str, *keys: str) -> str:
    """A bookmark's name for a thing, such as `item_E001`; keys that Word would not take get a digest."""
    key = "_".join(keys)
    name = f"{kind}_{key}"
    if len(name) <= _NAME_LENGTH and len(keys) == 1 and key == key.upper() and not _UNSAFE_IN_NAME.search(key):
        return name
    digest = hashlib.sha256("\0".join(keys).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{_UNSAFE_IN_NAME.sub('_', name)[: _NAME_LENGTH - 17]}_{digest}"


class Desk:
    """One per book. Pictures wait in a file without a name until the body is done."""

    def __init__(self) -> None:
        self.list_levels: list[int] = []
        self._marks: dict[str, int] = {}
        self._numbers: set[int] = set()
        self._drawings: set[int] = set()
        self._links: dict[str, str | None] = {}
        self._relationships: set[str] = set()
        self._pictures: dict[str, int] = {}
        self._spool: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the desk

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._spool.close()

    def bookmark(self, name: str) -> str:
        """An empty bookmark to put at the start of a paragraph. A name is used once."""
        if name in self._marks:
            message = f"The bookmark {name} stands in the book twice."
            raise ValueError(message)
        number = self._marks[name] = _free(self._numbers, name)
        return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/><w:bookmarkEnd w:id="{number}"/>'

    def has_bookmark(self, name: str) -> bool:
        return name in self._marks

    def ordered_list(self, level: int) -> int:
        """The number of a new ordered list that counts from 1."""
        self.list_levels.append(level)
        return len(self.list_levels) + 1

    def link(self, address: str) -> str | None:
        """The relationship of a link out of the book, or None for an address that a book should not carry."""
        if address not in self._links:
            target = safe_address(address)
            key = None
            if target:
                key = f"rLink{hashlib.sha256(target.encode()).hexdigest()[:16]}"
                self._relationships.add(
                    f'<Relationship Id="{key}" Type="{_RELATIONSHIP}/hyperlink" '
                    f'Target="{escape(target)}" TargetMode="External"/>'
                )
            self._links[address] = key
        return self._links[address]

    def picture(self, picture: Picture, key: str) -> tuple[str, int]:
        """Keeps a picture for the end, once however often it comes; gives its relationship and the number of the
        drawing that `key` names.
        """
        kind = _KINDS[picture.media_type]
        name = f"{hashlib.sha256(picture.data).hexdigest()[:_DIGEST_LENGTH]}.{kind}"
        relationship = f"rPicture_{name}"
        if name not in self._pictures:
            self._pictures[name] = len(picture.data)
            self._spool.write(picture.data)
            self._relationships.add(
                f'<Relationship Id="{relationship}" Type="{_RELATIONSHIP}/image" Target="media/picture_{name}"/>'
            )
        return relationship, _free(self._drawings, key)

    def relationships(self) -> str:
        """What the body refers to, sorted so that the order of the book does not matter."""
        return "".join(sorted(self._relationships))

    def pictures(self) -> Iterator[tuple[str, bytes]]:
        """The kept pictures with their part names, in the order in which they first came."""
        self._spool.seek(0)
        for name, length in self._pictures.items():
            yield f"word/media/picture_{name}", self._spool.read(length)


def safe_address(address: str) -> str | None:
    """An http, https or mailto address that every reader takes as a link, or None."""
    if _PLAIN_ADDRESS.match(address) and len(address) <= _MAX_ADDRESS:
        return address
    text = clean(address).strip()
    if len(text) > _MAX_ADDRESS or any(c.isspace() for c in text):
        return None
    try:
        parts = urlsplit(text)
        reachable = "@" in parts.path if parts.scheme == "mailto" else parts.hostname and parts.port != 0
    except ValueError:
        return None
    if parts.scheme not in _SCHEMES or not reachable or "[" in parts.netloc:
        return None
    return quote(_STRAY_PERCENT.sub("%25", text), safe=_KEPT_IN_ADDRESS)


def _free(taken: set[int], key: str) -> int:
    """A number from the key; when two keys meet, the later one takes the next free number."""
    number = zlib.crc32(key.encode(errors="surrogatepass")) & 0x3FFFFFFF or 1
    while number in taken:
        number += 1
    taken.add(number)
    return number
