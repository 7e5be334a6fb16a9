"""Texts in what programs write into files about them: properties in marked-up text, and bytes. Pure."""

import html
import re
from collections.abc import Iterator

_IN_MARKS = re.compile(rb">([^<>]+)<|=\s*\"([^\"]*)\"|=\s*'([^']*)'")
_CODE = re.compile(
    r"D:\d{8}\S*$|\d{4}-\d\d-\d\dT\S+$|\d{4}:\d\d:\d\d \S+$|uuid:\S+$|xmp\.[id]id:\S+$|adobe:ns:\S*$|x-default$|[a-z]$"
    r"|http://(?:ns\.|www\.w3\.org|purl\.org)\S*$|W5M0MpCehiHzreSzNTczkc9d$"
)
"""Dates and codes that programs write of themselves."""
_RUN = re.compile(rb"[\t\x20-\x7e\x80-\xff]{5,}")
_PRINTABLE = 0.9


def in_markup(data: bytes) -> Iterator[str]:
    """What stands between the marks and in their attributes, entities read."""
    for found in _IN_MARKS.finditer(data):
        yield html.unescape(next(filter(None, found.groups()), b"").decode("utf-8", "replace"))


def in_bytes(data: bytes, most: int = 400) -> Iterator[str]:
    """What reads like text in bytes of which nothing is known."""
    for number, found in enumerate(_RUN.finditer(data)):
        if number >= most:
            return
        try:
            text = found[0].decode().strip()
        except UnicodeDecodeError:
            continue
        if sum(map(str.isalpha, text)) > len(text) / 2:
            yield text


def says_something(text: str) -> bool:
    """Whether it is words rather than a date, a code or no text at all."""
    printable = sum(sign.isprintable() or sign in "\r\n\t" for sign in text)
    return sum(map(str.isalnum, text)) > 1 and printable > _PRINTABLE * len(text) and not _CODE.match(text.strip())
