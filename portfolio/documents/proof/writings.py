"""Other ways of writing a text down inside a text: each undone, so that what it says can be searched. Pure.

`rewritten` gives texts, `packed` gives bytes that may be anything.
"""

import base64
import binascii
import html
import quopri
import re
from collections.abc import Callable, Iterator
from email.errors import HeaderParseError
from email.header import decode_header
from urllib.parse import unquote

from portfolio.documents.proof.sought import APART

_TAG = re.compile(r"<[^<>]{1,2000}>")
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_QUOTED = re.compile(r"=(?:[0-9A-Fa-f]{2}|[ \t]*\r?\n)")
_OFFICE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_BACKSLASH = re.compile(
    r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|u\{([0-9A-Fa-f]{1,6})\}|U([0-9A-Fa-f]{8})|([0-7]{3})|'([0-9A-Fa-f]{2}))"
)
_HEADER_WORD = re.compile(r"=\?[^?\s]{1,40}\?[BbQq]\?[^?\n]*\?=(?:\s+=\?[^?\s]{1,40}\?[BbQq]\?[^?\n]*\?=)*")
_MARKS = re.compile(r"[*_`~\\]")
_HYPHENATED = re.compile(r"(?<=\w)[-\u00ad\u2010\x02\ufffe][ \t]*\r?\n\s*(?=\w)")
_FOLDED = re.compile(r"\r?\n[ \t]")
_PUNYCODE = re.compile(r"\bxn--[a-z0-9-]{2,60}", re.IGNORECASE)
_WIDE_7 = re.compile(r"\+([A-Za-z0-9+/]{3,})-?")

_HEX = re.compile(r"(?:(?:0x|\\x)?[0-9A-Fa-f]{2}[\s:,;-]{0,3}){4,}")
_HEX_SIGN = re.compile(r"0x|\\x|[^0-9A-Fa-f]")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{6,}(?:\r?\n[ \t]?[A-Za-z0-9+/_-]{4,})*={0,2}")
_BREAK = re.compile(r"\s+")
_ASCII85 = re.compile(r"<~[!-uz\s]{5,}~>")
_UUENCODED = re.compile(r"^begin [0-7]{3,4} [^\n]*\n((?:[ -`]{1,62}\r?\n)+?)(?:`|end)", re.MULTILINE)
_TOLD = re.compile(rb"(?:[\0\t\r\n -~]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}){4,}")
_LONG = 400
"""A run of so many signs is a file or a picture; a shorter one may begin at any of its signs."""


def rewritten(text: str, *, has_tags: bool) -> Iterator[tuple[str, str]]:
    """The texts that a text becomes when a way of writing is undone, each with that way; only where it is there."""
    for way, undo in _WAYS.items():
        undone = undo(text)
        if undone is not None and undone != text:
            yield way, undone
    if has_tags and _TAG.search(text):
        yield "split by tags", _TAG.sub("", text)
        yield "between tags", _TAG.sub(APART, text)


def packed(text: str) -> Iterator[tuple[str, bytes, bool]]:
    """The bytes that stand in a text in base64, hexadecimal and the like. Short runs are given together, and last it is
    said whether they are such: any letters can be read as those, so that a few in them may be chance.
    """
    short: list[bytes] = []
    for match in _BASE64.finditer(text):
        run = _BREAK.sub("", match.group()).rstrip("=").replace("-", "+").replace("_", "/")
        if len(run) >= _LONG:
            yield "in base64", _base64(run), False
        else:
            short += [_base64(run[shift:]) for shift in range(min(4, len(run) - 4))]
    yield "in base64", _told(short), True
    short = []
    for match in _HEX.finditer(text):
        run = _HEX_SIGN.sub("", match.group())
        if len(run) >= _LONG:
            yield "in hexadecimal", _hex(run), False
        else:
            short += [_hex(run), _hex(run[1:])]
    yield "in hexadecimal", _told(short), True
    for match in _ASCII85.finditer(text):
        try:
            yield "in ASCII85", base64.a85decode(match.group(), adobe=True), False
        except ValueError:
            continue
    for match in _UUENCODED.finditer(text):
        yield "uuencoded", b"".join(map(_uu, match.group(1).splitlines())), False


def _told(pieces: list[bytes]) -> bytes:
    """What of the pieces is text, apart from each other; what random letters become is none."""
    return b"\n\x01\n".join(told for piece in pieces for told in _TOLD.findall(piece))


def _base64(run: str) -> bytes:
    whole = run[: len(run) - 1] if len(run) % 4 == 1 else run
    return base64.b64decode(whole + "=" * (-len(whole) % 4))


def _hex(run: str) -> bytes:
    return bytes.fromhex(run[: len(run) - len(run) % 2])


def _uu(line: str) -> bytes:
    try:
        return binascii.a2b_uu(line.encode())
    except (binascii.Error, UnicodeEncodeError):
        return b""


def _entities(text: str) -> str | None:
    return html.unescape(text) if "&" in text else None


def _percent(text: str) -> str | None:
    return unquote(text, errors="replace") if _PERCENT.search(text) else None


def _quoted_printable(text: str) -> str | None:
    if not _QUOTED.search(text):
        return None
    data = quopri.decodestring(text.encode("utf-8", "surrogateescape"))
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _backslashes(text: str) -> str | None:
    return _BACKSLASH.sub(_sign, text) if "\\" in text else None


def _sign(match: re.Match[str]) -> str:
    digits = match[match.lastindex or 0]
    code = int(digits, 8 if match[5] else 16)
    if match[6]:
        return bytes([code]).decode("cp1252", "replace")
    return chr(code) if code < 0x110000 else match.group()


def _office_signs(text: str) -> str | None:
    return _OFFICE.sub(lambda match: chr(int(match.group(1), 16)), text) if "_x" in text else None


def _header_words(text: str) -> str | None:
    return _HEADER_WORD.sub(lambda match: _header(match.group()), text) if "=?" in text else None


def _header(words: str) -> str:
    try:
        parts = decode_header(words)
    except (HeaderParseError, ValueError):
        return words
    return "".join(part if isinstance(part, str) else _in_charset(part, charset) for part, charset in parts)


def _in_charset(data: bytes, charset: str | None) -> str:
    try:
        return data.decode(charset or "ascii", "replace")
    except LookupError:
        return data.decode("cp1252", "replace")


def _unmarked(text: str) -> str | None:
    return _MARKS.sub("", text) if _MARKS.search(text) else None


def _unhyphenated(text: str) -> str | None:
    return _HYPHENATED.sub("", text)


def _unfolded(text: str) -> str | None:
    return _FOLDED.sub("", text) if "BEGIN:V" in text else None


def _punycode(text: str) -> str | None:
    return _PUNYCODE.sub(_from_punycode, text) if "xn--" in text.lower() else None


def _from_punycode(match: re.Match[str]) -> str:
    try:
        return match.group()[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return match.group()


def _utf_7(text: str) -> str | None:
    return _WIDE_7.sub(_from_utf_7, text) if "utf-7" in text.lower() else None


def _from_utf_7(match: re.Match[str]) -> str:
    data = _base64(match.group(1))
    return data[: len(data) - len(data) % 2].decode("utf-16-be", "replace")


_WAYS: dict[str, Callable[[str], str | None]] = {
    "in HTML signs": _entities,
    "in percent signs": _percent,
    "quoted-printable": _quoted_printable,
    "in backslash signs": _backslashes,
    "in Office's signs": _office_signs,
    "in header words": _header_words,
    "split by marks of emphasis": _unmarked,
    "hyphenated at the end of a line": _unhyphenated,
    "folded over lines": _unfolded,
    "in punycode": _punycode,
    "in UTF-7": _utf_7,
}
WAYS = (
    "as it is", "letter by letter backwards", "turned by signs of the reading direction", "in UTF-8", "in Latin-1",
    "in UTF-16", "split by tags", "in base64", "in hexadecimal", "in ASCII85", "uuencoded", *_WAYS,
)  # fmt: skip
"""All that every text is searched for, in plain words."""
