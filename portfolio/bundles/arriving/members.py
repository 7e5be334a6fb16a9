"""The members of an archive from strangers: every name, size and place in it looked at before anything is unpacked.

An archive is taken only when it is nothing but its members, one after the other from its first byte, and its list of
them, to its last: so what one program reads in it is what every other one does.
"""

import os
import re
import struct
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from stat import S_IFDIR, S_IFMT, S_IFREG
from typing import BinaryIO
from zipfile import ZipFile, ZipInfo

from portfolio.bundles.arriving.checking import BadBundle
from portfolio.bundles.arriving.incoming import Limits
from portfolio.storage.rules import size_words

PATH_MOST, PART_MOST, PARTS_MOST = 1_000, 255, 8
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\..*)?", re.IGNORECASE)
_FORBIDDEN = frozenset('<>:"|?*\\')
_KINDS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_LOCAL = struct.Struct("<4s5H3L2H")
_END = struct.Struct("<4s4H2LH")
_ENCRYPTED, _DESCRIBED, _PATCHED, _STRONG, _UTF8 = 0x1, 0x8, 0x20, 0x40, 0x800
_ANY_FLAG = 0xFFFF & ~(_DESCRIBED | _UTF8 | 0x6)


def opened(source: BinaryIO, limits: Limits) -> tuple[ZipFile, dict[str, ZipInfo]]:
    """The archive and its files by path. Raises BadBundle with everything that is wrong with it; the caller closes."""
    size = source.seek(0, os.SEEK_END)
    if size > limits.archive:
        raise BadBundle([f"The file has {size_words(size)}, and a bundle may have {size_words(limits.archive)}"])
    _check_count(source, size, limits)
    try:
        archive = ZipFile(source)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, struct.error) as trouble:
        raise BadBundle([f"The file is no ZIP archive that can be read: {trouble}"]) from trouble
    try:
        members = archive.infolist()
        faults = [*_list_faults(members, size, limits)]
        faults += [fault for member in members for fault in _faults_of(member)]
        if not faults:
            faults = list(_layout_faults(source, archive, size))
    except BaseException:
        archive.close()
        raise
    if faults:
        archive.close()
        raise BadBundle(faults)
    return archive, {member.filename: member for member in members if not member.is_dir()}


def _check_count(source: BinaryIO, size: int, limits: Limits) -> None:
    """Before the list of members is read: that the archive ends as one does, and how many it says there are."""
    source.seek(max(0, size - _END.size))
    end = source.read(_END.size)
    if len(end) < _END.size or not end.startswith(b"PK\5\6"):
        words = "The file is no ZIP archive" if size < _END.size else "The file does not end as a ZIP archive does"
        raise BadBundle([f"{words}: it was cut, something was added to it, or it is something else"])
    _sign, disk, list_disk, here, count, list_size, _place, comment = _END.unpack(end)
    if disk or list_disk or here != count or comment:
        raise BadBundle(["The archive is in several parts, or something was added to its end"])
    if count == 0xFFFF:
        source.seek(max(0, size - _END.size - 20 - 56))
        record = source.read(56)
        if record.startswith(b"PK\6\6"):
            count, list_size = struct.unpack_from("<QQ", record, 32)
    most_list = limits.members * (46 + 2 * PATH_MOST)
    if count > limits.members or (list_size != 0xFFFFFFFF and list_size > most_list):
        raise BadBundle([f"There are more files in the archive than a bundle may have ({limits.members:,})"])


def _list_faults(members: Sequence[ZipInfo], size: int, limits: Limits) -> Iterator[str]:
    if len(members) > limits.members:
        yield f"There are {len(members):,} files in the archive, and a bundle may have {limits.members:,}"
    unpacked = sum(member.file_size for member in members)
    if unpacked > limits.unpacked:
        yield f"Unpacked it would have {size_words(unpacked)}, and a bundle may have {size_words(limits.unpacked)}"
    if unpacked > max(limits.ratio_from, limits.ratio * size):
        yield f"Unpacked it would be more than {limits.ratio} times as large as it is, which no bundle is"
    for member in members:
        if member.file_size > limits.file:
            yield f"{member.filename!r} has {size_words(member.file_size)}, more than a file of a bundle may have"
    yield from _name_clashes(members)


def _name_clashes(members: Sequence[ZipInfo]) -> Iterator[str]:
    """Names that cannot stand beside each other on every system."""
    seen: dict[str, str] = {}
    for member in members:
        folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", member.filename).casefold())
        if folded in seen:
            yield f"{member.filename!r} and {seen[folded]!r} are one name to some systems"
        seen[folded] = member.filename
    files = {folded for folded in seen if not folded.endswith("/")}
    for folded in files:
        for parent in PurePosixPath(folded).parents:
            if str(parent) in files:
                yield f"{seen[folded]!r} lies in {seen[str(parent)]!r}, which is a file"


def _faults_of(member: ZipInfo) -> Iterator[str]:
    yield from name_faults(member.orig_filename, is_folder=member.is_dir())
    name = repr(member.orig_filename)
    if member.filename != member.orig_filename:
        yield f"{name} has two names"
    if member.flag_bits & (_ENCRYPTED | _STRONG):
        yield f"{name} is locked with a password"
    elif member.flag_bits & _ANY_FLAG:
        yield f"{name} is packed in a way that no bundle is"
    if member.compress_type not in _KINDS:
        yield f"{name} is packed in a way that is not known"
    if member.compress_type == zipfile.ZIP_STORED and member.file_size != member.compress_size:
        yield f"{name} is said to have another size than it has"
    kind = S_IFMT(member.external_attr >> 16)
    if kind not in {0, S_IFDIR if member.is_dir() else S_IFREG}:
        yield f"{name} is a link or a device, which a bundle never holds"
    if member.is_dir() and (member.file_size or member.compress_size):
        yield f"{name} is a folder with something in it that is no file"
    if member.comment or member.volume:
        yield f"{name} carries a comment, or is in another part of the archive"


def name_faults(name: str, *, is_folder: bool = False) -> Iterator[str]:
    """What keeps a path from being one in a bundle: of at most one fault, a sentence."""
    said, parts = repr(name), (name.removesuffix("/") if is_folder else name).split("/")
    try:
        encoded = name.encode()
    except UnicodeEncodeError:
        yield f"{said} is no text"
        return
    if not name or name.startswith("/") or any(part in {"", ".", ".."} for part in parts):
        yield f"{said} leads out of the bundle, or nowhere"
    elif "\\" in name or (len(name) > 1 and name[1] == ":"):
        yield f"{said} is a path of Windows, which leads elsewhere"
    elif any(sign in _FORBIDDEN or not sign.isprintable() for sign in name):
        yield f"{said} holds a character that no file name has on every system"
    elif any(part.endswith((" ", ".")) or part.startswith(" ") for part in parts):
        yield f"{said} begins or ends with a space or a dot"
    elif any(_RESERVED.fullmatch(part) for part in parts):
        yield f"{said} is a name that Windows keeps for itself"
    elif unicodedata.normalize("NFC", name) != name:
        yield f"{said} spells its letters in a way that changes from system to system"
    elif len(encoded) > PATH_MOST or len(parts) > PARTS_MOST or any(len(part.encode()) > PART_MOST for part in parts):
        yield f"{said} is longer, or in more folders, than anything in a bundle"


def _layout_faults(source: BinaryIO, archive: ZipFile, size: int) -> Iterator[str]:
    """The first place where an archive is not its members one after the other, then its list, then its end."""
    members = sorted(archive.infolist(), key=lambda one: one.header_offset)
    place = 0
    for member in members:
        if member.header_offset != place:
            what = "overlaps the file before it" if member.header_offset < place else "has something hidden before it"
            yield f"{member.filename!r} {what}"
            return
        after = _end_of(source, member)
        if after is None:
            yield f"{member.filename!r} is called, packed or measured otherwise in the archive's list than where it is"
            return
        place = after
    if place != archive.start_dir:
        yield "Something is hidden in the archive between its files and their list"
    elif not _ends_well(source, archive.start_dir, size, members):
        yield "The list of files in the archive is not where it says it is, or something is hidden behind it"


def _end_of(source: BinaryIO, member: ZipInfo) -> int | None:
    """Where a member ends; None when it says otherwise of itself than the list does."""
    source.seek(member.header_offset)
    raw = source.read(_LOCAL.size)
    if len(raw) < _LOCAL.size:
        return None
    sign, _version, flags, kind, _time, _day, crc, packed, size, name_length, extra_length = _LOCAL.unpack(raw)
    name, extra = source.read(name_length), source.read(extra_length)
    encoding = "utf-8" if flags & _UTF8 else "cp437"
    if (sign, flags, kind) != (b"PK\3\4", member.flag_bits, member.compress_type):
        return None
    if name.decode(encoding, "replace") != member.orig_filename:
        return None
    after = member.header_offset + _LOCAL.size + name_length + extra_length + member.compress_size
    if flags & _DESCRIBED:
        return _after_description(source, after, member)
    if packed == 0xFFFFFFFF or size == 0xFFFFFFFF:
        size, packed = _large(extra) or (size, packed)
    told = (crc, packed, size)
    return after if told == (member.CRC, member.compress_size, member.file_size) else None


def _large(extra: bytes) -> tuple[int, int] | None:
    """The sizes, unpacked and packed, in the part of a header for large files."""
    place = 0
    while place + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, place)
        if kind == 1 and length >= 16 and place + 20 <= len(extra):
            size, packed = struct.unpack_from("<QQ", extra, place + 4)
            return size, packed
        place += 4 + length
    return None


def _after_description(source: BinaryIO, place: int, member: ZipInfo) -> int | None:
    """Where what stands behind a member and repeats its sizes ends; None when it says otherwise."""
    source.seek(place)
    raw = source.read(24)
    for sign in (b"PK\7\x08", b""):
        for form in ("<LLL", "<LQQ"):
            told = sign + _packed(form, member)
            if raw.startswith(told) and told:
                return place + len(told)
    return None


def _packed(form: str, member: ZipInfo) -> bytes:
    try:
        return struct.pack(form, member.CRC, member.compress_size, member.file_size)
    except struct.error:
        return b"\xff" * 24


def _ends_well(source: BinaryIO, start: int, size: int, members: Sequence[ZipInfo]) -> bool:
    """Whether the list fills all between the members and the end, which says where the list is."""
    source.seek(start)
    place = start
    for _member in members:
        raw = source.read(46)
        if len(raw) < 46 or not raw.startswith(b"PK\1\2"):
            return False
        rest = sum(struct.unpack_from("<HHH", raw, 28))
        source.seek(rest, os.SEEK_CUR)
        place += 46 + rest
    source.seek(place)
    tail = source.read(size - place) if size - place <= 98 else b""
    if len(tail) == _END.size:
        *_others, list_size, list_place, _comment = _END.unpack(tail)
        return (list_size, list_place) == (place - start, start)
    return len(tail) == 98 and _ends_large(tail, place - start, start)


def _ends_large(tail: bytes, length: int, start: int) -> bool:
    """The same of an archive whose end is in the form for large ones."""
    if not (tail.startswith(b"PK\6\6") and tail[56:60] == b"PK\6\7" and tail[76:80] == b"PK\5\6"):
        return False
    record_size, _by, _needs, *numbers = struct.unpack_from("<QHHLLQQQQ", tail, 4)
    count = numbers[3]
    is_whole = record_size == 44 and numbers == [0, 0, count, count, length, start]
    return is_whole and struct.unpack_from("<LQL", tail, 60) == (0, start + length, 1)
