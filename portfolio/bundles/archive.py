"""The archive of a bundle, written as a stream: each file is hashed while it goes in, the signed list comes last.

Memory does not grow with what goes in.
"""

import hashlib
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any, BinaryIO, Self

from portfolio.audit.events import Signer
from portfolio.bundles.packed import Record, Table, text_of

FORMAT, VERSION = "nvq-portfolio-bundle", 1
SEALED_AS = b"nvq-portfolio-bundle\0"
"""Before the list, so that its signature can be that of nothing else."""
_CHUNK = 1 << 20
_NAME_MOST = 60
_RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    "schema",
    "criteria",
    *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)),
}
"""What no file can be called on Windows, and the folders that are there already."""
_ENDING = re.compile(r"\.[a-z0-9]{1,8}\Z")
_PACKED = frozenset(
    {".docx", ".xlsx", ".pptx", ".pdf", ".png", ".jpeg", ".jpg", ".webp", ".gif", ".heic", ".mp3", ".m4a", ".ogg"}
    | {".mp4", ".mov", ".webm", ".zip"}
)
"""Kinds of files that hardly become smaller."""


class Archive:
    """A bundle that is being written; without its list, which is signed at the end, it is none."""

    def __init__(self, target: BinaryIO, at: datetime) -> None:
        self._target = target
        self._zip = zipfile.ZipFile(target, "w")
        moment = at.astimezone(UTC)
        self._when = (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)
        self._files: list[dict[str, Any]] = []

    def write(self, path: str, pieces: Iterable[bytes]) -> str:
        """A file of the bundle; answers its SHA-256."""
        hashed, size = hashlib.sha256(), 0
        with self._zip.open(self._member(path), "w", force_zip64=True) as member:
            for piece in pieces:
                hashed.update(piece)
                size += len(piece)
                member.write(piece)
        self._files.append({"path": path, "size": size, "sha256": hashed.hexdigest()})
        return hashed.hexdigest()

    def copy(self, path: str, source: BinaryIO) -> str:
        """A file that is open; answers its SHA-256."""
        return self.write(path, iter(lambda: source.read(_CHUNK), b""))

    def json(self, path: str, value: Record | Table) -> None:
        """Tables by name, or one table, as a person can read it."""
        self.write(path, joined(text_of(value)))

    def __enter__(self) -> Self:
        """To be written."""
        return self

    def __exit__(self, *_trouble: object) -> None:
        """The end of the archive, whole or not."""
        self._zip.close()

    def mark(self) -> int:
        """Where the next file will begin."""
        return self._zip.start_dir

    def cut(self, begin: int, end: int) -> None:
        """Take the files between two marks out again: nothing of them stays in the archive. Marks behind them move."""
        shift, whole = end - begin, self._zip.start_dir
        for at in range(end, whole, _CHUNK):
            self._target.seek(at)
            piece = self._target.read(min(_CHUNK, whole - at))
            self._target.seek(at - shift)
            self._target.write(piece)
        self._target.truncate(whole - shift)
        gone = {one.filename for one in self._zip.filelist if begin <= one.header_offset < end}
        self._zip.filelist = [one for one in self._zip.filelist if one.filename not in gone]
        for one in self._zip.filelist:
            one.header_offset -= shift if one.header_offset >= end else 0
        self._zip.NameToInfo = {one.filename: one for one in self._zip.filelist}
        self._zip.start_dir = whole - shift
        self._files = [one for one in self._files if one["path"] not in gone]

    def end(self) -> None:
        """Write what an archive ends with, so that it is whole as it stands; `go_on` takes that away again."""
        self._zip.close()

    def go_on(self) -> None:
        """Write further files after all."""
        self._target.seek(0)
        self._zip = zipfile.ZipFile(self._target, "a")

    def seal(self, head: dict[str, Any], signer: Signer) -> None:
        """The list of the files under what it says first, and its signature."""
        said = {"format": FORMAT, "version": VERSION, **head, "public_key": signer.public_key, "files": self._files}
        manifest = json.dumps(said, ensure_ascii=False, indent=1).encode() + b"\n"
        signature = signer.sign(hashlib.sha256(SEALED_AS + manifest).hexdigest())
        self._zip.writestr(self._member("manifest.json"), manifest)
        self._zip.writestr(self._member("manifest.sig"), f"{signature}\n")

    def _member(self, path: str) -> zipfile.ZipInfo:
        member = zipfile.ZipInfo(path, self._when)
        is_packed = PurePath(path).suffix in _PACKED
        member.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
        member.create_system = 3
        member.external_attr = 0o644 << 16
        return member


def joined(pieces: Iterable[str]) -> Iterator[bytes]:
    """Small strings joined to pieces that are worth writing."""
    waiting: list[str] = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= _CHUNK:
            yield "".join(waiting).encode()
            waiting, size = [], 0
    yield "".join(waiting).encode()


def _plain(part: str) -> str:
    """Letters with their marks and digits, and a dash for each stretch of anything else."""
    signs = unicodedata.normalize("NFC", part)
    kept = "".join(sign if sign.isalnum() or unicodedata.category(sign)[0] == "M" else " " for sign in signs)
    return "-".join(kept.split())


class Names:
    """Names of files that every system takes, each given once: letters and digits in place of whatever stood there."""

    def __init__(self) -> None:
        self._taken = set(_RESERVED)

    def name(self, *parts: str, ending: str = "") -> str:
        """A name made of these parts, and the ending of another name."""
        said = "_".join(filter(None, map(_plain, parts)))
        found = _ENDING.search(ending.lower())
        stem, suffix = said[:_NAME_MOST].rstrip("-_") or "file", found[0] if found else ""
        name, number = f"{stem}{suffix}", 2
        while name.casefold() in self._taken:
            name, number = f"{stem}-{number}{suffix}", number + 1
        self._taken.add(name.casefold())
        return name
