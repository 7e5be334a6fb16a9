"""Checks a portfolio bundle: python3 -I verify.py, in the folder where the bundle was unpacked.

With a copy of this file from elsewhere: python3 -I COPY/verify.py FOLDER. Needs Python 3.9 or later and nothing else:
no network, no product, no account. Exit status 0 when everything is as it was sent out, 1 on any fault. It was written
apart from the product that made the bundle and shares no code with it.
"""

from __future__ import annotations

import sys

if __name__ == "__main__":
    if sys.version_info < (3, 9):
        sys.exit("verify.py needs Python 3.9 or later.")
    if not sys.flags.isolated:
        del sys.path[0]  # nothing that lies beside this file is run in place of Python's own library

import hashlib
import json
import os
import unicodedata
from pathlib import Path
from typing import Any

Point = tuple[int, int, int, int]
Record = Any

FORMAT, VERSION = "nvq-portfolio-bundle", 1
MANIFEST, SEAL = "manifest.json", "manifest.sig"
SEALED_AS = b"nvq-portfolio-bundle\0"
GENESIS = "0" * 64
MOST_SHOWN, SEAL_LENGTH = 50, 129
BESIDE = {".ds_store", "thumbs.db", "desktop.ini"}
"""What systems leave in folders that somebody looked into; a Word file that is open has one beginning with ~$."""
CHUNK = 1 << 20


class Fault(Exception):
    """Something is not as it was sent out."""


# Ed25519 (RFC 8032): only what checking a signature needs

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def add(one: Point, other: Point) -> Point:
    """The sum of two points in extended coordinates (X, Y, Z, T)."""
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(number: int, point: Point) -> Point:
    """A point added to itself so often."""
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = add(total, point)
        point = add(point, point)
        number >>= 1
    return total


def point_of(encoded: bytes) -> Point | None:
    """The point that 32 bytes stand for; None when they stand for none."""
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * ROOT % P
    if x * x % P != square or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE: Point = point_of(BASE_Y.to_bytes(32, "little")) or (0, 1, 1, 0)


def is_signed(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether this key made this signature over the message, all three of them bytes."""
    if len(public_key) != 32 or len(signature) != 64:
        return False
    key, nonce = point_of(public_key), point_of(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or nonce is None or scalar >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public_key + message).digest(), "little") % ORDER
    left, right = times(scalar, BASE), add(nonce, times(challenge, key))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


# Values as they are hashed


def canonical(value: Any) -> bytes:
    """One form for one value: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")


def digest(value: Any) -> str:
    """The SHA-256 of a value, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


def read_json(raw: bytes) -> Any:
    """What JSON says; a name that comes twice in an object is a fault."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            raise ValueError("a name stands twice")
        return found

    return json.loads(raw.decode("utf-8"), object_pairs_hook=once)


# The files


def is_beside(name: str) -> bool:
    """Whether a file is none of the bundle's but one of those that systems leave about."""
    return name.lower() in BESIDE or name.startswith(("~$", "._"))


def unpacked(folder: Path) -> dict[str, Path]:
    """All files in a folder by their relative path with / between its parts, spelt as bundles spell letters with
    accents. Anything but a file is a fault.
    """
    found = {}
    for base, folders, files in os.walk(folder):
        for path in (Path(base) / name for name in folders + files):
            if path.is_symlink() or not (path.is_file() or path.is_dir()):
                message = f"{path.relative_to(folder)} is a link or a device, which a bundle never holds"
                raise Fault(message)
            if path.is_file() and not is_beside(path.name):
                found[unicodedata.normalize("NFC", path.relative_to(folder).as_posix())] = path
    return found


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    hashed = hashlib.sha256()
    with path.open("rb") as source:
        while True:
            part = source.read(CHUNK)
            if not part:
                return hashed.hexdigest()
            hashed.update(part)


def check_manifest(folder: Path) -> Record:
    """The manifest, once it is known to be what was signed."""
    raw = (folder / MANIFEST).read_bytes()
    manifest = read_json(raw)
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        message = f"{MANIFEST} is not the list of a portfolio bundle"
        raise Fault(message)
    if manifest.get("version") != VERSION:
        message = "this bundle is of another version than this program can check"
        raise Fault(message)
    signature = (folder / SEAL).read_bytes().decode("ascii")
    if len(signature) != SEAL_LENGTH or signature != f"{signature[:-1].lower()}\n":
        message = f"{SEAL} is not a signature"
        raise Fault(message)
    hashed = hashlib.sha256(SEALED_AS + raw).digest()
    if not is_signed(bytes.fromhex(manifest["public_key"]), hashed, bytes.fromhex(signature[:-1])):
        message = f"{MANIFEST} is not what was signed: it, its signature or its key was changed"
        raise Fault(message)
    return manifest


def check_files(folder: Path, manifest: Record) -> tuple[list[str], dict[str, Record]]:
    """The faults of the files, which may be missing, other than they were or not on the list; and the list."""
    faults, listed = [], {}
    for entry in manifest["files"]:
        path = entry["path"]
        parts = path.split("/")
        if path in listed or "\\" in path or ":" in path or any(part in ("", ".", "..") for part in parts):
            faults.append(f"{path!r} stands on the list in a way that no bundle has")
        else:
            listed[path] = entry
    there = unpacked(folder)
    present = set(there) - {MANIFEST, SEAL}
    faults += [f"{path} is missing" for path in sorted(set(listed) - present)]
    faults += [f"{path} is not on the list of the bundle" for path in sorted(present - set(listed))]
    for path in sorted(present & set(listed)):
        where = there[path]
        if where.stat().st_size != listed[path]["size"] or file_sha256(where) != listed[path]["sha256"]:
            faults.append(f"{path} was changed")
    return faults, listed


# The history: each entry carries the hash of the one before it


ARRIVING = {
    "submission.submit", "review.release", "review.countersign", "evidence.amend", "redaction.use", "unit.sign_off",
    "unit.reopen",
}  # fmt: skip
"""What an entry about an arrival tells within its own."""


class History:
    """The trail of one portfolio, once its chain is known to be whole, and what it tells of the records."""

    def __init__(self, entries: list[Record], told: Record, public_key: bytes) -> None:
        self.faults: list[str] = []
        self.withheld = self.erased = 0
        self.versions: dict[str, tuple[str, str, int, str]] = {}
        self.further: dict[tuple[str, str, int], str] = {}
        self.checks: dict[str, str] = {}
        self.reviews: dict[str, str] = {}
        self.signatures: dict[str, str] = {}
        self.submitted: dict[str, tuple[int, list[str]]] = {}
        self.withdrawn: set[str] = set()
        self.hidden: dict[str, str] = {}
        self.judgements: set[str] = set()
        self.amendments: set[str] = set()
        self.redactions: set[str] = set()
        self.came: list[Record] = []
        self.of_arrival: dict[str, str] = {}
        self._chain(entries, told, public_key)

    def _chain(self, entries: list[Record], told: Record, public_key: bytes) -> None:
        head, stream, previous = told["head"], told["stream"], GENESIS
        erased_by: dict[int, int] = {}
        erasing: dict[int, Any] = {}
        for number, entry in enumerate(entries, 1):
            wrong = self._wrong(stream, entry, number, previous)
            if wrong:
                self.faults.append(f"entry {number} of the history: {wrong}")
                return
            previous = entry["hash"]
            if "erased_by" in entry:
                erased_by[number] = entry["erased_by"]
                self.erased += 1
            elif "text" in entry:
                erasing[number] = entry["text"].get("erased", ())
                self.note(entry["verb"], entry["subject"], entry["text"])
            else:
                self.withheld += bool(entry["digest"])
                self.note_bare(entry["verb"], entry["subject"])
        if (len(entries), previous) != (head["seq"], head["hash"]):
            self.faults.append("the history does not end where its signed head says")
        if not is_signed(public_key, bytes.fromhex(head["hash"]), bytes.fromhex(head["signature"])):
            self.faults.append("the head of the history is not signed with the key of the bundle")
        for number, by in erased_by.items():
            if by in erasing and number not in erasing[by]:
                self.faults.append(f"entry {number} of the history: its words are gone, and no entry tells of that")

    def _wrong(self, stream: str, entry: Record, number: int, previous: str) -> str:
        if entry["seq"] != number:
            return "an entry is missing or out of order"
        if entry["prev"] != previous:
            return "it does not follow the entry before it"
        names = ("at", "actor", "role", "verb", "subject", "digest", "prev")
        if digest([stream, number, *(entry[name] for name in names)]) != entry["hash"]:
            return "it is not what was hashed"
        if "text" in entry:
            words = entry["salt"].encode("ascii") + canonical(entry["text"])
            if hashlib.sha256(words).hexdigest() != entry["digest"]:
                return "its words are not those that were recorded"
        return ""

    def note_bare(self, verb: str, subject: str) -> None:
        """What an entry tells by its kind alone."""
        if verb == "submission.withdraw":
            self.withdrawn.add(subject)
        elif verb in ("evidence.unhide", "evidence.amend"):
            self.hidden.pop(subject, None)

    def note(self, verb: str, subject: str, text: Record) -> None:
        """What an entry tells of the records."""
        self.note_bare(verb, subject)
        if verb == "submission.submit":
            self._note_submission(subject, text)
        elif verb in ("review.release", "review.countersign"):
            self.judgements.update(text["digests"])
            self.reviews[subject] = text["review"]
        elif verb in ("unit.sign_off", "unit.reopen"):
            self.signatures[text["digest"]] = subject
        elif verb == "evidence.hide":
            self.hidden[subject] = text["ref"]
        elif verb == "redaction.use":
            self.redactions.add(text["digest"])
        elif verb == "evidence.amend":
            self._note_amendments(text)
        elif verb == "enrolment.import":
            self._note_arrival(text)

    def _note_submission(self, subject: str, text: Record) -> None:
        for ref, number, version, claims in text["items"]:
            self.versions[version] = (subject, ref, number, claims)
        for ref, number, _version, claims in text.get("further", ()):
            self.further[subject, ref, number] = claims
        self.checks[subject] = text.get("self_check", "")
        self.submitted[subject] = (text["no"], sorted(text["declarations"]))

    def _note_arrival(self, text: Record) -> None:
        self.came.append(text["from"])
        for verb, subject, said in text["told"]:
            self._note_arrived(verb, subject, said)

    def _note_arrived(self, verb: str, subject: str, text: Record) -> None:
        """What stood there when the portfolio came from elsewhere. It is told in one entry, of which no part can stay
        behind: so decisions on items that are not in the bundle are known by their reference.
        """
        if verb in ARRIVING:
            self.note(verb, subject, text)
        if verb in ("review.release", "review.countersign"):
            self.of_arrival.update(dict.fromkeys((subject, *text["digests"]), text["ref"]))

    def _note_amendments(self, text: Record) -> None:
        self.redactions.update(one for _name, one in text.get("redacted", ()))
        for _number, before, after, claims_before, claims_after, amendment in text.get("versions", ()):
            self.amendments.add(amendment)
            told = self.versions.get(before)
            if told is not None and told[3] == claims_before:
                del self.versions[before]
                self.versions[after] = (*told[:3], claims_after)
        for submission, number, before, after in text.get("further", ()):
            key = (submission, text["ref"], number)
            if self.further.get(key) == before:
                self.further[key] = after


# The records: each is what its digest in the history was taken of


class Records:
    """The records of one portfolio, compared with its history and with the files of the bundle."""

    def __init__(
        self,
        records: Record,
        history: History,
        folder: str,
        listed: dict[str, Record],
        earlier: list[tuple[Record, History]],
    ) -> None:
        self.told, self.history, self.folder, self.listed = records, history, folder, listed
        self.earlier = earlier
        self.faults: list[str] = []
        self.items = {one["id"]: one for one in records["items"]}
        self.submissions = {one["id"]: one for one in records["submissions"]}
        self.claims = {one["id"]: one for one in records["claims"]}

    def check(self) -> list[str]:
        """All faults."""
        self._versions()
        self._submissions()
        self._decisions()
        self._all_decisions()
        self._signatures()
        self._arrivals()
        for one in self.told["amendments"]:
            facts = {
                name: one[name] for name in ("uid", "breach", "version", "no", "by", "made_at", "reason", "removed")
            }
            facts["digests"] = [one["digest_before"], one["digest_after"]]
            facts["claims"] = [one["claims_before"], one["claims_after"]]
            self._told(digest(facts) in self.history.amendments, "what was taken out of an item")
        for one in self.told["redactions"]:
            self._told(digest(one) in self.history.redactions, "a redacted file")
        return self.faults

    def _told(self, is_told: bool, what: str) -> None:
        if not is_told:
            self.faults.append(f"{what} is not as the history tells of it")

    def _files(self) -> dict[int, list[Record]]:
        """The files of each version, each of them compared with the one in the bundle."""
        files: dict[int, list[Record]] = {}
        for one in self.told["files"]:
            files.setdefault(one["version"], []).append(one)
            listed = self.listed.get(f"{self.folder}/{one['path']}")
            if listed is None or (listed["sha256"], listed["size"]) != (one["sha256"], one["size"]):
                self.faults.append(f"{one['path']} is not the file that was handed in")
        return files

    def _versions(self) -> None:
        files = self._files()
        parts: dict[int, list[Record]] = {}
        submitted: dict[tuple[int, int], list[Record]] = {}
        for one in self.told["submission_items"]:
            parts.setdefault(one["version"], []).append(one)
        for one in self.told["claims"]:
            submitted.setdefault((one["version"], one["submission"]), []).append(one)
        for version in self.told["versions"]:
            said = f"{version['ref']}, version {version['no']}"
            if digest(self._version_facts(version, files.get(version["id"], []))) != version["digest"]:
                self.faults.append(f"{said} is not what was handed in")
            told, mine = self.history.versions.get(version["digest"]), parts.get(version["id"], [])
            self._told(told is not None and any(not part["is_further"] for part in mine), said)
            for part in mine:
                name = f"submission:{self.submissions[part['submission']]['uid']}"
                found = digest(self._claims_facts(submitted.pop((version["id"], part["submission"]), [])))
                if part["is_further"]:
                    is_right = self.history.further.get((name, version["ref"], version["no"])) == found
                else:
                    is_right = told == (name, version["ref"], version["no"], found)
                self._told(is_right, f"{said}, or what was claimed with it,")
        if submitted:
            self.faults.append("something is claimed that was handed in with nothing")

    def _submissions(self) -> None:
        for one in self.told["submissions"]:
            name, what = f"submission:{one['uid']}", f"submission {one['no']}"
            declared = (one["no"], sorted(one["declarations"]))
            self._told(self.history.submitted.get(name) == declared, f"what was declared with {what}")
            if "self_check" in one:
                answered = digest({"self_check": one["self_check"]}) if one["self_check"] else ""
                self._told(self.history.checks.get(name, "") == answered, f"the self-check of {what}")

    def _version_facts(self, version: Record, files: list[Record]) -> Record:
        item = self.items[version["item"]]
        facts = {
            "evidence": item["uid"],
            "files": [[one["name"], one["role"], one["sha256"], one["size"]] for one in files],
        }
        facts.update((name, item[name]) for name in ("ref", "method", "carrier", "author"))
        names = ("no", "title", "event_on", "context", "body", "custody", "created_at", "frozen_at")
        facts.update((name, version[name]) for name in names)
        facts.update((name, version[name]) for name in ("role", "notes", "amended") if version[name])
        return facts

    def _claims_facts(self, claims: list[Record]) -> Record:
        rows = []
        for one in claims:
            row = [one[name] for name in ("uid", "unit", "criterion", "annotation", "place", "origin")]
            rows.append([*row, one["amended"]] if one["amended"] else row)
        return {"claims": sorted(rows, key=lambda row: str(row[0]))}

    def _decisions(self) -> None:
        marks: dict[int, list[Record]] = {}
        for one in self.told["judgements"]:
            facts = {
                "claim": self.claims[one["claim"]]["uid"],
                "review": one["review"],
                "no": one["no"],
                "supersedes": one["supersedes"],
                "assessor": one["assessor"],
                "outcome": one["outcome"],
                "sufficient": one["sufficient"],
                "feedback": one["feedback"],
                "decided_at": one["decided_at"],
                "effective_at": one["effective_at"] or "",
            }
            if digest(facts) != one["digest"]:
                self.faults.append("a decision is not what was decided")
            self._told(one["digest"] in self.history.judgements, "a decision")
            mark = [one["claim"], one["outcome"], one["sufficient"], one["feedback"]]
            marks.setdefault(one["review"], []).append(mark)
        for one in self.told["reviews"]:
            facts = {
                "item": one["item"],
                "assessor": one["assessor"],
                "is_trainee": one["is_trainee"],
                "countersigns": one["countersigns"],
                "varc": [one["valid"], one["authentic"], one["reliable"], one["current"]],
                "feedback": one["feedback"],
                "marks": sorted(marks.get(one["id"], [])),
                "released_at": one["released_at"],
            }
            self._told(self.history.reviews.get(f"item_review:{one['uid']}") == digest(facts), "a released review")

    def _all_decisions(self) -> None:
        """Whatever the history tells of the reviews and decisions in words is here, but for those of items that are
        not here themselves and came with the others from elsewhere.
        """
        refs, of_arrival = {one["ref"] for one in self.told["items"]}, self.history.of_arrival
        away = {name for name, ref in of_arrival.items() if ref not in refs}
        reviews = {f"item_review:{one['uid']}" for one in self.told["reviews"]}
        if set(self.history.reviews) - reviews - away:
            self.faults.append("a review is missing that the history tells of")
        if self.history.judgements - {one["digest"] for one in self.told["judgements"]} - away:
            self.faults.append("a decision is missing that the history tells of")

    def _signatures(self) -> None:
        decisions = {f"unit_decision:{one['uid']}": one for one in self.told["unit_decisions"]}
        signed = set()
        for one in self.told["signatures"]:
            names = ("uid", "subject", "person", "role", "statement", "signed", "signed_at")
            facts = {name: one[name] for name in names}
            there = one.get("elsewhere")
            if digest({**facts, "elsewhere": there} if there else facts) != one["digest"]:
                self.faults.append("a signature is not what was signed")
            if there and not self._is_signed_there(facts, there):
                self.faults.append("a signature from elsewhere is not what was signed there")
            self._told(self.history.signatures.get(one["digest"]) == one["subject"], "a signature")
            decision = decisions.get(one["subject"])
            of_decision = ("uid", "unit", "no", "kind", "by", "reason", "decided_at", "supersedes")
            if decision is None or {name: decision[name] for name in of_decision} != one["signed"].get("decision"):
                self.faults.append("a decision on a unit is not what was signed")
            signed.add(one["subject"])
        if set(decisions) - signed:
            self.faults.append("a decision on a unit was signed by nobody")

    def _is_signed_there(self, facts: Record, there: Record) -> bool:
        """Whether the history of where a signature was made tells of it as it stood there."""
        told = {**facts, "person": there["person"], "signed": there["signed"]}
        return digest(told) == there["digest"] and any(
            arrival["public_key"] == there["key"] and history.signatures.get(there["digest"]) == facts["subject"]
            for arrival, history in self.earlier
        )

    def _arrivals(self) -> None:
        """Where the portfolio came from is what the history tells that it then went on in."""
        went_on = [*(history for _arrival, history in self.earlier[1:]), self.history]
        first = self.earlier[0][1] if self.earlier else self.history
        if first.came:
            self.faults.append("the history tells that the portfolio came from where no history is here of")
        for number, (arrival, _history) in enumerate(self.earlier):
            came = {
                "centre": arrival["centre"]["name"],
                "centre_uid": arrival["centre"]["uid"],
                "number": arrival["centre"]["number"],
                "stream": arrival["stream"],
                "seq": arrival["head"]["seq"],
                "head": arrival["head"]["hash"],
                "key": arrival["public_key"],
                "bundle": arrival["bundle"],
                "made_at": arrival["made_at"],
                "arrived_at": arrival["arrived_at"],
                "people": digest({"people": arrival["people"]}),
            }
            told = [{name: one[name] for name in came} for one in went_on[number].came]
            self._told(told == [came], "where it came from")

    def left_out(self) -> list[str]:
        """The references of what the history tells of that is neither here nor withdrawn, once for each version."""
        here = {one["digest"] for one in self.told["versions"]}
        told = self.history.versions.items()
        return [about[1] for one, about in told if one not in here and about[0] not in self.history.withdrawn]


# The report


def counted(count: int, one: str, more: str = "") -> str:
    """A number with its word."""
    return f"{count} {one if count == 1 else more or f'{one}s'}"


def mark(arrival: Record) -> str:
    """The fingerprint of the key of where a portfolio came from."""
    return hashlib.sha256(bytes.fromhex(arrival["public_key"])).hexdigest()[:32]


def histories_elsewhere(
    folder: Path, listed: dict[str, Record], name: str, arrivals: list[Record]
) -> tuple[list[tuple[Record, History]], list[str]]:
    """The histories that a portfolio had where it came from, the oldest first, and what is wrong with them."""
    found, faults = [], []
    for arrival in arrivals:
        path = f"{name}/{arrival['history']}"
        if path not in listed:
            return [], [f"{path} is missing"]
        history = History(read_json((folder / path).read_bytes()), arrival, bytes.fromhex(arrival["public_key"]))
        faults += [f"{arrival['history']}: {fault}" for fault in history.faults]
        found.append((arrival, history))
    return found, faults


def check_portfolio(
    folder: Path, listed: dict[str, Record], portfolio: Record, public_key: bytes
) -> tuple[list[str], list[str]]:
    """The faults of one portfolio, and sentences about it."""
    place = folder / portfolio["folder"]
    history = History(read_json((place / "history.json").read_bytes()), portfolio, public_key)
    if history.faults:
        return history.faults, []
    told = read_json((place / "records.json").read_bytes())
    earlier, faults = histories_elsewhere(folder, listed, portfolio["folder"], told.get("arrivals", ()))
    if faults:
        return faults, []
    records = Records(told, history, portfolio["folder"], listed, earlier)
    faults = records.check()
    left_out = records.left_out()
    if portfolio["extent"] == "whole" and set(left_out) - set(history.hidden.values()):
        faults.append("work is missing that the history tells of")
    names = (("items", "item"), ("judgements", "decision"), ("signatures", "signature"), ("files", "file"))
    listed_here = ", ".join(counted(len(told[name]), word) for name, word in names)
    said = [f"{counted(portfolio['head']['seq'], 'entry', 'entries')} of its history, {listed_here}."]
    for arrival, _history in earlier:
        where = f"{arrival['centre']['name']} ({arrival['centre']['number']})"
        entries = counted(arrival["head"]["seq"], "entry", "entries")
        said.append(f"It came from {where}, with {entries} of its history there, signed with the key {mark(arrival)}.")
    if left_out:
        said.append(f"The history tells of {counted(len(left_out), 'handed-in version')} that this bundle leaves out.")
    if history.withheld:
        said.append(f"Of {counted(history.withheld, 'entry', 'entries')} only the digest is here, not the words.")
    if history.erased:
        said.append(f"The words of {counted(history.erased, 'entry', 'entries')} were erased, as the history tells.")
    return faults, said


def check(folder: Path) -> tuple[list[str], str]:
    """The faults of the bundle in a folder, and the fingerprint of the key that it is signed with."""
    manifest = check_manifest(folder)
    key = bytes.fromhex(manifest["public_key"])
    faults, listed = check_files(folder, manifest)
    print(f"Bundle of {manifest['centre']['name']}, made {manifest['made_at']}.")
    for portfolio in () if faults else manifest["portfolios"]:
        found, said = check_portfolio(folder, listed, portfolio, key)
        faults += [f"{portfolio['folder']}: {fault}" for fault in found]
        print(f"{portfolio['learner']}: {' '.join(said)}")
    return faults, hashlib.sha256(key).hexdigest()[:32]


def main(folder: Path) -> int:
    """Checks the bundle in a folder and says what came of it. 0 when nothing is wrong."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a console that lacks a letter says so, and goes on
    try:
        faults, fingerprint = check(folder)
    except Fault as fault:
        faults, fingerprint = [str(fault)], ""
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as trouble:
        faults, fingerprint = [f"it cannot be read as a bundle is ({type(trouble).__name__}: {trouble})"], ""
    if not faults:
        print(PROVED.format(fingerprint=fingerprint))
        return 0
    print("\nNOT as it was sent out:")
    for what in faults[:MOST_SHOWN]:
        print(f"  - {what}")
    if len(faults) > MOST_SHOWN:
        print(f"  - and {len(faults) - MOST_SHOWN} more")
    return 1


PROVED = """
As it was sent out. What this proves:
  - no file of the bundle was changed, added or taken away since it was made;
  - the history is whole, in order and as it was signed;
  - work, claims, decisions, feedback and signatures are those that the history tells of.

What it cannot prove:
  - that the key is the centre's: ask the centre for the fingerprint of its key, and compare it with
    {fingerprint};
  - names of people, the wording of criteria, dates of the enrolment, who was allocated, and who saw what is kept
    elsewhere: whoever holds the key could have written them otherwise;
  - that what people wrote is true, or that whoever signed in was who they said they were;
  - that nobody else has seen these files, or that the Word book shows all that the records tell;
  - that this program was not changed. To be sure, take a copy from the centre or the product, and run
    python3 -I COPY/verify.py FOLDER"""


if __name__ == "__main__":
    try:
        sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent).resolve()))
    except BrokenPipeError:
        sys.exit(1)
