"""PDF, read from its bytes without any library for it: every stream unpacked, every string, name and remark, what lies
between the objects and behind the end, earlier revisions included.
"""

import base64
import re
import zlib
from dataclasses import dataclass, field

from portfolio.documents.proof.search import Search, Undone
from portfolio.documents.proof.sought import APART

_STREAM = re.compile(rb"(?<!end)stream(?:\r\n|\n|\r)")
_END = re.compile(rb"[\r\n]{0,2}endstream")
_LENGTH = re.compile(rb"/Length\s+(\d{1,10})(?!\s+\d+\s+R)")
_FILTERS = re.compile(rb"/F(?:ilter)?\s*(\[[^\]]*\]|/[A-Za-z0-9#]+)")
_FILTER = re.compile(rb"/([A-Za-z0-9#]+)")
_PREDICTOR = re.compile(rb"/Predictor\s+(\d{1,2})")
_COLUMNS = re.compile(rb"/Columns\s+(\d{1,6})")
_IMAGE = re.compile(rb"/Subtype\s*/Image")
_TABLE = re.compile(rb"/Type\s*/XRef")
_FONT = re.compile(rb"/(?:Length1|Subtype\s*/(?:Type1C|CIDFontType0C|OpenType))\b")
_FILE = re.compile(rb"/(?:EmbeddedFile|Metadata|XML|JavaScript|JS)\b")
_FILES = (b"<", b"PK\3\4", b"%PDF", b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"{\\rt", b"\xd0\xcf\x11\xe0", b"\x1f\x8b")
_LOCKED = re.compile(rb"/Encrypt\s+\d+\s+\d+\s+R")
_TOKEN = re.compile(rb"[(\[\]%]|<<|<|/[^\s()<>\[\]{}/%]*|\b(?:BT|ET)\b")
_NAME = re.compile(rb"/[^\s()<>\[\]{}/%]*")
_PAREN = re.compile(rb"[()\\]")
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|(\r\n|\r|\n)|(.))", re.DOTALL)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_NAMED = re.compile(rb"#([0-9A-Fa-f]{2})")
_MOST = 400 * 1000**2
_BACK = 4_000
_PRINTED = bytes((9, 10, 13, *range(32, 127)))
_MOST_ODD = 0.4


def open_pdf(search: Search, data: bytes, place: str) -> None:
    """Every stream, string, name and remark of the file. Raises Undone."""
    search.searched("in streams of PDF, packed and in strings")
    if _LOCKED.search(data):
        message = "The result is locked with a password, so it cannot be searched."
        raise Undone(message)
    rest, at = [], 0
    for number, match in enumerate(_STREAM.finditer(data), 1):
        if match.start() < at:
            continue
        said = _dictionary(data, match.start(), at)
        end = _end(data, match.end(), said)
        rest.append(data[at : match.end()])
        search.part()
        _open_stream(search, data[match.end() : end], said, f"{place}: Stream {number}")
        at = end
    rest.append(data[at:])
    _show(search, b"".join(rest), place)


def _dictionary(data: bytes, end: int, least: int) -> bytes:
    start = max(least, end - _BACK)
    return data[max(start, data.rfind(b"obj", start, end)) : end]


def _end(data: bytes, start: int, said: bytes) -> int:
    length = _LENGTH.search(said)
    if length:
        end = start + int(length.group(1))
        if _END.match(data, end):
            return end
    found = _END.search(data, start)
    return found.start() if found else len(data)


def _open_stream(search: Search, data: bytes, said: bytes, place: str) -> None:
    unpacked, left = _unpacked(data, said)
    if left or _FILE.search(said) or unpacked.lstrip()[:4].startswith(_FILES):
        search.inside(unpacked, place, is_part=False)
    elif _IMAGE.search(said) or _TABLE.search(said) or _FONT.search(said):
        search.dense(unpacked, place, counts_short=False)
    elif len(unpacked.translate(None, _PRINTED)) > _MOST_ODD * len(unpacked):
        search.dense(unpacked, place)
    else:
        _show(search, unpacked, place)
    if unpacked is not data:
        search.dense(data, f"{place}, as it is packed", counts_short=False)


def _unpacked(data: bytes, said: bytes) -> tuple[bytes, str]:
    """The stream without its filters, and the name of the one that is left, such as that of a JPEG."""
    found = _FILTERS.search(said)
    for name in _FILTER.findall(found.group(1)) if found else ():
        match _NAMED.sub(lambda sign: bytes([int(sign.group(1), 16)]), name):
            case b"FlateDecode" | b"Fl":
                data = _predicted(_inflated(data), said)
            case b"ASCII85Decode" | b"A85":
                data = _ascii85(data)
            case b"ASCIIHexDecode" | b"AHx":
                data = _hex(data)
            case b"RunLengthDecode" | b"RL":
                data = _run_lengths(data)
            case b"LZWDecode" | b"LZW":
                data = _lzw(data)
            case other:
                return data, other.decode("latin-1")
    return data, ""


def _inflated(data: bytes) -> bytes:
    for window in (15, -15):
        unpacker = zlib.decompressobj(window)
        found = b""
        try:
            for at in range(0, len(data), 1 << 20):
                found += unpacker.decompress(data[at : at + (1 << 20)], _MOST - len(found))
                if len(found) >= _MOST:
                    message = "There is more inside the result than can be searched through."
                    raise Undone(message)
        except zlib.error:
            if not found:
                continue
        return found + b"\n" + unpacker.unused_data
    return data


def _predicted(data: bytes, said: bytes) -> bytes:
    """Rows that are kept as differences put together; pictures are left as they are."""
    predictor = _PREDICTOR.search(said)
    if predictor is None or int(predictor.group(1)) < 10 or _IMAGE.search(said):
        return data
    columns = _COLUMNS.search(said)
    width = int(columns.group(1)) if columns else 1
    before, rows = bytes(width), []
    for at in range(0, len(data) - width, width + 1):
        row = data[at + 1 : at + 1 + width]
        if data[at] == 2:
            row = bytes((one + up) & 0xFF for one, up in zip(row, before, strict=True))
        rows.append(row)
        before = row
    return b"".join(rows)


def _ascii85(data: bytes) -> bytes:
    try:
        return base64.a85decode(data.split(b"~>")[0].removeprefix(b"<~"))
    except ValueError:
        return data


def _hex(data: bytes) -> bytes:
    digits = re.sub(rb"[^0-9A-Fa-f]", b"", data.split(b">")[0])
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())


def _run_lengths(data: bytes) -> bytes:
    found, at = bytearray(), 0
    while at < len(data) and data[at] != 128 and len(found) < _MOST:
        length = data[at]
        if length < 128:
            found += data[at + 1 : at + 2 + length]
            at += 2 + length
        else:
            found += data[at + 1 : at + 2] * (257 - length)
            at += 2
    return bytes(found)


def _lzw(data: bytes) -> bytes:
    bits, held, width, found = 0, 0, 9, bytearray()
    table: list[bytes] = [bytes([code]) for code in range(256)] + [b"", b""]
    before = b""
    for byte in data:
        bits, held = bits << 8 | byte, held + 8
        if held < width:
            continue
        held -= width
        code, bits = bits >> held, bits & ((1 << held) - 1)
        if code == 257 or len(found) > _MOST:
            break
        if code == 256:
            table, width, before = table[:258], 9, b""
            continue
        entry = table[code] if code < len(table) else before + before[:1]
        if before:
            table.append(before + entry[:1])
        found += entry
        before = entry
        width = min(12, max(9, (len(table) + 1).bit_length()))
    return bytes(found)


@dataclass(slots=True)
class _Said:
    strings: list[str] = field(default_factory=list)
    """Each by itself, with APART where a text on a page ends."""
    glued: list[str] = field(default_factory=list)
    """The same put together where they stand in one array."""
    names: dict[str, None] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


def _show(search: Search, data: bytes, place: str) -> None:
    said = _said(data)
    search.text(" ".join(said.strings), place)
    search.text("".join(said.strings), place)
    search.text("".join(said.glued), place)
    search.texts(said.remarks, place)
    search.built([*said.names, _NAME.sub(b" ", data).decode("utf-8", "replace")], place)
    search.dense(data, place, counts_short=False)


def _said(data: bytes) -> _Said:
    said, at, is_array, is_text = _Said(), 0, False, False
    while (match := _TOKEN.search(data, at)) is not None:
        token, at = match.group(), match.end()
        if token in {b"(", b"<"}:
            string, at = _literal(data, at) if token == b"(" else _hex_string(data, at)
            said.strings += [string] if is_text or is_array else [APART, string, APART]
            said.glued += [string] if is_array else [" ", string, " "]
        elif token == b"%":
            end = min((one for one in (data.find(b"\n", at), data.find(b"\r", at)) if one >= 0), default=len(data))
            said.remarks.append(data[at:end].decode("utf-8", "replace"))
            at = end
        elif token == b"<<":
            continue
        elif token in {b"[", b"]"}:
            is_array = token == b"["
            said.glued.append(" ")
        elif token in {b"BT", b"ET"}:
            is_text = token == b"BT"
            said.strings.append(APART)
            said.glued.append(APART)
        else:
            said.names.setdefault(_NAMED.sub(_named, token[1:]).decode("utf-8", "replace"))
    return said


def _named(match: re.Match[bytes]) -> bytes:
    return bytes([int(match.group(1), 16)])


def _literal(data: bytes, start: int) -> tuple[str, int]:
    depth, at = 1, start
    while (match := _PAREN.search(data, at)) is not None:
        at = match.end()
        if match.group() == b"\\":
            at += 1
            continue
        depth += 1 if match.group() == b"(" else -1
        if depth == 0:
            return _string(_ESCAPE.sub(_unescaped, data[start : at - 1])), at
    return _string(data[start:]), len(data)


def _unescaped(match: re.Match[bytes]) -> bytes:
    digits, line, sign = match.groups()
    if digits:
        return bytes([int(digits, 8) & 0xFF])
    return b"" if line else _ESCAPES.get(sign, sign)


def _hex_string(data: bytes, start: int) -> tuple[str, int]:
    end = data.find(b">", start)
    if end < 0:
        return "", len(data)
    return _string(_hex(data[start : end + 1])), end + 1


def _string(data: bytes) -> str:
    if data.startswith((b"\xfe\xff", b"\xff\xfe")):
        return data.decode("utf-16", "replace")
    if data.startswith(b"\xef\xbb\xbf"):
        return data.decode("utf-8-sig", "replace")
    if len(data) > 1 and not len(data) % 2 and data[0::2].count(0) * 2 >= len(data) * 0.9:
        return data.decode("utf-16-be", "replace")
    return data.decode("utf-8", "replace") if _is_utf_8(data) else data.decode("cp1252", "replace")


def _is_utf_8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
