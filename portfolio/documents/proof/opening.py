"""What bytes are, by their first ones, and who opens them. Whatever they are, all of them are searched as bytes too."""

import bz2
import gzip
import io
import lzma
import re
import tarfile
import zlib
from collections.abc import Callable

from portfolio.documents.proof.compound import open_compound
from portfolio.documents.proof.letters import open_mail
from portfolio.documents.proof.markup import Broken, read_html, read_rtf, read_xml
from portfolio.documents.proof.members import open_zip
from portfolio.documents.proof.movies import open_boxes, open_id3, open_ogg, open_other, open_riff
from portfolio.documents.proof.pdf_objects import open_pdf
from portfolio.documents.proof.pictures import open_gif, open_jpeg, open_png, open_tiff
from portfolio.documents.proof.search import MOST_BYTES, Search, Undone

_TOO_MUCH = "There is more inside the result than can be searched through."
_HTML = re.compile(r"<(?:!doctype html|html|head|body|div|p|table|span|style|meta|br|a)\b", re.IGNORECASE)
_MAIL = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]{1,60}:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*){3,}\r?\n")
_PLAIN_SHARE = 0.97

_STARTS: tuple[tuple[bytes, Callable[[Search, bytes, str], None]], ...] = (
    (b"PK\x03\x04", open_zip),
    (b"PK\x05\x06", open_zip),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", open_compound),
    (b"\x89PNG\r\n\x1a\n", open_png),
    (b"\xff\xd8\xff", open_jpeg),
    (b"GIF8", open_gif),
    (b"II*\0", open_tiff),
    (b"MM\0*", open_tiff),
    (b"RIFF", open_riff),
    (b"ID3", open_id3),
    (b"OggS", open_ogg),
    (b"\x1aE\xdf\xa3", open_other),
)


def open_bytes(search: Search, data: bytes, place: str, kind: str) -> None:
    """Opens bytes and shows the search all that is in them. Raises Undone."""
    if kind == "message/rfc822":
        open_mail(search, data, place)
        return
    for start, opener in _STARTS:
        if data.startswith(start):
            opener(search, data, place)
            return
    if b"%PDF-" in data[:1024]:
        open_pdf(search, data, place)
    elif data[4:8] == b"ftyp":
        open_boxes(search, data, place)
    elif kind.startswith(("audio/", "video/")):
        open_other(search, data, place)
    elif not (_unpacked(search, data, place) or _markup(search, data, place) or _text(search, data, place, kind)):
        search.dense(data, place)


def _unpacked(search: Search, data: bytes, place: str) -> bool:
    for opener in (_gzip, _bzip2, _xz, _zlib, _tar):
        inner = opener(data)
        if inner is not None:
            search.dense(data, place)
            search.inside(inner, f"{place}, unpacked")
            return True
    return False


def _gzip(data: bytes) -> bytes | None:
    if not data.startswith(b"\x1f\x8b"):
        return None
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            return _read(packed.read)
    except (OSError, EOFError, zlib.error):
        return None


def _bzip2(data: bytes) -> bytes | None:
    if not data.startswith(b"BZh"):
        return None
    try:
        with bz2.BZ2File(io.BytesIO(data)) as packed:
            return _read(packed.read)
    except (OSError, EOFError):
        return None


def _xz(data: bytes) -> bytes | None:
    if not data.startswith(b"\xfd7zXZ\0"):
        return None
    try:
        with lzma.LZMAFile(io.BytesIO(data)) as packed:
            return _read(packed.read)
    except (OSError, EOFError, lzma.LZMAError):
        return None


def _zlib(data: bytes) -> bytes | None:
    if data[:1] != b"\x78" or data[1:2] not in {b"\x01", b"\x5e", b"\x9c", b"\xda"}:
        return None
    try:
        return _read(zlib.decompressobj().decompress, data)
    except zlib.error:
        return None


def _tar(data: bytes) -> bytes | None:
    if data[257:262] != b"ustar":
        return None
    try:
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            found = [member.name.encode() + b"\n" + _of(archive, member) for member in archive if member.isfile()]
    except (tarfile.TarError, OSError, ValueError):
        return None
    return b"\n\x01\n".join(found)


def _of(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    opened = archive.extractfile(member)
    return opened.read(MOST_BYTES // 10) if opened else b""


def _read(read: Callable[..., bytes], *first: bytes) -> bytes:
    data = read(*first, MOST_BYTES // 10)
    if len(data) >= MOST_BYTES // 10:
        raise Undone(_TOO_MUCH)
    return data


def _markup(search: Search, data: bytes, place: str) -> bool:
    """XML, where it is well made."""
    if not data[:200].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<"):
        return False
    try:
        read = read_xml(data)
    except Broken:
        return False
    search.texts(read.written, place)
    search.built(read.built, place)
    search.numbers(read.numbers, place)
    return True


def _text(search: Search, data: bytes, place: str, kind: str) -> bool:
    text = text_of(data)
    if text is None and kind.startswith("text/"):
        text = data.decode("utf-8", "replace")
    if text is None:
        return False
    search.dense(data, place, counts_short=False)
    if text.lstrip().startswith("{\\rtf"):
        search.searched("in RTF")
        search.text(read_rtf(text), place, way="in RTF")
    has_tags = "<" in text
    if has_tags and _HTML.search(text):
        read = read_html(text)
        search.texts(read.written, place)
        search.built(read.built, place)
    elif _MAIL.match(data):
        open_mail(search, data, place)
    search.text(text, place, has_tags=has_tags)
    return True


def text_of(data: bytes) -> str | None:
    """Bytes as a text, or None where they are none."""
    for mark, encoding in ((b"\xff\xfe\0\0", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    if b"\0" in data[:4096]:
        return _wide(data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
        return text if _share(text[:200_000]) >= _PLAIN_SHARE else None
    return text if _share(text[:200_000]) >= _PLAIN_SHARE else None


def _wide(data: bytes) -> str | None:
    head = data[:4096]
    for encoding, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[0::2])):
        if zeros and zeros.count(0) > 0.4 * len(zeros):
            text = data.decode(encoding, "replace")
            if _share(text[:200_000]) >= _PLAIN_SHARE:
                return text
    return None


def _share(text: str) -> float:
    return sum(sign in "\t\r\n\f\x01" or sign.isprintable() for sign in text) / len(text) if text else 1.0
