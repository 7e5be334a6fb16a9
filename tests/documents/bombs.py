"""Files made to hurt: built in memory and written where a test asks for them."""

import copy
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    f'<Override PartName="/word/document.xml" ContentType="{WORD}.main+xml"/></Types>'
)
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


HELLO = "<w:p><w:r><w:t>Hello</w:t></w:r></w:p>"


def docx(
    body: str = HELLO, *, types: str = _TYPES, document: str = "", members: Mapping[str, bytes] | None = None
) -> bytes:
    """A small Word file around a body (or a whole text part), with further members."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", types)
        package.writestr("word/document.xml", document or _document(body))
        for name, data in (members or {}).items():
            package.writestr(name, data)
    return target.getvalue()


def _document(body: str) -> str:
    return f"<w:document {_W}><w:body>{body}</w:body></w:document>"


def entities() -> bytes:
    """A billion laughs in the text part."""
    levels = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    text = f'<!DOCTYPE w [<!ENTITY e0 "ha">{levels}]><w:document {_W}><w:body><w:p><w:r><w:t>&e9;</w:t></w:r></w:p>'
    return docx(document=f"{text}</w:body></w:document>")


def far_file() -> bytes:
    """An entity that would read a file of the server."""
    text = f'<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:document {_W}><w:body><w:p><w:r><w:t>&x;</w:t>'
    return docx(document=f"{text}</w:r></w:p></w:body></w:document>")


def nested() -> bytes:
    """Content controls inside each other, deeper than any reader's stack."""
    return docx("<w:sdt><w:sdtContent>" * 100_000 + "</w:sdtContent></w:sdt>" * 100_000)


def many_blocks() -> bytes:
    """More paragraphs than a book has room for."""
    return docx("<w:p><w:r><w:t>x</w:t></w:r></w:p>" * 100_000)


def wide_table() -> bytes:
    """A row of far too many cells."""
    cells = "<w:tc><w:tcPr><w:gridSpan w:val='999'/></w:tcPr><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc>" * 20_000
    return docx(f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>")


def unpacked() -> bytes:
    """Forty megabytes of one letter."""
    return docx(f"<w:p><w:r><w:t>{'a' * 40_000_000}</w:t></w:r></w:p>")


def members() -> bytes:
    """Five thousand parts."""
    return docx(members={f"word/part{n}.xml": b"x" for n in range(5000)})


def overlapping() -> bytes:
    """Hundreds of members that are all the same bytes of the file."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", _TYPES)
        package.writestr("word/document.xml", _document("x" * 100_000))
        original = package.filelist[-1]
        for n in range(900):
            member = copy.copy(original)
            member.filename = f"word/part{n}.xml"
            package.filelist.append(member)
    return target.getvalue()


def pixels(width: int = 30_000, height: int = 30_000) -> bytes:
    """A PNG of a few kilobytes that unfolds to a gigapixel."""
    packer = zlib.compressobj(9)
    row = b"\0" * (width // 8 + 1)
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(part)) + kind + part + struct.pack(">I", zlib.crc32(kind + part)) for kind, part in chunks
    )


def deep_mail() -> bytes:
    """Parts within parts within parts."""
    depth = 1500
    lines = [b"From: a@example.org", b"Subject: deep"]
    for n in range(depth):
        lines += [f'Content-Type: multipart/mixed; boundary="b{n}"'.encode(), b"", f"--b{n}".encode()]
    return b"\r\n".join([*lines, b"Content-Type: text/plain", b"", b"hello"])


def many_parts() -> bytes:
    """Thousands of attachments."""
    part = b'--b\r\nContent-Disposition: attachment; filename="a.txt"\r\n\r\nx\r\n'
    return b'From: a@example.org\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n' + part * 4000 + b"--b--"


SHOWN: dict[str, tuple[str, Callable[[], bytes]]] = {
    "entities.docx": (WORD, entities),
    "far-file.docx": (WORD, far_file),
    "nested.docx": (WORD, nested),
    "many-blocks.docx": (WORD, many_blocks),
    "wide-table.docx": (WORD, wide_table),
    "unpacked.docx": (WORD, unpacked),
    "overlapping.docx": (WORD, overlapping),
    "pixels.png": ("image/png", pixels),
    "deep.eml": ("message/rfc822", deep_mail),
    "many-parts.eml": ("message/rfc822", many_parts),
    "one-cell.csv": ("text/csv", lambda: b'"' + b"a," * 1_000_000),
    "columns.csv": ("text/csv", lambda: b"," * 1_000_000),
    "brackets.md": ("text/markdown", lambda: b"[" * 200_000),
    "quotes.md": ("text/markdown", lambda: b"> " * 30_000),
    "marks.md": ("text/markdown", lambda: b"*_a" * 30_000),
    "noise.docx": (WORD, lambda: b"PK\x03\x04" + bytes(range(256)) * 50),
    "nothing.jpg": ("image/jpeg", lambda: b"\xff\xd8\xff"),
}
"""Name to kind and maker, for files that the book would try to show."""


def compound(*names: str, root_class: bytes = bytes(16)) -> bytes:
    """A compound file with these streams in its directory."""
    head = bytearray(512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    head[30:32] = (9).to_bytes(2, "little")
    directory = b""
    for name in ("Root Entry", *names):
        text = name.encode("utf-16-le")
        entry = text.ljust(64, b"\0") + (len(text) + 2).to_bytes(2, "little")
        directory += entry.ljust(80, b"\0") + (root_class if name == "Root Entry" else bytes(16)) + bytes(32)
    return bytes(head) + directory.ljust(1024, b"\0")


def write(folder: Path, name: str) -> Path:
    """One of the files above."""
    path = folder / name
    path.write_bytes(SHOWN[name][1]())
    return path
