"""What a file really is: by its content first, by its name only where content cannot tell.

Only kinds on the list are taken. Pages, scripts, programs, archives and office files with macros are refused with a
sentence for the person. Nothing here unpacks or renders more than a few kilobytes.
"""

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from portfolio.documents.archives import office_type
from portfolio.errors import Rejected

HEAD_BYTES = 4096

_OOXML = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_MSG = "application/vnd.ms-outlook"
_TEXT = {".txt": "text/plain", ".md": "text/markdown", ".csv": "text/csv", ".eml": "message/rfc822"}

_PICTURES = (".png", ".jpg", ".jpeg", ".jfif", ".gif", ".webp", ".heic", ".heif", ".tif", ".tiff")
_RECORDINGS = (".mp3", ".wav", ".m4a", ".mp4", ".m4v", ".mov", ".webm", ".ogg", ".oga", ".ogv", ".opus")

# The endings that a file of a kind may carry. Cameras and phones mix up endings inside a family; that does no harm.
ENDINGS: dict[str, tuple[str, ...]] = {
    **{media_type: (ending,) for ending, media_type in _OOXML.items()},
    **{media_type: (ending,) for ending, media_type in _TEXT.items()},
    "text/markdown": (".md", ".markdown"),
    _MSG: (".msg",),
    "application/pdf": (".pdf",),
    "application/rtf": (".rtf", ".doc"),
    **dict.fromkeys(("image/png", "image/jpeg", "image/gif", "image/webp", "image/heic", "image/tiff"), _PICTURES),
    **dict.fromkeys(("audio/mpeg", "audio/wav", "audio/mp4", "video/mp4", "video/quicktime"), _RECORDINGS),
    **dict.fromkeys(("video/webm", "audio/ogg"), _RECORDINGS),
}

_STARTS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"{\\rtf", "application/rtf"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
)
_BRANDS = {
    b"heic": "image/heic", b"heix": "image/heic", b"hevc": "image/heic", b"mif1": "image/heic", b"msf1": "image/heic",
    b"M4A ": "audio/mp4", b"M4B ": "audio/mp4", b"qt  ": "video/quicktime",
    b"M4V ": "video/mp4", b"isom": "video/mp4", b"iso2": "video/mp4", b"iso4": "video/mp4", b"iso5": "video/mp4",
    b"iso6": "video/mp4", b"mp41": "video/mp4", b"mp42": "video/mp4", b"avc1": "video/mp4", b"MSNV": "video/mp4",
    b"dash": "video/mp4", b"3gp4": "video/mp4", b"3gp5": "video/mp4", b"3gp6": "video/mp4",
}  # fmt: skip
_CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa", b"\xcf\xfa\xed\xfe", b"#!")
_PAGE = re.compile(
    rb"(?>\s*(?:<!--(?:(?!-->).)*-->\s*)*)"
    rb"<(?:!doctype|html|head|body|svg|script|iframe|img|\?xml|\?php|x:|math|embed|object)",
    re.IGNORECASE | re.DOTALL,
)
_MAIL_LINE = re.compile(rb"(?:From |[A-Za-z][A-Za-z0-9-]{0,70}:)")
_WIDE = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a file was found to be."""

    media_type: str


def inspect(path: Path, name: str) -> Inspected:
    """Looks at the whole file where that is needed. Raises Rejected when the file cannot be taken."""
    with path.open("rb") as source:
        head = source.read(HEAD_BYTES)
    if not head:
        message = "The file is empty."
        raise Rejected(message)
    if head.startswith(_ZIP):
        media_type: str | None = office_type(path)
    elif head.startswith(_CFB):
        media_type = _compound(path, head)
    else:
        media_type = media_type_of(head, name)
    if media_type is None:
        message = _why_not(head)
        raise Rejected(message)
    ending = _ending(name)
    if ending and ending not in ENDINGS[media_type]:
        message = f"The name ends in {ending}, but the file is something else inside. Save it anew and try again."
        raise Rejected(message)
    return Inspected(media_type)


def media_type_of(head: bytes, name: str) -> str | None:
    """The kind that the first bytes and the name speak for, or None for what is not taken.

    For office files this is only what they claim to be: `inspect` looks inside.
    """
    if head.startswith(_ZIP):
        return _OOXML.get(_ending(name))
    if head.startswith(_CFB):
        return _MSG if _ending(name) == ".msg" else None
    for start, media_type in _STARTS:
        if head.startswith(start):
            return media_type
    return _recording(head, name) or _pdf(head) or _text(head, name)


def _ending(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).suffix.lower()


def _recording(head: bytes, name: str) -> str | None:
    if head[4:8] == b"ftyp":
        media_type = _BRANDS.get(head[8:12])
        return "audio/mp4" if media_type == "video/mp4" and _ending(name) == ".m4a" else media_type
    if head[4:8] in {b"moov", b"mdat", b"wide", b"free"} and _ending(name) == ".mov":
        return "video/quicktime"
    if head.startswith(b"RIFF"):
        return {b"WAVE": "audio/wav", b"WEBP": "image/webp"}.get(head[8:12])
    if head.startswith(b"\x1aE\xdf\xa3") and b"webm" in head[:64]:
        return "video/webm"
    if len(head) > 2 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2 and _ending(name) == ".mp3":
        return "audio/mpeg"
    return None


def _pdf(head: bytes) -> str | None:
    return "application/pdf" if b"%PDF-" in head[:1024] else None


def _text(head: bytes, name: str) -> str | None:
    ending = ".md" if _ending(name) == ".markdown" else _ending(name)
    media_type = _TEXT.get(ending)
    if media_type is None:
        return None
    if head.startswith(_WIDE):
        head = head.decode("utf-16", "ignore").encode()
    if b"\0" in head or head.startswith(b"#!"):
        return None
    if media_type == "message/rfc822":
        return media_type if _MAIL_LINE.match(head.removeprefix(b"\xef\xbb\xbf").lstrip()) or not head.strip() else None
    return None if _PAGE.match(head.removeprefix(b"\xef\xbb\xbf")) else media_type


def _compound(path: Path, head: bytes) -> str | None:
    """An Outlook message, told by its root's class or its streams; other compound files are old or locked."""
    names = _compound_names(path, head)
    if names is None:
        return None
    root_class, streams = names
    if root_class == bytes.fromhex("0b0d020000000000c000000000000046") or "__properties_version1.0" in streams:
        return _MSG
    if "EncryptedPackage" in streams:
        message = "The file is locked with a password. Save it without one and try again."
        raise Rejected(message)
    message = "This is a file of an older Office. Save it as .docx, .xlsx or .pptx and try again."
    raise Rejected(message)


def _compound_names(path: Path, head: bytes) -> tuple[bytes, set[str]] | None:
    """The root's class and the names in the first stretch of the directory, which stands in one piece as a rule."""
    shift = int.from_bytes(head[30:32], "little")
    if shift not in {9, 12}:
        return None
    sector = 1 << shift
    start = (int.from_bytes(head[48:52], "little") + 1) * sector
    if start + 128 > path.stat().st_size:
        return None
    with path.open("rb") as source:
        source.seek(start)
        directory = source.read(64 * 128)
    streams = set()
    for at in range(0, len(directory) - 127, 128):
        length = min(max(int.from_bytes(directory[at + 64 : at + 66], "little") - 2, 0), 62)
        streams.add(directory[at : at + length].decode("utf-16-le", "replace"))
    return directory[80:96], streams


def _why_not(head: bytes) -> str:
    if head.startswith(_PROGRAMS):
        return "Programs and scripts cannot be added."
    if _PAGE.match(head):
        return "Web pages, drawings with scripts and XML files cannot be added. A PDF or a picture of it can."
    return "Files of this kind cannot be added. Word, Excel, PowerPoint, PDF, pictures, recordings, mail and text can."
