"""Opening a bundle that anybody may have made: right in every part, or refused with everything that is wrong with it.

The archive is looked at before anything is unpacked, its signed list before anything else is, and each file is hashed
while it is unpacked. Then the histories and records are compared by the verifier that goes out with every bundle.
"""

import hashlib
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from portfolio.audit.events import fingerprint
from portfolio.bundles import verify
from portfolio.bundles.arriving.carried import Carried
from portfolio.bundles.arriving.checking import BadBundle, read_json, schema
from portfolio.bundles.arriving.incoming import LIMITS, Incoming, Limits, Portfolio
from portfolio.bundles.arriving.members import name_faults, opened
from portfolio.bundles.arriving.portfolios import Bounds, portfolio_of
from portfolio.storage.rules import size_words

Tell = Callable[[int, int, str], None]
"""Told how far it is: done, total and what is at hand. Ends the opening by raising."""
MANIFEST, SEAL = "manifest.json", "manifest.sig"
_CHUNK = 1 << 20
_SEAL_MOST = 4_096


def _quiet(_done: int, _total: int, _message: str) -> None:
    return


def open_bundle(source: BinaryIO, folder: Path, *, limits: Limits = LIMITS, tell: Tell = _quiet) -> Incoming:
    """The bundle in an archive, unpacked into `folder`, which is empty or not there yet and is the caller's to remove,
    whatever comes of it. Raises BadBundle with every fault that was found; what `tell` raises goes through.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    tell(0, 1, "Looking at the archive")
    archive, members = opened(source, limits)
    with archive:
        unpacking = _Unpacking(archive, members, folder, limits)
        manifest = unpacking.manifest()
        listed = unpacking.listed(manifest)
        unpacking.unpack(listed, tell)
    portfolios = _portfolios(folder, manifest, listed, limits, tell)
    key = manifest["public_key"]
    return Incoming(
        made_at=datetime.fromisoformat(manifest["made_at"]),
        centre_uid=manifest["centre"]["uid"],
        centre_name=manifest["centre"]["name"],
        centre_number=manifest["centre"]["number"],
        public_key=key,
        fingerprint=fingerprint(key),
        sha256=_sha256(source),
        portfolios=portfolios,
    )


def _sha256(source: BinaryIO) -> str:
    source.seek(0)
    hashed = hashlib.sha256()
    while piece := source.read(_CHUNK):
        hashed.update(piece)
    return hashed.hexdigest()


@dataclass(frozen=True, slots=True)
class _Unpacking:
    """The files of an archive on their way into a folder."""

    archive: ZipFile
    members: Mapping[str, ZipInfo]
    folder: Path
    limits: Limits

    def manifest(self) -> dict[str, Any]:
        """The signed list, once its form and its signature are right."""
        missing = [f"There is no {name} in the archive, so it is no portfolio bundle, or one that was packed anew "
                   "inside a folder" for name in (MANIFEST, SEAL) if name not in self.members]  # fmt: skip
        if missing:
            raise BadBundle(missing[:1])
        for name, most in ((MANIFEST, self.limits.json), (SEAL, _SEAL_MOST)):
            if self.members[name].file_size > most:
                raise BadBundle([f"{name} has more than {size_words(most)}"])
            self._unpack(name, self.members[name].file_size)
        raw = (self.folder / MANIFEST).read_bytes()
        said = read_json(raw, MANIFEST, depth=self.limits.depth)
        if not isinstance(said, dict) or said.get("format") != verify.FORMAT:
            raise BadBundle([f"{MANIFEST} is not the list of a portfolio bundle"])
        if said.get("version") != verify.VERSION:
            raise BadBundle(["The bundle is of another version than can be read here"])
        if faults := schema("manifest").faults(said, MANIFEST):
            raise BadBundle(faults)
        try:
            verify.check_manifest(self.folder)
        except (verify.Fault, ValueError) as fault:
            raise BadBundle([str(fault)]) from fault
        self._check_portfolios(said["portfolios"])
        return said

    def _check_portfolios(self, told: list[dict[str, Any]]) -> None:
        if not told or len(told) > self.limits.portfolios:
            raise BadBundle([f"There are {len(told)} portfolios in it, and there may be 1 to {self.limits.portfolios}"])
        faults = [fault for one in told for fault in name_faults(one["folder"])]
        faults += [f"The folder {one['folder']!r} lies in another one" for one in told if "/" in one["folder"]]
        for name, words in (("folder", "the folder"), ("enrolment", "the portfolio"), ("stream", "the history")):
            seen = [one[name] for one in told]
            faults += [f"{words} {each!r} is named twice" for each in dict.fromkeys(seen) if seen.count(each) > 1]
        for one in told:
            for name in ("records.json", "history.json"):
                member = self.members.get(f"{one['folder']}/{name}")
                if member is None:
                    faults.append(f"{one['folder']}/{name} is missing")
                elif member.file_size > self.limits.json:
                    faults.append(f"{one['folder']}/{name} has more than {size_words(self.limits.json)}")
        if faults:
            raise BadBundle(faults)

    def listed(self, manifest: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """What stands on the list by path, once that and the archive hold the same files."""
        faults, listed = [], dict[str, dict[str, Any]]()
        for entry in manifest["files"]:
            path = entry["path"]
            wrong = list(name_faults(path))
            if path in listed or path in {MANIFEST, SEAL}:
                wrong.append(f"{path!r} stands on the list twice, or stands there and may not")
            faults += wrong
            listed[path] = entry
        there = self.members.keys() - {MANIFEST, SEAL}
        gone, more = sorted(listed.keys() - there), sorted(there - listed.keys())
        faults += [f"{path!r} is on the list of the bundle and not in the archive" for path in gone]
        faults += [f"{path!r} is in the archive and not on the list of the bundle" for path in more]
        faults += [
            f"{path!r} was changed: it has another size"
            for path in sorted(there & listed.keys())
            if self.members[path].file_size != listed[path]["size"]
        ]
        if faults:
            raise BadBundle(faults)
        return listed

    def unpack(self, listed: Mapping[str, Mapping[str, Any]], tell: Tell) -> None:
        """All files but the list, each compared with it."""
        faults = []
        for number, (path, entry) in enumerate(listed.items()):
            tell(number, len(listed), "Unpacking")
            try:
                if self._unpack(path, entry["size"]) != entry["sha256"]:
                    faults.append(f"{path!r} was changed")
            except BadBundle as bad:
                faults += bad.faults
        if faults:
            raise BadBundle(faults)

    def _unpack(self, path: str, size: int) -> str:
        """One file, of no more than so many bytes; answers its SHA-256."""
        target, hashed, written = self.folder / path, hashlib.sha256(), 0
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with self.archive.open(self.members[path]) as source, target.open("xb") as out:
                while piece := source.read(min(_CHUNK, size + 1 - written)):
                    written += len(piece)
                    if written > size:
                        raise BadBundle([f"{path!r} is larger than it is said to be"])
                    hashed.update(piece)
                    out.write(piece)
        except (BadZipFile, EOFError, zlib.error, NotImplementedError, RuntimeError) as trouble:
            raise BadBundle([f"{path!r} cannot be unpacked: {trouble}"]) from trouble
        if written < size:
            raise BadBundle([f"{path!r} is smaller than it is said to be"])
        return hashed.hexdigest()


def _portfolios(
    folder: Path, manifest: Mapping[str, Any], listed: dict[str, dict[str, Any]], limits: Limits, tell: Tell
) -> tuple[Portfolio, ...]:
    """Every portfolio of the bundle. Raises BadBundle with the faults of them all."""
    found, faults = [], list[str]()
    told = manifest["portfolios"]
    bounds = Bounds(folder, manifest, listed, limits, Carried(folder, listed, limits))
    for number, one in enumerate(told):
        tell(number, len(told), f"Checking portfolio {number + 1} of {len(told)}")
        try:
            found.append(portfolio_of(bounds, one))
        except BadBundle as bad:
            faults += [f"{one['folder']}: {fault}" if len(told) > 1 else fault for fault in bad.faults]
    faults += _twice(found)
    if faults:
        raise BadBundle(faults)
    return tuple(found)


def _twice(portfolios: list[Portfolio]) -> Iterator[str]:
    """Rows of several portfolios that have the same uid and must not: those that belong to one alone."""
    seen: dict[tuple[str, str], str] = {}
    for portfolio in portfolios:
        for table, rows in portfolio.records.items():
            if table in {"people", "criteria"} or not isinstance(rows, list):
                continue
            for row in rows:
                key = (table, row.get("uid", ""))
                if key[1] and seen.setdefault(key, portfolio.name) != portfolio.name:
                    yield f"{portfolio.name} and {seen[key]} have the same row of {table} ({key[1]})"
