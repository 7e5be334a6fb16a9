"""Rich text as Outlook packs it into its mails ([MS-OXRTFCP]). Pure."""

import struct

_BEGINNING = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor "
    b"MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_PACKED, _BARE = b"LZFu", b"MELA"
_WINDOW, _HEADER = 4096, 16
_MOST = 50 * 1000**2


def unpacked(data: bytes) -> bytes:
    """The rich text, as far as it goes; empty for what is not packed so."""
    if len(data) < _HEADER:
        return b""
    size = min(struct.unpack("<I", data[4:8])[0], _MOST)
    if data[8:12] == _BARE:
        return data[_HEADER : _HEADER + size]
    return bytes(_unpacked(data[_HEADER:], size)) if data[8:12] == _PACKED else b""


def _unpacked(data: bytes, size: int) -> bytearray:
    """Groups of eight: a bit for each says whether it is a sign or a piece of what was read before."""
    made, start, at = bytearray(_BEGINNING), len(_BEGINNING), 0
    while at < len(data) and len(made) - start < size:
        flags, at = data[at], at + 1
        for bit in range(8):
            if at >= len(data) or len(made) - start >= size:
                break
            if not flags >> bit & 1:
                made.append(data[at])
                at += 1
                continue
            token, at = int.from_bytes(data[at : at + 2], "big"), at + 2
            offset, length = token >> 4, (token & 15) + 2
            behind = (len(made) - offset) % _WINDOW
            if behind == 0:
                return made[start : start + size]
            for _ in range(length):
                made.append(made[-behind] if behind <= len(made) else 0x20)
    return made[start : start + size]
