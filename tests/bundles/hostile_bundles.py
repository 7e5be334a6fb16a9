"""Bundles that nobody should take, each made from a good one, with words of the sentence that must refuse it.

Whoever makes them has the key of the centre: the list is signed anew, and a history is chained and signed anew, unless
that is what is wrong.
"""

import hashlib
import io
import json
import struct
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from portfolio.audit.events import GENESIS, Signer, canonical
from portfolio.bundles.archive import SEALED_AS

MANIFEST, SEAL = "manifest.json", "manifest.sig"
Files = dict[str, bytes]


@dataclass
class Forger:
    """A bundle by path and content, that may be changed, sealed and packed. `amina` and `ben` are their folders."""

    files: Files
    signer: Signer
    amina: str = ""
    ben: str = ""
    manifest: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, packed: bytes, signer: Signer) -> "Forger":
        """A good bundle."""
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        made = cls(files, signer)
        made.manifest = json.loads(files[MANIFEST])
        made.amina, made.ben = (one["folder"] for one in made.manifest["portfolios"])
        return made

    def copy(self) -> "Forger":
        """Another one to change."""
        manifest = json.loads(self.files[MANIFEST])
        return Forger(dict(self.files), self.signer, self.amina, self.ben, manifest)

    def told(self, file: str, folder: str = "") -> Any:
        """What a JSON file of a portfolio says."""
        return json.loads(self.files[f"{folder or self.amina}/{file}"])

    def tell(self, file: str, said: Any, folder: str = "") -> None:
        """Have it say something else."""
        self.files[f"{folder or self.amina}/{file}"] = json.dumps(said).encode()

    def records(self, change: Callable[[Any], object]) -> bytes:
        """Packed with other records."""
        said = self.told("records.json")
        change(said)
        self.tell("records.json", said)
        return self.packed()

    def raw(self, file: str, old: bytes, new: bytes) -> bytes:
        """Packed with other bytes in a file of a portfolio, once."""
        path = f"{self.amina}/{file}"
        assert old in self.files[path], (path, old)
        self.files[path] = self.files[path].replace(old, new, 1)
        return self.packed()

    def history(self, change: Callable[[Any], object]) -> bytes:
        """Packed with another history, which is chained and signed anew."""
        entries = self.told("history.json")
        change(entries)
        portfolio = next(one for one in self.manifest["portfolios"] if one["folder"] == self.amina)
        previous = GENESIS
        for number, entry in enumerate(entries, 1):
            if "text" in entry:
                words = str(entry["salt"]).encode() + canonical(entry["text"])
                entry["digest"] = hashlib.sha256(words).hexdigest()
            entry |= {"seq": number, "prev": previous}
            names = ("at", "actor", "role", "verb", "subject", "digest", "prev")
            facts = [portfolio["stream"], number, *(entry[name] for name in names)]
            entry["hash"] = previous = hashlib.sha256(canonical(facts)).hexdigest()
            entry["signature"] = self.signer.sign(previous)
        end = entries[-1]
        portfolio["head"] = {"seq": len(entries), "hash": end["hash"], "signature": end["signature"]}
        self.tell("history.json", entries)
        return self.packed()

    def seal(self) -> None:
        """The list with the sizes and hashes of what is there, signed."""
        listed = {path: data for path, data in self.files.items() if path not in {MANIFEST, SEAL}}
        self.manifest["files"] = [
            {"path": path, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for path, data in listed.items()
        ]
        self.sign(json.dumps(self.manifest).encode())

    def sign(self, raw: bytes) -> None:
        """This as the list, signed."""
        self.files[MANIFEST] = raw
        self.files[SEAL] = f"{self.signer.sign(hashlib.sha256(SEALED_AS + raw).hexdigest())}\n".encode()

    def packed(self) -> bytes:
        """Sealed and packed."""
        self.seal()
        return packed(self.files)

    def listing(self, change: Callable[[Any], object]) -> bytes:
        """Packed with another list, which is signed anew."""
        self.seal()
        change(self.manifest)
        self.sign(json.dumps(self.manifest).encode())
        return packed(self.files)


def packed(files: Files, *, also: dict[str, Callable[[zipfile.ZipInfo], object]] | None = None) -> bytes:
    """An archive of these; `also` changes what it says of some of them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path, data in files.items():
            member = zipfile.ZipInfo(path, (2026, 1, 1, 0, 0, 0))
            member.compress_type, member.create_system = zipfile.ZIP_DEFLATED, 3
            member.external_attr = 0o644 << 16
            (also or {}).get(path, bool)(member)
            archive.writestr(member, data)
    return out.getvalue()


def with_file(path: str, data: bytes = b"x", **says: int) -> Callable[[Forger], bytes]:
    """One more file, which is on the list."""

    def make(forger: Forger) -> bytes:
        forger.files[path] = data
        forger.seal()
        return packed(forger.files, also={path: told})

    def told(member: zipfile.ZipInfo) -> None:
        for name, value in says.items():
            setattr(member, name, value)

    return make


def patched(path: str, *, local: bool = True, central: bool = True, **fields: int) -> Callable[[Forger], bytes]:
    """A good archive in which headers of one file say something else: `flags`, `kind`, `crc` or `size`."""
    places = {"flags": ((6, 8), "<H"), "kind": ((8, 10), "<H"), "crc": ((14, 16), "<L"), "size": ((22, 24), "<L")}

    def make(forger: Forger) -> bytes:
        data = bytearray(forger.packed())
        name = path.encode()
        for start, is_wanted, which in ((b"PK\3\4", local, 0), (b"PK\1\2", central, 1)):
            at = data.find(start)
            while at >= 0:
                length = struct.unpack_from("<H", data, at + (26 if which == 0 else 28))[0]
                begin = at + (30 if which == 0 else 46)
                if is_wanted and bytes(data[begin : begin + length]) == name:
                    for word, value in fields.items():
                        where, form = places[word]
                        struct.pack_into(form, data, at + where[which], value)
                at = data.find(start, at + 4)
        return bytes(data)

    return make


def moved(forger: Forger) -> bytes:
    """Two names for one stretch of the archive."""
    data = bytearray(forger.packed())
    first = data.find(b"PK\1\2")
    second = data.find(b"PK\1\2", first + 4)
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    return bytes(data)


def inserted(where: str) -> Callable[[Forger], bytes]:
    """Something between the files, or between them and their list, which is moved on correctly."""

    def make(forger: Forger) -> bytes:
        data = bytearray(forger.packed())
        start = struct.unpack_from("<L", data, len(data) - 6)[0]
        at = start if where == "end" else 0
        if where == "between":
            at = data.find(b"PK\3\4", 4)
        hidden = b"HIDDEN"
        place = data.find(b"PK\1\2", start)
        while place >= 0:
            offset = struct.unpack_from("<L", data, place + 42)[0]
            if offset >= at:
                struct.pack_into("<L", data, place + 42, offset + len(hidden))
            place = data.find(b"PK\1\2", place + 4)
        struct.pack_into("<L", data, len(data) - 6, start + len(hidden))
        return bytes(data[:at]) + hidden + bytes(data[at:])

    return make


def bomb(forger: Forger) -> bytes:
    """A file of zeros that is packed a thousand times smaller."""
    forger.files[f"{forger.amina}/zeros.txt"] = bytes(200 * 1024 * 1024)
    return forger.packed()


def understated(forger: Forger) -> bytes:
    """More comes out of a file than the list and both headers say."""
    path = f"{forger.amina}/matrix.csv"
    forger.files[path] = bytes(3_000_000)
    forger.seal()
    for one in forger.manifest["files"]:
        if one["path"] == path:
            one["size"] = 1_000
    forger.sign(json.dumps(forger.manifest).encode())
    good = forger.files
    forger.packed = lambda: packed(good)  # type: ignore[method-assign]
    return patched(path, size=1_000)(forger)


def before(row: str, **says: Any) -> Callable[[Any], object]:
    """A change of the last row of a table."""
    return lambda records: records[row][-1].update(says)


def first(row: str, **says: Any) -> Callable[[Any], object]:
    """A change of the first row of a table."""
    return lambda records: records[row][0].update(says)


def words_of(verb: str, change: Callable[[Any], object]) -> Callable[[Any], object]:
    """A change of what the first entry of that kind says."""

    def changed(entries: Any) -> None:
        entry = next(one for one in entries if one["verb"] == verb and "text" in one)
        change(entry["text"])

    return changed


def again(records: Any, table: str, **says: Any) -> None:
    """A row once more, a little different."""
    records[table].append(records[table][0] | says)


def swapped(forger: Forger) -> bytes:
    """The records of one learner in the folder of the other."""
    forger.tell("records.json", forger.told("records.json", forger.ben))
    return forger.packed()


def page(forger: Forger) -> bytes:
    """A web page in the place of a piece of evidence, with digests that fit nothing any more."""
    records = forger.told("records.json")
    file = records["files"][0]
    data = b"<html><script>alert(1)</script></html>"
    forger.files[f"{forger.amina}/{file['path']}"] = data
    for one in records["files"]:
        if one["path"] == file["path"]:
            one |= {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
    forger.tell("records.json", records)
    return forger.packed()


def other_criteria(forger: Forger) -> bytes:
    """Another wording in the pack."""
    path = next(name for name in forger.files if name.startswith("criteria/units/"))
    forger.files[path] = forger.files[path].replace(b"text: ", b"text: Not ", 1)
    return forger.packed()


def without(path: str) -> Callable[[Forger], bytes]:
    """Without a file that the list has."""

    def make(forger: Forger) -> bytes:
        forger.seal()
        del forger.files[path.format(amina=forger.amina)]
        return packed(forger.files)

    return make


def deep(forger: Forger) -> bytes:
    """Lists in lists."""
    forger.files[f"{forger.amina}/records.json"] = b"[" * 100_000 + b"]" * 100_000
    return forger.packed()


def many(forger: Forger) -> bytes:
    """A million of nothing."""
    forger.files[f"{forger.amina}/history.json"] = b"[" + b"[]," * 1_100_000 + b"[]]"
    return forger.packed()


def other_key(forger: Forger) -> bytes:
    """An entry with a signature that is another entry's."""
    entries = forger.told("history.json")
    entries[1]["signature"] = entries[0]["signature"]
    forger.tell("history.json", entries)
    return forger.packed()


Case = tuple[str, Callable[[Forger], bytes], str]


def cases() -> Iterator[Case]:
    """Each with a name, how it is made, and words of what must be said of it."""
    yield from _archives()
    yield from _names()
    yield from _lists()
    yield from _values()
    yield from _rows()
    yield from _histories()


def _archives() -> Iterator[Case]:
    book = "index.html"
    yield "text", lambda _forger: b"Dear customer, " * 100, "does not end as a ZIP archive does"
    yield "nothing", lambda _forger: b"", "no ZIP archive"
    yield "cut", lambda forger: forger.packed()[:-40], "does not end as"
    yield "half", lambda forger: forger.packed()[: len(forger.packed()) // 2], "does not end as"
    yield "behind it", lambda forger: forger.packed() + b"more", "does not end as"
    yield "before it", lambda forger: b"#!/bin/sh\n" + forger.packed(), "has something hidden before it"
    yield "comment", lambda forger: forger.packed()[:-2] + b"\5\0hello", "does not end as"
    yield "between", inserted("between"), "has something hidden before it"
    yield "at its end", inserted("end"), "hidden in the archive between its files and their list"
    yield "overlap", moved, "overlaps the file before it"
    yield "locked", patched(book, flags=1), "locked with a password"
    yield "unknown packing", patched(book, kind=12), "packed in a way that is not known"
    yield "patched", patched(book, flags=0x20), "packed in a way that no bundle is"
    yield "two sizes", patched(book, central=False, size=7), "than where it is"
    yield "two sums", patched(book, central=False, crc=7), "than where it is"
    yield "wrong sum", patched(book, crc=7), "cannot be unpacked"
    yield "understated", understated, "cannot be unpacked"
    yield "bomb", bomb, "more than 200 times as large"
    yield "huge by its word", patched(book, size=0xFFFFFFF0), "more than 200 times as large"
    yield "link", with_file("link", b"/etc/passwd", external_attr=0o120777 << 16), "is a link or a device"
    yield "device", with_file("pipe", b"x", external_attr=0o010644 << 16), "is a link or a device"
    yield "full folder", with_file("folder/", b"x"), "a folder with something in it"


def _names() -> Iterator[Case]:
    for name, words in (
        ("/etc/passwd", "leads out of the bundle"),
        ("../outside", "leads out of the bundle"),
        ("a/../../b", "leads out of the bundle"),
        ("a//b", "leads out of the bundle"),
        ("a\\..\\b", "a path of Windows"),
        ("C:/windows", "a path of Windows"),
        ("bell\x07.txt", "holds a character"),
        ("reversed\u202egpj.exe", "holds a character"),
        ("a?.txt", "holds a character"),
        ("con.txt", "a name that Windows keeps"),
        ("dot.", "ends with a space or a dot"),
        ("e\u0301.txt", "spells its letters"),
        ("n" * 260, "is longer, or in more folders"),
        ("a/" * 20 + "b", "is longer, or in more folders"),
        ("INDEX.html", "are one name to some systems"),
        ("index.html/inside", "which is a file"),
    ):
        yield f"named {name[:20]!r}", with_file(name), words


def _lists() -> Iterator[Case]:
    def is_twice(manifest: Any) -> None:
        manifest["files"].append(manifest["files"][0])

    def signed_falsely(forger: Forger) -> bytes:
        forger.seal()
        forger.files[SEAL] = b"0" * 128 + b"\n"
        return packed(forger.files)

    def said(raw: bytes) -> Callable[[Forger], bytes]:
        def make(forger: Forger) -> bytes:
            forger.sign(raw)
            return packed(forger.files)

        return make

    def changed(forger: Forger) -> bytes:
        forger.seal()
        forger.files["README.txt"] = b"?" * len(forger.files["README.txt"])
        return packed(forger.files)

    def unlisted(forger: Forger) -> bytes:
        forger.seal()
        forger.files["more.txt"] = b"more"
        return packed(forger.files)

    yield "no list", without(MANIFEST), "There is no manifest.json"
    yield "no seal", without(SEAL), "There is no manifest.sig"
    yield "list is no JSON", said(b"{"), "is no JSON"
    yield "list is no text", said(b"\xff\xfe\x00"), "no UTF-8"
    yield "list is a list", said(b"[]"), "is not the list of a portfolio bundle"
    yield "a name twice", said(b'{"format": "a", "format": "b"}'), "stands twice in one object"
    yield "other version", lambda forger: forger.listing(lambda m: m.update(version=2)), "of another version"
    yield "version is true", lambda forger: forger.listing(lambda m: m.update(version=True)), "version, is not 1"
    yield "false seal", signed_falsely, "is not what was signed"
    yield "one more word", lambda forger: forger.listing(lambda m: m.update(more=1)), "which is not known"
    yield "no day", lambda f: f.listing(lambda m: m.update(made_at="2026-02-31T10:00:00+00:00")), "of the calendar"
    yield "no portfolio", lambda forger: forger.listing(lambda m: m.update(portfolios=[])), "0 portfolios"
    yield "a folder twice", lambda f: f.listing(lambda m: m["portfolios"][1].update(folder=f.amina)), "is named twice"
    yield "inner folder", lambda f: f.listing(lambda m: m["portfolios"][1].update(folder="a/b")), "lies in another one"
    yield "listed twice", lambda forger: forger.listing(is_twice), "stands on the list twice"
    yield "not there", without("README.txt"), "on the list of the bundle and not in the archive"
    yield "no records", without("{amina}/records.json"), "records.json is missing"
    yield "not listed", unlisted, "in the archive and not on the list"
    yield "changed", changed, "README.txt' was changed"
    yield "other name", lambda f: f.listing(lambda m: m["portfolios"][0].update(learner="X")), "names another learner"


def _values() -> Iterator[Case]:
    where = b'"registration_number": "'
    yield "a zero", lambda f: f.raw("records.json", where, where + b"\\u0000"), "a zero character"
    yield "half a sign", lambda f: f.raw("records.json", where, where + b"\\ud800"), "half a character"
    yield "no text", lambda f: f.raw("records.json", where, where + b"\xc3\x28"), "no UTF-8 text"
    yield "no number", lambda f: f.raw("records.json", b'"level": 3', b'"level": NaN'), "NaN is no number"
    yield "endless", lambda f: f.raw("records.json", b'"level": 3', b'"level": 1e999'), "is out of range"
    yield "long number", lambda f: f.raw("records.json", b'"level": 3', b'"level": ' + b"9" * 5_000), "is out of range"
    yield "a fraction", lambda f: f.raw("records.json", b'"level": 3', b'"level": 3.0'), "level, is no integer"
    yield "deep", deep, "stand in each other more than 24 deep"
    yield "many", many, "more values in it than any portfolio has"
    yield "a list of rows", lambda forger: forger.records(lambda r: r.update(items={})), "items, is no array"
    yield "records of nobody", lambda f: f.records(lambda r: r.clear()), "has no 'enrolment'"
    yield "no such outcome", lambda f: f.records(before("judgements", outcome="brilliant")), "is none of met"
    yield "true for one", lambda f: f.records(before("judgements", no=True)), "no, is no integer"
    yield "one for true", lambda f: f.records(before("judgements", sufficient=1)), "sufficient, is no boolean"
    yield "long title", lambda f: f.records(before("versions", title="x" * 151)), "more than 150"
    yield "long words", lambda f: f.records(before("reviews", feedback="x" * 100_001)), "more than 100000"
    yield "other uid", lambda f: f.records(before("items", uid="../../../etc/passwd!")), "is not of the form"
    yield "not a day", lambda f: f.records(lambda r: r["enrolment"].update(started_on="2026-02-30")), "of the calendar"
    yield "below nothing", lambda f: f.records(before("claims", amended=-1)), "is less than 0"
    yield "beyond columns", lambda f: f.records(before("people", id=2**31)), "is more than 2147483647"
    yield "path of a file", lambda f: f.records(before("files", path="../../x")), "is not of the form"
    yield "older", lambda forger: forger.records(lambda r: r.pop("packs")), "does not carry the criteria"


def _rows() -> Iterator[Case]:
    yield "uid twice", lambda f: f.records(lambda r: again(r, "items", id=99_999, ref="E998")), "have the same uid"
    yield "id twice", lambda f: f.records(lambda r: again(r, "people", uid="a" * 20)), "have the same id"
    yield "ref twice", lambda f: f.records(lambda r: again(r, "items", id=9_999, uid="a" * 20)), "have the same ref"
    yield "no such person", lambda f: f.records(before("items", author=99_999)), "names a row of people that is not"
    yield "no such claim", lambda f: f.records(before("judgements", claim=99_999)), "names a row of claims that is not"
    yield "nobody's", lambda f: f.records(lambda r: r["enrolment"].update(learner=9_999)), "is not among its people"
    yield "in a ring", lambda f: f.records(_ring), "takes the place of one that is not before it"
    yield "of itself", lambda f: f.records(_own_countersignature), "countersigns one that is none of a trainee's"
    yield "called otherwise", lambda f: f.records(before("versions", ref="E777")), "is called E777"
    yield "other unit", lambda f: f.records(lambda r: r["unit_versions"][0].update(code="X1")), "the wording of another"
    yield "other learner", swapped, "names another portfolio than the records"
    yield "other criteria", other_criteria, "says something else than the qualification"
    yield "other wording", lambda f: f.records(before("criteria", text="Fly")), "reads otherwise in the records"
    yield "other methods", lambda f: f.records(before("criteria", methods=[])), "reads otherwise in the records"
    yield "other credit", lambda f: f.records(before("units", credit=99)), "reads otherwise in the records"
    yield "other level", lambda f: f.records(lambda r: r["qualification"].update(level=1)), "reads otherwise in the rec"
    yield "no pack", lambda f: f.records(lambda r: r["packs"].update(qualification="criteria/x.yaml")), "x.yaml is miss"
    yield "a web page", page, "Web pages, drawings with scripts"
    yield "kind not taken", lambda f: f.records(first("files", media_type="text/html")), "text/html are not taken"
    yield "other kind", lambda f: f.records(_as_picture), "it is not image/png, as the records say"
    yield "not handed in", lambda f: f.records(before("versions", body="Other")), "is not what was handed in"
    yield "not decided", lambda f: f.records(before("judgements", feedback="Other")), "is not what was decided"


def _histories() -> Iterator[Case]:
    submit = "submission.submit"
    yield "forged by system", lambda f: f.history(lambda h: h[4].update(actor="system!")), "actor, is not"
    yield "long role", lambda f: f.history(lambda h: h[4].update(role="r" * 25)), "more than 24"
    yield "no such verb", lambda f: f.history(lambda h: h[4].update(verb="DROP TABLE")), "verb, is not of the form"
    yield "words of another", lambda f: f.history(_chatty), "says words, which no entry of its kind does"
    yield "no numbers", lambda f: f.history(words_of(submit, lambda t: t.pop("no"))), "has no 'no'"
    yield "other numbers", lambda f: f.history(words_of(submit, lambda t: t.update(no="1"))), "no, is no integer"
    yield "more words", lambda f: f.history(words_of(submit, lambda t: t.update(more=1))), "which is not known"
    yield "short rows", lambda f: f.history(words_of(submit, lambda t: t["items"][0].pop())), "has 3 entries"
    yield "no such day", lambda f: f.history(lambda h: h[4].update(at="2026-13-01T00:00:00.000000+00:00")), "calendar"
    yield "other signature", other_key, "is not signed with the key"
    yield "a shorter history", lambda f: f.history(_emptied), "is not as the history tells of it"
    yield (
        "out of order",
        lambda f: f.raw("history.json", b'"seq": 2,', b'"seq": 3,'),
        "an entry is missing or out of order",
    )


def _ring(records: Any) -> None:
    one = records["judgements"][0]
    one["supersedes"] = one["id"]


def _own_countersignature(records: Any) -> None:
    one = records["reviews"][0]
    one["countersigns"] = one["id"]


def _chatty(entries: Any) -> None:
    entry = next(one for one in entries if one["verb"] == "evidence.add")
    entry |= {"text": {"said": "anything"}, "salt": "0" * 32}


def _as_picture(records: Any) -> None:
    one = next(one for one in records["files"] if one["media_type"].startswith("text/"))
    one["media_type"] = "image/png"


def _emptied(entries: Any) -> None:
    del entries[1:]
    entries[0]["seq"] = 1
