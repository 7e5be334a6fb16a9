"""Archives (.zip), member by member: each is redacted as the file that it is, and packed anew under its new name.

Refused: too many members, too much inside, a ratio that only bombs have, members that leave the folder, are links,
come twice or are locked.
"""

import io
import re
import stat
import struct
import zipfile
import zlib
from pathlib import Path

from portfolio.documents.archives import MAX_MEMBER, MAX_MEMBERS, MAX_RATIO, MAX_UNPACKED
from portfolio.documents.redaction.alphabets import letters_of
from portfolio.documents.redaction.names import parted
from portfolio.documents.redaction.work import Refused, Work

FOLDERS, COMMENT = "Names of folders", "Comment of the archive"
_TIME = (1980, 1, 1, 0, 0, 0)
_RATIO_MATTERS_FROM = 10 * 1000**2
_UTF8, _LOCK = 0x800, 1
_FILE, _FOLDER = 0o100644 << 16, (0o040755 << 16) | 0x10
_NOT_TAKEN = re.compile(r"[<>:\"|?*\x00-\x1f\x7f]+")
_DAMAGED = "The archive is damaged and cannot be opened."
_LOCKED = "The archive is locked with a password."
_TOO_LARGE = "The archive holds far more inside than can be looked through."
_ODD = "The archive holds links, files that would leave its folder, or two of the same name."
_TROUBLE = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error),
    *(ValueError, OSError, EOFError, RuntimeError, KeyError),
)


def redact_archive(source: Path, target: Path, work: Work, media_type: str) -> str:
    """An archive of files. What nothing here reads is left out."""
    try:
        with zipfile.ZipFile(source) as package:
            members = package.infolist()
            _check(members, source.stat().st_size)
            packed = _packed(package, members, work)
    except _TROUBLE as trouble:
        raise Refused(_DAMAGED) from trouble
    if not work.only_reads:
        target.write_bytes(packed)
    return media_type


def _check(members: list[zipfile.ZipInfo], size: int) -> None:
    """By its directory, before anything is unpacked. Raises Refused."""
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED or any(one.file_size > MAX_MEMBER for one in members):
        raise Refused(_TOO_LARGE)
    if unpacked > _RATIO_MATTERS_FROM and unpacked > MAX_RATIO * packed:
        raise Refused(_TOO_LARGE)
    if any(member.flag_bits & _LOCK for member in members):
        raise Refused(_LOCKED)
    if packed > size:
        raise Refused(_DAMAGED)
    names = [_name(member).casefold() for member in members]
    if len(set(names)) < len(names) or any(map(_leaves, members)):
        raise Refused(_ODD)


def _leaves(member: zipfile.ZipInfo) -> bool:
    name = _name(member)
    return name.startswith("/") or ".." in name.split("/") or ":" in name or stat.S_ISLNK(member.external_attr >> 16)


def _name(member: zipfile.ZipInfo) -> str:
    """The name of a member; one that does not say its alphabet is in the one that it makes sense in."""
    name = member.filename
    if not member.flag_bits & _UTF8 and not name.isascii():
        try:
            name = letters_of(name.encode("cp437"))[0]
        except UnicodeEncodeError:
            return name.replace("\\", "/")
    return name.replace("\\", "/")


def _packed(package: zipfile.ZipFile, members: list[zipfile.ZipInfo], work: Work) -> bytes:
    """The archive from now on."""
    if package.comment:
        work.gone("the comment of the archive")
        if work.only_reads:
            work.find(letters_of(package.comment)[0], COMMENT, is_seen=False)
    made, taken = io.BytesIO(), set[str]()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as fresh:
        for number, member in enumerate(members, 1):
            folder, _, name = _name(member).rpartition("/")
            above = _folder(folder, work)
            if member.is_dir() or not name:
                _write(fresh, _free(f"{above}/", taken), b"", _FOLDER)
                continue
            inner = work.inside(_content(package, member), name, f"File {number}")
            if inner is not None:
                called = f"{above}/{inner.name}" if above else inner.name
                _write(fresh, _free(called, taken), inner.data, _FILE)
    return made.getvalue()


def _content(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """The bytes of a member, and no more of them than it says that it has."""
    with package.open(member) as opened:
        data = opened.read(member.file_size + 1)
    if len(data) > member.file_size:
        raise Refused(_DAMAGED)
    return data


def _folder(path: str, work: Work) -> str:
    """The folders of a member as they are called from now on."""
    parts = [_NOT_TAKEN.sub(" ", work.words(part, FOLDERS)).strip(" .") for part in path.split("/") if part.strip(". ")]
    return "/".join(part.replace("/", " ") or "Folder" for part in parts)


def _free(name: str, taken: set[str]) -> str:
    """The name, with a number where another file has it already; folders may come twice."""
    if name.endswith("/"):
        return name
    stem, ending = parted(name)
    folder = name[: len(name) - len(stem) - len(ending)]
    number, found = 1, name
    while found.casefold() in taken:
        number += 1
        found = f"{folder}{stem} ({number}){ending}"
    taken.add(found.casefold())
    return found


def _write(fresh: zipfile.ZipFile, name: str, data: bytes, attributes: int) -> None:
    if name.strip("/") and name not in fresh.NameToInfo:
        info = zipfile.ZipInfo(name, _TIME)
        info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, attributes, 3
        fresh.writestr(info, data)
