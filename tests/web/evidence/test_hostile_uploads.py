"""Odd, broken and hostile files and names by every way in: refused with a sentence, or given back whole (U1 to U4)."""

import csv
import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import pytest
from sqlalchemy import select

from portfolio.config import ROOT
from portfolio.evidence.models import Evidence, EvidenceFile
from portfolio.web.downloads import disposition
from portfolio.web.uploads import shown_name
from tests.bench.measure import memory
from tests.cast import Cast
from tests.client import Page, StrictClient
from tests.documents import bombs
from tests.visitor import File, multipart

COLLECTION = ROOT.parent / "shared" / "hostile-dev"
SLOWEST, USUAL_SLOWEST = 10.0, 2.0
MEMORY = 50.0
MULTIPART = f"multipart/form-data; boundary={'x' * 30}"
WAYS = ("ahead", "add", "edit")
CONTENTS: dict[str, bytes] = {
    "nothing": b"",
    "words": b"Dear Customer A, I am sorry.",
    "page": b"<!doctype html><script>alert(1)</script>",
    "drawing": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    "program": b"MZ\x90\x00" + bytes(60),
    "elf": b"\x7fELF" + bytes(60),
    "script": b"#!/bin/sh\nrm -rf /\n",
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(20),
    "photo": b"\xff\xd8\xff\xe0" + bytes(20),
    "pdf": b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n",
    "word": bombs.docx(),
    "old office": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "sound": b"ID3\x03\x00" + bytes(20),
    "mail": b"From: a@example.org\r\nSubject: Reply\r\n\r\nDear Customer A",
    "nulls": bytes(64),
}
ENDINGS = (
    ".txt", ".docx", ".xlsx", ".pptx", ".pdf", ".png", ".jpg", ".mp3", ".mp4", ".eml", ".csv", ".html", ".svg", ".exe",
    ".php", "",
)  # fmt: skip
NAMES = (
    "a\r\nSet-Cookie: evil=1.txt", "a\nLocation: https://evil.example.txt", "a\x00.txt", "a\x1b[31m.txt", "a\x7f.txt",
    "a\u2028b.txt", "a\u2029b.txt", "a\u202etxt.exe.txt", "a\u200b.txt", "\ufeffa.txt", "a\u0085b.txt", "a\tb.txt",
    "../../../etc/passwd.txt", "..\\..\\windows\\win.ini.txt", "/etc/passwd.txt", "C:\\boot.ini.txt", "....//a.txt",
    "%2e%2e%2fpasswd.txt", "..%c0%af.txt", "\\\\host\\share\\a.txt", "file:///a.txt", "~root.txt", "./a.txt", "a/",
    "..", ".", "...", ".htaccess", ".txt", " .txt", "a .txt", "a. .txt", "a.txt.", "a.txt ", "CON.txt", "NUL.txt",
    "aux", "a:b.txt", "a::$DATA.txt", "a.txt::$INDEX_ALLOCATION", "a*?.txt", "a|b.txt", "a<b>.txt",
    "<script>alert(1)</script>.txt", '"><img src=x onerror=alert(1)>.txt', "'><svg onload=alert(1)>.txt",
    "{{ 7 * 7 }}.txt", "{% raw %}.txt", "${7*7}.txt", "=cmd|'/c calc'!A1.txt", "+1+1.txt", "-1.txt", "@SUM(A1).txt",
    'quo"te.txt', "semi;filename=evil.exe.txt", "comma,a.txt", "back\\slash.txt", "per%cent.txt", "per%0d%0acent.txt",
    "naïve café – reply.txt", "文件.txt", "ملف.txt", "🙂.txt", "é" * 150 + ".txt", "x" * 400 + ".txt", "x" * 5_000,
    "a" + ".txt" * 60, "`id`.txt", "$(id).txt", "a;rm -rf *.txt", "a' OR '1'='1.txt", "--boundary.txt",
)  # fmt: skip


@dataclass
class Attempt:
    """What became of a file by one way in."""

    status: int
    seconds: float


@dataclass
class Learner:
    """Amina, who sends files by every way there is."""

    client: StrictClient
    cast: Cast
    token: str
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def path(self) -> str:
        """Her enrolment."""
        return f"/enrolments/{self.cast.enrolments['amina']}"

    def timed(self, path: str, **options: object) -> Page:
        """A request, with how long it took."""
        began = time.perf_counter()
        page = self.client.open(path, "POST", **options)
        self.attempts.append(Attempt(page.status, time.perf_counter() - began))
        assert page.status < 500, f"{path}: {page.text[-300:]}"
        return page

    def ahead(self, content: bytes, name: str) -> tuple[str, str]:
        """The public identifier under which the file waits, or why it was refused."""
        overrides = {
            "wsgi.input": BytesIO(content),
            "CONTENT_LENGTH": str(len(content)),
            "CONTENT_TYPE": "application/octet-stream",
        }
        headers = {"X-CSRFToken": self.token, "Accept": "application/json"}
        page = self.timed(
            f"{self.path}/files", query_string={"name": name}, headers=headers, environ_overrides=overrides
        )
        said = page.response.json
        assert said is not None
        return said.get("uid", ""), said.get("message", "")

    def send(self, way: str, content: bytes, name: str, item: Evidence) -> str:
        """The same file by one of the ways, into an item; the sentence when it is refused."""
        fields: dict[str, str | int] = {"csrf_token": self.token, "title": "Odd", "method": "PE"}
        files: dict[str, File] = {}
        if way == "ahead":
            fields["waiting"], refusal = self.ahead(content, name)
            if refusal:
                return refusal
        else:
            files["files"] = (name, content)
        if way == "edit":
            fields["rev"] = newest(self.cast, item.id).latest.rev
        path = f"/evidence/{item.id}/edit" if way == "edit" else f"{self.path}/evidence/add-files"
        page = self.timed(path, data=multipart(fields, files, "x" * 30), content_type=MULTIPART)
        if page.status == 303:
            return ""
        assert page.status == 422, page.words
        return next(" ".join("".join(e.itertext()).split()) for e in page.all("p") if "msg-bad" in e.get("class", ""))


@pytest.fixture
def learner(client: StrictClient, cast: Cast) -> Learner:
    """Signed in."""
    client.sign_in("amina")
    return Learner(client, cast, client.token())


def newest(cast: Cast, evidence_id: int = 0) -> Evidence:
    """An item, or the one that was added last."""
    with cast.installation.database.reading() as session:
        wanted = Evidence.id == evidence_id if evidence_id else Evidence.id > 0
        found = session.scalars(select(Evidence).where(wanted).order_by(Evidence.id.desc()).limit(1)).one()
        assert found.latest.rev
        return found


def last_file(cast: Cast) -> tuple[int, str, str]:
    """The file that was added last: its id, its name, its hash."""
    with cast.installation.database.reading() as session:
        file = session.scalars(select(EvidenceFile).order_by(EvidenceFile.id.desc()).limit(1)).one()
        return file.id, file.name, file.blob.sha256


def host(learner: Learner, number: int) -> Evidence:
    """A new draft to put files into."""
    content = b"Dear Customer A, number %d." % number
    assert learner.send("add", content, "letter.txt", newest(learner.cast)) == ""
    return newest(learner.cast)


def collected(folder: Path) -> Iterator[tuple[Path, str]]:
    """Each hostile file, with what must happen to it: A taken; N refused, or kept as it is."""
    for name in bombs.SHOWN:
        yield bombs.write(folder, name), "N"
    if COLLECTION.is_dir():
        with (COLLECTION / "manifest.csv").open(encoding="utf-8", newline="") as listed:
            for row in csv.DictReader(listed):
                yield COLLECTION / row["file"], row["expect"]


def test_every_odd_file_by_every_way_is_refused_or_comes_back_whole(learner: Learner, tmp_path: Path) -> None:
    files = [(path.name, path.read_bytes(), expected) for path, expected in collected(tmp_path)]
    item, in_item = host(learner, 0), 1
    learner.send("ahead", b"warm", "warm.txt", item)
    before, held = memory_now(), 0.0
    for name, content, expected in files:
        for way in WAYS:
            if in_item == 20:
                item, in_item = host(learner, len(learner.attempts)), 1
            refusal = learner.send(way, content, name, item)
            assert not refusal or (refusal.endswith(".") and expected != "A"), f"{name} by {way}: {refusal}"
            if not refusal:
                in_item += way == "edit"
                check_download(learner, content)
            assert list(learner.cast.installation.settings.incoming.iterdir()) == [], name
    held = memory_now() - before
    seconds = sorted(attempt.seconds for attempt in learner.attempts)
    assert seconds[-1] < SLOWEST
    assert seconds[int(len(seconds) * 0.95)] < USUAL_SLOWEST
    assert held < MEMORY, f"{held:.0f} MB more than before"


def memory_now() -> float:
    """Megabytes that this process holds."""
    return memory(int(Path("/proc/self").resolve().name))


def check_download(learner: Learner, content: bytes) -> None:
    """The file that was added last is the very content, and leaves as an attachment."""
    file_id, name, sha256 = last_file(learner.cast)
    assert sha256 == hashlib.sha256(content).hexdigest()
    response = learner.client.browser.get(f"/files/{file_id}", base_url="http://127.0.0.1:8000", buffered=True)
    assert response.data == content
    assert response.headers.get_all("Content-Disposition") == [disposition(name)]
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("ending", ENDINGS, ids=lambda ending: ending or "none")
def test_every_ending_with_every_content(learner: Learner, ending: str) -> None:
    """What is kept lies under its hash alone; an ending that runs anywhere is never taken."""
    taken = []
    for kind, content in CONTENTS.items():
        uid, refusal = learner.ahead(content, f"thing{ending}")
        assert bool(uid) != refusal.endswith(".")
        taken += [kind] if uid else []
    dangerous = {"page", "drawing", "xml", "program", "elf", "script", "nothing", "nulls", "old office"}
    assert not dangerous & set(taken), taken
    assert ending not in {".html", ".svg", ".exe", ".php"} or taken == []
    with learner.cast.installation.database.reading() as session:
        kept = {sha256 for _centre, sha256 in learner.cast.installation.store.names()}
        assert all(len(name) == 64 and name.isalnum() for name in kept)
        assert session.is_active


def test_hostile_names_are_shown_as_text_and_split_no_header(learner: Learner) -> None:
    assert len(NAMES) >= 64
    uids = []
    for number, name in enumerate(NAMES):
        content = b"Dear Customer A, number %d." % number
        uid, refusal = learner.ahead(content, name)
        ending = Path(shown_name(name)).suffix.lower()
        assert bool(refusal) == (ending != ".txt"), f"{name!r}: {refusal}"
        uids += [uid] if uid else []
        if len(uids) == 20:
            put_into_an_item(learner, uids)
            uids = []
    put_into_an_item(learner, uids)


def put_into_an_item(learner: Learner, uids: list[str]) -> None:
    """An item with these files: its page shows each name as text, and each download has one header with that name."""
    data = {"csrf_token": learner.token, "title": "Odd names", "method": "PE", "waiting": uids}
    assert learner.timed(f"{learner.path}/evidence/add-files", data=data).status == 303
    with learner.cast.installation.database.reading() as session:
        item = session.scalars(select(Evidence).order_by(Evidence.id.desc()).limit(1)).one()
        files = [(file.id, file.name) for file in item.latest.files]
    for path in (f"/evidence/{item.id}", f"/evidence/{item.id}/edit"):
        page = learner.client.open(path)
        for _file_id, name in files:
            assert " ".join(name.split()) in page.words, name
        assert not [e for e in page.all("script") if "alert" in "".join(e.itertext())]
        assert not [e for tag in ("img", "svg") for e in page.all(tag) if e.get("onerror") or e.get("onload")]
    for file_id, name in files:
        response = learner.client.open(f"/files/{file_id}").response
        (header,) = response.headers.get_all("Content-Disposition")
        assert unquote(header.rsplit("''", 1)[1]) == name
        assert name.isprintable()
        assert header.isascii()
        assert not {"Location"} & set(response.headers.keys())
        assert "evil" not in "".join(response.headers.get_all("Set-Cookie"))
