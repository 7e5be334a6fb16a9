"""Office files are zip archives; this judges one by its directory before anything is unpacked.

Refused: too many members, too much inside, a ratio that only bombs have, members that overlap, leave the folder, are
links, come twice or are locked, macros, and every archive that is not an office file.
"""

import stat
import struct
import zipfile
import zlib
from pathlib import Path

from lxml import etree

from portfolio.documents.xml_parts import Unreadable, parse, part
from portfolio.errors import Rejected

MAX_MEMBERS = 4000
MAX_MEMBER = 200 * 1000**2
MAX_UNPACKED = 500 * 1000**2
MAX_RATIO = 200
_RATIO_MATTERS_FROM = 10 * 1000**2
_MAX_DIRECTORY = 2 * 1000**2
_MAX_TYPES = 1000**2
_END = b"PK\x05\x06"
_END_LENGTH = 22
_TYPES = "[Content_Types].xml"
_MAIN = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml": "presentationml.presentation",
}
_MACROS = ("vbaproject.bin", "vbadata.xml", "/macrosheets/", "/activex/")
_DAMAGED = "The file is damaged and cannot be opened. Save it anew and try again."
_TOO_LARGE = "The file holds far more inside than an office file does, so it cannot be taken."
_ARCHIVE = "Archives cannot be added. Unpack it and add the files one by one."
_LOCKED = "The file is locked with a password. Save it without one and try again."
_WITH_MACROS = "The file contains macros. Save it without them (as .docx, .xlsx or .pptx) and try again."


# what the zip and XML readers raise on broken input, as far as fuzzing has shown
_TROUBLE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    etree.XMLSyntaxError,
    Unreadable,
    ValueError,
    OSError,
    EOFError,
    RuntimeError,
    struct.error,
)


def office_type(path: Path) -> str:
    """The media type of a Word, Excel or PowerPoint file. Raises Rejected for every other archive."""
    _check_directory_size(path)
    try:
        with zipfile.ZipFile(path) as package:
            if _TYPES not in package.namelist():
                raise Rejected(_ARCHIVE)
            _check(package.infolist(), path.stat().st_size)
            return _type_of(parse(part(package, _TYPES, _MAX_TYPES) or b""))
    except _TROUBLE as error:
        raise Rejected(_DAMAGED) from error


def _check_directory_size(path: Path) -> None:
    """Looks at the end record first: a directory of millions of members is never read."""
    size = path.stat().st_size
    with path.open("rb") as source:
        source.seek(max(0, size - _END_LENGTH - 0xFFFF))
        tail = source.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_LENGTH:
        raise Rejected(_DAMAGED)
    members = int.from_bytes(tail[at + 10 : at + 12], "little")
    length = int.from_bytes(tail[at + 12 : at + 16], "little")
    if members > MAX_MEMBERS or length > _MAX_DIRECTORY:
        raise Rejected(_TOO_LARGE)


def _check(members: list[zipfile.ZipInfo], size: int) -> None:
    names = [member.filename for member in members]
    if len(members) > MAX_MEMBERS:
        raise Rejected(_TOO_LARGE)
    if len({name.casefold() for name in names}) < len(names) or any(map(_leaves_folder, members)):
        raise Rejected(_DAMAGED)
    if any(member.flag_bits & 1 for member in members):
        raise Rejected(_LOCKED)
    if any(word in f"/{name}".casefold() for name in names for word in _MACROS):
        raise Rejected(_WITH_MACROS)
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if unpacked > MAX_UNPACKED or any(member.file_size > MAX_MEMBER for member in members):
        raise Rejected(_TOO_LARGE)
    if unpacked > _RATIO_MATTERS_FROM and unpacked > MAX_RATIO * packed:
        raise Rejected(_TOO_LARGE)
    if packed > size:
        raise Rejected(_DAMAGED)


def _leaves_folder(member: zipfile.ZipInfo) -> bool:
    name = member.filename.replace("\\", "/")
    return name.startswith("/") or ".." in name.split("/") or ":" in name or stat.S_ISLNK(member.external_attr >> 16)


def _type_of(types: etree._Element) -> str:
    found = [element.get("ContentType", "") for element in types.iter(etree.Element)]
    if any("macroenabled" in kind.casefold() or "vbaproject" in kind.casefold() for kind in found):
        raise Rejected(_WITH_MACROS)
    for kind in found:
        if kind in _MAIN:
            return f"application/vnd.openxmlformats-officedocument.{_MAIN[kind]}"
    raise Rejected(_ARCHIVE)
